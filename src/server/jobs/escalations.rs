//! Passes calls for experts on: those not answered in time, and those whose expert went off duty or left the desk. What is to
//! become of each, the rule says; here they are only found, so that a restart makes them late and loses none.

use std::time::Duration;

use super::{moved, submissions, until};
use crate::domain::Timestamp;
use crate::domain::access;
use crate::domain::command::{Actor, Command};
use crate::domain::escalation::Escalation;
use crate::domain::escalation::due::due;
use crate::server::execute::{Source, execute_all};
use crate::server::state::Desk;
use crate::store::StoreError;

const DUE_MAX: i64 = 200;
/// Calls of one expert looked at in one run.
const OPEN_MAX: i64 = 500;
const PAUSE_MIN: Duration = Duration::from_millis(20);
/// Longest sleep: shifts end without a change on the desk, and a clock that was set forward is noticed.
const PAUSE_MAX: Duration = Duration::from_secs(15);

pub async fn run(desk: Desk) -> Result<Duration, StoreError> {
    let now = desk.clock.now();
    let mut calls = desk.store.escalations_due(now, DUE_MAX).await?;
    for call in off_duty(&desk, now).await? {
        if calls.iter().all(|known| known.id != call.id) {
            calls.push(call);
        }
    }
    if !calls.is_empty() {
        let commands = calls.iter().map(|call| Command::PassEscalation { number: call.ticket, escalation: call.id });
        let receipts = execute_all(&desk, &Actor::Desk { job: "escalations" }, Source::Job, submissions(commands)).await?;
        if !moved(&receipts) {
            // Looking again at once would find the same.
            return Ok(PAUSE_MAX);
        }
    }
    let next = desk.store.next_escalation_due().await?;
    Ok(until(&desk, next, PAUSE_MIN, PAUSE_MAX))
}

/// Open calls of experts who are not on duty, as far as something is due about them. Whoever is on duty costs nothing.
async fn off_duty(desk: &Desk, now: Timestamp) -> Result<Vec<Escalation>, StoreError> {
    let directory = desk.directory();
    let duty = desk.duty(&directory, now);
    let mut found = Vec::new();
    for expert in desk.store.called_experts().await? {
        let works = directory.people.get(&expert).is_some_and(access::may_work);
        if works && duty.is_on_duty(expert) {
            continue;
        }
        let calls = desk.store.open_escalations(expert, OPEN_MAX).await?;
        found.extend(calls.into_iter().filter(|call| due(&directory, &duty, call, now).is_some()));
    }
    Ok(found)
}
