//! Rosters written out person by day: proposed, published, withdrawn.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use chrono::NaiveDate;
use serde::Deserialize;
use tokio::sync::Semaphore;
use utoipa::IntoParams;

use super::acting;
use crate::base::clock::new_id;
use crate::domain::command::{Command, CommandResult};
use crate::domain::id::RosterPlanId;
use crate::domain::roster::generate::{Generate, Proposal, default_rounds, propose};
use crate::domain::roster::{PlanState, RosterPlan};
use crate::domain::{Refusal, access};
use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::execute::{idempotency_key, perform};
use crate::server::extract::{Body, Path, Query};
use crate::server::state::Desk;
use crate::wire::duty::{GenerateRoster, PlanStored};
use crate::wire::list::Items;
use crate::wire::problem::Problem;

/// Proposals reckoned at once: each takes a core for seconds.
static RECKONING: Semaphore = Semaphore::const_new(1);

/// Propose a roster for the next weeks; leads. It is shown with what it does not meet, and not stored: put its plan to keep it.
#[utoipa::path(post, path = "/api/v1/rotas/{key}/generate", tag = "roster", params(("key" = String, Path, description = "A rota's key")),
    request_body = GenerateRoster, responses(
    (status = 200, body = Proposal), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
pub async fn generate(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(key): Path<String>,
    Body(body): Body<GenerateRoster>,
) -> ApiResult<Json<Proposal>> {
    if !access::may_lead(&who.person) {
        return Err(Refusal::forbidden("Only leads and admins have rosters proposed: ask one of them.").into());
    }
    let (directory, now) = (desk.directory(), desk.clock.now());
    let rota = directory.rota_by_key(&key).ok_or_else(|| ApiProblem::not_found(&format!("Rota {key}")))?.id;
    let GenerateRoster { from, weeks, seed, rounds } = body;
    let wanted = Generate { rota, from, weeks, seed, rounds: rounds.unwrap_or_else(default_rounds) };
    let turn = RECKONING.acquire().await.map_err(|error| ApiProblem::failed(&error))?;
    let reckoned = tokio::task::spawn_blocking(move || {
        // Held by the work itself: whoever asks and goes away must not let another one in beside it.
        let _turn = turn;
        propose(&directory, &wanted, new_id().into(), now)
    });
    Ok(Json(reckoned.await.map_err(|error| ApiProblem::failed(&error))??))
}

#[derive(Deserialize, IntoParams)]
pub struct PlansQuery {
    /// A rota's key.
    rota: Option<String>,
    /// Plans with days on or after this one.
    from: Option<NaiveDate>,
    state: Option<PlanState>,
}

/// Written-out rosters, by first day.
#[utoipa::path(get, path = "/api/v1/roster-plans", tag = "roster", params(PlansQuery), responses(
    (status = 200, body = Items<RosterPlan>), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn list(State(desk): State<Desk>, _who: SignedIn, Query(query): Query<PlansQuery>) -> ApiResult<Json<Items<RosterPlan>>> {
    let directory = desk.directory();
    let rota = match &query.rota {
        Some(key) => Some(directory.rota_by_key(key).ok_or_else(|| ApiProblem::not_found(&format!("Rota {key}")))?.id),
        None => None,
    };
    let wanted = |plan: &&RosterPlan| {
        rota.is_none_or(|id| plan.rota == id)
            && query.from.is_none_or(|day| plan.to > day)
            && query.state.is_none_or(|state| plan.state == state)
    };
    let mut plans: Vec<_> = directory.roster_plans.values().filter(wanted).cloned().collect();
    plans.sort_by_key(|plan| (plan.from, plan.created_at, plan.id));
    Ok(Json(plans.into()))
}

/// One written-out roster.
#[utoipa::path(get, path = "/api/v1/roster-plans/{id}", tag = "roster", params(("id" = Uuid, Path)), responses(
    (status = 200, body = RosterPlan), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn get(State(desk): State<Desk>, _who: SignedIn, Path(id): Path<RosterPlanId>) -> ApiResult<Json<RosterPlan>> {
    let plan = desk.directory().roster_plans.get(&id).cloned();
    plan.map(Json).ok_or_else(|| ApiProblem::not_found("The roster plan"))
}

/// Store a written-out roster, proposed or published; leads. Without an id (all zeros) it gets one.
#[utoipa::path(post, path = "/api/v1/roster-plans", tag = "roster", request_body = RosterPlan, responses(
    (status = 201, body = PlanStored), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn create(
    State(desk): State<Desk>,
    who: SignedIn,
    headers: HeaderMap,
    Body(body): Body<RosterPlan>,
) -> ApiResult<(StatusCode, Json<PlanStored>)> {
    let id = if body.id == RosterPlanId::default() { new_id().into() } else { body.id };
    let command = Command::PutRosterPlan(Box::new(RosterPlan { id, ..body }));
    let result = perform(&desk, &acting(who.person), idempotency_key(&headers)?, None, command).await?;
    Ok((StatusCode::CREATED, Json(PlanStored { id, result })))
}

/// Replace, publish or withdraw a written-out roster; leads.
#[utoipa::path(put, path = "/api/v1/roster-plans/{id}", tag = "roster", params(("id" = Uuid, Path)), request_body = RosterPlan, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn put(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(id): Path<RosterPlanId>,
    Body(body): Body<RosterPlan>,
) -> ApiResult<Json<CommandResult>> {
    let command = Command::PutRosterPlan(Box::new(RosterPlan { id, ..body }));
    Ok(Json(perform(&desk, &acting(who.person), None, None, command).await?))
}
