//! Reads of everything but lists of tickets and messages: the directory, agent states, conversations, notices.

use std::collections::HashMap;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use sqlx::SqliteConnection;

use crate::client::error::CacheError;
use crate::domain::calendar::Calendar;
use crate::domain::conversation::{Conversation, ReadMark};
use crate::domain::directory::Directory;
use crate::domain::escalation::Escalation;
use crate::domain::handover::Handover;
use crate::domain::id::{ConversationId, MessageId, PersonId, SiteId, TicketNumber};
use crate::domain::notice::Notice;
use crate::domain::notice::settings::NoticeSettings;
use crate::domain::person::{AgentState, Person};
use crate::domain::queue::Queue;
use crate::domain::reminder::Reminder;
use crate::domain::requester::Site;
use crate::domain::roster::{RosterChange, RosterPlan, Rota};
use crate::domain::row::{RowKind, read_mark_id};
use crate::domain::saved_view::SavedView;
use crate::domain::snippet::Snippet;
use crate::domain::ticket::Ticket;

use super::Cache;
use super::lists::decode;

pub(super) async fn all<T: DeserializeOwned>(connection: &mut SqliteConnection, kind: RowKind) -> Result<Vec<T>, CacheError> {
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
        let saved_views: Vec<SavedView> = all(&mut tx, RowKind::SavedView).await?;
        let snippets: Vec<Snippet> = all(&mut tx, RowKind::Snippet).await?;
        Ok(Directory {
            people: people.into_iter().map(|row| (row.id, row)).collect(),
            queues: queues.into_iter().map(|row| (row.id, row)).collect(),
            sites: HashMap::new(),
            rotas: rotas.into_iter().map(|row| (row.id, row)).collect(),
            calendars: calendars.into_iter().map(|row| (row.id, row)).collect(),
            roster_plans: plans.into_iter().map(|row| (row.id, row)).collect(),
            roster_changes: changes.into_iter().map(|row| (row.id, row)).collect(),
            saved_views: saved_views.into_iter().map(|row| (row.id, row)).collect(),
            snippets: snippets.into_iter().map(|row| (row.id, row)).collect(),
            notice_settings: settings.into_iter().map(|row| (row.person, row)).collect(),
            reminders: reminders.into_iter().map(|row| (row.id, row)).collect(),
            handovers: handovers.into_iter().map(|row| (row.id, row)).collect(),
            ..Directory::default()
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

    /// Calls of any ticket that were neither refused nor left, oldest first.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn open_escalations(&self) -> Result<Vec<Escalation>, CacheError> {
        let mut connection = self.readers().acquire().await?;
        let mut escalations: Vec<Escalation> = all(&mut connection, RowKind::Escalation).await?;
        escalations.retain(|row| row.state.is_open());
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
    pub async fn read_mark(&self, conversation: ConversationId) -> Result<Option<ReadMark>, CacheError> {
        self.row(RowKind::ReadMark, &read_mark_id(self.me(), conversation)).await
    }

    async fn row<T: DeserializeOwned>(&self, kind: RowKind, id: &str) -> Result<Option<T>, CacheError> {
        let found: Option<String> = sqlx::query_scalar("SELECT data FROM rows WHERE kind = ? AND id = ?")
            .bind(kind.as_str())
            .bind(id)
            .fetch_optional(self.readers())
            .await?;
        Ok(found.map(|json| serde_json::from_str(&json)).transpose()?)
    }
}
