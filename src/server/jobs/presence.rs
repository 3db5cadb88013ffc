//! Sets people away of whom nothing was seen for a while, takes back what waits for their first reply, and has them
//! available again when their console is back.

use std::time::Duration;

use super::submissions;
use crate::domain::assignment::EndReason;
use crate::domain::assignment::return_ticket::left_behind;
use crate::domain::command::{Actor, Command};
use crate::domain::person::{AgentState, Presence, presence};
use crate::server::execute::{Source, execute_all};
use crate::server::state::Desk;
use crate::store::StoreError;

/// Tickets of one person looked at in one run.
const HELD_MAX: i64 = 500;
const PAUSE: Duration = Duration::from_secs(5);

pub async fn run(desk: Desk) -> Result<Duration, StoreError> {
    let job = Actor::Desk { job: "presence" };
    let before = desk.clock.now() - desk.away_after;
    let gone = desk.presences.gone(before);
    if !gone.is_empty() {
        let commands = submissions(gone.iter().map(|person| Command::TimeOutPresence { person: *person }));
        execute_all(&desk, &job, Source::Job, commands).await?;
        desk.presences.settle(&gone, before);
    }
    for state in desk.store.agent_states().await?.into_iter().filter(|state| state.timed_out) {
        if presence::returns_with_console(&state) && desk.presences.is_back(state.person, state.since) {
            come_back(&desk, &state).await?;
        } else if state.open_tickets > 0 {
            let held = desk.store.held(state.person, HELD_MAX).await?;
            let unanswered = held.iter().filter(|ticket| left_behind(ticket, &state));
            let commands = submissions(unanswered.map(|ticket| Command::ReturnTicket { number: ticket.number, reason: EndReason::Away }));
            if !commands.is_empty() {
                execute_all(&desk, &job, Source::Job, commands).await?;
            }
        }
    }
    Ok(PAUSE)
}

/// As if they had said so themselves: their console did.
async fn come_back(desk: &Desk, state: &AgentState) -> Result<(), StoreError> {
    let directory = desk.directory();
    let Some(person) = directory.people.get(&state.person).filter(|person| person.active) else { return Ok(()) };
    let commands = submissions([Command::SetPresence { presence: Presence::Available }]);
    execute_all(desk, &Actor::Person(person.clone()), Source::Job, commands).await.map(drop)
}
