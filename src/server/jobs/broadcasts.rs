//! Writes the messages of broadcasts, one unit of work for each ticket. What is written and what is not, the targets' rows say:
//! after a crash it goes on where it was, and nobody is told twice.

use std::time::Duration;

use super::submissions;
use crate::domain::command::{Actor, Command};
use crate::server::execute::{Source, execute_all};
use crate::server::state::Desk;
use crate::store::StoreError;

/// Tickets looked at in one run.
const DUE_MAX: i64 = 200;
/// Units handed to the writer at once: people get their turn in between, and progress is seen.
const CHUNK: usize = 10;
const PAUSE: Duration = Duration::from_secs(30);
/// After a ticket that could not be looked at: not without a breath.
const AGAIN: Duration = Duration::from_secs(1);

pub async fn run(desk: Desk) -> Result<Duration, StoreError> {
    let due = desk.store.targets_due(DUE_MAX).await?;
    let more = due.len() >= usize::try_from(DUE_MAX).unwrap_or(usize::MAX);
    let mut stuck = false;
    for chunk in due.chunks(CHUNK) {
        if desk.shutdown.is_cancelled() {
            return Ok(PAUSE);
        }
        let commands = chunk.iter().map(|(broadcast, number)| Command::DeliverBroadcast { number: *number, broadcast: *broadcast });
        let receipts = execute_all(&desk, &Actor::Desk { job: "broadcasts" }, Source::Job, submissions(commands)).await?;
        for (receipt, (broadcast, number)) in receipts.iter().zip(chunk) {
            if let Err(refusal) = &receipt.answer {
                stuck = true;
                tracing::error!(%broadcast, %number, %refusal, "a message of a broadcast cannot be written; it will be tried again");
            }
        }
    }
    Ok(match (stuck, more) {
        (true, _) => AGAIN,
        (false, true) => Duration::ZERO,
        (false, false) => PAUSE,
    })
}
