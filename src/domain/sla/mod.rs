//! SLA clocks: one target running for a ticket. The rules are in [`clock`], what is promised in [`policy`], what happened in
//! [`ledger`].

pub mod clock;
pub mod fire;
pub mod intervals;
pub mod ledger;
pub mod policy;
pub mod promise;
pub mod record;
pub mod replan;
#[cfg(test)]
pub mod tests;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClockKind {
    FirstResponse,
    NextResponse,
    Resolution,
}

/// One target of a ticket. Running while neither paused nor stopped; a pause moves `due_at` when it ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Clock {
    pub kind: ClockKind,
    /// The target, in seconds of the calendar.
    pub target_secs: i64,
    pub started_at: DateTime<Utc>,
    /// Time of the calendar that had run by `counted_to`, in milliseconds.
    #[serde(default)]
    pub spent_ms: i64,
    /// Up to when `spent_ms` counts; while running, time goes on from here. Absent in rows of the first schema.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted_to: Option<DateTime<Utc>>,
    /// When it breaches if nothing pauses or stops it.
    pub due_at: DateTime<Utc>,
    /// When the warning step fires; before `due_at`.
    pub warn_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_at: Option<DateTime<Utc>>,
    /// When the warning step fired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warned_at: Option<DateTime<Utc>>,
    /// When the breach step fired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breached_at: Option<DateTime<Utc>>,
    /// The policy's own steps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<ClockStep>,
}

/// One of the policy's steps, armed on a clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClockStep {
    /// The policy's key for it.
    pub key: String,
    pub at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fired_at: Option<DateTime<Utc>>,
}
