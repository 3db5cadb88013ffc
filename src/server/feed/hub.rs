//! One tailer a server: reads each new entry of the feed once, encodes it once, keeps the latest in memory and wakes whom they
//! concern. Receivers that are further behind share what is read for one of them.

use std::collections::VecDeque;
use std::sync::RwLock;

use tokio::sync::{Mutex, watch};

use super::encoded::Encoded;
use super::receivers::Receivers;
use crate::domain::row::RowKind;
use crate::server::state::Desk;
use crate::store::{FeedEntry, Position, StoreError};

/// Entries kept in memory, and bytes of them; a receiver further behind reads from the store.
const KEPT_MAX: usize = 16_384;
const BYTES_MAX: usize = 32 * 1024 * 1024;
const READ_MAX: i64 = 1_000;
/// Pages fetched into memory for a receiver that is behind: after a restart all are, by about as much.
const BEHIND_PAGES: usize = 12;

/// What the server keeps of the desk in memory.
const DIRECTORY: [RowKind; 7] =
    [RowKind::Person, RowKind::Queue, RowKind::Site, RowKind::Calendar, RowKind::Rota, RowKind::RosterPlan, RowKind::RosterChange];

struct Tail {
    /// Position before the first kept entry.
    start: Position,
    entries: VecDeque<Encoded>,
    bytes: usize,
}

impl Tail {
    fn empty(start: Position) -> Self {
        Self { start, entries: VecDeque::new(), bytes: 0 }
    }

    fn push(&mut self, entry: Encoded) {
        self.bytes += entry.put.len();
        self.entries.push_back(entry);
        while self.entries.len() > KEPT_MAX || self.bytes > BYTES_MAX {
            let Some(dropped) = self.entries.pop_front() else { break };
            self.bytes -= dropped.put.len();
            self.start = dropped.position;
        }
    }

    /// Whether older entries of so many bytes fit before those that are kept.
    fn has_room(&self, entries: usize, bytes: usize) -> bool {
        self.entries.len() + entries <= KEPT_MAX && self.bytes + bytes <= BYTES_MAX
    }
}

/// The latest entries of the feed.
pub struct Hub {
    tail: RwLock<Tail>,
    head: watch::Sender<Position>,
    /// Who waits for more.
    pub receivers: Receivers,
    /// Held while older entries are fetched, so that a thousand receivers who miss them fetch them once.
    fetching: Mutex<()>,
    /// Held while newer ones are read: each is read once.
    following: Mutex<()>,
}

impl Hub {
    #[must_use]
    pub fn new(head: Position) -> Self {
        Self {
            tail: RwLock::new(Tail::empty(head)),
            head: watch::Sender::new(head),
            receivers: Receivers::default(),
            fetching: Mutex::default(),
            following: Mutex::default(),
        }
    }

    /// Changes when there is more to read.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<Position> {
        self.head.subscribe()
    }

    #[must_use]
    pub fn head(&self) -> Position {
        *self.head.borrow()
    }

    /// Shows `look` the kept entries after `after`, in order, until it says no; absent when they are not all kept.
    pub(super) fn after<T>(&self, after: Position, look: impl FnOnce(&mut dyn Iterator<Item = &Encoded>) -> T) -> Option<T> {
        let tail = self.tail.read().expect("nothing panics while it holds the tail");
        if after < tail.start {
            return None;
        }
        let first = tail.entries.partition_point(|entry| entry.position <= after);
        Some(look(&mut tail.entries.range(first..)))
    }

    fn start(&self) -> Position {
        self.tail.read().expect("nothing panics while it holds the tail").start
    }

    /// Forgets what is kept and goes on from `head`.
    fn skip_to(&self, head: Position) {
        *self.tail.write().expect("nothing panics while it holds the tail") = Tail::empty(head);
        self.head.send_replace(head);
        self.receivers.tell_all();
    }

    fn push(&self, fresh: &[FeedEntry]) {
        let Some(head) = fresh.last().map(|entry| entry.position) else { return };
        // Encoded before the lock is taken: readers go on meanwhile.
        let encoded: Vec<_> = fresh.iter().map(Encoded::of).collect();
        let mut tail = self.tail.write().expect("nothing panics while it holds the tail");
        encoded.into_iter().for_each(|entry| tail.push(entry));
        drop(tail);
        self.head.send_replace(head);
        self.receivers.tell(fresh);
    }

    /// Brings what a receiver at `from` missed into memory, when it is not too much: who comes after it finds it there.
    ///
    /// # Errors
    /// When the store cannot be read, or keeps it no longer.
    pub(super) async fn reach(&self, desk: &Desk, from: Position) -> Result<(), StoreError> {
        let _turn = self.fetching.lock().await;
        let start = self.start();
        // Too far behind to be kept: that one reads for itself.
        if usize::try_from(start.seq - from.seq).is_ok_and(|entries| entries > READ_MAX as usize * BEHIND_PAGES) {
            return Ok(());
        }
        let (mut older, mut bytes, mut at) = (Vec::new(), 0, from);
        for _ in 0..BEHIND_PAGES {
            if at >= start {
                break;
            }
            let page = desk.store.feed(at, READ_MAX).await?;
            let Some(last) = page.last() else { break };
            at = last.position;
            let missed = page.iter().take_while(|entry| entry.position <= start).map(Encoded::of);
            older.extend(missed.inspect(|entry| bytes += entry.put.len()));
        }
        let mut tail = self.tail.write().expect("nothing panics while it holds the tail");
        if at >= start && tail.start == start && from < start && tail.has_room(older.len(), bytes) {
            older.into_iter().rev().for_each(|entry| tail.entries.push_front(entry));
            tail.bytes += bytes;
            tail.start = from;
        }
        Ok(())
    }
}

/// Follows the store until the server closes.
pub async fn follow(desk: Desk) {
    let mut commits = desk.store.watch();
    loop {
        if let Err(error) = catch_up(&desk).await {
            tracing::error!(%error, "the feed cannot be read; trying again at the next commit");
        }
        tokio::select! {
            () = desk.shutdown.cancelled() => return,
            changed = commits.changed() => if changed.is_err() { return },
        }
    }
}

/// Reads what the store has beyond the hub's head. The directory is never older than that head: what a reader may see by it is what
/// the feed up to there says.
///
/// # Errors
/// When the store cannot be read; what was read before stays.
pub async fn catch_up(desk: &Desk) -> Result<(), StoreError> {
    let _turn = desk.hub.following.lock().await;
    // What is committed meanwhile is announced again: nobody waits here for a desk that never rests.
    let goal = desk.store.head().await?;
    while desk.hub.head() < goal {
        if desk.presences.connected() == 0 {
            // Nobody listens: rows need not be read. Whoever comes with an older cursor reads from the store.
            if desk.store.changed(desk.hub.head(), &DIRECTORY).await? {
                desk.reload_directory().await?;
            }
            desk.hub.skip_to(goal);
            return Ok(());
        }
        let fresh = match desk.store.feed(desk.hub.head(), READ_MAX).await {
            Err(StoreError::Trimmed) => {
                desk.reload_directory().await?;
                desk.hub.skip_to(goal);
                return Ok(());
            }
            fresh => fresh?,
        };
        if fresh.is_empty() {
            return Ok(());
        }
        if fresh.iter().any(|entry| DIRECTORY.contains(&entry.kind)) {
            desk.reload_directory().await?;
        }
        desk.hub.push(&fresh);
    }
    Ok(())
}
