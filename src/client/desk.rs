//! The one handle to the desk for a console, a test or any program that lives with it: reads from the cache, commands to the
//! outbox, news of change. Nothing here waits for the network but [`DeskClient::history`] and tickets the cache does not hold.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::base::clock::{Clock, new_id};
use crate::domain::assignment::Decision;
use crate::domain::assignment::rebalance::Move;
use crate::domain::command::Command;
use crate::domain::directory::Directory;
use crate::domain::escalation::Escalation;
use crate::domain::here::Doing;
use crate::domain::id::{CommandKey, ConversationId, PersonId, QueueId, TicketNumber};
use crate::domain::notice::Notice;
use crate::domain::person::{AgentState, Person};
use crate::domain::sla::intervals::ClockRecord;
use crate::wire::list::Items;

use super::api::Api;
use super::cache::Cache;
use super::core::{Core, Timing};
use super::drafts::{self, Draft};
use super::error::ClientError;
use super::here::Everybody;
use super::overlay;
use super::sync::fetch::{self, Source};
use super::sync::{digest, run};
use super::view::{Anchor, Changed, ConversationItem, Counts, LinkStatus, OutboxEntry, TicketHistory, TicketQuery, TicketWindow};
use super::{core, files, here, outbox};

pub use core::Timing as LinkTiming;

/// What a desk client is opened with.
#[derive(Clone, Debug)]
pub struct DeskOptions {
    /// The server, with the person's token; without one, cached data only.
    pub api: Option<Api>,
    /// One file per profile, server and person.
    pub cache_path: PathBuf,
    /// Who uses it, as known at sign-in; the synced row replaces it.
    pub me: Person,
    pub clock: Clock,
    pub timing: Timing,
}

/// The desk as one person's program sees it. Cheap to clone; all clones are one client.
#[derive(Clone, Debug)]
pub struct DeskClient {
    pub(super) core: Arc<Core>,
    cancel: CancellationToken,
    tasks: TaskTracker,
    started: Arc<Mutex<bool>>,
}

impl DeskClient {
    /// Opens the cache; needs no server, and asks none before [`DeskClient::start`].
    ///
    /// # Errors
    /// When the cache cannot be used.
    pub async fn open(options: DeskOptions) -> Result<Self, ClientError> {
        let cache = Cache::open(&options.cache_path, options.me.id).await?;
        let core = Core::open(options.api, cache, options.me, options.clock, options.timing).await?;
        Ok(Self { core: Arc::new(core), cancel: CancellationToken::new(), tasks: TaskTracker::new(), started: Arc::default() })
    }

    /// As [`DeskClient::open`], for cached data only: commands wait in the outbox until a client with a server opens it.
    ///
    /// # Errors
    /// When the cache cannot be used.
    pub async fn open_offline(options: DeskOptions) -> Result<Self, ClientError> {
        Self::open(DeskOptions { api: None, ..options }).await
    }

    /// Starts sync and outbox in the background; a second start does nothing.
    pub fn start(&self) {
        let mut started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
        if std::mem::replace(&mut *started, true) {
            return;
        }
        let sites = Arc::clone(&self.core);
        self.spawn(async move {
            if let Err(error) = sites.load_sites().await {
                tracing::warn!(%error, "the sites could not be read");
            }
        });
        let Some(api) = self.core.api.clone() else { return };
        let (sync, sync_api) = (Arc::clone(&self.core), api.clone());
        self.spawn(async move { run::run(&sync, &sync_api).await });
        let (here, here_api) = (Arc::clone(&self.core), api.clone());
        self.spawn(async move { here::run(&here, &here_api).await });
        let (uploader, upload_api) = (Arc::clone(&self.core), api.clone());
        self.spawn(async move { files::run::run(&uploader, &upload_api).await });
        let sender = Arc::clone(&self.core);
        self.spawn(async move { outbox::send::run(&sender, &api).await });
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let cancel = self.cancel.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = cancel.cancelled() => {}
                () = task => {}
            }
        });
    }

    /// Stops the background tasks and closes the cache. What waits in the outbox is on disk and is sent next time.
    pub async fn shutdown(&self) {
        here::farewell(&self.core).await;
        self.cancel.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        self.core.cache.close().await;
    }

    // Reading.

    /// A window of a list of tickets, with pending edits shown.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn tickets(&self, query: &TicketQuery, anchor: Anchor, rows: usize) -> Result<TicketWindow, ClientError> {
        let asking = self.core.asking();
        let window = self.core.cache.tickets(query, anchor, rows, &asking);
        // Beside each other: whoever moves through a list waits for both.
        let (window, pending) = futures::try_join!(window, outbox::entries(&self.core.cache, None))?;
        Ok(Self::overlay(window, &pending))
    }

    /// Somebody is about to type a filter over this list: what it looks in is read in the background.
    pub fn warm_filter(&self, query: TicketQuery) {
        let core = Arc::clone(&self.core);
        self.spawn(async move {
            if let Err(error) = core.cache.warm_filter(&query, &core.asking()).await {
                tracing::warn!(%error, "the texts of tickets could not be read");
            }
        });
    }

    /// New and open tickets without assignee, most urgent first.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn pool(&self, queue: Option<QueueId>, rows: usize) -> Result<TicketWindow, ClientError> {
        let window = self.core.cache.pool(queue, rows).await?;
        self.overlaid(window).await
    }

    /// Unsolved tickets that a person holds, soonest due first.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn holding(&self, person: PersonId) -> Result<TicketWindow, ClientError> {
        let window = self.core.cache.holding(person).await?;
        self.overlaid(window).await
    }

    async fn overlaid(&self, window: TicketWindow) -> Result<TicketWindow, ClientError> {
        let pending = outbox::entries(&self.core.cache, None).await?;
        Ok(Self::overlay(window, &pending))
    }

    fn overlay(mut window: TicketWindow, pending: &[OutboxEntry]) -> TicketWindow {
        if !pending.is_empty() {
            for row in &mut window.rows {
                *row = overlay::ticket(row, pending);
            }
        }
        window
    }

    /// # Errors
    /// When the cache cannot be read.
    pub async fn counts(&self) -> Result<Counts, ClientError> {
        Ok(self.core.cache.counts(self.core.clock.now()).await?)
    }

    /// Fetches messages before `before` in the background.
    pub(super) fn fetch(&self, source: Source, before: i64) {
        if self.core.api.is_some() {
            let core = Arc::clone(&self.core);
            self.spawn(fetch::messages(core, source, before));
        }
    }

    /// Remembers whose conversation it is that no cache holds.
    pub(super) fn note_elsewhere(&self, conversation: ConversationId, number: TicketNumber) {
        self.core.elsewhere.lock().unwrap_or_else(PoisonError::into_inner).insert(conversation, number);
    }

    pub(super) fn elsewhere(&self, conversation: ConversationId) -> Option<TicketNumber> {
        self.core.elsewhere.lock().unwrap_or_else(PoisonError::into_inner).get(&conversation).copied()
    }

    /// Audit, assignments, decisions and requester of a ticket, from the server.
    ///
    /// # Errors
    /// When there is no link, or the server refuses.
    pub async fn history(&self, number: TicketNumber) -> Result<Arc<TicketHistory>, ClientError> {
        let api = self.core.api.as_ref().ok_or(ClientError::Offline)?;
        let requester = self.core.cache.ticket(number).await?.map(|ticket| ticket.requester.id);
        Ok(Arc::new(fetch::history(api, number, requester).await?))
    }

    /// A ticket's SLA clocks with their ledger and intervals, from the server.
    ///
    /// # Errors
    /// When there is no link, or the server refuses.
    pub async fn ticket_clocks(&self, number: TicketNumber) -> Result<Arc<ClockRecord>, ClientError> {
        let api = self.core.api.as_ref().ok_or(ClientError::Offline)?;
        Ok(Arc::new(fetch::clocks(api, number).await?))
    }

    /// Who would get the ticket now, with everybody considered; from the server.
    ///
    /// # Errors
    /// When there is no link, or the server refuses.
    pub async fn assignment_preview(&self, number: TicketNumber) -> Result<Decision, ClientError> {
        let api = self.core.api.as_ref().ok_or(ClientError::Offline)?;
        Ok(api.get(&format!("/api/v1/tickets/{number}/assignment-preview")).await?)
    }

    /// Moves that would even out the queue's load; from the server. Apply one with
    /// [`Command::AssignTicket`] and the move's version.
    ///
    /// # Errors
    /// When there is no link, the queue is unknown, or the server refuses.
    pub async fn rebalance(&self, queue: QueueId) -> Result<Vec<Move>, ClientError> {
        let api = self.core.api.as_ref().ok_or(ClientError::Offline)?;
        let key = self.core.directory().queues.get(&queue).map_or_else(|| queue.to_string(), |queue| queue.key.clone());
        Ok(api.get::<Items<Move>>(&format!("/api/v1/queues/{key}/rebalance")).await?.items)
    }

    /// Conversations, last spoken in first; reading that is on its way counts as read.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn conversations(&self) -> Result<Vec<ConversationItem>, ClientError> {
        let pending = outbox::entries(&self.core.cache, None).await?;
        let mut items = self.core.cache.conversations(&self.reading(&pending)).await?;
        overlay::mutes(&mut items, &pending);
        Ok(items)
    }

    pub(super) fn reading(&self, pending: &[OutboxEntry]) -> HashMap<ConversationId, i64> {
        let mut read: HashMap<ConversationId, i64> = HashMap::new();
        for entry in pending {
            if let Command::MarkRead { conversation, seq } = entry.command {
                let mark = read.entry(conversation).or_default();
                *mark = (*mark).max(seq);
            }
        }
        read
    }

    /// Waiting, taken and refused commands, oldest first.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn outbox(&self) -> Result<Vec<OutboxEntry>, ClientError> {
        Ok(outbox::entries(&self.core.cache, None).await?)
    }

    /// Texts begun on this machine and not sent.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn drafts(&self) -> Result<Vec<Draft>, ClientError> {
        Ok(drafts::all(&self.core.cache).await?)
    }

    /// Keeps unsent texts on this machine; empty ones are forgotten.
    ///
    /// # Errors
    /// When the cache cannot be written.
    pub async fn keep_drafts(&self, kept: &[Draft]) -> Result<(), ClientError> {
        Ok(drafts::keep(&self.core.cache, kept).await?)
    }

    /// Notices for this person, newest first.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn notices(&self) -> Result<Vec<Notice>, ClientError> {
        Ok(self.core.cache.notices().await?)
    }

    /// People, queues, sites, rotas and roster changes, as synced. Sites come a moment after opening.
    #[must_use]
    pub fn directory(&self) -> Arc<Directory> {
        self.core.directory()
    }

    #[must_use]
    pub fn agent_states(&self) -> Arc<HashMap<PersonId, AgentState>> {
        self.core.agent_states()
    }

    /// Who uses this client.
    #[must_use]
    pub fn me(&self) -> Arc<Person> {
        self.core.me()
    }

    pub(super) fn cache(&self) -> &Cache {
        &self.core.cache
    }

    /// The server's API, for what the cache does not hold.
    ///
    /// # Errors
    /// When there is no link.
    pub(super) fn api(&self) -> Result<&Api, ClientError> {
        self.core.api.as_ref().ok_or(ClientError::Offline)
    }

    /// Who is at which ticket now, besides this person; nobody while the link is down. [`Changed::here`] tells of changes.
    #[must_use]
    pub fn here(&self) -> Arc<Everybody> {
        self.core.here()
    }

    /// Open calls of the tickets in the cache, oldest first.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn open_calls(&self) -> Result<Vec<Escalation>, ClientError> {
        Ok(self.core.cache.open_escalations().await?)
    }

    pub(super) fn core(&self) -> &Core {
        &self.core
    }

    // Acting.

    /// This person has a ticket open, and reads or writes; `None`: none any more. The server is told in the background, and
    /// again while it lasts.
    pub fn be_here(&self, at: Option<(TicketNumber, Doing)>) {
        self.core.be_here(at);
    }

    /// Queues a command: it is on disk when this returns, and will be sent, now or when the link is back.
    ///
    /// # Errors
    /// When the cache cannot be written: nothing is queued then.
    pub async fn submit(&self, command: Command, base_version: Option<i64>) -> Result<CommandKey, ClientError> {
        self.submit_as(CommandKey(new_id()), command, base_version).await
    }

    /// As [`DeskClient::submit`], under a fresh key that the caller has made: who keeps a record of what they are about to ask for can
    /// write it down before it may leave this machine.
    ///
    /// # Errors
    /// When the cache cannot be written, or the key is in the outbox already: nothing is queued then.
    pub async fn submit_as(&self, key: CommandKey, command: Command, base_version: Option<i64>) -> Result<CommandKey, ClientError> {
        let now = self.core.clock.now();
        let base_version = self.core.own_edits.base(&command, base_version);
        let submission = outbox::submission(key, command, base_version, self.core.server_now());
        outbox::queue(&self.core.cache, &submission, now).await?;
        self.core.outbox_wake.notify_one();
        let conversations = match submission.command {
            Command::MarkRead { conversation, .. } => vec![conversation],
            _ => Vec::new(),
        };
        let tickets = submission.command.ticket().into_iter().collect();
        self.core.outbox_changed(Changed { outbox: true, tickets, conversations, ..Changed::default() }).await;
        Ok(key)
    }

    /// Takes a command out of the outbox, if it was never handed to the server. Returns whether it is gone.
    ///
    /// # Errors
    /// When the cache cannot be written.
    pub async fn take_back(&self, key: CommandKey) -> Result<bool, ClientError> {
        let handed = self.core.handed.lock().await;
        if handed.contains(&key) {
            return Ok(false);
        }
        let ticket = outbox::entries(&self.core.cache, None).await?.into_iter().find(|entry| entry.key == key);
        let found = outbox::take_back(&self.core.cache, key).await?;
        drop(handed);
        let tickets = ticket.and_then(|entry| entry.command.ticket()).into_iter().collect();
        self.core.outbox_changed(Changed { outbox: true, tickets, ..Changed::default() }).await;
        Ok(found)
    }

    // Listening.

    /// News of change from now on. A receiver that lags has missed some: it reloads everything.
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<Arc<Changed>> {
        self.core.changes.subscribe()
    }

    /// The state of the link and the outbox.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<LinkStatus> {
        self.core.status.subscribe()
    }

    /// The cache's own digest, to compare with the server's.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn digest(&self) -> Result<crate::wire::sync::Digest, ClientError> {
        Ok(digest::of(&self.core.cache).await?)
    }

    /// Times cache and server were found to differ, and the cache was loaded anew.
    #[must_use]
    pub fn mismatches(&self) -> u64 {
        self.core.mismatches.load(std::sync::atomic::Ordering::SeqCst)
    }
}
