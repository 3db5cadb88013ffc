//! Migrations: embedded, forward-only, each whole or not at all.
//!
//! The table `meta` holds the schema's number and the store's epoch. A file made by a newer dutydesk is refused before
//! anything is written to it.

use sqlx::{Connection, Row, SqliteConnection};

use super::errors::database;
use crate::domain::Timestamp;
use crate::store::StoreError;

/// In order; the place in the list, from 1, is the schema's number.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_desk.sql"),
    include_str!("migrations/0002_duty.sql"),
    include_str!("migrations/0003_conversation.sql"),
    include_str!("migrations/0004_files.sql"),
    include_str!("migrations/0005_escalation.sql"),
    include_str!("migrations/0006_message.sql"),
    include_str!("migrations/0007_ticket.sql"),
    include_str!("migrations/0008_incident.sql"),
    include_str!("migrations/0009_notification.sql"),
    include_str!("migrations/0010_view.sql"),
    include_str!("migrations/0011_search.sql"),
    include_str!("migrations/0012_stats.sql"),
];

/// The schema this program writes.
pub(super) fn known_schema() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// The number of the schema found, 0 in an empty file; `None` when the tables are not dutydesk's.
pub(super) async fn found_schema(connection: &mut SqliteConnection) -> Result<Option<i64>, sqlx::Error> {
    let tables: Vec<String> = sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        .fetch_all(&mut *connection)
        .await?;
    if tables.is_empty() {
        return Ok(Some(0));
    }
    if !tables.iter().any(|name| name == "meta") {
        return Ok(None);
    }
    match sqlx::query("SELECT value FROM meta WHERE name = 'schema'").fetch_optional(connection).await {
        Ok(row) => row.map(|row| row.try_get(0)).transpose(),
        // Some other program's `meta`.
        Err(sqlx::Error::Database(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Brings the schema up to date; `now` becomes the epoch of a new store.
pub(super) async fn migrate(connection: &mut SqliteConnection, now: Timestamp) -> Result<(), StoreError> {
    migrate_to(connection, known_schema(), now).await
}

/// Brings the schema up to `wanted`, as the dutydesk did that knew no more.
pub(super) async fn migrate_to(connection: &mut SqliteConnection, wanted: i64, now: Timestamp) -> Result<(), StoreError> {
    let Some(found) = found_schema(connection).await.map_err(database)? else {
        return Err(StoreError::Unavailable("it holds another program's tables: name a dutydesk database or a new file".into()));
    };
    let known = known_schema();
    if found > known {
        return Err(StoreError::TooNew { found, known });
    }
    for (schema, script) in (1..).zip(MIGRATIONS).filter(|(schema, _)| (found + 1..=wanted).contains(schema)) {
        apply(connection, schema, script, now).await.map_err(database)?;
    }
    Ok(())
}

async fn apply(connection: &mut SqliteConnection, schema: i64, script: &'static str, now: Timestamp) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    if schema == 1 {
        sqlx::raw_sql("CREATE TABLE meta (name TEXT PRIMARY KEY, value BIGINT NOT NULL)").execute(&mut *transaction).await?;
        set_meta(&mut transaction, "epoch", now.timestamp_millis()).await?;
    }
    sqlx::raw_sql(script).execute(&mut *transaction).await?;
    set_meta(&mut transaction, "schema", schema).await?;
    transaction.commit().await
}

/// Writes one value of `meta`.
pub(super) async fn set_meta(connection: &mut SqliteConnection, name: &str, value: i64) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
        .bind(name)
        .bind(value)
        .execute(connection)
        .await?;
    Ok(())
}

/// The store's epoch: see [`Position`](crate::store::Position).
pub(super) async fn epoch(connection: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT value FROM meta WHERE name = 'epoch'").fetch_one(connection).await
}
