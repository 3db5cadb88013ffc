//! The rule behind `return_ticket`: the desk takes a ticket from an assignee who does not or cannot work on it. Each reason
//! is looked at again here: what the job saw may be over.

use super::auto_assign::{decide, hand_to};
use super::{AssignmentReason, EndReason, accept, shift_end};
use crate::domain::command::{Change, Draft, Given, Outcome, draft};
use crate::domain::conversation::DeskLine;
use crate::domain::id::PersonId;
use crate::domain::notice::NoticeKind;
use crate::domain::person::{AgentState, presence};
use crate::domain::queue::{EndOfShift, Queue};
use crate::domain::sla::ClockKind;
use crate::domain::ticket::{Status, Ticket, status};
use crate::domain::{Refusal, access};

/// # Errors
/// When a person asks for it, or the ticket does not exist.
pub fn return_ticket(given: Given<'_>, reason: EndReason) -> Result<Outcome, Refusal> {
    given.desk()?;
    let ticket = given.ticket()?;
    let Some(person) = ticket.assignee.filter(|_| ticket.status.is_active()) else {
        return Ok(draft::unchanged_ticket(ticket));
    };
    let queue = given.queue(ticket.queue)?;
    if !holds(given, queue, ticket, person, reason) {
        return Ok(draft::unchanged_ticket(ticket));
    }
    let mut draft = Draft::of(given, ticket);
    draft.returned = Some(reason);
    status::unassign(&mut draft.ticket);
    match reason {
        EndReason::NotAccepted => {
            accept::decline(&mut draft.ticket, person);
            let state = given.facts.agent_states.get(&person);
            if state.is_some_and(|state| presence::miss(&mut state.clone(), given.now())) {
                draft.notify(person, NoticeKind::SetAway);
            }
        }
        EndReason::EndOfShift => hand_over(given, &mut draft, queue, person),
        _ => {}
    }
    draft.notify(person, NoticeKind::Returned { reason });
    draft.done()
}

/// Whether the reason is true now.
fn holds(given: Given<'_>, queue: &Queue, ticket: &Ticket, person: PersonId, reason: EndReason) -> bool {
    match reason {
        EndReason::NotAccepted => ticket.accepted_at.is_none() && ticket.accept_by.is_some_and(|by| by <= given.now()),
        EndReason::Away => given.facts.agent_states.get(&person).is_some_and(|state| left_behind(ticket, state)),
        EndReason::EndOfShift => shift_end::is_over(given.directory(), &given.duty(), queue, ticket, given.now()),
        EndReason::OwnerOffDuty => !given.duty().is_on_duty(person),
        _ => true,
    }
}

/// Whether a ticket that waits for its first reply lies with somebody set away since they got it. One that was given to them
/// by hand afterwards stays: whoever gave it knows why.
#[must_use]
pub fn left_behind(ticket: &Ticket, state: &AgentState) -> bool {
    state.timed_out && waits_for_first_reply(ticket) && ticket.assigned_at.is_none_or(|at| at <= state.since)
}

/// Whether the requester has had no reply yet.
#[must_use]
pub fn waits_for_first_reply(ticket: &Ticket) -> bool {
    let owed = |clock: &crate::domain::sla::Clock| clock.kind == ClockKind::FirstResponse && clock.stopped_at.is_none();
    ticket.status.is_active() && (ticket.status == Status::New || ticket.clocks.iter().any(owed))
}

/// The relief gets it where the queue says so and somebody is eligible; otherwise the pool. The conversation tells of it.
fn hand_over(given: Given<'_>, draft: &mut Draft<'_>, queue: &Queue, from: PersonId) {
    let handle = |id: PersonId| given.directory().people.get(&id).map_or_else(|| id.to_string(), |person| person.handle.clone());
    let here = given.directory().people.get(&from).is_some_and(access::may_work);
    if queue.end_of_shift == EndOfShift::Relief || !here {
        let decision = decide(given, queue, &draft.ticket);
        if let Some(to) = decision.chosen {
            hand_to(given, draft, queue, to, AssignmentReason::Relief);
            draft.decision = Some(decision.id);
            draft.put(Change::PutDecision(decision));
            return draft.append_system(DeskLine::HandedOver { from: handle(from), to: Some(handle(to)), gone: !here });
        }
    }
    draft.append_system(DeskLine::HandedOver { from: handle(from), to: None, gone: !here });
}
