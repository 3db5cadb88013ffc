//! The rule behind `fire_sla_steps`: warn and breach once each, and tell who can help.

use super::clock::{self, Step};
use crate::domain::Refusal;
use crate::domain::command::{Draft, Given, Outcome};
use crate::domain::notice::NoticeKind;

/// # Errors
/// When a person asks for it, or the ticket does not exist.
pub fn fire_sla_steps(given: Given<'_>) -> Result<Outcome, Refusal> {
    given.desk()?;
    let ticket = given.ticket()?;
    let mut draft = Draft::of(given, ticket);
    let lead = given.directory().queues.get(&ticket.queue).and_then(|queue| queue.lead);
    for step in clock::fire(&mut draft.ticket.clocks, given.now()) {
        match step {
            Step::Warn => {
                if let Some(person) = ticket.assignee.or(lead) {
                    draft.notify(person, NoticeKind::SlaWarning);
                }
            }
            Step::Breach => {
                for person in ticket.assignee.into_iter().chain(lead) {
                    draft.notify(person, NoticeKind::SlaBreached);
                }
            }
        }
    }
    draft.done()
}
