//! What the larger commands carry: a new ticket, a message, a conversation, an imported ticket.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::conversation::{Attachment, ConversationKind, Visibility};
use crate::domain::id::{BroadcastId, ConversationId, FileId, IntakeChannelId, MessageId, PersonId, QueueId, TicketNumber};
use crate::domain::incident::preview::BroadcastText;
use crate::domain::ticket::{Kind, Priority, Status};

/// Who a new ticket is from: somebody known, or somebody described.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequesterInput {
    /// Unique id in the system they come from; found or created by it.
    pub external: String,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub phone: Option<String>,
    #[serde(default)]
    pub class: Option<String>,
    /// A site's code.
    #[serde(default)]
    pub site: Option<String>,
    #[serde(default)]
    pub language: Option<String>,
}

/// A new ticket with its first message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CreateTicket {
    pub queue: QueueId,
    /// 1 to 300 characters; taken from the text's first line when empty.
    #[serde(default)]
    pub subject: String,
    pub text: String,
    /// Made by the author's client.
    pub message: MessageId,
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

/// A message from outside, through an intake channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReceiveMessage {
    pub channel: IntakeChannelId,
    /// The thread's id outside: the first message opens a ticket, later ones join it.
    pub thread: String,
    /// The message's id outside; a second message with it is taken for the first sent again.
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

/// Where a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum MessageTarget {
    Ticket { number: TicketNumber },
    Conversation { id: ConversationId },
}

impl MessageTarget {
    #[must_use]
    pub fn ticket(self) -> Option<TicketNumber> {
        match self {
            Self::Ticket { number } => Some(number),
            Self::Conversation { .. } => None,
        }
    }
}

/// A message by a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PostMessage {
    pub target: MessageTarget,
    pub message: MessageId,
    /// In a ticket: whether the requester sees it. Elsewhere always `internal`.
    pub visibility: Visibility,
    /// 1 to 65,536 characters. `@handle` mentions a person.
    pub text: String,
    /// The message it answers, of the same conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<MessageId>,
    /// Files uploaded before, to be attached.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileId>,
    /// `seq` of the last message its author had seen: a public reply is refused (`answered_meanwhile`) when somebody else
    /// replied publicly after it. Absent: not compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<i64>,
    /// Sets the ticket's status with the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
}

impl PostMessage {
    /// Text alone, answering nothing.
    #[must_use]
    pub fn new(target: MessageTarget, message: MessageId, visibility: Visibility, text: String) -> Self {
        Self { target, message, visibility, text, reply_to: None, files: Vec::new(), seen: None, status: None }
    }
}

/// One text for the requesters of all tickets of an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SendBroadcast {
    /// The incident.
    pub number: TicketNumber,
    /// Made by the sender's client: the same again changes nothing.
    pub broadcast: BroadcastId,
    pub body: BroadcastText,
    /// How many were to get it in the preview; refused when it is another number now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<usize>,
}

/// A new channel or direct conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CreateConversation {
    pub id: ConversationId,
    pub kind: ConversationKind,
    /// A channel's name.
    #[serde(default)]
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// A channel with none is open to the desk, or to `queue`'s people.
    #[serde(default)]
    pub members: Vec<PersonId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
    /// Sites of this region are its subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The major incident it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<TicketNumber>,
}

impl CreateConversation {
    /// Open to the desk without members, to them alone with some; about nothing in particular.
    #[must_use]
    pub fn new(id: ConversationId, kind: ConversationKind, title: String, members: Vec<PersonId>) -> Self {
        Self { id, kind, title, topic: None, members, queue: None, region: None, incident: None }
    }
}

/// A message of an imported ticket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ImportMessage {
    /// A person's handle, or absent for the requester.
    #[serde(default)]
    pub person: Option<String>,
    pub text: String,
    #[serde(default)]
    pub internal: bool,
    pub at: DateTime<Utc>,
}

/// A ticket with its history, from a file or another desk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ImportTicket {
    /// Id where it comes from; the same id again changes nothing.
    pub external: String,
    /// A queue's key.
    pub queue: String,
    pub subject: String,
    pub requester: RequesterInput,
    #[serde(default)]
    pub kind: Kind,
    #[serde(default)]
    pub priority: Priority,
    #[serde(default)]
    pub status: Status,
    /// A person's handle.
    #[serde(default)]
    pub assignee: Option<String>,
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(default)]
    #[schema(value_type = Object)]
    pub fields: BTreeMap<String, serde_json::Value>,
    /// At least one; the first is the requester's.
    pub messages: Vec<ImportMessage>,
    pub created_at: DateTime<Utc>,
    #[serde(default)]
    pub solved_at: Option<DateTime<Utc>>,
}
