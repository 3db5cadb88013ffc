//! What the assignment rule would say: for one ticket now, and for a queue whose load is uneven. Nothing is stored.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;

use super::visible_ticket;
use crate::domain::access;
use crate::domain::assignment::Decision;
use crate::domain::assignment::choose::{Asked, preview};
use crate::domain::assignment::rebalance::{Move, Standing, propose};
use crate::domain::id::TicketNumber;
use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::extract::Path;
use crate::server::state::Desk;
use crate::wire::list::Items;
use crate::wire::problem::Problem;

/// Tickets of a queue that are looked at for moves.
const HELD_MAX: i64 = 5_000;

/// Who would get the ticket now, with everybody considered. For a manual queue the ranking is shown and nobody chosen.
#[utoipa::path(get, path = "/api/v1/tickets/{number}/assignment-preview", tag = "tickets", params(("number" = i64, Path)), responses(
    (status = 200, body = Decision), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn assignment_preview(State(desk): State<Desk>, who: SignedIn, Path(number): Path<TicketNumber>) -> ApiResult<Json<Decision>> {
    let ticket = visible_ticket(&desk, &who.person, number).await?;
    let directory = desk.directory();
    let queue = directory.queues.get(&ticket.queue).ok_or_else(|| ApiProblem::not_found("The ticket's queue"))?;
    let states: HashMap<_, _> = desk.store.agent_states().await?.into_iter().map(|state| (state.person, state)).collect();
    let last_served = desk.store.last_served(ticket.requester.id, number).await?;
    let now = desk.clock.now();
    let duty = desk.duty(&directory, now);
    Ok(Json(preview(Asked { queue, ticket: &ticket, directory: &directory, duty: &duty, states: &states, last_served, now })))
}

/// Moves of the tickets one may see that would even out the load of the queue's people. Apply one by assigning the ticket with
/// its version in `base_version`.
#[utoipa::path(get, path = "/api/v1/queues/{key}/rebalance", tag = "queues", params(("key" = String, Path)), responses(
    (status = 200, body = Items<Move>), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn rebalance(State(desk): State<Desk>, who: SignedIn, Path(key): Path<String>) -> ApiResult<Json<Items<Move>>> {
    let directory = desk.directory();
    let queue = directory.queue_by_key(&key).ok_or_else(|| ApiProblem::not_found(&format!("Queue {key}")))?.id;
    let states: HashMap<_, _> = desk.store.agent_states().await?.into_iter().map(|state| (state.person, state)).collect();
    let mut tickets = desk.store.held_in(queue, HELD_MAX).await?;
    tickets.retain(|ticket| access::sees_ticket(&who.person, ticket));
    let duty = desk.duty(&directory, desk.clock.now());
    // Thousands of tickets against hundreds of people: beside the requests.
    let moves = tokio::task::spawn_blocking(move || {
        let queue = &directory.queues[&queue];
        propose(Standing { queue, directory: &directory, duty: &duty, states: &states, tickets: &tickets })
    });
    Ok(Json(moves.await.map_err(|error| ApiProblem::failed(&error))?.into()))
}
