//! The expert is done, with a verdict; the call stays on record.

use super::{Escalation, EscalationState, Verdict, answer};
use crate::domain::Refusal;
use crate::domain::command::{Change, Draft, Given, Outcome, draft};
use crate::domain::id::{EscalationId, PersonId};
use crate::domain::limits;
use crate::domain::row::Row;

/// # Errors
/// When not called, not in, or without a verdict.
pub fn leave(given: Given<'_>, id: EscalationId, result: Verdict, note: &str) -> Result<Outcome, Refusal> {
    let (person, mut draft, old) = answer::own(given, id)?;
    match old.state {
        EscalationState::Left => return Ok(draft::unchanged_ticket(&draft.ticket)),
        EscalationState::Accepted | EscalationState::Joined => {}
        EscalationState::Asked => {
            return Err(Refusal::conflict("not_answered", "You have not answered this call yet: accept or decline it."));
        }
        EscalationState::Declined | EscalationState::Unanswered | EscalationState::Withdrawn => {
            return Err(Refusal::conflict("already_answered", "This call is over already: there is nothing to leave."));
        }
    }
    limits::length(note, "note", limits::FIELD_VALUE_MAX)?;
    let verdict = note.trim().to_owned();
    let row = Escalation {
        version: old.version + 1,
        state: EscalationState::Left,
        result: Some(result),
        verdict: Some(verdict.clone()),
        ended_at: Some(given.now()),
        ..old.clone()
    };
    draft.put(Change::Put(Row::Escalation(row)));
    draft.tell("escalation", "left");
    draft.tell("verdict", serde_json::to_value(result).unwrap_or_default());
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
