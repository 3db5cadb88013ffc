//! How many open tickets people hold, derived from what happened to one ticket. The only place that counts.

use crate::domain::Timestamp;
use crate::domain::command::Facts;
use crate::domain::id::PersonId;
use crate::domain::person::AgentState;
use crate::domain::ticket::Ticket;

/// Whose capacity the ticket takes.
#[must_use]
pub fn holder(ticket: &Ticket) -> Option<PersonId> {
    ticket.assignee.filter(|_| ticket.status.is_active())
}

/// The agent states that change when `before` becomes `after`. `automatic` says that the desk chose the new
/// assignee, who from now on has waited the shortest.
#[must_use]
pub fn agent_states(before: Option<&Ticket>, after: &Ticket, facts: &Facts, now: Timestamp, automatic: bool) -> Vec<AgentState> {
    let (old, new) = (before.and_then(holder), holder(after));
    let state = |person: PersonId| facts.agent_states.get(&person).cloned().unwrap_or_else(|| AgentState::unseen(person, now));
    let mut states = Vec::new();
    if let Some(person) = old.filter(|_| old != new) {
        let state = state(person);
        states.push(AgentState { version: state.version + 1, open_tickets: state.open_tickets.saturating_sub(1), ..state });
    }
    if let Some(person) = new.filter(|_| old != new) {
        let state = state(person);
        let last_assigned_at = if automatic { Some(now) } else { state.last_assigned_at };
        states.push(AgentState { version: state.version + 1, open_tickets: state.open_tickets + 1, last_assigned_at, ..state });
    }
    states
}
