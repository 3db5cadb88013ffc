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
