//! Streams of messages: a ticket's own, a channel's, or direct between people.

pub mod answered;
pub mod create;
mod desk_line;
pub mod edit;
pub mod interleave;
pub mod mark_read;
pub mod members;
pub mod mention;
pub mod pin;
pub mod post;
pub mod react;
pub mod readers;
pub mod standing;
#[cfg(test)]
mod tests;
pub mod update;
mod withheld;

pub use desk_line::DeskLine;
pub use readers::ReadBy;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::command::{Change, Given};
use super::id::{ConversationId, FileId, MessageId, PersonId, QueueId, RequesterId, TicketNumber};
use super::notice::{Notice, NoticeKind};
use super::row::Row;

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
    /// The ticket whose own conversation it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketNumber>,
    /// A channel of a queue is open to those who see the queue's tickets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
    /// The major incident that a channel is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<TicketNumber>,
    /// A channel about the sites of a region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Who takes part. A channel with no members is open to the whole desk, or to its queue's people.
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

/// Who reads a message: the requester as well, the desk alone, or only people of a tier and above (with leads and admins).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    Public,
    Internal,
    Tier2,
    Tier3,
}

impl Visibility {
    /// The lowest tier that reads it.
    #[must_use]
    pub fn tier(self) -> u8 {
        match self {
            Self::Public | Self::Internal => 1,
            Self::Tier2 => 2,
            Self::Tier3 => 3,
        }
    }
}

/// Something outside the text; the desk keeps the reference, not the bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Attachment {
    pub name: String,
    pub media_type: String,
    /// Bytes.
    #[serde(default)]
    pub size: i64,
    /// Where the channel keeps it; empty when the desk keeps it itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub url: String,
    /// Under which the desk keeps its bytes (`GET /api/v1/files/{id}`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileId>,
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
    /// What the desk itself says, as data; the text is the same in English.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "desk_line::or_none")]
    pub line: Option<DeskLine>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<PersonId>,
    /// The message it answers, of the same conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<MessageId>,
    /// Who reacted, by reaction.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reactions: BTreeMap<String, Vec<PersonId>>,
    /// Who pinned it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pinned_by: Option<PersonId>,
    /// When its text was last changed; earlier texts are kept as [`MessageEdit`]s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<DateTime<Utc>>,
    /// A new ticket was made of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split_into: Option<TicketNumber>,
    /// It is a copy: the ticket was split off another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_of: Option<MessageRef>,
    /// The reader's tier may not read it: only its place is told.
    #[serde(default, skip_serializing_if = "is_false")]
    pub withheld: bool,
    pub created_at: DateTime<Utc>,
}

impl Message {
    /// A first version for the desk's own people, outside tickets, with nothing attached.
    #[must_use]
    pub fn new(id: MessageId, conversation: ConversationId, seq: i64, author: Author, text: String, created_at: DateTime<Utc>) -> Self {
        Self {
            id,
            version: 1,
            conversation,
            ticket: None,
            seq,
            author,
            visibility: Visibility::Internal,
            text,
            line: None,
            attachments: Vec::new(),
            mentions: Vec::new(),
            reply_to: None,
            reactions: BTreeMap::new(),
            pinned_by: None,
            edited_at: None,
            split_into: None,
            copy_of: None,
            withheld: false,
            created_at,
        }
    }

    /// What the desk itself says, outside tickets.
    #[must_use]
    pub fn by_desk(id: MessageId, conversation: ConversationId, seq: i64, line: DeskLine, created_at: DateTime<Utc>) -> Self {
        let text = line.to_string();
        Self { line: Some(line), ..Self::new(id, conversation, seq, Author::System, text, created_at) }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

/// A message of a ticket, named from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MessageRef {
    pub ticket: TicketNumber,
    pub message: MessageId,
    pub seq: i64,
    /// When it was written.
    pub at: DateTime<Utc>,
}

/// A message's text before an edit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MessageEdit {
    pub message: MessageId,
    /// The version that had this text.
    pub version: i64,
    pub text: String,
    pub edited_by: PersonId,
    pub edited_at: DateTime<Utc>,
}

/// How far a person has read a conversation; synced between their consoles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReadMark {
    pub person: PersonId,
    pub conversation: ConversationId,
    pub version: i64,
    pub seq: i64,
    /// New messages are not counted or told, mentions excepted.
    #[serde(default)]
    pub muted: bool,
}

/// A notice that somebody is meant by a message outside tickets; none for the author and for who left.
fn notice(given: Given<'_>, person: PersonId, conversation: ConversationId) -> Option<Change> {
    let active = given.directory().people.get(&person).is_some_and(|person| person.active);
    if !active || given.actor_id() == Some(person) {
        return None;
    }
    Some(Change::Put(Row::Notice(Notice {
        id: given.fresh(),
        version: 1,
        person,
        kind: NoticeKind::Mentioned,
        ticket: None,
        conversation: Some(conversation),
        at: given.now(),
        read: false,
    })))
}
