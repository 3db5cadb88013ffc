//! Opening a desk's file: lock, writer, migrations, readers; and a clear sentence when it cannot be opened.

use std::fs::{OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::sync::{Mutex, mpsc, watch};

use super::errors::database;
use super::writer::{self, WAITING_MAX, Writing};
use super::{SqliteStore, schema, search_index};
use crate::base::clock::Clock;
use crate::base::lock::FileLock;
use crate::base::safeguard::Safeguard;
use crate::domain::Timestamp;
use crate::store::StoreError;

/// Connections that read beside each other.
const READERS: u32 = 3;
/// Kibibytes of pages that a connection keeps, as SQLite takes them: the writer goes through many indices; what a reader passes over once the
/// system keeps as well.
const WRITER_CACHE: &str = "-32768";
const READER_CACHE: &str = "-4096";

/// Opens the desk at `path`, making it when there is none. One server at a time.
///
/// # Errors
/// [`StoreError::Unavailable`] with a sentence that says what is wrong with the path and what to do;
/// [`StoreError::TooNew`] for a file of a newer dutydesk.
pub async fn open(path: &Path, clock: Clock) -> Result<Arc<SqliteStore>, StoreError> {
    check_path(path)?;
    let lock = lock(path)?;
    refuse_newer(path).await?;
    let mut connection = connect(path).await?;
    schema::migrate(&mut connection, clock.now()).await.map_err(|error| explain(path, error))?;
    if !Safeguard::OneAssignee.holds() {
        sqlx::query("DROP INDEX IF EXISTS assignments_open").execute(&mut connection).await.map_err(database)?;
    }
    let waits = search_index::at_opening(&mut connection).await.map_err(|error| explain(path, database(error)))?;
    let writing = Writing::read(&mut connection).await.map_err(database)?;
    let head = writing.position(writing.head);
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(30))
        .connect_with(options(path).read_only(true).pragma("query_only", "ON").pragma("cache_size", READER_CACHE))
        .await
        .map_err(|error| explain(path, database(error)))?;
    let (jobs, waiting) = mpsc::channel(WAITING_MAX);
    let (announce, announced) = watch::channel(head);
    let task = tokio::spawn(async move {
        writer::write(connection, writing, waiting, announce).await;
        // Not before the last commit: the next server reads the head and the next number from the file.
        drop(lock);
    });
    let searchable = Arc::new(AtomicBool::new(!waits));
    let indexing = Mutex::new(waits.then(|| search_index::behind(&jobs, Arc::clone(&searchable))));
    Ok(Arc::new(SqliteStore { path: path.to_owned(), clock, readers, jobs, announced, task: Mutex::new(Some(task)), searchable, indexing }))
}

/// Makes a desk's file of an earlier schema, or brings one up to it, as an older dutydesk would: upgrades are tried from such files.
///
/// # Errors
/// As [`open`].
pub async fn make_older(path: &Path, schema: i64, now: Timestamp) -> Result<(), StoreError> {
    check_path(path)?;
    let mut connection = connect(path).await?;
    schema::migrate_to(&mut connection, schema, now).await.map_err(|error| explain(path, error))?;
    connection.close().await.map_err(|error| explain(path, database(error)))
}

/// The newest schema that this dutydesk knows.
#[must_use]
pub fn known_schema() -> i64 {
    schema::known_schema()
}

/// Finds a file of a newer dutydesk before anything is written to it: opening it to write would change its journal mode.
async fn refuse_newer(path: &Path) -> Result<(), StoreError> {
    let empty = std::fs::metadata(path).map_or(true, |file| file.len() == 0);
    if empty {
        return Ok(());
    }
    // What else is wrong with the file is told by whoever opens it to write.
    let Ok(mut reader) = options(path).read_only(true).connect().await else { return Ok(()) };
    let found = schema::found_schema(&mut reader).await;
    let _ = reader.close().await;
    match found {
        Ok(Some(found)) if found > schema::known_schema() => Err(StoreError::TooNew { found, known: schema::known_schema() }),
        _ => Ok(()),
    }
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(Duration::from_secs(5))
        .statement_cache_capacity(400)
        .pragma("temp_store", "MEMORY")
        .disable_statement_logging()
}

async fn connect(path: &Path) -> Result<SqliteConnection, StoreError> {
    options(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("cache_size", WRITER_CACHE)
        .pragma("wal_autocheckpoint", "4000")
        .connect()
        .await
        .map_err(|error| explain(path, database(error)))
}

fn unavailable(sentence: String) -> StoreError {
    StoreError::Unavailable(sentence)
}

/// What can be told before the engine is asked.
fn check_path(path: &Path) -> Result<(), StoreError> {
    if path.is_dir() {
        return Err(unavailable(format!("{} is a folder: name a file in it, such as {}", path.display(), path.join("desk.db").display())));
    }
    let folder = folder(path);
    if !folder.is_dir() {
        return Err(unavailable(format!("the folder {} does not exist: make it, or name another path", folder.display())));
    }
    // Asking to write finds a read-only file or disk before the engine would, and changes nothing.
    let file = OpenOptions::new().read(true).append(true).create(true).open(path);
    file.map(drop).map_err(|error| unavailable(format!("{} cannot be written ({error}): check its owner and permissions", path.display())))
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// The file whose lock says that a server uses the desk.
pub(super) fn lock_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    name.into()
}

/// Takes the desk for this process; the lock dies with it.
pub(super) fn lock(path: &Path) -> Result<FileLock, StoreError> {
    let lock_path = lock_path(path);
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(&lock_path);
    let file =
        file.map_err(|error| unavailable(format!("{} cannot be written ({error}): check its owner and permissions", lock_path.display())))?;
    FileLock::take(file).map_err(|error| match error {
        TryLockError::WouldBlock => unavailable(format!(
            "{} is in use by another dutydesk: stop that server, or connect to it with `dutydesk login URL`",
            path.display()
        )),
        TryLockError::Error(error) => unavailable(format!("{} cannot be locked ({error}): use a local disk", lock_path.display())),
    })
}

/// Puts the path into what the engine could not say better.
pub(super) fn explain(path: &Path, error: StoreError) -> StoreError {
    match error {
        StoreError::Database(sqlx::Error::Database(inner)) if inner.code().as_deref() == Some("26") => not_a_database(path),
        StoreError::Database(error) => {
            unavailable(format!("{} cannot be opened ({error}): check the file, or restore a backup", path.display()))
        }
        StoreError::Unavailable(sentence) if sentence.contains("not a database") => not_a_database(path),
        StoreError::Unavailable(sentence) => unavailable(format!("{}: {sentence}", path.display())),
        other => other,
    }
}

fn not_a_database(path: &Path) -> StoreError {
    unavailable(format!("{} is not a database: name a dutydesk database, or a new file", path.display()))
}
