//! Durable state behind one trait, in the domain's words.
//!
//! The trait knows no engine: [`sqlite`] implements it now, PostgreSQL will. Everything that changes the desk goes
//! through [`Store::execute`]: idempotency check, facts, rule, rows, audit, feed and stored answer in one transaction.

pub mod audience;
#[cfg(test)]
pub(crate) mod contract;
pub mod sqlite;

use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::access::Audience;
use crate::domain::assignment::{Assignment, Decision};
use crate::domain::audit::AuditEntry;
use crate::domain::command::{CommandResult, Facts, Needs, Outcome};
use crate::domain::conversation::{Conversation, Message, MessageEdit};
use crate::domain::directory::Directory;
use crate::domain::escalation::Escalation;
use crate::domain::file::StoredFile;
use crate::domain::handover::Handover;
use crate::domain::id::{
    BroadcastId, CommandKey, ConversationId, FileId, HandoverId, IntakeChannelId, MessageId, PersonId, QueueId, ReminderId, RequesterId,
    RotaId, SiteId, TicketNumber, WebhookId,
};
use crate::domain::incident::view::BroadcastView;
use crate::domain::person::{AgentState, Person};
use crate::domain::queue::IntakeChannel;
use crate::domain::requester::Requester;
use crate::domain::row::RowKind;
use crate::domain::search::{SearchHit, SearchIn};
use crate::domain::sla::ledger::ClockEvent;
use crate::domain::stats::{StatsFacts, StatsScope};
use crate::domain::ticket::{Priority, Status, Ticket};
use crate::domain::webhook::DeliveryRecord;
use crate::domain::{Refusal, Timestamp};

/// A place in the feed. Orders by commit: on SQLite `xid` is 0 and `seq` is the order; on PostgreSQL both count.
/// `epoch` changes when a store is restored from a backup: cursors of another epoch start over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    pub epoch: i64,
    pub xid: i64,
    pub seq: i64,
}

/// What went wrong below the rules.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be opened or used: missing folder, read-only, full disk, not a database.
    #[error("the database cannot be used: {0}")]
    Unavailable(String),
    /// Made by a newer dutydesk.
    #[error("the database is at schema {found}, this dutydesk knows {known}: use a newer dutydesk")]
    TooNew { found: i64, known: i64 },
    /// What was asked for of the feed is no longer kept.
    #[error("these entries of the feed are no longer kept")]
    Trimmed,
    /// The writer's queue is full or the server is closing; try again.
    #[error("the desk is busy, try again shortly")]
    Busy,
    /// A value that must be unique is taken; the word names it (`handle`, `key`, `code`, `external`).
    #[error("{0} is already taken")]
    Taken(String),
    /// A rule panicked: nothing of its unit was done, and the others go on.
    #[error("a rule failed: this is a fault of dutydesk's, please report it")]
    RuleFailed,
    #[error("a stored row cannot be read")]
    Corrupt(#[source] serde_json::Error),
    #[error("the database refused")]
    Database(#[source] sqlx::Error),
}

/// The rule with its command inside: pure, may be run again when the rows moved on.
pub type Decide = Box<dyn Fn(&Facts) -> Result<Outcome, Refusal> + Send + Sync>;

/// What makes a command recognisable when it is sent again.
#[derive(Clone, Copy, Debug)]
pub struct Idempotency {
    pub key: CommandKey,
    /// SHA-256 over actor and content: the same key with another one is refused (`key_reused`).
    pub fingerprint: [u8; 32],
}

/// One unit of work for the writer.
pub struct Work {
    pub idempotency: Option<Idempotency>,
    pub needs: Needs,
    pub decide: Decide,
    pub now: Timestamp,
}

/// The answer to a unit of work; for a key seen before, the stored one.
#[derive(Clone, Debug)]
pub struct Receipt {
    pub answer: Result<CommandResult, Refusal>,
    /// Where in the feed the effect is: a console that has passed it has seen it.
    pub position: Position,
    /// The answer was given before; nothing happened now.
    pub replayed: bool,
}

/// One entry of the feed with its row as it stands.
#[derive(Clone, Debug)]
pub struct FeedEntry {
    pub position: Position,
    pub kind: RowKind,
    pub id: String,
    pub version: i64,
    /// Who saw the row before this change; absent when it was created.
    pub before: Option<Audience>,
    /// Who sees it now.
    pub after: Audience,
    /// The row's JSON, current at reading (so it may be newer than `version`); encoded once for all receivers.
    pub row: Arc<str>,
}

/// A page of rows for a snapshot.
#[derive(Clone, Debug, Default)]
pub struct SnapshotPage {
    /// JSON of each row with its id and version.
    pub rows: Vec<(String, i64, Arc<str>)>,
    /// Where the next page starts; absent after the last.
    pub next: Option<String>,
}

/// Ids and versions of rows, in order of id.
pub type Versions = Vec<(String, i64)>;

/// Which tickets; absent fields do not restrict.
#[derive(Clone, Debug, Default)]
pub struct TicketFilter {
    pub queue: Option<QueueId>,
    pub statuses: Vec<Status>,
    pub priority: Option<Priority>,
    /// `Some(None)`: unassigned.
    pub assignee: Option<Option<PersonId>>,
    pub participant: Option<PersonId>,
    pub requester: Option<RequesterId>,
    pub tag: Option<String>,
    /// Part of the subject, the requester's or site's name or code, or the number; case folded.
    pub text: Option<String>,
}

/// A page of tickets, newest number first.
#[derive(Clone, Debug, Default)]
pub struct TicketPage {
    pub tickets: Vec<Ticket>,
    /// Pass as `before` to go on; absent after the last page.
    pub next: Option<TicketNumber>,
}

/// Which messages; absent fields do not restrict.
#[derive(Clone, Debug, Default)]
pub struct MessageSearch {
    /// Words that must all stand in it, whatever the case and ending; empty finds all.
    pub text: String,
    pub conversation: Option<ConversationId>,
    pub author: Option<PersonId>,
    /// Only pinned ones.
    pub pinned: bool,
}

/// What is searched for in all that there is.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Words that must all stand in it; `"side by side"` between quotes.
    pub words: String,
    /// Absent: everywhere.
    pub within: Option<SearchIn>,
}

/// Where a search goes on: says nothing to anybody but the store that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchPlace(pub [i64; 3]);

/// A page of what was found.
#[derive(Clone, Debug, Default)]
pub struct SearchFound {
    pub hits: Vec<SearchHit>,
    /// Absent after the last page.
    pub next: Option<SearchPlace>,
    /// Everything was searched: what was written before there was search is taken in after a start, newest first.
    pub complete: bool,
}

/// A part of the pool of unassigned tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolPart {
    /// Not yet looked at: they do not say why they wait.
    Untried,
    /// Of a queue, at a tier.
    Of(QueueId, u8),
}

/// An issued token, without the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRecord {
    /// SHA-256 of the token, hexadecimal.
    pub sha256: String,
    pub person: PersonId,
    /// What it was issued for, such as the machine's name.
    pub device: String,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

/// Whose shifts a calendar link shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalendarLinkOf {
    Person(PersonId),
    Rota(RotaId),
}

/// A secret address under which shifts are read as iCalendar, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarLinkRecord {
    /// SHA-256 of the secret, hexadecimal.
    pub sha256: String,
    pub of: CalendarLinkOf,
    pub made_by: PersonId,
    pub created_at: Timestamp,
}

/// Counts for `/metrics` and `/api/v1/desk`.
#[derive(Clone, Copy, Debug, Default)]
pub struct StoreCounts {
    pub tickets: i64,
    pub unassigned: i64,
    pub messages: i64,
}

/// Deliveries of one webhook looked at together.
pub const DUE_EACH_MAX: i64 = 20;

/// Durable state of one desk.
#[async_trait]
pub trait Store: Send + Sync {
    /// Runs one unit of work: all or nothing, durable when it returns. Units that wait together are committed together.
    async fn execute(&self, work: Work) -> Result<Receipt, StoreError>;

    /// Runs many units in one transaction, in order; each all or nothing on its own. For imports.
    async fn execute_all(&self, work: Vec<Work>) -> Result<Vec<Receipt>, StoreError>;

    // What the server keeps in memory.
    async fn directory(&self) -> Result<Directory, StoreError>;
    async fn agent_states(&self) -> Result<Vec<AgentState>, StoreError>;

    // Reading.
    async fn ticket(&self, number: TicketNumber) -> Result<Option<Ticket>, StoreError>;
    /// The ticket with this secret of a status page.
    async fn ticket_by_status_key(&self, key: &str) -> Result<Option<Ticket>, StoreError>;
    /// Those of `viewer`'s visible tickets that match, before number `before`, at most `limit`.
    async fn tickets(
        &self,
        viewer: &Person,
        filter: &TicketFilter,
        before: Option<TicketNumber>,
        limit: i64,
    ) -> Result<TicketPage, StoreError>;
    /// Messages of a conversation after `after_seq`, oldest first, at most `limit`.
    async fn messages(&self, conversation: ConversationId, after_seq: i64, limit: i64) -> Result<Vec<Message>, StoreError>;
    /// Messages of a conversation before `before_seq`: the newest of them, oldest first, at most `limit`.
    async fn messages_before(&self, conversation: ConversationId, before_seq: i64, limit: i64) -> Result<Vec<Message>, StoreError>;
    async fn message(&self, id: MessageId) -> Result<Option<Message>, StoreError>;
    /// A message's earlier texts, oldest first.
    async fn message_edits(&self, id: MessageId) -> Result<Vec<MessageEdit>, StoreError>;
    /// Messages that `viewer` may read, their tier considered, newest first, at most `limit`.
    async fn search_messages(&self, viewer: &Person, search: &MessageSearch, limit: i64) -> Result<Vec<Message>, StoreError>;
    /// Tickets and messages that `viewer` may read and that hold the words, at most `limit`: the newest in windows, the best of a
    /// window first ([`rank`](crate::domain::search::rank)). What may not be read is not counted either.
    async fn search(&self, viewer: &Person, search: &Search, place: Option<SearchPlace>, limit: usize) -> Result<SearchFound, StoreError>;
    async fn conversation(&self, id: ConversationId) -> Result<Option<Conversation>, StoreError>;
    async fn requester(&self, id: RequesterId) -> Result<Option<Requester>, StoreError>;
    async fn requesters(&self, text: &str, limit: i64) -> Result<Vec<Requester>, StoreError>;
    async fn audit(&self, ticket: TicketNumber, limit: i64) -> Result<Vec<AuditEntry>, StoreError>;
    /// All calls of a ticket for experts, oldest first.
    async fn escalations(&self, ticket: TicketNumber, limit: i64) -> Result<Vec<Escalation>, StoreError>;
    /// Open calls for an expert, oldest first.
    async fn open_escalations(&self, expert: PersonId, limit: i64) -> Result<Vec<Escalation>, StoreError>;
    /// The latest solved and closed tickets of a queue that `viewer` may see, newest first: an index range of `limit` rows,
    /// however many the queue has.
    async fn solved_lately(&self, viewer: &Person, queue: QueueId, limit: i64) -> Result<Vec<Ticket>, StoreError>;
    /// The latest tickets of a site that `viewer` may see, newest first; as cheap.
    async fn site_tickets(&self, viewer: &Person, site: SiteId, limit: i64) -> Result<Vec<Ticket>, StoreError>;
    async fn assignments(&self, ticket: TicketNumber) -> Result<Vec<Assignment>, StoreError>;
    /// Newest first.
    async fn decisions(&self, ticket: TicketNumber, limit: i64) -> Result<Vec<Decision>, StoreError>;
    /// The ticket's clock ledger, in the order it was written.
    async fn clock_events(&self, ticket: TicketNumber) -> Result<Vec<ClockEvent>, StoreError>;
    async fn intake_channels(&self) -> Result<Vec<IntakeChannel>, StoreError>;
    async fn intake_channel(&self, key: &str) -> Result<Option<IntakeChannel>, StoreError>;
    /// The ticket of an intake thread.
    async fn thread(&self, channel: IntakeChannelId, thread: &str) -> Result<Option<TicketNumber>, StoreError>;
    async fn counts(&self) -> Result<StoreCounts, StoreError>;
    /// What figures are made of, over index ranges: no more is read than happened since `scope.heat_from`, and is unsolved.
    async fn stats(&self, scope: &StatsScope) -> Result<StatsFacts, StoreError>;

    // What jobs look for.
    /// New and open tickets without assignee, most urgent then oldest first: of a queue at a tier, or those that no run of the
    /// assignment rule has looked at yet.
    async fn pool(&self, part: PoolPart, limit: i64) -> Result<Vec<Ticket>, StoreError>;
    /// New and open tickets of a person, oldest first.
    async fn held(&self, person: PersonId, limit: i64) -> Result<Vec<Ticket>, StoreError>;
    /// New and open tickets of a queue that somebody has, newest first.
    async fn held_in(&self, queue: QueueId, limit: i64) -> Result<Vec<Ticket>, StoreError>;
    /// Tickets that had to be accepted at or before `now`, soonest first.
    async fn accept_due(&self, now: Timestamp, limit: i64) -> Result<Vec<TicketNumber>, StoreError>;
    /// When the next ticket has to be accepted.
    async fn next_accept(&self) -> Result<Option<Timestamp>, StoreError>;
    /// Who was given one of the requester's other recent tickets last.
    async fn last_served(&self, requester: RequesterId, except: TicketNumber) -> Result<Option<PersonId>, StoreError>;
    /// Tickets with a warn, breach or policy step due at or before `now`, soonest first.
    async fn sla_due(&self, now: Timestamp, limit: i64) -> Result<Vec<TicketNumber>, StoreError>;
    /// When the next such step is due.
    async fn next_sla_step(&self) -> Result<Option<Timestamp>, StoreError>;
    /// Unsolved tickets of a queue whose clocks another edition of policy and calendar planned than the one named by `mark`.
    async fn stale_marks(&self, queue: QueueId, mark: &str, limit: i64) -> Result<Vec<TicketNumber>, StoreError>;
    /// Calls for experts that had to be answered at or before `now`, soonest first.
    async fn escalations_due(&self, now: Timestamp, limit: i64) -> Result<Vec<Escalation>, StoreError>;
    /// When the next call has to be answered.
    async fn next_escalation_due(&self) -> Result<Option<Timestamp>, StoreError>;
    /// Everybody who is called into some ticket and has neither refused nor left, by id.
    async fn called_experts(&self) -> Result<Vec<PersonId>, StoreError>;
    /// Solved tickets not touched since `before`.
    async fn solved_before(&self, before: Timestamp, limit: i64) -> Result<Vec<TicketNumber>, StoreError>;

    // Major incidents.
    /// Open ones, newest first.
    async fn incidents(&self) -> Result<Vec<Ticket>, StoreError>;
    /// Tickets tied to an incident, in order of number.
    async fn tied(&self, incident: TicketNumber) -> Result<Vec<Ticket>, StoreError>;
    /// Tickets that are proposed for an incident, in order of number.
    async fn lookalikes(&self, incident: TicketNumber, limit: i64) -> Result<Vec<Ticket>, StoreError>;
    /// Tickets proposed for what is no open incident any more.
    async fn stale_likeness(&self, limit: i64) -> Result<Vec<TicketNumber>, StoreError>;
    /// An incident's broadcasts, newest first, with those of their tickets that were refused.
    async fn broadcasts(&self, incident: TicketNumber) -> Result<Vec<BroadcastView>, StoreError>;
    /// A broadcast with all its tickets.
    async fn broadcast(&self, id: BroadcastId) -> Result<Option<BroadcastView>, StoreError>;
    /// Tickets whose message of a broadcast is still to be written, oldest broadcast first.
    async fn targets_due(&self, limit: i64) -> Result<Vec<(BroadcastId, TicketNumber)>, StoreError>;
    /// Incidents of which somebody is to be told by `now` that an update is due.
    async fn updates_due(&self, now: Timestamp, limit: i64) -> Result<Vec<TicketNumber>, StoreError>;
    /// When somebody is to be told next.
    async fn next_update(&self) -> Result<Option<Timestamp>, StoreError>;

    // Being told, being reminded, handing over.
    /// Reminders whose time came at or before `now`, soonest first.
    async fn reminders_due(&self, now: Timestamp, limit: i64) -> Result<Vec<ReminderId>, StoreError>;
    /// Tickets with a promise that came due at or before `now` and of which nobody was told, soonest first.
    async fn follow_ups_due(&self, now: Timestamp, limit: i64) -> Result<Vec<TicketNumber>, StoreError>;
    /// When the next reminder or promise is due.
    async fn next_telling(&self) -> Result<Option<Timestamp>, StoreError>;
    async fn handover(&self, id: HandoverId) -> Result<Option<Handover>, StoreError>;
    /// Those that `viewer` may read, of a rota or all, of shifts that ended before `before`, newest first.
    async fn handovers(
        &self,
        viewer: &Person,
        rota: Option<RotaId>,
        before: Option<Timestamp>,
        limit: i64,
    ) -> Result<Vec<Handover>, StoreError>;

    // Calls to webhooks.
    /// Deliveries due at or before `now`, oldest first, at most `limit` and of one webhook at most
    /// [`DUE_EACH_MAX`]: a receiver that is down leaves room for the others.
    async fn due_deliveries(&self, now: Timestamp, limit: i64) -> Result<Vec<DeliveryRecord>, StoreError>;
    /// Notes an attempt that succeeded.
    async fn delivered(&self, id: Uuid, at: Timestamp) -> Result<(), StoreError>;
    /// Notes an attempt that failed: the `attempts`th, to be repeated at `next_at` or given up.
    async fn delivery_failed(&self, id: Uuid, attempts: u32, next_at: Option<Timestamp>, error: &str) -> Result<(), StoreError>;
    /// A webhook's deliveries, newest first, at most `limit`.
    async fn deliveries(&self, webhook: WebhookId, limit: i64) -> Result<Vec<DeliveryRecord>, StoreError>;

    // Files: rows only; the bytes are the server's business.
    /// A new file. False when its id is taken.
    async fn add_file(&self, file: &StoredFile) -> Result<bool, StoreError>;
    /// More of it is here: `file` as it is then. False, and nothing written, unless it was uploading with `from` bytes received.
    async fn advance_file(&self, from: i64, file: &StoredFile) -> Result<bool, StoreError>;
    /// Gives a file up that is attached to nothing: its bytes may go. False when it was attached meanwhile, or is unknown.
    async fn drop_file(&self, file: &StoredFile) -> Result<bool, StoreError>;
    /// Removes the row of a dropped file, whose bytes are gone.
    async fn forget_file(&self, id: FileId) -> Result<(), StoreError>;
    async fn file(&self, id: FileId) -> Result<Option<StoredFile>, StoreError>;
    /// Files attached to nothing that were begun before `before` or are dropped, oldest first.
    async fn loose_files(&self, before: Timestamp, limit: i64) -> Result<Vec<StoredFile>, StoreError>;
    /// Files attached in a ticket, each with its message, oldest first.
    async fn files_of(&self, ticket: TicketNumber) -> Result<Vec<(StoredFile, Message)>, StoreError>;
    /// The message that a file is attached to.
    async fn message_of_file(&self, message: MessageId) -> Result<Option<Message>, StoreError>;

    // Sync.
    /// The head after each commit: what waits for changes waits here.
    fn watch(&self) -> tokio::sync::watch::Receiver<Position>;
    async fn head(&self) -> Result<Position, StoreError>;
    /// Entries after `after`, in order, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Trimmed`] when there were some that are no longer kept: whoever stands there starts over.
    async fn feed(&self, after: Position, limit: i64) -> Result<Vec<FeedEntry>, StoreError>;
    /// Whether rows of these kinds changed after `after`, as far as entries are kept.
    async fn changed(&self, after: Position, kinds: &[RowKind]) -> Result<bool, StoreError>;
    /// Rows of a kind that `viewer`'s console holds, in order of id, after `after`.
    async fn snapshot(&self, viewer: &Person, kind: RowKind, after: Option<&str>, limit: i64) -> Result<SnapshotPage, StoreError>;
    /// Ids and versions of the same rows of these kinds, and where the feed stood at that moment: for the digest.
    async fn versions(&self, viewer: &Person, kinds: &[RowKind]) -> Result<(Position, Vec<Versions>), StoreError>;
    /// Forgets feed entries (and stored answers, and deliveries that are done with) older than `before`.
    async fn trim(&self, before: Timestamp) -> Result<u64, StoreError>;

    // Sign-in. Passwords arrive hashed.
    async fn password_hash(&self, person: PersonId) -> Result<Option<String>, StoreError>;
    async fn set_password_hash(&self, person: PersonId, hash: &str) -> Result<(), StoreError>;
    async fn put_token(&self, token: &TokenRecord) -> Result<(), StoreError>;
    async fn token(&self, sha256: &str) -> Result<Option<TokenRecord>, StoreError>;
    async fn tokens(&self, person: PersonId) -> Result<Vec<TokenRecord>, StoreError>;
    /// Notes that a token is in use. Returns whether there is one: a token revoked meanwhile stays revoked.
    async fn touch_token(&self, sha256: &str, at: Timestamp) -> Result<bool, StoreError>;
    /// Returns whether there was one.
    async fn revoke_token(&self, sha256: &str) -> Result<bool, StoreError>;

    // Calendar links.
    async fn put_calendar_link(&self, link: &CalendarLinkRecord) -> Result<(), StoreError>;
    async fn calendar_link(&self, sha256: &str) -> Result<Option<CalendarLinkRecord>, StoreError>;
    /// Oldest first.
    async fn calendar_links(&self, of: CalendarLinkOf) -> Result<Vec<CalendarLinkRecord>, StoreError>;
    /// Withdraws all links of a person or rota; returns how many there were.
    async fn revoke_calendar_links(&self, of: CalendarLinkOf) -> Result<u64, StoreError>;

    // Care.
    /// Writes a consistent copy to `path` while in use. Refuses an existing file.
    async fn backup(&self, path: &std::path::Path) -> Result<(), StoreError>;
    /// Fails when the database does not answer.
    async fn check(&self) -> Result<(), StoreError>;
    /// Finishes what was accepted, then closes.
    async fn close(&self);
}
