//! Lists of tickets in the filter language: what columns can answer is asked of the store, the rest is compared here, by the same
//! rule as on a console. Only tickets that the viewer may see are looked at.

use crate::domain::filter::{self, Env, Filter, Test, Who};
use crate::domain::id::{PersonId, TicketNumber};
use crate::domain::person::Person;
use crate::domain::ticket::Ticket;
use crate::store::{TicketFilter, TicketPage};

use super::error::{ApiProblem, ApiResult};
use super::state::Desk;

/// Tickets looked at for one answer: a page that ends there may be short, or empty, and tells where to go on.
const LOOKED_AT_MAX: usize = 10_000;
/// Tickets read at once.
const CHUNK: i64 = 500;
/// Calls of one expert that count.
const CALLS_MAX: i64 = 1000;

/// Reads a filter as this person writes it.
///
/// # Errors
/// What is wrong with it, and where.
pub fn read(desk: &Desk, text: &str) -> ApiResult<Filter> {
    filter::parse(text, &desk.directory()).whole().map_err(|error| ApiProblem::invalid("filter", error.to_string()))
}

/// At most `limit` tickets that `base` and `filter` admit, newest first, from before `before`.
///
/// # Errors
/// When the store fails.
pub async fn page(
    desk: &Desk,
    viewer: &Person,
    base: TicketFilter,
    filter: &Filter,
    mut before: Option<TicketNumber>,
    limit: usize,
) -> ApiResult<TicketPage> {
    let base = narrowed(base, filter, viewer.id);
    let calls = calls(desk, filter, viewer.id).await?;
    let directory = desk.directory();
    let zone = viewer.time_zone.parse().unwrap_or_default();
    let env = Env { now: desk.clock.now(), zone, me: viewer.id, directory: &directory, calls: &calls };
    let (mut found, mut looked_at): (Vec<Ticket>, usize) = (Vec::new(), 0);
    loop {
        let read = desk.store.tickets(viewer, &base, before, CHUNK).await?;
        let last = read.tickets.last().map(|ticket| ticket.number);
        looked_at += read.tickets.len();
        for ticket in read.tickets {
            if filter.admits(&ticket, &env) {
                if found.len() == limit {
                    let next = found.last().map(|ticket| ticket.number);
                    return Ok(TicketPage { tickets: found, next });
                }
                found.push(ticket);
            }
        }
        if read.next.is_none() || looked_at >= LOOKED_AT_MAX {
            return Ok(TicketPage { tickets: found, next: read.next.and(last) });
        }
        before = last;
    }
}

/// What of a filter the store's own columns can answer: never less than the filter admits.
fn narrowed(mut base: TicketFilter, filter: &Filter, me: PersonId) -> TicketFilter {
    for term in filter.terms.iter().filter(|term| !term.negated) {
        match &term.test {
            Test::Queue(all) if base.queue.is_none() && all.len() == 1 => base.queue = Some(all[0].id),
            Test::Status(all) if base.statuses.is_empty() => base.statuses.clone_from(all),
            Test::Priority(all) if base.priority.is_none() && all.len() == 1 => base.priority = Some(all[0]),
            Test::Assignee(all) if base.assignee.is_none() && all.len() == 1 => base.assignee = Some(person(&all[0], me)),
            _ => {}
        }
    }
    base
}

fn person(who: &Who, me: PersonId) -> Option<PersonId> {
    match who {
        Who::Nobody => None,
        Who::Me => Some(me),
        Who::Person(person) => Some(person.id),
    }
}

/// Calls of the experts that the filter asks for.
async fn calls(desk: &Desk, filter: &Filter, me: PersonId) -> ApiResult<Vec<(TicketNumber, PersonId)>> {
    let mut calls = Vec::new();
    for expert in filter.experts(me) {
        let open = desk.store.open_escalations(expert, CALLS_MAX).await?;
        calls.extend(open.into_iter().map(|call| (call.ticket, expert)));
    }
    Ok(calls)
}
