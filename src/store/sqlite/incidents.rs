//! Major incidents: which run, what is tied to them or looks like them, and how far their broadcasts are.

use sqlx::SqliteConnection;

use super::SqliteStore;
use super::errors::database;
use super::facts::{one, parse_all};
use crate::domain::Timestamp;
use crate::domain::id::{BroadcastId, TicketNumber};
use crate::domain::incident::view::BroadcastView;
use crate::domain::incident::{Broadcast, MAJORS_MAX, TIED_MAX, Target};
use crate::domain::ticket::Ticket;
use crate::store::StoreError;

/// Broadcasts shown of one incident.
const BROADCASTS_MAX: i64 = 50;

fn limit(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}

/// Open major incidents, newest first.
pub(super) async fn majors(connection: &mut SqliteConnection) -> Result<Vec<Ticket>, StoreError> {
    let query = sqlx::query_scalar("SELECT data FROM tickets WHERE major ORDER BY number DESC LIMIT ?").bind(limit(MAJORS_MAX));
    parse_all(query.fetch_all(connection).await.map_err(database)?)
}

/// Tickets tied to an incident, by number; one more than may be, so that too many are seen.
pub(super) async fn tied_to(connection: &mut SqliteConnection, incident: TicketNumber) -> Result<Vec<Ticket>, StoreError> {
    let query = sqlx::query_scalar("SELECT data FROM tickets WHERE incident = ? ORDER BY number LIMIT ?");
    parse_all(query.bind(incident.0).bind(limit(TIED_MAX + 1)).fetch_all(connection).await.map_err(database)?)
}

pub(super) async fn target(
    connection: &mut SqliteConnection,
    broadcast: BroadcastId,
    number: TicketNumber,
) -> Result<Option<Target>, StoreError> {
    let sql = "SELECT data FROM broadcast_targets WHERE broadcast = ? AND ticket = ?";
    let found = sqlx::query_scalar(sql).bind(broadcast.to_string()).bind(number.0).fetch_all(connection).await.map_err(database)?;
    Ok(parse_all(found)?.pop())
}

pub(super) async fn open(store: &SqliteStore) -> Result<Vec<Ticket>, StoreError> {
    majors(&mut *store.readers.acquire().await.map_err(database)?).await
}

pub(super) async fn tied(store: &SqliteStore, incident: TicketNumber) -> Result<Vec<Ticket>, StoreError> {
    tied_to(&mut *store.readers.acquire().await.map_err(database)?, incident).await
}

pub(super) async fn lookalikes(store: &SqliteStore, incident: TicketNumber, most: i64) -> Result<Vec<Ticket>, StoreError> {
    let query = sqlx::query_scalar("SELECT data FROM tickets WHERE looks_like = ? ORDER BY number LIMIT ?").bind(incident.0).bind(most);
    parse_all(query.fetch_all(&store.readers).await.map_err(database)?)
}

/// Tickets that look like what is no open incident any more.
pub(super) async fn stale_likeness(store: &SqliteStore, most: i64) -> Result<Vec<TicketNumber>, StoreError> {
    // By indexes alone: asked whenever the feed moves, also while thousands look alike.
    let sql =
        "SELECT number FROM tickets WHERE looks_like IS NOT NULL AND looks_like NOT IN (SELECT number FROM tickets WHERE major) LIMIT ?";
    let found: Vec<i64> = sqlx::query_scalar(sql).bind(most).fetch_all(&store.readers).await.map_err(database)?;
    Ok(found.into_iter().map(TicketNumber).collect())
}

pub(super) async fn updates_due(store: &SqliteStore, now: Timestamp, most: i64) -> Result<Vec<TicketNumber>, StoreError> {
    let sql = "SELECT number FROM tickets WHERE update_at <= ? ORDER BY update_at, number LIMIT ?";
    let query = sqlx::query_scalar(sql).bind(now.timestamp_millis()).bind(most);
    let found: Vec<i64> = query.fetch_all(&store.readers).await.map_err(database)?;
    Ok(found.into_iter().map(TicketNumber).collect())
}

pub(super) async fn next_update(store: &SqliteStore) -> Result<Option<Timestamp>, StoreError> {
    let sql = "SELECT MIN(update_at) FROM tickets WHERE update_at IS NOT NULL";
    let at: Option<i64> = sqlx::query_scalar(sql).fetch_one(&store.readers).await.map_err(database)?;
    Ok(at.and_then(Timestamp::from_timestamp_millis))
}

/// What is still to be sent, oldest broadcast first (ids order by time), each in its order.
pub(super) async fn targets_due(store: &SqliteStore, most: i64) -> Result<Vec<(BroadcastId, TicketNumber)>, StoreError> {
    let sql = "SELECT broadcast, ticket FROM broadcast_targets WHERE state = 'waiting' ORDER BY broadcast, place LIMIT ?";
    let found: Vec<(String, i64)> = sqlx::query_as(sql).bind(most).fetch_all(&store.readers).await.map_err(database)?;
    Ok(found.into_iter().filter_map(|(id, number)| Some((id.parse().ok()?, TicketNumber(number)))).collect())
}

pub(super) async fn broadcasts(store: &SqliteStore, incident: TicketNumber) -> Result<Vec<BroadcastView>, StoreError> {
    let sql = "SELECT data FROM broadcasts WHERE incident = ? ORDER BY created_at DESC, id DESC LIMIT ?";
    let rows = sqlx::query_scalar(sql).bind(incident.0).bind(BROADCASTS_MAX).fetch_all(&store.readers).await.map_err(database)?;
    let mut views = Vec::new();
    for row in parse_all::<Broadcast>(rows)? {
        let refused = "SELECT data FROM broadcast_targets WHERE broadcast = ? AND state = 'refused' ORDER BY place";
        let targets = sqlx::query_scalar(refused).bind(row.id.to_string()).fetch_all(&store.readers).await.map_err(database)?;
        views.push(view(store, row, parse_all(targets)?).await?);
    }
    Ok(views)
}

pub(super) async fn broadcast(store: &SqliteStore, id: BroadcastId) -> Result<Option<BroadcastView>, StoreError> {
    let mut reader = store.readers.acquire().await.map_err(database)?;
    let Some(row) = one::<Broadcast>(&mut reader, "SELECT data FROM broadcasts WHERE id = ?", id.to_string()).await? else {
        return Ok(None);
    };
    drop(reader);
    let all = "SELECT data FROM broadcast_targets WHERE broadcast = ? ORDER BY place";
    let targets = sqlx::query_scalar(all).bind(id.to_string()).fetch_all(&store.readers).await.map_err(database)?;
    Ok(Some(view(store, row, parse_all(targets)?).await?))
}

async fn view(store: &SqliteStore, broadcast: Broadcast, targets: Vec<Target>) -> Result<BroadcastView, StoreError> {
    let sql = "SELECT coalesce(sum(state = 'sent'), 0), coalesce(sum(state = 'waiting'), 0), coalesce(sum(state = 'refused'), 0) \
               FROM broadcast_targets WHERE broadcast = ?";
    let query = sqlx::query_as(sql).bind(broadcast.id.to_string());
    let (sent, left, refused): (i64, i64, i64) = query.fetch_one(&store.readers).await.map_err(database)?;
    let count = |rows: i64| usize::try_from(rows).unwrap_or(0);
    Ok(BroadcastView { broadcast, sent: count(sent), left: count(left), refused: count(refused), targets })
}
