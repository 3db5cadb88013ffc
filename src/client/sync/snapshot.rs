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
use crate::domain::Timestamp;
use crate::domain::row::RowKind;
use crate::wire::sync::SnapshotLine;

use super::apply::{Incoming, Session, finish_snapshot, set_cursor};

/// Rows written in one transaction.
const ROWS_AT_ONCE: usize = 2000;
/// Transactions after which screens are told, once the first is there: each reads all that it shows anew.
const TOLD_EVERY: u64 = 5;

/// Fetches and applies a snapshot.
///
/// # Errors
/// When the server does not give a whole one, or the cache cannot be written; the next snapshot starts over.
pub(super) async fn load(core: &Core, api: &Api) -> Result<(), ClientError> {
    core.set_link(Link::Loading { rows: 0 });
    let response = api.send(api.request(Method::GET, "/api/v1/snapshot").header(ACCEPT, "application/x-ndjson")).await?;
    let reader = StreamReader::new(response.bytes_stream().map_err(std::io::Error::other));
    let mut lines = BufReader::with_capacity(1 << 16, reader).lines();
    let cut = |why: String| ApiError::Unreachable { url: api.base().to_owned(), why, sent: true };
    let mut load = Load::default();
    loop {
        let next = tokio::time::timeout(core.timing.silence, lines.next_line()).await;
        let line = next.map_err(|_| cut("the snapshot stopped".to_owned()))?.map_err(|error| cut(error.to_string()))?;
        let line = line.ok_or_else(|| cut("the snapshot was cut off".to_owned()))?;
        let line: SnapshotLine = serde_json::from_str(&line).map_err(|_| ApiError::Foreign { url: api.base().to_owned(), status: 200 })?;
        match line {
            SnapshotLine::Start { cursor, now } => load.start = Some((cursor, now)),
            SnapshotLine::Row { .. } => {
                load.pending.push(line);
                if load.pending.len() >= ROWS_AT_ONCE {
                    load.flush(core).await?;
                }
            }
            SnapshotLine::End { rows } => {
                load.flush(core).await?;
                if rows != load.rows {
                    return Err(cut(format!("the snapshot has {} rows of {rows}", load.rows)).into());
                }
                break;
            }
        }
    }
    let Some((cursor, now)) = load.start else { return Err(cut("the snapshot has no start".to_owned()).into()) };
    finish_snapshot(&core.cache, &load.seen, &cursor, now).await?;
    core.reload().await?;
    core.outbox_changed(Changed { all: true, ..Changed::default() }).await;
    Ok(())
}

#[derive(Default)]
struct Load {
    start: Option<(String, Timestamp)>,
    seen: HashMap<RowKind, HashSet<String>>,
    pending: Vec<SnapshotLine>,
    rows: u64,
    flushes: u64,
}

impl Load {
    async fn flush(&mut self, core: &Core) -> Result<(), CacheError> {
        let now = self.start.as_ref().map_or_else(|| core.clock.now(), |(_, now)| *now);
        let mut writing = core.cache.write_rows().await?;
        // What is here is no longer one moment's state: until the end, a restart begins anew.
        set_cursor(writing.connection(), None).await?;
        let mut session = Session::new(writing.connection(), core.cache.me(), true, now);
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
        self.flushes += 1;
        if changed.directory || self.flushes % TOLD_EVERY == 1 {
            core.tell(Changed { all: true, assigned_to_me: Vec::new(), tickets: Vec::new(), ..changed });
        }
        Ok(())
    }
}
