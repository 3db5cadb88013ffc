//! Brings what is not synced by itself: earlier messages of an opened conversation, tickets no longer held, histories.

use std::collections::HashSet;
use std::sync::{Arc, MutexGuard, PoisonError};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::client::api::{Api, ApiError};
use crate::client::core::Core;
use crate::client::error::ClientError;
use crate::client::view::TicketHistory;
use crate::domain::conversation::Message;
use crate::domain::id::{ConversationId, RequesterId, TicketNumber};
use crate::domain::sla::intervals::ClockRecord;
use crate::domain::ticket::Ticket;
use crate::wire::ticket::{MessageList, TicketList};

use super::apply::put_messages;

/// Messages asked for at once.
const PAGE: usize = 200;
/// Pages of one conversation: a server that never ends is not followed for ever.
const PAGES_MAX: usize = 500;
/// Other tickets of a requester that are shown.
const OTHERS: usize = 10;

/// Whose messages.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Source {
    Ticket(TicketNumber, ConversationId),
    Conversation(ConversationId),
}

impl Source {
    fn conversation(self) -> ConversationId {
        match self {
            Self::Ticket(_, id) | Self::Conversation(id) => id,
        }
    }

    fn path(self, after: i64) -> String {
        match self {
            Self::Ticket(number, _) => format!("/api/v1/tickets/{number}/messages?after={after}&limit={PAGE}"),
            Self::Conversation(id) => format!("/api/v1/conversations/{id}/messages?after={after}&limit={PAGE}"),
        }
    }
}

fn fetching(core: &Core) -> MutexGuard<'_, HashSet<ConversationId>> {
    core.fetching.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Fetches the missing messages of a conversation into the cache, unless somebody does already, and tells when they came.
pub(crate) async fn messages(core: Arc<Core>, source: Source) {
    let Some(api) = &core.api else { return };
    if !fetching(&core).insert(source.conversation()) {
        return;
    }
    let result = fill(&core, api, source).await;
    fetching(&core).remove(&source.conversation());
    if let Err(error) = result {
        tracing::info!(%error, "messages could not be fetched");
    }
}

async fn fill(core: &Core, api: &Api, source: Source) -> Result<(), ClientError> {
    let mut after = core.cache.held(source.conversation()).await?.resume();
    for _ in 0..PAGES_MAX {
        let page: MessageList = api.get(&source.path(after)).await?;
        let changed = put_messages(&core.cache, &page.messages, core.clock.now()).await?;
        core.tell(changed);
        match page.next {
            Some(next) if next > after => after = next,
            _ => break,
        }
    }
    Ok(())
}

/// A ticket that the cache does not hold, with its messages; `None` when it does not exist or may not be seen.
pub(crate) async fn ticket(api: &Api, number: TicketNumber) -> Result<Option<(Ticket, Vec<Arc<Message>>)>, ApiError> {
    let ticket: Ticket = match api.get(&format!("/api/v1/tickets/{number}")).await {
        Ok(ticket) => ticket,
        Err(ApiError::Problem(problem, _)) if problem.status == 404 => return Ok(None),
        Err(error) => return Err(error),
    };
    let source = Source::Ticket(number, ticket.conversation);
    let mut messages = Vec::new();
    let mut after = 0;
    for _ in 0..PAGES_MAX {
        let page: MessageList = api.get(&source.path(after)).await?;
        messages.extend(page.messages.into_iter().map(Arc::new));
        match page.next {
            Some(next) if next > after => after = next,
            _ => break,
        }
    }
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
enum Listed<T> {
    Bare(Vec<T>),
    Within(std::collections::BTreeMap<String, Value>),
}

async fn list<T: DeserializeOwned>(api: &Api, path: &str) -> Result<Vec<T>, ApiError> {
    match api.get::<Listed<T>>(path).await? {
        Listed::Bare(rows) => Ok(rows),
        Listed::Within(object) => {
            let rows = object.into_values().find(Value::is_array).unwrap_or_else(|| Value::Array(Vec::new()));
            serde_json::from_value(rows).map_err(|_| ApiError::Foreign { url: api.base().to_owned(), status: 200 })
        }
    }
}
