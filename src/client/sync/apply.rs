//! The only writer of the cache's rows: a batch, its cursor and the commands it confirms, in one transaction.
//!
//! Batches chain: one that does not start at the cache's cursor is left alone. Only newer versions replace a row, save in a
//! snapshot, which is the truth even when a restored server has gone back in time.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::value::RawValue;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::base::safeguard::Safeguard;
use crate::client::cache::Cache;
use crate::client::cache::counts::recount;
use crate::client::cache::search;
use crate::client::error::CacheError;
use crate::client::outbox;
use crate::client::view::Changed;
use crate::domain::Timestamp;
use crate::domain::access;
use crate::domain::conversation::Message;
use crate::domain::id::{ConversationId, PersonId, QueueId, TicketNumber};
use crate::domain::person::Person;
use crate::domain::queue::Queue;
use crate::domain::row::{Row, RowKind};
use crate::domain::ticket::{Priority, Ticket};
use crate::wire::sync::{Batch, ChangeOp};

use super::bulk::push_ticket;
use super::newer;
use super::tally::{Share, Tally};

/// A ticket without a due time sorts behind all that have one.
pub(crate) const NEVER_DUE: i64 = i64::MAX;
/// How long after an assignment its toast is still news.
const NEWS_SECS: i64 = 120;

/// What became of a batch.
#[derive(Debug)]
pub enum Applied {
    /// Written; these rows of the directory and of agent states changed, for the memory.
    Done { changed: Box<Changed>, memory: Vec<Memory> },
    /// It does not start where the cache stands: ask again from the cache's cursor.
    Unchained,
}

/// A change to what is held in memory.
#[derive(Clone, Debug)]
pub enum Memory {
    Put(Box<Row>),
    Out(RowKind, String),
}

/// A row on its way into the cache.
#[derive(Clone, Copy, Debug)]
pub(super) struct Incoming<'a> {
    pub kind: RowKind,
    pub id: &'a str,
    pub version: i64,
    pub row: &'a RawValue,
}

/// One transaction's work: what changed, and what counts shifted.
pub(super) struct Session<'c> {
    pub(super) me: PersonId,
    pub(super) connection: &'c mut SqliteConnection,
    /// Rows replace whatever is there, older versions too.
    pub(super) force: bool,
    /// Rows replace those of their own version, too: of another desk, a version says nothing.
    pub(super) anew: bool,
    pub(super) tally: Tally,
    pub(super) tickets: BTreeSet<TicketNumber>,
    conversations: BTreeSet<ConversationId>,
    /// Of which messages were written.
    spoken: BTreeSet<ConversationId>,
    queue_names: HashMap<QueueId, Option<String>>,
    pub changed: Changed,
    pub memory: Vec<Memory>,
    now: Timestamp,
    /// Rows of a newer server that are written down as such, by their place and id; read when the first row comes.
    pub(super) marks: Option<HashMap<(String, String), i64>>,
    /// Rows of this transaction that were mended or set aside, and why the first was.
    pub(super) newer: Vec<String>,
}

impl<'c> Session<'c> {
    pub fn new(connection: &'c mut SqliteConnection, me: PersonId, force: bool, now: Timestamp) -> Self {
        Self {
            me,
            connection,
            force,
            anew: false,
            tally: Tally::default(),
            tickets: BTreeSet::new(),
            conversations: BTreeSet::new(),
            spoken: BTreeSet::new(),
            queue_names: HashMap::new(),
            changed: Changed::default(),
            memory: Vec::new(),
            now,
            marks: None,
            newer: Vec::new(),
        }
    }

    /// Takes a row in, one of a newer server as far as it can be read.
    pub async fn put(&mut self, incoming: Incoming<'_>) -> Result<(), CacheError> {
        if self.is_passed(&incoming).await? {
            return Ok(());
        }
        match self.put_known(incoming).await {
            Ok(()) => self.unmark(incoming.kind, incoming.id).await,
            Err(CacheError::Row(error)) => self.put_newer(incoming, &error).await,
            Err(error) => Err(error),
        }
    }

    pub(super) async fn put_known(&mut self, incoming: Incoming<'_>) -> Result<(), CacheError> {
        match incoming.kind {
            RowKind::Ticket => self.put_ticket(incoming).await,
            RowKind::Message => {
                let message: Message = serde_json::from_str(incoming.row.get())?;
                self.put_message(&message, incoming.row.get()).await
            }
            _ => self.put_row(incoming).await,
        }
    }

    async fn put_ticket(&mut self, incoming: Incoming<'_>) -> Result<(), CacheError> {
        let ticket: Ticket = serde_json::from_str(incoming.row.get())?;
        let before: Option<(i64, Option<uuid::Uuid>)> = sqlx::query_as("SELECT version, assignee FROM tickets WHERE number = ?")
            .bind(ticket.number.0)
            .fetch_optional(&mut *self.connection)
            .await?;
        let force = self.force || !Safeguard::RowVersion.holds();
        if before.is_some_and(|(version, _)| !self.anew && if force { version == ticket.version } else { version >= ticket.version }) {
            return Ok(());
        }
        if before.is_some() {
            let share = self.share(ticket.number).await?;
            share.into_iter().for_each(|share| self.tally.remove(share));
        }
        let share = Share::of(&ticket, self.me);
        self.tally.add(share);
        self.write_ticket(&ticket, share, incoming.row.get()).await?;
        self.tickets.insert(ticket.number);
        let news = ticket.assigned_at.is_some_and(|at| (self.now - at).num_seconds() < NEWS_SECS);
        if share.mine == 1 && news && before.is_none_or(|(_, assignee)| assignee != Some(self.me.0)) {
            self.changed.assigned_to_me.push(ticket.number);
        }
        Ok(())
    }

    async fn write_ticket(&mut self, ticket: &Ticket, share: Share, json: &str) -> Result<(), CacheError> {
        let queue = self.queue_name(ticket.queue).await?;
        let mut sql = QueryBuilder::<Sqlite>::new("INSERT OR REPLACE INTO tickets ");
        sql.push_values([ticket], |mut row, ticket| push_ticket(&mut row, ticket, share, queue.as_deref()));
        sql.build().execute(&mut *self.connection).await?;
        sqlx::query("INSERT OR REPLACE INTO ticket_data VALUES (?,?)")
            .bind(ticket.number.0)
            .bind(json)
            .execute(&mut *self.connection)
            .await?;
        search::put_tickets(self.connection, std::iter::once(ticket)).await
    }

    async fn share(&mut self, number: TicketNumber) -> Result<Option<Share>, CacheError> {
        Ok(sqlx::query_as("SELECT queue, waiting, mine, unsolved, solved FROM tickets WHERE number = ?")
            .bind(number.0)
            .fetch_optional(&mut *self.connection)
            .await?)
    }

    /// A queue's key and name, by which its tickets are found.
    pub(super) async fn queue_name(&mut self, id: QueueId) -> Result<Option<String>, CacheError> {
        if let Some(name) = self.queue_names.get(&id) {
            return Ok(name.clone());
        }
        let found: Option<String> = sqlx::query_scalar("SELECT data FROM rows WHERE kind = 'queue' AND id = ?")
            .bind(id.to_string())
            .fetch_optional(&mut *self.connection)
            .await?;
        let queue: Option<Queue> = found.map(|json| serde_json::from_str(&json)).transpose()?;
        let name = queue.map(|queue| format!("{}\n{}", queue.key, queue.name));
        self.queue_names.insert(id, name.clone());
        Ok(name)
    }

    pub async fn put_message(&mut self, message: &Message, json: &str) -> Result<(), CacheError> {
        // What a person's tier withheld gives way to the message itself, of the same version too.
        let newer = if self.force {
            "1 = 1"
        } else {
            "excluded.version > messages.version OR (excluded.version = messages.version AND excluded.withheld < messages.withheld)"
        };
        let mentions_me = message.mentions.contains(&self.me);
        let sql = format!(
            "INSERT INTO messages VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET conversation = excluded.conversation, seq = excluded.seq,
             id = excluded.id, version = excluded.version, ticket = excluded.ticket, mentions_me = excluded.mentions_me,
             tier = excluded.tier, withheld = excluded.withheld, data = excluded.data WHERE {newer}"
        );
        let done = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(message.conversation.0)
            .bind(message.seq)
            .bind(message.id.to_string())
            .bind(message.version)
            .bind(message.ticket.map(|number| number.0))
            .bind(mentions_me)
            .bind(message.visibility.tier())
            .bind(message.withheld)
            .bind(json)
            .execute(&mut *self.connection)
            .await?;
        if done.rows_affected() > 0 {
            search::put_message(self.connection, message).await?;
            self.conversations.insert(message.conversation);
            self.spoken.insert(message.conversation);
            self.tickets.extend(message.ticket);
        }
        Ok(())
    }

    /// Whether a conversation is a channel's or a ticket's that is held, or of one merged into such a ticket.
    async fn holds(&mut self, conversation: ConversationId) -> Result<bool, CacheError> {
        for sql in [
            "SELECT count(*) FROM tickets WHERE conversation = ?1",
            "SELECT count(*) FROM rows WHERE kind = 'conversation' AND id = ?2",
            "SELECT count(*) FROM ticket_data AS t, json_each(t.data, '$.merged') AS m
             WHERE instr(t.data, ?2) AND json_extract(m.value, '$.conversation') = ?2",
        ] {
            let found: i64 =
                sqlx::query_scalar(sql).bind(conversation.0).bind(conversation.to_string()).fetch_one(&mut *self.connection).await?;
            if found > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn put_row(&mut self, incoming: Incoming<'_>) -> Result<(), CacheError> {
        let row = Row::from_json(incoming.kind, incoming.row.get())?;
        let ticket = match &row {
            Row::Escalation(row) => Some(row.ticket.0),
            _ => None,
        };
        let force = self.force || !Safeguard::RowVersion.holds();
        let newer = if self.anew {
            "1 = 1"
        } else if force {
            "excluded.version <> rows.version"
        } else {
            "excluded.version > rows.version"
        };
        let sql = format!(
            "INSERT INTO rows VALUES (?,?,?,?,?) ON CONFLICT(kind, id) DO UPDATE SET version = excluded.version, ticket = excluded.ticket,
             data = excluded.data WHERE {newer}"
        );
        let done = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(incoming.kind.as_str())
            .bind(incoming.id)
            .bind(incoming.version)
            .bind(ticket)
            .bind(incoming.row.get())
            .execute(&mut *self.connection)
            .await?;
        if done.rows_affected() == 0 {
            return Ok(());
        }
        self.note_row(&row).await?;
        if self.remembered(incoming.kind) {
            self.memory.push(Memory::Put(Box::new(row)));
        }
        Ok(())
    }

    /// What else follows from a new row.
    async fn note_row(&mut self, row: &Row) -> Result<(), CacheError> {
        match row {
            Row::Escalation(row) => {
                self.tickets.insert(row.ticket);
                self.derive_escalated(row.ticket).await?;
            }
            Row::Conversation(row) => {
                self.conversations.insert(row.id);
            }
            Row::ReadMark(row) => {
                self.conversations.insert(row.conversation);
            }
            Row::Queue(row) => {
                self.queue_names.remove(&row.id);
            }
            _ => {}
        }
        self.note_kind(row.kind());
        Ok(())
    }

    fn note_kind(&mut self, kind: RowKind) {
        match kind {
            RowKind::AgentState => self.changed.agent_states = true,
            RowKind::Escalation => self.changed.escalations = true,
            RowKind::Notice => self.changed.notices = true,
            directory if directory.is_directory() => self.changed.directory = true,
            _ => {}
        }
    }

    fn remembered(&self, kind: RowKind) -> bool {
        // A snapshot ends with everything read anew.
        !self.force && (kind.is_directory() || kind == RowKind::AgentState)
    }

    /// Whether I am called into a ticket, from its escalations as they stand.
    async fn derive_escalated(&mut self, ticket: TicketNumber) -> Result<(), CacheError> {
        let found: Vec<String> = sqlx::query_scalar("SELECT data FROM rows WHERE ticket = ? AND kind = 'escalation'")
            .bind(ticket.0)
            .fetch_all(&mut *self.connection)
            .await?;
        let mut called = false;
        for json in found {
            let row: crate::domain::escalation::Escalation = serde_json::from_str(&json)?;
            called |= row.expert == self.me && row.state.is_open();
        }
        let sql = if called { "INSERT OR IGNORE INTO escalated VALUES (?)" } else { "DELETE FROM escalated WHERE number = ?" };
        sqlx::query(sql).bind(ticket.0).execute(&mut *self.connection).await?;
        Ok(())
    }

    /// A row left what this person holds, and what hangs on it goes with it.
    pub async fn out(&mut self, kind: RowKind, id: &str) -> Result<(), CacheError> {
        self.unmark(kind, id).await?;
        self.out_known(kind, id).await
    }

    pub(super) async fn out_known(&mut self, kind: RowKind, id: &str) -> Result<(), CacheError> {
        match kind {
            RowKind::Ticket => self.out_ticket(id).await,
            RowKind::Message => {
                sqlx::query("DELETE FROM messages WHERE id = ?").bind(id).execute(&mut *self.connection).await?;
                Ok(())
            }
            _ => self.out_row(kind, id).await,
        }
    }

    async fn out_ticket(&mut self, id: &str) -> Result<(), CacheError> {
        let Ok(number) = id.parse::<TicketNumber>() else { return Ok(()) };
        let share = self.share(number).await?;
        share.into_iter().for_each(|share| self.tally.remove(share));
        for sql in [
            "DELETE FROM messages WHERE conversation = (SELECT conversation FROM tickets WHERE number = ?1)
             AND NOT EXISTS (SELECT 1 FROM rows WHERE kind = 'conversation' AND json_extract(data, '$.ticket') = ?1)",
            "DELETE FROM messages WHERE ticket IN (SELECT json_extract(m.value, '$.number') FROM ticket_data AS t, json_each(t.data, '$.merged') AS m
             WHERE t.number = ?1) AND conversation NOT IN (SELECT conversation FROM tickets)",
            "DELETE FROM tickets WHERE number = ?1",
            "DELETE FROM ticket_data WHERE number = ?1",
        ] {
            sqlx::query(sql).bind(number.0).execute(&mut *self.connection).await?;
        }
        self.tickets.insert(number);
        Ok(())
    }

    async fn out_row(&mut self, kind: RowKind, id: &str) -> Result<(), CacheError> {
        let gone: Option<String> = sqlx::query_scalar("DELETE FROM rows WHERE kind = ? AND id = ? RETURNING data")
            .bind(kind.as_str())
            .bind(id)
            .fetch_optional(&mut *self.connection)
            .await?;
        let Some(gone) = gone else { return Ok(()) };
        let row = Row::from_json(kind, &gone)?;
        if let Row::Conversation(row) = &row {
            sqlx::query("DELETE FROM messages WHERE conversation = ?1 AND NOT EXISTS (SELECT 1 FROM tickets WHERE conversation = ?1)")
                .bind(row.id.0)
                .execute(&mut *self.connection)
                .await?;
        }
        self.note_row(&row).await?;
        if self.remembered(kind) {
            self.memory.push(Memory::Out(kind, id.to_owned()));
        }
        Ok(())
    }

    /// Messages that came for a conversation that is not held: the ticket went out in the same batch, before them.
    async fn sweep(&mut self) -> Result<(), CacheError> {
        for conversation in std::mem::take(&mut self.spoken) {
            if !self.holds(conversation).await? {
                sqlx::query("DELETE FROM messages WHERE conversation = ?").bind(conversation.0).execute(&mut *self.connection).await?;
            }
        }
        Ok(())
    }

    /// Writes the counts; returns what changed.
    pub async fn finish(mut self) -> Result<(Changed, Vec<Memory>), CacheError> {
        if let Some(first) = self.newer.first() {
            tracing::warn!(rows = self.newer.len(), first, "rows of a newer server cannot be read as they are: update this dutydesk");
        }
        self.tally.write(self.connection).await?;
        self.changed.tickets.extend(self.tickets);
        self.changed.conversations.extend(self.conversations);
        Ok((self.changed, self.memory))
    }
}

/// Most urgent first.
pub(crate) fn rank(priority: Priority) -> i64 {
    match priority {
        Priority::Urgent => 0,
        Priority::High => 1,
        Priority::Normal => 2,
        Priority::Low => 3,
    }
}

/// Applies a batch, whole or not at all.
///
/// # Errors
/// When the cache cannot be written, or a row is not what this version knows.
pub async fn apply(cache: &Cache, batch: &Batch) -> Result<Applied, CacheError> {
    let mut writing = cache.write_rows().await?;
    let cursor: Option<String> =
        sqlx::query_scalar("SELECT value FROM meta WHERE key = 'cursor'").fetch_optional(writing.connection()).await?;
    if cursor.as_deref() != Some(batch.from.as_str()) && Safeguard::Chaining.holds() {
        return Ok(Applied::Unchained);
    }
    if batch.skipped > 0 {
        tracing::warn!(rows = batch.skipped, "a newer server sends kinds of rows that this dutydesk does not know: update it");
    }
    let mut session = Session::new(writing.connection(), cache.me(), false, batch.now);
    for change in &batch.changes {
        match (change.op, &change.row) {
            (ChangeOp::Put, Some(row)) => {
                session.put(Incoming { kind: change.kind, id: &change.id, version: change.version, row }).await?;
            }
            (ChangeOp::Put, None) => {}
            (ChangeOp::Out, _) => session.out(change.kind, &change.id).await?,
        }
    }
    session.sweep().await?;
    let (mut changed, memory) = session.finish().await?;
    set_cursor(writing.connection(), Some(&batch.to)).await?;
    changed.outbox = outbox::confirm(writing.connection(), true).await?;
    writing.commit().await?;
    cache.changed_in(&changed.tickets);
    Ok(Applied::Done { changed: Box::new(changed), memory })
}

/// Stores fetched messages of one conversation; those of a conversation that left the cache while they were on their way stay out.
/// Returns what was new.
///
/// # Errors
/// When the cache cannot be written.
pub async fn put_messages(cache: &Cache, messages: &[Message], now: Timestamp) -> Result<Changed, CacheError> {
    let mut writing = cache.write_rows().await?;
    let mut session = Session::new(writing.connection(), cache.me(), false, now);
    for message in messages {
        if session.holds(message.conversation).await? {
            session.put_message(message, &serde_json::to_string(message)?).await?;
        }
    }
    let (changed, _) = session.finish().await?;
    writing.commit().await?;
    // Messages stand in no list of tickets.
    cache.changed_in(&[]);
    Ok(changed)
}

pub(crate) async fn set_cursor(connection: &mut SqliteConnection, cursor: Option<&str>) -> Result<(), CacheError> {
    match cursor {
        Some(cursor) => sqlx::query("INSERT OR REPLACE INTO meta VALUES ('cursor', ?)").bind(cursor).execute(connection).await?,
        None => sqlx::query("DELETE FROM meta WHERE key = 'cursor'").execute(connection).await?,
    };
    Ok(())
}

/// A snapshot's first line.
#[derive(Clone, Debug)]
pub(super) struct Start {
    pub cursor: String,
    pub now: Timestamp,
    pub epoch: Option<i64>,
}

/// The beginning of a snapshot. Returns whether it is of another desk than what is here (one restored from a backup): then messages go,
/// and commands that were taken but not seen to take effect are asked about again, since this desk may not know them.
pub(super) async fn begin_snapshot(cache: &Cache, start: &Start) -> Result<bool, CacheError> {
    let Some(epoch) = start.epoch else { return Ok(false) };
    let mut writing = cache.write_durable().await?;
    let known: Option<String> =
        sqlx::query_scalar("SELECT value FROM meta WHERE key = 'epoch'").fetch_optional(writing.connection()).await?;
    if known.as_deref() == Some(&*epoch.to_string()) || !Safeguard::Restored.holds() {
        return Ok(false);
    }
    set_cursor(writing.connection(), None).await?;
    sqlx::query("DELETE FROM messages").execute(writing.connection()).await?;
    outbox::ask_again(writing.connection()).await?;
    writing.commit().await?;
    cache.changed();
    Ok(true)
}

/// A person's tier may have changed: what it no longer reads goes, and what was withheld is asked for again.
async fn fit_tier(connection: &mut SqliteConnection, me: PersonId) -> Result<(), CacheError> {
    let row: Option<String> = sqlx::query_scalar("SELECT data FROM rows WHERE kind = 'person' AND id = ?")
        .bind(me.to_string())
        .fetch_optional(&mut *connection)
        .await?;
    let Some(person) = row.map(|json| serde_json::from_str::<Person>(&json)).transpose()? else { return Ok(()) };
    for tier in [2_u8, 3] {
        let wrong = access::reads_tier(&person, tier);
        sqlx::query("DELETE FROM messages WHERE tier = ? AND withheld = ?").bind(tier).bind(wrong).execute(&mut *connection).await?;
    }
    Ok(())
}

/// The end of a snapshot: rows that it did not name go, counts are made anew, the cursor is set.
pub(super) async fn finish_snapshot(cache: &Cache, seen: &HashMap<RowKind, HashSet<String>>, start: &Start) -> Result<(), CacheError> {
    let mut writing = cache.write_rows().await?;
    let mut gone: Vec<(RowKind, String)> = Vec::new();
    let none = HashSet::new();
    for kind in RowKind::ALL {
        let held: Vec<String> = match kind {
            RowKind::Message => continue,
            RowKind::Ticket => sqlx::query_scalar("SELECT CAST(number AS TEXT) FROM tickets").fetch_all(writing.connection()).await?,
            _ => sqlx::query_scalar("SELECT id FROM rows WHERE kind = ?").bind(kind.as_str()).fetch_all(writing.connection()).await?,
        };
        let seen = seen.get(&kind).unwrap_or(&none);
        gone.extend(held.into_iter().filter(|id| !seen.contains(id)).map(|id| (kind, id)));
        let aside = newer::set_aside(writing.connection(), kind).await?;
        gone.extend(aside.into_iter().filter(|id| !seen.contains(id)).map(|id| (kind, id)));
    }
    let mut session = Session::new(writing.connection(), cache.me(), true, start.now);
    for (kind, id) in gone {
        session.out(kind, &id).await?;
    }
    session.finish().await?;
    // Messages of what is no longer held; those that changed meanwhile are found missing by their conversation's count.
    sqlx::query(
        "DELETE FROM messages WHERE conversation NOT IN (SELECT conversation FROM tickets)
         AND NOT EXISTS (SELECT 1 FROM rows WHERE kind = 'conversation' AND id = json_extract(messages.data, '$.conversation'))",
    )
    .execute(writing.connection())
    .await?;
    fit_tier(writing.connection(), cache.me()).await?;
    recount(writing.connection()).await?;
    set_cursor(writing.connection(), Some(&start.cursor)).await?;
    if let Some(epoch) = start.epoch {
        sqlx::query("INSERT OR REPLACE INTO meta VALUES ('epoch', ?)").bind(epoch.to_string()).execute(writing.connection()).await?;
    }
    outbox::confirm(writing.connection(), true).await?;
    writing.commit().await?;
    cache.changed();
    Ok(())
}
