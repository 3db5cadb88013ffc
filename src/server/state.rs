//! What all handlers and jobs share: store, clock, the directory in memory, the hub, tokens, metrics.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, RwLock};

use tokio::sync::{Mutex, Semaphore};
use tokio_util::sync::CancellationToken;

use super::admission::Gates;
use super::attempts::Attempts;
use super::feed::hub::Hub;
use super::files::Files;
use super::here::HereBoard;
use super::metrics::Metrics;
use super::planned::Planned;
use super::presence::Presences;
use super::stats::StatsBoard;
use super::tokens::TokenCache;
use super::webhook::Calls;
use crate::base::clock::Clock;
use crate::domain::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::roster::duty::DutyIndex;
use crate::store::{Store, StoreError};

/// Passwords hashed at once: each takes a core and 19 MiB.
const HASHES_MAX: usize = 2;

/// Shared by all handlers and jobs; cheap to clone.
#[derive(Clone)]
pub struct Desk(Arc<DeskState>);

impl std::ops::Deref for Desk {
    type Target = DeskState;
    fn deref(&self) -> &DeskState {
        &self.0
    }
}

pub struct DeskState {
    pub store: Arc<dyn Store>,
    pub clock: Clock,
    directory: RwLock<Arc<Directory>>,
    /// Who is on duty, with the edition of the directory it was made of.
    duty: std::sync::Mutex<Option<(Arc<Directory>, Arc<DutyIndex>)>>,
    /// Held while the directory is read anew, so that an older reading never replaces a newer one.
    reloading: Mutex<()>,
    pub hub: Hub,
    pub tokens: TokenCache,
    pub attempts: Attempts,
    pub presences: Presences,
    pub planned: Planned,
    /// Figures counted in this minute.
    pub stats: StatsBoard,
    /// Who is at which ticket now.
    pub here: HereBoard,
    /// How long nothing is seen of somebody before the desk sets them away.
    pub away_after: chrono::TimeDelta,
    /// Where the server is reached from outside, without a slash at the end; empty when nobody said.
    pub public_url: String,
    /// Bytes of attachments.
    pub files: Files,
    pub metrics: Metrics,
    /// Calls to webhooks being made.
    pub calls: Calls,
    /// Makes the first administrator while nobody exists.
    pub setup_code: Mutex<Option<String>>,
    pub needs_setup: AtomicBool,
    /// What a herd of consoles may do at once.
    pub gates: Gates,
    /// One search at a time: the store's other readers stay free for lists and sync.
    pub searching: Semaphore,
    pub hashes: Arc<Semaphore>,
    /// Where `POST /api/v1/admin/backup` may write.
    pub backup_folder: Option<std::path::PathBuf>,
    pub shutdown: CancellationToken,
}

impl Desk {
    /// # Errors
    /// When the store cannot be read.
    pub async fn new(
        store: Arc<dyn Store>,
        clock: Clock,
        backup_folder: Option<std::path::PathBuf>,
        away_after: chrono::TimeDelta,
        public_url: Option<String>,
        files: Files,
        shutdown: CancellationToken,
    ) -> Result<Self, StoreError> {
        let public_url = public_url.map(|url| url.trim_end_matches('/').to_owned()).unwrap_or_default();
        // Before the directory, which is then no older.
        let head = store.head().await?;
        let directory = Directory { public_url: public_url.clone(), ..store.directory().await? };
        let empty = directory.people.is_empty();
        let presences = Presences::default();
        presences.seed(&store.agent_states().await?, clock.now());
        let gates = Gates::default();
        let hub = Hub::new(head);
        Ok(Self(Arc::new(DeskState {
            here: HereBoard::new(clock.now(), hub.receivers.clone()),
            hub,
            metrics: Metrics::new(&gates),
            calls: Calls::default(),
            directory: RwLock::new(Arc::new(directory)),
            reloading: Mutex::new(()),
            tokens: TokenCache::default(),
            attempts: Attempts::default(),
            planned: Planned::default(),
            stats: StatsBoard::default(),
            presences,
            away_after,
            files,
            public_url,
            duty: std::sync::Mutex::default(),
            setup_code: Mutex::new(empty.then(super::tokens::new_setup_code)),
            needs_setup: AtomicBool::new(empty),
            gates,
            searching: Semaphore::new(1),
            hashes: Arc::new(Semaphore::new(HASHES_MAX)),
            backup_folder,
            shutdown,
            store,
            clock,
        })))
    }

    /// The directory as of the last commit that this server has seen.
    #[must_use]
    pub fn directory(&self) -> Arc<Directory> {
        Arc::clone(&self.directory.read().expect("nothing panics while it holds the directory"))
    }

    /// Who is on duty at `now` by `directory`: worked out once for each edition and span.
    #[must_use]
    pub fn duty(&self, directory: &Arc<Directory>, now: Timestamp) -> Arc<DutyIndex> {
        let mut known = self.duty.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((edition, duty)) = known.as_ref()
            && Arc::ptr_eq(edition, directory)
            && duty.holds(now)
        {
            return Arc::clone(duty);
        }
        let duty = Arc::new(DutyIndex::at(directory, now));
        *known = Some((Arc::clone(directory), Arc::clone(&duty)));
        duty
    }

    /// Reads the directory anew: after a commit that changed it.
    ///
    /// # Errors
    /// When the store cannot be read; the old one stays.
    pub async fn reload_directory(&self) -> Result<(), StoreError> {
        let _turn = self.reloading.lock().await;
        let fresh = Arc::new(Directory { public_url: self.public_url.clone(), ..self.store.directory().await? });
        *self.directory.write().expect("nothing panics while it holds the directory") = fresh;
        Ok(())
    }
}
