//! Closes tickets that stayed solved for [`AFTER_DAYS`].

use std::time::Duration;

use crate::base::clock::new_id;
use crate::domain::command::{Actor, Command, Submission};
use crate::server::execute::{Source, execute_all};
use crate::server::state::Desk;
use crate::store::StoreError;

const AFTER_DAYS: i64 = 7;
const AT_ONCE: i64 = 100;
const PAUSE: Duration = Duration::from_secs(600);

pub async fn run(desk: Desk) -> Result<Duration, StoreError> {
    let old = desk.store.solved_before(desk.clock.now() - chrono::Duration::days(AFTER_DAYS), AT_ONCE).await?;
    let full = i64::try_from(old.len()).is_ok_and(|found| found == AT_ONCE);
    let submission =
        |number| Submission { key: new_id().into(), base_version: None, expires_at: None, command: Command::CloseTicket { number } };
    execute_all(&desk, &Actor::Desk { job: "close_solved" }, Source::Job, old.into_iter().map(submission).collect()).await?;
    Ok(if full { Duration::from_millis(200) } else { PAUSE })
}
