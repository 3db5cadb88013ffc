//! Takes tickets from people who did not open or act on them in time. Whether that is still so, the rule looks again.

use std::time::Duration;

use super::submissions;
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
        let moved = receipts.iter().any(|receipt| receipt.answer.as_ref().is_ok_and(|result| !result.unchanged));
        if !moved {
            // Looking again at once would find the same.
            return Ok(PAUSE_MAX);
        }
    }
    let next = desk.store.next_accept().await?;
    let pause = next.map_or(PAUSE_MAX, |at| (at - desk.clock.now()).to_std().unwrap_or(PAUSE_MIN));
    Ok(pause.clamp(PAUSE_MIN, PAUSE_MAX))
}
