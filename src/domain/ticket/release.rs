//! Giving a ticket back to the pool.

use super::status;
use crate::domain::Refusal;
use crate::domain::assignment::{EndReason, accept};
use crate::domain::command::{Given, Outcome, draft, given};
use crate::domain::limits;

/// # Errors
/// When the ticket has moved on or is finished, or the actor may not.
pub fn release(given: Given<'_>, reason: Option<&str>) -> Result<Outcome, Refusal> {
    let (person, mut draft) = given.edit()?;
    given::refuse_finished(&draft.ticket)?;
    let Some(assignee) = draft.ticket.assignee else {
        return Ok(draft::unchanged_ticket(&draft.ticket));
    };
    given.check_version(&draft.ticket)?;
    if let Some(reason) = reason.filter(|reason| !reason.trim().is_empty()) {
        limits::length(reason, "reason", limits::FIELD_VALUE_MAX)?;
        draft.reason = Some(reason.trim().to_owned());
    }
    status::unassign(&mut draft.ticket);
    if assignee == person.id {
        // Not handed straight back while somebody else can take it.
        accept::decline(&mut draft.ticket, assignee);
        draft.returned = Some(EndReason::Released);
    }
    draft.done()
}
