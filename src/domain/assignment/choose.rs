//! Who gets a ticket: the least loaded of the eligible, ties to who waited longest. The whole comparison is kept.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Candidate, Decision, Exclusion};
use crate::domain::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::id::{DecisionId, PersonId, QueueId};
use crate::domain::person::{AgentState, Person, Presence};
use crate::domain::queue::{Queue, Strategy};
use crate::domain::roster::pattern;
use crate::domain::ticket::{Ticket, WaitReason};

/// A candidate with what decides between equals.
struct Weighed<'a> {
    candidate: Candidate,
    person: &'a Person,
    speaks: bool,
}

/// Whether a person answers in the ticket's language; those who name none answer in any.
#[must_use]
pub fn speaks(person: &Person, language: Option<&str>) -> bool {
    let main = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    language.is_none_or(|wanted| person.languages.is_empty() || person.languages.iter().any(|tag| main(tag) == main(wanted)))
}

fn exclusion(person: &Person, state: Option<&AgentState>, on_duty: bool, queue: &Queue) -> Option<Exclusion> {
    if !on_duty {
        return Some(Exclusion::OffDuty);
    }
    if state.is_none_or(|state| state.presence != Presence::Available) {
        return Some(Exclusion::NotPresent);
    }
    if let Some(skill) = queue.skills.iter().find(|skill| !person.skills.iter().any(|has| has.name == **skill)) {
        return Some(Exclusion::LacksSkill { skill: skill.clone() });
    }
    let (open, capacity) = (state.map_or(0, |state| state.open_tickets), person.capacity);
    (open >= capacity).then_some(Exclusion::AtCapacity { open, capacity })
}

/// How many more tickets of `queue` at `tier` its eligible people can take now.
#[must_use]
pub fn room(queue: &Queue, tier: u8, directory: &Directory, states: &HashMap<PersonId, AgentState>, now: Timestamp) -> u32 {
    let (_, on_duty) = people(queue.id, tier, directory, now);
    let eligible = on_duty.iter().filter_map(|id| directory.people.get(id)).filter(|person| person.active);
    let free = eligible.filter(|person| exclusion(person, states.get(&person.id), true, queue).is_none());
    free.map(|person| person.capacity - states.get(&person.id).map_or(0, |state| state.open_tickets)).sum()
}

/// Eligible before excluded; among the eligible those who speak the language, then the least loaded, then who waited longest.
fn order(a: &Weighed<'_>, b: &Weighed<'_>) -> Ordering {
    let rank = |weighed: &Weighed<'_>| (weighed.candidate.excluded.is_some(), !weighed.speaks);
    rank(a)
        .cmp(&rank(b))
        .then_with(|| a.candidate.load.unwrap_or(f64::MAX).total_cmp(&b.candidate.load.unwrap_or(f64::MAX)))
        .then_with(|| a.candidate.last_assigned_at.cmp(&b.candidate.last_assigned_at))
        .then_with(|| a.person.handle.cmp(&b.person.handle))
}

/// Why nobody was chosen: how far the closest candidate got.
fn waits(weighed: &[Weighed<'_>]) -> WaitReason {
    let step = |weighed: &Weighed<'_>| match weighed.candidate.excluded {
        Some(Exclusion::OffDuty) => 0,
        Some(Exclusion::NotPresent) => 1,
        Some(Exclusion::LacksSkill { .. } | Exclusion::LacksLanguage { .. }) => 2,
        Some(Exclusion::AtCapacity { .. } | Exclusion::AtQueueCap { .. } | Exclusion::DeclinedBefore) | None => 3,
    };
    match weighed.iter().map(step).max() {
        None | Some(0) => WaitReason::NobodyOnDuty,
        Some(1) => WaitReason::NobodyPresent,
        Some(2) => WaitReason::NobodySkilled,
        Some(_) => WaitReason::AllAtCapacity,
    }
}

/// The members of the queue's rotas at a tier, those who stand in there now, and who of them is on duty.
fn people(queue: QueueId, tier: u8, directory: &Directory, now: Timestamp) -> (BTreeSet<PersonId>, HashSet<PersonId>) {
    let (mut all, mut on_duty) = (BTreeSet::new(), HashSet::new());
    let serves = |rota: &&crate::domain::roster::Rota| rota.active && rota.tier == tier && rota.queues.contains(&queue);
    for rota in directory.rotas.values().filter(serves) {
        all.extend(rota.members.iter().map(|member| member.person));
        on_duty.extend(pattern::on_duty_in(directory, rota, now).into_iter().map(|shift| shift.person));
    }
    all.extend(on_duty.iter().copied());
    (all, on_duty)
}

/// Decides who of the queue's people gets the ticket at `now`.
#[must_use]
pub fn choose(
    id: DecisionId,
    queue: &Queue,
    ticket: &Ticket,
    directory: &Directory,
    states: &HashMap<PersonId, AgentState>,
    now: Timestamp,
) -> Decision {
    let decision = Decision {
        id,
        ticket: ticket.number,
        at: now,
        strategy: queue.strategy,
        candidates: Vec::new(),
        chosen: None,
        waits: Some(WaitReason::Manual),
    };
    if queue.strategy == Strategy::Manual {
        return decision;
    }
    let (all, on_duty) = people(queue.id, ticket.tier, directory, now);
    let known = all.into_iter().filter_map(|id| directory.people.get(&id)).filter(|person| crate::domain::access::may_work(person));
    let mut weighed: Vec<Weighed<'_>> = known
        .map(|person| {
            let state = states.get(&person.id);
            let excluded = exclusion(person, state, on_duty.contains(&person.id), queue);
            let open = state.map_or(0, |state| state.open_tickets);
            let load = excluded.is_none().then(|| f64::from(open) / f64::from(person.capacity));
            let last_assigned_at = state.and_then(|state| state.last_assigned_at);
            let candidate =
                Candidate { score: Vec::new(), person: person.id, load, open, capacity: person.capacity, last_assigned_at, excluded };
            Weighed { candidate, person, speaks: speaks(person, ticket.language.as_deref()) }
        })
        .collect();
    weighed.sort_by(order);
    let chosen = weighed.first().filter(|first| first.candidate.excluded.is_none()).map(|first| first.person.id);
    let waits = if chosen.is_none() { Some(waits(&weighed)) } else { None };
    let candidates = weighed.into_iter().map(|weighed| weighed.candidate).collect();
    Decision { candidates, chosen, waits, ..decision }
}
