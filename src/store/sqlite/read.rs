//! Reading rows from the pool: one or many, by one value.

use serde::de::DeserializeOwned;

use super::SqliteStore;
use super::errors::database;
use super::facts::parse_all;
use crate::store::StoreError;

/// The row whose JSON `sql` selects for `value`.
pub(super) async fn one<T: DeserializeOwned>(store: &SqliteStore, sql: &'static str, value: String) -> Result<Option<T>, StoreError> {
    let data: Option<String> = sqlx::query_scalar(sql).bind(value).fetch_optional(&store.readers).await.map_err(database)?;
    data.map(|data| serde_json::from_str(&data).map_err(StoreError::Corrupt)).transpose()
}

/// The rows whose JSON `sql` selects for `value`, at most `limit`.
pub(super) async fn many<T: DeserializeOwned>(
    store: &SqliteStore,
    sql: &'static str,
    value: i64,
    limit: i64,
) -> Result<Vec<T>, StoreError> {
    parse_all(sqlx::query_scalar(sql).bind(value).bind(limit).fetch_all(&store.readers).await.map_err(database)?)
}

/// Every row of a small table.
pub(super) async fn all<T: DeserializeOwned>(store: &SqliteStore, sql: &'static str) -> Result<Vec<T>, StoreError> {
    parse_all(sqlx::query_scalar(sql).fetch_all(&store.readers).await.map_err(database)?)
}

/// `text` as a `LIKE` pattern that finds it anywhere, with `\` as escape.
pub(super) fn anywhere(text: &str) -> String {
    let escaped = text.to_lowercase().replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    format!("%{escaped}%")
}
