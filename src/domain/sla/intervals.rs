//! The ledger as a list of intervals: when a clock ran, why, by which calendar, and how much it had run by the end of each.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ledger::{ClockCause, ClockEvent, ClockEventKind};
use super::{Clock, ClockKind};
use crate::domain::Timestamp;
use crate::domain::calendar::business::spent_ms;
use crate::domain::directory::Directory;

/// What a clock did for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    Running,
    Paused,
    Stopped,
}

/// A while in which one clock did one thing under one plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Interval {
    pub clock: ClockKind,
    pub from: DateTime<Utc>,
    /// Absent while it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<DateTime<Utc>>,
    pub state: ClockState,
    /// What began it.
    pub why: ClockCause,
    /// The key of the calendar that counts; absent around the clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
    /// The target that held, in seconds of the calendar.
    pub target_secs: i64,
    /// Milliseconds of the calendar that had run when it began.
    pub spent_before_ms: i64,
    /// And when it ended, or by now.
    pub spent_ms: i64,
    /// When the target was to run out, as planned when it began.
    pub due_at: DateTime<Utc>,
}

/// All there is to know of a ticket's clocks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClockRecord {
    pub clocks: Vec<Clock>,
    /// The ledger, in the order it was written.
    pub events: Vec<ClockEvent>,
    /// The same by clock, in order of time.
    pub intervals: Vec<Interval>,
}

/// The intervals of each clock in order. `events` are a ticket's, in the order they were written.
#[must_use]
pub fn intervals(events: &[ClockEvent], directory: &Directory, now: Timestamp) -> Vec<Interval> {
    let mut found = Vec::new();
    for kind in [ClockKind::FirstResponse, ClockKind::NextResponse, ClockKind::Resolution] {
        let mut open: Option<Interval> = None;
        for event in events.iter().filter(|event| event.clock == kind) {
            let state = match event.event {
                ClockEventKind::Started | ClockEventKind::Resumed | ClockEventKind::Reopened => ClockState::Running,
                ClockEventKind::Paused => ClockState::Paused,
                ClockEventKind::Stopped | ClockEventKind::Dropped => ClockState::Stopped,
                ClockEventKind::Replanned => open.as_ref().map_or(ClockState::Running, |open| open.state),
                ClockEventKind::Fired { .. } => continue,
            };
            let next = Interval {
                clock: kind,
                from: event.at,
                to: None,
                state,
                why: event.cause.clone(),
                calendar: event.calendar.clone(),
                target_secs: event.target_secs,
                spent_before_ms: event.spent_ms,
                spent_ms: event.spent_ms,
                due_at: event.due_at,
            };
            let again = event.event == ClockEventKind::Started;
            if let Some(last) = open.replace(next) {
                close(&mut found, last, event, again);
            }
        }
        if let Some(mut last) = open {
            if last.state == ClockState::Running {
                let calendar = last.calendar.as_deref().and_then(|key| directory.calendar_by_key(key));
                last.spent_ms = last.spent_before_ms + spent_ms(calendar, last.from, now);
            }
            found.push(last);
        }
    }
    found
}

/// An interval ends with the next entry; one without length says nothing.
fn close(found: &mut Vec<Interval>, last: Interval, event: &ClockEvent, again: bool) {
    if last.from < event.at {
        // A clock that starts again starts from nothing: what the last one had run stays its own.
        let spent_ms = if again { last.spent_ms } else { event.spent_ms };
        found.push(Interval { to: Some(event.at), spent_ms, ..last });
    }
}
