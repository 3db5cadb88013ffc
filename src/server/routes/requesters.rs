//! Who asks.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::acting;
use crate::domain::command::{Command, CommandResult};
use crate::domain::id::RequesterId;
use crate::domain::requester::Requester;
use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::execute::perform;
use crate::server::extract::{Body, Path, Query};
use crate::server::state::Desk;
use crate::wire::list::Items;
use crate::wire::problem::Problem;

const ANSWERED_MAX: i64 = 100;

#[derive(Deserialize, IntoParams)]
pub struct RequesterQuery {
    /// Part of the name, external id, e-mail address or phone number.
    #[serde(default)]
    q: String,
}

/// Search requesters, at most 100.
#[utoipa::path(get, path = "/api/v1/requesters", tag = "requesters", params(RequesterQuery), responses(
    (status = 200, body = Items<Requester>), (status = 401, body = Problem)))]
pub async fn search(State(desk): State<Desk>, _who: SignedIn, Query(query): Query<RequesterQuery>) -> ApiResult<Json<Items<Requester>>> {
    Ok(Json(desk.store.requesters(&query.q, ANSWERED_MAX).await?.into()))
}

/// One requester.
#[utoipa::path(get, path = "/api/v1/requesters/{id}", tag = "requesters", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Requester), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn get(State(desk): State<Desk>, _who: SignedIn, Path(id): Path<RequesterId>) -> ApiResult<Json<Requester>> {
    desk.store.requester(id).await?.map(Json).ok_or_else(|| ApiProblem::not_found("This requester"))
}

/// Create or replace a requester; leads.
#[utoipa::path(put, path = "/api/v1/requesters/{id}", tag = "requesters", params(("id" = Uuid, Path)), request_body = Requester, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn put(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(id): Path<RequesterId>,
    Body(body): Body<Requester>,
) -> ApiResult<Json<CommandResult>> {
    let command = Command::PutRequester(Box::new(Requester { id, ..body }));
    Ok(Json(perform(&desk, &acting(who.person), None, None, command).await?))
}
