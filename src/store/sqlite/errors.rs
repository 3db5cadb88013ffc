//! What the engine's errors mean to the desk.

use crate::domain::Refusal;
use crate::store::StoreError;

/// Any other failure of the engine.
pub(super) fn database(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => StoreError::Busy,
        sqlx::Error::Database(ref inner) if is_full(inner.code().as_deref()) => {
            StoreError::Unavailable("the disk is full: free some space, then try again".into())
        }
        sqlx::Error::Database(ref inner) if is_broken(inner.code().as_deref()) => {
            StoreError::Unavailable(format!("{}: check the disk, or restore a backup", inner.message()))
        }
        other => StoreError::Database(other),
    }
}

/// `SQLITE_FULL`.
fn is_full(code: Option<&str>) -> bool {
    code == Some("13")
}

/// `SQLITE_CORRUPT`, `SQLITE_NOTADB`.
fn is_broken(code: Option<&str>) -> bool {
    matches!(code, Some("11" | "26"))
}

/// The refusal for a value that must be unique and is not; `None` for any other error.
pub(super) fn taken(error: &sqlx::Error) -> Option<Refusal> {
    let sqlx::Error::Database(inner) = error else { return None };
    if !inner.is_unique_violation() {
        return None;
    }
    let (field, sentence) = unique_word(inner.message());
    Some(Refusal { field: Some(field.into()), ..Refusal::conflict("taken", sentence) })
}

/// From the engine's sentence (`UNIQUE constraint failed: people.handle`) to the field's word and ours.
fn unique_word(message: &str) -> (&'static str, &'static str) {
    let column = message.rsplit_once("failed: ").map_or("", |(_, columns)| columns);
    let first = column.split(',').next().unwrap_or("").trim();
    match first {
        "people.handle" => ("handle", "The handle is already taken: choose another."),
        "queues.key" | "rotas.key" | "intake_channels.key" => ("key", "The key is already taken: choose another."),
        "sites.code" => ("code", "The code is already taken: choose another."),
        "requesters.external" | "tickets.external" | "message_externals.channel" => {
            ("external", "The external id is already taken: something with it exists.")
        }
        "assignments.ticket" => ("assignee", "The ticket is already assigned: look again, then decide."),
        "messages.id" => ("message", "A message with this id exists: send it with a fresh id."),
        "messages.conversation" => ("seq", "Somebody wrote at the same place in the conversation: send it again."),
        "tickets.number" => ("number", "The ticket number is already taken: send it again."),
        _ => ("id", "The id is already taken: send it with a fresh one."),
    }
}
