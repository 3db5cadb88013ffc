//! The expert is done, with a verdict; the call stays on record.

use super::{Escalation, EscalationState, answer};
use crate::domain::Refusal;
use crate::domain::command::{Change, Draft, Given, Outcome, draft};
use crate::domain::id::{EscalationId, PersonId};
use crate::domain::limits;
use crate::domain::row::Row;

/// # Errors
/// When not called, not in, or without a verdict.
pub fn leave(given: Given<'_>, id: EscalationId, verdict: &str) -> Result<Outcome, Refusal> {
    let (person, mut draft, old) = answer::own(given, id)?;
    match old.state {
        EscalationState::Left => return Ok(draft::unchanged_ticket(&draft.ticket)),
        EscalationState::Accepted => {}
        EscalationState::Asked => {
            return Err(Refusal::conflict("not_answered", "You have not answered this call yet: accept or decline it."));
        }
        EscalationState::Declined => {
            return Err(Refusal::conflict("already_answered", "You declined this call: there is nothing to leave."));
        }
    }
    limits::length(verdict, "verdict", limits::FIELD_VALUE_MAX)?;
    let verdict = verdict.trim().to_owned();
    let row = Escalation {
        version: old.version + 1,
        state: EscalationState::Left,
        verdict: Some(verdict.clone()),
        ended_at: Some(given.now()),
        ..old.clone()
    };
    draft.put(Change::Put(Row::Escalation(row)));
    draft.tell("escalation", "left");
    draft.append_system(format!("@{} left: {verdict}", person.handle));
    draft.reason = Some(verdict);
    withdraw(&mut draft, person.id);
    draft.done()
}

/// Out of the ticket and its conversation, unless the ticket became theirs.
pub(super) fn withdraw(draft: &mut Draft<'_>, person: PersonId) {
    draft.ticket.participants.retain(|one| *one != person);
    if draft.ticket.assignee == Some(person) {
        return;
    }
    if let Some(conversation) = draft.conversation_mut() {
        conversation.members.retain(|one| *one != person);
    }
}
