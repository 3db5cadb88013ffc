//! Reads of everything but lists of tickets: the directory, agent states, conversations, messages, notices.

use std::collections::HashMap;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use sqlx::{FromRow, SqliteConnection};
use uuid::Uuid;

use crate::client::error::CacheError;
use crate::client::view::ConversationItem;
use crate::domain::calendar::Calendar;
use crate::domain::conversation::{Conversation, Message, ReadMark};
use crate::domain::directory::Directory;
use crate::domain::escalation::Escalation;
use crate::domain::handover::Handover;
use crate::domain::id::{ConversationId, MessageId, PersonId, SiteId, TicketNumber};
use crate::domain::notice::settings::NoticeSettings;
use crate::domain::notice::{Notice, NoticeKind};
use crate::domain::person::{AgentState, Person};
use crate::domain::queue::Queue;
use crate::domain::reminder::Reminder;
use crate::domain::requester::Site;
use crate::domain::roster::{RosterChange, RosterPlan, Rota};
use crate::domain::row::{RowKind, read_mark_id};
use crate::domain::snippet::Snippet;
use crate::domain::ticket::Ticket;

use super::Cache;
use super::lists::decode;

/// Messages of one conversation that are cached, in short.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Held {
    pub count: i64,
    /// `seq` of the last one; 0 with none. The messages are without gaps when it equals `count`.
    pub last: i64,
}

impl Held {
    /// Whether all of a conversation's messages, `expected` of them, are here.
    #[must_use]
    pub fn complete(self, expected: i64) -> bool {
        self.count >= expected && self.last == self.count
    }

    /// After which `seq` to ask the server: everything again when there is a gap.
    #[must_use]
    pub fn resume(self) -> i64 {
        if self.last == self.count { self.last } else { 0 }
    }
}

async fn all<T: DeserializeOwned>(connection: &mut SqliteConnection, kind: RowKind) -> Result<Vec<T>, CacheError> {
    let found: Vec<String> = sqlx::query_scalar("SELECT data FROM rows WHERE kind = ?").bind(kind.as_str()).fetch_all(connection).await?;
    found.iter().map(|json| Ok(serde_json::from_str(json)?)).collect()
}

fn rows_of<T: DeserializeOwned>(found: &[String]) -> Result<Vec<T>, CacheError> {
    found.iter().map(|json| Ok(serde_json::from_str(json)?)).collect()
}

impl Cache {
    /// The directory without its sites: those can be many and come by [`Cache::sites`].
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn directory(&self) -> Result<Directory, CacheError> {
        let mut tx = self.readers().begin().await?;
        let people: Vec<Person> = all(&mut tx, RowKind::Person).await?;
        let queues: Vec<Queue> = all(&mut tx, RowKind::Queue).await?;
        let rotas: Vec<Rota> = all(&mut tx, RowKind::Rota).await?;
        let calendars: Vec<Calendar> = all(&mut tx, RowKind::Calendar).await?;
        let plans: Vec<RosterPlan> = all(&mut tx, RowKind::RosterPlan).await?;
        let changes: Vec<RosterChange> = all(&mut tx, RowKind::RosterChange).await?;
        let settings: Vec<NoticeSettings> = all(&mut tx, RowKind::NoticeSettings).await?;
        let reminders: Vec<Reminder> = all(&mut tx, RowKind::Reminder).await?;
        let handovers: Vec<Handover> = all(&mut tx, RowKind::Handover).await?;
        let snippets: Vec<Snippet> = all(&mut tx, RowKind::Snippet).await?;
        Ok(Directory {
            people: people.into_iter().map(|row| (row.id, row)).collect(),
            queues: queues.into_iter().map(|row| (row.id, row)).collect(),
            sites: HashMap::new(),
            rotas: rotas.into_iter().map(|row| (row.id, row)).collect(),
            calendars: calendars.into_iter().map(|row| (row.id, row)).collect(),
            roster_plans: plans.into_iter().map(|row| (row.id, row)).collect(),
            roster_changes: changes.into_iter().map(|row| (row.id, row)).collect(),
            snippets: snippets.into_iter().map(|row| (row.id, row)).collect(),
            notice_settings: settings.into_iter().map(|row| (row.person, row)).collect(),
            reminders: reminders.into_iter().map(|row| (row.id, row)).collect(),
            handovers: handovers.into_iter().map(|row| (row.id, row)).collect(),
            webhooks: HashMap::new(),
        })
    }

    /// # Errors
    /// When the cache cannot be read.
    pub async fn sites(&self) -> Result<HashMap<SiteId, Site>, CacheError> {
        let mut connection = self.readers().acquire().await?;
        let sites: Vec<Site> = all(&mut connection, RowKind::Site).await?;
        Ok(sites.into_iter().map(|row| (row.id, row)).collect())
    }

    /// # Errors
    /// When the cache cannot be read.
    pub async fn agent_states(&self) -> Result<HashMap<PersonId, AgentState>, CacheError> {
        let mut connection = self.readers().acquire().await?;
        let states: Vec<AgentState> = all(&mut connection, RowKind::AgentState).await?;
        Ok(states.into_iter().map(|row| (row.person, row)).collect())
    }

    /// # Errors
    /// When the cache cannot be read.
    pub async fn ticket(&self, number: TicketNumber) -> Result<Option<Arc<Ticket>>, CacheError> {
        let found: Option<String> =
            sqlx::query_scalar("SELECT data FROM ticket_data WHERE number = ?").bind(number.0).fetch_optional(self.readers()).await?;
        found.map(|json| decode(&json)).transpose()
    }

    /// Calls on a ticket, oldest first.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn escalations(&self, ticket: TicketNumber) -> Result<Vec<Escalation>, CacheError> {
        let found: Vec<String> = sqlx::query_scalar("SELECT data FROM rows WHERE ticket = ? AND kind = 'escalation'")
            .bind(ticket.0)
            .fetch_all(self.readers())
            .await?;
        let mut escalations: Vec<Escalation> = rows_of(&found)?;
        escalations.sort_by_key(|row| (row.asked_at, row.id));
        Ok(escalations)
    }

    /// Notices of this person, newest first.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn notices(&self) -> Result<Vec<Notice>, CacheError> {
        let mut connection = self.readers().acquire().await?;
        let mut notices: Vec<Notice> = all(&mut connection, RowKind::Notice).await?;
        notices.sort_by_key(|row| std::cmp::Reverse((row.at, row.id)));
        Ok(notices)
    }

    /// Messages of a conversation that are cached, oldest first.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn messages(&self, conversation: ConversationId) -> Result<Vec<Arc<Message>>, CacheError> {
        let found: Vec<String> = sqlx::query_scalar("SELECT data FROM messages WHERE conversation = ? ORDER BY seq")
            .bind(conversation.0)
            .fetch_all(self.readers())
            .await?;
        found.iter().map(|json| Ok(Arc::new(serde_json::from_str(json)?))).collect()
    }

    /// # Errors
    /// When the cache cannot be read.
    pub async fn held(&self, conversation: ConversationId) -> Result<Held, CacheError> {
        Ok(sqlx::query_as("SELECT count(*) AS count, coalesce(max(seq), 0) AS last FROM messages WHERE conversation = ?")
            .bind(conversation.0)
            .fetch_one(self.readers())
            .await?)
    }

    /// # Errors
    /// When the cache cannot be read.
    pub async fn has_message(&self, id: MessageId) -> Result<bool, CacheError> {
        let found: i64 =
            sqlx::query_scalar("SELECT count(*) FROM messages WHERE id = ?").bind(id.to_string()).fetch_one(self.readers()).await?;
        Ok(found > 0)
    }

    /// # Errors
    /// When the cache cannot be read.
    pub async fn conversation(&self, id: ConversationId) -> Result<Option<Conversation>, CacheError> {
        self.row(RowKind::Conversation, &id.to_string()).await
    }

    /// How far this person has read a conversation.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn read_seq(&self, conversation: ConversationId) -> Result<i64, CacheError> {
        let mark: Option<ReadMark> = self.row(RowKind::ReadMark, &read_mark_id(self.me(), conversation)).await?;
        Ok(mark.map_or(0, |mark| mark.seq))
    }

    async fn row<T: DeserializeOwned>(&self, kind: RowKind, id: &str) -> Result<Option<T>, CacheError> {
        let found: Option<String> = sqlx::query_scalar("SELECT data FROM rows WHERE kind = ? AND id = ?")
            .bind(kind.as_str())
            .bind(id)
            .fetch_optional(self.readers())
            .await?;
        Ok(found.map(|json| serde_json::from_str(&json)).transpose()?)
    }

    /// Conversations of this person, last spoken in first. `read` overrides read marks that are still on their way.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn conversations(&self, read: &HashMap<ConversationId, i64>) -> Result<Vec<ConversationItem>, CacheError> {
        let mut tx = self.readers().begin().await?;
        let conversations: Vec<Conversation> = all(&mut tx, RowKind::Conversation).await?;
        let marks: Vec<ReadMark> = all(&mut tx, RowKind::ReadMark).await?;
        let mut marks: HashMap<ConversationId, i64> =
            marks.into_iter().filter(|mark| mark.person == self.me()).map(|mark| (mark.conversation, mark.seq)).collect();
        for (conversation, seq) in read {
            let mark = marks.entry(*conversation).or_default();
            *mark = (*mark).max(*seq);
        }
        let notices: Vec<Notice> = all(&mut tx, RowKind::Notice).await?;
        let told = |id| notices.iter().any(|row| !row.read && row.kind == NoticeKind::Mentioned && row.conversation == Some(id));
        let mentions: Vec<(Uuid, i64)> =
            sqlx::query_as("SELECT conversation, max(seq) FROM messages WHERE mentions_me = 1 GROUP BY conversation")
                .fetch_all(&mut *tx)
                .await?;
        let mentions: HashMap<ConversationId, i64> = mentions.into_iter().map(|(id, seq)| (id.into(), seq)).collect();
        let mut items = Vec::with_capacity(conversations.len());
        for conversation in conversations {
            let last: Option<String> = sqlx::query_scalar("SELECT data FROM messages WHERE conversation = ? ORDER BY seq DESC LIMIT 1")
                .bind(conversation.id.0)
                .fetch_optional(&mut *tx)
                .await?;
            let read = marks.get(&conversation.id).copied().unwrap_or(0);
            let unread = (conversation.last_seq - read).max(0);
            let mentioned = unread > 0 && (told(conversation.id) || mentions.get(&conversation.id).is_some_and(|seq| *seq > read));
            let last = last.map(|json| serde_json::from_str(&json)).transpose()?.map(Arc::new);
            items.push(ConversationItem { conversation: Arc::new(conversation), unread, mentioned, last });
        }
        items.sort_by_key(|item| {
            let row = &item.conversation;
            std::cmp::Reverse((row.last_message_at.unwrap_or(row.created_at), row.id))
        });
        Ok(items)
    }
}
