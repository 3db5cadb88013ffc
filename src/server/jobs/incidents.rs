//! Tells who runs an incident that an update is due, and takes back proposals whose incident is over.

use std::time::Duration;

use super::submissions;
use crate::domain::command::{Actor, Command};
use crate::server::execute::{Source, execute_all};
use crate::server::state::Desk;
use crate::store::StoreError;

/// Tickets looked at in one run.
const DUE_MAX: i64 = 100;
/// Longest sleep: a clock that was set forward is noticed.
const PAUSE_MAX: Duration = Duration::from_secs(30);
/// Shortest: what could not be told is not tried without a breath.
const PAUSE_MIN: Duration = Duration::from_millis(200);

pub async fn run(desk: Desk) -> Result<Duration, StoreError> {
    let due = desk.store.updates_due(desk.clock.now(), DUE_MAX).await?.into_iter().map(|number| Command::TellUpdateDue { number });
    let stale = desk.store.stale_likeness(DUE_MAX).await?.into_iter().map(|number| Command::ForgetLikeness { number });
    let all: Vec<_> = due.chain(stale).collect();
    if !all.is_empty() {
        execute_all(&desk, &Actor::Desk { job: "incidents" }, Source::Job, submissions(all)).await?;
    }
    let next = desk.store.next_update().await?;
    let pause = next.map_or(PAUSE_MAX, |at| (at - desk.clock.now()).to_std().unwrap_or_default());
    Ok(pause.clamp(PAUSE_MIN, PAUSE_MAX))
}
