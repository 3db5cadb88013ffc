//! The expert comes, or does not.

use super::{Escalation, EscalationState, leave};
use crate::domain::Refusal;
use crate::domain::command::{Change, Draft, Given, Outcome, draft};
use crate::domain::id::EscalationId;
use crate::domain::limits;
use crate::domain::notice::NoticeKind;
use crate::domain::person::Person;
use crate::domain::row::Row;

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

/// # Errors
/// When not called, or answered otherwise already.
pub fn answer(given: Given<'_>, id: EscalationId, accept: bool, reason: Option<&str>) -> Result<Outcome, Refusal> {
    let (person, mut draft, old) = own(given, id)?;
    let state = if accept { EscalationState::Accepted } else { EscalationState::Declined };
    if old.state == state {
        return Ok(draft::unchanged_ticket(&draft.ticket));
    }
    if old.state != EscalationState::Asked {
        return Err(Refusal::conflict("already_answered", "This call is answered already: ask for a new one to be made."));
    }
    let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
    if let Some(reason) = reason {
        limits::length(reason, "reason", limits::FIELD_VALUE_MAX)?;
    }
    let verdict = reason.map(str::to_owned);
    let row = Escalation {
        version: old.version + 1,
        state,
        accept_by: None,
        answered_at: Some(given.now()),
        ended_at: (!accept).then(|| given.now()),
        verdict: verdict.clone(),
        ..old.clone()
    };
    draft.put(Change::Put(Row::Escalation(row)));
    draft.tell("escalation", if accept { "accepted" } else { "declined" });
    draft.reason.clone_from(&verdict);
    let said = if accept { "came into the ticket" } else { "declined the call" };
    draft.append_system(match &verdict {
        Some(verdict) => format!("@{} {said}: {verdict}", person.handle),
        None => format!("@{} {said}", person.handle),
    });
    if !accept {
        leave::withdraw(&mut draft, person.id);
    }
    draft.notify(old.asked_by, NoticeKind::EscalationAnswered { accepted: accept });
    draft.done()
}
