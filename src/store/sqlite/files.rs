//! Rows of files. They are written beside commands while bytes arrive, and by a message's own transaction when attached.

use sqlx::{Row, SqliteConnection};

use super::SqliteStore;
use super::cells::{Cell, run as statement};
use super::errors::database;
use super::facts::{one, parse_all};
use super::read;
use crate::domain::Timestamp;
use crate::domain::conversation::Message;
use crate::domain::file::{FileState, StoredFile};
use crate::domain::id::{FileId, MessageId, TicketNumber};
use crate::store::StoreError;

/// One small write.
pub(super) enum FileChore {
    Add(StoredFile),
    Advance { from: i64, file: StoredFile },
    Drop(StoredFile),
    Forget(FileId),
}

fn state(file: &StoredFile) -> &'static str {
    match file.state {
        FileState::Uploading => "uploading",
        FileState::Complete => "complete",
        FileState::Dropped => "dropped",
    }
}

fn json(file: &StoredFile) -> Cell {
    serde_json::to_string(file).expect("a file's row holds only what JSON can say").into()
}

/// Columns as in [`FILES`](super::tables::FILES).
pub(super) fn cells(file: &StoredFile) -> Vec<Cell> {
    vec![
        file.id.to_string().into(),
        state(file).into(),
        file.received.into(),
        file.place.map(|place| place.message.to_string()).into(),
        file.place.and_then(|place| place.ticket).map(|ticket| ticket.0).into(),
        file.created_at.into(),
        json(file),
    ]
}

pub(super) async fn act(connection: &mut SqliteConnection, chore: FileChore) -> Result<u64, sqlx::Error> {
    match chore {
        FileChore::Add(file) => {
            let sql = "INSERT INTO files (id, state, received, message, ticket, created_at, data) VALUES (?, ?, ?, ?, ?, ?, ?) \
                       ON CONFLICT (id) DO NOTHING";
            statement(connection, sql, cells(&file)).await
        }
        FileChore::Advance { from, file } => {
            let sql = "UPDATE files SET state = ?, received = ?, data = ? WHERE id = ? AND state = 'uploading' AND received = ?";
            let values = vec![state(&file).into(), file.received.into(), json(&file), file.id.to_string().into(), from.into()];
            statement(connection, sql, values).await
        }
        FileChore::Drop(file) => {
            let file = StoredFile { state: FileState::Dropped, ..file };
            let sql = "UPDATE files SET state = 'dropped', data = ? WHERE id = ? AND message IS NULL";
            statement(connection, sql, vec![json(&file), file.id.to_string().into()]).await
        }
        FileChore::Forget(id) => {
            statement(connection, "DELETE FROM files WHERE id = ? AND state = 'dropped'", vec![id.to_string().into()]).await
        }
    }
}

/// In the writer's transaction.
pub(super) async fn row(connection: &mut SqliteConnection, id: FileId) -> Result<Option<StoredFile>, StoreError> {
    one(connection, "SELECT data FROM files WHERE id = ?", id.to_string()).await
}

pub(super) async fn file(store: &SqliteStore, id: FileId) -> Result<Option<StoredFile>, StoreError> {
    read::one(store, "SELECT data FROM files WHERE id = ?", id.to_string()).await
}

pub(super) async fn message(store: &SqliteStore, id: MessageId) -> Result<Option<Message>, StoreError> {
    read::one(store, "SELECT data FROM messages WHERE id = ?", id.to_string()).await
}

pub(super) async fn loose(store: &SqliteStore, before: Timestamp, limit: i64) -> Result<Vec<StoredFile>, StoreError> {
    let sql = "SELECT data FROM files WHERE message IS NULL AND (created_at < ? OR state = 'dropped') ORDER BY created_at, id LIMIT ?";
    read::many(store, sql, before.timestamp_millis(), limit).await
}

pub(super) async fn of_ticket(store: &SqliteStore, ticket: TicketNumber) -> Result<Vec<(StoredFile, Message)>, StoreError> {
    let sql = "SELECT f.data, m.data FROM files AS f JOIN messages AS m ON m.id = f.message WHERE f.ticket = ? ORDER BY f.created_at, f.id";
    let rows = sqlx::query(sql).bind(ticket.0).fetch_all(&store.readers).await.map_err(database)?;
    let column =
        |index: usize| -> Result<Vec<String>, StoreError> { rows.iter().map(|row| row.try_get(index).map_err(database)).collect() };
    let (files, messages) = (parse_all(column(0)?)?, parse_all(column(1)?)?);
    Ok(files.into_iter().zip(messages).collect())
}
