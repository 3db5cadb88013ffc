//! What the desk tells one person, apart from conversations.

pub mod dismiss;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::id::{ConversationId, NoticeId, PersonId, TicketNumber};
use super::ticket::WaitReason;

/// What happened. Consoles word it in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum NoticeKind {
    Assigned,
    NobodyEligible { waits: WaitReason },
    SlaWarning,
    SlaBreached,
    Mentioned,
    EscalationAsked,
    EscalationAnswered { accepted: bool },
}

/// What the desk tells one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Notice {
    pub id: NoticeId,
    pub version: i64,
    pub person: PersonId,
    pub kind: NoticeKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketNumber>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
    pub at: DateTime<Utc>,
    #[serde(default)]
    pub read: bool,
}
