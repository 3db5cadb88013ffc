//! Commands left in the file of another console that has closed: the next console to open sends them.

use std::path::Path;

use sqlx::{Connection, Executor, SqlitePool};

use super::schema::OUTBOX_SCHEMA;
use super::{SLOTS, lock_of, open_private, slot_path};
use crate::base::lock::FileLock;
use crate::client::error::CacheError;

/// Moves what waits in the other files of `path` that nobody has open into ours, keys kept: what is moved twice is
/// still sent once.
///
/// # Errors
/// When a file cannot be read or written; what was not moved stays where it is.
pub(super) async fn adopt(durable: &SqlitePool, path: &Path, ours: &Path) -> Result<(), CacheError> {
    for slot in 1..=SLOTS {
        let other = slot_path(path, slot);
        if other == ours || !other.is_file() {
            continue;
        }
        // Held until the commands are moved: its console must not open meanwhile.
        let Ok(lock) = open_private(&lock_of(&other, slot)) else { continue };
        if let Ok(_held) = FileLock::take(lock) {
            take_over(durable, &other).await?;
        }
    }
    Ok(())
}

async fn take_over(durable: &SqlitePool, other: &Path) -> Result<(), CacheError> {
    let mut connection = durable.acquire().await?;
    sqlx::query("ATTACH DATABASE ? AS other").bind(other.display().to_string()).execute(&mut *connection).await?;
    let moved = move_rows(&mut connection).await;
    connection.execute("DETACH DATABASE other").await?;
    moved
}

async fn move_rows(connection: &mut sqlx::SqliteConnection) -> Result<(), CacheError> {
    let known: Option<i64> =
        sqlx::query_scalar("SELECT count(*) FROM other.sqlite_master WHERE name = 'outbox_meta'").fetch_optional(&mut *connection).await?;
    if known != Some(1) {
        return Ok(());
    }
    let schema: Option<i64> = sqlx::query_scalar("SELECT schema FROM other.outbox_meta").fetch_optional(&mut *connection).await?;
    if schema != Some(OUTBOX_SCHEMA) {
        return Ok(());
    }
    adopt_uploads(connection).await?;
    // Two transactions: a crash in between leaves the commands in both files, under the same keys.
    let mut tx = connection.begin().await?;
    tx.execute(
        "INSERT OR IGNORE INTO main.outbox(key, command, ticket, base_version, expires_at, made_at, state, cursor, done_ticket,
           done_version, done_message, refusal)
         SELECT key, command, ticket, base_version, expires_at, made_at, state, cursor, done_ticket, done_version, done_message, refusal
         FROM other.outbox ORDER BY n",
    )
    .await?;
    tx.commit().await?;
    connection.execute("DELETE FROM other.outbox").await?;
    move_drafts(connection).await
}

/// A draft that this file has as well stays as it is here, and the other one where it is.
async fn move_drafts(connection: &mut sqlx::SqliteConnection) -> Result<(), CacheError> {
    let known: i64 =
        sqlx::query_scalar("SELECT count(*) FROM other.sqlite_master WHERE name = 'drafts'").fetch_one(&mut *connection).await?;
    if known == 1 {
        connection.execute("INSERT OR IGNORE INTO main.drafts SELECT person, conversation, visibility, data FROM other.drafts").await?;
        connection
            .execute(
                "DELETE FROM other.drafts WHERE EXISTS (SELECT 1 FROM main.drafts AS ours WHERE ours.person = other.drafts.person
                   AND ours.conversation = other.drafts.conversation AND ours.visibility = other.drafts.visibility
                   AND ours.data = other.drafts.data)",
            )
            .await?;
    }
    Ok(())
}

/// Before the messages that wait for them.
async fn adopt_uploads(connection: &mut sqlx::SqliteConnection) -> Result<(), CacheError> {
    let known: i64 =
        sqlx::query_scalar("SELECT count(*) FROM other.sqlite_master WHERE name = 'uploads'").fetch_one(&mut *connection).await?;
    if known == 1 {
        connection
            .execute(
                "INSERT OR IGNORE INTO main.uploads(id, path, name, media_type, size, sha256, sent, state, error)
                 SELECT id, path, name, media_type, size, sha256, sent, state, error FROM other.uploads ORDER BY n",
            )
            .await?;
        connection.execute("DELETE FROM other.uploads").await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::base::clock::new_id;
    use crate::client::cache::Cache;
    use crate::client::outbox;
    use crate::domain::Timestamp;
    use crate::domain::command::Command;
    use crate::domain::id::{CommandKey, PersonId, TicketNumber};

    #[tokio::test]
    async fn what_a_second_console_left_is_sent_by_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("me.sqlite");
        let me = PersonId(new_id());
        let first = Cache::open(&path, me).await.unwrap();
        let second = Cache::open(&path, me).await.unwrap();
        assert_ne!(first.path(), second.path());
        let command = Command::AddTag { number: TicketNumber(7), tag: "late".to_owned() };
        let submission = outbox::submission(CommandKey(new_id()), command, None, Timestamp::UNIX_EPOCH);
        outbox::queue(&second, &submission, Timestamp::UNIX_EPOCH).await.unwrap();
        second.close().await;
        drop(second);
        first.close().await;
        drop(first);
        let next = Cache::open(&path, me).await.unwrap();
        let waiting = outbox::waiting(&next, 10).await.unwrap();
        assert_eq!(waiting.iter().map(|waiting| waiting.key).collect::<Vec<_>>(), [submission.key]);
    }
}
