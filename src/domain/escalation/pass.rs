//! An invitation that nobody took up is passed on: to the next expert on duty, and after the last one to the lead.

use super::{Escalation, EscalationState, leave};
use crate::domain::Refusal;
use crate::domain::command::{Change, Draft, Given, Outcome, draft};
use crate::domain::id::EscalationId;
use crate::domain::row::Row;

/// # Errors
/// When no job of the desk acts, or there is no such call.
pub fn pass(given: Given<'_>, id: EscalationId) -> Result<Outcome, Refusal> {
    given.desk()?;
    let ticket = given.ticket()?;
    let old = given.facts.escalations.iter().find(|escalation| escalation.id == id && escalation.ticket == ticket.number);
    let old = old.ok_or_else(|| Refusal::not_found("The escalation"))?;
    if old.state != EscalationState::Asked {
        return Ok(draft::unchanged_ticket(ticket));
    }
    let mut draft = Draft::of(given, ticket);
    let row = Escalation {
        version: old.version + 1,
        state: EscalationState::Unanswered,
        accept_by: None,
        ended_at: Some(given.now()),
        ..old.clone()
    };
    draft.put(Change::Put(Row::Escalation(row)));
    draft.tell("escalation", "unanswered");
    leave::withdraw(&mut draft, old.expert);
    draft.done()
}
