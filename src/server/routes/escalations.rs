//! Calls for a higher tier.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;

use serde::Deserialize;
use utoipa::IntoParams;

use super::{acting, rows_of, visible_ticket};
use crate::domain::command::{Command, CommandResult};
use crate::domain::escalation::Escalation;
use crate::domain::id::{EscalationId, TicketNumber};
use crate::domain::row::RowKind;
use crate::server::auth::SignedIn;
use crate::server::error::ApiResult;
use crate::server::execute::{idempotency_key, perform};
use crate::server::extract::{Body, Path, Query};
use crate::server::state::Desk;
use crate::wire::conversation::{EscalationAnswer, EscalationJoin, EscalationVerdict, EscalationWithdrawal};
use crate::wire::list::Items;
use crate::wire::problem::Problem;

/// Calls answered at once.
pub const CALLS_MAX: i64 = 5_000;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct CallsQuery {
    /// Every open call into tickets one may see, instead of those for oneself.
    #[serde(default)]
    all: bool,
}

/// Open calls, oldest first: those that call the person and are not over, or all that they may see.
#[utoipa::path(get, path = "/api/v1/escalations", tag = "escalations", params(CallsQuery), responses(
    (status = 200, body = Items<Escalation>), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn list(State(desk): State<Desk>, who: SignedIn, Query(query): Query<CallsQuery>) -> ApiResult<Json<Items<Escalation>>> {
    let mut calls: Vec<Escalation> = if query.all {
        rows_of(desk.store.snapshot(&who.person, RowKind::Escalation, None, CALLS_MAX).await?)?
    } else {
        desk.store.open_escalations(who.person.id, CALLS_MAX).await?
    };
    calls.retain(|call| call.state.is_open());
    calls.sort_by_key(|call| (call.asked_at, call.id));
    Ok(Json(calls.into()))
}

/// Every call of a ticket, oldest first, with answers and verdicts.
#[utoipa::path(get, path = "/api/v1/tickets/{number}/escalations", tag = "escalations", params(("number" = i64, Path)), responses(
    (status = 200, body = Items<Escalation>), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn of_ticket(State(desk): State<Desk>, who: SignedIn, Path(number): Path<TicketNumber>) -> ApiResult<Json<Items<Escalation>>> {
    visible_ticket(&desk, &who.person, number).await?;
    let mut calls = desk.store.escalations(number, CALLS_MAX).await?;
    calls.sort_by_key(|call| (call.asked_at, call.id));
    Ok(Json(calls.into()))
}

/// Accept or decline a call.
#[utoipa::path(post, path = "/api/v1/escalations/{id}/answer", tag = "escalations", params(("id" = Uuid, Path)), request_body = EscalationAnswer, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, description = "Answered already", body = Problem)))]
pub async fn answer(
    State(desk): State<Desk>,
    who: SignedIn,
    headers: HeaderMap,
    Path(escalation): Path<EscalationId>,
    Body(body): Body<EscalationAnswer>,
) -> ApiResult<Json<CommandResult>> {
    let command = Command::AnswerEscalation { number: body.ticket, escalation, accept: body.accept, reason: body.reason };
    Ok(Json(perform(&desk, &acting(who.person), idempotency_key(&headers)?, None, command).await?))
}

/// Leave a ticket one was called into, with a verdict.
#[utoipa::path(post, path = "/api/v1/escalations/{id}/leave", tag = "escalations", params(("id" = Uuid, Path)), request_body = EscalationVerdict, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn leave(
    State(desk): State<Desk>,
    who: SignedIn,
    headers: HeaderMap,
    Path(escalation): Path<EscalationId>,
    Body(body): Body<EscalationVerdict>,
) -> ApiResult<Json<CommandResult>> {
    let command = Command::LeaveEscalation { number: body.ticket, escalation, result: body.result, note: body.note };
    Ok(Json(perform(&desk, &acting(who.person), idempotency_key(&headers)?, None, command).await?))
}

/// Say that one is in the conversation, after accepting.
#[utoipa::path(post, path = "/api/v1/escalations/{id}/join", tag = "escalations", params(("id" = Uuid, Path)), request_body = EscalationJoin, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, description = "Not accepted, or over", body = Problem)))]
pub async fn join(
    State(desk): State<Desk>,
    who: SignedIn,
    headers: HeaderMap,
    Path(escalation): Path<EscalationId>,
    Body(body): Body<EscalationJoin>,
) -> ApiResult<Json<CommandResult>> {
    let command = Command::JoinEscalation { number: body.ticket, escalation };
    Ok(Json(perform(&desk, &acting(who.person), idempotency_key(&headers)?, None, command).await?))
}

/// Take a call back: by who made it, the assignee or a lead.
#[utoipa::path(post, path = "/api/v1/escalations/{id}/withdraw", tag = "escalations", params(("id" = Uuid, Path)), request_body = EscalationWithdrawal, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, description = "It is over", body = Problem), (status = 422, body = Problem)))]
pub async fn withdraw(
    State(desk): State<Desk>,
    who: SignedIn,
    headers: HeaderMap,
    Path(escalation): Path<EscalationId>,
    Body(body): Body<EscalationWithdrawal>,
) -> ApiResult<Json<CommandResult>> {
    let command = Command::WithdrawEscalation { number: body.ticket, escalation, reason: body.reason };
    Ok(Json(perform(&desk, &acting(who.person), idempotency_key(&headers)?, None, command).await?))
}
