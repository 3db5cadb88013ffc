//! What arrived and was solved at each step, and what was left at its end.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::response::{Timed, share};
use super::{QUARTER_MS, Tally};
use crate::domain::Timestamp;

/// One step of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Step {
    /// Where it begins; it ends where the next one begins, the last one now.
    pub from: DateTime<Utc>,
    pub arrived: u32,
    pub solved: u32,
    /// Unsolved tickets at its end.
    pub backlog: u32,
    /// Seconds that half of those answered in it had waited at most; absent when nobody was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_response_secs: Option<i64>,
}

/// The steps that begin at `edges`. `unsolved` is how many tickets are unsolved now: what arrived later was not there earlier,
/// what was solved later was.
#[must_use]
pub fn steps(edges: &[Timestamp], arrived: &[Tally], solved: &[Tally], unsolved: u32, now: Timestamp) -> Vec<Step> {
    let blank = |from: &Timestamp| Step { from: *from, arrived: 0, solved: 0, backlog: 0, first_response_secs: None };
    let mut steps: Vec<Step> = edges.iter().map(blank).collect();
    for tally in arrived.iter().filter(|tally| tally.at() <= now) {
        if let Some(step) = of(edges, tally.at()).and_then(|place| steps.get_mut(place)) {
            step.arrived = step.arrived.saturating_add(tally.count);
        }
    }
    for tally in solved.iter().filter(|tally| tally.at() <= now) {
        if let Some(step) = of(edges, tally.at()).and_then(|place| steps.get_mut(place)) {
            step.solved = step.solved.saturating_add(tally.count);
        }
    }
    let mut left = i64::from(unsolved);
    for step in steps.iter_mut().rev() {
        step.backlog = u32::try_from(left.max(0)).unwrap_or(u32::MAX);
        left += i64::from(step.solved) - i64::from(step.arrived);
    }
    steps
}

/// Tells each step how long those answered in it had waited.
pub fn put_responses(steps: &mut [Step], answered: &[Timed]) {
    let edges: Vec<Timestamp> = steps.iter().map(|step| step.from).collect();
    let mut waits: Vec<Vec<i64>> = vec![Vec::new(); steps.len()];
    for one in answered {
        if let Some(place) = of(&edges, one.at) {
            waits[place].push(one.secs);
        }
    }
    for (step, mut waits) in steps.iter_mut().zip(waits) {
        waits.sort_unstable();
        step.first_response_secs = share(&waits, 50);
    }
}

/// The step that an instant falls into. The first step of a range begins at a whole quarter, or takes the quarter it is in.
fn of(edges: &[Timestamp], at: Timestamp) -> Option<usize> {
    let first = edges.first()?;
    let at = if at < *first && (*first - at).num_milliseconds() < QUARTER_MS { *first } else { at };
    edges.partition_point(|edge| *edge <= at).checked_sub(1)
}
