//! Password hashes and tokens, as reading sees them; writing them is a [`chore`](super::chores).

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::SqliteStore;
use super::errors::database;
use crate::domain::Timestamp;
use crate::domain::id::PersonId;
use crate::store::{StoreError, TokenRecord};

pub(super) async fn password_hash(store: &SqliteStore, person: PersonId) -> Result<Option<String>, StoreError> {
    let query = sqlx::query_scalar("SELECT hash FROM passwords WHERE person = ?").bind(person.to_string());
    query.fetch_optional(&store.readers).await.map_err(database)
}

pub(super) async fn token(store: &SqliteStore, sha256: &str) -> Result<Option<TokenRecord>, StoreError> {
    let sql = "SELECT sha256, person, device, created_at, last_used_at FROM tokens WHERE sha256 = ?";
    let row = sqlx::query(sql).bind(sha256).fetch_optional(&store.readers).await.map_err(database)?;
    row.map(|row| record(&row).map_err(database)).transpose()
}

pub(super) async fn tokens(store: &SqliteStore, person: PersonId) -> Result<Vec<TokenRecord>, StoreError> {
    let sql = "SELECT sha256, person, device, created_at, last_used_at FROM tokens WHERE person = ? ORDER BY created_at, sha256";
    let rows = sqlx::query(sql).bind(person.to_string()).fetch_all(&store.readers).await.map_err(database)?;
    rows.iter().map(|row| record(row).map_err(database)).collect()
}

fn record(row: &SqliteRow) -> Result<TokenRecord, sqlx::Error> {
    let person: String = row.try_get(1)?;
    let instant = |millis: i64| Timestamp::from_timestamp_millis(millis).unwrap_or_default();
    Ok(TokenRecord {
        sha256: row.try_get(0)?,
        person: person.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
        device: row.try_get(2)?,
        created_at: instant(row.try_get(3)?),
        last_used_at: row.try_get::<Option<i64>, _>(4)?.map(instant),
    })
}
