//! What one shift tells the next: open work, promises, what is about to breach, running escalations, a watch list; signed by both.

pub mod draft;
pub mod edit;
pub mod put;
pub mod sign;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::Audience;
use super::escalation::EscalationState;
use super::follow_up::Confidence;
use super::id::{EscalationId, HandoverId, PersonId, QueueId, RotaId, TicketNumber};
use super::ticket::{Priority, Status};

/// Where a handover stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HandoverState {
    Draft,
    /// Somebody of those who go has signed.
    SignedOut,
    /// Somebody of those who come has read and signed it.
    Accepted,
}

/// A ticket of the open work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HandoverItem {
    pub ticket: TicketNumber,
    pub subject: String,
    pub priority: Priority,
    pub status: Status,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<PersonId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime<Utc>>,
    /// A target is missed, or will be soon after the shift.
    #[serde(default)]
    pub breaching: bool,
    /// The requester waits for an answer.
    #[serde(default)]
    pub awaits_reply: bool,
}

/// Something promised to a requester.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HandoverPromise {
    pub ticket: TicketNumber,
    pub at: DateTime<Utc>,
    pub text: String,
    /// How sure it is, where it was found in a reply and not set by a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Confidence>,
}

/// A call for help that runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HandoverEscalation {
    pub escalation: EscalationId,
    pub ticket: TicketNumber,
    pub expert: PersonId,
    pub tier: u8,
    pub state: EscalationState,
}

/// A ticket to keep an eye on, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Watch {
    pub ticket: TicketNumber,
    /// Up to 300 characters.
    #[serde(default)]
    pub note: String,
}

/// Which side signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Out,
    In,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Signature {
    pub person: PersonId,
    pub side: Side,
    pub at: DateTime<Utc>,
}

/// What one shift tells the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Handover {
    pub id: HandoverId,
    pub version: i64,
    pub rota: RotaId,
    /// The shift that ends.
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    /// Those who go.
    pub outgoing: Vec<PersonId>,
    /// Those who come, by the roster; none where nobody follows.
    #[serde(default)]
    pub incoming: Vec<PersonId>,
    /// Most pressing first.
    #[serde(default)]
    pub work: Vec<HandoverItem>,
    /// Open tickets that were more than the handover holds.
    #[serde(default)]
    pub more_work: u32,
    #[serde(default)]
    pub promises: Vec<HandoverPromise>,
    #[serde(default)]
    pub escalations: Vec<HandoverEscalation>,
    #[serde(default)]
    pub watch: Vec<Watch>,
    /// In the words of those who go.
    #[serde(default)]
    pub notes: String,
    /// Who reads it besides leads, admins and viewers: both sides and the rota's members.
    #[serde(default)]
    pub readers: Vec<PersonId>,
    pub state: HandoverState,
    #[serde(default)]
    pub signatures: Vec<Signature>,
    pub drafted_at: DateTime<Utc>,
}

impl Handover {
    /// Who reads it. No queue is named: its readers and those who see the whole desk.
    #[must_use]
    pub fn audience(&self) -> Audience {
        Audience::Queue { queue: QueueId::default(), people: self.readers.clone() }
    }

    #[must_use]
    pub fn signed(&self, side: Side) -> Option<&Signature> {
        self.signatures.iter().find(|signature| signature.side == side)
    }
}
