//! Commands on their way: durable before "queued" is said, sent in order, kept when refused until the person decides.
//!
//! ```text
//! waiting ──answer──> taken ──sync has passed its effect──> gone
//!    └────refusal──> refused ──retry, or other words (a new key)──> waiting, or dropped by the person
//! ```
//! A lost answer is no matter: the row is still waiting, is sent again with the same key, and the server answers as before.

pub mod own;
pub mod send;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tray_tests;

use std::str::FromStr;

use chrono::DateTime;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use crate::base::safeguard::Safeguard;
use crate::client::cache::Cache;
use crate::client::error::CacheError;
use crate::client::files::uploads;
use crate::client::view::{OutboxEntry, OutboxState};
use crate::domain::command::{Command, MessageTarget, Submission};
use crate::domain::id::{CommandKey, TicketNumber};
use crate::domain::{Refusal, Timestamp};
use crate::wire::command::Answer;

/// Minutes after which a claim or assignment made offline is no longer wanted.
const INTENT_MINUTES: i64 = 10;

/// A command as it goes into the outbox.
#[must_use]
pub fn submission(key: CommandKey, command: Command, base_version: Option<i64>, now: Timestamp) -> Submission {
    let intent = matches!(command, Command::ClaimTicket { .. } | Command::AssignTicket { .. });
    Submission { key, base_version, expires_at: intent.then(|| now + chrono::Duration::minutes(INTENT_MINUTES)), command }
}

/// Queues a command: on disk when this returns.
///
/// # Errors
/// When the cache cannot be written: then nothing is queued.
pub async fn queue(cache: &Cache, submission: &Submission, now: Timestamp) -> Result<(), CacheError> {
    let mut writing = cache.write_durable().await?;
    insert(writing.connection(), submission, now).await?;
    writing.commit().await
}

/// Queues commands together: all on disk when this returns, or none.
///
/// # Errors
/// When the cache cannot be written: then nothing is queued.
pub async fn queue_all(cache: &Cache, submissions: &[Submission], now: Timestamp) -> Result<(), CacheError> {
    let mut writing = cache.write_durable().await?;
    for submission in submissions {
        insert(writing.connection(), submission, now).await?;
    }
    writing.commit().await
}

async fn insert(connection: &mut SqliteConnection, submission: &Submission, now: Timestamp) -> Result<(), CacheError> {
    sqlx::query("INSERT INTO outbox(key, command, ticket, base_version, expires_at, made_at) VALUES (?,?,?,?,?,?)")
        .bind(submission.key.to_string())
        .bind(serde_json::to_string(&submission.command)?)
        .bind(submission.command.ticket().map(|number| number.0))
        .bind(submission.base_version)
        .bind(submission.expires_at.map(|at| at.timestamp_millis()))
        .bind(now.timestamp_millis())
        .execute(connection)
        .await?;
    Ok(())
}

/// A message whose files are not all sent yet is passed over until they are.
const WAITING_SQL: &str = "SELECT key, command, base_version, expires_at FROM outbox WHERE state = 'waiting' AND NOT EXISTS
  (SELECT 1 FROM json_each(outbox.command, '$.files') AS file JOIN uploads ON uploads.id = file.value WHERE uploads.state <> 'done')
  ORDER BY n LIMIT ?";

/// The oldest waiting commands, in order, at most `limit`.
///
/// # Errors
/// When the cache cannot be read.
pub async fn waiting(cache: &Cache, limit: i64) -> Result<Vec<Submission>, CacheError> {
    let rows = sqlx::query(WAITING_SQL).bind(limit).fetch_all(cache.readers()).await?;
    rows.iter()
        .map(|row| {
            Ok(Submission {
                key: key(row),
                base_version: row.get("base_version"),
                expires_at: row.get::<Option<i64>, _>("expires_at").and_then(DateTime::from_timestamp_millis),
                command: serde_json::from_str(row.get("command"))?,
            })
        })
        .collect()
}

fn key(row: &SqliteRow) -> CommandKey {
    // Keys are written by `insert` alone; a broken one names no command.
    CommandKey::from_str(row.get("key")).unwrap_or_default()
}

/// All that is in the outbox, oldest first; of one ticket, when given.
///
/// # Errors
/// When the cache cannot be read.
pub async fn entries(cache: &Cache, ticket: Option<TicketNumber>) -> Result<Vec<OutboxEntry>, CacheError> {
    let rows = sqlx::query("SELECT key, command, made_at, state, refusal FROM outbox WHERE ?1 IS NULL OR ticket = ?1 ORDER BY n")
        .bind(ticket.map(|number| number.0))
        .fetch_all(cache.readers())
        .await?;
    rows.iter().map(entry).collect()
}

fn entry(row: &SqliteRow) -> Result<OutboxEntry, CacheError> {
    let state = match row.get::<&str, _>("state") {
        "taken" => OutboxState::Taken,
        "refused" => OutboxState::Refused(serde_json::from_str(row.get("refusal"))?),
        _ => OutboxState::Waiting,
    };
    Ok(OutboxEntry {
        key: key(row),
        command: serde_json::from_str(row.get("command"))?,
        made_at: DateTime::from_timestamp_millis(row.get("made_at")).unwrap_or_default(),
        state,
    })
}

/// How many commands wait, and how many were refused.
///
/// # Errors
/// When the cache cannot be read.
pub async fn tallies(cache: &Cache) -> Result<(usize, usize), CacheError> {
    let (waiting, refused): (i64, i64) =
        sqlx::query_as("SELECT coalesce(sum(state = 'waiting'), 0), coalesce(sum(state = 'refused'), 0) FROM outbox")
            .fetch_one(cache.readers())
            .await?;
    Ok((usize::try_from(waiting).unwrap_or(0), usize::try_from(refused).unwrap_or(0)))
}

/// Writes down the server's answers; what sync has already brought is gone at once.
///
/// # Errors
/// When the cache cannot be written: the commands wait on, and are asked about again.
pub async fn record(cache: &Cache, answers: &[Answer]) -> Result<(), CacheError> {
    let mut writing = cache.write_durable().await?;
    for answer in answers {
        match (&answer.refusal, &answer.result) {
            (Some(refusal), _) => refuse(writing.connection(), answer.key, refusal).await?,
            (None, result) => {
                let result = result.clone().unwrap_or_default();
                let message = message_to_await(writing.connection(), answer.key, result.message).await?;
                sqlx::query(
                    "UPDATE outbox SET state = 'taken', cursor = ?, done_ticket = ?, done_version = ?, done_message = ?
                     WHERE key = ? AND state = 'waiting'",
                )
                .bind(&answer.cursor)
                .bind(result.ticket.map(|number| number.0))
                .bind(result.version)
                .bind(message.map(|id| id.to_string()))
                .bind(answer.key.to_string())
                .execute(writing.connection())
                .await?;
                // After it no longer waits itself: what it was made from stays on record.
                if let (Some(ticket), Some(version), false) = (result.ticket, result.version, result.unchanged) {
                    follow(writing.connection(), ticket, version).await?;
                }
                if result.unchanged {
                    sqlx::query("DELETE FROM outbox WHERE key = ? AND state = 'taken'")
                        .bind(answer.key.to_string())
                        .execute(writing.connection())
                        .await?;
                }
            }
        }
    }
    if !Safeguard::OutboxUntilSeen.holds() {
        sqlx::query("DELETE FROM outbox WHERE state = 'taken'").execute(writing.connection()).await?;
    }
    confirm(writing.connection(), false).await?;
    writing.commit().await
}

/// This person's own command made `version` of a ticket. What waits and was made from the one before is no surprise by that: it
/// compares with this one from now on. Anything else that changed in between still is one.
async fn follow(connection: &mut SqliteConnection, ticket: TicketNumber, version: i64) -> Result<(), CacheError> {
    sqlx::query("UPDATE outbox SET base_version = ?1 WHERE ticket = ?2 AND state = 'waiting' AND base_version = ?1 - 1")
        .bind(version)
        .bind(ticket.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// The message whose arrival shows that a post to a conversation has come round.
async fn message_to_await(
    connection: &mut SqliteConnection,
    key: CommandKey,
    message: Option<crate::domain::id::MessageId>,
) -> Result<Option<crate::domain::id::MessageId>, CacheError> {
    let command: Option<String> =
        sqlx::query_scalar("SELECT command FROM outbox WHERE key = ?").bind(key.to_string()).fetch_optional(connection).await?;
    let Some(command) = command else { return Ok(None) };
    Ok(match serde_json::from_str(&command)? {
        Command::PostMessage(post) if matches!(post.target, MessageTarget::Conversation { .. }) => message.or(Some(post.message)),
        _ => None,
    })
}

/// Taken commands whose effect has not come wait again, under their keys: a server that knows them answers as before.
pub(super) async fn ask_again(connection: &mut SqliteConnection) -> Result<(), CacheError> {
    sqlx::query(
        "UPDATE outbox SET state = 'waiting', cursor = NULL, done_ticket = NULL, done_version = NULL, done_message = NULL
         WHERE state = 'taken'",
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keys of all commands that wait.
///
/// # Errors
/// When the cache cannot be read.
pub(super) async fn waiting_keys(cache: &Cache) -> Result<Vec<CommandKey>, CacheError> {
    let rows = sqlx::query("SELECT key FROM outbox WHERE state = 'waiting'").fetch_all(cache.readers()).await?;
    Ok(rows.iter().map(key).collect())
}

async fn refuse(connection: &mut SqliteConnection, key: CommandKey, refusal: &Refusal) -> Result<(), CacheError> {
    sqlx::query("UPDATE outbox SET state = 'refused', refusal = ? WHERE key = ? AND state = 'waiting'")
        .bind(serde_json::to_string(refusal)?)
        .bind(key.to_string())
        .execute(connection)
        .await?;
    Ok(())
}

/// Removes taken commands whose effect the cache shows, or cannot show: what was said where this person no longer looks does not come. `batch`: one arrived since the answer, for those without a row to compare.
/// Returns whether any went.
pub(super) async fn confirm(connection: &mut SqliteConnection, batch: bool) -> Result<bool, CacheError> {
    let done = sqlx::query(
        "DELETE FROM outbox WHERE state = 'taken' AND CASE
           WHEN ticket IS NOT NULL AND done_version IS NOT NULL
             THEN NOT EXISTS (SELECT 1 FROM tickets AS t WHERE t.number = outbox.ticket AND t.version < outbox.done_version)
           WHEN done_message IS NOT NULL THEN EXISTS (SELECT 1 FROM messages AS m WHERE m.id = outbox.done_message)
             OR (?1 AND NOT EXISTS (SELECT 1 FROM rows WHERE kind = 'conversation' AND id = json_extract(outbox.command, '$.target.id'))
                 AND NOT EXISTS (SELECT 1 FROM tickets WHERE conversation = unhex(replace(json_extract(outbox.command, '$.target.id'), '-', ''))))
           ELSE ?1 END",
    )
    .bind(batch)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Sends a refused command again under `fresh`, compared against what the cache shows now: the server remembers its answer to
/// the old key. Returns whether there was one.
///
/// # Errors
/// When the cache cannot be written.
pub async fn retry(cache: &Cache, refused: CommandKey, fresh: CommandKey, now: Timestamp) -> Result<bool, CacheError> {
    let mut writing = cache.write_durable().await?;
    let Some((command, base)) = take_refused(writing.connection(), refused).await? else { return Ok(false) };
    insert(writing.connection(), &submission(fresh, command, base, now), now).await?;
    uploads::revive(writing.connection()).await?;
    writing.commit().await?;
    Ok(true)
}

/// Sends `command` under `fresh` in a refused one's place: that goes only with the new one queued. It is queued also where the
/// refused one has gone meanwhile, for its text is nowhere else. Returns whether it was still there.
///
/// # Errors
/// When the cache cannot be written: then all is as it was.
pub async fn resend(cache: &Cache, refused: CommandKey, fresh: CommandKey, command: Command, now: Timestamp) -> Result<bool, CacheError> {
    let mut writing = cache.write_durable().await?;
    let gone = take_refused(writing.connection(), refused).await?;
    let base = gone.as_ref().and_then(|(_, base)| *base);
    insert(writing.connection(), &submission(fresh, command, base, now), now).await?;
    uploads::revive(writing.connection()).await?;
    writing.commit().await?;
    Ok(gone.is_some())
}

/// Takes a refused command out, with the version to compare against now: what the cache shows.
async fn take_refused(connection: &mut SqliteConnection, refused: CommandKey) -> Result<Option<(Command, Option<i64>)>, CacheError> {
    let gone = sqlx::query("DELETE FROM outbox WHERE key = ? AND state = 'refused' RETURNING command, ticket, base_version")
        .bind(refused.to_string())
        .fetch_optional(&mut *connection)
        .await?;
    let Some(gone) = gone else { return Ok(None) };
    let version: Option<i64> = sqlx::query_scalar("SELECT version FROM tickets WHERE number = ?")
        .bind(gone.get::<Option<i64>, _>("ticket"))
        .fetch_optional(connection)
        .await?;
    let base = gone.get::<Option<i64>, _>("base_version").map(|old| version.unwrap_or(old));
    Ok(Some((serde_json::from_str(gone.get("command"))?, base)))
}

/// Keeps other words in a refused command, which stays refused: its old key is never sent again. Returns whether there was one.
///
/// # Errors
/// When the cache cannot be written.
pub async fn rewrite(cache: &Cache, refused: CommandKey, command: &Command) -> Result<bool, CacheError> {
    let mut writing = cache.write_durable().await?;
    let done = sqlx::query("UPDATE outbox SET command = ? WHERE key = ? AND state = 'refused'")
        .bind(serde_json::to_string(command)?)
        .bind(refused.to_string())
        .execute(writing.connection())
        .await?;
    writing.commit().await?;
    Ok(done.rows_affected() > 0)
}

/// Forgets a refused command. Returns whether there was one.
///
/// # Errors
/// When the cache cannot be written.
pub async fn drop_refused(cache: &Cache, key: CommandKey) -> Result<bool, CacheError> {
    let mut writing = cache.write_durable().await?;
    let done =
        sqlx::query("DELETE FROM outbox WHERE key = ? AND state = 'refused'").bind(key.to_string()).execute(writing.connection()).await?;
    writing.commit().await?;
    Ok(done.rows_affected() > 0)
}

/// Forgets a command that still waits; who calls makes sure that it was never sent. Returns whether there was one.
///
/// # Errors
/// When the cache cannot be written.
pub async fn take_back(cache: &Cache, key: CommandKey) -> Result<bool, CacheError> {
    let mut writing = cache.write_durable().await?;
    let done =
        sqlx::query("DELETE FROM outbox WHERE key = ? AND state = 'waiting'").bind(key.to_string()).execute(writing.connection()).await?;
    writing.commit().await?;
    Ok(done.rows_affected() > 0)
}
