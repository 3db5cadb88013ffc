//! How much work people hold, derived from what happened to one ticket. The only place that counts.

use super::accept;
use super::{AssignmentReason, EndReason};
use crate::domain::Timestamp;
use crate::domain::command::Facts;
use crate::domain::id::{PersonId, QueueId};
use crate::domain::person::{AgentState, presence};
use crate::domain::ticket::{Priority, Status, Ticket};

/// What a ticket adds to its assignee's work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Share {
    person: PersonId,
    queue: QueueId,
    /// 1 while it takes capacity.
    open: u32,
    weight: i64,
}

/// The weight of a ticket in hundredths of an open one of normal priority. What waits for others counts a fifth.
#[must_use]
pub fn weight(ticket: &Ticket) -> i64 {
    let full = match ticket.priority {
        Priority::Urgent => 300,
        Priority::High => 200,
        Priority::Normal => 100,
        Priority::Low => 50,
    };
    match ticket.status {
        Status::New | Status::Open => full,
        Status::Pending | Status::OnHold => full / 5,
        Status::Solved | Status::Closed => 0,
    }
}

fn share(ticket: &Ticket) -> Option<Share> {
    let person = ticket.assignee.filter(|_| ticket.status.is_unsolved())?;
    Some(Share { person, queue: ticket.queue, open: u32::from(ticket.status.is_active()), weight: weight(ticket) })
}

/// Whose capacity the ticket takes.
#[must_use]
pub fn holder(ticket: &Ticket) -> Option<PersonId> {
    ticket.assignee.filter(|_| ticket.status.is_active())
}

fn take(state: &mut AgentState, share: Share) {
    state.open_tickets = state.open_tickets.saturating_sub(share.open);
    state.load = (state.load - share.weight).max(0);
    if let Some(queue) = state.queues.get_mut(&share.queue) {
        queue.open = queue.open.saturating_sub(share.open);
        if queue.open == 0 && queue.last_assigned_at.is_none() {
            state.queues.remove(&share.queue);
        }
    }
}

fn give(state: &mut AgentState, share: Share) {
    state.open_tickets += share.open;
    state.load += share.weight;
    if share.open > 0 {
        state.queues.entry(share.queue).or_default().open += share.open;
    }
}

/// What happened beside the rows themselves.
#[derive(Clone, Copy, Debug)]
pub struct Happened {
    pub assigned: AssignmentReason,
    /// The desk ran the assignment rule for it.
    pub decided: bool,
    /// Why the ticket went back from its assignee, when it did.
    pub returned: Option<EndReason>,
}

impl Happened {
    /// The desk chose the new assignee, who from now on has waited the shortest.
    fn automatic(self) -> bool {
        self.decided && matches!(self.assigned, AssignmentReason::Automatic | AssignmentReason::Relief)
    }
}

/// The agent states that change when `before` becomes `after`, with raised versions.
#[must_use]
pub fn agent_states(before: Option<&Ticket>, after: &Ticket, facts: &Facts, now: Timestamp, happened: Happened) -> Vec<AgentState> {
    let (old, new) = (before.and_then(share), share(after));
    let mut people: Vec<PersonId> = [old, new].into_iter().flatten().map(|share| share.person).collect();
    people.dedup();
    let of = |share: Option<Share>, person: PersonId| share.filter(|share| share.person == person);
    let change = |person: PersonId| {
        let standing = facts.agent_states.get(&person).cloned().unwrap_or_else(|| AgentState::unseen(person, now));
        let mut state = standing.clone();
        if let Some(share) = of(old, person).filter(|share| Some(*share) != new) {
            take(&mut state, share);
        }
        if let Some(share) = of(new, person) {
            if old != new {
                give(&mut state, share);
            }
            if happened.automatic() && of(old, person).is_none() {
                state.last_assigned_at = Some(now);
                state.queues.entry(share.queue).or_default().last_assigned_at = Some(now);
            }
        } else if let Some(reason) = happened.returned {
            *state.returned.entry(reason).or_default() += 1;
            if reason == EndReason::NotAccepted {
                presence::miss(&mut state, now);
            }
        }
        if after.assignee == Some(person) && accept::accepted(before, after) {
            state.missed = 0;
        }
        (state != standing).then(|| AgentState { version: standing.version + 1, ..state })
    };
    people.into_iter().filter_map(change).collect()
}
