//! What a person wants to be reminded of: theirs alone, told once, never early.

pub mod cancel;
pub mod fire;
pub mod put;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Timestamp;
use super::id::{ConversationId, PersonId, ReminderId, TicketNumber};
use super::when::{self, WhenError};

/// Where a reminder stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReminderState {
    Waiting,
    /// The person was told.
    Told,
    Cancelled,
}

/// What a person wants to be reminded of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reminder {
    pub id: ReminderId,
    pub version: i64,
    /// Whose it is, and who alone sees it.
    pub person: PersonId,
    pub at: DateTime<Utc>,
    /// Up to 300 characters.
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketNumber>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
    pub state: ReminderState,
}

/// Makes a reminder, or moves one that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PutReminder {
    pub id: ReminderId,
    pub at: DateTime<Utc>,
    /// May be empty where it is about a ticket or a conversation.
    #[serde(default)]
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketNumber>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
}

/// Reads `2h call them back`, as typed after `/remind`: when, and of what.
///
/// # Errors
/// When the text does not begin with a time that is to come; in words for the person.
pub fn parse(text: &str, now: Timestamp, zone: Tz) -> Result<(Timestamp, String), WhenError> {
    when::prefix(text, now, zone)
}
