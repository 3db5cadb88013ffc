//! An invitation that nobody took up is passed on: to the next expert on duty, and after the last one to the lead. An expert who
//! is in stays in when their shift ends; a relief is asked beside them.

use super::due::{Due, due};
use super::{Escalation, EscalationState, find, invite, step_out};
use crate::domain::Refusal;
use crate::domain::command::{Change, Draft, Given, Outcome, draft};
use crate::domain::conversation::DeskLine;
use crate::domain::id::EscalationId;
use crate::domain::notice::NoticeKind;
use crate::domain::row::Row;

/// # Errors
/// When no job of the desk acts, or there is no such call.
pub fn pass(given: Given<'_>, id: EscalationId) -> Result<Outcome, Refusal> {
    given.desk()?;
    let ticket = given.ticket()?;
    let old = given.facts.escalations.iter().find(|escalation| escalation.id == id && escalation.ticket == ticket.number);
    let old = old.ok_or_else(|| Refusal::not_found("The escalation"))?;
    let Some(due) = due(given.directory(), &given.duty(), old, given.now()) else {
        // Answered between the job's look and now, or on duty again.
        return Ok(draft::unchanged_ticket(ticket));
    };
    let mut draft = Draft::of(given, ticket);
    let expert = given.directory().people.get(&old.expert).map_or_else(|| old.expert.to_string(), |expert| expert.handle.clone());
    match due {
        Due::NoAnswer => pass_on(given, &mut draft, old, DeskLine::NoAnswer { expert }),
        Due::OffDuty => pass_on(given, &mut draft, old, DeskLine::WentOffDuty { expert }),
        Due::Gone => end(given, &mut draft, old, DeskLine::ExpertGone { expert }),
        Due::Beyond => relieve(given, &mut draft, old, expert),
    }
    draft.done()
}

fn pass_on(given: Given<'_>, draft: &mut Draft<'_>, old: &Escalation, said: DeskLine) {
    let row = Escalation {
        version: old.version + 1,
        state: EscalationState::Unanswered,
        accept_by: None,
        ended_at: Some(given.now()),
        ..old.clone()
    };
    draft.put(Change::Put(Row::Escalation(row)));
    draft.tell("escalation", "unanswered");
    draft.append_system(said);
    step_out(draft, old.expert);
    invite::next_or_lead(given, draft, old);
}

/// Nobody is left to give a verdict.
fn end(given: Given<'_>, draft: &mut Draft<'_>, old: &Escalation, said: DeskLine) {
    let row = Escalation { version: old.version + 1, state: EscalationState::Left, ended_at: Some(given.now()), ..old.clone() };
    draft.put(Change::Put(Row::Escalation(row)));
    draft.tell("escalation", "left");
    draft.append_system(said);
    tell_concerned(given, draft, old);
    step_out(draft, old.expert);
    // A relief may be on the way since their last shift.
    let relieved = find::chain(&given.facts.escalations, old.id).into_iter().any(|call| call.id != old.id && call.state.is_open());
    if !relieved {
        invite::next_or_lead(given, draft, old);
    }
}

/// Once for a call, however long it lasts.
fn relieve(given: Given<'_>, draft: &mut Draft<'_>, old: &Escalation, expert: String) {
    let row = Escalation { version: old.version + 1, off_duty_at: Some(given.now()), ..old.clone() };
    draft.put(Change::Put(Row::Escalation(row)));
    draft.tell("escalation", "off_duty");
    draft.append_system(DeskLine::ShiftOver { expert });
    tell_concerned(given, draft, old);
    if invite::next(given, draft, old).is_none() {
        draft.tell("relief", "nobody_on_duty");
    }
}

/// Who asked, who has the ticket, and whoever leads.
fn tell_concerned(given: Given<'_>, draft: &mut Draft<'_>, call: &Escalation) {
    let leads = invite::leads(given, &draft.ticket, call.tier);
    for person in [Some(call.asked_by), draft.ticket.assignee].into_iter().flatten().chain(leads) {
        if person != call.expert {
            draft.notify(person, NoticeKind::ExpertOffDuty { expert: call.expert });
        }
    }
}
