//! Inbound work of one kind, and the channels by which it arrives.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::id::{IntakeChannelId, PersonId, QueueId};
use super::ticket::Priority;

/// How the desk chooses among eligible people. Only `LeastLoaded` and `Manual` are built so far;
/// the others are named in design.md section 5.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// Least open work against capacity; ties to who waited longest.
    #[default]
    LeastLoaded,
    /// People claim or are given tickets by hand.
    Manual,
}

/// Targets of one priority, in seconds of desk time; `None` sets no target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SlaTargets {
    #[serde(default)]
    pub first_response_secs: Option<i64>,
    #[serde(default)]
    pub next_response_secs: Option<i64>,
    #[serde(default)]
    pub resolution_secs: Option<i64>,
}

/// SLA of a queue, counted around the clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SlaPolicy {
    #[serde(default)]
    pub targets: BTreeMap<Priority, SlaTargets>,
    /// Warn when this share of a target has run, in percent (1 to 99).
    #[serde(default = "default_warn_percent")]
    pub warn_percent: u8,
}

impl Default for SlaPolicy {
    fn default() -> Self {
        Self { targets: BTreeMap::new(), warn_percent: default_warn_percent() }
    }
}

fn default_warn_percent() -> u8 {
    80
}

/// Inbound work of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Queue {
    pub id: QueueId,
    pub version: i64,
    /// Unique short name, as typed in commands: lower-case letters, digits, `-`.
    pub key: String,
    pub name: String,
    #[serde(default)]
    pub department: Option<String>,
    /// The tier whose people take new tickets, 1 to 3.
    pub tier: u8,
    /// Skills a ticket of this queue needs.
    #[serde(default)]
    pub skills: Vec<String>,
    #[serde(default)]
    pub strategy: Strategy,
    #[serde(default)]
    pub sla: SlaPolicy,
    /// Told when nobody is eligible, or a target is breached.
    #[serde(default)]
    pub lead: Option<PersonId>,
    /// Place in lists, ascending.
    #[serde(default)]
    pub position: i32,
    pub active: bool,
}

/// A way in for messages from outside (`POST /api/v1/intake/{key}`), with a token of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IntakeChannel {
    pub id: IntakeChannelId,
    pub version: i64,
    /// Unique short name, part of the URL.
    pub key: String,
    pub name: String,
    /// Where a first message opens a ticket.
    pub queue: QueueId,
    /// SHA-256 of the channel's token, in hexadecimal; the token itself is shown once.
    pub token_sha256: String,
    pub active: bool,
}
