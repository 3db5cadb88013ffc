//! Conversations and their messages.

use super::SqliteStore;
use super::errors::database;
use super::facts::parse_all;
use super::read::one;
use crate::domain::conversation::{Conversation, Message};
use crate::domain::id::ConversationId;
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
