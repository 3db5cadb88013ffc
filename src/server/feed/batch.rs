//! One batch for one receiver: what changed after their cursor, as far as they may see it.

use std::sync::Arc;

use serde_json::value::RawValue;

use super::cursor;
use crate::domain::access;
use crate::domain::person::Person;
use crate::domain::row::RowKind;
use crate::server::error::ApiResult;
use crate::server::protocol::Protocol;
use crate::server::state::Desk;
use crate::store::{FeedEntry, Position, StoreError};
use crate::wire::protocol::knows;
use crate::wire::sync::{Batch, ChangeOp, RowChange};

/// Feed entries looked at for one batch.
const ENTRIES_MAX: usize = 500;

/// What `viewer` learns after `from`: the batch and where it ends. Empty when there is nothing new at all. Kinds of rows that came after
/// their protocol are left out.
///
/// # Errors
/// 410 when `from` cannot be continued: too old, or the viewer's rights may have changed since.
pub async fn read(desk: &Desk, viewer: &Person, protocol: Protocol, from: Position) -> ApiResult<(Batch, Position)> {
    let head = desk.hub.head();
    if from.epoch != head.epoch || from > head.max(desk.store.head().await?) {
        return Err(cursor::too_old());
    }
    let entries = match desk.hub.after(from, ENTRIES_MAX) {
        Some(entries) => entries,
        None => from_store(desk, from).await?.ok_or_else(cursor::too_old)?,
    };
    if entries.iter().any(|entry| is_own_edit(entry, viewer)) {
        return Err(cursor::rights_changed());
    }
    let to = entries.last().map_or(from, |entry| entry.position);
    let changes = entries.iter().filter(|entry| knows(protocol.0, entry.kind)).filter_map(|entry| change_for(entry, viewer)).collect();
    let batch = Batch {
        from: cursor::encode(from),
        to: cursor::encode(to),
        more: to < desk.hub.head(),
        now: desk.clock.now(),
        changes,
        here: None,
        skipped: 0,
    };
    Ok((batch, to))
}

/// The viewer's own row was edited: rows may have come into sight, or gone, of which the feed says nothing.
fn is_own_edit(entry: &FeedEntry, viewer: &Person) -> bool {
    entry.kind == RowKind::Person && entry.before.is_some() && entry.id == viewer.id.to_string()
}

/// Absent when entries after `from` are forgotten already.
async fn from_store(desk: &Desk, from: Position) -> Result<Option<Vec<Arc<FeedEntry>>>, StoreError> {
    if from < desk.store.oldest().await? {
        return Ok(None);
    }
    let limit = i64::try_from(ENTRIES_MAX).unwrap_or(i64::MAX);
    Ok(Some(desk.store.feed(from, limit).await?.into_iter().map(Arc::new).collect()))
}

fn change_for(entry: &FeedEntry, viewer: &Person) -> Option<RowChange> {
    let (op, row) = if access::admits(&entry.after, viewer) {
        (ChangeOp::Put, Some(RawValue::from_string(entry.row.to_string()).ok()?))
    } else if entry.before.as_ref().is_some_and(|before| access::admits(before, viewer)) {
        (ChangeOp::Out, None)
    } else {
        return None;
    };
    Some(RowChange { kind: entry.kind, id: entry.id.clone(), version: entry.version, op, row })
}
