//! Loads all that the person may see, in transactions of some thousand rows, over whatever the cache holds: it stays
//! readable meanwhile, and is only said to be whole (by its cursor) at the end.

use std::collections::{HashMap, HashSet};

use reqwest::Method;
use reqwest::header::ACCEPT;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio_util::io::StreamReader;

use futures::TryStreamExt;

use crate::client::api::{Api, ApiError};
use crate::client::core::Core;
use crate::client::error::{CacheError, ClientError};
use crate::client::view::{Changed, Link};
use crate::domain::row::RowKind;
use crate::wire::sync::SnapshotLine;

use super::apply::{Incoming, Session, Start, begin_snapshot, finish_snapshot, set_cursor};

/// Rows written in one transaction.
const ROWS_AT_ONCE: usize = 2000;
/// Rows after which screens are told: each reads all that it shows anew.
const TOLD_EVERY: u64 = 10_000;

/// Fetches and applies a snapshot.
///
/// # Errors
/// When the server does not give a whole one, or the cache cannot be written; the next snapshot starts over.
pub(super) async fn load(core: &Core, api: &Api) -> Result<(), ClientError> {
    let request = api.request(Method::GET, "/api/v1/snapshot").header(ACCEPT, "application/x-ndjson");
    let response = api.open(request, core.timing.silence).await?;
    // Only now: until a server answers, the link is as long down as it was.
    core.set_link(Link::Loading { rows: 0 });
    let reader = StreamReader::new(response.bytes_stream().map_err(std::io::Error::other));
    let mut lines = BufReader::with_capacity(1 << 16, reader).lines();
    let cut = |why: String| ApiError::Unreachable { url: api.base().to_owned(), why, sent: true };
    let mut load = Load::new(ROWS_AT_ONCE);
    loop {
        let next = tokio::time::timeout(core.timing.silence, lines.next_line()).await;
        let line = next.map_err(|_| cut("the snapshot stopped".to_owned()))?.map_err(|error| cut(error.to_string()))?;
        let line = line.ok_or_else(|| cut("the snapshot was cut off".to_owned()))?;
        match load.take(core, &line).await {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(Broken::Foreign) => return Err(ApiError::Foreign { url: api.base().to_owned(), status: 200 }.into()),
            Err(Broken::Cut(why)) => return Err(cut(why).into()),
            Err(Broken::Cache(error)) => return Err(error.into()),
        }
    }
}

/// Why a snapshot cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    #[error("a line is none of a snapshot's")]
    Foreign,
    #[error("{0}")]
    Cut(String),
    #[error(transparent)]
    Cache(#[from] CacheError),
}

/// A snapshot on its way into the cache, line by line. Dropped before its end, it leaves a cache without a cursor.
#[derive(Debug)]
pub struct Load {
    start: Option<Start>,
    /// Of another desk than what the cache holds.
    anew: bool,
    seen: HashMap<RowKind, HashSet<String>>,
    pending: Vec<SnapshotLine>,
    rows: u64,
    at_once: usize,
    /// Rows of kinds that only a newer version knows.
    newer: u64,
}

impl Load {
    /// `at_once`: rows written in one transaction.
    #[must_use]
    pub fn new(at_once: usize) -> Self {
        Self { start: None, anew: false, seen: HashMap::new(), pending: Vec::new(), rows: 0, at_once, newer: 0 }
    }

    /// Takes the next line. Returns whether the snapshot is whole and applied.
    pub(crate) async fn take(&mut self, core: &Core, line: &str) -> Result<bool, Broken> {
        let line: SnapshotLine = serde_json::from_str(line).map_err(|_| Broken::Foreign)?;
        match line {
            SnapshotLine::Start { cursor, now, epoch } => {
                core.hear_time(now);
                let start = Start { cursor, now, epoch };
                self.anew = begin_snapshot(&core.cache, &start).await?;
                if self.anew {
                    core.own_edits.forget();
                    core.outbox_wake.notify_one();
                }
                self.start = Some(start);
            }
            SnapshotLine::Row { .. } => {
                self.pending.push(line);
                if self.pending.len() >= self.at_once {
                    self.flush(core).await?;
                }
            }
            SnapshotLine::Newer { row } => self.newer += u64::from(row),
            SnapshotLine::End { rows } => {
                self.flush(core).await?;
                self.finish(core, rows).await?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn finish(&self, core: &Core, rows: u64) -> Result<(), Broken> {
        if rows != self.rows + self.newer {
            return Err(Broken::Cut(format!("the snapshot has {} rows of {rows}", self.rows + self.newer)));
        }
        let Some(start) = &self.start else { return Err(Broken::Cut("the snapshot has no start".to_owned())) };
        if self.newer > 0 {
            tracing::warn!(rows = self.newer, "a newer server has kinds of rows that this dutydesk does not know: update it");
        }
        finish_snapshot(&core.cache, &self.seen, start).await?;
        core.reload().await?;
        core.outbox_changed(Changed { all: true, ..Changed::default() }).await;
        Ok(())
    }

    async fn flush(&mut self, core: &Core) -> Result<(), CacheError> {
        let now = self.start.as_ref().map_or_else(|| core.clock.now(), |start| start.now);
        let mut writing = core.cache.write_rows().await?;
        // What is here is no longer one moment's state: until the end, a restart begins anew.
        set_cursor(writing.connection(), None).await?;
        let mut session = Session::new(writing.connection(), core.cache.me(), true, now);
        session.anew = self.anew;
        let pending = std::mem::take(&mut self.pending);
        let incoming = pending.iter().filter_map(|line| match line {
            SnapshotLine::Row { kind, id, version, row } => Some(Incoming { kind: *kind, id, version: *version, row }),
            _ => None,
        });
        let (tickets, others): (Vec<_>, Vec<_>) = incoming.partition(|incoming| incoming.kind == RowKind::Ticket);
        for one in others {
            session.put(one).await?;
        }
        session.put_tickets(&tickets).await?;
        let (changed, _) = session.finish().await?;
        writing.commit().await?;
        core.cache.changed();
        let before = self.rows;
        for line in pending {
            let SnapshotLine::Row { kind, id, .. } = line else { continue };
            self.seen.entry(kind).or_default().insert(id);
            self.rows += 1;
        }
        core.set_link(Link::Loading { rows: self.rows });
        // Screens can draw early; the directory comes first.
        if changed.directory || changed.agent_states {
            core.reload().await?;
        }
        // The directory comes first, and what is shown of it.
        if changed.directory || before / TOLD_EVERY != self.rows / TOLD_EVERY {
            core.tell(Changed { all: true, assigned_to_me: Vec::new(), tickets: Vec::new(), ..changed });
        }
        Ok(())
    }
}
