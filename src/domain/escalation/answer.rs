//! The expert comes, or does not.

use super::{Escalation, EscalationState, invite, step_out};
use crate::domain::Refusal;
use crate::domain::assignment::AssignmentReason;
use crate::domain::assignment::EndReason;
use crate::domain::command::{Change, Draft, Given, Outcome, draft};
use crate::domain::conversation::DeskLine;
use crate::domain::id::EscalationId;
use crate::domain::limits;
use crate::domain::notice::NoticeKind;
use crate::domain::person::Person;
use crate::domain::row::Row;
use crate::domain::ticket::Status;

/// The acting expert, the ticket's draft and the call made to them.
///
/// # Errors
/// When there is no such call, or somebody else was called.
pub(super) fn own<'a>(given: Given<'a>, id: EscalationId) -> Result<(&'a Person, Draft<'a>, &'a Escalation), Refusal> {
    let person = given.worker()?;
    let escalation = given.facts.escalations.iter().find(|escalation| escalation.id == id);
    let ticket = given.facts.ticket.as_ref();
    // Who declined or left sees the ticket no more, and may still say the same again.
    let visible =
        ticket.filter(|ticket| crate::domain::access::sees_ticket(person, ticket) || escalation.is_some_and(|e| e.expert == person.id));
    let ticket = visible.ok_or_else(|| Refusal::not_found("The ticket"))?;
    let escalation = escalation.filter(|escalation| escalation.ticket == ticket.number);
    let escalation = escalation.ok_or_else(|| Refusal::not_found("The escalation"))?;
    if escalation.expert != person.id {
        let name = given.directory().person_name(escalation.expert);
        return Err(Refusal::forbidden(format!("{name} was called, not you: only they answer and leave.")));
    }
    Ok((person, Draft::of(given, ticket), escalation))
}

/// Why a call that is over, or answered, cannot be answered, and what to do instead.
pub(super) fn answered_already(given: Given<'_>, call: &Escalation) -> Refusal {
    let next = given.facts.escalations.iter().find(|other| other.follows == Some(call.id));
    let message = match (call.state, next) {
        (EscalationState::Unanswered, Some(next)) => {
            let name = given.directory().person_name(next.expert);
            format!("This call was passed on to {name} when no answer came: write to them, or have them call you.")
        }
        (EscalationState::Unanswered, None) => "This call was passed on when no answer came: ask for a new one to be made.".to_owned(),
        (EscalationState::Withdrawn, _) => "This call was taken back: nothing is left to answer.".to_owned(),
        (EscalationState::Accepted | EscalationState::Joined, _) => {
            "You accepted this call already: leave it with a verdict instead.".to_owned()
        }
        _ => "This call is answered already: ask for a new one to be made.".to_owned(),
    };
    Refusal::conflict("already_answered", message)
}

/// # Errors
/// When not called, or answered otherwise already.
pub fn answer(given: Given<'_>, id: EscalationId, accept: bool, reason: Option<&str>) -> Result<Outcome, Refusal> {
    let (person, mut draft, old) = own(given, id)?;
    let same = match old.state {
        // Accepted on another console, and joined there meanwhile.
        EscalationState::Accepted | EscalationState::Joined => accept,
        EscalationState::Declined => !accept,
        _ => false,
    };
    if same {
        return Ok(draft::unchanged_ticket(&draft.ticket));
    }
    if old.state != EscalationState::Asked {
        return Err(answered_already(given, old));
    }
    let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
    if let Some(reason) = reason {
        limits::length(reason, "reason", limits::FIELD_VALUE_MAX)?;
    }
    let verdict = reason.map(str::to_owned);
    let row = Escalation {
        version: old.version + 1,
        state: if accept { EscalationState::Accepted } else { EscalationState::Declined },
        accept_by: None,
        answered_at: Some(given.now()),
        ended_at: (!accept).then(|| given.now()),
        verdict: verdict.clone(),
        ..old.clone()
    };
    draft.put(Change::Put(Row::Escalation(row)));
    draft.tell("escalation", if accept { "accepted" } else { "declined" });
    draft.reason.clone_from(&verdict);
    let (expert, note) = (person.handle.clone(), verdict);
    draft.append_system(if accept { DeskLine::ExpertAccepted { expert, note } } else { DeskLine::ExpertDeclined { expert, note } });
    draft.notify(old.asked_by, NoticeKind::EscalationAnswered { accepted: accept });
    if accept {
        take_over(given, &mut draft, person, old);
    } else {
        step_out(&mut draft, person.id);
        invite::next_or_lead(given, &mut draft, old);
    }
    draft.done()
}

/// The ticket becomes the expert's, where that was asked for; who had it stays in the conversation.
fn take_over(given: Given<'_>, draft: &mut Draft<'_>, expert: &Person, call: &Escalation) {
    if !call.takes_over || draft.ticket.assignee == Some(expert.id) {
        return;
    }
    if let Some(before) = draft.ticket.assignee {
        draft.add_participant(before);
        draft.notify(before, NoticeKind::Returned { reason: EndReason::Reassigned });
    }
    let ticket = &mut draft.ticket;
    ticket.assignee = Some(expert.id);
    ticket.assigned_at = Some(given.now());
    ticket.accepted_at = Some(given.now());
    ticket.waits = None;
    // Its shift's end, and its pool, are those of the tier that works on it now.
    ticket.tier = ticket.tier.max(call.tier);
    if ticket.status == Status::New {
        ticket.status = Status::Open;
    }
    draft.assigned = AssignmentReason::Escalated;
    draft.append_system(DeskLine::ExpertTookOver { expert: expert.handle.clone() });
}
