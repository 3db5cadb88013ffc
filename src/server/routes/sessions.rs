//! Sign-in, sign-out, one's tokens, and the first administrator.

use std::net::SocketAddr;
use std::sync::atomic::Ordering;

use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::StatusCode;

use crate::base::clock::new_id;
use crate::domain::command::{Actor, Command};
use crate::domain::id::PersonId;
use crate::domain::person::{Person, Role};
use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::execute::perform;
use crate::server::extract::{Body, Path};
use crate::server::state::Desk;
use crate::server::{passwords, tokens};
use crate::store::TokenRecord;
use crate::wire::list::Items;
use crate::wire::problem::Problem;
use crate::wire::session::{Session, Setup, SignIn, TokenView};

/// Characters of a handle that count as its name in the record of attempts.
const HANDLE_MAX: usize = 64;

/// Sign in: a token for a handle and password. Ten failures within five minutes close the door for a while.
#[utoipa::path(post, path = "/api/v1/sessions", tag = "sessions", request_body = SignIn, security(()), responses(
    (status = 201, description = "The token is shown once", body = Session),
    (status = 401, description = "Handle or password is wrong", body = Problem),
    (status = 429, description = "Too many failures: come back after `Retry-After`", body = Problem)))]
pub async fn sign_in(
    State(desk): State<Desk>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Body(body): Body<SignIn>,
) -> ApiResult<(StatusCode, Json<Session>)> {
    let now = desk.clock.now();
    let address = format!("address {}", peer.ip());
    let handle = format!("handle {}", body.handle.chars().take(HANDLE_MAX).collect::<String>());
    let names = [handle.as_str(), address.as_str()];
    if let Some(seconds) = desk.attempts.blocked(&names, now) {
        let wait = format!("Too many failed attempts: try again in {seconds} seconds.");
        return Err(ApiProblem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_attempts", wait).retry_after(seconds));
    }
    // Counted before the password is looked at: attempts side by side must not all pass while none has failed yet.
    desk.attempts.failed(&names, now);
    let person = desk.directory().person_by_handle(&body.handle).filter(|person| person.active).cloned();
    let hash = match &person {
        Some(person) => desk.store.password_hash(person.id).await?,
        None => None,
    };
    let right = passwords::verify(&desk.hashes, body.password, hash).await?;
    let Some(person) = person.filter(|_| right) else {
        return Err(ApiProblem::new(StatusCode::UNAUTHORIZED, "wrong_password", "The handle or the password is wrong."));
    };
    desk.attempts.succeeded(&names);
    let token = issue(&desk, person.id, &body.device).await?;
    Ok((StatusCode::CREATED, Json(Session { token, person })))
}

/// A fresh token for a person.
///
/// # Errors
/// When the store fails.
pub async fn issue(desk: &Desk, person: PersonId, device: &str) -> ApiResult<String> {
    let token = tokens::new_token("dd_");
    let now = desk.clock.now();
    let device: String = device.chars().take(100).collect();
    let record = TokenRecord { sha256: tokens::sha256_hex(&token), person, device, created_at: now, last_used_at: None };
    desk.store.put_token(&record).await?;
    Ok(token)
}

/// Make the first administrator of an empty desk, with the code that `dutydesk serve` printed.
#[utoipa::path(post, path = "/api/v1/setup", tag = "sessions", request_body = Setup, security(()), responses(
    (status = 201, description = "The first administrator, signed in", body = Session),
    (status = 403, description = "The code is wrong, or the desk has people already", body = Problem),
    (status = 422, description = "Something in the body is not valid", body = Problem)))]
pub async fn setup(State(desk): State<Desk>, Body(body): Body<Setup>) -> ApiResult<(StatusCode, Json<Session>)> {
    let mut code = desk.setup_code.lock().await;
    let right = code.as_deref().is_some_and(|code| tokens::sha256_hex(code) == tokens::sha256_hex(body.code.trim()));
    if !right {
        let why = "The setup code is wrong, or this desk has its first administrator already.";
        return Err(ApiProblem::new(StatusCode::FORBIDDEN, "wrong_setup_code", why));
    }
    let hash = passwords::hash(&desk.hashes, body.password).await?;
    // The password first: a server killed in between still has nobody, and gives a code at its next start.
    let id = PersonId(new_id());
    desk.store.set_password_hash(id, &hash).await?;
    let person = make_first_admin(&desk, id, body.handle, body.name, body.time_zone, body.language).await?;
    *code = None;
    drop(code);
    let token = issue(&desk, person.id, &body.device).await?;
    Ok((StatusCode::CREATED, Json(Session { token, person })))
}

/// Makes the first administrator.
///
/// # Errors
/// When the handle, name or zone is not valid.
pub async fn first_admin(desk: &Desk, handle: String, name: String, zone: Option<String>, language: Option<String>) -> ApiResult<Person> {
    make_first_admin(desk, PersonId(new_id()), handle, name, zone, language).await
}

async fn make_first_admin(
    desk: &Desk,
    id: PersonId,
    handle: String,
    name: String,
    zone: Option<String>,
    language: Option<String>,
) -> ApiResult<Person> {
    let person = Person {
        id,
        version: 0,
        handle,
        name,
        role: Role::Admin,
        tier: 1,
        skills: Vec::new(),
        languages: language.into_iter().collect(),
        capacity: 8,
        time_zone: zone.unwrap_or_else(|| "UTC".to_owned()),
        email: None,
        region: None,
        queues: Vec::new(),
        active: true,
    };
    // Nobody exists yet who could allow it: the person makes themselves.
    let actor = Actor::Person(person.clone());
    perform(desk, &actor, None, None, Command::PutPerson(Box::new(person.clone()))).await?;
    desk.reload_directory().await?;
    desk.needs_setup.store(false, Ordering::Relaxed);
    Ok(Person { version: 1, ..person })
}

/// One's tokens.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "sessions", responses(
    (status = 200, body = Items<TokenView>), (status = 401, body = Problem)))]
pub async fn list(State(desk): State<Desk>, who: SignedIn) -> ApiResult<Json<Items<TokenView>>> {
    let tokens = desk.store.tokens(who.person.id).await?;
    let view = |token: TokenRecord| TokenView {
        id: token.sha256[..12].to_owned(),
        device: token.device,
        created_at: token.created_at,
        last_used_at: token.last_used_at,
        current: token.sha256 == who.token,
    };
    Ok(Json(tokens.into_iter().map(view).collect::<Vec<_>>().into()))
}

/// Sign out: the token of this request ends, with all streams opened by it.
#[utoipa::path(delete, path = "/api/v1/sessions/current", tag = "sessions", responses((status = 204), (status = 401, body = Problem)))]
pub async fn sign_out(State(desk): State<Desk>, who: SignedIn) -> ApiResult<StatusCode> {
    desk.store.revoke_token(&who.token).await?;
    desk.tokens.revoke(&who.token);
    Ok(StatusCode::NO_CONTENT)
}

/// Revoke one of one's tokens.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}", tag = "sessions", params(("id" = String, Path, description = "As listed")), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn revoke(State(desk): State<Desk>, who: SignedIn, Path(id): Path<String>) -> ApiResult<StatusCode> {
    revoke_of(&desk, who.person.id, &id).await
}

/// Revoke a token of anybody; admins.
#[utoipa::path(delete, path = "/api/v1/people/{person}/tokens/{id}", tag = "people",
    params(("person" = Uuid, Path), ("id" = String, Path, description = "As listed, or `all`")), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn revoke_for(State(desk): State<Desk>, who: SignedIn, Path((person, id)): Path<(PersonId, String)>) -> ApiResult<StatusCode> {
    who.require_admin()?;
    revoke_of(&desk, person, &id).await
}

async fn revoke_of(desk: &Desk, person: PersonId, id: &str) -> ApiResult<StatusCode> {
    let tokens = desk.store.tokens(person).await?;
    let chosen: Vec<_> = tokens.into_iter().filter(|token| id == "all" || (id.len() >= 12 && token.sha256.starts_with(id))).collect();
    if chosen.is_empty() {
        return Err(ApiProblem::not_found("This token"));
    }
    for token in chosen {
        desk.store.revoke_token(&token.sha256).await?;
        desk.tokens.revoke(&token.sha256);
    }
    Ok(StatusCode::NO_CONTENT)
}
