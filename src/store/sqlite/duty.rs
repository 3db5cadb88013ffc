//! What jobs look for: the pool, due SLA steps, tickets to close; and the desk's counts. Each is an index range.

use super::SqliteStore;
use super::errors::database;
use super::facts::parse_all;
use crate::domain::Timestamp;
use crate::domain::id::{PersonId, QueueId, TicketNumber};
use crate::domain::ticket::Ticket;
use crate::store::{PoolPart, StoreCounts, StoreError};

pub(super) async fn pool(store: &SqliteStore, part: PoolPart, limit: i64) -> Result<Vec<Ticket>, StoreError> {
    let query = match part {
        PoolPart::Untried => sqlx::query_scalar(
            "SELECT data FROM tickets WHERE assignee IS NULL AND status IN ('new', 'open') AND waits IS NULL \
             ORDER BY priority, created_at, number LIMIT ?",
        ),
        PoolPart::Of(queue, tier) => sqlx::query_scalar(
            "SELECT data FROM tickets WHERE queue = ? AND tier = ? AND assignee IS NULL AND status IN ('new', 'open') \
             ORDER BY priority, created_at, number LIMIT ?",
        )
        .bind(queue.to_string())
        .bind(i64::from(tier)),
    };
    parse_all(query.bind(limit).fetch_all(&store.readers).await.map_err(database)?)
}

pub(super) async fn sla_due(store: &SqliteStore, now: Timestamp, limit: i64) -> Result<Vec<TicketNumber>, StoreError> {
    let sql = "SELECT number FROM tickets WHERE next_step_at <= ? ORDER BY next_step_at, number LIMIT ?";
    numbers(store, sql, now, limit).await
}

pub(super) async fn next_sla_step(store: &SqliteStore) -> Result<Option<Timestamp>, StoreError> {
    let sql = "SELECT MIN(next_step_at) FROM tickets WHERE next_step_at IS NOT NULL";
    let at: Option<i64> = sqlx::query_scalar(sql).fetch_one(&store.readers).await.map_err(database)?;
    Ok(at.and_then(Timestamp::from_timestamp_millis))
}

/// The index `tickets_sla_mark` is a range below the mark and one above it; a comparison for "other than" would walk all of it.
pub(super) async fn stale_marks(store: &SqliteStore, queue: QueueId, mark: &str, limit: i64) -> Result<Vec<TicketNumber>, StoreError> {
    let sql = "SELECT number FROM tickets WHERE queue = ?1 AND sla_mark < ?2 AND status NOT IN ('solved', 'closed') \
               UNION ALL \
               SELECT number FROM tickets WHERE queue = ?1 AND sla_mark > ?2 AND status NOT IN ('solved', 'closed') LIMIT ?3";
    let query = sqlx::query_scalar(sql).bind(queue.to_string()).bind(mark).bind(limit);
    Ok(query.fetch_all(&store.readers).await.map_err(database)?.into_iter().map(TicketNumber).collect())
}

/// Tickets not accepted by `now`, soonest first.
pub(super) async fn accept_due(store: &SqliteStore, now: Timestamp, limit: i64) -> Result<Vec<TicketNumber>, StoreError> {
    let sql = "SELECT number FROM tickets WHERE accept_by IS NOT NULL AND accept_by <= ? ORDER BY accept_by, number LIMIT ?";
    numbers(store, sql, now, limit).await
}

pub(super) async fn next_accept(store: &SqliteStore) -> Result<Option<Timestamp>, StoreError> {
    let sql = "SELECT MIN(accept_by) FROM tickets WHERE accept_by IS NOT NULL";
    let at: Option<i64> = sqlx::query_scalar(sql).fetch_one(&store.readers).await.map_err(database)?;
    Ok(at.and_then(Timestamp::from_timestamp_millis))
}

pub(super) async fn held(store: &SqliteStore, person: PersonId, limit: i64) -> Result<Vec<Ticket>, StoreError> {
    let sql = "SELECT data FROM tickets WHERE assignee = ? AND status IN ('new', 'open') ORDER BY number LIMIT ?";
    parse_all(sqlx::query_scalar(sql).bind(person.to_string()).bind(limit).fetch_all(&store.readers).await.map_err(database)?)
}

pub(super) async fn held_in(store: &SqliteStore, queue: QueueId, limit: i64) -> Result<Vec<Ticket>, StoreError> {
    let sql =
        "SELECT data FROM tickets WHERE queue = ? AND status IN ('new', 'open') AND assignee IS NOT NULL ORDER BY number DESC LIMIT ?";
    parse_all(sqlx::query_scalar(sql).bind(queue.to_string()).bind(limit).fetch_all(&store.readers).await.map_err(database)?)
}

pub(super) async fn solved_before(store: &SqliteStore, before: Timestamp, limit: i64) -> Result<Vec<TicketNumber>, StoreError> {
    let sql = "SELECT number FROM tickets WHERE status = 'solved' AND updated_at < ? ORDER BY updated_at, number LIMIT ?";
    numbers(store, sql, before, limit).await
}

async fn numbers(store: &SqliteStore, sql: &'static str, at: Timestamp, limit: i64) -> Result<Vec<TicketNumber>, StoreError> {
    let query = sqlx::query_scalar(sql).bind(at.timestamp_millis()).bind(limit);
    Ok(query.fetch_all(&store.readers).await.map_err(database)?.into_iter().map(TicketNumber).collect())
}

pub(super) async fn counts(store: &SqliteStore) -> Result<StoreCounts, StoreError> {
    let sql = "SELECT (SELECT COUNT(*) FROM tickets), \
               (SELECT COUNT(*) FROM tickets WHERE assignee IS NULL AND status IN ('new', 'open')), (SELECT COUNT(*) FROM messages)";
    let (tickets, unassigned, messages) = sqlx::query_as(sql).fetch_one(&store.readers).await.map_err(database)?;
    Ok(StoreCounts { tickets, unassigned, messages })
}
