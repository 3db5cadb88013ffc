//! Who owns a ticket, and why. [`choose`] holds the rule.

pub mod accept;
pub mod auto_assign;
pub mod choose;
pub mod eligible;
pub mod load;
#[cfg(test)]
mod model_tests;
pub mod next;
#[cfg(test)]
mod next_tests;
pub mod owners;
pub mod rebalance;
#[cfg(test)]
mod rebalance_tests;
#[cfg(test)]
mod return_tests;
pub mod return_ticket;
pub mod shift_end;
pub mod strategy;
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
    /// The desk handed it over at the end of a shift.
    Relief,
    /// A proposal to even out the load was accepted.
    Rebalanced,
    /// An expert who was called in to take it over accepted.
    Escalated,
}

/// Why an assignment ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    Released,
    /// Not opened or acted on in time.
    NotAccepted,
    /// The assignee was away and the requester had no first reply.
    Away,
    /// The assignee's shift was over.
    EndOfShift,
    /// It woke while its assignee was off duty.
    OwnerOffDuty,
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
    AtCapacity {
        open: u32,
        capacity: u32,
    },
    LacksSkill {
        skill: String,
    },
    LacksLanguage {
        language: String,
    },
    /// Holds as many of this queue as one person may.
    AtQueueCap {
        open: u32,
        cap: u32,
    },
    /// Gave this ticket back, or did not accept it.
    DeclinedBefore,
}

/// A part of a candidate's score, in the order in which the strategy compares.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ScorePart {
    /// Last served this requester.
    Sticky { served: bool },
    /// Speaks the ticket's language.
    Language { speaks: bool },
    /// Sum of levels in the needed skills.
    Skill { levels: u32 },
    /// Weighted load against capacity, 0 and up; the least is best.
    Load { load: f64 },
    /// When the desk last gave them a ticket (of this queue, for `round_robin`); longest ago is best, never is better still.
    LastAssigned {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<DateTime<Utc>>,
    },
}

/// One person considered in a decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Candidate {
    pub person: PersonId,
    /// Weighted load against capacity, 0 and up. Absent when excluded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load: Option<f64>,
    pub open: u32,
    pub capacity: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_assigned_at: Option<DateTime<Utc>>,
    /// Empty when excluded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub score: Vec<ScorePart>,
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
