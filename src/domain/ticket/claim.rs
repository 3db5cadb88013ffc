//! Taking a ticket: the compare is on the assignee, so that the loser is told who won.

use super::Status;
use crate::domain::Refusal;
use crate::domain::assignment::AssignmentReason;
use crate::domain::command::{Given, Outcome, draft, given};

/// # Errors
/// `ticket_claimed` when somebody has it; when the actor may not, or the ticket is finished.
pub fn claim(given: Given<'_>) -> Result<Outcome, Refusal> {
    let (person, mut draft) = given.edit()?;
    let ticket = &mut draft.ticket;
    given::refuse_finished(ticket)?;
    match ticket.assignee {
        Some(owner) if owner == person.id => return Ok(draft::unchanged_ticket(ticket)),
        Some(owner) => {
            let name = given.directory().person_name(owner);
            let message = format!("{name} has ticket #{}: ask them, or assign it to yourself.", ticket.number);
            return Err(Refusal::lost_to("ticket_claimed", owner, ticket.assigned_at, message));
        }
        None => {}
    }
    ticket.assignee = Some(person.id);
    ticket.assigned_at = Some(given.now());
    ticket.accepted_at = Some(given.now());
    ticket.waits = None;
    if ticket.status == Status::New {
        ticket.status = Status::Open;
    }
    draft.assigned = AssignmentReason::Claimed;
    draft.done()
}
