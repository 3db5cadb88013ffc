//! Who owns a ticket, and why. [`choose`] holds the rule.

pub mod auto_assign;
pub mod choose;
pub mod load;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::id::{AssignmentId, DecisionId, PersonId, TicketNumber};
use super::queue::Strategy;
use super::ticket::WaitReason;

/// Why a ticket was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssignmentReason {
    /// The desk chose.
    Automatic,
    /// A colleague gave it.
    ByHand,
    /// The person took it.
    Claimed,
    /// It came with an import.
    Imported,
}

/// Why an assignment ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    Released,
    Reassigned,
    Solved,
    Closed,
    Merged,
    MovedQueue,
}

/// The period a person owns a ticket. The schema allows one without an end per ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Assignment {
    pub id: AssignmentId,
    pub ticket: TicketNumber,
    pub person: PersonId,
    pub reason: AssignmentReason,
    /// Who gave it, when a person did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<DecisionId>,
    pub started_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_reason: Option<EndReason>,
}

/// Why a candidate was passed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Exclusion {
    OffDuty,
    NotPresent,
    AtCapacity { open: u32, capacity: u32 },
    LacksSkill { skill: String },
}

/// One person considered in a decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Candidate {
    pub person: PersonId,
    /// Open tickets against capacity, 0 and up; the least wins. Absent when excluded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load: Option<f64>,
    pub open: u32,
    pub capacity: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_assigned_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excluded: Option<Exclusion>,
}

/// One run of the assignment rule: it explains itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Decision {
    pub id: DecisionId,
    pub ticket: TicketNumber,
    pub at: DateTime<Utc>,
    pub strategy: Strategy,
    /// Best first; then the excluded. People of the queue's rotas at the ticket's tier.
    pub candidates: Vec<Candidate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen: Option<PersonId>,
    /// Why nobody was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<WaitReason>,
}
