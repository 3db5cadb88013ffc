//! Whether a person can take work now, as they say themselves.

use super::{AgentState, Presence};
use crate::domain::Refusal;
use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::id::PersonId;
use crate::domain::row::Row;

/// # Errors
/// When no person acts.
pub fn set_presence(given: Given<'_>, presence: Presence) -> Result<Outcome, Refusal> {
    let person = given.person()?;
    let old = given.facts.agent_states.get(&person.id).cloned().unwrap_or_else(|| AgentState::unseen(person.id, given.now()));
    if old.presence == presence && !old.timed_out {
        return Ok(draft::unchanged());
    }
    let new = AgentState { presence, since: given.now(), version: old.version + 1, timed_out: false, ..old.clone() };
    Ok(draft::put_row(given, Some(&old), &new, Change::Put(Row::AgentState(new.clone()))))
}

/// The desk sets somebody away whose console is gone, until they say otherwise.
///
/// # Errors
/// When a person asks for it.
pub fn time_out(given: Given<'_>, person: PersonId) -> Result<Outcome, Refusal> {
    given.desk()?;
    let Some(old) = given.facts.agent_states.get(&person).filter(|old| matches!(old.presence, Presence::Available | Presence::Busy)) else {
        return Ok(draft::unchanged());
    };
    let new = AgentState { presence: Presence::Away, since: given.now(), version: old.version + 1, timed_out: true, ..old.clone() };
    Ok(draft::put_row(given, Some(old), &new, Change::Put(Row::AgentState(new.clone()))))
}
