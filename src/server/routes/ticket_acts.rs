//! Acts on a ticket, each a command of its own.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::acting;
use super::escalations::CALLS_MAX;
use super::tickets::if_match;
use crate::base::clock::new_id;
use crate::domain::command::{Command, CommandResult, MessageTarget, PostMessage};
use crate::domain::escalation::Escalate;
use crate::domain::id::TicketNumber;
use crate::server::auth::SignedIn;
use crate::server::error::ApiResult;
use crate::server::execute::{idempotency_key, perform};
use crate::server::extract::{Body, Path};
use crate::server::state::Desk;
use crate::wire::conversation::{EscalationMade, NewEscalation};
use crate::wire::problem::Problem;
use crate::wire::ticket::{AssignTo, NewMessage};

/// `POST /api/v1/tickets/{number}/release`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Release {
    #[serde(default)]
    pub reason: Option<String>,
}

/// `POST /api/v1/tickets/{number}/merge`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeInto {
    pub into: TicketNumber,
}

async fn act(desk: &Desk, who: SignedIn, headers: &HeaderMap, command: Command) -> ApiResult<Json<CommandResult>> {
    Ok(Json(perform(desk, &acting(who.person), idempotency_key(headers)?, if_match(headers)?, command).await?))
}

/// Write to the requester (`public`) or to colleagues (`internal`).
#[utoipa::path(post, path = "/api/v1/tickets/{number}/messages", tag = "tickets", params(("number" = i64, Path)), request_body = NewMessage, responses(
    (status = 201, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, description = "It is closed, or somebody else replied meanwhile", body = Problem), (status = 422, body = Problem)))]
pub async fn post(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(number): Path<TicketNumber>,
    headers: HeaderMap,
    Body(body): Body<NewMessage>,
) -> ApiResult<(StatusCode, Json<CommandResult>)> {
    let message = idempotency_key(&headers)?.map_or_else(new_id, |key| key.0).into();
    let NewMessage { text, visibility, status, seen } = body;
    let post = PostMessage { status, seen, ..PostMessage::new(MessageTarget::Ticket { number }, message, visibility, text) };
    Ok((StatusCode::CREATED, act(&desk, who, &headers, Command::PostMessage(Box::new(post))).await?))
}

/// Take it. If somebody was faster, the answer says who.
#[utoipa::path(post, path = "/api/v1/tickets/{number}/claim", tag = "tickets", params(("number" = i64, Path)), responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, description = "Somebody has it", body = Problem)))]
pub async fn claim(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(number): Path<TicketNumber>,
    headers: HeaderMap,
) -> ApiResult<Json<CommandResult>> {
    act(&desk, who, &headers, Command::ClaimTicket { number }).await
}

/// Say that one has it on screen.
#[utoipa::path(post, path = "/api/v1/tickets/{number}/accept", tag = "tickets", params(("number" = i64, Path)), responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn accept(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(number): Path<TicketNumber>,
    headers: HeaderMap,
) -> ApiResult<Json<CommandResult>> {
    act(&desk, who, &headers, Command::AcceptTicket { number }).await
}

/// Give it to somebody.
#[utoipa::path(post, path = "/api/v1/tickets/{number}/assign", tag = "tickets", params(("number" = i64, Path)), request_body = AssignTo, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn assign(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(number): Path<TicketNumber>,
    headers: HeaderMap,
    Body(body): Body<AssignTo>,
) -> ApiResult<Json<CommandResult>> {
    act(&desk, who, &headers, Command::AssignTicket { number, person: body.person }).await
}

/// Put it back into the pool.
#[utoipa::path(post, path = "/api/v1/tickets/{number}/release", tag = "tickets", params(("number" = i64, Path)), request_body = Release, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn release(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(number): Path<TicketNumber>,
    headers: HeaderMap,
    Body(body): Body<Release>,
) -> ApiResult<Json<CommandResult>> {
    act(&desk, who, &headers, Command::ReleaseTicket { number, reason: body.reason }).await
}

/// Call an expert into it: a named person, or whom the roster finds on duty of the tier, with the skill. Who does not answer in
/// the queue's time is followed by the next one, and the last one by whoever leads.
#[utoipa::path(post, path = "/api/v1/tickets/{number}/escalate", tag = "tickets", params(("number" = i64, Path)), request_body = NewEscalation, responses(
    (status = 201, body = EscalationMade), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, description = "Nobody who could be called is on duty", body = Problem), (status = 422, body = Problem)))]
pub async fn escalate(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(number): Path<TicketNumber>,
    headers: HeaderMap,
    Body(body): Body<NewEscalation>,
) -> ApiResult<(StatusCode, Json<EscalationMade>)> {
    let escalation = idempotency_key(&headers)?.map_or_else(new_id, |key| key.0).into();
    let command = Command::Escalate(Box::new(Escalate {
        number,
        escalation,
        tier: body.tier,
        skill: body.skill,
        person: body.person,
        reason: body.reason,
        note: body.note,
        tried: body.tried,
        takes_over: body.takes_over,
    }));
    let _done = act(&desk, who, &headers, command).await?;
    let calls = desk.store.escalations(number, CALLS_MAX).await?;
    let made = calls.iter().find(|call| call.id == escalation);
    let (expert, accept_by) = (made.map(|call| call.expert), made.and_then(|call| call.accept_by));
    Ok((StatusCode::CREATED, Json(EscalationMade { escalation, ticket: number, expert, accept_by })))
}

/// Solve it into another ticket.
#[utoipa::path(post, path = "/api/v1/tickets/{number}/merge", tag = "tickets", params(("number" = i64, Path)), request_body = MergeInto, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn merge(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(number): Path<TicketNumber>,
    headers: HeaderMap,
    Body(body): Body<MergeInto>,
) -> ApiResult<Json<CommandResult>> {
    act(&desk, who, &headers, Command::MergeTicket { number, into: body.into }).await
}
