//! Tells who runs an incident that an update is due, and takes back proposals whose incident is over.

use std::time::Duration;

use super::{refused, submissions, until};
use crate::domain::command::{Actor, Command};
use crate::server::execute::{Source, execute_all};
use crate::server::state::Desk;
use crate::store::StoreError;

/// Tickets looked at in one run.
const DUE_MAX: i64 = 100;
/// Longest sleep: a clock that was set forward is noticed.
const PAUSE_MAX: Duration = Duration::from_secs(30);
const PAUSE_MIN: Duration = Duration::from_millis(200);
/// What was refused stays due: it is looked at again after a breath, not at once.
const PAUSE_REFUSED: Duration = Duration::from_secs(5);

pub async fn run(desk: Desk) -> Result<Duration, StoreError> {
    let due = desk.store.updates_due(desk.clock.now(), DUE_MAX).await?.into_iter().map(|number| Command::TellUpdateDue { number });
    let stale = desk.store.stale_likeness(DUE_MAX).await?.into_iter().map(|number| Command::ForgetLikeness { number });
    let all: Vec<_> = due.chain(stale).collect();
    let mut least = PAUSE_MIN;
    if !all.is_empty() {
        let receipts = execute_all(&desk, &Actor::Desk { job: "incidents" }, Source::Job, submissions(all)).await?;
        if refused(&receipts) {
            least = PAUSE_REFUSED;
        }
    }
    let next = desk.store.next_update().await?;
    Ok(until(&desk, next, least, PAUSE_MAX))
}
