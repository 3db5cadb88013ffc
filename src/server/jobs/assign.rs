//! Gives what waits in the pool to whoever is eligible, most urgent and oldest first, and has new tickets say why they
//! wait. Looks only where somebody has room, so that a large pool nobody can take costs nothing.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::submissions;
use crate::domain::assignment::eligible::room;
use crate::domain::command::{Actor, Command};
use crate::domain::queue::Strategy;
use crate::domain::ticket::Ticket;
use crate::server::execute::{Source, execute_all};
use crate::server::state::Desk;
use crate::store::{PoolPart, StoreError};

/// Tickets tried in one run, of a queue's tier and of the untried.
const TRIED_MAX: i64 = 200;
/// Units handed to the writer at once: others get their turn in between.
const CHUNK: usize = 32;
/// Shifts begin and end without a change on the desk.
const PAUSE: Duration = Duration::from_secs(5);
/// After a full run more may wait.
const AGAIN: Duration = Duration::from_millis(10);
const TIERS: std::ops::RangeInclusive<u8> = 1..=3;

pub async fn run(desk: Desk) -> Result<Duration, StoreError> {
    let mut tickets = desk.store.pool(PoolPart::Untried, TRIED_MAX).await?;
    let known: HashSet<_> = tickets.iter().map(|ticket| ticket.number).collect();
    tickets.extend(with_room(&desk).await?.into_iter().filter(|ticket| !known.contains(&ticket.number)));
    // What waited longest is not overtaken by what has just come.
    tickets.sort_by_key(|ticket| (ticket.priority, ticket.created_at, ticket.number));
    let full = i64::try_from(tickets.len()).is_ok_and(|tried| tried >= TRIED_MAX);
    for chunk in tickets.chunks(CHUNK) {
        let commands = submissions(chunk.iter().map(|ticket| Command::AutoAssign { number: ticket.number }));
        execute_all(&desk, &Actor::Desk { job: "assign" }, Source::Job, commands).await?;
    }
    Ok(if full { AGAIN } else { PAUSE })
}

/// Waiting tickets that somebody has room for now.
async fn with_room(desk: &Desk) -> Result<Vec<Ticket>, StoreError> {
    let directory = desk.directory();
    let states: HashMap<_, _> = desk.store.agent_states().await?.into_iter().map(|state| (state.person, state)).collect();
    let duty = desk.duty(&directory, desk.clock.now());
    let mut tickets = Vec::new();
    for queue in directory.queues_in_order().into_iter().filter(|queue| queue.strategy != Strategy::Manual) {
        for tier in TIERS {
            let room = i64::from(room(queue, tier, &directory, &duty, &states)).min(TRIED_MAX);
            if room > 0 {
                tickets.extend(desk.store.pool(PoolPart::Of(queue.id, tier), room).await?);
            }
        }
    }
    Ok(tickets)
}
