//! The people on duty, in groups: derived from the directory, held as ids.

use std::collections::BTreeMap;

use crate::console::pane::Context;
use crate::console::panes::duty;
use crate::domain::Timestamp;
use crate::domain::id::{PersonId, QueueId};
use crate::domain::roster::Shift;

/// What people are grouped by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grouping {
    #[default]
    Queue,
    Tier,
}

/// A heading of the roll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    Queue(QueueId),
    Tier(u8),
}

/// One line of the roll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// With how many people.
    Heading(Group, usize),
    /// Nobody is on duty for this queue at this tier.
    Nobody(QueueId, u8),
    Person {
        group: Group,
        person: PersonId,
        /// When their shift ends; the later where two overlap.
        until: Timestamp,
    },
}

/// The lines for this instant. A queue without anybody at its own tier gets a line that says so, even when other tiers
/// are covered: nobody takes its new tickets.
#[must_use]
pub fn roll(grouping: Grouping, context: &Context<'_>) -> Vec<Row> {
    let shifts = duty::on_duty(context.directory, context.now);
    match grouping {
        Grouping::Queue => by_queue(&shifts, context),
        Grouping::Tier => by_tier(&shifts, context),
    }
}

fn by_queue(shifts: &[Shift], context: &Context<'_>) -> Vec<Row> {
    let directory = context.directory;
    let mut rows = Vec::new();
    for queue in directory.queues_in_order() {
        let serving = |shift: &&Shift| directory.rotas.get(&shift.rota).is_some_and(|rota| rota.queues.contains(&queue.id));
        let covered = shifts.iter().filter(serving).any(|shift| tier_of(shift, context) == Some(queue.tier));
        let people = people(shifts.iter().filter(serving), Group::Queue(queue.id), context);
        rows.push(Row::Heading(Group::Queue(queue.id), people.len()));
        if !covered {
            rows.push(Row::Nobody(queue.id, queue.tier));
        }
        rows.extend(people);
    }
    rows
}

fn by_tier(shifts: &[Shift], context: &Context<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    for tier in 1..=3 {
        let group = Group::Tier(tier);
        let people = people(shifts.iter().filter(|shift| tier_of(shift, context) == Some(tier)), group, context);
        rows.push(Row::Heading(group, people.len()));
        rows.extend(people);
    }
    rows
}

fn tier_of(shift: &Shift, context: &Context<'_>) -> Option<u8> {
    context.directory.rotas.get(&shift.rota).map(|rota| rota.tier)
}

/// One line a person, by tier and name.
fn people<'a>(shifts: impl Iterator<Item = &'a Shift>, group: Group, context: &Context<'_>) -> Vec<Row> {
    let mut until: BTreeMap<PersonId, Timestamp> = BTreeMap::new();
    for shift in shifts {
        let end = until.entry(shift.person).or_insert(shift.to);
        *end = (*end).max(shift.to);
    }
    let mut rows: Vec<_> = until.into_iter().collect();
    rows.sort_by_cached_key(|(id, _)| {
        let person = context.directory.people.get(id);
        (person.map_or(u8::MAX, |person| person.tier), person.map(|person| person.name.clone()), *id)
    });
    rows.into_iter().map(|(person, until)| Row::Person { group, person, until }).collect()
}
