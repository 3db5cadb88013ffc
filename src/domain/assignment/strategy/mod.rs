//! What each strategy compares, as parts in the order of comparison; [`compare`] is the same for all.
//!
//! A strategy is one file with one function: from a candidate to parts. It excludes nobody (that is
//! [`eligible`](super::eligible)) and decides nothing (that is [`choose`](super::choose)).

mod least_loaded;
mod round_robin;
mod skill_first;
mod sticky;

use std::cmp::Ordering;

use super::ScorePart;
use super::eligible::speaks;
use crate::domain::Timestamp;
use crate::domain::id::PersonId;
use crate::domain::person::{AgentState, Person};
use crate::domain::queue::{Queue, Strategy};
use crate::domain::ticket::Ticket;

/// An eligible person, and what they are compared for.
#[derive(Clone, Copy)]
pub struct About<'a> {
    pub person: &'a Person,
    pub state: &'a AgentState,
    pub queue: &'a Queue,
    pub ticket: &'a Ticket,
    pub last_served: Option<PersonId>,
}

impl About<'_> {
    /// Weighted load against capacity, 0 and up.
    #[must_use]
    pub fn load(&self) -> f64 {
        load(self.person, self.state)
    }

    fn least_loaded(&self) -> [ScorePart; 2] {
        [ScorePart::Load { load: self.load() }, ScorePart::LastAssigned { at: self.state.last_assigned_at }]
    }

    /// Said only where the ticket has a language.
    fn language(&self) -> Option<ScorePart> {
        let language = self.ticket.language.as_deref();
        language.map(|_| ScorePart::Language { speaks: speaks(self.person, language) })
    }
}

/// Weighted load against capacity, 0 and up: 1 is as many open tickets of normal priority as they can hold.
#[must_use]
pub fn load(person: &Person, state: &AgentState) -> f64 {
    let load = f64::from(u32::try_from(state.load.max(0)).unwrap_or(u32::MAX));
    load / (f64::from(person.capacity.max(1)) * 100.0)
}

/// The parts of a candidate's score in the queue's strategy. A manual queue is shown as the least loaded would be.
#[must_use]
pub fn score(about: About<'_>) -> Vec<ScorePart> {
    match about.queue.strategy {
        Strategy::LeastLoaded | Strategy::Manual => least_loaded::score(about),
        Strategy::RoundRobin => round_robin::score(about),
        Strategy::SkillFirst => skill_first::score(about),
        Strategy::Sticky => sticky::score(about),
    }
}

/// Better before worse, part by part.
#[must_use]
pub fn compare(a: &[ScorePart], b: &[ScorePart]) -> Ordering {
    a.iter().zip(b).map(|(a, b)| compare_part(*a, *b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

fn compare_part(a: ScorePart, b: ScorePart) -> Ordering {
    match (a, b) {
        (ScorePart::Sticky { served: a }, ScorePart::Sticky { served: b }) => b.cmp(&a),
        (ScorePart::Language { speaks: a }, ScorePart::Language { speaks: b }) => b.cmp(&a),
        (ScorePart::Skill { levels: a }, ScorePart::Skill { levels: b }) => b.cmp(&a),
        (ScorePart::Load { load: a }, ScorePart::Load { load: b }) => a.total_cmp(&b),
        (ScorePart::LastAssigned { at: a }, ScorePart::LastAssigned { at: b }) => waited(a).cmp(&waited(b)),
        // One strategy gives the same parts to all.
        _ => Ordering::Equal,
    }
}

/// Never is before long ago.
fn waited(at: Option<Timestamp>) -> Timestamp {
    at.unwrap_or(Timestamp::MIN_UTC)
}
