//! Brings what is not synced by itself: earlier messages of an opened conversation, tickets no longer held, histories.

use std::collections::HashSet;
use std::sync::{Arc, MutexGuard, PoisonError};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::client::api::{Api, ApiError};
use crate::client::core::Core;
use crate::client::error::ClientError;
use crate::client::view::{Changed, TicketHistory};
use crate::domain::conversation::Message;
use crate::domain::id::{ConversationId, RequesterId, TicketNumber};
use crate::domain::sla::intervals::ClockRecord;
use crate::domain::ticket::Ticket;
use crate::wire::ticket::TicketList;

use super::apply::put_messages;
use super::newer;

/// Messages asked for at once.
const PAGE: usize = 200;
/// Other tickets of a requester that are shown.
const OTHERS: usize = 10;

/// Whose messages.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Source {
    Ticket(TicketNumber, ConversationId),
    Conversation(ConversationId),
}

impl Source {
    pub fn conversation(self) -> ConversationId {
        match self {
            Self::Ticket(_, id) | Self::Conversation(id) => id,
        }
    }

    fn path(self, before: i64, limit: usize) -> String {
        match self {
            Self::Ticket(number, _) => format!("/api/v1/tickets/{number}/messages?before={before}&limit={limit}"),
            Self::Conversation(id) => format!("/api/v1/conversations/{id}/messages?before={before}&limit={limit}"),
        }
    }
}

fn fetching(core: &Core) -> MutexGuard<'_, HashSet<(ConversationId, i64)>> {
    core.fetching.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Fetches a page of a conversation before `before` into the cache, unless somebody does already, and tells when it came.
pub(crate) async fn messages(core: Arc<Core>, source: Source, before: i64) {
    let Some(api) = &core.api else { return };
    let key = (source.conversation(), before);
    if !fetching(&core).insert(key) {
        return;
    }
    let result = fill(&core, api, source, before).await;
    // No longer fetching before it is told: whoever looks again may ask for the next page.
    fetching(&core).remove(&key);
    match result {
        Ok(changed) => core.tell(changed),
        Err(error) => tracing::info!(%error, "messages could not be fetched"),
    }
}

async fn fill(core: &Core, api: &Api, source: Source, before: i64) -> Result<Changed, ClientError> {
    let page = page(api, source, before, PAGE).await?;
    newer::note_mended(&core.cache, &page).await?;
    let messages: Vec<Message> = page.into_iter().map(|(message, _)| message).collect();
    Ok(put_messages(&core.cache, &messages, core.clock.now()).await?)
}

/// Messages before `before` of a conversation that the cache does not hold, oldest first.
pub(crate) async fn before(api: &Api, source: Source, before: i64, limit: usize) -> Result<Vec<Arc<Message>>, ApiError> {
    Ok(page(api, source, before, limit).await?.into_iter().map(|(message, _)| Arc::new(message)).collect())
}

#[derive(Deserialize)]
struct Page {
    messages: Vec<Value>,
}

/// A page of messages, those of a newer server as far as they can be read.
async fn page(api: &Api, source: Source, before: i64, limit: usize) -> Result<Vec<(Message, bool)>, ApiError> {
    let page: Page = api.get(&source.path(before, limit)).await?;
    let all = page.messages.len();
    let messages: Vec<_> = page.messages.into_iter().filter_map(newer::message).collect();
    if messages.len() < all {
        tracing::warn!(messages = all - messages.len(), "a newer server has messages that this dutydesk cannot read: update it");
    }
    Ok(messages)
}

/// A ticket that the cache does not hold, with its newest messages; `None` when it does not exist or may not be seen.
pub(crate) async fn ticket(api: &Api, number: TicketNumber) -> Result<Option<(Ticket, Vec<Arc<Message>>)>, ApiError> {
    let ticket: Ticket = match api.get(&format!("/api/v1/tickets/{number}")).await {
        Ok(ticket) => ticket,
        Err(ApiError::Problem(problem, _)) if problem.status == 404 => return Ok(None),
        Err(error) => return Err(error),
    };
    let messages = before(api, Source::Ticket(number, ticket.conversation), i64::MAX, PAGE).await?;
    Ok(Some((ticket, messages)))
}

/// Audit, assignments, decisions and requester of a ticket.
pub(crate) async fn history(api: &Api, number: TicketNumber, requester: Option<RequesterId>) -> Result<TicketHistory, ApiError> {
    let requester = match requester {
        Some(id) => id,
        None => api.get::<Ticket>(&format!("/api/v1/tickets/{number}")).await?.requester.id,
    };
    let path = |what: &str| format!("/api/v1/tickets/{number}/{what}");
    let (audit, assignments, decisions) = (path("audit"), path("assignments"), path("decisions"));
    let (person, others) = (format!("/api/v1/requesters/{requester}"), format!("/api/v1/tickets?requester={requester}&limit={OTHERS}"));
    let (audit, assignments, decisions, requester, others) = tokio::try_join!(
        list(api, &audit),
        list(api, &assignments),
        list(api, &decisions),
        found(api, &person),
        api.get::<TicketList>(&others)
    )?;
    let requester_tickets = others.tickets.into_iter().filter(|other| other.number != number).take(OTHERS).collect();
    Ok(TicketHistory { audit, assignments, decisions, requester, requester_tickets })
}

/// A ticket's SLA clocks with their ledger.
pub(crate) async fn clocks(api: &Api, number: TicketNumber) -> Result<ClockRecord, ApiError> {
    api.get(&format!("/api/v1/tickets/{number}/clocks")).await
}

async fn found<T: DeserializeOwned>(api: &Api, path: &str) -> Result<Option<T>, ApiError> {
    match api.get(path).await {
        Ok(row) => Ok(Some(row)),
        Err(ApiError::Problem(problem, _)) if problem.status == 404 => Ok(None),
        Err(error) => Err(error),
    }
}

/// A list, whether it comes bare or as the one list of an object.
#[derive(Deserialize)]
#[serde(untagged)]
enum Listed {
    Bare(Vec<Value>),
    Within(std::collections::BTreeMap<String, Value>),
}

/// What of a list can be read: an entry in a newer server's words does not hide the others.
async fn list<T: DeserializeOwned>(api: &Api, path: &str) -> Result<Vec<T>, ApiError> {
    let rows = match api.get::<Listed>(path).await? {
        Listed::Bare(rows) => rows,
        Listed::Within(object) => {
            object.into_values().find_map(|value| if let Value::Array(rows) = value { Some(rows) } else { None }).unwrap_or_default()
        }
    };
    let all = rows.len();
    let read: Vec<T> = rows.into_iter().filter_map(|row| serde_json::from_value(row).ok()).collect();
    if read.is_empty() && all > 0 {
        return Err(ApiError::Foreign { url: api.base().to_owned(), status: 200 });
    }
    if read.len() < all {
        tracing::warn!(entries = all - read.len(), path, "a newer server has entries that this dutydesk cannot read: update it");
    }
    Ok(read)
}
