//! The people of the desk, their presence and passwords.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::acting;
use crate::domain::access;
use crate::domain::command::{Command, CommandResult};
use crate::domain::id::PersonId;
use crate::domain::person::{AgentState, Person, Presence};
use crate::domain::refusal::Refusal;
use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::execute::perform;
use crate::server::extract::{Body, Path};
use crate::server::passwords;
use crate::server::state::Desk;
use crate::wire::list::Items;
use crate::wire::problem::Problem;
use crate::wire::session::SetPassword;

/// Everybody, by handle.
#[utoipa::path(get, path = "/api/v1/people", tag = "people", responses((status = 200, body = Items<Person>), (status = 401, body = Problem)))]
pub async fn list(State(desk): State<Desk>, _who: SignedIn) -> Json<Items<Person>> {
    let mut people: Vec<_> = desk.directory().people.values().cloned().collect();
    people.sort_by(|a, b| a.handle.cmp(&b.handle));
    Json(people.into())
}

/// Oneself.
#[utoipa::path(get, path = "/api/v1/people/me", tag = "people", responses((status = 200, body = Person), (status = 401, body = Problem)))]
pub async fn me(who: SignedIn) -> Json<Person> {
    Json(who.person)
}

/// Presence and load of everybody.
#[utoipa::path(get, path = "/api/v1/agent-states", tag = "people", responses((status = 200, body = Items<AgentState>), (status = 401, body = Problem)))]
pub async fn agent_states(State(desk): State<Desk>, _who: SignedIn) -> ApiResult<Json<Items<AgentState>>> {
    Ok(Json(desk.store.agent_states().await?.into()))
}

/// Create or replace a person; admins.
#[utoipa::path(put, path = "/api/v1/people/{id}", tag = "people", params(("id" = Uuid, Path)), request_body = Person, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 409, description = "The handle is taken", body = Problem), (status = 422, body = Problem)))]
pub async fn put(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(id): Path<PersonId>,
    Body(body): Body<Person>,
) -> ApiResult<Json<CommandResult>> {
    let command = Command::PutPerson(Box::new(Person { id, ..body }));
    Ok(Json(perform(&desk, &acting(who.person), None, None, command).await?))
}

/// Set a password: one's own with the current one, anybody's as an admin.
#[utoipa::path(put, path = "/api/v1/people/{id}/password", tag = "people", params(("id" = Uuid, Path)), request_body = SetPassword, responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn set_password(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(id): Path<PersonId>,
    Body(body): Body<SetPassword>,
) -> ApiResult<StatusCode> {
    if !desk.directory().people.contains_key(&id) {
        return Err(ApiProblem::not_found("This person"));
    }
    if !access::may_administer(&who.person) {
        let current = body.current.unwrap_or_default();
        let known = if id == who.person.id { desk.store.password_hash(id).await? } else { None };
        if !passwords::verify(&desk.hashes, current, known).await? || id != who.person.id {
            return Err(Refusal::forbidden("Give your current password; only an administrator sets that of others.").into());
        }
    }
    let hash = passwords::hash(&desk.hashes, body.new).await?;
    desk.store.set_password_hash(id, &hash).await?;
    // Whoever knew the old password goes with it; the one who set the new stays.
    for old in desk.store.tokens(id).await?.into_iter().filter(|token| token.sha256 != who.token) {
        desk.store.revoke_token(&old.sha256).await?;
        desk.tokens.revoke(&old.sha256);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// `PUT /api/v1/people/me/presence`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetPresence {
    pub presence: Presence,
}

/// Say whether one can take work.
#[utoipa::path(put, path = "/api/v1/people/me/presence", tag = "people", request_body = SetPresence, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub async fn set_presence(State(desk): State<Desk>, who: SignedIn, Body(body): Body<SetPresence>) -> ApiResult<Json<CommandResult>> {
    let command = Command::SetPresence { presence: body.presence };
    Ok(Json(perform(&desk, &acting(who.person), None, None, command).await?))
}
