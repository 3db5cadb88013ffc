//! What the background tasks and the handle share: cache, memory, link state, and the ways to tell of change.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::{Notify, broadcast, watch};

use crate::base::clock::Clock;
use crate::base::safeguard::Safeguard;
use crate::domain::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::here::Doing;
use crate::domain::id::{CommandKey, ConversationId, FileId, PersonId, TicketNumber};
use crate::domain::person::{AgentState, Person};
use crate::domain::row::{Row, RowKind};

use super::api::{Api, ApiError};
use super::cache::Cache;
use super::cache::lists::Asking;
use super::error::{CacheError, ClientError};
use super::files::Transfer;
use super::here::Everybody;
use super::outbox;
use super::outbox::own::OwnEdits;
use super::sync::apply::Memory;
use super::view::{Changed, Link, LinkStatus};

/// Changes a slow reader may lag behind before it is told "everything".
const CHANGES_KEPT: usize = 256;
/// Clocks that differ by less agree: what is heard was said a while ago.
const SKEW_LEAST_MS: i64 = 60_000;

/// How patient the link is. The defaults are the design's; tests are hastier.
#[derive(Clone, Debug)]
pub struct Timing {
    pub backoff: Duration,
    pub backoff_max: Duration,
    /// No byte for this long: the stream is dead.
    pub silence: Duration,
    /// A server greets at once whoever opens a stream; nothing for this long: something in between holds it back.
    pub hello: Duration,
    /// A stream that dies younger than this does not count as working.
    pub young: Duration,
    /// So many young deaths in a row, and the link polls instead.
    pub young_deaths: u32,
    /// What a long poll asks the server to wait.
    pub poll_wait: Duration,
    /// How often cache and server are compared.
    pub digest_every: Duration,
    /// How long the link polls before it tries a stream again.
    pub stream_again: Duration,
    /// How often the server is told that a ticket is still open here.
    pub here_every: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            backoff: Duration::from_secs(1),
            backoff_max: Duration::from_secs(30),
            silence: Duration::from_secs(40),
            hello: Duration::from_secs(10),
            young: Duration::from_secs(1),
            young_deaths: 3,
            poll_wait: Duration::from_secs(25),
            digest_every: Duration::from_secs(600),
            stream_again: Duration::from_secs(600),
            here_every: Duration::from_secs(10),
        }
    }
}

/// The small part of the desk held in memory.
#[derive(Clone, Debug)]
struct Held {
    directory: Arc<Directory>,
    agent_states: Arc<HashMap<PersonId, AgentState>>,
    me: Arc<Person>,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Core {
    pub api: Option<Api>,
    pub cache: Cache,
    pub clock: Clock,
    pub timing: Timing,
    pub status: watch::Sender<LinkStatus>,
    pub changes: broadcast::Sender<Arc<Changed>>,
    /// A command was queued, or is to be tried again.
    pub outbox_wake: Notify,
    /// What this person's own commands made of tickets, by version.
    pub own_edits: OwnEdits,
    /// Commands that may have reached the server: these cannot be taken back.
    pub handed: tokio::sync::Mutex<HashSet<CommandKey>>,
    /// A file was attached, or is to be tried again.
    pub uploads_wake: Notify,
    /// Files on their way now.
    pub transfers: Mutex<HashMap<FileId, Transfer>>,
    /// How far the server's clock is ahead of this machine's, in milliseconds, as last heard.
    skew_ms: AtomicI64,
    /// The link works again: whoever waits out a backoff may go on.
    pub link_back: Notify,
    /// Conversations whose messages are being fetched.
    /// By what they are fetched before.
    pub fetching: Mutex<HashSet<(ConversationId, i64)>>,
    /// Whose conversations are looked at that the cache does not hold.
    pub elsewhere: Mutex<HashMap<ConversationId, TicketNumber>>,
    /// Times cache and server were found to differ.
    pub mismatches: AtomicU64,
    /// Where this person is, to be told to the server.
    pub here_wanted: watch::Sender<Option<(TicketNumber, Doing)>>,
    /// Where the others are.
    pub here: watch::Sender<Arc<Everybody>>,
    held: RwLock<Held>,
}

impl Core {
    pub async fn open(api: Option<Api>, cache: Cache, me: Person, clock: Clock, timing: Timing) -> Result<Self, CacheError> {
        let directory = cache.directory().await?;
        let agent_states = cache.agent_states().await?;
        let me = directory.people.get(&me.id).cloned().unwrap_or(me);
        let (waiting, refused) = outbox::tallies(&cache).await?;
        // Whether these were sent, only the program knew that queued them.
        let handed = if Safeguard::HandedBefore.holds() { outbox::waiting_keys(&cache).await? } else { Vec::new() };
        let link = match &api {
            Some(_) => Link::Connecting,
            None => Link::Offline { since: clock.now(), why: "No server is set.".to_owned() },
        };
        Ok(Self {
            api,
            cache,
            timing,
            status: watch::Sender::new(LinkStatus { link, synced_at: None, waiting, refused }),
            changes: broadcast::Sender::new(CHANGES_KEPT),
            outbox_wake: Notify::new(),
            own_edits: OwnEdits::default(),
            handed: tokio::sync::Mutex::new(handed.into_iter().collect()),
            uploads_wake: Notify::new(),
            transfers: Mutex::default(),
            skew_ms: AtomicI64::new(0),
            link_back: Notify::new(),
            fetching: Mutex::default(),
            elsewhere: Mutex::default(),
            mismatches: AtomicU64::new(0),
            here_wanted: watch::Sender::new(None),
            here: watch::Sender::default(),
            held: RwLock::new(Held { directory: Arc::new(directory), agent_states: Arc::new(agent_states), me: Arc::new(me) }),
            clock,
        })
    }

    fn held(&self) -> Held {
        self.held.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn directory(&self) -> Arc<Directory> {
        self.held().directory
    }

    pub fn agent_states(&self) -> Arc<HashMap<PersonId, AgentState>> {
        self.held().agent_states
    }

    pub fn me(&self) -> Arc<Person> {
        self.held().me
    }

    /// How this person asks for lists now.
    pub fn asking(&self) -> Asking {
        let held = self.held();
        let zone = held.me.time_zone.parse().unwrap_or_default();
        Asking { now: self.clock.now(), zone, directory: held.directory }
    }

    /// The server said what time it is.
    pub fn hear_time(&self, said: Timestamp) {
        let skew = (said - self.clock.now()).num_milliseconds();
        self.skew_ms.store(if skew.abs() < SKEW_LEAST_MS { 0 } else { skew }, Ordering::SeqCst);
    }

    /// The time as the server has it: it judges whether an intent has expired, whatever the clock of this machine says.
    pub fn server_now(&self) -> Timestamp {
        self.clock.now() + chrono::TimeDelta::milliseconds(self.skew_ms.load(Ordering::SeqCst))
    }

    /// Tells everybody who listens. Nobody listening is no error.
    pub fn tell(&self, changed: Changed) {
        if changed != Changed::default() {
            let _ = self.changes.send(Arc::new(changed));
        }
    }

    pub fn set_link(&self, link: Link) {
        self.status.send_if_modified(|status| {
            let differs = status.link != link;
            status.link = link;
            differs
        });
    }

    /// The link failed: keeps since when it is down.
    pub fn set_down(&self, error: &ClientError) {
        let (now, why) = (self.clock.now(), error.to_string());
        self.status.send_modify(|status| {
            let since = status.link.down().map_or(now, |(since, _)| since);
            status.link = match error {
                ClientError::Api(ApiError::Outdated { old, .. }) => Link::Outdated { since, old: *old, why },
                _ => Link::Offline { since, why },
            };
        });
    }

    /// The link works; `applied`: by a batch just applied.
    pub fn set_live(&self, applied: bool) {
        let now = self.clock.now();
        let mut was_live = false;
        self.status.send_modify(|status| {
            was_live = std::mem::replace(&mut status.link, Link::Live) == Link::Live;
            if applied {
                status.synced_at = Some(now);
            }
        });
        if !was_live {
            self.link_back.notify_waiters();
            // What could not be fetched while the link was down is asked for again by whoever shows it.
            self.tell(Changed { all: true, ..Changed::default() });
        }
    }

    /// Counts the outbox anew, and tells.
    pub async fn outbox_changed(&self, changed: Changed) {
        match outbox::tallies(&self.cache).await {
            Ok((waiting, refused)) => {
                self.status.send_if_modified(|status| {
                    let differs = (status.waiting, status.refused) != (waiting, refused);
                    (status.waiting, status.refused) = (waiting, refused);
                    differs
                });
            }
            Err(error) => tracing::warn!(%error, "the outbox cannot be counted"),
        }
        self.tell(changed);
    }

    /// Carries applied rows over into memory.
    pub fn remember(&self, rows: Vec<Memory>) {
        if rows.is_empty() {
            return;
        }
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        for row in rows {
            match row {
                Memory::Put(row) => held.put(*row),
                Memory::Out(kind, id) => held.out(kind, &id),
            }
        }
    }

    /// Reads all of memory anew, sites included: after a snapshot.
    pub async fn reload(&self) -> Result<(), CacheError> {
        let mut directory = self.cache.directory().await?;
        directory.sites = self.cache.sites().await?;
        let agent_states = self.cache.agent_states().await?;
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(me) = directory.people.get(&held.me.id) {
            held.me = Arc::new(me.clone());
        }
        held.directory = Arc::new(directory);
        held.agent_states = Arc::new(agent_states);
        Ok(())
    }

    /// Reads the sites, which opening leaves out for speed.
    pub async fn load_sites(&self) -> Result<(), CacheError> {
        let sites = self.cache.sites().await?;
        if sites.is_empty() {
            return Ok(());
        }
        {
            let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
            let directory = Arc::make_mut(&mut held.directory);
            for (id, site) in sites {
                // A batch may have brought a newer one meanwhile.
                directory.sites.entry(id).or_insert(site);
            }
        }
        self.tell(Changed { directory: true, ..Changed::default() });
        Ok(())
    }
}

impl Held {
    fn put(&mut self, row: Row) {
        match row {
            Row::AgentState(row) => {
                Arc::make_mut(&mut self.agent_states).insert(row.person, row);
                return;
            }
            Row::Person(ref row) if row.id == self.me.id => self.me = Arc::new(row.clone()),
            _ => {}
        }
        let directory = Arc::make_mut(&mut self.directory);
        match row {
            Row::Person(row) => drop(directory.people.insert(row.id, row)),
            Row::Queue(row) => drop(directory.queues.insert(row.id, row)),
            Row::Site(row) => drop(directory.sites.insert(row.id, row)),
            Row::Rota(row) => drop(directory.rotas.insert(row.id, row)),
            Row::Calendar(row) => drop(directory.calendars.insert(row.id, row)),
            Row::RosterPlan(row) => drop(directory.roster_plans.insert(row.id, *row)),
            Row::Snippet(row) => drop(directory.snippets.insert(row.id, row)),
            Row::NoticeSettings(row) => drop(directory.notice_settings.insert(row.person, row)),
            Row::Reminder(row) => drop(directory.reminders.insert(row.id, row)),
            Row::SavedView(row) => drop(directory.saved_views.insert(row.id, row)),
            Row::Handover(row) => drop(directory.handovers.insert(row.id, *row)),
            Row::RosterChange(row) => drop(directory.roster_changes.insert(row.id, row)),
            _ => {}
        }
    }

    fn out(&mut self, kind: RowKind, id: &str) {
        let Ok(id) = id.parse::<uuid::Uuid>() else { return };
        if kind == RowKind::AgentState {
            Arc::make_mut(&mut self.agent_states).remove(&id.into());
            return;
        }
        let directory = Arc::make_mut(&mut self.directory);
        match kind {
            RowKind::Person => drop(directory.people.remove(&id.into())),
            RowKind::Queue => drop(directory.queues.remove(&id.into())),
            RowKind::Site => drop(directory.sites.remove(&id.into())),
            RowKind::Rota => drop(directory.rotas.remove(&id.into())),
            RowKind::Calendar => drop(directory.calendars.remove(&id.into())),
            RowKind::RosterPlan => drop(directory.roster_plans.remove(&id.into())),
            RowKind::Snippet => drop(directory.snippets.remove(&id.into())),
            RowKind::NoticeSettings => drop(directory.notice_settings.remove(&id.into())),
            RowKind::Reminder => drop(directory.reminders.remove(&id.into())),
            RowKind::SavedView => drop(directory.saved_views.remove(&id.into())),
            RowKind::Handover => drop(directory.handovers.remove(&id.into())),
            RowKind::RosterChange => drop(directory.roster_changes.remove(&id.into())),
            _ => {}
        }
    }
}
