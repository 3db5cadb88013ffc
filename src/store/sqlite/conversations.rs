//! Conversations and their messages.

use sqlx::{QueryBuilder, Sqlite};

use super::SqliteStore;
use super::errors::database;
use super::facts::parse_all;
use super::read::one;
use super::scope::{highest_tier, push_admitted, push_visible};
use crate::domain::conversation::find::folded;
use crate::domain::conversation::{Conversation, Message, MessageEdit};
use crate::domain::id::{ConversationId, MessageId};
use crate::domain::person::Person;
use crate::store::{MessageSearch, StoreError};

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

/// Rows go by their order of writing, newest first, so that a common word is found at once.
pub(super) async fn search(store: &SqliteStore, viewer: &Person, search: &MessageSearch, limit: i64) -> Result<Vec<Message>, StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new(
        "SELECT m.data FROM messages m LEFT JOIN tickets t ON t.conversation = m.conversation \
         LEFT JOIN conversations c ON c.id = m.conversation AND c.kind <> 'escalation' WHERE m.tier <= ",
    );
    query.push_bind(highest_tier(viewer));
    let text = folded(search.text.trim());
    if !text.is_empty() {
        query.push(" AND instr(m.search, ").push_bind(text).push(") > 0");
    }
    if let Some(conversation) = search.conversation {
        query.push(" AND m.conversation = ").push_bind(conversation.to_string());
    }
    if let Some(author) = search.author {
        query.push(" AND json_extract(m.data, '$.author.type') = 'person' AND json_extract(m.data, '$.author.id') = ");
        query.push_bind(author.to_string());
    }
    if search.pinned {
        query.push(" AND json_extract(m.data, '$.pinned_by') IS NOT NULL");
    }
    query.push(" AND ((t.number IS NOT NULL AND ");
    push_visible(&mut query, viewer);
    query.push(") OR (c.id IS NOT NULL AND ");
    push_admitted(&mut query, viewer, "c");
    query.push(")) ORDER BY m.rowid DESC LIMIT ").push_bind(limit.max(1));
    let found: Vec<String> = query.build_query_scalar().fetch_all(&store.readers).await.map_err(database)?;
    parse_all(found)
}
