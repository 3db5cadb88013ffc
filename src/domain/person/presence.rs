//! Whether a person can take work now, as they say themselves.

use super::{AgentState, Presence};
use crate::domain::Refusal;
use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::row::Row;

/// # Errors
/// When no person acts.
pub fn set_presence(given: Given<'_>, presence: Presence) -> Result<Outcome, Refusal> {
    let person = given.person()?;
    let old = given.facts.agent_states.get(&person.id).cloned().unwrap_or_else(|| AgentState::unseen(person.id, given.now()));
    if old.presence == presence {
        return Ok(draft::unchanged());
    }
    let new = AgentState { presence, since: given.now(), version: old.version + 1, ..old.clone() };
    Ok(draft::put_row(given, Some(&old), &new, Change::Put(Row::AgentState(new.clone()))))
}
