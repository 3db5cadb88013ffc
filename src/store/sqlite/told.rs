//! Reminders and promises that come due, and handovers.

use super::SqliteStore;
use super::errors::database;
use super::facts::parse_all;
use super::read::one;
use crate::domain::Timestamp;
use crate::domain::access::sees_all_queues;
use crate::domain::handover::Handover;
use crate::domain::id::{HandoverId, ReminderId, RotaId, TicketNumber};
use crate::domain::person::Person;
use crate::store::StoreError;

pub(super) async fn reminders_due(store: &SqliteStore, now: Timestamp, limit: i64) -> Result<Vec<ReminderId>, StoreError> {
    let sql = "SELECT id FROM reminders WHERE fires_at IS NOT NULL AND fires_at <= ? ORDER BY fires_at, id LIMIT ?";
    let ids: Vec<String> =
        sqlx::query_scalar(sql).bind(now.timestamp_millis()).bind(limit).fetch_all(&store.readers).await.map_err(database)?;
    Ok(ids.iter().filter_map(|id| id.parse().ok()).collect())
}

pub(super) async fn follow_ups_due(store: &SqliteStore, now: Timestamp, limit: i64) -> Result<Vec<TicketNumber>, StoreError> {
    let sql = "SELECT number FROM tickets WHERE follow_up_at IS NOT NULL AND follow_up_at <= ? ORDER BY follow_up_at, number LIMIT ?";
    let found = sqlx::query_scalar(sql).bind(now.timestamp_millis()).bind(limit).fetch_all(&store.readers).await.map_err(database)?;
    Ok(found.into_iter().map(TicketNumber).collect())
}

pub(super) async fn next_telling(store: &SqliteStore) -> Result<Option<Timestamp>, StoreError> {
    let sql = "SELECT MIN(at) FROM (SELECT MIN(fires_at) AS at FROM reminders WHERE fires_at IS NOT NULL \
               UNION ALL SELECT MIN(follow_up_at) FROM tickets WHERE follow_up_at IS NOT NULL)";
    let at: Option<i64> = sqlx::query_scalar(sql).fetch_one(&store.readers).await.map_err(database)?;
    Ok(at.and_then(Timestamp::from_timestamp_millis))
}

pub(super) async fn handover(store: &SqliteStore, id: HandoverId) -> Result<Option<Handover>, StoreError> {
    one(store, "SELECT data FROM handovers WHERE id = ?", id.to_string()).await
}

/// Newest shift first.
pub(super) async fn handovers(
    store: &SqliteStore,
    viewer: &Person,
    rota: Option<RotaId>,
    before: Option<Timestamp>,
    limit: i64,
) -> Result<Vec<Handover>, StoreError> {
    let sql = "SELECT data FROM handovers WHERE (?1 IS NULL OR rota = ?1) AND (?2 IS NULL OR ends_at < ?2) \
               AND (?3 OR instr(readers, ?4) > 0) ORDER BY ends_at DESC, id LIMIT ?5";
    let rows = sqlx::query_scalar(sql)
        .bind(rota.map(|rota| rota.to_string()))
        .bind(before.map(|before| before.timestamp_millis()))
        .bind(sees_all_queues(viewer))
        .bind(viewer.id.to_string())
        .bind(limit)
        .fetch_all(&store.readers)
        .await
        .map_err(database)?;
    parse_all(rows)
}
