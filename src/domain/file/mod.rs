//! Files that the desk keeps: attachments of messages. Their rows are here and in the database, their bytes are in the
//! object store, and neither bytes nor rows travel in the sync feed: messages name what is attached.

pub mod attach;
pub mod name;
pub mod sniff;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::conversation::Attachment;
use super::id::{ConversationId, FileId, IntakeChannelId, MessageId, PersonId, TicketNumber};

/// Files that one message may have.
pub const FILES_MAX: usize = 20;
/// Hours after which a file is collected that nobody finished uploading, or attached to nothing.
pub const ABANDONED_HOURS: i64 = 24;

/// Who uploaded a file, and alone may attach it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FileOwner {
    Person {
        id: PersonId,
    },
    /// On behalf of a requester.
    Intake {
        channel: IntakeChannelId,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// Bytes are still to come.
    Uploading,
    /// All bytes are here and were checked.
    Complete,
    /// Refused or abandoned: its bytes are being removed.
    Dropped,
}

/// Where a file is attached: the message decides who may read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FilePlace {
    pub message: MessageId,
    pub conversation: ConversationId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketNumber>,
}

/// A file that the desk keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StoredFile {
    pub id: FileId,
    /// Clean: no path, no control or direction characters.
    pub name: String,
    /// What its bytes say it is; until they are all here, what was claimed.
    pub media_type: String,
    /// What the uploader said it is.
    pub claimed_type: String,
    /// Bytes it has when complete.
    pub size: i64,
    /// Bytes that are here.
    pub received: i64,
    /// Hexadecimal: as promised, or as found once complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    pub owner: FileOwner,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<FilePlace>,
    pub state: FileState,
    pub created_at: DateTime<Utc>,
}

impl StoredFile {
    /// The bytes say another kind of thing than the uploader did.
    #[must_use]
    pub fn lies(&self) -> bool {
        self.state == FileState::Complete && sniff::contradicts(&self.claimed_type, &self.media_type)
    }

    /// As a message names it.
    #[must_use]
    pub fn attachment(&self) -> Attachment {
        Attachment {
            name: self.name.clone(),
            media_type: self.media_type.clone(),
            size: self.size,
            url: String::new(),
            file: Some(self.id),
        }
    }
}
