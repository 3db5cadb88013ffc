//! Giving a ticket to somebody by hand: off duty and over capacity included, because a person knows why.

use crate::domain::Refusal;
use crate::domain::command::{Given, Outcome, draft, given};
use crate::domain::id::PersonId;
use crate::domain::notice::NoticeKind;

/// # Errors
/// When the ticket has moved on or is finished, the actor may not, or `to` cannot work on it.
pub fn assign(given: Given<'_>, to: PersonId) -> Result<Outcome, Refusal> {
    let (person, mut draft) = given.edit()?;
    given::refuse_finished(&draft.ticket)?;
    let colleague = given.colleague(to, "person")?;
    if draft.ticket.assignee == Some(to) {
        return Ok(draft::unchanged_ticket(&draft.ticket));
    }
    given.check_version(&draft.ticket)?;
    draft.ticket.assignee = Some(to);
    draft.ticket.assigned_at = Some(given.now());
    draft.ticket.accepted_at = (to == person.id).then(|| given.now());
    // Whoever gives it by hand sees to it themselves.
    draft.ticket.accept_by = None;
    draft.ticket.waits = None;
    if let Some(state) = given.facts.agent_states.get(&to).filter(|state| state.open_tickets >= colleague.capacity) {
        draft.tell("open_tickets_of_assignee", state.open_tickets);
    }
    draft.notify(to, NoticeKind::Assigned);
    draft.done()
}
