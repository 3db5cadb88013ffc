//! Whom a call goes to: on duty by the roster, of the tier, with the skill when one is asked for.

use std::cmp::{Ordering, Reverse};

use super::Escalation;
use crate::domain::access;
use crate::domain::command::Given;
use crate::domain::id::{EscalationId, PersonId};
use crate::domain::person::{Person, Presence};
use crate::domain::ticket::Ticket;

/// What is looked for.
pub struct Search<'a> {
    /// The expert's tier, and without a skill also the rota's, is this or above.
    pub tier: u8,
    /// Whoever has it is found in rotas of any tier.
    pub skill: Option<&'a str>,
    /// Never called: who asks, who was asked before.
    pub except: &'a [PersonId],
}

/// Smaller is better. At 03:00 who is there counts before who is best.
pub struct Rank<'a> {
    presence: u8,
    level: Reverse<u8>,
    elsewhere: bool,
    above: u8,
    load: f64,
    handle: &'a str,
}

impl<'a> Rank<'a> {
    /// How good `person` is for a call to `tier`, with this level in the skill that is asked for (0 without one); `elsewhere`: not in
    /// a rota of the ticket's queue. The tier nearest to the one asked for comes first: the highest are called where nobody else
    /// is left. Load is open tickets against capacity.
    #[must_use]
    pub fn new(person: &'a Person, tier: u8, level: u8, elsewhere: bool, presence: Presence, open: u32) -> Self {
        Self {
            presence: absence(presence),
            level: Reverse(level),
            elsewhere,
            above: person.tier.saturating_sub(tier),
            load: f64::from(open) / f64::from(person.capacity.max(1)),
            handle: &person.handle,
        }
    }

    #[must_use]
    pub fn order(&self, other: &Self) -> Ordering {
        let first = |rank: &Self| (rank.presence, rank.level, rank.elsewhere, rank.above);
        let first = first(self).cmp(&first(other));
        first.then(self.load.total_cmp(&other.load)).then_with(|| self.handle.cmp(other.handle))
    }
}

fn absence(presence: Presence) -> u8 {
    match presence {
        Presence::Available => 0,
        Presence::Busy => 1,
        Presence::Away => 2,
        Presence::Offline => 3,
    }
}

/// The person's level in a skill; `None` without it. Case does not matter.
#[must_use]
pub fn level(person: &Person, skill: &str) -> Option<u8> {
    person.skills.iter().find(|has| has.name.eq_ignore_ascii_case(skill)).map(|has| has.level)
}

/// Whether the person is called into the ticket and has neither refused nor left.
#[must_use]
pub fn called(given: Given<'_>, person: PersonId) -> bool {
    given.facts.escalations.iter().any(|call| call.expert == person && call.state.is_open())
}

/// The best expert on duty: who is present first, then the best level in the skill, then those of a rota of the ticket's queue,
/// then the tier nearest to the one asked for, then the least loaded. Nobody who has the ticket or is called into it.
#[must_use]
pub fn best<'a>(given: Given<'a>, ticket: &Ticket, search: &Search<'_>) -> Option<&'a Person> {
    let directory = given.directory();
    let duty = given.duty();
    let mut best: Option<(Rank<'a>, &'a Person)> = None;
    for rota in directory.rotas.values().filter(|rota| rota.active && (search.skill.is_some() || rota.tier >= search.tier)) {
        for person in duty.in_rota(rota.id).iter().filter_map(|id| directory.people.get(id)) {
            let taken = search.except.contains(&person.id) || ticket.assignee == Some(person.id) || called(given, person.id);
            if taken || person.tier < search.tier || !access::may_work(person) {
                continue;
            }
            let level = match search.skill.map(|skill| level(person, skill)) {
                None => 0,
                Some(Some(level)) => level,
                Some(None) => continue,
            };
            let state = given.facts.agent_states.get(&person.id);
            let (presence, open) = state.map_or((Presence::Offline, 0), |state| (state.presence, state.open_tickets));
            let rank = Rank::new(person, search.tier, level, !rota.queues.contains(&ticket.queue), presence, open);
            if best.as_ref().is_none_or(|(known, _)| rank.order(known) == Ordering::Less) {
                best = Some((rank, person));
            }
        }
    }
    best.map(|(_, person)| person)
}

/// The call with all that came of the same asking: each came to nothing, or needed a relief, and the next followed it.
#[must_use]
pub fn chain(calls: &[Escalation], of: EscalationId) -> Vec<&Escalation> {
    let root = root(calls, of);
    calls.iter().filter(|call| self::root(calls, call.id) == root).collect()
}

/// The first call of the chain.
fn root(calls: &[Escalation], of: EscalationId) -> EscalationId {
    let mut first = of;
    // As many steps as there are calls: should they follow each other round, this ends.
    for _ in calls {
        match calls.iter().find(|call| call.id == first).and_then(|call| call.follows) {
            Some(before) => first = before,
            None => break,
        }
    }
    first
}
