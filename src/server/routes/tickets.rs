//! Tickets: lists, one with its record, new ones, edits.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::conversations::MessagesQuery;
use super::{acting, readable_ticket, visible_ticket};
use crate::base::clock::new_id;
use crate::domain::assignment::{Assignment, Decision};
use crate::domain::audit::AuditEntry;
use crate::domain::command::{Command, CommandResult, CreateTicket};
use crate::domain::directory::Directory;
use crate::domain::id::{PersonId, QueueId, RequesterId, TicketNumber};
use crate::domain::person::Person;
use crate::domain::ticket::{Priority, Status, Ticket};
use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::execute::{idempotency_key, perform};
use crate::server::extract::{Body, Path, Query};
use crate::server::filtered;
use crate::server::state::Desk;
use crate::store::TicketFilter;
use crate::wire::list::Items;
use crate::wire::problem::Problem;
use crate::wire::ticket::{MessageList, NewTicket, TicketList, TicketPatch};

const PAGE_DEFAULT: i64 = 50;
const PAGE_MAX: i64 = 200;
const RECORD_MAX: i64 = 500;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct TicketsQuery {
    /// A queue's key.
    queue: Option<String>,
    /// `new`, `open`, `pending`, `on_hold`, `solved`, `closed`; several with commas.
    status: Option<String>,
    /// `urgent`, `high`, `normal`, `low`.
    #[param(value_type = Option<String>)]
    priority: Option<Priority>,
    /// `me`, `none`, or a handle.
    assignee: Option<String>,
    tag: Option<String>,
    /// A requester's id.
    #[param(value_type = Option<String>)]
    requester: Option<RequesterId>,
    /// Part of the subject, requester, site, or the number.
    q: Option<String>,
    /// In the filter language: `queue:pumps status:open older:2h @me "pump 3"`, see docs/filter.md. Pages may then be short before
    /// the last one.
    filter: Option<String>,
    /// From the last page's `next`.
    cursor: Option<String>,
    /// 1 to 200, 50 by default.
    limit: Option<i64>,
}

pub(super) fn queue_by_key(directory: &Directory, key: &str) -> ApiResult<QueueId> {
    directory
        .queue_by_key(key)
        .map(|queue| queue.id)
        .ok_or_else(|| ApiProblem::invalid("queue", format!("There is no queue `{key}`; GET /api/v1/queues lists them.")))
}

impl TicketsQuery {
    fn filter(self, directory: &Directory, me: &Person) -> ApiResult<TicketFilter> {
        let status = |word: &str| {
            serde_json::from_value::<Status>(word.trim().into()).map_err(|_| {
                ApiProblem::invalid("status", format!("`{word}` is no status: new, open, pending, on_hold, solved or closed."))
            })
        };
        let person = |handle: &str| -> ApiResult<Option<PersonId>> {
            match handle {
                "me" => Ok(Some(me.id)),
                "none" => Ok(None),
                handle => directory
                    .person_by_handle(handle)
                    .map(|person| Some(person.id))
                    .ok_or_else(|| ApiProblem::invalid("assignee", format!("There is nobody with the handle `{handle}`."))),
            }
        };
        Ok(TicketFilter {
            queue: self.queue.as_deref().map(|key| queue_by_key(directory, key)).transpose()?,
            statuses: self.status.as_deref().map(|words| words.split(',').map(status).collect()).transpose()?.unwrap_or_default(),
            priority: self.priority,
            assignee: self.assignee.as_deref().map(person).transpose()?,
            participant: None,
            requester: self.requester,
            tag: self.tag,
            text: self.q.filter(|text| !text.trim().is_empty()),
        })
    }
}

/// Tickets one may see, newest first.
#[utoipa::path(get, path = "/api/v1/tickets", tag = "tickets", params(TicketsQuery), responses(
    (status = 200, body = TicketList), (status = 400, body = Problem), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub async fn list(State(desk): State<Desk>, who: SignedIn, Query(query): Query<TicketsQuery>) -> ApiResult<Json<TicketList>> {
    let before: Option<TicketNumber> = match query.cursor.as_deref() {
        Some(text) => Some(text.parse().map_err(|_| ApiProblem::invalid("cursor", "Pass the `next` of the last page."))?),
        None => None,
    };
    let limit = query.limit.unwrap_or(PAGE_DEFAULT);
    if !(1..=PAGE_MAX).contains(&limit) {
        return Err(ApiProblem::invalid("limit", format!("`limit` is 1 to {PAGE_MAX}.")));
    }
    let text = query.filter.clone().filter(|text| !text.trim().is_empty());
    let filter = query.filter(&desk.directory(), &who.person)?;
    let page = match text {
        None => desk.store.tickets(&who.person, &filter, before, limit).await?,
        Some(text) => {
            let read = filtered::read(&desk, &text)?;
            filtered::page(&desk, &who.person, filter, &read, before, usize::try_from(limit).unwrap_or(1)).await?
        }
    };
    Ok(Json(TicketList { tickets: page.tickets, next: page.next.map(|number| number.to_string()) }))
}

/// Open a ticket.
#[utoipa::path(post, path = "/api/v1/tickets", tag = "tickets", request_body = NewTicket, responses(
    (status = 201, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn create(
    State(desk): State<Desk>,
    who: SignedIn,
    headers: HeaderMap,
    Body(body): Body<NewTicket>,
) -> ApiResult<(StatusCode, Json<CommandResult>)> {
    let key = idempotency_key(&headers)?;
    let create = CreateTicket {
        queue: queue_by_key(&desk.directory(), &body.queue)?,
        subject: body.subject,
        text: body.text,
        message: key.map_or_else(new_id, |key| key.0).into(),
        requester: body.requester,
        kind: body.kind,
        priority: body.priority,
        tags: body.tags,
        fields: body.fields,
    };
    let result = perform(&desk, &acting(who.person), key, None, Command::CreateTicket(Box::new(create))).await?;
    Ok((StatusCode::CREATED, Json(result)))
}

fn with_etag(ticket: &Ticket) -> Response {
    let etag = HeaderValue::from_str(&format!("\"{}\"", ticket.version)).expect("digits in quotes");
    ([(header::ETAG, etag)], Json(ticket)).into_response()
}

/// One ticket; its `ETag` is its version.
#[utoipa::path(get, path = "/api/v1/tickets/{number}", tag = "tickets", params(("number" = i64, Path)), responses(
    (status = 200, body = Ticket), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn get(State(desk): State<Desk>, who: SignedIn, Path(number): Path<TicketNumber>) -> ApiResult<Response> {
    Ok(with_etag(&visible_ticket(&desk, &who.person, number).await?))
}

/// The version in `If-Match`, when given.
///
/// # Errors
/// When it is not one of our ETags.
pub fn if_match(headers: &HeaderMap) -> ApiResult<Option<i64>> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let version = value.to_str().ok().and_then(|text| text.trim().trim_matches('"').parse().ok());
    version
        .map(Some)
        .ok_or_else(|| ApiProblem::new(StatusCode::BAD_REQUEST, "invalid", "If-Match takes the ETag of GET /api/v1/tickets/{number}."))
}

/// Edit a ticket: what is absent stays. With `If-Match`, refused when it has moved on. Several edits are done in order;
/// the first refusal ends them.
#[utoipa::path(patch, path = "/api/v1/tickets/{number}", tag = "tickets", params(("number" = i64, Path)), request_body = TicketPatch, responses(
    (status = 200, description = "The ticket afterwards", body = Ticket), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, description = "It has moved on", body = Problem), (status = 422, body = Problem)))]
pub async fn patch(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(number): Path<TicketNumber>,
    headers: HeaderMap,
    Body(body): Body<TicketPatch>,
) -> ApiResult<Response> {
    let before = visible_ticket(&desk, &who.person, number).await?;
    let mut base = if_match(&headers)?;
    if let Some(version) = base.filter(|version| *version != before.version) {
        let why = format!("Ticket {number} is at version {} now, not {version}: read it again.", before.version);
        return Err(ApiProblem::new(StatusCode::CONFLICT, "version_conflict", why));
    }
    let commands = commands_of(number, body, &desk.directory())?;
    let actor = acting(who.person.clone());
    for command in commands {
        // Each edit stands on the one before it.
        let result = perform(&desk, &actor, None, base, command).await?;
        base = base.and(result.version);
    }
    // Moving it may have taken it out of sight: the answer is what was done, not a 404.
    Ok(with_etag(&desk.store.ticket(number).await?.unwrap_or(before)))
}

fn commands_of(number: TicketNumber, patch: TicketPatch, directory: &Directory) -> ApiResult<Vec<Command>> {
    let mut commands = Vec::new();
    commands.extend(patch.subject.map(|subject| Command::SetSubject { number, subject }));
    commands.extend(patch.priority.map(|priority| Command::SetPriority { number, priority }));
    commands.extend(patch.add_tags.into_iter().map(|tag| Command::AddTag { number, tag }));
    commands.extend(patch.remove_tags.into_iter().map(|tag| Command::RemoveTag { number, tag }));
    commands.extend(patch.fields.into_iter().map(|(name, value)| Command::SetField { number, name, value }));
    commands.extend(patch.status.map(|status| Command::SetStatus { number, status }));
    if let Some(key) = patch.queue {
        commands.push(Command::MoveTicket { number, queue: queue_by_key(directory, &key)? });
    }
    Ok(commands)
}

/// Its conversation, oldest first.
#[utoipa::path(get, path = "/api/v1/tickets/{number}/messages", tag = "tickets", params(("number" = i64, Path), MessagesQuery), responses(
    (status = 200, body = MessageList), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn messages(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(number): Path<TicketNumber>,
    Query(query): Query<MessagesQuery>,
) -> ApiResult<Json<MessageList>> {
    let ticket = readable_ticket(&desk, &who.person, number).await?;
    query.page(&desk, &who.person, ticket.conversation).await
}

/// Every change of it, oldest first.
#[utoipa::path(get, path = "/api/v1/tickets/{number}/audit", tag = "tickets", params(("number" = i64, Path)), responses(
    (status = 200, body = Items<AuditEntry>), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn audit(State(desk): State<Desk>, who: SignedIn, Path(number): Path<TicketNumber>) -> ApiResult<Json<Items<AuditEntry>>> {
    visible_ticket(&desk, &who.person, number).await?;
    Ok(Json(desk.store.audit(number, RECORD_MAX).await?.into()))
}

/// Who owned it when, and why.
#[utoipa::path(get, path = "/api/v1/tickets/{number}/assignments", tag = "tickets", params(("number" = i64, Path)), responses(
    (status = 200, body = Items<Assignment>), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn assignments(State(desk): State<Desk>, who: SignedIn, Path(number): Path<TicketNumber>) -> ApiResult<Json<Items<Assignment>>> {
    visible_ticket(&desk, &who.person, number).await?;
    Ok(Json(desk.store.assignments(number).await?.into()))
}

/// The desk's decisions about it with all candidates, newest first.
#[utoipa::path(get, path = "/api/v1/tickets/{number}/decisions", tag = "tickets", params(("number" = i64, Path)), responses(
    (status = 200, body = Items<Decision>), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn decisions(State(desk): State<Desk>, who: SignedIn, Path(number): Path<TicketNumber>) -> ApiResult<Json<Items<Decision>>> {
    visible_ticket(&desk, &who.person, number).await?;
    Ok(Json(desk.store.decisions(number, RECORD_MAX).await?.into()))
}
