//! Copies of the desk: taken while it is in use, and put back when it is not.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::errors::meaning;
use super::open::{explain, lock};
use super::{SqliteStore, schema};
use crate::domain::Timestamp;
use crate::store::StoreError;

fn unavailable(sentence: String) -> StoreError {
    StoreError::Unavailable(sentence)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn trouble(path: &Path, error: &std::io::Error) -> StoreError {
    unavailable(format!("{} cannot be written ({error}): check its folder, permissions and free space", path.display()))
}

/// Writes a consistent copy to `to`. It appears under its name only when it is whole and on the disk.
pub(super) async fn backup(store: &SqliteStore, to: &Path) -> Result<(), StoreError> {
    backup_file(&store.path, to).await
}

/// Writes a consistent copy of the desk at `from` to `to`, whether or not a server uses it.
///
/// # Errors
/// When `from` is no database, or `to` exists or cannot be written.
pub async fn backup_file(from: &Path, to: &Path) -> Result<(), StoreError> {
    if !from.is_file() {
        return Err(unavailable(format!("{} is not a file: name the desk's database", from.display())));
    }
    if to.exists() {
        return Err(unavailable(format!("{} exists: name a new file for the backup", to.display())));
    }
    let part = with_suffix(to, ".part");
    remove_if_there(&part)?;
    let options = SqliteConnectOptions::new().filename(from).read_only(true).disable_statement_logging();
    let mut reader = options.connect().await.map_err(|error| explain(from, StoreError::Database(error)))?;
    let copied = sqlx::query("VACUUM INTO ?").bind(part.to_string_lossy().into_owned()).execute(&mut reader).await;
    let _ = reader.close().await;
    if let Err(error) = copied {
        let _ = fs::remove_file(&part);
        return Err(not_written(to, &error));
    }
    File::open(&part).and_then(|file| file.sync_all()).map_err(|error| trouble(&part, &error))?;
    // A link refuses a name taken meanwhile; where the file system has no links, renaming has to do.
    if fs::hard_link(&part, to).is_ok() {
        return remove_if_there(&part);
    }
    if to.exists() {
        remove_if_there(&part)?;
        return Err(unavailable(format!("{} exists: name a new file for the backup", to.display())));
    }
    fs::rename(&part, to).map_err(|error| trouble(to, &error))
}

/// Why there is no copy: most often the disk, on which nothing is left of it.
fn not_written(to: &Path, error: &sqlx::Error) -> StoreError {
    let why = meaning(error).unwrap_or_else(|| format!("{error}: check its folder, permissions and free space"));
    unavailable(format!("the backup {} was not made: {why}. The desk itself is unharmed", to.display()))
}

fn remove_if_there(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(trouble(path, &error)),
        _ => Ok(()),
    }
}

/// Makes the desk at `to` from the backup `from`. No server may use it. Its epoch changes, so that every console starts over
/// instead of holding what the backup does not know.
///
/// # Errors
/// When `from` is not a whole dutydesk database of a known schema, when `to` exists and `overwrite` is not set, or
/// when `to` is in use.
pub async fn restore(from: &Path, to: &Path, overwrite: bool, now: Timestamp) -> Result<(), StoreError> {
    if !from.is_file() {
        return Err(unavailable(format!("{} is not a file: name a backup made with `dutydesk admin backup`", from.display())));
    }
    if to.exists() && !overwrite {
        return Err(unavailable(format!("{} exists: name a new file, or say that it may be overwritten", to.display())));
    }
    let held = lock(to)?;
    let part = with_suffix(to, ".part");
    let prepared = prepare(from, &part, now).await;
    if let Err(error) = prepared {
        for suffix in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(with_suffix(&part, suffix));
        }
        return Err(error);
    }
    // Leftovers of the old file would be taken for the new one's.
    for suffix in ["-wal", "-shm"] {
        remove_if_there(&with_suffix(to, suffix))?;
    }
    fs::rename(&part, to).map_err(|error| trouble(to, &error))?;
    drop(held);
    Ok(())
}

async fn prepare(from: &Path, part: &Path, now: Timestamp) -> Result<(), StoreError> {
    fs::copy(from, part).map_err(|error| trouble(part, &error))?;
    let options = SqliteConnectOptions::new().filename(part).journal_mode(SqliteJournalMode::Delete).disable_statement_logging();
    let mut copy = options.connect().await.map_err(|error| explain(from, StoreError::Database(error)))?;
    check_copy(&mut copy, from).await?;
    let renewed = async {
        let old = schema::epoch(&mut copy).await?;
        schema::set_meta(&mut copy, "epoch", now.timestamp_millis().max(old + 1)).await
    };
    renewed.await.map_err(|error| explain(part, StoreError::Database(error)))?;
    copy.close().await.map_err(|error| explain(part, StoreError::Database(error)))?;
    File::open(part).and_then(|file| file.sync_all()).map_err(|error| trouble(part, &error))
}

async fn check_copy(copy: &mut SqliteConnection, from: &Path) -> Result<(), StoreError> {
    let sound: String = sqlx::query_scalar("PRAGMA quick_check(1)")
        .fetch_one(&mut *copy)
        .await
        .map_err(|error| explain(from, StoreError::Database(error)))?;
    if sound != "ok" {
        return Err(unavailable(format!("{} is damaged ({sound}): use another backup", from.display())));
    }
    let found = schema::found_schema(copy).await.map_err(|error| explain(from, StoreError::Database(error)))?;
    match found {
        None | Some(0) => {
            Err(unavailable(format!("{} is not a dutydesk database: name a backup made with `dutydesk admin backup`", from.display())))
        }
        Some(found) if found > schema::known_schema() => Err(StoreError::TooNew { found, known: schema::known_schema() }),
        Some(_) => Ok(()),
    }
}
