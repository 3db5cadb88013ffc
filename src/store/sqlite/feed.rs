//! The ordered list of what changed, read with each row as it stands.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use sqlx::{QueryBuilder, Row, Sqlite};

use super::SqliteStore;
use super::errors::database;
use super::tables::table_name;
use crate::domain::access::{Audience, conversation_audience, sync_audience};
use crate::domain::conversation::Conversation;
use crate::domain::handover::Handover;
use crate::domain::row::RowKind;
use crate::domain::ticket::Ticket;
use crate::store::{FeedEntry, Position, StoreError};

/// One statement, so that entries and rows are of one instant. Made from the kinds, so that none is forgotten.
static PAGE: LazyLock<String> = LazyLock::new(|| {
    let row = |kind: RowKind| {
        let id = if kind == RowKind::Ticket { "number = CAST(f.row_id AS BIGINT)" } else { "id = f.row_id" };
        format!("WHEN '{}' THEN (SELECT data FROM {} WHERE {id})", kind.as_str(), table_name(kind))
    };
    let rows: Vec<String> = RowKind::ALL.into_iter().map(row).collect();
    format!(
        "SELECT f.seq, f.kind, f.row_id, f.version, f.before, f.after, CASE f.kind {} END AS data, (SELECT MIN(seq) FROM feed)
         FROM feed f WHERE f.seq > ? ORDER BY f.seq LIMIT ?",
        rows.join(" ")
    )
});

#[derive(serde::Deserialize)]
struct Versioned {
    version: i64,
}

/// Entries after `after`. A row is given as it stands now, so each of its entries gets the audience that goes with it:
/// nobody is sent what was written after they lost sight of the row.
pub(super) async fn page(store: &SqliteStore, after: Position, limit: i64) -> Result<Vec<FeedEntry>, StoreError> {
    let epoch = store.announced.borrow().epoch;
    let rows = sqlx::query(sqlx::AssertSqlSafe(PAGE.as_str()))
        .bind(after.seq)
        .bind(limit.max(1))
        .fetch_all(&store.readers)
        .await
        .map_err(database)?;
    // Told by the same statement: what is trimmed a moment later was still read.
    if let Some(row) = rows.first()
        && after.seq < row.try_get::<i64, _>(7).map_err(database)? - 1
    {
        return Err(StoreError::Trimmed);
    }
    let mut entries = Vec::with_capacity(rows.len());
    let mut last: HashMap<(RowKind, String), usize> = HashMap::new();
    for row in &rows {
        let (Some(kind), Some(data)) =
            (RowKind::parse(row.try_get(1).map_err(database)?), row.try_get::<Option<String>, _>(6).map_err(database)?)
        else {
            continue;
        };
        let before: Option<String> = row.try_get(4).map_err(database)?;
        let after: String = row.try_get(5).map_err(database)?;
        let id: String = row.try_get(2).map_err(database)?;
        last.insert((kind, id.clone()), entries.len());
        entries.push(FeedEntry {
            position: Position { epoch, xid: 0, seq: row.try_get(0).map_err(database)? },
            kind,
            id,
            version: row.try_get(3).map_err(database)?,
            before: before.map(|text| serde_json::from_str(&text)).transpose().map_err(StoreError::Corrupt)?,
            after: serde_json::from_str(&after).map_err(StoreError::Corrupt)?,
            row: Arc::from(data),
        });
    }
    for index in last.values() {
        bring_up(&mut entries[*index])?;
    }
    for index in 0..entries.len() {
        let newest = last.get(&(entries[index].kind, entries[index].id.clone())).copied().unwrap_or(index);
        if newest != index {
            entries[index].after = entries[newest].after.clone();
            entries[index].version = entries[newest].version;
            entries[index].row = Arc::clone(&entries[newest].row);
        }
    }
    Ok(entries)
}

/// The row has moved on beyond this page: its version and audience as they stand.
fn bring_up(entry: &mut FeedEntry) -> Result<(), StoreError> {
    let standing = serde_json::from_str::<Versioned>(&entry.row).map_err(StoreError::Corrupt)?.version;
    if standing <= entry.version {
        return Ok(());
    }
    entry.version = standing;
    match entry.kind {
        RowKind::Ticket => entry.after = sync_audience(&serde_json::from_str::<Ticket>(&entry.row).map_err(StoreError::Corrupt)?),
        RowKind::Conversation => {
            entry.after = conversation_audience(&serde_json::from_str::<Conversation>(&entry.row).map_err(StoreError::Corrupt)?);
        }
        // Its later entry tells it to those who may read it by then: this one may be from when others did.
        RowKind::Message => (entry.before, entry.after) = (None, Audience::Nobody),
        RowKind::Handover => entry.after = serde_json::from_str::<Handover>(&entry.row).map_err(StoreError::Corrupt)?.audience(),
        // A notice moves on only by being read.
        RowKind::Notice => entry.after = Audience::Nobody,
        _ => {}
    }
    Ok(())
}

pub(super) async fn changed(store: &SqliteStore, after: Position, kinds: &[RowKind]) -> Result<bool, StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new("SELECT EXISTS (SELECT 1 FROM feed WHERE seq > ");
    query.push_bind(after.seq).push(" AND kind IN ");
    query.push_tuples(kinds, |mut tuple, kind| {
        tuple.push_bind(kind.as_str());
    });
    query.push(")");
    query.build_query_scalar().fetch_one(&store.readers).await.map_err(database)
}
