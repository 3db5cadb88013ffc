//! What one shift tells the next: drafted, written, signed, and read later.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::IntoParams;

use super::acting;
use crate::domain::access;
use crate::domain::command::{Command, CommandResult};
use crate::domain::handover::Handover;
use crate::domain::id::HandoverId;
use crate::domain::person::Person;
use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::execute::{idempotency_key, perform};
use crate::server::extract::{Body, Path, Query};
use crate::server::handover::{make, next_change};
use crate::server::state::Desk;
use crate::wire::handover::{HandoverEdit, NewHandover};
use crate::wire::list::Items;
use crate::wire::problem::Problem;

const ANSWERED_MAX: i64 = 100;

#[derive(Deserialize, IntoParams)]
pub struct ListQuery {
    /// A rota's key; all when absent.
    rota: Option<String>,
    /// RFC 3339: only of shifts that ended before, to go on from an earlier answer's last `to`.
    before: Option<DateTime<Utc>>,
}

#[derive(Deserialize, IntoParams)]
pub struct DraftQuery {
    /// A rota's key.
    rota: String,
}

/// The handovers one may read, newest shift first, at most 100: one's own rotas', all for leads, admins and viewers.
#[utoipa::path(get, path = "/api/v1/handovers", tag = "handovers", params(ListQuery), responses(
    (status = 200, body = Items<Handover>), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn list(State(desk): State<Desk>, who: SignedIn, Query(query): Query<ListQuery>) -> ApiResult<Json<Items<Handover>>> {
    let directory = desk.directory();
    let rota = match &query.rota {
        Some(key) => Some(directory.rota_by_key(key).ok_or_else(|| ApiProblem::not_found(&format!("Rota {key}")))?.id),
        None => None,
    };
    Ok(Json(desk.store.handovers(&who.person, rota, query.before, ANSWERED_MAX).await?.into()))
}

async fn drafted(desk: &Desk, person: &Person, key: &str) -> ApiResult<Handover> {
    let (directory, now) = (desk.directory(), desk.clock.now());
    let rota = directory.rota_by_key(key).ok_or_else(|| ApiProblem::not_found(&format!("Rota {key}")))?;
    let change = next_change(&directory, rota, Some(person.id), now).ok_or_else(|| {
        ApiProblem::invalid(
            "rota",
            "Nobody hands this rota over within 14 hours: see `dutydesk shift list` for who works when, or name another rota.",
        )
    })?;
    let handover = make(desk, rota, &change, now).await?;
    if !access::admits(&handover.audience(), person) {
        return Err(ApiProblem::not_found(&format!("The handover of {key}")));
    }
    Ok(handover)
}

/// The handover of the rota's next change of shift as it would be drafted now. Nothing is stored.
#[utoipa::path(get, path = "/api/v1/handovers/draft", tag = "handovers", params(DraftQuery), responses(
    (status = 200, body = Handover), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn draft(State(desk): State<Desk>, who: SignedIn, Query(query): Query<DraftQuery>) -> ApiResult<Json<Handover>> {
    Ok(Json(drafted(&desk, &who.person, &query.rota).await?))
}

/// Draft the handover of the rota's next change of shift and keep it, or draft one that nobody signed anew: its notes and watch list
/// stay. By those whose shift ends, and leads. The desk does it by itself 15 minutes before the end.
#[utoipa::path(post, path = "/api/v1/handovers", tag = "handovers", request_body = NewHandover, responses(
    (status = 200, body = Handover), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn create(
    State(desk): State<Desk>,
    who: SignedIn,
    headers: HeaderMap,
    Body(body): Body<NewHandover>,
) -> ApiResult<Json<Handover>> {
    let handover = drafted(&desk, &who.person, &body.rota).await?;
    let id = handover.id;
    perform(&desk, &acting(who.person.clone()), idempotency_key(&headers)?, None, Command::PutHandover(Box::new(handover))).await?;
    readable(&desk, &who.person, id).await.map(Json)
}

async fn readable(desk: &Desk, person: &Person, id: HandoverId) -> ApiResult<Handover> {
    let found = desk.store.handover(id).await?.filter(|row| access::admits(&row.audience(), person));
    found.ok_or_else(|| ApiProblem::not_found("The handover"))
}

/// One handover.
#[utoipa::path(get, path = "/api/v1/handovers/{id}", tag = "handovers", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Handover), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn get(State(desk): State<Desk>, who: SignedIn, Path(id): Path<HandoverId>) -> ApiResult<Json<Handover>> {
    readable(&desk, &who.person, id).await.map(Json)
}

/// Change notes and watch list, while nobody signed; by those whose shift ends, and leads.
#[utoipa::path(patch, path = "/api/v1/handovers/{id}", tag = "handovers", params(("id" = Uuid, Path)), request_body = HandoverEdit, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn patch(
    State(desk): State<Desk>,
    who: SignedIn,
    headers: HeaderMap,
    Path(id): Path<HandoverId>,
    Body(body): Body<HandoverEdit>,
) -> ApiResult<Json<CommandResult>> {
    let command = Command::EditHandover { id, notes: body.notes, watch: body.watch };
    Ok(Json(perform(&desk, &acting(who.person), idempotency_key(&headers)?, None, command).await?))
}

/// Sign: those who go that it is complete, then those who come that they read it. A lead signs for the side that is missing.
#[utoipa::path(post, path = "/api/v1/handovers/{id}/sign", tag = "handovers", params(("id" = Uuid, Path)), responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem)))]
pub async fn sign(
    State(desk): State<Desk>,
    who: SignedIn,
    headers: HeaderMap,
    Path(id): Path<HandoverId>,
) -> ApiResult<Json<CommandResult>> {
    Ok(Json(perform(&desk, &acting(who.person), idempotency_key(&headers)?, None, Command::SignHandover { id }).await?))
}
