//! What happened to a ticket's clocks, one entry at a time: enough to reckon any due time by hand.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ClockKind;
use crate::domain::id::{QueueId, TicketNumber};
use crate::domain::ticket::{Priority, Status};

/// What happened to a clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClockEventKind {
    Started,
    Paused,
    Resumed,
    Stopped,
    /// A stopped clock runs again.
    Reopened,
    /// Another target, calendar or set of steps.
    Replanned,
    /// The policy has no such target any more.
    Dropped,
    /// A step fired: `warning`, `breach`, or a key of the policy.
    Fired {
        step: String,
        due_at: DateTime<Utc>,
        late_ms: i64,
    },
}

/// Why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClockCause {
    /// The ticket arrived.
    Arrived,
    /// It came with an import, with times of its own.
    Imported,
    /// The requester wrote.
    Asked,
    /// The requester was answered.
    Answered,
    Status {
        status: Status,
    },
    Priority {
        priority: Priority,
    },
    Moved {
        queue: QueueId,
    },
    Merged,
    /// The queue's policy or its calendar was edited.
    Policy,
    /// The instant the step was due.
    Time,
}

/// An entry of a ticket's clock ledger. Append-only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClockEvent {
    pub ticket: TicketNumber,
    pub clock: ClockKind,
    pub at: DateTime<Utc>,
    pub event: ClockEventKind,
    pub cause: ClockCause,
    /// The target afterwards, in seconds of the calendar.
    pub target_secs: i64,
    /// Time of the calendar that had run by `at`, in milliseconds.
    pub spent_ms: i64,
    /// When the clock is due as things stand afterwards.
    pub due_at: DateTime<Utc>,
    /// The key of the calendar afterwards; absent around the clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
}
