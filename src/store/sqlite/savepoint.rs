//! A piece of the writer's transaction that is done whole or not at all.
//!
//! The engine may end the whole transaction by itself: on a full disk, on a failing one, when memory runs out. Then the savepoint
//! is gone with it, and a new one would silently begin (and later commit) a transaction of its own, while what came before it
//! in the group is lost. So whatever fails here loses the group: see [`Writing::lose`].

use sqlx::SqliteConnection;

use super::errors::database;
use super::writer::{Mark, Writing};
use crate::store::StoreError;

/// Begins a piece.
pub(super) async fn begin(connection: &mut SqliteConnection, writing: &mut Writing) -> Result<Mark, StoreError> {
    let before = writing.mark();
    run(connection, writing, "SAVEPOINT piece").await?;
    Ok(before)
}

/// Keeps what was done since [`begin`].
pub(super) async fn keep(connection: &mut SqliteConnection, writing: &mut Writing) -> Result<(), StoreError> {
    run(connection, writing, "RELEASE piece").await
}

/// Takes back what was done since [`begin`]; the piece goes on.
pub(super) async fn undo(connection: &mut SqliteConnection, writing: &mut Writing, before: Mark) -> Result<(), StoreError> {
    writing.reset(before);
    run(connection, writing, "ROLLBACK TO piece").await
}

async fn run(connection: &mut SqliteConnection, writing: &mut Writing, sql: &'static str) -> Result<(), StoreError> {
    match sqlx::query(sql).execute(connection).await {
        Ok(_) => Ok(()),
        Err(error) => {
            writing.lose(&error);
            Err(database(error))
        }
    }
}
