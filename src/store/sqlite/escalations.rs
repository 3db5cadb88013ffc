//! Calls for experts as jobs and routes look for them. Each is an index range: open calls are few, whatever the history.

use super::SqliteStore;
use super::errors::database;
use super::facts::parse_all;
use super::read::many;
use crate::domain::Timestamp;
use crate::domain::escalation::Escalation;
use crate::domain::id::{PersonId, TicketNumber};
use crate::store::StoreError;

pub(super) async fn of(store: &SqliteStore, ticket: TicketNumber, limit: i64) -> Result<Vec<Escalation>, StoreError> {
    many(store, "SELECT data FROM escalations WHERE ticket = ? ORDER BY id LIMIT ?", ticket.0, limit).await
}

pub(super) async fn due(store: &SqliteStore, now: Timestamp, limit: i64) -> Result<Vec<Escalation>, StoreError> {
    let sql = "SELECT data FROM escalations WHERE accept_by IS NOT NULL AND accept_by <= ? ORDER BY accept_by, id LIMIT ?";
    many(store, sql, now.timestamp_millis(), limit).await
}

pub(super) async fn next_due(store: &SqliteStore) -> Result<Option<Timestamp>, StoreError> {
    let sql = "SELECT MIN(accept_by) FROM escalations WHERE accept_by IS NOT NULL";
    let at: Option<i64> = sqlx::query_scalar(sql).fetch_one(&store.readers).await.map_err(database)?;
    Ok(at.and_then(Timestamp::from_timestamp_millis))
}

pub(super) async fn called_experts(store: &SqliteStore) -> Result<Vec<PersonId>, StoreError> {
    let sql = "SELECT DISTINCT expert FROM escalations WHERE is_open = 1 ORDER BY expert";
    let people: Vec<String> = sqlx::query_scalar(sql).fetch_all(&store.readers).await.map_err(database)?;
    Ok(people.iter().filter_map(|person| person.parse().ok()).collect())
}

pub(super) async fn open_of(store: &SqliteStore, expert: PersonId, limit: i64) -> Result<Vec<Escalation>, StoreError> {
    let sql = "SELECT data FROM escalations WHERE expert = ? AND is_open = 1 ORDER BY id LIMIT ?";
    parse_all(sqlx::query_scalar(sql).bind(expert.to_string()).bind(limit).fetch_all(&store.readers).await.map_err(database)?)
}
