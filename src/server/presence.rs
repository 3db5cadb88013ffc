//! Whose console is connected: open streams and recent polls, by person. In memory: a restart sees everybody anew.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use crate::domain::Timestamp;
use crate::domain::id::PersonId;

#[derive(Clone, Copy)]
struct Seen {
    open: usize,
    last: Timestamp,
}

/// Connected consoles by person.
#[derive(Clone, Default)]
pub struct Presences(Arc<Mutex<HashMap<PersonId, Seen>>>);

/// One open stream or poll; ends when dropped.
pub struct Connected {
    presences: Presences,
    person: PersonId,
    clock: crate::base::clock::Clock,
}

impl Presences {
    /// Counts a stream or poll of `person` until the result is dropped.
    #[must_use]
    pub fn connect(&self, person: PersonId, clock: &crate::base::clock::Clock) -> Connected {
        let mut seen = self.0.lock().expect("nothing panics while it holds the presences");
        seen.entry(person).or_insert(Seen { open: 0, last: clock.now() }).open += 1;
        Connected { presences: self.clone(), person, clock: clock.clone() }
    }

    /// People connected now.
    #[must_use]
    pub fn connected(&self) -> usize {
        self.0.lock().expect("nothing panics while it holds the presences").values().filter(|seen| seen.open > 0).count()
    }

    /// People whose last console went at or before `before`; each is named once.
    #[must_use]
    pub fn gone(&self, before: Timestamp) -> Vec<PersonId> {
        let mut seen = self.0.lock().expect("nothing panics while it holds the presences");
        let gone: Vec<_> = seen.iter().filter(|(_, seen)| seen.open == 0 && seen.last <= before).map(|(person, _)| *person).collect();
        for person in &gone {
            seen.remove(person);
        }
        gone
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        let now = self.clock.now();
        let mut seen = self.presences.0.lock().expect("nothing panics while it holds the presences");
        if let Some(seen) = seen.get_mut(&self.person) {
            seen.open = seen.open.saturating_sub(1);
            seen.last = now;
        }
    }
}
