//! Uploads as rows beside the outbox: they outlive the program, and a message waits for those it names.

use std::collections::HashMap;
use std::path::PathBuf;

use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use super::Transfer;
use super::local::Local;
use crate::client::cache::Cache;
use crate::client::error::CacheError;
use crate::client::view::OutboxEntry;
use crate::domain::Refusal;
use crate::domain::command::Command;
use crate::domain::conversation::Attachment;
use crate::domain::id::FileId;
use crate::domain::refusal::RefusalKind;

/// Notes a chosen file, to be sent.
///
/// # Errors
/// When the cache cannot be written.
pub async fn add(cache: &Cache, local: &Local) -> Result<(), CacheError> {
    let mut writing = cache.write_durable().await?;
    sqlx::query("INSERT OR IGNORE INTO uploads(id, path, name, media_type, size, sha256) VALUES (?,?,?,?,?,?)")
        .bind(local.id.to_string())
        .bind(local.path.to_string_lossy().into_owned())
        .bind(&local.name)
        .bind(&local.media_type)
        .bind(i64::try_from(local.size).unwrap_or(i64::MAX))
        .bind(&local.sha256)
        .execute(writing.connection())
        .await?;
    writing.commit().await
}

/// The oldest upload that is not over.
///
/// # Errors
/// When the cache cannot be read.
pub async fn next(cache: &Cache) -> Result<Option<Local>, CacheError> {
    let row = sqlx::query("SELECT * FROM uploads WHERE state = 'waiting' ORDER BY n LIMIT 1").fetch_optional(cache.readers()).await?;
    Ok(row.map(|row| local(&row)))
}

fn local(row: &SqliteRow) -> Local {
    Local {
        // Written by `add` alone; a broken id names no file.
        id: row.get::<&str, _>("id").parse().unwrap_or_default(),
        path: PathBuf::from(row.get::<String, _>("path")),
        name: row.get("name"),
        media_type: row.get("media_type"),
        size: u64::try_from(row.get::<i64, _>("size")).unwrap_or_default(),
        sha256: row.get("sha256"),
    }
}

/// What the messages of `pending` will carry, by file: what was chosen on this machine.
///
/// # Errors
/// When the cache cannot be read.
pub async fn chosen(cache: &Cache, pending: &[OutboxEntry]) -> Result<HashMap<FileId, Attachment>, CacheError> {
    let carries = |entry: &OutboxEntry| matches!(&entry.command, Command::PostMessage(post) if !post.files.is_empty());
    if !pending.iter().any(carries) {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query("SELECT * FROM uploads").fetch_all(cache.readers()).await?;
    let attachment = |row: &SqliteRow| {
        let Local { id, name, media_type, size, .. } = local(row);
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        (id, Attachment { name, media_type, size, url: String::new(), file: Some(id) })
    };
    Ok(rows.iter().map(attachment).collect())
}

/// Uploads that are not over, and those that failed.
///
/// # Errors
/// When the cache cannot be read.
pub async fn open(cache: &Cache) -> Result<Vec<Transfer>, CacheError> {
    let rows = sqlx::query("SELECT * FROM uploads WHERE state <> 'done' ORDER BY n").fetch_all(cache.readers()).await?;
    let transfer = |row: &SqliteRow| {
        let Local { id, name, size, .. } = local(row);
        let done = u64::try_from(row.get::<i64, _>("sent")).unwrap_or_default();
        Transfer { file: id, name, done, size, up: true, failed: row.get("error") }
    };
    Ok(rows.iter().map(transfer).collect())
}

/// Notes how far an upload has come.
///
/// # Errors
/// When the cache cannot be written.
pub async fn advance(cache: &Cache, id: FileId, sent: u64, done: bool) -> Result<(), CacheError> {
    let mut writing = cache.write_durable().await?;
    sqlx::query("UPDATE uploads SET sent = ?, state = CASE WHEN ? THEN 'done' ELSE state END, error = NULL WHERE id = ?")
        .bind(i64::try_from(sent).unwrap_or(i64::MAX))
        .bind(done)
        .bind(id.to_string())
        .execute(writing.connection())
        .await?;
    writing.commit().await
}

/// Gives an upload up: messages that wait for it are refused, and keep their text until the person decides.
///
/// # Errors
/// When the cache cannot be written.
pub async fn fail(cache: &Cache, id: FileId, why: &str) -> Result<(), CacheError> {
    let refusal = Refusal::new(RefusalKind::Invalid, "upload_failed", why);
    let mut writing = cache.write_durable().await?;
    sqlx::query("UPDATE uploads SET state = 'failed', error = ? WHERE id = ?")
        .bind(why)
        .bind(id.to_string())
        .execute(writing.connection())
        .await?;
    sqlx::query(
        "UPDATE outbox SET state = 'refused', refusal = ? WHERE state = 'waiting'
         AND EXISTS (SELECT 1 FROM json_each(outbox.command, '$.files') AS file WHERE file.value = ?)",
    )
    .bind(serde_json::to_string(&refusal)?)
    .bind(id.to_string())
    .execute(writing.connection())
    .await?;
    writing.commit().await
}

/// Failed uploads that a waiting message names are tried again: with its retry, for a message that waits for what nobody sends
/// would wait for ever.
///
/// # Errors
/// When the cache cannot be written.
pub async fn revive(connection: &mut SqliteConnection) -> Result<(), CacheError> {
    sqlx::query(
        "UPDATE uploads SET state = 'waiting', error = NULL WHERE state = 'failed' AND id IN
         (SELECT file.value FROM outbox, json_each(outbox.command, '$.files') AS file WHERE outbox.state = 'waiting')",
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Forgets uploads that are over and that no command names any more.
///
/// # Errors
/// When the cache cannot be written.
pub async fn sweep(cache: &Cache) -> Result<(), CacheError> {
    let mut writing = cache.write_durable().await?;
    sqlx::query(
        "DELETE FROM uploads WHERE state <> 'waiting' AND id NOT IN
         (SELECT file.value FROM outbox, json_each(outbox.command, '$.files') AS file)",
    )
    .execute(writing.connection())
    .await?;
    writing.commit().await
}

/// Forgets an upload.
///
/// # Errors
/// When the cache cannot be written.
pub async fn remove(cache: &Cache, id: FileId) -> Result<(), CacheError> {
    let mut writing = cache.write_durable().await?;
    sqlx::query("DELETE FROM uploads WHERE id = ?").bind(id.to_string()).execute(writing.connection()).await?;
    writing.commit().await
}
