//! Who else is at a ticket: said by consoles while they show it, kept nowhere.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use super::visible_ticket;
use crate::domain::access;
use crate::domain::here::TicketHere;
use crate::domain::id::TicketNumber;
use crate::server::auth::SignedIn;
use crate::server::error::ApiResult;
use crate::server::extract::{Body, Path};
use crate::server::state::Desk;
use crate::wire::here::BeHere;
use crate::wire::problem::Problem;

/// Who else is at a ticket now.
#[utoipa::path(get, path = "/api/v1/tickets/{number}/here", operation_id = "here_get", tag = "tickets", params(("number" = i64, Path)), responses(
    (status = 200, body = TicketHere), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn get(State(desk): State<Desk>, who: SignedIn, Path(number): Path<TicketNumber>) -> ApiResult<Json<TicketHere>> {
    let ticket = visible_ticket(&desk, &who.person, number).await?;
    Ok(Json(TicketHere { ticket: ticket.number, people: desk.here.at(number, &who.person, desk.clock.now()) }))
}

/// Say that one has a ticket open, and whether one writes: about every 10 seconds, for it is forgotten after 30. Answers who else is.
#[utoipa::path(put, path = "/api/v1/tickets/{number}/here", operation_id = "here_put", tag = "tickets", params(("number" = i64, Path)), request_body = BeHere, responses(
    (status = 200, body = TicketHere), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn put(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(number): Path<TicketNumber>,
    Body(body): Body<BeHere>,
) -> ApiResult<Json<TicketHere>> {
    let ticket = visible_ticket(&desk, &who.person, number).await?;
    let now = desk.clock.now();
    desk.here.put(number, access::ticket_audience(&ticket), who.person.id, body.doing, now);
    Ok(Json(TicketHere { ticket: number, people: desk.here.at(number, &who.person, now) }))
}

/// Say that one closed it. Also where one may not see it any more.
#[utoipa::path(delete, path = "/api/v1/tickets/{number}/here", operation_id = "here_leave", tag = "tickets", params(("number" = i64, Path)), responses(
    (status = 204, description = "Done"), (status = 401, body = Problem)))]
pub async fn delete(State(desk): State<Desk>, who: SignedIn, Path(number): Path<TicketNumber>) -> StatusCode {
    desk.here.leave(number, who.person.id, desk.clock.now());
    StatusCode::NO_CONTENT
}
