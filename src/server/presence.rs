//! Whose console is connected: open streams and recent polls, by person. In memory; what a restart forgets is seeded from
//! the stored states, so that somebody whose console never comes back is missed all the same.
//!
//! People without a console are not tracked: programs that work through the API alone are not taken for gone.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::domain::Timestamp;
use crate::domain::id::PersonId;
use crate::domain::person::{AgentState, presence};

#[derive(Clone, Copy)]
struct Seen {
    open: usize,
    last: Timestamp,
}

impl Seen {
    fn is_gone(self, before: Timestamp) -> bool {
        self.open == 0 && self.last <= before
    }
}

#[derive(Default)]
struct Known {
    seen: HashMap<PersonId, Seen>,
    /// Named gone, and not seen since.
    gone: HashSet<PersonId>,
}

/// Connected consoles by person.
#[derive(Clone, Default)]
pub struct Presences(Arc<Mutex<Known>>);

/// One open stream or poll; ends when dropped.
pub struct Connected {
    presences: Presences,
    person: PersonId,
    clock: crate::base::clock::Clock,
}

impl Presences {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().expect("nothing panics while it holds the presences")
    }

    /// After a restart: who is there by their state has until the time-out to show a console.
    pub fn seed(&self, states: &[AgentState], now: Timestamp) {
        let mut known = self.known();
        for state in states {
            if presence::is_there(state) {
                known.seen.entry(state.person).or_insert(Seen { open: 0, last: now });
            } else if state.timed_out {
                known.gone.insert(state.person);
            }
        }
    }

    /// Counts a stream or poll of `person` until the result is dropped.
    #[must_use]
    pub fn connect(&self, person: PersonId, clock: &crate::base::clock::Clock) -> Connected {
        let mut known = self.known();
        known.gone.remove(&person);
        let seen = known.seen.entry(person).or_insert(Seen { open: 0, last: clock.now() });
        seen.open += 1;
        seen.last = clock.now();
        Connected { presences: self.clone(), person, clock: clock.clone() }
    }

    /// The person does something: a sign of life of those who are tracked, or were until they were gone.
    pub fn touch(&self, person: PersonId, now: Timestamp) {
        let mut known = self.known();
        if known.gone.remove(&person) {
            known.seen.insert(person, Seen { open: 0, last: now });
        } else if let Some(seen) = known.seen.get_mut(&person) {
            seen.last = now;
        }
    }

    /// People connected now.
    #[must_use]
    pub fn connected(&self) -> usize {
        self.known().seen.values().filter(|seen| seen.open > 0).count()
    }

    /// People of whom nothing was seen after `before`; each is named until [`settle`](Self::settle) says that it is on record.
    #[must_use]
    pub fn gone(&self, before: Timestamp) -> Vec<PersonId> {
        let known = self.known();
        known.seen.iter().filter(|(_, seen)| seen.is_gone(before)).map(|(person, _)| *person).collect()
    }

    /// That these are gone is on record: they are named no more, unless something was seen of them meanwhile.
    pub fn settle(&self, gone: &[PersonId], before: Timestamp) {
        let mut known = self.known();
        for person in gone {
            if known.seen.get(person).is_some_and(|seen| seen.is_gone(before)) {
                known.seen.remove(person);
                known.gone.insert(*person);
            }
        }
    }

    /// Whether something of the person is seen now, or was after `since`.
    #[must_use]
    pub fn is_back(&self, person: PersonId, since: Timestamp) -> bool {
        self.known().seen.get(&person).is_some_and(|seen| seen.open > 0 || seen.last > since)
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        let now = self.clock.now();
        if let Some(seen) = self.presences.known().seen.get_mut(&self.person) {
            seen.open = seen.open.saturating_sub(1);
            seen.last = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::base::clock::Clock;
    use crate::domain::person::Presence;
    use crate::domain::testing::{at, id};

    #[test]
    fn whoever_is_not_seen_is_named_once_and_is_back_with_a_console_or_an_act() {
        let start = at("2026-03-02T10:00:00Z");
        let (clock, presences, ana) = (Clock::manual(start), Presences::default(), id(1));
        let console = presences.connect(ana, &clock);
        clock.advance(TimeDelta::minutes(10));
        assert!(presences.gone(clock.now()).is_empty(), "an open console is a sign of life");
        drop(console);
        assert!(presences.gone(clock.now() - TimeDelta::seconds(1)).is_empty(), "not gone for long");
        assert_eq!(presences.gone(clock.now()), [ana]);
        assert_eq!(presences.gone(clock.now()), [ana], "until it is on record");
        presences.settle(&[ana], clock.now());
        let since = clock.now();
        assert!(presences.gone(clock.now()).is_empty(), "and then no more");
        assert!(!presences.is_back(ana, since));
        clock.advance(TimeDelta::minutes(1));
        presences.touch(ana, clock.now());
        assert!(presences.is_back(ana, since), "an act is enough");
    }

    #[test]
    fn a_restart_forgets_nobody_and_tracks_nobody_without_a_console() {
        let now = at("2026-03-02T10:00:00Z");
        let presences = Presences::default();
        let state = |n, presence, timed_out| AgentState { presence, timed_out, ..AgentState::unseen(id(n), now) };
        presences.seed(&[state(1, Presence::Busy, false), state(2, Presence::Away, true), state(3, Presence::Away, false)], now);
        presences.touch(id(2), now + TimeDelta::seconds(1));
        presences.touch(id(3), now + TimeDelta::seconds(1));
        presences.touch(id(4), now + TimeDelta::seconds(1));
        assert!(presences.is_back(id(2), now));
        assert!(!presences.is_back(id(3), now) && !presences.is_back(id(4), now));
        assert_eq!(presences.gone(now), [id(1)]);
    }
}
