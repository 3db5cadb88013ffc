//! The rule behind `auto_assign`: the desk gives a ticket of the pool to whom [`choose`] names, or says why it waits.

use super::choose::{Asked, choose};
use super::{AssignmentReason, Decision, accept, owners};
use crate::domain::Refusal;
use crate::domain::command::{Change, Draft, Given, Outcome, draft};
use crate::domain::id::PersonId;
use crate::domain::notice::{Notice, NoticeKind};
use crate::domain::queue::Queue;
use crate::domain::row::Row;
use crate::domain::ticket::{Ticket, WaitReason};

/// Asked again and again by the job: nothing is written while the reason to wait stays the same.
///
/// # Errors
/// When a person asks for it, or the ticket does not exist.
pub fn auto_assign(given: Given<'_>) -> Result<Outcome, Refusal> {
    given.desk()?;
    let ticket = given.ticket()?;
    if ticket.assignee.is_some() || !ticket.status.is_active() {
        return Ok(draft::unchanged_ticket(ticket));
    }
    let queue = given.queue(ticket.queue)?;
    let decision = decide(given, queue, ticket);
    let mut draft = Draft::of(given, ticket);
    if let Some(person) = decision.chosen {
        hand_to(given, &mut draft, queue, person, AssignmentReason::Automatic);
        draft.decision = Some(decision.id);
    } else {
        if ticket.waits == decision.waits {
            return Ok(draft::unchanged_ticket(ticket));
        }
        draft.ticket.waits = decision.waits;
        // Waiting for somebody's hand is how a manual queue works, and a backlog brought in by an import is no news:
        // nobody needs to be told.
        if let Some(waits) = decision.waits.filter(|waits| *waits != WaitReason::Manual && ticket.external.is_none()) {
            for person in owners::of_queue(given.directory(), queue, ticket.tier) {
                nobody_eligible(given, &mut draft, person, waits);
            }
        }
    }
    draft.put(Change::PutDecision(decision));
    draft.done()
}

/// One notice for each queue and reason: while it is unread, further tickets only raise its count.
fn nobody_eligible(given: Given<'_>, draft: &mut Draft<'_>, person: PersonId, waits: WaitReason) {
    let (queue, number) = (Some(draft.ticket.queue), draft.ticket.number);
    let same = |notice: &&Notice| {
        notice.person == person
            && !notice.read
            && matches!(notice.kind, NoticeKind::NobodyEligible { waits: other, queue: of, .. } if other == waits && of == queue)
    };
    let Some(old) = given.facts.nobody_notices.iter().find(same) else {
        draft.notify(person, NoticeKind::NobodyEligible { waits, queue, count: 1 });
        return;
    };
    let NoticeKind::NobodyEligible { count, .. } = old.kind else { return };
    let kind = NoticeKind::NobodyEligible { waits, queue, count: count.saturating_add(1) };
    let more = Notice { version: old.version + 1, kind, ticket: Some(number), at: given.now(), ..old.clone() };
    draft.put(Change::Put(Row::Notice(more)));
}

/// Runs the rule for a ticket as the facts have it.
pub(super) fn decide(given: Given<'_>, queue: &Queue, ticket: &Ticket) -> Decision {
    let asked = Asked {
        queue,
        ticket,
        directory: given.directory(),
        duty: &given.duty(),
        states: &given.facts.agent_states,
        last_served: given.facts.last_served,
        now: given.now(),
    };
    choose(given.fresh(), asked)
}

/// Gives the ticket to whom the desk chose. A decliner among the chosen means that everybody said no: the round starts again.
pub(super) fn hand_to(given: Given<'_>, draft: &mut Draft<'_>, queue: &Queue, person: PersonId, reason: AssignmentReason) {
    let ticket = &mut draft.ticket;
    ticket.assignee = Some(person);
    ticket.assigned_at = Some(given.now());
    ticket.accepted_at = None;
    ticket.accept_by = accept::accept_by(queue, given.now());
    ticket.waits = None;
    if ticket.declined.contains(&person) {
        ticket.declined.clear();
    }
    draft.assigned = reason;
    draft.notify(person, NoticeKind::Assigned);
}
