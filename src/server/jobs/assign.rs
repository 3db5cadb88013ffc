//! Gives what waits in the pool to whoever is eligible, most urgent and oldest first, and has new tickets say why they
//! wait. Looks only where somebody has room, so that a large pool nobody can take costs nothing.

use std::collections::HashMap;
use std::time::Duration;

use crate::base::clock::new_id;
use crate::domain::assignment::choose::room;
use crate::domain::command::{Actor, Command, Submission};
use crate::domain::id::TicketNumber;
use crate::domain::queue::Strategy;
use crate::server::execute::{Source, execute_all};
use crate::server::state::Desk;
use crate::store::{PoolPart, StoreError};

/// Tickets tried in one run, of a queue and of the untried.
const TRIED_MAX: i64 = 200;
/// Units handed to the writer at once: others get their turn in between.
const CHUNK: usize = 32;
/// Shifts begin and end without a change on the desk.
const PAUSE: Duration = Duration::from_secs(5);
/// After a full run more may wait.
const AGAIN: Duration = Duration::from_millis(10);
const TIERS: std::ops::RangeInclusive<u8> = 1..=3;

pub async fn run(desk: Desk) -> Result<Duration, StoreError> {
    let mut numbers: Vec<_> = desk.store.pool(PoolPart::Untried, TRIED_MAX).await?.into_iter().map(|ticket| ticket.number).collect();
    let more = with_room(&desk).await?;
    let fresh: Vec<_> = more.into_iter().filter(|number| !numbers.contains(number)).collect();
    numbers.extend(fresh);
    let full = i64::try_from(numbers.len()).is_ok_and(|tried| tried >= TRIED_MAX);
    let command = |number: &TicketNumber| Submission {
        key: new_id().into(),
        base_version: None,
        expires_at: None,
        command: Command::AutoAssign { number: *number },
    };
    for chunk in numbers.chunks(CHUNK) {
        execute_all(&desk, &Actor::Desk { job: "assign" }, Source::Job, chunk.iter().map(command).collect()).await?;
    }
    Ok(if full { AGAIN } else { PAUSE })
}

/// Waiting tickets that somebody has room for now.
async fn with_room(desk: &Desk) -> Result<Vec<TicketNumber>, StoreError> {
    let directory = desk.directory();
    let states: HashMap<_, _> = desk.store.agent_states().await?.into_iter().map(|state| (state.person, state)).collect();
    let now = desk.clock.now();
    let mut numbers = Vec::new();
    for queue in directory.queues_in_order().into_iter().filter(|queue| queue.strategy != Strategy::Manual) {
        let mut left: HashMap<u8, u32> = TIERS.map(|tier| (tier, room(queue, tier, &directory, &states, now))).collect();
        if left.values().all(|room| *room == 0) {
            continue;
        }
        for ticket in desk.store.pool(PoolPart::Of(queue.id), TRIED_MAX).await? {
            if let Some(room) = left.get_mut(&ticket.tier).filter(|room| **room > 0) {
                *room -= 1;
                numbers.push(ticket.number);
            }
        }
    }
    Ok(numbers)
}
