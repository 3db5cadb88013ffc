//! Accepting what was given: by opening it or by any act on it. The one place that says what a change of a ticket does to
//! its acceptance.

use crate::domain::Timestamp;
use crate::domain::id::PersonId;
use crate::domain::queue::Queue;
use crate::domain::ticket::Ticket;

/// Until when somebody chosen by the desk has to accept.
#[must_use]
pub fn accept_by(queue: &Queue, now: Timestamp) -> Option<Timestamp> {
    (queue.accept_within_secs > 0).then(|| now + chrono::TimeDelta::seconds(i64::from(queue.accept_within_secs)))
}

/// Whether a change that `actor` makes to a ticket they already have accepts it.
fn accepts(before: &Ticket, after: &Ticket, actor: Option<PersonId>) -> bool {
    actor.is_some() && after.assignee == actor && before.assignee == actor && after.accepted_at.is_none()
}

/// Brings acceptance into line with the rest of the ticket. `acts`: the actor changes or says something.
pub fn settle(before: Option<&Ticket>, ticket: &mut Ticket, actor: Option<PersonId>, acts: bool, now: Timestamp) {
    if acts && before.is_some_and(|before| accepts(before, ticket, actor)) {
        ticket.accepted_at = Some(now);
    }
    if ticket.assignee.is_none() {
        ticket.accepted_at = None;
    }
    if ticket.accepted_at.is_some() || ticket.assignee.is_none() || !ticket.status.is_active() {
        ticket.accept_by = None;
    }
    // Somebody took it on, it is finished, or it goes to other people: who gave it back before does not matter any more.
    let moved = before.is_some_and(|before| before.queue != ticket.queue || before.tier != ticket.tier);
    if ticket.accepted_at.is_some() || !ticket.status.is_unsolved() || moved {
        ticket.declined.clear();
    }
}

/// Whether `before` → `after` is its assignee accepting it.
#[must_use]
pub fn accepted(before: Option<&Ticket>, after: &Ticket) -> bool {
    let was = before.filter(|before| before.assignee == after.assignee).and_then(|before| before.accepted_at);
    after.assignee.is_some() && was.is_none() && after.accepted_at.is_some()
}

/// Notes that somebody gave it back, or did not accept it.
pub fn decline(ticket: &mut Ticket, person: PersonId) {
    if !ticket.declined.contains(&person) {
        ticket.declined.push(person);
    }
}
