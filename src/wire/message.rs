//! Bodies about single messages: found, edited, reacted to, pinned.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::conversation::Message;
use crate::domain::id::{ConversationId, PersonId, TicketNumber};

/// A message that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MessageHit {
    pub message: Message,
    /// Where the text was found: from and to, in bytes of the message's `text` (UTF-8), in order.
    #[serde(default)]
    pub ranges: Vec<(usize, usize)>,
}

/// `GET /api/v1/messages`: newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MessageHits {
    pub hits: Vec<MessageHit>,
    /// There were more: narrow the search.
    #[serde(default)]
    pub more: bool,
}

/// `PATCH /api/v1/messages/{id}`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageText {
    /// 1 to 65,536 characters.
    pub text: String,
}

/// `POST /api/v1/messages/{id}/reactions`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reaction {
    /// One emoji or a short word, up to 16 characters.
    pub reaction: String,
    /// `false` takes it back.
    #[serde(default = "yes")]
    pub on: bool,
}

/// `POST /api/v1/messages/{id}/pin`, `POST /api/v1/conversations/{id}/mute`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    #[serde(default = "yes")]
    pub on: bool,
}

fn yes() -> bool {
    true
}

/// `PATCH /api/v1/conversations/{id}`: what is absent stays; an empty topic removes it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConversationPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
}

/// `POST /api/v1/conversations/{id}/members`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    pub person: PersonId,
}

/// Where a client looks for messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SearchScope {
    #[default]
    Everywhere,
    Ticket(TicketNumber),
    Conversation(ConversationId),
}
