//! Bytes of files: kept in an object store (a folder, S3, memory), taken in slices, checked when whole, given out in ranges.
//! Their rows are the store's; who may read them is in [`access`]; nothing here goes through the sync feed.

pub mod access;
pub mod finish;
pub mod give;
pub mod place;
pub mod receive;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use tokio::sync::OwnedMutexGuard;

pub use place::FilePlaceConfig;

use super::error::{ApiProblem, ApiResult};
use crate::domain::file::sniff;
use crate::domain::id::FileId;

/// The largest file where nobody says otherwise.
pub const FILE_MAX: u64 = 25 * 1024 * 1024;
/// What is written as one piece: what is lost at most when the server dies in the middle of a slice.
pub const PIECE_BYTES: usize = 1024 * 1024;

/// Where files are kept, and which are taken.
#[derive(Clone, Debug)]
pub struct FilesConfig {
    pub place: FilePlaceConfig,
    /// Bytes.
    pub max: u64,
    /// Types that are taken, as `image/png` or `image/*`; empty: all.
    pub allow: Vec<String>,
    /// Types that are not.
    pub deny: Vec<String>,
}

impl FilesConfig {
    /// All but programs, up to 25 MiB.
    #[must_use]
    pub fn at(place: FilePlaceConfig) -> Self {
        Self { place, max: FILE_MAX, allow: Vec::new(), deny: sniff::refused_by_default() }
    }

    /// In a folder.
    #[must_use]
    pub fn folder(path: impl Into<std::path::PathBuf>) -> Self {
        Self::at(FilePlaceConfig::Folder(path.into()))
    }

    /// Gone with the process: for demonstrations and tests.
    #[must_use]
    pub fn memory() -> Self {
        Self::at(FilePlaceConfig::Memory)
    }

    /// Whether files of this type are taken.
    #[must_use]
    pub fn takes(&self, media_type: &str) -> bool {
        !sniff::matches(&self.deny, media_type) && (self.allow.is_empty() || sniff::matches(&self.allow, media_type))
    }
}

/// The bytes of the desk's files.
pub struct Files {
    pub config: FilesConfig,
    objects: Arc<dyn ObjectStore>,
    prefix: Path,
    /// Files to which somebody writes now: one at a time.
    writing: Mutex<HashMap<FileId, Arc<tokio::sync::Mutex<()>>>>,
}

impl Files {
    /// # Errors
    /// One sentence when the place cannot be used as configured.
    pub fn open(config: FilesConfig) -> Result<Self, String> {
        let (objects, prefix) = place::open(&config.place)?;
        Ok(Self { config, objects, prefix, writing: Mutex::default() })
    }

    /// A whole file.
    fn whole(&self, id: FileId) -> Path {
        self.prefix.clone().join("files").join(id.to_string())
    }

    /// The piece that starts at `offset`; names order as offsets do.
    fn piece(&self, id: FileId, offset: i64) -> Path {
        self.prefix.clone().join("pieces").join(id.to_string()).join(format!("{offset:015}"))
    }

    fn pieces(&self, id: FileId) -> Path {
        self.prefix.clone().join("pieces").join(id.to_string())
    }

    async fn put(&self, path: &Path, bytes: Vec<u8>) -> ApiResult<()> {
        self.objects.put(path, PutPayload::from(bytes)).await.map(drop).map_err(|error| unusable(&error))
    }

    /// The right to write a file; waits while somebody else has it.
    pub async fn lock(&self, id: FileId) -> OwnedMutexGuard<()> {
        let lock = {
            let mut writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
            writing.retain(|_, lock| Arc::strong_count(lock) > 1);
            Arc::clone(writing.entry(id).or_default())
        };
        lock.lock_owned().await
    }
}

/// The object store failed: told as the server's trouble, its words go to the log.
pub(super) fn unusable(error: &object_store::Error) -> ApiProblem {
    tracing::error!(%error, "the file store cannot be used");
    let said = "The file store cannot be used just now; what was acknowledged is kept. Try again shortly.";
    ApiProblem::new(axum::http::StatusCode::SERVICE_UNAVAILABLE, "files_unavailable", said).retry_after(5)
}
