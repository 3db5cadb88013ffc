//! Plans clocks again whose queue has another edition of policy or calendar than they were planned by: after every change of the
//! directory, and at start for what changed before. The mark on the ticket's row says by which edition it was planned, and an
//! index finds the others, so that a desk in order costs one look a queue.

use std::time::Duration;

use crate::base::clock::new_id;
use crate::domain::command::{Actor, Command, Submission};
use crate::domain::sla::promise::Promise;
use crate::server::execute::{Source, execute_all};
use crate::server::state::Desk;
use crate::store::StoreError;

/// Tickets planned again between two turns of others.
const CHUNK: i64 = 200;
/// Looked at again even when nobody told of a change: a ticket opened while the edit was on its way.
const PAUSE: Duration = Duration::from_secs(15);

pub async fn run(desk: Desk) -> Result<Duration, StoreError> {
    let directory = desk.directory();
    let mut marks: Vec<_> = directory.queues.values().map(|queue| (queue.id, Promise::of(queue, &directory).mark())).collect();
    marks.sort_unstable();
    if desk.planned.is_recent(&marks, desk.clock.now()) {
        return Ok(PAUSE);
    }
    let submission =
        |number| Submission { key: new_id().into(), base_version: None, expires_at: None, command: Command::ReplanClocks { number } };
    for (queue, mark) in &marks {
        loop {
            let stale = desk.store.stale_marks(*queue, mark, CHUNK).await?;
            if stale.is_empty() {
                break;
            }
            let submissions = stale.into_iter().map(submission).collect();
            let receipts = execute_all(&desk, &Actor::Desk { job: "replan" }, Source::Job, submissions).await?;
            if !receipts.iter().any(|receipt| receipt.answer.as_ref().is_ok_and(|result| !result.unchanged)) {
                // The directory moved on under us: the next run knows the new mark.
                return Ok(Duration::from_millis(20));
            }
        }
    }
    desk.planned.remember(marks, desk.clock.now());
    Ok(PAUSE)
}
