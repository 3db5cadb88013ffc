//! Who is on duty over a span in which nobody comes or goes: worked out once, asked for every ticket of that span.

use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;

use crate::domain::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::id::{PersonId, QueueId};
use crate::domain::roster::pattern;

/// How far ahead the end of the span is looked for.
const AHEAD: TimeDelta = TimeDelta::minutes(15);

/// The people behind a queue at a tier.
#[derive(Clone, Debug, Default)]
pub struct Crew {
    /// Members of the rotas, and who stands in there now; by id.
    pub people: Vec<PersonId>,
    pub on_duty: HashSet<PersonId>,
}

/// Everybody on duty from an instant to the next at which that may change.
#[derive(Clone, Debug)]
pub struct OnDuty {
    from: Timestamp,
    until: Timestamp,
    crews: HashMap<(QueueId, u8), Crew>,
    everybody: HashSet<PersonId>,
}

impl OnDuty {
    /// Works it out for `now`.
    #[must_use]
    pub fn at(directory: &Directory, now: Timestamp) -> Self {
        let mut until = now + AHEAD;
        let mut crews: HashMap<(QueueId, u8), Crew> = HashMap::new();
        let mut everybody = HashSet::new();
        for rota in directory.rotas.values() {
            let mut here = HashSet::new();
            for shift in pattern::shifts(directory, rota, now, now + AHEAD) {
                if shift.from > now {
                    until = until.min(shift.from);
                } else {
                    until = until.min(shift.to);
                    here.extend(directory.people.get(&shift.person).filter(|person| person.active).map(|person| person.id));
                }
            }
            everybody.extend(here.iter().copied());
            for queue in rota.queues.iter().filter(|_| rota.active) {
                let crew = crews.entry((*queue, rota.tier)).or_default();
                crew.people.extend(rota.members.iter().map(|member| member.person).chain(here.iter().copied()));
                crew.on_duty.extend(here.iter().copied());
            }
        }
        for crew in crews.values_mut() {
            crew.people.sort_unstable();
            crew.people.dedup();
        }
        Self { from: now, until, crews, everybody }
    }

    /// Whether it still holds at `now`, for the directory it was made of.
    #[must_use]
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.from <= now && now < self.until
    }

    /// The people behind a queue at a tier; absent when no rota serves it.
    #[must_use]
    pub fn crew(&self, queue: QueueId, tier: u8) -> Option<&Crew> {
        self.crews.get(&(queue, tier))
    }

    /// Whether somebody has a shift now, in any rota.
    #[must_use]
    pub fn includes(&self, person: PersonId) -> bool {
        self.everybody.contains(&person)
    }
}
