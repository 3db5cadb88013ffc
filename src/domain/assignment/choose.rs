//! Who gets a ticket: the best of the eligible by the queue's strategy. The whole comparison is kept.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::eligible::exclusion;
use super::strategy::{self, About};
use super::{Candidate, Decision, Exclusion};
use crate::domain::Timestamp;
use crate::domain::access;
use crate::domain::directory::Directory;
use crate::domain::id::{DecisionId, PersonId};
use crate::domain::person::{AgentState, Person};
use crate::domain::queue::{Queue, Strategy};
use crate::domain::roster::duty::DutyIndex;
use crate::domain::ticket::{Ticket, WaitReason};

/// What is decided, and from what.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub queue: &'a Queue,
    pub ticket: &'a Ticket,
    pub directory: &'a Directory,
    pub duty: &'a DutyIndex,
    pub states: &'a HashMap<PersonId, AgentState>,
    /// Who last served the requester, for `sticky`.
    pub last_served: Option<PersonId>,
    pub now: Timestamp,
}

/// Decides who of the queue's people gets the ticket. Where everybody eligible gave it back before, they are asked again:
/// a ticket never waits for people who said no while nobody else can take it.
#[must_use]
pub fn choose(id: DecisionId, asked: Asked<'_>) -> Decision {
    if asked.queue.strategy == Strategy::Manual {
        return decision(id, asked, Vec::new());
    }
    decision(id, asked, ranked(asked))
}

/// Who would get the ticket now; for a manual queue, who is least loaded, and nobody chosen.
#[must_use]
pub fn preview(asked: Asked<'_>) -> Decision {
    decision(DecisionId::default(), asked, ranked(asked))
}

fn decision(id: DecisionId, asked: Asked<'_>, candidates: Vec<Candidate>) -> Decision {
    let manual = asked.queue.strategy == Strategy::Manual;
    let chosen = candidates.first().filter(|first| first.excluded.is_none() && !manual).map(|first| first.person);
    let waits = match chosen {
        Some(_) => None,
        None if manual => Some(WaitReason::Manual),
        None => Some(waits(&candidates)),
    };
    Decision { id, ticket: asked.ticket.number, at: asked.now, strategy: asked.queue.strategy, candidates, chosen, waits }
}

/// All candidates, best first.
fn ranked(asked: Asked<'_>) -> Vec<Candidate> {
    let mut found = candidates(asked, false);
    let mut declined = false;
    for (_, candidate) in &found {
        match candidate.excluded {
            None => return sorted(found),
            Some(Exclusion::DeclinedBefore) => declined = true,
            Some(_) => {}
        }
    }
    if declined {
        found = candidates(asked, true);
    }
    sorted(found)
}

/// `again`: who declined is asked once more.
fn candidates(asked: Asked<'_>, again: bool) -> Vec<(&Person, Candidate)> {
    let (queue, tier) = (asked.queue.id, asked.ticket.tier);
    let on_duty = asked.duty.on_duty(queue, tier);
    let people =
        asked.duty.members(queue, tier).iter().filter_map(|id| asked.directory.people.get(id)).filter(|person| access::may_work(person));
    people.map(|person| (person, candidate(asked, person, on_duty.binary_search(&person.id).is_ok(), again))).collect()
}

fn candidate(asked: Asked<'_>, person: &Person, on_duty: bool, again: bool) -> Candidate {
    let unseen;
    let state = match asked.states.get(&person.id) {
        Some(state) => state,
        None => {
            unseen = AgentState::unseen(person.id, asked.now);
            &unseen
        }
    };
    let excluded = exclusion(person, state, on_duty, asked.queue, asked.ticket);
    let excluded = excluded.filter(|why| !again || *why != Exclusion::DeclinedBefore);
    let about = About { person, state, queue: asked.queue, ticket: asked.ticket, last_served: asked.last_served };
    let (load, score) = match excluded {
        None => (Some(about.load()), strategy::score(about)),
        Some(_) => (None, Vec::new()),
    };
    Candidate {
        person: person.id,
        load,
        open: state.open_tickets,
        capacity: person.capacity,
        last_assigned_at: state.last_assigned_at,
        score,
        excluded,
    }
}

/// Eligible before excluded; among the eligible by score, then by handle.
fn sorted(mut found: Vec<(&Person, Candidate)>) -> Vec<Candidate> {
    found.sort_by(|(a, x), (b, y)| match (&x.excluded, &y.excluded) {
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        _ => strategy::compare(&x.score, &y.score).then_with(|| a.handle.cmp(&b.handle)),
    });
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// Why nobody was chosen: how far the closest candidate got.
fn waits(candidates: &[Candidate]) -> WaitReason {
    let step = |candidate: &Candidate| match candidate.excluded {
        Some(Exclusion::OffDuty) => 0,
        Some(Exclusion::NotPresent) => 1,
        Some(Exclusion::LacksSkill { .. } | Exclusion::LacksLanguage { .. }) => 2,
        Some(Exclusion::AtCapacity { .. } | Exclusion::AtQueueCap { .. } | Exclusion::DeclinedBefore) | None => 3,
    };
    match candidates.iter().map(step).max() {
        None | Some(0) => WaitReason::NobodyOnDuty,
        Some(1) => WaitReason::NobodyPresent,
        Some(2) => WaitReason::NobodySkilled,
        Some(_) => WaitReason::AllAtCapacity,
    }
}
