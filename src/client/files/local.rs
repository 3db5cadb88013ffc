//! A file of this machine as it was when somebody chose it.

use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::FileError;
use crate::domain::file::{name, sniff};
use crate::domain::id::FileId;

/// A chosen file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Local {
    pub id: FileId,
    /// Absolute.
    pub path: PathBuf,
    pub name: String,
    pub media_type: String,
    pub size: u64,
    /// Hexadecimal.
    pub sha256: String,
}

/// Reads what there is to know of a file: all of it, for its hash.
///
/// # Errors
/// When it is no file, or cannot be read.
pub async fn inspect(id: FileId, path: &Path) -> Result<Local, FileError> {
    let path = path.to_owned();
    let work = tokio::task::spawn_blocking(move || read(id, &path));
    work.await.unwrap_or_else(|error| Err(FileError::Disk { path: PathBuf::new(), why: error.to_string() }))
}

fn read(id: FileId, path: &Path) -> Result<Local, FileError> {
    let disk = |error: std::io::Error| FileError::disk(path, &error);
    let path = std::path::absolute(path).map_err(disk)?;
    let mut file = std::fs::File::open(&path).map_err(disk)?;
    if !file.metadata().map_err(disk)?.is_file() {
        return Err(FileError::NotAFile(path));
    }
    let (head, sha256, size) = digest(&mut file).map_err(disk)?;
    let name = name::clean(&path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default());
    Ok(Local { id, media_type: sniff::media_type(&head, "application/octet-stream"), path, name, size, sha256 })
}

/// Head, hash and length.
pub(super) fn digest(from: &mut impl Read) -> std::io::Result<(Vec<u8>, String, u64)> {
    let (mut head, mut hash, mut size) = (Vec::new(), Sha256::new(), 0);
    let mut block = vec![0; 128 * 1024];
    loop {
        let read = from.read(&mut block)?;
        if read == 0 {
            break;
        }
        let room = sniff::HEAD_BYTES.saturating_sub(head.len());
        head.extend_from_slice(&block[..read.min(room)]);
        hash.update(&block[..read]);
        size += read as u64;
    }
    Ok((head, hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect(), size))
}
