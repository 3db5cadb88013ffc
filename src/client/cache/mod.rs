//! The console's replica of what its person may see: one SQLite file per profile, server and person.
//!
//! Readers here only read; [`crate::client::sync::apply`] is the only writer of rows, [`crate::client::outbox`] of the outbox.

mod adopt;
pub(crate) mod counts;
pub(crate) mod facts;
mod filtered;
pub(crate) mod lists;
pub(crate) mod messages;
mod narrow;
mod rows;
mod schema;
pub(crate) mod search;
#[cfg(test)]
pub(crate) mod tests;
mod words;

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection, Executor, Sqlite, SqliteConnection, Transaction};

use crate::base::lock::FileLock;
use crate::domain::id::PersonId;
use crate::wire::PROTOCOL;

use super::error::CacheError;
use filtered::Filtered;
use schema::{DRAFTS_SQL, OUTBOX_SCHEMA, OUTBOX_SQL, ROW_TABLES, ROWS_SCHEMA, ROWS_SQL};
use words::Typing;

/// Consoles of one person on one machine that can have a cache each.
const SLOTS: u32 = 8;
const READERS: u32 = 3;
/// Kibibytes of pages that a connection keeps, as SQLite takes them: the one that writes rows has many indices to go through.
const ROWS_CACHE: &str = "-16384";
const READER_CACHE: &str = "-2048";
const DURABLE_CACHE: &str = "-512";
const BUSY: Duration = Duration::from_secs(20);

/// The open cache. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Cache {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    me: PersonId,
    path: PathBuf,
    readers: SqlitePool,
    /// One connection, `synchronous=NORMAL`: rows can be fetched again.
    rows: SqlitePool,
    /// One connection, `synchronous=FULL`: a queued command cannot.
    durable: SqlitePool,
    /// Keeps the two writing connections out of each other's way, in order of asking.
    writing: tokio::sync::Mutex<()>,
    /// Counts commits of rows: lists remembered for another generation are stale.
    generation: AtomicU64,
    /// How long the list was that was read last: from which end the next one is read. A wrong guess costs time only.
    last_total: AtomicUsize,
    filtered: std::sync::Mutex<Option<Filtered>>,
    typing: std::sync::Mutex<Typing>,
    /// Held by whoever brings the words of `typing` up.
    words_turn: tokio::sync::Mutex<()>,
    /// Held while open; the lock dies with the process.
    _lock: FileLock,
}

/// A transaction that holds the right to write.
pub struct Writing<'a> {
    pub tx: Transaction<'static, Sqlite>,
    _guard: tokio::sync::MutexGuard<'a, ()>,
}

impl Cache {
    /// Opens or makes the cache at `path` for `me`. A second console of the same person gets a file of its own beside it.
    ///
    /// # Errors
    /// When the file cannot be used, or holds unsent commands in a shape this version does not know.
    pub async fn open(path: &Path, me: PersonId) -> Result<Self, CacheError> {
        make_folder(path)?;
        let first = path;
        let (path, lock) = lock_slot(path)?;
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .busy_timeout(BUSY)
            .pragma("temp_store", "memory");
        // Pages are the system's to keep: what a connection holds, or maps, counts as the console's own memory, once for each.
        let cached = |options: &SqliteConnectOptions, pages: &'static str| options.clone().pragma("cache_size", pages);
        let why = |error: sqlx::Error| CacheError::Open { path: path.clone(), why: error.to_string() };
        let durable_options = cached(&options, DURABLE_CACHE).synchronous(SqliteSynchronous::Full);
        let durable = pool(1).connect_with(durable_options).await.map_err(why)?;
        prepare(&durable, &path, me).await?;
        adopt::adopt(&durable, first, &path).await?;
        let relaxed = options.synchronous(SqliteSynchronous::Normal);
        let rows = pool(1).connect_lazy_with(cached(&relaxed, ROWS_CACHE));
        let readers = pool(READERS).connect_lazy_with(cached(&relaxed, READER_CACHE));
        Ok(Self {
            inner: Arc::new(Inner {
                me,
                path,
                readers,
                rows,
                durable,
                writing: tokio::sync::Mutex::new(()),
                generation: AtomicU64::new(1),
                last_total: AtomicUsize::new(usize::MAX),
                filtered: std::sync::Mutex::new(None),
                typing: std::sync::Mutex::default(),
                words_turn: tokio::sync::Mutex::default(),
                _lock: lock,
            }),
        })
    }

    /// Whose cache it is.
    #[must_use]
    pub fn me(&self) -> PersonId {
        self.inner.me
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    pub(crate) fn readers(&self) -> &SqlitePool {
        &self.inner.readers
    }

    /// A transaction over rows; not synced to disk at commit.
    pub(crate) async fn write_rows(&self) -> Result<Writing<'_>, CacheError> {
        let guard = self.inner.writing.lock().await;
        Ok(Writing { tx: self.inner.rows.begin_with("BEGIN IMMEDIATE").await?, _guard: guard })
    }

    /// A transaction over the outbox; on disk when commit returns.
    pub(crate) async fn write_durable(&self) -> Result<Writing<'_>, CacheError> {
        let guard = self.inner.writing.lock().await;
        Ok(Writing { tx: self.inner.durable.begin_with("BEGIN IMMEDIATE").await?, _guard: guard })
    }

    fn generation(&self) -> u64 {
        self.inner.generation.load(Ordering::SeqCst)
    }

    /// Tells that rows were committed, any of them: remembered lists are stale.
    pub(crate) fn changed(&self) {
        self.words_gone();
        self.inner.generation.fetch_add(1, Ordering::SeqCst);
    }

    /// Where sync goes on; absent before the first whole snapshot.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn cursor(&self) -> Result<Option<String>, CacheError> {
        Ok(sqlx::query_scalar("SELECT value FROM meta WHERE key = 'cursor'").fetch_optional(self.readers()).await?)
    }

    /// Finishes what was begun and closes the file.
    pub async fn close(&self) {
        self.inner.readers.close().await;
        self.inner.rows.close().await;
        self.inner.durable.close().await;
    }
}

impl Writing<'_> {
    pub fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.tx
    }

    pub async fn commit(self) -> Result<(), CacheError> {
        Ok(self.tx.commit().await?)
    }
}

/// Connections to a file of our own do not go away: asking each whether it is still there costs a trip to its thread before every read.
fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new().max_connections(connections).test_before_acquire(false)
}

fn make_folder(path: &Path) -> Result<(), CacheError> {
    let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) else { return Ok(()) };
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| CacheError::Open { path: folder.to_owned(), why: error.to_string() })
}

/// The first file of this name that no other console has open: made with mode 0600, locked until closed.
fn lock_slot(path: &Path) -> Result<(PathBuf, FileLock), CacheError> {
    let fail = |path: &Path, why: String| CacheError::Open { path: path.to_owned(), why };
    for slot in 1..=SLOTS {
        let slot_path = slot_path(path, slot);
        open_private(&slot_path).map_err(|error| fail(&slot_path, error.to_string()))?;
        let lock_path = lock_of(&slot_path, slot);
        let lock = open_private(&lock_path).map_err(|error| fail(&lock_path, error.to_string()))?;
        match FileLock::take(lock) {
            Ok(lock) => return Ok((slot_path, lock)),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(fail(&lock_path, error.to_string())),
        }
    }
    Err(fail(path, format!("{SLOTS} consoles have it open already")))
}

fn slot_path(path: &Path, slot: u32) -> PathBuf {
    if slot == 1 { path.to_owned() } else { path.with_extension(format!("{slot}.sqlite")) }
}

/// The lock beside a slot's file: one on the database file itself would end when SQLite closes any handle to it, as POSIX
/// locks do.
fn lock_of(slot_path: &Path, slot: u32) -> PathBuf {
    slot_path.with_extension(format!("{slot}.lock"))
}

fn open_private(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(file)
}

/// Brings the schema up: keeps the outbox, throws away rows of another shape or person.
async fn prepare(pool: &SqlitePool, path: &Path, me: PersonId) -> Result<(), CacheError> {
    let mut connection = pool.acquire().await?;
    let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
    tx.execute(DRAFTS_SQL).await?;
    tx.execute(OUTBOX_SQL).await?;
    let outbox: Option<i64> = sqlx::query_scalar("SELECT schema FROM outbox_meta").fetch_optional(&mut *tx).await?;
    match outbox {
        None => {
            sqlx::query("INSERT INTO outbox_meta VALUES (?)").bind(OUTBOX_SCHEMA).execute(&mut *tx).await?;
        }
        Some(found) if found != OUTBOX_SCHEMA => {
            let unsent: i64 = sqlx::query_scalar("SELECT count(*) FROM outbox").fetch_one(&mut *tx).await?;
            if unsent > 0 {
                return Err(CacheError::UnsentElsewhere { path: path.to_owned(), found, known: OUTBOX_SCHEMA });
            }
            tx.execute("DROP TABLE outbox; DROP TABLE outbox_meta").await?;
            tx.execute(OUTBOX_SQL).await?;
            sqlx::query("INSERT INTO outbox_meta VALUES (?)").bind(OUTBOX_SCHEMA).execute(&mut *tx).await?;
        }
        Some(_) => {}
    }
    if !rows_fit(&mut tx, me).await? {
        for table in ROW_TABLES {
            tx.execute(AssertSqlSafe(format!("DROP TABLE IF EXISTS {table}"))).await?;
        }
        tx.execute(ROWS_SQL).await?;
        sqlx::query("INSERT INTO meta VALUES ('schema', ?), ('person', ?)")
            .bind(ROWS_SCHEMA.to_string())
            .bind(me.to_string())
            .execute(&mut *tx)
            .await?;
    }
    fit_protocol(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

/// Rows that were filled in by an older dutydesk stay readable, and are loaded anew: it passed over what it did not know.
async fn fit_protocol(connection: &mut SqliteConnection) -> Result<(), CacheError> {
    let found: Option<String> =
        sqlx::query_scalar("SELECT value FROM meta WHERE key = 'protocol'").fetch_optional(&mut *connection).await?;
    let ours = PROTOCOL.to_string();
    if found.as_ref() == Some(&ours) {
        return Ok(());
    }
    // A row is replaced only by another version of it: those that were not read as they are give way to any.
    for sql in [
        "DELETE FROM meta WHERE key = 'cursor'",
        "UPDATE tickets SET version = -1 WHERE number IN (SELECT CAST(id AS INTEGER) FROM rows WHERE kind = 'mended:ticket')",
        "UPDATE rows SET version = -1 WHERE EXISTS (SELECT 1 FROM rows AS mark WHERE mark.kind = 'mended:' || rows.kind AND mark.id = rows.id)",
        "DELETE FROM messages WHERE id IN (SELECT id FROM rows WHERE kind = 'mended:message')",
        "DELETE FROM rows WHERE kind LIKE 'mended:%' OR kind LIKE 'aside:%'",
    ] {
        sqlx::query(sql).execute(&mut *connection).await?;
    }
    sqlx::query("INSERT OR REPLACE INTO meta VALUES ('protocol', ?)").bind(ours).execute(connection).await?;
    Ok(())
}

/// Whether the rows in the file are of this version and person.
async fn rows_fit(connection: &mut SqliteConnection, me: PersonId) -> Result<bool, CacheError> {
    let there: i64 =
        sqlx::query_scalar("SELECT count(*) FROM sqlite_master WHERE name = 'meta' AND type = 'table'").fetch_one(&mut *connection).await?;
    if there == 0 {
        return Ok(false);
    }
    let found: Vec<(String, String)> =
        sqlx::query_as("SELECT key, value FROM meta WHERE key IN ('schema', 'person', 'protocol')").fetch_all(&mut *connection).await?;
    let is = |key: &str, value: &str| found.iter().any(|(k, v)| k == key && v == value);
    // A newer dutydesk filled in words that this one cannot read.
    let newer = found.iter().any(|(key, value)| key == "protocol" && value.parse().is_ok_and(|protocol: u32| protocol > PROTOCOL));
    Ok(is("schema", &ROWS_SCHEMA.to_string()) && is("person", &me.to_string()) && !newer)
}
