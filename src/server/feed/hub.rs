//! One tailer a server: reads each new entry of the feed once, keeps the latest in memory with their rows encoded once,
//! and wakes everybody who waits.

use std::collections::VecDeque;
use std::sync::{Arc, RwLock};

use tokio::sync::watch;

use crate::domain::row::RowKind;
use crate::server::state::Desk;
use crate::store::{FeedEntry, Position, StoreError};

/// Entries kept in memory; a receiver further behind reads from the store.
const KEPT_MAX: usize = 16_384;
const READ_MAX: i64 = 1_000;

struct Tail {
    /// Position before the first kept entry.
    start: Position,
    entries: VecDeque<Arc<FeedEntry>>,
}

/// The latest entries of the feed.
pub struct Hub {
    tail: RwLock<Tail>,
    head: watch::Sender<Position>,
}

impl Hub {
    #[must_use]
    pub fn new(head: Position) -> Self {
        Self { tail: RwLock::new(Tail { start: head, entries: VecDeque::new() }), head: watch::Sender::new(head) }
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

    /// Kept entries after `after`, at most `limit`; absent when they are not all kept.
    #[must_use]
    pub fn after(&self, after: Position, limit: usize) -> Option<Vec<Arc<FeedEntry>>> {
        let tail = self.tail.read().expect("nothing panics while it holds the tail");
        if after < tail.start {
            return None;
        }
        let first = tail.entries.partition_point(|entry| entry.position <= after);
        Some(tail.entries.iter().skip(first).take(limit).cloned().collect())
    }

    /// Forgets what is kept and goes on from `head`.
    fn skip_to(&self, head: Position) {
        let mut tail = self.tail.write().expect("nothing panics while it holds the tail");
        *tail = Tail { start: head, entries: VecDeque::new() };
        drop(tail);
        self.head.send_replace(head);
    }

    fn push(&self, fresh: Vec<FeedEntry>) {
        let Some(head) = fresh.last().map(|entry| entry.position) else { return };
        let mut tail = self.tail.write().expect("nothing panics while it holds the tail");
        tail.entries.extend(fresh.into_iter().map(Arc::new));
        while tail.entries.len() > KEPT_MAX {
            if let Some(dropped) = tail.entries.pop_front() {
                tail.start = dropped.position;
            }
        }
        drop(tail);
        self.head.send_replace(head);
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

/// Reads what the store has beyond the hub's head.
///
/// # Errors
/// When the store cannot be read; what was read before stays.
pub async fn catch_up(desk: &Desk) -> Result<(), StoreError> {
    loop {
        if desk.presences.connected() == 0 {
            // Nobody listens: rows need not be read. Whoever comes with an older cursor reads from the store.
            desk.hub.skip_to(desk.store.head().await?);
            return Ok(());
        }
        let fresh = desk.store.feed(desk.hub.head(), READ_MAX).await?;
        if fresh.is_empty() {
            return Ok(());
        }
        let directory =
            [RowKind::Person, RowKind::Queue, RowKind::Site, RowKind::Calendar, RowKind::Rota, RowKind::RosterPlan, RowKind::RosterChange];
        if fresh.iter().any(|entry| directory.contains(&entry.kind)) {
            desk.reload_directory().await?;
        }
        desk.hub.push(fresh);
    }
}
