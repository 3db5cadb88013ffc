//! SQLite behind the [`Store`](super::Store) trait.
//!
//! One file per noun, one writer (`writer.rs`), a few readers. WAL and `synchronous=FULL`: what was answered is on the
//! disk. Rows are never changed outside the writer.

mod backup;
mod bulk;
mod cells;
mod chores;
mod commit;
mod conversations;
mod deliveries;
mod directory;
mod duty;
mod errors;
mod escalations;
mod facts;
mod feed;
mod files;
mod incidents;
mod intake;
mod links;
mod open;
mod packed;
mod read;
mod record;
mod savepoint;
mod schema;
mod scope;
mod search;
mod search_index;
mod snapshot;
mod stats;
mod store;
mod tables;
#[cfg(test)]
mod tests;
mod tickets;
mod tokens;
mod told;
mod writer;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use sqlx::SqlitePool;
use tokio::sync::{Mutex, mpsc, watch};
use tokio::task::JoinHandle;

pub use backup::{backup_file, restore};
pub use open::{known_schema, make_older, open};

use super::Position;
use crate::base::clock::Clock;

/// One desk in one SQLite file. Made by [`open()`].
pub struct SqliteStore {
    path: PathBuf,
    clock: Clock,
    readers: SqlitePool,
    jobs: mpsc::Sender<writer::Job>,
    announced: watch::Receiver<Position>,
    /// The writer, which holds the lock that keeps other servers off; taken on closing.
    task: Mutex<Option<JoinHandle<()>>>,
    /// Everything is in the indices of full-text search.
    searchable: Arc<AtomicBool>,
    /// What takes older texts into them, while there are some.
    indexing: Mutex<Option<JoinHandle<()>>>,
}

impl SqliteStore {
    /// Whether every text is found by search: after an upgrade, older ones are taken in behind the work.
    #[must_use]
    pub fn is_searchable(&self) -> bool {
        self.searchable.load(std::sync::atomic::Ordering::Acquire)
    }
}
