//! Conversations and their messages.

use super::SqliteStore;
use super::errors::database;
use super::facts::parse_all;
use super::read::one;
use crate::domain::conversation::{Conversation, Message, MessageEdit};
use crate::domain::id::{ConversationId, MessageId};
use crate::store::StoreError;

pub(super) async fn conversation(store: &SqliteStore, id: ConversationId) -> Result<Option<Conversation>, StoreError> {
    one(store, "SELECT data FROM conversations WHERE id = ?", id.to_string()).await
}

pub(super) async fn messages(
    store: &SqliteStore,
    conversation: ConversationId,
    after_seq: i64,
    limit: i64,
) -> Result<Vec<Message>, StoreError> {
    let sql = "SELECT data FROM messages WHERE conversation = ? AND seq > ? ORDER BY seq LIMIT ?";
    let query = sqlx::query_scalar(sql).bind(conversation.to_string()).bind(after_seq).bind(limit);
    parse_all(query.fetch_all(&store.readers).await.map_err(database)?)
}

pub(super) async fn messages_before(
    store: &SqliteStore,
    conversation: ConversationId,
    before_seq: i64,
    limit: i64,
) -> Result<Vec<Message>, StoreError> {
    let sql = "SELECT data FROM messages WHERE conversation = ? AND seq < ? ORDER BY seq DESC LIMIT ?";
    let query = sqlx::query_scalar(sql).bind(conversation.to_string()).bind(before_seq).bind(limit);
    let mut found = parse_all(query.fetch_all(&store.readers).await.map_err(database)?)?;
    found.reverse();
    Ok(found)
}

pub(super) async fn message(store: &SqliteStore, id: MessageId) -> Result<Option<Message>, StoreError> {
    one(store, "SELECT data FROM messages WHERE id = ?", id.to_string()).await
}

pub(super) async fn message_edits(store: &SqliteStore, id: MessageId) -> Result<Vec<MessageEdit>, StoreError> {
    let sql = "SELECT data FROM message_edits WHERE message = ? ORDER BY version";
    parse_all(sqlx::query_scalar(sql).bind(id.to_string()).fetch_all(&store.readers).await.map_err(database)?)
}
