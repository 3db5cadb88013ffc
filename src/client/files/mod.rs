//! Files on their way: up, in slices that go on where a link broke off, also after a restart; down, into a bounded folder of
//! copies or a chosen place. Uploads are rows beside the outbox; a message waits there until its files are whole.

pub mod copies;
pub mod desk;
pub mod fetch;
pub mod local;
pub(crate) mod run;
pub mod send;
#[cfg(test)]
mod tests;
pub mod uploads;

use std::path::{Path, PathBuf};

use super::api::ApiError;
use crate::domain::Timestamp;
use crate::domain::conversation::{Attachment, Author, Message, Visibility};
use crate::domain::id::FileId;

/// Why a file did not go up or come down.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("{path} cannot be read or written ({why}): check the path and its rights")]
    Disk { path: PathBuf, why: String },
    #[error("{0} is not a file: name one")]
    NotAFile(PathBuf),
    /// Its content is no longer what was chosen.
    #[error("{0} has changed since it was attached: attach it again")]
    Changed(PathBuf),
    /// What came down is not what the server keeps.
    #[error("the file arrived damaged and was thrown away: try again")]
    Damaged,
    #[error(transparent)]
    Api(#[from] ApiError),
}

impl FileError {
    pub(crate) fn disk(path: &Path, error: &std::io::Error) -> Self {
        Self::Disk { path: path.to_owned(), why: error.to_string() }
    }
}

/// A file on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    pub file: FileId,
    pub name: String,
    /// Bytes that are over.
    pub done: u64,
    pub size: u64,
    pub up: bool,
    /// Why it does not go on; nothing retries it.
    pub failed: Option<String>,
}

/// An attachment with its message's circumstances.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileItem {
    /// Absent: the channel keeps it, at `url`.
    pub file: Option<FileId>,
    pub url: String,
    pub name: String,
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// The bytes are another kind of thing than was claimed; unknown without a link.
    pub lies: bool,
    pub author: Author,
    pub visibility: Visibility,
    pub at: Timestamp,
}

impl FileItem {
    /// As the cached message tells it.
    #[must_use]
    pub fn of(attachment: &Attachment, message: &Message) -> Self {
        let Attachment { name, media_type, size, url, file } = attachment.clone();
        let (author, visibility, at) = (message.author.clone(), message.visibility, message.created_at);
        Self { file, url, name, media_type, size, lies: false, author, visibility, at }
    }

    #[must_use]
    pub fn bytes(&self) -> u64 {
        u64::try_from(self.size).unwrap_or_default()
    }
}
