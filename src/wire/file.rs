//! Files on the wire: what is said of them; their bytes travel raw.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::conversation::{Author, Visibility};
use crate::domain::file::{FileState, StoredFile};
use crate::domain::id::{FileId, MessageId, TicketNumber};

/// How many bytes of a file are here, as in the IETF draft on resumable uploads.
pub const OFFSET_HEADER: &str = "upload-offset";
/// `?1` when the file is whole, as in the same draft.
pub const COMPLETE_HEADER: &str = "upload-complete";

/// `POST /api/v1/files`: announces a file; its bytes come after.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFile {
    /// Made by the client, so that an announcement sent twice names the same file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<FileId>,
    #[schema(example = "pump-4.log")]
    pub name: String,
    /// What it is said to be; its bytes decide.
    #[serde(default)]
    #[schema(example = "text/plain")]
    pub media_type: String,
    /// Bytes.
    #[schema(example = 1024)]
    pub size: i64,
    /// Hexadecimal; compared when the file is whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    pub sha256: Option<String>,
}

/// A file as far as it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FileView {
    pub id: FileId,
    pub name: String,
    /// By its bytes, once they are all here.
    pub media_type: String,
    pub claimed_type: String,
    /// The bytes say another kind of thing than was claimed.
    pub lies: bool,
    pub size: i64,
    /// Bytes that are here: the offset at which to go on.
    pub offset: i64,
    pub state: FileState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketNumber>,
    pub created_at: DateTime<Utc>,
}

impl From<StoredFile> for FileView {
    fn from(file: StoredFile) -> Self {
        let lies = file.lies();
        let StoredFile { id, name, media_type, claimed_type, size, received, sha256, place, state, created_at, .. } = file;
        let (message, ticket) = (place.map(|place| place.message), place.and_then(|place| place.ticket));
        Self { id, name, media_type, claimed_type, lies, size, offset: received, state, sha256, message, ticket, created_at }
    }
}

/// A file attached in a ticket, with its message's circumstances.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AttachedFile {
    #[serde(flatten)]
    pub file: FileView,
    pub author: Author,
    pub visibility: Visibility,
    /// The message's place in the conversation.
    pub seq: i64,
    pub at: DateTime<Utc>,
}
