//! Merged conversations as one, undoing a merge, splitting, the timeline, the link of the status page.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{acting, visible_ticket};
use crate::domain::access;
use crate::domain::assignment::Assignment;
use crate::domain::audit::AuditEntry;
use crate::domain::command::{Command, CommandResult, SplitTicket};
use crate::domain::conversation::Message;
use crate::domain::conversation::interleave::interleave;
use crate::domain::escalation::Escalation;
use crate::domain::id::{ConversationId, TicketNumber};
use crate::domain::person::Person;
use crate::domain::sla::ledger::ClockEvent;
use crate::domain::ticket::Ticket;
use crate::domain::timeline::{Records, Show, TimelineEntry, timeline};
use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::execute::{idempotency_key, perform};
use crate::server::extract::{Body, Path, Query};
use crate::server::state::Desk;
use crate::store::StoreError;
use crate::wire::craft::{ConversationPage, NewSplit, StatusLink};
use crate::wire::list::Items;
use crate::wire::problem::Problem;

const PAGE_DEFAULT: i64 = 200;
const PAGE_MAX: i64 = 500;
/// Entries of each record that a timeline is made of.
const RECORD_MAX: i64 = 5_000;
const ESCALATIONS_MAX: i64 = 1_000;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ConversationQuery {
    /// From the last page's `next`.
    cursor: Option<String>,
    /// At most 500, 200 by default.
    limit: Option<i64>,
}

/// The conversations read as one: the ticket's own and those merged into it.
fn streams(ticket: &Ticket) -> Vec<ConversationId> {
    std::iter::once(ticket.conversation).chain(ticket.merged.iter().map(|one| one.conversation)).collect()
}

/// How far each stream was read: their `seq`s in order, with dots.
fn parse(cursor: Option<&str>, streams: usize) -> ApiResult<Vec<i64>> {
    let Some(cursor) = cursor else { return Ok(vec![0; streams]) };
    let read: Option<Vec<i64>> = cursor.split('.').map(|seq| seq.parse().ok()).collect();
    let read = read.filter(|read| read.len() <= streams);
    let mut read = read.ok_or_else(|| ApiProblem::invalid("cursor", "Pass the `next` of the last page."))?;
    // A ticket merged since the last page is read from its beginning.
    read.resize(streams, 0);
    Ok(read)
}

/// All messages of a ticket and of those merged into it, in order of time, at most `max` of each.
///
/// # Errors
/// When the store fails.
pub async fn whole(desk: &Desk, conversation: ConversationId, max: i64) -> Result<Vec<Message>, StoreError> {
    let mut all: Vec<Message> = Vec::new();
    while i64::try_from(all.len()).is_ok_and(|read| read < max) {
        let after = all.last().map_or(0, |message| message.seq);
        let page = desk.store.messages(conversation, after, PAGE_MAX).await?;
        let full = i64::try_from(page.len()).is_ok_and(|read| read == PAGE_MAX);
        all.extend(page);
        if !full {
            break;
        }
    }
    Ok(all)
}

/// Its conversation and those of the tickets merged into it, as one: oldest first. `GET …/messages` has its own alone, by `seq`.
#[utoipa::path(get, path = "/api/v1/tickets/{number}/conversation", tag = "tickets", params(("number" = i64, Path), ConversationQuery), responses(
    (status = 200, body = ConversationPage), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn conversation(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(number): Path<TicketNumber>,
    Query(query): Query<ConversationQuery>,
) -> ApiResult<Json<ConversationPage>> {
    let ticket = visible_ticket(&desk, &who.person, number).await?;
    let streams = streams(&ticket);
    let mut read = parse(query.cursor.as_deref(), streams.len())?;
    let limit = query.limit.unwrap_or(PAGE_DEFAULT).clamp(1, PAGE_MAX);
    let mut pages = Vec::with_capacity(streams.len());
    for (conversation, after) in streams.iter().zip(&read) {
        pages.push(desk.store.messages(*conversation, *after, limit).await?);
    }
    let found: usize = pages.iter().map(Vec::len).sum();
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let full = pages.iter().any(|page| page.len() == wanted);
    let mut messages = interleave(pages);
    messages.truncate(wanted);
    for message in &messages {
        if let Some(place) = streams.iter().position(|one| *one == message.conversation) {
            read[place] = message.seq;
        }
    }
    let next = (full || found > messages.len()).then(|| read.iter().map(i64::to_string).collect::<Vec<_>>().join("."));
    messages.retain(|message| reads(&who.person, message));
    Ok(Json(ConversationPage { messages, next }))
}

fn reads(person: &Person, message: &Message) -> bool {
    access::reads_tier(person, message.visibility.tier())
}

/// Take back that it was merged, within ten minutes.
#[utoipa::path(post, path = "/api/v1/tickets/{number}/unmerge", tag = "tickets", params(("number" = i64, Path)), responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, description = "It is not merged, was changed since, or more than ten minutes have passed", body = Problem)))]
pub async fn unmerge(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(number): Path<TicketNumber>,
    headers: HeaderMap,
) -> ApiResult<Json<CommandResult>> {
    Ok(Json(perform(&desk, &acting(who.person), idempotency_key(&headers)?, None, Command::UndoMerge { number }).await?))
}

/// Make a new ticket of a message, which stays where it is.
#[utoipa::path(post, path = "/api/v1/tickets/{number}/split", tag = "tickets", params(("number" = i64, Path)), request_body = NewSplit, responses(
    (status = 201, description = "The new ticket", body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, description = "It was split off already", body = Problem), (status = 422, body = Problem)))]
pub async fn split(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(number): Path<TicketNumber>,
    headers: HeaderMap,
    Body(body): Body<NewSplit>,
) -> ApiResult<(StatusCode, Json<CommandResult>)> {
    let NewSplit { message, following, queue, subject, kind, priority } = body;
    let queue = match queue {
        Some(key) => {
            let missing = || ApiProblem::invalid("queue", format!("There is no queue `{key}`; GET /api/v1/queues lists them."));
            desk.directory().queue_by_key(&key).map(|queue| queue.id).ok_or_else(missing)?
        }
        None => visible_ticket(&desk, &who.person, number).await?.queue,
    };
    let command = Command::SplitTicket(Box::new(SplitTicket { number, message, following, queue, subject, kind, priority }));
    Ok((StatusCode::CREATED, Json(perform(&desk, &acting(who.person), idempotency_key(&headers)?, None, command).await?)))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct TimelineQuery {
    /// `all` (default), `people`, `desk` or `public`.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    show: Show,
}

/// What a timeline is made of.
struct Life {
    ticket: TicketNumber,
    audit: Vec<AuditEntry>,
    messages: Vec<Message>,
    assignments: Vec<Assignment>,
    escalations: Vec<Escalation>,
    clocks: Vec<ClockEvent>,
}

impl Life {
    async fn load(desk: &Desk, ticket: TicketNumber, conversation: ConversationId) -> Result<Self, StoreError> {
        Ok(Self {
            ticket,
            audit: desk.store.audit(ticket, RECORD_MAX).await?,
            messages: whole(desk, conversation, RECORD_MAX).await?,
            assignments: desk.store.assignments(ticket).await?,
            escalations: desk.store.escalations(ticket, ESCALATIONS_MAX).await?,
            clocks: desk.store.clock_events(ticket).await?,
        })
    }

    fn records(&self) -> Records<'_> {
        let Self { ticket, audit, messages, assignments, escalations, clocks } = self;
        Records { ticket: *ticket, audit, messages, assignments, escalations, clocks }
    }
}

/// Its whole life as one list, oldest first, with that of the tickets merged into it.
#[utoipa::path(get, path = "/api/v1/tickets/{number}/timeline", tag = "tickets", params(("number" = i64, Path), TimelineQuery), responses(
    (status = 200, body = Items<TimelineEntry>), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn get_timeline(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(number): Path<TicketNumber>,
    Query(query): Query<TimelineQuery>,
) -> ApiResult<Json<Items<TimelineEntry>>> {
    let ticket = visible_ticket(&desk, &who.person, number).await?;
    let own = Life::load(&desk, number, ticket.conversation).await?;
    let mut merged = Vec::with_capacity(ticket.merged.len());
    for one in &ticket.merged {
        merged.push(Life::load(&desk, one.number, one.conversation).await?);
    }
    let merged: Vec<_> = merged.iter().map(Life::records).collect();
    let mut entries = timeline(own.records(), &merged, &desk.directory(), &who.person);
    entries.retain(|entry| query.show.holds(entry));
    Ok(Json(entries.into()))
}

/// Where the requester follows it: whoever has the address reads its public progress.
#[utoipa::path(get, path = "/api/v1/tickets/{number}/status-link", tag = "tickets", params(("number" = i64, Path)), responses(
    (status = 200, body = StatusLink), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn status_link(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(number): Path<TicketNumber>,
    headers: HeaderMap,
) -> ApiResult<Json<StatusLink>> {
    let ticket = visible_ticket(&desk, &who.person, number).await?;
    if ticket.status_key.is_empty() {
        return Err(ApiProblem::not_found("Its status page"));
    }
    let path = format!("/status/{}", ticket.status_key);
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let base = if desk.public_url.is_empty() { format!("http://{host}") } else { desk.public_url.clone() };
    Ok(Json(StatusLink { url: format!("{base}{path}"), path, known: !desk.public_url.is_empty() }))
}
