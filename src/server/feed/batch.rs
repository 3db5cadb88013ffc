//! One batch for one receiver: what changed after their cursor, as far as they may see it. Changes are encoded already
//! ([`Encoded`]); a batch is a few words around those that the receiver may see.

use bytes::Bytes;

use super::cursor;
use super::encoded::Encoded;
use crate::domain::Timestamp;
use crate::domain::here::HereNews;
use crate::domain::person::Person;
use crate::server::error::ApiResult;
use crate::server::protocol::Protocol;
use crate::server::state::Desk;
use crate::store::{Position, StoreError};
use crate::wire::protocol::knows;

/// Changes in one batch.
const CHANGES_MAX: usize = 500;
/// Bytes of changes after which a batch ends.
const BYTES_MAX: usize = 1024 * 1024;
/// Entries read from the store for one batch.
const READ_MAX: i64 = 500;

/// What a receiver learns; without changes it says only how far the feed is.
#[derive(Clone, Debug)]
pub struct Batch {
    pub from: Position,
    pub to: Position,
    pub more: bool,
    pub changes: Vec<Bytes>,
}

impl Batch {
    /// Whether there is anything new at all.
    #[must_use]
    pub fn moves(&self) -> bool {
        self.from != self.to
    }

    /// As [`wire::sync::Batch`](crate::wire::sync::Batch) is written, after `start` and before `end`.
    #[must_use]
    pub fn write(&self, start: &str, now: Timestamp, here: Option<&HereNews>, end: &str) -> Bytes {
        let (from, to) = (cursor::encode(self.from), cursor::encode(self.to));
        let size: usize = self.changes.iter().map(|change| change.len() + 1).sum();
        let mut text = Vec::with_capacity(size + start.len() + end.len() + 200);
        // Cursors are base64, and an instant's JSON is its text.
        let now = serde_json::to_string(&now).expect("an instant is plain data");
        text.extend_from_slice(start.as_bytes());
        text.extend_from_slice(
            format!("{{\"from\":\"{from}\",\"to\":\"{to}\",\"more\":{},\"now\":{now},\"changes\":[", self.more).as_bytes(),
        );
        for (place, change) in self.changes.iter().enumerate() {
            if place > 0 {
                text.push(b',');
            }
            text.extend_from_slice(change);
        }
        text.push(b']');
        if let Some(here) = here {
            text.extend_from_slice(b",\"here\":");
            serde_json::to_writer(&mut text, here).expect("news are plain data");
        }
        text.push(b'}');
        text.extend_from_slice(end.as_bytes());
        text.into()
    }
}

/// Whose batch it is.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    pub viewer: &'a Person,
    pub protocol: Protocol,
}

/// What a reader learns after `from`. Kinds of rows that came after their protocol are left out.
///
/// # Errors
/// 410 when `from` cannot be continued: too old, or the viewer's rights may have changed since.
pub async fn read(desk: &Desk, reader: Reader<'_>, from: Position) -> ApiResult<Batch> {
    let head = desk.hub.head();
    if from.epoch != head.epoch || from > head.max(desk.store.head().await?) {
        return Err(cursor::too_old());
    }
    let mut read = desk.hub.after(from, |entries| gather(reader, from, entries));
    if read.is_none() {
        let _permit = desk.gates.catch_up.enter().await?;
        desk.hub.reach(desk, from).await?;
        read = desk.hub.after(from, |entries| gather(reader, from, entries));
    }
    let (to, changes) = match read {
        Some(read) => read,
        None => from_store(desk, reader, from).await?,
    }
    .ok_or_else(cursor::rights_changed)?;
    Ok(Batch { from, to, more: to < desk.hub.head(), changes })
}

type Gathered = Option<(Position, Vec<Bytes>)>;

/// Of `entries` what the reader may see, and how far it goes; absent when their own row was edited.
fn gather(reader: Reader<'_>, from: Position, entries: &mut dyn Iterator<Item = &Encoded>) -> Gathered {
    let (mut to, mut changes, mut bytes) = (from, Vec::new(), 0);
    for entry in entries {
        if entry.is_own_edit(reader.viewer) {
            return None;
        }
        to = entry.position;
        if let Some(change) = entry.for_viewer(reader.viewer).filter(|_| knows(reader.protocol.0, entry.kind)) {
            bytes += change.len();
            changes.push(change);
            if changes.len() >= CHANGES_MAX || bytes >= BYTES_MAX {
                break;
            }
        }
    }
    Some((to, changes))
}

async fn from_store(desk: &Desk, reader: Reader<'_>, from: Position) -> Result<Gathered, StoreError> {
    let entries: Vec<_> = desk.store.feed(from, READ_MAX).await?.iter().map(Encoded::of).collect();
    Ok(gather(reader, from, &mut entries.iter()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::at;
    use crate::wire::sync;

    #[test]
    fn what_is_written_reads_as_a_batch() {
        let change = Bytes::from_static(br#"{"kind":"ticket","id":"7","version":1,"op":"out"}"#);
        let (from, to) = (Position::default(), Position { epoch: 1, xid: 0, seq: 9 });
        for changes in [vec![], vec![change.clone()], vec![change.clone(), change]] {
            let now = at("2026-03-02T10:00:00.250Z");
            let batch = Batch { from, to, more: true, changes };
            let here = HereNews { mark: 3, all: true, tickets: Vec::new() };
            let read: sync::Batch = serde_json::from_slice(&batch.write("", now, Some(&here), "")).unwrap();
            assert_eq!((read.from, read.to, read.more, read.now), (cursor::encode(from), cursor::encode(to), true, now));
            assert_eq!((read.changes.len(), read.here), (batch.changes.len(), Some(here)));
            assert!(batch.moves());
        }
    }
}
