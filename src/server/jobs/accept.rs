//! Takes tickets from people who did not open or act on them in time. Whether that is still so, the rule looks again.

use std::time::Duration;

use super::{moved, submissions, until};
use crate::domain::assignment::EndReason;
use crate::domain::command::{Actor, Command};
use crate::server::execute::{Source, execute_all};
use crate::server::state::Desk;
use crate::store::StoreError;

const DUE_MAX: i64 = 200;
const PAUSE_MIN: Duration = Duration::from_millis(20);
/// Longest sleep: a clock that was set forward is noticed.
const PAUSE_MAX: Duration = Duration::from_secs(30);

pub async fn run(desk: Desk) -> Result<Duration, StoreError> {
    let due = desk.store.accept_due(desk.clock.now(), DUE_MAX).await?;
    if !due.is_empty() {
        let commands = submissions(due.into_iter().map(|number| Command::ReturnTicket { number, reason: EndReason::NotAccepted }));
        let receipts = execute_all(&desk, &Actor::Desk { job: "accept" }, Source::Job, commands).await?;
        if !moved(&receipts) {
            // Looking again at once would find the same.
            return Ok(PAUSE_MAX);
        }
    }
    let next = desk.store.next_accept().await?;
    Ok(until(&desk, next, PAUSE_MIN, PAUSE_MAX))
}
