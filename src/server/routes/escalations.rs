//! Calls for a higher tier.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;

use super::{acting, rows_of};
use crate::domain::command::{Command, CommandResult};
use crate::domain::escalation::{Escalation, EscalationState};
use crate::domain::id::EscalationId;
use crate::domain::row::RowKind;
use crate::server::auth::SignedIn;
use crate::server::error::ApiResult;
use crate::server::execute::{idempotency_key, perform};
use crate::server::extract::{Body, Path};
use crate::server::state::Desk;
use crate::wire::conversation::{EscalationAnswer, EscalationVerdict};
use crate::wire::list::Items;
use crate::wire::problem::Problem;

const ANSWERED_MAX: i64 = 5_000;

/// Escalations that call the person and are not over.
#[utoipa::path(get, path = "/api/v1/escalations", tag = "escalations", responses((status = 200, body = Items<Escalation>), (status = 401, body = Problem)))]
pub async fn list(State(desk): State<Desk>, who: SignedIn) -> ApiResult<Json<Items<Escalation>>> {
    let page = desk.store.snapshot(&who.person, RowKind::Escalation, None, ANSWERED_MAX).await?;
    let mut mine: Vec<Escalation> = rows_of(page)?;
    mine.retain(|escalation| {
        escalation.expert == who.person.id && matches!(escalation.state, EscalationState::Asked | EscalationState::Accepted)
    });
    Ok(Json(mine.into()))
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
