//! Queues, sites and rotas: read by everybody, changed by leads.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::acting;
use crate::base::text::fold;
use crate::domain::command::{Command, CommandResult};
use crate::domain::id::{QueueId, RotaId, SiteId};
use crate::domain::queue::Queue;
use crate::domain::requester::Site;
use crate::domain::roster::Rota;
use crate::server::auth::SignedIn;
use crate::server::error::ApiResult;
use crate::server::execute::perform;
use crate::server::extract::{Body, Path, Query};
use crate::server::state::Desk;
use crate::wire::list::Items;
use crate::wire::problem::Problem;

/// Sites answered at once.
const SITES_MAX: usize = 500;

/// All queues, in their listed order.
#[utoipa::path(get, path = "/api/v1/queues", tag = "queues", responses((status = 200, body = Items<Queue>), (status = 401, body = Problem)))]
pub async fn queues(State(desk): State<Desk>, _who: SignedIn) -> Json<Items<Queue>> {
    Json(desk.directory().queues_in_order().into_iter().cloned().collect::<Vec<_>>().into())
}

/// Create or replace a queue; leads.
#[utoipa::path(put, path = "/api/v1/queues/{id}", tag = "queues", params(("id" = Uuid, Path)), request_body = Queue, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 409, description = "The key is taken", body = Problem), (status = 422, body = Problem)))]
pub async fn put_queue(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(id): Path<QueueId>,
    Body(body): Body<Queue>,
) -> ApiResult<Json<CommandResult>> {
    let command = Command::PutQueue(Box::new(Queue { id, ..body }));
    Ok(Json(perform(&desk, &acting(who.person), None, None, command).await?))
}

#[derive(Deserialize, IntoParams)]
pub struct SiteQuery {
    /// Part of the code, name or region.
    #[serde(default)]
    q: String,
}

/// Sites by code, at most 500.
#[utoipa::path(get, path = "/api/v1/sites", tag = "sites", params(SiteQuery), responses((status = 200, body = Items<Site>), (status = 401, body = Problem)))]
pub async fn sites(State(desk): State<Desk>, _who: SignedIn, Query(query): Query<SiteQuery>) -> Json<Items<Site>> {
    let wanted = fold(&query.q);
    let directory = desk.directory();
    let matches = |site: &&Site| [&site.code, &site.name, &site.region].iter().any(|text| fold(text).contains(&wanted));
    let mut sites: Vec<_> = directory.sites.values().filter(matches).cloned().collect();
    sites.sort_by(|a, b| a.code.cmp(&b.code));
    sites.truncate(SITES_MAX);
    Json(sites.into())
}

/// Create or replace a site; leads.
#[utoipa::path(put, path = "/api/v1/sites/{id}", tag = "sites", params(("id" = Uuid, Path)), request_body = Site, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 409, description = "The code is taken", body = Problem), (status = 422, body = Problem)))]
pub async fn put_site(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(id): Path<SiteId>,
    Body(body): Body<Site>,
) -> ApiResult<Json<CommandResult>> {
    Ok(Json(perform(&desk, &acting(who.person), None, None, Command::PutSite(Site { id, ..body })).await?))
}

/// All rotas, by key.
#[utoipa::path(get, path = "/api/v1/rotas", tag = "roster", responses((status = 200, body = Items<Rota>), (status = 401, body = Problem)))]
pub async fn rotas(State(desk): State<Desk>, _who: SignedIn) -> Json<Items<Rota>> {
    let mut rotas: Vec<_> = desk.directory().rotas.values().cloned().collect();
    rotas.sort_by(|a, b| a.key.cmp(&b.key));
    Json(rotas.into())
}

/// Create or replace a rota; leads.
#[utoipa::path(put, path = "/api/v1/rotas/{id}", tag = "roster", params(("id" = Uuid, Path)), request_body = Rota, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 409, description = "The key is taken", body = Problem), (status = 422, body = Problem)))]
pub async fn put_rota(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(id): Path<RotaId>,
    Body(body): Body<Rota>,
) -> ApiResult<Json<CommandResult>> {
    let command = Command::PutRota(Box::new(Rota { id, ..body }));
    Ok(Json(perform(&desk, &acting(who.person), None, None, command).await?))
}
