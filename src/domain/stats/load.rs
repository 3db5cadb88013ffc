//! Who carries how much: weighted work against capacity, on duty or not.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::directory::Directory;
use crate::domain::id::{PersonId, QueueId};
use crate::domain::person::{AgentState, Person, Presence, Role};

/// One person's work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PersonLoad {
    pub person: PersonId,
    pub on_duty: bool,
    pub presence: Presence,
    /// New and open tickets they hold.
    pub open: u32,
    /// How many of those they are meant to hold at most.
    pub capacity: u32,
    /// Weight of all unsolved tickets they hold, in hundredths of an open one of normal priority.
    pub load: i64,
}

impl PersonLoad {
    /// Weighted load as percent of capacity; somebody without capacity is full.
    #[must_use]
    pub fn percent(&self) -> u32 {
        u32::try_from(self.load.max(0).checked_div(i64::from(self.capacity)).unwrap_or(100)).unwrap_or(u32::MAX)
    }
}

/// Those who work in `queues` (in any when absent), the most loaded first; who is neither on duty nor holds anything is left out.
#[must_use]
pub fn people(
    directory: &Directory,
    states: &HashMap<PersonId, &AgentState>,
    queues: Option<&[QueueId]>,
    on_duty: impl Fn(PersonId) -> bool,
) -> Vec<PersonLoad> {
    let works = |person: &&Person| {
        let here = queues.is_none_or(|queues| {
            person.queues.iter().any(|queue| queues.contains(queue))
                || states.get(&person.id).is_some_and(|state| state.queues.keys().any(|queue| queues.contains(queue)))
        });
        person.active && here && person.role != Role::Viewer
    };
    let of = |person: &Person| {
        let state = states.get(&person.id);
        PersonLoad {
            person: person.id,
            on_duty: on_duty(person.id),
            presence: state.map_or(Presence::Offline, |state| state.presence),
            open: state.map_or(0, |state| state.open_tickets),
            capacity: person.capacity,
            load: state.map_or(0, |state| state.load),
        }
    };
    let mut people: Vec<PersonLoad> = directory.people.values().filter(works).map(of).filter(|one| one.on_duty || one.open > 0).collect();
    let name = |id: PersonId| directory.people.get(&id).map(|person| person.name.as_str());
    people.sort_by(|a, b| (b.percent(), b.on_duty).cmp(&(a.percent(), a.on_duty)).then_with(|| name(a.person).cmp(&name(b.person))));
    people
}
