//! Shifts as iCalendar under secret addresses: whoever has the address reads them, without sign-in. The secret is 256 random
//! bits, kept as its hash and looked up by it; an address works as long as it is not withdrawn and its maker works here.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::domain::access;
use crate::domain::refusal::Refusal;
use crate::domain::roster::Rota;
use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::extract::Path;
use crate::server::state::Desk;
use crate::server::tokens::{new_token, sha256_hex};
use crate::store::{CalendarLinkOf, CalendarLinkRecord};
use crate::wire::duty::{CalendarLinkMade, CalendarLinkView, CalendarLinksRevoked};
use crate::wire::ical::write::{Window, of_person, of_rota};
use crate::wire::list::Items;
use crate::wire::problem::Problem;

/// Addresses of one person or rota in use at once.
const LINKS_MAX: usize = 20;
const CONTENT_TYPE: &str = "text/calendar; charset=utf-8";
/// Programs of one person may keep an answer this long; nobody in between may.
const CACHE_CONTROL: &str = "private, max-age=900";

/// Shifts as iCalendar, from 14 days ago to 90 days ahead. No sign-in: the address is the secret.
#[utoipa::path(get, path = "/ical/{file}", tag = "roster", security(()),
    params(("file" = String, Path, description = "The secret, with `.ics` behind it", example = "b0VqkX3n1nYwZk1v0m4m2S0m2b3t9l7Jc1b7b0xYx0c.ics")),
    responses((status = 200, description = "The calendar; 304 without a body when `If-None-Match` has its `ETag`",
    content_type = "text/calendar", body = String),
    (status = 404, description = "There is no such address, or it was withdrawn", body = Problem)))]
pub async fn serve(State(desk): State<Desk>, Path(file): Path<String>, headers: HeaderMap) -> ApiResult<Response> {
    let missing = || ApiProblem::not_found("This calendar");
    let secret = file.strip_suffix(".ics").unwrap_or(&file);
    let link = desk.store.calendar_link(&sha256_hex(secret)).await?.ok_or_else(missing)?;
    let (directory, window) = (desk.directory(), Window::around(desk.clock.now()));
    let works = |id| directory.people.get(&id).filter(|person| person.active);
    works(link.made_by).ok_or_else(missing)?;
    let made = tokio::task::spawn_blocking({
        let directory = desk.directory();
        move || match link.of {
            CalendarLinkOf::Person(id) => {
                directory.people.get(&id).filter(|person| person.active).map(|person| of_person(&directory, person, window))
            }
            CalendarLinkOf::Rota(id) => directory.rotas.get(&id).filter(|rota| rota.active).map(|rota| of_rota(&directory, rota, window)),
        }
    });
    let text = made.await.map_err(|error| ApiProblem::failed(&error))?.ok_or_else(missing)?;
    Ok(answer(&headers, text))
}

fn answer(headers: &HeaderMap, text: String) -> Response {
    let tag = format!("\"{}\"", &sha256_hex(&text)[..32]);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    // A proxy that compresses marks the tag as weak.
    let same = known.is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag));
    let mut response = if same { StatusCode::NOT_MODIFIED.into_response() } else { text.into_response() };
    let headers = response.headers_mut();
    if !same {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHE_CONTROL));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

async fn make(desk: &Desk, who: &SignedIn, of: CalendarLinkOf) -> ApiResult<(StatusCode, Json<CalendarLinkMade>)> {
    if desk.store.calendar_links(of).await?.len() >= LINKS_MAX {
        let message = format!("There are {LINKS_MAX} addresses already: withdraw them with DELETE, then make new ones.");
        return Err(Refusal::conflict("too_many_links", message).into());
    }
    let secret = new_token("");
    let record = CalendarLinkRecord { sha256: sha256_hex(&secret), of, made_by: who.person.id, created_at: desk.clock.now() };
    desk.store.put_calendar_link(&record).await?;
    Ok((StatusCode::CREATED, Json(CalendarLinkMade { path: format!("/ical/{secret}.ics") })))
}

async fn list(desk: &Desk, of: CalendarLinkOf) -> ApiResult<Json<Items<CalendarLinkView>>> {
    let links = desk.store.calendar_links(of).await?;
    let views: Vec<_> = links.into_iter().map(|link| CalendarLinkView { made_by: link.made_by, created_at: link.created_at }).collect();
    Ok(Json(views.into()))
}

async fn revoke(desk: &Desk, of: CalendarLinkOf) -> ApiResult<Json<CalendarLinksRevoked>> {
    Ok(Json(CalendarLinksRevoked { revoked: desk.store.revoke_calendar_links(of).await? }))
}

fn rota(desk: &Desk, key: &str) -> ApiResult<CalendarLinkOf> {
    let directory = desk.directory();
    let found: Option<&Rota> = directory.rota_by_key(key);
    Ok(CalendarLinkOf::Rota(found.ok_or_else(|| ApiProblem::not_found(&format!("Rota {key}")))?.id))
}

fn lead(who: &SignedIn) -> ApiResult<()> {
    let allowed = access::may_lead(&who.person);
    allowed.then_some(()).ok_or_else(|| Refusal::forbidden("Only leads and admins give out a rota's calendar: ask one of them.").into())
}

/// Make an address for one's own shifts; it is shown once.
#[utoipa::path(post, path = "/api/v1/me/calendar-link", tag = "roster", operation_id = "make_my_calendar_link", responses(
    (status = 201, body = CalendarLinkMade), (status = 401, body = Problem), (status = 409, body = Problem)))]
pub async fn make_mine(State(desk): State<Desk>, who: SignedIn) -> ApiResult<(StatusCode, Json<CalendarLinkMade>)> {
    make(&desk, &who, CalendarLinkOf::Person(who.person.id)).await
}

/// One's own addresses, without their secrets.
#[utoipa::path(get, path = "/api/v1/me/calendar-link", tag = "roster", operation_id = "list_my_calendar_links", responses(
    (status = 200, body = Items<CalendarLinkView>), (status = 401, body = Problem)))]
pub async fn list_mine(State(desk): State<Desk>, who: SignedIn) -> ApiResult<Json<Items<CalendarLinkView>>> {
    list(&desk, CalendarLinkOf::Person(who.person.id)).await
}

/// Withdraw all addresses of one's own shifts.
#[utoipa::path(delete, path = "/api/v1/me/calendar-link", tag = "roster", operation_id = "revoke_my_calendar_links", responses(
    (status = 200, body = CalendarLinksRevoked), (status = 401, body = Problem)))]
pub async fn revoke_mine(State(desk): State<Desk>, who: SignedIn) -> ApiResult<Json<CalendarLinksRevoked>> {
    revoke(&desk, CalendarLinkOf::Person(who.person.id)).await
}

/// Make an address for a rota's shifts, with everybody's names and the gaps; leads. It is shown once.
#[utoipa::path(post, path = "/api/v1/rotas/{key}/calendar-link", tag = "roster", operation_id = "make_rota_calendar_link",
    params(("key" = String, Path, description = "A rota's key")), responses(
    (status = 201, body = CalendarLinkMade), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn make_rota(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(key): Path<String>,
) -> ApiResult<(StatusCode, Json<CalendarLinkMade>)> {
    lead(&who)?;
    make(&desk, &who, rota(&desk, &key)?).await
}

/// A rota's addresses, without their secrets.
#[utoipa::path(get, path = "/api/v1/rotas/{key}/calendar-link", tag = "roster", operation_id = "list_rota_calendar_links",
    params(("key" = String, Path, description = "A rota's key")), responses(
    (status = 200, body = Items<CalendarLinkView>), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn list_rota(State(desk): State<Desk>, _who: SignedIn, Path(key): Path<String>) -> ApiResult<Json<Items<CalendarLinkView>>> {
    list(&desk, rota(&desk, &key)?).await
}

/// Withdraw all addresses of a rota's shifts; leads.
#[utoipa::path(delete, path = "/api/v1/rotas/{key}/calendar-link", tag = "roster", operation_id = "revoke_rota_calendar_links",
    params(("key" = String, Path, description = "A rota's key")), responses(
    (status = 200, body = CalendarLinksRevoked), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn revoke_rota(State(desk): State<Desk>, who: SignedIn, Path(key): Path<String>) -> ApiResult<Json<CalendarLinksRevoked>> {
    lead(&who)?;
    revoke(&desk, rota(&desk, &key)?).await
}
