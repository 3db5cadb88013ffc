//! What the engine's errors mean to the desk.

use crate::domain::Refusal;
use crate::store::StoreError;

/// Any other failure of the engine.
pub(super) fn database(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => StoreError::Busy,
        error => match meaning(&error) {
            Some(sentence) => StoreError::Unavailable(sentence),
            None => StoreError::Database(error),
        },
    }
}

/// What is wrong with the disk or the file, and what to do about it; `None` where it is neither.
pub(super) fn meaning(error: &sqlx::Error) -> Option<String> {
    let sqlx::Error::Database(inner) = error else { return None };
    let message = inner.message();
    // The lowest byte says what, the others say where.
    match inner.code()?.parse::<i32>().ok()? & 0xff {
        // FULL
        13 => Some("the disk is full: free some space, then try again".into()),
        // READONLY, PERM
        8 | 3 => {
            Some(format!("the database may only be read ({message}): check its permissions, and whether the disk is mounted read-only"))
        }
        // IOERR, CANTOPEN
        10 | 14 => Some(format!("the disk fails ({message}): check its space and its health")),
        // CORRUPT, NOTADB
        11 | 26 => Some(format!("{message}: check the disk, or restore a backup")),
        _ => None,
    }
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
