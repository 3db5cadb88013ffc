//! What is written beside commands: passwords, tokens, calendar links, trimming. Runs in the writer, in the group's transaction.

use sqlx::SqliteConnection;
use uuid::Uuid;

use super::cells::{Cell, run as statement};
use super::errors::database;
use super::files::FileChore;
use super::links;
use super::savepoint;
use super::writer::Writing;
use crate::domain::Timestamp;
use crate::domain::id::PersonId;
use crate::store::{CalendarLinkOf, CalendarLinkRecord, StoreError, TokenRecord};

/// One small write.
pub(super) enum Chore {
    SetPassword {
        person: PersonId,
        hash: String,
    },
    PutToken(TokenRecord),
    TouchToken {
        sha256: String,
        at: Timestamp,
    },
    RevokeToken(String),
    Delivered {
        id: Uuid,
        at: Timestamp,
    },
    DeliveryFailed {
        id: Uuid,
        attempts: u32,
        next_at: Option<Timestamp>,
        error: String,
    },
    Trim {
        before: Timestamp,
    },
    PutCalendarLink(CalendarLinkRecord),
    RevokeCalendarLinks(CalendarLinkOf),
    File(FileChore),
    /// Takes older texts into the indices of full-text search.
    IndexTexts {
        most: i64,
    },
}

/// Runs a chore, all or nothing; returns how many rows it touched.
pub(super) async fn run(connection: &mut SqliteConnection, writing: &mut Writing, chore: Chore) -> Result<u64, StoreError> {
    let before = savepoint::begin(connection, writing).await?;
    let done = act(connection, chore).await.map_err(database);
    if let Err(error) = &done {
        writing.note_trouble(error);
        savepoint::undo(connection, writing, before).await?;
    }
    savepoint::keep(connection, writing).await?;
    done
}

async fn act(connection: &mut SqliteConnection, chore: Chore) -> Result<u64, sqlx::Error> {
    match chore {
        Chore::SetPassword { person, hash } => {
            let sql = "INSERT INTO passwords (person, hash) VALUES (?, ?) ON CONFLICT (person) DO UPDATE SET hash = excluded.hash";
            statement(connection, sql, vec![person.to_string().into(), hash.into()]).await
        }
        Chore::PutToken(token) => {
            let sql = "INSERT INTO tokens (sha256, person, device, created_at, last_used_at) VALUES (?, ?, ?, ?, ?) \
                       ON CONFLICT (sha256) DO UPDATE SET device = excluded.device, last_used_at = excluded.last_used_at";
            let values: Vec<Cell> = vec![
                token.sha256.into(),
                token.person.to_string().into(),
                token.device.into(),
                token.created_at.into(),
                token.last_used_at.into(),
            ];
            statement(connection, sql, values).await
        }
        Chore::TouchToken { sha256, at } => {
            statement(connection, "UPDATE tokens SET last_used_at = ? WHERE sha256 = ?", vec![at.into(), sha256.into()]).await
        }
        Chore::RevokeToken(sha256) => statement(connection, "DELETE FROM tokens WHERE sha256 = ?", vec![sha256.into()]).await,
        Chore::Delivered { id, at } => {
            let sql = "UPDATE deliveries SET delivered_at = ?, attempts = attempts + 1, next_at = NULL, last_error = NULL WHERE id = ?";
            statement(connection, sql, vec![at.into(), id.to_string().into()]).await
        }
        Chore::DeliveryFailed { id, attempts, next_at, error } => {
            let sql = "UPDATE deliveries SET attempts = ?, next_at = ?, last_error = ? WHERE id = ? AND delivered_at IS NULL";
            statement(connection, sql, vec![i64::from(attempts).into(), next_at.into(), error.into(), id.to_string().into()]).await
        }
        Chore::File(chore) => super::files::act(connection, chore).await,
        Chore::IndexTexts { most } => super::search_index::batch(connection, most).await,
        Chore::Trim { before } => trim(connection, before).await,
        Chore::PutCalendarLink(link) => {
            let sql = "INSERT INTO calendar_links (sha256, kind, of_id, made_by, created_at) VALUES (?, ?, ?, ?, ?)";
            let (kind, of) = links::columns(link.of);
            let values = vec![link.sha256.into(), kind.into(), of.into(), link.made_by.to_string().into(), link.created_at.into()];
            statement(connection, sql, values).await
        }
        Chore::RevokeCalendarLinks(of) => {
            let (kind, of) = links::columns(of);
            statement(connection, "DELETE FROM calendar_links WHERE kind = ? AND of_id = ?", vec![kind.into(), of.into()]).await
        }
    }
}

/// Entries are in order of time, so that those too old are a beginning of the feed. The last entry stays: the head is read from it.
async fn trim(connection: &mut SqliteConnection, before: Timestamp) -> Result<u64, sqlx::Error> {
    let sql = "DELETE FROM feed WHERE seq < COALESCE((SELECT MIN(seq) FROM (SELECT seq FROM feed WHERE at >= ? ORDER BY seq LIMIT 1) AS kept), \
               (SELECT MAX(seq) FROM feed))";
    let forgotten = statement(connection, sql, vec![before.into()]).await?;
    statement(connection, "DELETE FROM results WHERE at < ?", vec![before.into()]).await?;
    statement(connection, "DELETE FROM deliveries WHERE next_at IS NULL AND created_at < ?", vec![before.into()]).await?;
    Ok(forgotten)
}
