//! Fires the due steps of SLA clocks: warnings, breaches and the policies' own. That each fires once is the rule's and the row's
//! doing; when the next is due, the index of armed steps says. Nothing is armed in memory: after a restart the first look at
//! that index finds what came due meanwhile, however many tickets are open.

use std::time::Duration;

use super::{moved, until};
use crate::base::clock::new_id;
use crate::domain::command::{Actor, Command, Submission};
use crate::server::execute::{Source, execute_all};
use crate::server::state::Desk;
use crate::store::StoreError;

/// Tickets whose steps are fired in one run.
const DUE_MAX: i64 = 1_000;
/// Units handed to the writer at once: people get their turn in between.
const CHUNK: usize = 100;
/// Longest sleep: a clock that was set forward is noticed.
const PAUSE_MAX: Duration = Duration::from_secs(30);
/// Shortest: a step that could not be fired is not tried without a breath.
const PAUSE_MIN: Duration = Duration::from_millis(20);

pub async fn run(desk: Desk) -> Result<Duration, StoreError> {
    let due = desk.store.sla_due(desk.clock.now(), DUE_MAX).await?;
    let submission =
        |number| Submission { key: new_id().into(), base_version: None, expires_at: None, command: Command::FireSlaSteps { number } };
    let mut fired = false;
    for chunk in due.chunks(CHUNK) {
        let submissions = chunk.iter().copied().map(submission).collect();
        let receipts = execute_all(&desk, &Actor::Desk { job: "sla_steps" }, Source::Job, submissions).await?;
        fired |= moved(&receipts);
    }
    let next = desk.store.next_sla_step().await?;
    // More are due, and this run got somewhere: at once again.
    let least = if fired { Duration::ZERO } else { PAUSE_MIN };
    Ok(until(&desk, next, least, PAUSE_MAX))
}
