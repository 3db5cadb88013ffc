//! Fires the due warn and breach steps of SLA clocks. That each fires once is the rule's and the row's doing.

use std::time::Duration;

use crate::base::clock::new_id;
use crate::domain::command::{Actor, Command, Submission};
use crate::server::execute::{Source, execute_all};
use crate::server::state::Desk;
use crate::store::StoreError;

const DUE_MAX: i64 = 200;
/// Longest sleep: a clock that was set forward is noticed.
const PAUSE_MAX: Duration = Duration::from_secs(30);

pub async fn run(desk: Desk) -> Result<Duration, StoreError> {
    let due = desk.store.sla_due(desk.clock.now(), DUE_MAX).await?;
    if !due.is_empty() {
        let submission =
            |number| Submission { key: new_id().into(), base_version: None, expires_at: None, command: Command::FireSlaSteps { number } };
        execute_all(&desk, &Actor::Desk { job: "sla_steps" }, Source::Job, due.into_iter().map(submission).collect()).await?;
    }
    let next = desk.store.next_sla_step().await?;
    let pause = next.map_or(PAUSE_MAX, |at| (at - desk.clock.now()).to_std().unwrap_or(Duration::from_millis(20)));
    Ok(pause.clamp(Duration::from_millis(20), PAUSE_MAX))
}
