//! The expert is done, with a verdict; the call stays on record.

use super::{Escalation, EscalationState, Verdict, answer, step_out};
use crate::domain::Refusal;
use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::conversation::DeskLine;
use crate::domain::id::EscalationId;
use crate::domain::limits;
use crate::domain::notice::NoticeKind;
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
            let message = "This call is over already, there is nothing to leave: write a note to the ticket instead.";
            return Err(Refusal::conflict("already_answered", message));
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
    draft.append_system(DeskLine::ExpertLeft { expert: person.handle.clone(), verdict: result, note: verdict.clone() });
    draft.reason = Some(verdict);
    for told in [Some(old.asked_by), draft.ticket.assignee].into_iter().flatten() {
        draft.notify(told, NoticeKind::EscalationLeft { result });
    }
    step_out(&mut draft, person.id);
    draft.done()
}
