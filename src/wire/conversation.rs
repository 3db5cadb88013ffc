//! Bodies of conversations, escalations and intake.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::command::RequesterInput;
use crate::domain::conversation::{Attachment, ConversationKind};
use crate::domain::escalation::{EscalationReason, Verdict};
use crate::domain::id::{EscalationId, PersonId, QueueId, TicketNumber};
use crate::domain::ticket::{Kind, Priority};

/// `POST /api/v1/conversations`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConversation {
    pub kind: ConversationKind,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub members: Vec<PersonId>,
}

/// `POST /api/v1/conversations/{id}/messages`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewChatMessage {
    pub text: String,
}

/// `POST /api/v1/conversations/{id}/read`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadUpTo {
    pub seq: i64,
}

/// `POST /api/v1/tickets/{number}/escalate`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEscalation {
    /// 2 or 3.
    pub tier: u8,
    /// The roster finds somebody when absent.
    #[serde(default)]
    pub person: Option<PersonId>,
    /// The expert must have it.
    #[serde(default)]
    pub skill: Option<String>,
    #[serde(default)]
    pub reason: EscalationReason,
    /// The reason in words.
    pub note: String,
    /// What was tried so far.
    #[serde(default)]
    pub tried: String,
    /// The ticket becomes the expert's when they accept.
    #[serde(default)]
    pub takes_over: bool,
}

/// `POST /api/v1/escalations/{id}/answer`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EscalationAnswer {
    pub ticket: TicketNumber,
    pub accept: bool,
    #[serde(default)]
    pub reason: Option<String>,
}

/// `POST /api/v1/escalations/{id}/leave`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EscalationVerdict {
    pub ticket: TicketNumber,
    pub result: Verdict,
    /// The verdict in words.
    pub note: String,
}

/// `POST /api/v1/escalations/{id}/join`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EscalationJoin {
    pub ticket: TicketNumber,
}

/// `POST /api/v1/escalations/{id}/withdraw`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EscalationWithdrawal {
    pub ticket: TicketNumber,
    #[serde(default)]
    pub reason: Option<String>,
}

/// What a new escalation is called, and whom it calls.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct EscalationMade {
    pub escalation: EscalationId,
    pub ticket: TicketNumber,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expert: Option<PersonId>,
    /// Until when they have to answer; then the next one is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept_by: Option<DateTime<Utc>>,
}

/// `POST /api/v1/intake/{channel}`, with the channel's token.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IntakeMessage {
    /// The thread's id outside.
    pub thread: String,
    /// The message's id outside.
    pub external: String,
    pub author: RequesterInput,
    pub text: String,
    #[serde(default)]
    pub subject: Option<String>,
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    #[serde(default)]
    pub kind: Option<Kind>,
    #[serde(default)]
    pub priority: Option<Priority>,
    #[serde(default)]
    #[schema(value_type = Object)]
    pub fields: BTreeMap<String, serde_json::Value>,
}

/// `POST /api/v1/intake-channels`: the answer holds the token, shown once.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewIntakeChannel {
    pub key: String,
    pub name: String,
    pub queue: QueueId,
}

/// A new channel's token.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct IntakeChannelMade {
    pub key: String,
    pub token: String,
}
