//! Bodies of the ticket resources.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::command::RequesterInput;
use crate::domain::conversation::{Message, Visibility};
use crate::domain::id::{MessageId, PersonId};
use crate::domain::ticket::{Kind, Priority, Status, Ticket};

/// `POST /api/v1/tickets`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTicket {
    /// A queue's key.
    #[schema(example = "equipment")]
    pub queue: String,
    #[serde(default)]
    #[schema(example = "Pump 4 does not start")]
    pub subject: String,
    pub text: String,
    pub requester: RequesterInput,
    #[serde(default)]
    pub kind: Kind,
    #[serde(default)]
    pub priority: Priority,
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(default)]
    #[schema(value_type = Object)]
    pub fields: BTreeMap<String, serde_json::Value>,
}

/// `PATCH /api/v1/tickets/{number}`: what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// A queue's key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub add_tags: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remove_tags: Vec<String>,
    /// A `null` removes the field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = Object)]
    pub fields: BTreeMap<String, serde_json::Value>,
}

/// A page of tickets, newest first.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TicketList {
    pub tickets: Vec<Ticket>,
    /// Pass as `cursor` to go on; absent on the last page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Messages of one conversation, oldest first.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MessageList {
    pub messages: Vec<Message>,
    /// Pass as `after` to go on; absent on the last page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<i64>,
    /// Pass as `before` to go back; absent when the first message is here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prev: Option<i64>,
}

/// `POST /api/v1/tickets/{number}/messages`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMessage {
    pub text: String,
    /// `public`, `internal`, or `tier2` and `tier3`: for people of that tier and above, and leads.
    #[serde(default = "public")]
    pub visibility: Visibility,
    /// The message it answers, of the same ticket.
    #[serde(default)]
    pub reply_to: Option<MessageId>,
    #[serde(default)]
    pub status: Option<Status>,
    /// `seq` of the last message one has read: a public reply is refused (`answered_meanwhile`) when somebody else replied after it.
    #[serde(default)]
    pub seen: Option<i64>,
}

fn public() -> Visibility {
    Visibility::Public
}

/// `POST /api/v1/tickets/{number}/assign`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignTo {
    pub person: PersonId,
}
