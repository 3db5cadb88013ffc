//! Tells of reminders and promises whose time has come: once each, never early, after a restart as well.

use std::time::Duration;

use super::{refused, submissions, until};
use crate::domain::command::{Actor, Command};
use crate::server::execute::{Source, execute_all};
use crate::server::state::Desk;
use crate::store::StoreError;

const AT_ONCE: i64 = 100;
/// Longest sleep: a clock that was set forward is noticed.
const PAUSE_MAX: Duration = Duration::from_secs(30);
const PAUSE_MIN: Duration = Duration::from_millis(50);
/// What was refused stays due: it is looked at again after a breath, not at once.
const PAUSE_REFUSED: Duration = Duration::from_secs(5);

pub async fn run(desk: Desk) -> Result<Duration, StoreError> {
    let now = desk.clock.now();
    let reminders = desk.store.reminders_due(now, AT_ONCE).await?.into_iter().map(|id| Command::FireReminder { id });
    let promises = desk.store.follow_ups_due(now, AT_ONCE).await?.into_iter().map(|number| Command::TellFollowUps { number });
    let commands = submissions(reminders.chain(promises));
    let mut least = PAUSE_MIN;
    if !commands.is_empty() {
        let receipts = execute_all(&desk, &Actor::Desk { job: "tellings" }, Source::Job, commands).await?;
        if refused(&receipts) {
            least = PAUSE_REFUSED;
        }
    }
    let next = desk.store.next_telling().await?;
    Ok(until(&desk, next, least, PAUSE_MAX))
}
