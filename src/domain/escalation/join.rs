//! The expert is in the conversation: they opened the ticket after accepting.

use super::{Escalation, EscalationState, answer};
use crate::domain::Refusal;
use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::conversation::DeskLine;
use crate::domain::id::EscalationId;
use crate::domain::row::Row;

/// # Errors
/// When not called, or the call is not accepted.
pub fn join(given: Given<'_>, id: EscalationId) -> Result<Outcome, Refusal> {
    let (person, mut draft, old) = answer::own(given, id)?;
    match old.state {
        EscalationState::Joined => return Ok(draft::unchanged_ticket(&draft.ticket)),
        EscalationState::Accepted => {}
        EscalationState::Asked => return Err(Refusal::conflict("not_accepted", "Accept the call first: then you join.")),
        _ => return Err(Refusal::conflict("call_over", "This call is over: ask for a new one to be made.")),
    }
    let row = Escalation { version: old.version + 1, state: EscalationState::Joined, joined_at: Some(given.now()), ..old.clone() };
    draft.put(Change::Put(Row::Escalation(row)));
    draft.tell("escalation", "joined");
    draft.append_system(DeskLine::ExpertJoined { expert: person.handle.clone() });
    draft.done()
}
