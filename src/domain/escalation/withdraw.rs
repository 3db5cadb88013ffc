//! Who asked takes the call back.

use super::{Escalation, EscalationState, step_out};
use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::conversation::DeskLine;
use crate::domain::id::EscalationId;
use crate::domain::notice::NoticeKind;
use crate::domain::row::Row;
use crate::domain::{Refusal, access, limits};

/// # Errors
/// When there is no such call, it is over, or the actor neither asked, has the ticket, nor leads.
pub fn withdraw(given: Given<'_>, id: EscalationId, reason: Option<&str>) -> Result<Outcome, Refusal> {
    let (person, mut draft) = given.edit()?;
    let old = given.facts.escalations.iter().find(|escalation| escalation.id == id && escalation.ticket == draft.ticket.number);
    let old = old.ok_or_else(|| Refusal::not_found("The escalation"))?;
    if old.asked_by != person.id && draft.ticket.assignee != Some(person.id) && !access::may_lead(person) {
        let name = given.directory().person_name(old.asked_by);
        return Err(Refusal::forbidden(format!("{name} made this call: they, the assignee or a lead take it back.")));
    }
    if old.state == EscalationState::Withdrawn {
        return Ok(draft::unchanged_ticket(&draft.ticket));
    }
    if !old.state.is_open() {
        return Err(Refusal::conflict("already_answered", "This call is over already: there is nothing to take back."));
    }
    let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
    if let Some(reason) = reason {
        limits::length(reason, "reason", limits::FIELD_VALUE_MAX)?;
    }
    let row = Escalation {
        version: old.version + 1,
        state: EscalationState::Withdrawn,
        verdict: reason.map(str::to_owned),
        accept_by: None,
        ended_at: Some(given.now()),
        ..old.clone()
    };
    draft.put(Change::Put(Row::Escalation(row)));
    draft.tell("escalation", "withdrawn");
    draft.reason = reason.map(str::to_owned);
    let expert = given.directory().people.get(&old.expert).map_or_else(|| old.expert.to_string(), |expert| expert.handle.clone());
    draft.append_system(DeskLine::CallWithdrawn { expert, reason: reason.map(str::to_owned) });
    draft.notify(old.expert, NoticeKind::EscalationWithdrawn);
    step_out(&mut draft, old.expert);
    draft.done()
}
