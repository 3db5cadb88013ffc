//! Gives what waits in the pool to whoever is eligible, most urgent and oldest first, and has new tickets say why they
//! wait. Looks only where somebody has room, so that a large pool nobody can take costs nothing.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::submissions;
use crate::domain::assignment::eligible::{room, takeable};
use crate::domain::command::{Actor, Command};
use crate::domain::queue::Strategy;
use crate::domain::ticket::{Ticket, WaitReason};
use crate::server::execute::{Source, execute_all};
use crate::server::state::Desk;
use crate::store::{PoolPart, StoreError};

/// Tickets tried in one run, of a queue's tier and of the untried.
const TRIED_MAX: i64 = 200;
/// Tickets of a queue's tier looked through for some that can be taken.
const LOOKED_MAX: i64 = 5_000;
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
    let mut moved = false;
    for chunk in tickets.chunks(CHUNK) {
        let commands = submissions(chunk.iter().map(|ticket| Command::AutoAssign { number: ticket.number }));
        let receipts = execute_all(&desk, &Actor::Desk { job: "assign" }, Source::Job, commands).await?;
        moved |= receipts.iter().any(|receipt| receipt.answer.as_ref().is_ok_and(|result| !result.unchanged));
    }
    // A run that gave nothing would give nothing again at once.
    Ok(if full && moved { AGAIN } else { PAUSE })
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
                let takes = |ticket: &Ticket| {
                    ticket.waits != Some(WaitReason::NobodySkilled) || takeable(queue, ticket, &directory, &duty, &states)
                };
                tickets.extend(first(desk, PoolPart::Of(queue.id, tier), room, takes).await?);
            }
        }
    }
    Ok(tickets)
}

/// The first `room` tickets that `takes` lets through. Those that nobody there can take (nobody speaks their language) must
/// not keep the ones behind them waiting, however many they are.
async fn first(desk: &Desk, part: PoolPart, room: i64, takes: impl Fn(&Ticket) -> bool) -> Result<Vec<Ticket>, StoreError> {
    let mut limit = room;
    loop {
        let found = desk.store.pool(part, limit).await?;
        let wanted = usize::try_from(room).unwrap_or(usize::MAX);
        let all = i64::try_from(found.len()).is_ok_and(|found| found < limit);
        let fit: Vec<Ticket> = found.into_iter().filter(&takes).take(wanted).collect();
        if all || fit.len() >= wanted || limit >= LOOKED_MAX {
            return Ok(fit);
        }
        limit = (limit * 5).min(LOOKED_MAX);
    }
}
