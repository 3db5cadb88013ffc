//! Calendar links, as reading sees them; they are written by a [`chore`](super::chores).

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::SqliteStore;
use super::errors::database;
use crate::domain::Timestamp;
use crate::store::{CalendarLinkOf, CalendarLinkRecord, StoreError};

/// The columns `kind` and `of_id`.
pub(super) fn columns(of: CalendarLinkOf) -> (&'static str, String) {
    match of {
        CalendarLinkOf::Person(id) => ("person", id.to_string()),
        CalendarLinkOf::Rota(id) => ("rota", id.to_string()),
    }
}

pub(super) async fn link(store: &SqliteStore, sha256: &str) -> Result<Option<CalendarLinkRecord>, StoreError> {
    let sql = "SELECT sha256, kind, of_id, made_by, created_at FROM calendar_links WHERE sha256 = ?";
    let row = sqlx::query(sql).bind(sha256).fetch_optional(&store.readers).await.map_err(database)?;
    row.map(|row| record(&row).map_err(database)).transpose()
}

pub(super) async fn links(store: &SqliteStore, of: CalendarLinkOf) -> Result<Vec<CalendarLinkRecord>, StoreError> {
    let sql =
        "SELECT sha256, kind, of_id, made_by, created_at FROM calendar_links WHERE kind = ? AND of_id = ? ORDER BY created_at, sha256";
    let (kind, of) = columns(of);
    let rows = sqlx::query(sql).bind(kind).bind(of).fetch_all(&store.readers).await.map_err(database)?;
    rows.iter().map(|row| record(row).map_err(database)).collect()
}

fn instant(millis: i64) -> Timestamp {
    Timestamp::from_timestamp_millis(millis).unwrap_or_default()
}

fn parsed<T: std::str::FromStr<Err = uuid::Error>>(text: &str) -> Result<T, sqlx::Error> {
    text.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

fn record(row: &SqliteRow) -> Result<CalendarLinkRecord, sqlx::Error> {
    let (kind, of): (String, String) = (row.try_get(1)?, row.try_get(2)?);
    Ok(CalendarLinkRecord {
        sha256: row.try_get(0)?,
        of: if kind == "rota" { CalendarLinkOf::Rota(parsed(&of)?) } else { CalendarLinkOf::Person(parsed(&of)?) },
        made_by: parsed(&row.try_get::<String, _>(3)?)?,
        created_at: instant(row.try_get(4)?),
    })
}
