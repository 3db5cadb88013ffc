//! Who can be given a ticket at all, and the first reason why not: duty, presence, skills, language, capacity, the queue's
//! cap, and last whether they gave it back before.

use std::collections::HashMap;

use super::Exclusion;
use crate::domain::access;
use crate::domain::directory::Directory;
use crate::domain::id::PersonId;
use crate::domain::person::{AgentState, Person, Presence};
use crate::domain::queue::Queue;
use crate::domain::roster::duty::DutyIndex;
use crate::domain::ticket::Ticket;

/// Whether a person answers in the ticket's language; those who name none answer in any.
#[must_use]
pub fn speaks(person: &Person, language: Option<&str>) -> bool {
    let main = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    language.is_none_or(|wanted| person.languages.is_empty() || person.languages.iter().any(|tag| main(tag) == main(wanted)))
}

/// Why somebody cannot work tickets of the queue now, whatever the ticket.
#[must_use]
pub fn absence(person: &Person, state: &AgentState, on_duty: bool, queue: &Queue) -> Option<Exclusion> {
    if !on_duty {
        return Some(Exclusion::OffDuty);
    }
    if state.presence != Presence::Available {
        return Some(Exclusion::NotPresent);
    }
    let lacks = queue.skills.iter().find(|skill| !person.skills.iter().any(|has| has.name == **skill));
    lacks.map(|skill| Exclusion::LacksSkill { skill: skill.clone() })
}

/// Why somebody cannot take one more ticket of the queue.
#[must_use]
pub fn fullness(person: &Person, state: &AgentState, queue: &Queue) -> Option<Exclusion> {
    let (open, capacity) = (state.open_tickets, person.capacity);
    if open >= capacity {
        return Some(Exclusion::AtCapacity { open, capacity });
    }
    let open = state.queues.get(&queue.id).map_or(0, |queue| queue.open);
    queue.cap.filter(|cap| open >= *cap).map(|cap| Exclusion::AtQueueCap { open, cap })
}

/// The first reason why somebody cannot be given the ticket.
#[must_use]
pub fn exclusion(person: &Person, state: &AgentState, on_duty: bool, queue: &Queue, ticket: &Ticket) -> Option<Exclusion> {
    absence(person, state, on_duty, queue)
        .or_else(|| {
            let language = ticket.language.as_deref().filter(|_| queue.language_required);
            language.filter(|_| !speaks(person, language)).map(|language| Exclusion::LacksLanguage { language: language.to_owned() })
        })
        .or_else(|| fullness(person, state, queue))
        .or_else(|| ticket.declined.contains(&person.id).then_some(Exclusion::DeclinedBefore))
}

/// Who is on duty for the queue at a tier and known to be able to work, with their states.
fn there<'a>(
    queue: &Queue,
    tier: u8,
    directory: &'a Directory,
    duty: &'a DutyIndex,
    states: &'a HashMap<PersonId, AgentState>,
) -> impl Iterator<Item = (&'a Person, &'a AgentState)> {
    let people = duty.on_duty(queue.id, tier).iter().filter_map(|id| directory.people.get(id)).filter(|person| access::may_work(person));
    people.filter_map(|person| Some((person, states.get(&person.id)?)))
}

/// How many more tickets of the queue at a tier its people can take now.
#[must_use]
pub fn room(queue: &Queue, tier: u8, directory: &Directory, duty: &DutyIndex, states: &HashMap<PersonId, AgentState>) -> u32 {
    there(queue, tier, directory, duty, states)
        .filter_map(|(person, state)| {
            let free = absence(person, state, true, queue).or_else(|| fullness(person, state, queue)).is_none();
            let in_queue = state.queues.get(&queue.id).map_or(0, |queue| queue.open);
            let left = person.capacity.saturating_sub(state.open_tickets);
            free.then(|| queue.cap.map_or(left, |cap| left.min(cap.saturating_sub(in_queue))))
        })
        .fold(0, u32::saturating_add)
}

/// Whether somebody can take the ticket now; who gave it back before is asked again where nobody else is left.
#[must_use]
pub fn takeable(queue: &Queue, ticket: &Ticket, directory: &Directory, duty: &DutyIndex, states: &HashMap<PersonId, AgentState>) -> bool {
    there(queue, ticket.tier, directory, duty, states).any(|(person, state)| {
        let why = exclusion(person, state, true, queue, ticket);
        why.is_none_or(|why| why == Exclusion::DeclinedBefore)
    })
}
