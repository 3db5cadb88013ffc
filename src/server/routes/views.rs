//! Saved views: filters with a name, one's own and shared ones.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;

use super::{acting, tickets};
use crate::domain::command::{Command, CommandResult};
use crate::domain::id::SavedViewId;
use crate::domain::saved_view::{SavedView, SharedWith, in_order};
use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::execute::{idempotency_key, perform};
use crate::server::extract::{Body, Path};
use crate::server::state::Desk;
use crate::wire::list::Items;
use crate::wire::problem::Problem;
use crate::wire::view::SavedViewInput;

/// Saved views one may see: one's own, those of one's queues, everybody's.
#[utoipa::path(get, path = "/api/v1/views", tag = "views", responses((status = 200, body = Items<SavedView>), (status = 401, body = Problem)))]
pub async fn list(State(desk): State<Desk>, who: SignedIn) -> ApiResult<Json<Items<SavedView>>> {
    let directory = desk.directory();
    let found: Vec<SavedView> =
        in_order(directory.saved_views.values().filter(|view| view.is_seen_by(&who.person))).into_iter().cloned().collect();
    Ok(Json(found.into()))
}

/// Create or replace a saved view: one's own; a shared one by its owner or a lead.
#[utoipa::path(put, path = "/api/v1/views/{id}", tag = "views", params(("id" = Uuid, Path)), request_body = SavedViewInput, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, description = "The name is taken", body = Problem), (status = 422, body = Problem)))]
pub async fn put(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(id): Path<SavedViewId>,
    headers: HeaderMap,
    Body(body): Body<SavedViewInput>,
) -> ApiResult<Json<CommandResult>> {
    let SavedViewInput { name, filter, sort, shared, position } = body;
    let shared = match shared.as_deref() {
        None => SharedWith::Nobody,
        Some("everybody") => SharedWith::Everybody,
        Some(key) => SharedWith::Queue { queue: tickets::queue_by_key(&desk.directory(), key)? },
    };
    let view = SavedView { id, version: 0, owner: who.person.id, shared, name, filter, sort, position, active: true };
    let command = Command::PutSavedView(Box::new(view));
    Ok(Json(perform(&desk, &acting(who.person), idempotency_key(&headers)?, None, command).await?))
}

/// Delete a saved view; it stays on record.
#[utoipa::path(delete, path = "/api/v1/views/{id}", tag = "views", params(("id" = Uuid, Path)), responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn delete(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(id): Path<SavedViewId>,
    headers: HeaderMap,
) -> ApiResult<Json<CommandResult>> {
    let known = desk.directory().saved_views.get(&id).cloned();
    let view = known.filter(|view| view.is_seen_by(&who.person)).ok_or_else(|| ApiProblem::not_found("This view"))?;
    let command = Command::PutSavedView(Box::new(SavedView { active: false, ..view }));
    Ok(Json(perform(&desk, &acting(who.person), idempotency_key(&headers)?, None, command).await?))
}
