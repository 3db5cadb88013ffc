//! Giving a ticket back to the pool.

use super::status;
use crate::domain::Refusal;
use crate::domain::command::{Given, Outcome, draft, given};
use crate::domain::limits;

/// # Errors
/// When the ticket has moved on or is finished, or the actor may not.
pub fn release(given: Given<'_>, reason: Option<&str>) -> Result<Outcome, Refusal> {
    let (_, mut draft) = given.edit()?;
    given::refuse_finished(&draft.ticket)?;
    if draft.ticket.assignee.is_none() {
        return Ok(draft::unchanged_ticket(&draft.ticket));
    }
    given.check_version(&draft.ticket)?;
    if let Some(reason) = reason.filter(|reason| !reason.trim().is_empty()) {
        limits::length(reason, "reason", limits::FIELD_VALUE_MAX)?;
        draft.reason = Some(reason.trim().to_owned());
    }
    status::unassign(&mut draft.ticket);
    draft.done()
}
