//! Takes tickets from people whose shift is over, where their queue says so, and from people who left the desk.

use std::time::Duration;

use super::submissions;
use crate::domain::access;
use crate::domain::assignment::{EndReason, shift_end};
use crate::domain::command::{Actor, Command};
use crate::domain::queue::EndOfShift;
use crate::server::execute::{Source, execute_all};
use crate::server::state::Desk;
use crate::store::StoreError;

/// Tickets of one person looked at in one run.
const HELD_MAX: i64 = 500;
/// Graces are minutes.
const PAUSE: Duration = Duration::from_secs(15);

pub async fn run(desk: Desk) -> Result<Duration, StoreError> {
    let directory = desk.directory();
    let now = desk.clock.now();
    let duty = desk.duty(&directory, now);
    let keeps = directory.queues.values().all(|queue| queue.end_of_shift == EndOfShift::Keep);
    for state in desk.store.agent_states().await?.into_iter().filter(|state| state.open_tickets > 0) {
        let works = directory.people.get(&state.person).is_some_and(access::may_work);
        if works && (keeps || duty.is_on_duty(state.person)) {
            continue;
        }
        let held = desk.store.held(state.person, HELD_MAX).await?;
        let over = held.iter().filter(|ticket| {
            directory.queues.get(&ticket.queue).is_some_and(|queue| shift_end::is_over(&directory, &duty, queue, ticket, now))
        });
        let commands = submissions(over.map(|ticket| Command::ReturnTicket { number: ticket.number, reason: EndReason::EndOfShift }));
        if !commands.is_empty() {
            execute_all(&desk, &Actor::Desk { job: "shift_end" }, Source::Job, commands).await?;
        }
    }
    Ok(PAUSE)
}
