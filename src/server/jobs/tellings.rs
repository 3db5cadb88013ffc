//! Tells of reminders and promises whose time has come: once each, never early, after a restart as well.

use std::time::Duration;

use super::submissions;
use crate::domain::command::{Actor, Command};
use crate::server::execute::{Source, execute_all};
use crate::server::state::Desk;
use crate::store::StoreError;

const AT_ONCE: i64 = 100;
/// Longest sleep: a clock that was set forward is noticed.
const PAUSE_MAX: Duration = Duration::from_secs(30);
/// Shortest: what could not be told is not tried without a breath.
const PAUSE_MIN: Duration = Duration::from_millis(50);

pub async fn run(desk: Desk) -> Result<Duration, StoreError> {
    let now = desk.clock.now();
    let reminders = desk.store.reminders_due(now, AT_ONCE).await?.into_iter().map(|id| Command::FireReminder { id });
    let promises = desk.store.follow_ups_due(now, AT_ONCE).await?.into_iter().map(|number| Command::TellFollowUps { number });
    let commands = submissions(reminders.chain(promises));
    if !commands.is_empty() {
        execute_all(&desk, &Actor::Desk { job: "tellings" }, Source::Job, commands).await?;
    }
    let next = desk.store.next_telling().await?;
    let pause = next.map_or(PAUSE_MAX, |at| (at - desk.clock.now()).to_std().unwrap_or_default());
    Ok(pause.clamp(PAUSE_MIN, PAUSE_MAX))
}
