//! A ticket's SLA clocks with their ledger: enough to reckon any due time by hand.

use axum::Json;
use axum::extract::State;

use super::visible_ticket;
use crate::domain::id::TicketNumber;
use crate::domain::sla::intervals::{ClockRecord, intervals};
use crate::server::auth::SignedIn;
use crate::server::error::ApiResult;
use crate::server::extract::Path;
use crate::server::state::Desk;
use crate::wire::problem::Problem;

/// Its clocks, everything that happened to them, and when each ran and why.
#[utoipa::path(get, path = "/api/v1/tickets/{number}/clocks", tag = "tickets", params(("number" = i64, Path)), responses(
    (status = 200, body = ClockRecord), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn clocks(State(desk): State<Desk>, who: SignedIn, Path(number): Path<TicketNumber>) -> ApiResult<Json<ClockRecord>> {
    let ticket = visible_ticket(&desk, &who.person, number).await?;
    let events = desk.store.clock_events(number).await?;
    let intervals = intervals(&events, &desk.directory(), desk.clock.now());
    Ok(Json(ClockRecord { clocks: ticket.clocks, events, intervals }))
}
