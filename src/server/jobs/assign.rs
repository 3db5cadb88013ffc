//! Gives what waits in the pool to whoever is eligible, most urgent and oldest first. The rule writes nothing when a
//! ticket still waits for the same reason, so running again costs reads only.

use std::time::Duration;

use crate::base::clock::new_id;
use crate::domain::command::{Actor, Command, Submission};
use crate::server::execute::{Source, execute_all};
use crate::server::state::Desk;
use crate::store::StoreError;

/// Tickets looked at in one run.
const POOL_MAX: i64 = 500;
/// Units handed to the writer at once: others get their turn in between.
const CHUNK: usize = 32;
/// Shifts begin and end without a change on the desk.
const PAUSE: Duration = Duration::from_secs(5);

pub async fn run(desk: Desk) -> Result<Duration, StoreError> {
    let pool = desk.store.pool(POOL_MAX).await?;
    let actor = Actor::Desk { job: "assign" };
    for tickets in pool.chunks(CHUNK) {
        let submissions = tickets
            .iter()
            .map(|ticket| Submission {
                key: new_id().into(),
                base_version: None,
                expires_at: None,
                command: Command::AutoAssign { number: ticket.number },
            })
            .collect();
        execute_all(&desk, &actor, Source::Job, submissions).await?;
    }
    Ok(PAUSE)
}
