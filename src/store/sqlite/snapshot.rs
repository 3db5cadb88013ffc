//! What a console holds, page by page, and the versions of it for the digest.

use std::sync::Arc;

use sqlx::{QueryBuilder, Row, Sqlite};

use super::SqliteStore;
use super::errors::database;
use super::scope::push_held;
use crate::domain::person::Person;
use crate::domain::row::RowKind;
use crate::store::{Position, SnapshotPage, StoreError, Versions};

/// Tickets go by number, all else by text.
fn id_text(row: &sqlx::sqlite::SqliteRow, kind: RowKind) -> Result<String, sqlx::Error> {
    if kind == RowKind::Ticket { row.try_get::<i64, _>(0).map(|number| number.to_string()) } else { row.try_get(0) }
}

pub(super) async fn snapshot(
    store: &SqliteStore,
    viewer: &Person,
    kind: RowKind,
    after: Option<&str>,
    limit: i64,
) -> Result<SnapshotPage, StoreError> {
    let limit = limit.max(1);
    let mut query = QueryBuilder::<Sqlite>::new("SELECT r.id, r.version, r.data");
    push_held(&mut query, viewer, kind, store.clock.now());
    if let Some(after) = after {
        query.push(" AND r.id > ");
        if kind == RowKind::Ticket {
            query.push_bind(after.parse::<i64>().unwrap_or(0));
        } else {
            query.push_bind(after.to_owned());
        }
    }
    query.push(" ORDER BY r.id LIMIT ").push_bind(limit);
    let found = query.build().fetch_all(&store.readers).await.map_err(database)?;
    let mut page = SnapshotPage::default();
    for row in &found {
        let data: String = row.try_get(2).map_err(database)?;
        page.rows.push((id_text(row, kind).map_err(database)?, row.try_get(1).map_err(database)?, Arc::from(data)));
    }
    if i64::try_from(page.rows.len()).unwrap_or(i64::MAX) >= limit {
        page.next = page.rows.last().map(|(id, _, _)| id.clone());
    }
    Ok(page)
}

/// One read transaction: rows and place in the feed are of one moment, however busy the desk is.
pub(super) async fn versions(store: &SqliteStore, viewer: &Person, kinds: &[RowKind]) -> Result<(Position, Vec<Versions>), StoreError> {
    let mut reading = store.readers.begin().await.map_err(database)?;
    let sql = "SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'feed'), 0)";
    let seq: i64 = sqlx::query_scalar(sql).fetch_one(&mut *reading).await.map_err(database)?;
    let now = store.clock.now();
    let mut all = Vec::with_capacity(kinds.len());
    for kind in kinds {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT r.id, r.version");
        push_held(&mut query, viewer, *kind, now);
        query.push(" ORDER BY r.id");
        let found = query.build().fetch_all(&mut *reading).await.map_err(database)?;
        let row = |row| Ok((id_text(row, *kind).map_err(database)?, row.try_get(1).map_err(database)?));
        all.push(found.iter().map(row).collect::<Result<Versions, StoreError>>()?);
    }
    Ok((Position { seq, xid: 0, ..*store.announced.borrow() }, all))
}
