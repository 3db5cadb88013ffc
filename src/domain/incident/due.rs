//! A status update is due: who runs the incident is told, and later who leads. Nothing is sent to requesters by itself.

use chrono::Duration;

use super::is_open;
use crate::domain::assignment::owners;
use crate::domain::command::{Draft, Given, Outcome, draft};
use crate::domain::notice::NoticeKind;
use crate::domain::ticket::{MajorIncident, Ticket};
use crate::domain::{Refusal, Timestamp};

/// An update is overdue after half of its interval, at most this long.
const OVERDUE_SECS_MAX: i64 = 900;

/// When somebody is to be told next; absent when nobody is.
#[must_use]
pub fn tell_at(ticket: &Ticket) -> Option<Timestamp> {
    let major = ticket.major.as_ref().filter(|_| is_open(ticket))?;
    let due = major.next_update_at?;
    match major.told {
        0 => Some(due),
        1 => Some(due + grace(major)),
        _ => None,
    }
}

fn grace(major: &MajorIncident) -> Duration {
    Duration::seconds((i64::from(major.update_every_secs.unwrap_or(0)) / 2).min(OVERDUE_SECS_MAX))
}

/// Tells whoever is to be told by now, each once for one due time.
///
/// # Errors
/// When a person asks for it, or the ticket does not exist.
pub fn tell(given: Given<'_>) -> Result<Outcome, Refusal> {
    given.desk()?;
    let ticket = given.ticket()?;
    let mut draft = Draft::of(given, ticket);
    while let Some(at) = tell_at(&draft.ticket).filter(|at| *at <= given.now()) {
        let Some(major) = &mut draft.ticket.major else { break };
        let overdue = major.told > 0;
        major.told += 1;
        let owner = ticket.assignee.unwrap_or(major.declared_by);
        let due_at = major.next_update_at.unwrap_or(at);
        let mut told = vec![owner];
        if overdue {
            let leads = given.directory().queues.get(&ticket.queue).map(|queue| owners::of_queue(given.directory(), queue, ticket.tier));
            told = leads.unwrap_or_default().into_iter().collect();
        }
        for person in told {
            draft.notify(person, NoticeKind::IncidentUpdateDue { due_at, overdue });
        }
    }
    if draft.ticket == *ticket {
        return Ok(draft::unchanged_ticket(ticket));
    }
    draft.done()
}
