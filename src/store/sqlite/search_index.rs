//! Taking texts into the indices of full-text search: with each write, and once for what was written before there was search.
//!
//! The one-off goes newest first, in batches that are chores like any other, so that commands pass between them. It starts at
//! the top whenever the file is opened unfinished: a copy may have numbered its rows anew, and what is there is passed over.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::{Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::cells::Cell;
use super::chores::Chore;
use super::schema::set_meta;
use super::writer::Job;
use crate::base::terms::fts5::Columns;
use crate::domain::conversation::Message;
use crate::domain::search::{is_note, searched};
use crate::domain::ticket::Ticket;
use crate::store::StoreError;

/// Rows taken in while the file is opened: a small desk is searchable at once.
const AT_OPENING: i64 = 500;
/// Rows of one batch behind it: some tens of milliseconds of the writer's time.
const BATCH: i64 = 200;

/// The columns of `search_ticket_put`.
pub(super) fn ticket(row: &Ticket) -> Vec<Cell> {
    let texts = searched(row);
    let columns = Columns::of(texts.iter().map(String::as_str));
    vec![row.number.0.into(), columns.mark().into(), columns.terms.into(), columns.exact.into()]
}

/// Whether a ticket is still found by the same texts.
pub(super) fn same(before: &Ticket, after: &Ticket) -> bool {
    searched(before) == searched(after)
}

/// The columns of `search_message_put`.
pub(super) fn message(row: &Message) -> Vec<Cell> {
    let columns = Columns::of([row.text.as_str()]);
    vec![
        row.id.to_string().into(),
        row.conversation.to_string().into(),
        i64::from(row.visibility.tier()).into(),
        is_note(row).into(),
        row.created_at.into(),
        columns.mark().into(),
        columns.terms.into(),
        columns.exact.into(),
    ]
}

/// Takes a first batch in; whether something still waits.
pub(super) async fn at_opening(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    if meta(connection, "search_waits").await? == 0 {
        return Ok(false);
    }
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    set_meta(&mut transaction, "search_tickets", i64::MAX).await?;
    set_meta(&mut transaction, "search_messages", i64::MAX).await?;
    let done = batch(&mut transaction, AT_OPENING).await?;
    transaction.commit().await?;
    Ok(done > 0)
}

/// Takes the rest in, batch by batch, until nothing waits or the writer ends.
pub(super) fn behind(jobs: &mpsc::Sender<Job>, whole: Arc<AtomicBool>) -> JoinHandle<()> {
    let jobs = jobs.downgrade();
    tokio::spawn(async move {
        loop {
            let (answer, answered) = oneshot::channel();
            // Not held across the batch: whoever closes the desk does not wait for this.
            let Some(sender) = jobs.upgrade() else { return };
            if sender.send(Job::Chore(Chore::IndexTexts { most: BATCH }, answer)).await.is_err() {
                return;
            }
            drop(sender);
            match answered.await {
                Ok(Ok(0)) => return whole.store(true, Ordering::Release),
                Ok(Ok(_)) => {}
                Ok(Err(StoreError::Busy)) | Err(_) => return,
                Ok(Err(error)) => {
                    tracing::error!(%error, "older texts are not searchable until the next start");
                    return;
                }
            }
        }
    })
}

/// Takes the next rows in, at most `most`: how many there were. 0 ends it for good.
pub(super) async fn batch(connection: &mut SqliteConnection, most: i64) -> Result<u64, sqlx::Error> {
    let tickets = tickets(connection, most).await?;
    let messages = if tickets < most { messages(connection, most - tickets).await? } else { 0 };
    if tickets + messages == 0 {
        set_meta(connection, "search_waits", 0).await?;
    }
    Ok(u64::try_from(tickets + messages).unwrap_or(0))
}

async fn tickets(connection: &mut SqliteConnection, most: i64) -> Result<i64, sqlx::Error> {
    let below = meta(connection, "search_tickets").await?;
    let sql = "SELECT t.number, t.data FROM tickets t WHERE t.number < ? AND NOT EXISTS (SELECT 1 FROM ticket_docs d WHERE d.number = t.number) \
               ORDER BY t.number DESC LIMIT ?";
    let rows: Vec<(i64, String)> = sqlx::query_as(sql).bind(below).bind(most).fetch_all(&mut *connection).await?;
    for (number, data) in &rows {
        // A row that cannot be read is told when it is asked for; it does not keep the others from being found.
        let Ok(row) = serde_json::from_str::<Ticket>(data) else { continue };
        let texts = searched(&row);
        let columns = Columns::of(texts.iter().map(String::as_str));
        sqlx::query("INSERT INTO search_ticket_put (number, mark, terms, exact) VALUES (?, ?, ?, ?)")
            .bind(number)
            .bind(columns.mark())
            .bind(columns.terms)
            .bind(columns.exact)
            .execute(&mut *connection)
            .await?;
    }
    if let Some((last, _)) = rows.last() {
        set_meta(connection, "search_tickets", *last).await?;
    }
    Ok(i64::try_from(rows.len()).unwrap_or(0))
}

async fn messages(connection: &mut SqliteConnection, most: i64) -> Result<i64, sqlx::Error> {
    let below = meta(connection, "search_messages").await?;
    let sql = "SELECT m.rowid, m.data FROM messages m WHERE m.rowid < ? AND NOT EXISTS (SELECT 1 FROM message_docs d WHERE d.message = m.id) \
               ORDER BY m.rowid DESC LIMIT ?";
    let rows: Vec<(i64, String)> = sqlx::query_as(sql).bind(below).bind(most).fetch_all(&mut *connection).await?;
    let lowest: i64 = sqlx::query_scalar("SELECT COALESCE(MIN(doc), 1) FROM message_docs").fetch_one(&mut *connection).await?;
    let mut doc = lowest.min(1);
    for (_, data) in &rows {
        let Ok(row) = serde_json::from_str::<Message>(data) else { continue };
        doc -= 1;
        let columns = Columns::of([row.text.as_str()]);
        let sql = "INSERT INTO message_docs (doc, message, conversation, tier, note, at, mark, stale) VALUES (?, ?, ?, ?, ?, ?, ?, 1)";
        sqlx::query(sql)
            .bind(doc)
            .bind(row.id.to_string())
            .bind(row.conversation.to_string())
            .bind(i64::from(row.visibility.tier()))
            .bind(is_note(&row))
            .bind(row.created_at.timestamp_millis())
            .bind(columns.mark())
            .execute(&mut *connection)
            .await?;
        sqlx::query("INSERT INTO search_messages (rowid, terms, exact) VALUES (?, ?, ?)")
            .bind(doc)
            .bind(columns.terms)
            .bind(columns.exact)
            .execute(&mut *connection)
            .await?;
    }
    if let Some((last, _)) = rows.last() {
        set_meta(connection, "search_messages", *last).await?;
    }
    Ok(i64::try_from(rows.len()).unwrap_or(0))
}

async fn meta(connection: &mut SqliteConnection, name: &str) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT value FROM meta WHERE name = ?").bind(name).fetch_one(connection).await
}
