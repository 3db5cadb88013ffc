//! Proposals to even out the load of a queue's people. Pure: nothing moves before somebody applies them, each as an
//! assignment by hand against the version the proposal was made of.
//!
//! What is cheapest to move goes first: what its holder has not accepted, then what nobody answered yet, the last given
//! before the first. A ticket whose requester has a reply stays with who wrote it. Nobody is given more than capacity and
//! the queue's cap allow, and moving ends when the loads are close.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::eligible;
use super::load::weight;
use super::return_ticket::waits_for_first_reply;
use super::strategy;
use crate::domain::access;
use crate::domain::directory::Directory;
use crate::domain::id::{PersonId, TicketNumber};
use crate::domain::person::{AgentState, Person};
use crate::domain::queue::Queue;
use crate::domain::roster::duty::DutyIndex;
use crate::domain::ticket::Ticket;

/// Loads that differ by less are even: a tenth of somebody's capacity.
const CLOSE: f64 = 0.1;
/// Moves proposed at once.
const MOVES_MAX: usize = 100;

/// Why a move is proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MoveReason {
    /// Its holder is off duty, away or gone.
    HolderGone,
    /// Its holder has more to do than who would get it.
    EvensLoad,
}

/// A proposal: give `ticket` from one to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Move {
    pub ticket: TicketNumber,
    /// The version it was made of; send it as `base_version` of the assignment.
    pub version: i64,
    pub subject: String,
    pub from: PersonId,
    pub to: PersonId,
    /// Weighted loads against capacity before this move, and after it.
    pub from_load: f64,
    pub from_load_after: f64,
    pub to_load: f64,
    pub to_load_after: f64,
    pub why: MoveReason,
}

/// What a proposal is made of.
#[derive(Clone, Copy)]
pub struct Standing<'a> {
    pub queue: &'a Queue,
    pub directory: &'a Directory,
    pub duty: &'a DutyIndex,
    pub states: &'a HashMap<PersonId, AgentState>,
    /// New and open tickets of the queue that somebody has.
    pub tickets: &'a [Ticket],
}

/// The moves, in the order in which they are to be made; none when the loads are close.
#[must_use]
pub fn propose(standing: Standing<'_>) -> Vec<Move> {
    let mut states: HashMap<PersonId, AgentState> = standing.states.clone();
    let mut movable = movable(standing.tickets);
    let mut moves = Vec::new();
    while moves.len() < MOVES_MAX {
        let Some((place, next)) = best(standing, &states, &movable) else { break };
        let ticket = movable.remove(place);
        shift(&mut states, ticket, next.from, next.to);
        moves.push(next);
    }
    moves
}

/// Cheapest first.
fn movable(tickets: &[Ticket]) -> Vec<&Ticket> {
    let mut found: Vec<&Ticket> = tickets.iter().filter(|ticket| ticket.assignee.is_some() && waits_for_first_reply(ticket)).collect();
    found.sort_by_key(|ticket| (ticket.accepted_at.is_some(), Reverse(ticket.assigned_at), ticket.number));
    found
}

/// The next move: from whoever is gone, else from the most loaded who has something to move.
fn best(standing: Standing<'_>, states: &HashMap<PersonId, AgentState>, movable: &[&Ticket]) -> Option<(usize, Move)> {
    let mut by_holder: BTreeMap<PersonId, Vec<usize>> = BTreeMap::new();
    for (place, ticket) in movable.iter().enumerate() {
        if let Some(holder) = ticket.assignee {
            by_holder.entry(holder).or_default().push(place);
        }
    }
    let mut holders: Vec<(bool, f64, PersonId)> =
        by_holder.keys().map(|holder| (gone(standing, states, *holder), load_of(standing, states, *holder), *holder)).collect();
    holders.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
    let mut places = holders.iter().flat_map(|(gone, _, holder)| by_holder[holder].iter().map(move |place| (*gone, *place)));
    places.find_map(|(gone, place)| Some((place, proposal(standing, states, movable[place], gone)?)))
}

/// To the least loaded who may have it, if that helps.
fn proposal(standing: Standing<'_>, states: &HashMap<PersonId, AgentState>, ticket: &Ticket, gone: bool) -> Option<Move> {
    let from = ticket.assignee?;
    let on_duty = standing.duty.on_duty(standing.queue.id, ticket.tier);
    let fits = |person: &&Person| {
        let state = states.get(&person.id);
        let free = |state| eligible::exclusion(person, state, true, standing.queue, ticket).is_none();
        person.id != from && access::may_work(person) && state.is_some_and(free)
    };
    let people = on_duty.iter().filter_map(|id| standing.directory.people.get(id)).filter(fits);
    let load = |person: &Person| load_of(standing, states, person.id);
    let to = people.min_by(|a, b| load(a).total_cmp(&load(b)).then_with(|| a.handle.cmp(&b.handle)))?;
    let mut after = HashMap::from_iter([from, to.id].into_iter().filter_map(|id| Some((id, states.get(&id)?.clone()))));
    let (from_load, to_load) = (load_of(standing, states, from), load(to));
    shift(&mut after, ticket, from, to.id);
    let (from_load_after, to_load_after) = (load_of(standing, &after, from), load_of(standing, &after, to.id));
    // The receiver must not end where the giver began.
    let helps = gone || (from_load - to_load > CLOSE && to_load_after < from_load);
    let why = if gone { MoveReason::HolderGone } else { MoveReason::EvensLoad };
    let (number, version, subject) = (ticket.number, ticket.version, ticket.subject.clone());
    helps.then_some(Move { ticket: number, version, subject, from, to: to.id, from_load, from_load_after, to_load, to_load_after, why })
}

fn gone(standing: Standing<'_>, states: &HashMap<PersonId, AgentState>, holder: PersonId) -> bool {
    let works = standing.directory.people.get(&holder).is_some_and(access::may_work);
    let there = states.get(&holder).is_some_and(crate::domain::person::presence::is_there);
    !works || !there || !standing.duty.is_on_duty(holder)
}

fn load_of(standing: Standing<'_>, states: &HashMap<PersonId, AgentState>, person: PersonId) -> f64 {
    let (Some(person), Some(state)) = (standing.directory.people.get(&person), states.get(&person)) else { return 0.0 };
    strategy::load(person, state)
}

/// The states as they would be after the move.
fn shift(states: &mut HashMap<PersonId, AgentState>, ticket: &Ticket, from: PersonId, to: PersonId) {
    let mut add = |person, open: i64| {
        let Some(state) = states.get_mut(&person) else { return };
        state.open_tickets = state.open_tickets.saturating_add_signed(i32::try_from(open).unwrap_or_default());
        state.load = (state.load + open * weight(ticket)).max(0);
        let queue = state.queues.entry(ticket.queue).or_default();
        queue.open = queue.open.saturating_add_signed(i32::try_from(open).unwrap_or_default());
    };
    add(from, -1);
    add(to, 1);
}
