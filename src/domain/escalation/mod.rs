//! A call for a higher tier: an expert is asked into the ticket's own conversation.

pub mod answer;
pub mod escalate;
pub mod leave;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::id::{EscalationId, PersonId, TicketNumber};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EscalationState {
    Asked,
    Accepted,
    Declined,
    /// The expert left, with a verdict.
    Left,
}

/// A call for a higher tier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Escalation {
    pub id: EscalationId,
    pub version: i64,
    pub ticket: TicketNumber,
    pub asked_by: PersonId,
    pub expert: PersonId,
    /// The tier asked for, 2 or 3.
    pub tier: u8,
    pub reason: String,
    pub state: EscalationState,
    /// Why declined, or the verdict on leaving.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
    pub asked_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<DateTime<Utc>>,
}
