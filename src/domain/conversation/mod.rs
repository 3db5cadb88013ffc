//! Streams of messages: a ticket's own, a channel's, or direct between people.

pub mod create;
pub mod mark_read;
pub mod mention;
pub mod post;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::id::{ConversationId, MessageId, PersonId, RequesterId, TicketNumber};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConversationKind {
    /// Open to the desk, or to its members when it names any.
    Channel,
    /// Between its members only.
    Direct,
    /// A ticket's own conversation into which experts were called; its id is the ticket's conversation id.
    Escalation,
}

/// A conversation that people find in Chats. A ticket's conversation gets such a row when it is escalated;
/// until then the ticket itself carries all there is to know of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Conversation {
    pub id: ConversationId,
    pub version: i64,
    pub kind: ConversationKind,
    /// A channel's name, an escalated ticket's subject; empty for direct conversations.
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketNumber>,
    /// Who takes part. A channel with no members is open to the whole desk.
    #[serde(default)]
    pub members: Vec<PersonId>,
    /// `seq` of the last message; 0 with none.
    pub last_seq: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_message_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

/// Who wrote a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Author {
    Person {
        id: PersonId,
    },
    Requester {
        id: RequesterId,
        name: String,
    },
    /// The desk itself: assignments, escalations, merges.
    System,
}

/// Whether the requester sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    Public,
    Internal,
}

/// Something outside the text; the desk keeps the reference, not the bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Attachment {
    pub name: String,
    pub media_type: String,
    /// Bytes.
    #[serde(default)]
    pub size: i64,
    /// Where the channel keeps it.
    pub url: String,
}

/// One entry of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Message {
    pub id: MessageId,
    pub version: i64,
    pub conversation: ConversationId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketNumber>,
    /// Place in its conversation, from 1 without gaps.
    pub seq: i64,
    pub author: Author,
    pub visibility: Visibility,
    pub text: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<PersonId>,
    pub created_at: DateTime<Utc>,
}

/// How far a person has read a conversation; synced between their consoles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReadMark {
    pub person: PersonId,
    pub conversation: ConversationId,
    pub version: i64,
    pub seq: i64,
}
