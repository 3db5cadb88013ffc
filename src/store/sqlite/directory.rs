//! What the server keeps in memory, and requesters.

use super::errors::database;
use super::facts::parse_all;
use super::read::{all, anywhere, one};
use super::{SqliteStore, intake};
use crate::domain::calendar::Calendar;
use crate::domain::directory::Directory;
use crate::domain::id::RequesterId;
use crate::domain::notice::settings::NoticeSettings;
use crate::domain::person::{AgentState, Person};
use crate::domain::queue::Queue;
use crate::domain::requester::{Requester, Site};
use crate::domain::roster::{RosterChange, RosterPlan, Rota};
use crate::domain::saved_view::SavedView;
use crate::domain::snippet::Snippet;
use crate::domain::webhook::Webhook;
use crate::store::StoreError;
use std::collections::HashMap;

pub(super) async fn directory(store: &SqliteStore) -> Result<Directory, StoreError> {
    let people: Vec<Person> = all(store, "SELECT data FROM people").await?;
    let queues: Vec<Queue> = all(store, "SELECT data FROM queues").await?;
    let sites: Vec<Site> = all(store, "SELECT data FROM sites").await?;
    let rotas: Vec<Rota> = all(store, "SELECT data FROM rotas").await?;
    let calendars: Vec<Calendar> = all(store, "SELECT data FROM calendars").await?;
    let roster_plans: Vec<RosterPlan> = all(store, "SELECT data FROM roster_plans").await?;
    let webhooks: Vec<Webhook> = all(store, "SELECT data FROM webhooks").await?;
    let intake_channels = intake::intake_channels(store).await?;
    let roster_changes: Vec<RosterChange> = all(store, "SELECT data FROM roster_changes").await?;
    let snippets: Vec<Snippet> = all(store, "SELECT data FROM snippets").await?;
    let saved_views: Vec<SavedView> = all(store, "SELECT data FROM saved_views").await?;
    let settings: Vec<NoticeSettings> = all(store, "SELECT data FROM notice_settings").await?;
    Ok(Directory {
        people: people.into_iter().map(|row| (row.id, row)).collect(),
        queues: queues.into_iter().map(|row| (row.id, row)).collect(),
        sites: sites.into_iter().map(|row| (row.id, row)).collect(),
        rotas: rotas.into_iter().map(|row| (row.id, row)).collect(),
        calendars: calendars.into_iter().map(|row| (row.id, row)).collect(),
        roster_plans: roster_plans.into_iter().map(|row| (row.id, row)).collect(),
        saved_views: saved_views.into_iter().map(|row| (row.id, row)).collect(),
        snippets: snippets.into_iter().map(|row| (row.id, row)).collect(),
        notice_settings: settings.into_iter().map(|row| (row.person, row)).collect(),
        // A console's: the server reads them where it needs them.
        reminders: HashMap::new(),
        handovers: HashMap::new(),
        webhooks: webhooks.into_iter().map(|row| (row.id, row)).collect(),
        roster_changes: roster_changes.into_iter().map(|row| (row.id, row)).collect(),
        intake_channels: intake_channels.into_iter().map(|row| (row.id, row)).collect(),
        public_url: String::new(),
    })
}

pub(super) async fn agent_states(store: &SqliteStore) -> Result<Vec<AgentState>, StoreError> {
    all(store, "SELECT data FROM agent_states ORDER BY id").await
}

pub(super) async fn requester(store: &SqliteStore, id: RequesterId) -> Result<Option<Requester>, StoreError> {
    one(store, "SELECT data FROM requesters WHERE id = ?", id.to_string()).await
}

/// Those whose name, external id, e-mail address or telephone number holds `text`, newest first.
pub(super) async fn requesters(store: &SqliteStore, text: &str, limit: i64) -> Result<Vec<Requester>, StoreError> {
    let sql = r"SELECT data FROM requesters WHERE search LIKE ? ESCAPE '\' ORDER BY id DESC LIMIT ?";
    parse_all(sqlx::query_scalar(sql).bind(anywhere(text.trim())).bind(limit).fetch_all(&store.readers).await.map_err(database)?)
}
