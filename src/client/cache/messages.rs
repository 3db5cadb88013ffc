//! Reads of conversations as they are held: the newest without gaps, earlier ones, the list of Chats, what a text is found in.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use sqlx::{QueryBuilder, Sqlite};
use uuid::Uuid;

use crate::base::terms::{Query, fts5};
use crate::client::error::CacheError;
use crate::client::view::ConversationItem;
use crate::domain::conversation::{Conversation, Message, ReadMark};
use crate::domain::id::{ConversationId, MessageId, TicketNumber};
use crate::domain::notice::{Notice, NoticeKind};
use crate::domain::row::RowKind;
use crate::wire::message::{MessageHit, MessageHits, SearchScope};

use super::Cache;
use super::rows::all;

/// Places marked in one message.
const RANGES_MAX: usize = 50;

/// A stretch of a conversation without gaps, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Stretch {
    pub messages: Vec<Arc<Message>>,
    /// It ends where it was asked to, and is as long as it was asked for, or starts with the first message.
    pub complete: bool,
}

impl Stretch {
    /// `seq` of the first message; absent when there is none.
    #[must_use]
    pub fn first(&self) -> Option<i64> {
        self.messages.first().map(|message| message.seq)
    }

    /// There are messages before the first.
    #[must_use]
    pub fn older(&self) -> bool {
        self.first().is_some_and(|seq| seq > 1)
    }
}

impl Cache {
    /// At most `limit` cached messages of a conversation before `before`, without gaps. `last` is the last there should be: what is
    /// held after a gap is better than nothing and told as not complete.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn stretch(&self, conversation: ConversationId, before: i64, last: Option<i64>, limit: usize) -> Result<Stretch, CacheError> {
        let found: Vec<(i64, String)> =
            sqlx::query_as("SELECT seq, data FROM messages WHERE conversation = ? AND seq < ? ORDER BY seq DESC LIMIT ?")
                .bind(conversation.0)
                .bind(before)
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(self.readers())
                .await?;
        let mut messages: Vec<Arc<Message>> = Vec::with_capacity(found.len());
        let mut next = found.first().map_or(0, |(seq, _)| *seq);
        let top = next;
        for (seq, json) in &found {
            if *seq != next {
                break;
            }
            messages.push(Arc::new(serde_json::from_str(json)?));
            next -= 1;
        }
        messages.reverse();
        let reaches = last.is_none_or(|last| top >= last);
        let long = messages.len() >= limit || next < 1;
        Ok(Stretch { messages, complete: reaches && long })
    }

    /// Whose conversation it is, when it is a held ticket's.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn ticket_of(&self, conversation: ConversationId) -> Result<Option<TicketNumber>, CacheError> {
        let found: Option<i64> = sqlx::query_scalar("SELECT number FROM tickets WHERE conversation = ?")
            .bind(conversation.0)
            .fetch_optional(self.readers())
            .await?;
        Ok(found.map(TicketNumber))
    }

    /// # Errors
    /// When the cache cannot be read.
    pub async fn message(&self, id: MessageId) -> Result<Option<Arc<Message>>, CacheError> {
        let found: Option<String> =
            sqlx::query_scalar("SELECT data FROM messages WHERE id = ?").bind(id.to_string()).fetch_optional(self.readers()).await?;
        Ok(found.map(|json| serde_json::from_str(&json)).transpose()?.map(Arc::new))
    }

    /// Cached messages that say `text`, newest first, at most `limit`; `pinned`: only those that are, and any text does.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn search_messages(&self, text: &str, scope: SearchScope, pinned: bool, limit: usize) -> Result<MessageHits, CacheError> {
        let words = Query::parse(text);
        let any = text.trim().is_empty();
        let mut query = QueryBuilder::<Sqlite>::new("SELECT m.data FROM ");
        match fts5::expression(&words) {
            Some(expression) => {
                query.push(
                    "search_messages s CROSS JOIN message_docs d ON d.doc = s.rowid CROSS JOIN messages m ON m.id = d.message
                     WHERE m.withheld = 0 AND s.search_messages MATCH ",
                );
                query.push_bind(expression);
            }
            None if any => drop(query.push("messages m WHERE m.withheld = 0")),
            None => return Ok(MessageHits::default()),
        }
        match scope {
            SearchScope::Everywhere => {}
            SearchScope::Ticket(number) => drop(query.push(" AND m.ticket = ").push_bind(number.0)),
            SearchScope::Conversation(id) => drop(query.push(" AND m.conversation = ").push_bind(id.0)),
        }
        if pinned {
            query.push(" AND json_extract(m.data, '$.pinned_by') IS NOT NULL");
        }
        query.push(" ORDER BY json_extract(m.data, '$.created_at') DESC, m.id DESC LIMIT ");
        query.push_bind(i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1);
        let found: Vec<String> = query.build_query_scalar().fetch_all(self.readers()).await?;
        let more = found.len() > limit;
        let hit = |json: &String| -> Result<MessageHit, CacheError> {
            let message: Message = serde_json::from_str(json)?;
            Ok(MessageHit { ranges: words.ranges(&message.text, RANGES_MAX), message })
        };
        Ok(MessageHits { hits: found.iter().take(limit).map(hit).collect::<Result<_, _>>()?, more })
    }

    /// Conversations of this person, last spoken in first. `read` overrides read marks that are still on their way.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn conversations(&self, read: &HashMap<ConversationId, i64>) -> Result<Vec<ConversationItem>, CacheError> {
        let mut tx = self.readers().begin().await?;
        let conversations: Vec<Conversation> = all(&mut tx, RowKind::Conversation).await?;
        let marks: Vec<ReadMark> = all(&mut tx, RowKind::ReadMark).await?;
        let marks: HashMap<ConversationId, ReadMark> =
            marks.into_iter().filter(|mark| mark.person == self.me()).map(|mark| (mark.conversation, mark)).collect();
        let notices: Vec<Notice> = all(&mut tx, RowKind::Notice).await?;
        let told = |id| notices.iter().any(|row| !row.read && row.kind == NoticeKind::Mentioned && row.conversation == Some(id));
        let mentions: Vec<(Uuid, i64)> =
            sqlx::query_as("SELECT conversation, max(seq) FROM messages WHERE mentions_me = 1 GROUP BY conversation")
                .fetch_all(&mut *tx)
                .await?;
        let mentions: HashMap<ConversationId, i64> = mentions.into_iter().map(|(id, seq)| (id.into(), seq)).collect();
        let mut items = Vec::with_capacity(conversations.len());
        for conversation in conversations {
            let last: Option<String> =
                sqlx::query_scalar("SELECT data FROM messages WHERE conversation = ? AND withheld = 0 ORDER BY seq DESC LIMIT 1")
                    .bind(conversation.id.0)
                    .fetch_optional(&mut *tx)
                    .await?;
            let mark = marks.get(&conversation.id);
            let read = mark.map_or(0, |mark| mark.seq).max(read.get(&conversation.id).copied().unwrap_or(0));
            let muted = mark.is_some_and(|mark| mark.muted);
            let behind = (conversation.last_seq - read).max(0);
            let mentioned = behind > 0 && (told(conversation.id) || mentions.get(&conversation.id).is_some_and(|seq| *seq > read));
            let last = last.map(|json| serde_json::from_str(&json)).transpose()?.map(Arc::new);
            let unread = if muted { 0 } else { behind };
            items.push(ConversationItem { conversation: Arc::new(conversation), unread, muted, mentioned, last });
        }
        items.sort_by_key(|item| {
            let row = &item.conversation;
            Reverse((row.last_message_at.unwrap_or(row.created_at), row.id))
        });
        Ok(items)
    }
}
