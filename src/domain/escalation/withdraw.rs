//! Who asked takes the call back.

use super::{Escalation, EscalationState, leave};
use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::id::EscalationId;
use crate::domain::row::Row;
use crate::domain::{Refusal, access};

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
    let reason = reason.map(str::trim).filter(|reason| !reason.is_empty()).map(str::to_owned);
    let row = Escalation {
        version: old.version + 1,
        state: EscalationState::Withdrawn,
        verdict: reason.clone(),
        accept_by: None,
        ended_at: Some(given.now()),
        ..old.clone()
    };
    draft.put(Change::Put(Row::Escalation(row)));
    draft.tell("escalation", "withdrawn");
    draft.reason = reason;
    leave::withdraw(&mut draft, old.expert);
    draft.done()
}
