//! One page about a ticket for whoever joins it: the rows are read here, the page is the domain's.
//!
//! Cost: index ranges only, whatever the desk's history: at most [`MESSAGES_EACH`] messages from either end, [`RECORD_MAX`] audit
//! entries, [`OTHERS`] tickets of the requester and the site each, and [`SOLVED`] solved ones of the queue.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;

use super::visible_ticket;
use crate::domain::briefing::{Briefing, Material, brief, similar};
use crate::domain::conversation::Message;
use crate::domain::id::TicketNumber;
use crate::domain::ticket::Ticket;
use crate::server::auth::SignedIn;
use crate::server::error::ApiResult;
use crate::server::extract::Path;
use crate::server::routes::escalations::CALLS_MAX;
use crate::server::state::Desk;
use crate::store::{StoreError, TicketFilter};
use crate::wire::problem::Problem;

const MESSAGES_EACH: i64 = 200;
const RECORD_MAX: i64 = 500;
const OTHERS: i64 = 50;
/// The newest solved tickets of the queue among which similar ones are found.
const SOLVED: i64 = 500;
/// Messages at the end of a similar ticket in which its solution is looked for.
const SOLUTION_MESSAGES: i64 = 10;

/// What an expert should know before they write: requester and site with their recent tickets, what happened and what was
/// tried, fields and attachments, similar solved tickets with why, clocks, and who is in the conversation.
#[utoipa::path(get, path = "/api/v1/tickets/{number}/briefing", tag = "tickets", params(("number" = i64, Path)), responses(
    (status = 200, body = Briefing), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn briefing(State(desk): State<Desk>, who: SignedIn, Path(number): Path<TicketNumber>) -> ApiResult<Json<Briefing>> {
    let reader = &who.person;
    let ticket = visible_ticket(&desk, reader, number).await?;
    let store = &desk.store;
    let requester = store.requester(ticket.requester.id).await?;
    let of_requester = TicketFilter { requester: Some(ticket.requester.id), ..TicketFilter::default() };
    let requester_tickets = store.tickets(reader, &of_requester, None, OTHERS).await?.tickets;
    let site_tickets = match &ticket.requester.site {
        Some(site) => store.site_tickets(reader, site.id, OTHERS).await?,
        None => Vec::new(),
    };
    let mut solved = store.solved_lately(reader, ticket.queue, SOLVED).await?;
    solved.extend(requester_tickets.iter().chain(&site_tickets).cloned());
    let (messages, audit) = (messages(&desk, &ticket).await?, store.audit(number, RECORD_MAX).await?);
    let calls = store.escalations(number, CALLS_MAX).await?;
    let states: HashMap<_, _> = store.agent_states().await?.into_iter().map(|state| (state.person, state)).collect();
    let directory = desk.directory();
    let now = desk.clock.now();
    let conversations: HashMap<_, _> = solved.iter().map(|other| (other.number, (other.conversation, other.message_count))).collect();
    let mut page = brief(&Material {
        reader,
        ticket: &ticket,
        requester: requester.as_ref(),
        directory: &directory,
        duty: &desk.duty(&directory, now),
        states: &states,
        messages: &messages,
        audit: &audit,
        calls: &calls,
        requester_tickets: &requester_tickets,
        site_tickets: &site_tickets,
        solved: &solved,
        now,
    });
    for other in &mut page.similar {
        if let Some((conversation, count)) = conversations.get(&other.ticket.number) {
            let last = store.messages(*conversation, count - SOLUTION_MESSAGES, SOLUTION_MESSAGES).await?;
            other.solution = similar::solution(reader, &last);
        }
    }
    Ok(Json(page))
}

/// The conversation, of a long one its beginning and its end.
async fn messages(desk: &Desk, ticket: &Ticket) -> Result<Vec<Message>, StoreError> {
    let mut messages = desk.store.messages(ticket.conversation, 0, MESSAGES_EACH).await?;
    let rest = (ticket.message_count - MESSAGES_EACH).max(MESSAGES_EACH);
    if ticket.message_count > MESSAGES_EACH {
        messages.extend(desk.store.messages(ticket.conversation, rest, MESSAGES_EACH).await?);
    }
    Ok(messages)
}
