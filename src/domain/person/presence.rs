//! Whether a person can take work now: as they say themselves, or as the desk finds when they are gone.
//!
//! The desk sets people away for two causes. Their console is gone: they are available again when it is back. They let
//! [`MISSED_MAX`] tickets in a row pass without accepting one: only their own word makes them available again.

use super::{AgentState, Presence};
use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::id::PersonId;
use crate::domain::notice::{Notice, NoticeKind};
use crate::domain::row::Row;
use crate::domain::{Refusal, Timestamp};

/// Tickets in a row that somebody may leave unaccepted.
pub const MISSED_MAX: u32 = 2;

/// Whether the person counts as there.
#[must_use]
pub fn is_there(state: &AgentState) -> bool {
    matches!(state.presence, Presence::Available | Presence::Busy)
}

/// Set away because their console was gone: they are back as soon as it is.
#[must_use]
pub fn returns_with_console(state: &AgentState) -> bool {
    state.timed_out && state.presence == Presence::Away && state.missed < MISSED_MAX
}

/// One more ticket was not accepted in time. Returns whether that sets them away.
pub fn miss(state: &mut AgentState, now: Timestamp) -> bool {
    state.missed += 1;
    if state.missed < MISSED_MAX || !is_there(state) {
        return false;
    }
    state.presence = Presence::Away;
    state.since = now;
    state.timed_out = true;
    true
}

/// # Errors
/// When no person acts.
pub fn set_presence(given: Given<'_>, presence: Presence) -> Result<Outcome, Refusal> {
    let person = given.person()?;
    let old = given.facts.agent_states.get(&person.id).cloned().unwrap_or_else(|| AgentState::unseen(person.id, given.now()));
    if old.presence == presence && !old.timed_out {
        return Ok(draft::unchanged());
    }
    // Their own word starts the count of missed tickets anew.
    let missed = if old.timed_out { 0 } else { old.missed };
    let new = AgentState { presence, since: given.now(), version: old.version + 1, timed_out: false, missed, ..old.clone() };
    Ok(draft::put_row(given, Some(&old), &new, Change::Put(Row::AgentState(new.clone()))))
}

/// The desk sets somebody away whose console is gone, and tells them for when they are back.
///
/// # Errors
/// When a person asks for it.
pub fn time_out(given: Given<'_>, person: PersonId) -> Result<Outcome, Refusal> {
    given.desk()?;
    let Some(old) = given.facts.agent_states.get(&person).filter(|old| is_there(old)) else {
        return Ok(draft::unchanged());
    };
    let new = AgentState {
        presence: Presence::Away,
        since: given.now(),
        version: old.version + 1,
        timed_out: true,
        // Below the most, so that the cause stays told apart.
        missed: old.missed.min(MISSED_MAX - 1),
        ..old.clone()
    };
    let mut outcome = draft::put_row(given, Some(old), &new, Change::Put(Row::AgentState(new.clone())));
    if given.directory().people.get(&person).is_some_and(|person| person.active) {
        let (id, at) = (given.fresh(), given.now());
        let notice = Notice { id, version: 1, person, kind: NoticeKind::SetAway, ticket: None, conversation: None, at, read: false };
        outcome.changes.push(Change::Put(Row::Notice(notice)));
    }
    Ok(outcome)
}
