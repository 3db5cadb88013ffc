//! The assignee has the ticket on screen.

use super::Status;
use crate::domain::Refusal;
use crate::domain::command::{Given, Outcome, draft, given};

/// # Errors
/// `not_yours` for everybody but the assignee; when the ticket is finished.
pub fn accept(given: Given<'_>) -> Result<Outcome, Refusal> {
    let (person, mut draft) = given.edit()?;
    given::refuse_finished(&draft.ticket)?;
    let ticket = &mut draft.ticket;
    if ticket.assignee != Some(person.id) {
        let message = format!("Ticket #{} is not assigned to you: claim it first.", ticket.number);
        return Err(Refusal::conflict("not_yours", message));
    }
    if ticket.accepted_at.is_some() {
        return Ok(draft::unchanged_ticket(ticket));
    }
    ticket.accepted_at = Some(given.now());
    if ticket.status == Status::New {
        ticket.status = Status::Open;
    }
    draft.done()
}
