//! How long requesters waited: percentiles by nearest rank, and how often a goal was met.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::Timestamp;

/// One wait that ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timed {
    /// When it ended.
    pub at: Timestamp,
    /// How long it was, around the clock.
    pub secs: i64,
    /// Whether the goal was met; absent where none was set.
    pub met: Option<bool>,
}

/// Waits of a range.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Response {
    pub count: u32,
    /// Half waited at most this long, in seconds; absent when nobody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p50_secs: Option<i64>,
    /// Nine of ten waited at most this long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p90_secs: Option<i64>,
    /// How many had a goal, and how many of those met it.
    pub with_goal: u32,
    pub within: u32,
}

impl Response {
    /// Percent within the goal, rounded down: 100 only when all were. Absent without goals.
    #[must_use]
    pub fn percent(&self) -> Option<u32> {
        u64::from(self.within).saturating_mul(100).checked_div(u64::from(self.with_goal)).and_then(|share| u32::try_from(share).ok())
    }
}

/// Arranges waits.
#[must_use]
pub fn response(waits: &[Timed]) -> Response {
    let mut secs: Vec<i64> = waits.iter().map(|wait| wait.secs.max(0)).collect();
    secs.sort_unstable();
    let count = |wanted: &dyn Fn(&Timed) -> bool| u32::try_from(waits.iter().filter(|wait| wanted(wait)).count()).unwrap_or(u32::MAX);
    Response {
        count: count(&|_| true),
        p50_secs: share(&secs, 50),
        p90_secs: share(&secs, 90),
        with_goal: count(&|wait| wait.met.is_some()),
        within: count(&|wait| wait.met == Some(true)),
    }
}

/// The value that `percent` of the sorted `values` do not exceed, by nearest rank.
#[must_use]
pub fn share(values: &[i64], percent: usize) -> Option<i64> {
    let rank = values.len().saturating_mul(percent).div_ceil(100);
    values.get(rank.saturating_sub(1)).copied()
}
