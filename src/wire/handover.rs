//! Handovers, reminders and promises on the wire.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::follow_up::Found;
use crate::domain::handover::Watch;
use crate::domain::id::{ConversationId, MessageId, TicketNumber};
use crate::domain::ticket::FollowUp;

/// `POST /api/v1/handovers`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHandover {
    /// A rota's key.
    #[schema(example = "front-desk")]
    pub rota: String,
}

/// `PATCH /api/v1/handovers/{id}`: absent parts stay.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandoverEdit {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "The vendor calls back at six.")]
    pub notes: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watch: Option<Vec<Watch>>,
}

/// `PUT /api/v1/reminders/{id}`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReminderInput {
    pub at: DateTime<Utc>,
    /// May be empty where it is about a ticket or a conversation.
    #[serde(default)]
    #[schema(example = "Call Shop 1 back")]
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketNumber>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
}

/// `PUT /api/v1/tickets/{number}/follow-ups/{id}`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FollowUpInput {
    pub at: DateTime<Utc>,
    /// 1 to 300 characters.
    #[schema(example = "Send the spare part")]
    pub text: String,
    /// The message in which it was promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageId>,
    /// Kept, or no longer wanted.
    #[serde(default)]
    pub done: bool,
}

/// What was promised in a ticket.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct FollowUps {
    /// Set by people, by time.
    pub set: Vec<FollowUp>,
    /// Found in the last public replies and confirmed by nobody; in the time zone of who asks.
    pub found: Vec<Found>,
}
