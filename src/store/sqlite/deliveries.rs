//! Calls to webhooks: what is due, and what became of each.

use super::SqliteStore;
use super::errors::database;
use crate::domain::Timestamp;
use crate::domain::id::WebhookId;
use crate::domain::webhook::DeliveryRecord;
use crate::store::{DUE_EACH_MAX, StoreError};

/// `data`, `attempts`, `next_at`, `delivered_at`, `last_error`.
type Columns = (String, i64, Option<i64>, Option<i64>, Option<String>);

/// Of those that wait in line only the first: the next follows when it is delivered or given up.
///
/// A share for each webhook, so that thousands due to one that is down do not keep the others waiting.
pub(super) async fn due(store: &SqliteStore, now: Timestamp, limit: i64) -> Result<Vec<DeliveryRecord>, StoreError> {
    let sql = "SELECT data, attempts, next_at, delivered_at, last_error FROM \
               (SELECT *, ROW_NUMBER() OVER (PARTITION BY webhook ORDER BY next_at, id) AS place FROM deliveries WHERE next_at <= ? AND \
               (line IS NULL OR rowid = (SELECT MIN(ahead.rowid) FROM deliveries AS ahead \
               WHERE ahead.line = deliveries.line AND ahead.next_at IS NOT NULL))) \
               AS due WHERE place <= ? ORDER BY next_at, id LIMIT ?";
    let query = sqlx::query_as(sql).bind(now.timestamp_millis()).bind(DUE_EACH_MAX).bind(limit);
    records(query.fetch_all(&store.readers).await.map_err(database)?)
}

pub(super) async fn of(store: &SqliteStore, webhook: WebhookId, limit: i64) -> Result<Vec<DeliveryRecord>, StoreError> {
    let sql = "SELECT data, attempts, next_at, delivered_at, last_error FROM deliveries WHERE webhook = ? \
               ORDER BY created_at DESC, id DESC LIMIT ?";
    let query = sqlx::query_as(sql).bind(webhook.to_string()).bind(limit);
    records(query.fetch_all(&store.readers).await.map_err(database)?)
}

fn records(rows: Vec<Columns>) -> Result<Vec<DeliveryRecord>, StoreError> {
    let record = |(data, attempts, next_at, delivered_at, last_error): Columns| {
        Ok(DeliveryRecord {
            delivery: serde_json::from_str(&data).map_err(StoreError::Corrupt)?,
            attempts: u32::try_from(attempts).unwrap_or_default(),
            next_at: next_at.and_then(Timestamp::from_timestamp_millis),
            delivered_at: delivered_at.and_then(Timestamp::from_timestamp_millis),
            last_error,
        })
    };
    rows.into_iter().map(record).collect()
}
