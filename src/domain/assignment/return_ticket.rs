//! The rule behind `return_ticket`: the desk takes a ticket from an assignee who does not or cannot work on it.

use super::EndReason;
use crate::domain::Refusal;
use crate::domain::command::{Draft, Given, Outcome, draft};
use crate::domain::notice::NoticeKind;
use crate::domain::ticket::status;

/// # Errors
/// When a person asks for it, or the ticket does not exist.
pub fn return_ticket(given: Given<'_>, reason: EndReason) -> Result<Outcome, Refusal> {
    given.desk()?;
    let ticket = given.ticket()?;
    let Some(person) = ticket.assignee.filter(|_| ticket.status.is_active()) else {
        return Ok(draft::unchanged_ticket(ticket));
    };
    let mut draft = Draft::of(given, ticket);
    status::unassign(&mut draft.ticket);
    draft.notify(person, NoticeKind::Returned { reason });
    draft.done()
}
