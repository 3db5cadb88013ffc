//! Who works here, and what the desk knows of them at this moment.

pub mod presence;
mod states;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use states::AgentStates;

use super::assignment::EndReason;
use super::id::{PersonId, QueueId};

/// What a person may do. Rights are decided in [`access`](super::access) alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads everything, changes nothing.
    Viewer,
    /// Works the tickets of their queues.
    Agent,
    /// Called into escalated tickets; otherwise as an agent.
    Expert,
    /// Runs queues and rosters; sees the whole desk.
    Lead,
    /// Runs people, tokens and settings; sees the whole desk.
    Admin,
}

/// A skill with its level, 1 (knows of it) to 5 (teaches it).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Skill {
    pub name: String,
    pub level: u8,
}

/// Somebody who works at this desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Person {
    pub id: PersonId,
    pub version: i64,
    /// Unique short name, as typed in `@mentions` and at sign-in: lower-case letters, digits, `.`, `-`, `_`.
    pub handle: String,
    pub name: String,
    pub role: Role,
    /// Support tier, 1 to 3.
    pub tier: u8,
    #[serde(default)]
    pub skills: Vec<Skill>,
    /// Language tags this person answers in, best first (`zh-CN`, `en`).
    #[serde(default)]
    pub languages: Vec<String>,
    /// How many open tickets they can hold at once; 0 takes none automatically.
    pub capacity: u32,
    /// IANA name, such as `Asia/Shanghai`.
    pub time_zone: String,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub region: Option<String>,
    /// The queues they work in; what an agent or expert may see follows from it.
    #[serde(default)]
    pub queues: Vec<QueueId>,
    /// Somebody who left is kept for the record, and is never assigned, notified or signed in.
    pub active: bool,
}

/// Whether a person can take work now, as they or their console say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    Available,
    Busy,
    Away,
    #[default]
    Offline,
}

/// What changes about a person by the minute: presence and load. Apart from [`Person`], so that a
/// person's own version moves only when somebody edits them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgentState {
    pub person: PersonId,
    pub version: i64,
    pub presence: Presence,
    /// Since when the presence holds.
    pub since: DateTime<Utc>,
    /// When a ticket was last given to them automatically; ties go to who waited longest.
    #[serde(default)]
    pub last_assigned_at: Option<DateTime<Utc>>,
    /// Tickets assigned and not solved, closed, pending or on hold: what counts against capacity.
    pub open_tickets: u32,
    /// Weight of all unsolved tickets assigned, in hundredths of an open ticket of normal priority.
    #[serde(default)]
    pub load: i64,
    /// By queue, where they hold or were given something.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub queues: BTreeMap<QueueId, QueueLoad>,
    /// How often tickets returned from them, by reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub returned: BTreeMap<EndReason, u32>,
    /// Tickets not accepted in time since they last accepted one.
    #[serde(default)]
    pub missed: u32,
    /// The desk set the presence, because no console was seen or tickets were not accepted.
    #[serde(default)]
    pub timed_out: bool,
}

/// Somebody's work in one queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QueueLoad {
    /// Open tickets, as in [`AgentState::open_tickets`].
    pub open: u32,
    /// When the desk last gave them one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_assigned_at: Option<DateTime<Utc>>,
}

impl AgentState {
    /// The state of a person never seen before.
    #[must_use]
    pub fn unseen(person: PersonId, now: DateTime<Utc>) -> Self {
        Self {
            person,
            version: 0,
            presence: Presence::Offline,
            since: now,
            last_assigned_at: None,
            open_tickets: 0,
            load: 0,
            queues: BTreeMap::new(),
            returned: BTreeMap::new(),
            missed: 0,
            timed_out: false,
        }
    }
}
