//! One file up: announced under its own id, then slice by slice from wherever the server is.

use std::time::Duration;

use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use tokio::io::{AsyncReadExt, AsyncSeekExt, SeekFrom};

use super::FileError;
use super::local::Local;
use crate::client::api::Api;
use crate::domain::file::FileState;
use crate::wire::file::{FileView, NewFile};

/// Bytes of one request: what is sent again at most when a link drops.
pub const SLICE_BYTES: usize = 512 * 1024;
/// How long one slice may take.
const SLICE_TIMEOUT: Duration = Duration::from_secs(120);

/// Sends what the server lacks of `local`; `progress` is told the bytes that are there. Sent again it goes on where it was.
///
/// # Errors
/// When the link or the server fail, or the file is not what it was.
pub async fn send(api: &Api, local: &Local, progress: &(dyn Fn(u64) + Send + Sync)) -> Result<FileView, FileError> {
    let announced = NewFile {
        id: Some(local.id),
        name: local.name.clone(),
        media_type: local.media_type.clone(),
        size: i64::try_from(local.size).unwrap_or(i64::MAX),
        sha256: Some(local.sha256.clone()),
    };
    let mut view: FileView = api.post("/api/v1/files", &announced).await?;
    let disk = |error: std::io::Error| FileError::disk(&local.path, &error);
    let mut file = tokio::fs::File::open(&local.path).await.map_err(disk)?;
    loop {
        let offset = u64::try_from(view.offset).unwrap_or_default();
        progress(offset);
        if view.state == FileState::Complete {
            return Ok(view);
        }
        if file.metadata().await.map_err(disk)?.len() != local.size {
            return Err(FileError::Changed(local.path.clone()));
        }
        file.seek(SeekFrom::Start(offset)).await.map_err(disk)?;
        let mut slice = Vec::with_capacity(SLICE_BYTES);
        (&mut file).take(SLICE_BYTES as u64).read_to_end(&mut slice).await.map_err(disk)?;
        view = match append(api, local, offset, slice).await {
            Err(FileError::Api(error)) if error.code() == Some("wrong_offset") => {
                api.get(&format!("/api/v1/files/{}/status", local.id)).await?
            }
            other => other?,
        };
    }
}

async fn append(api: &Api, local: &Local, offset: u64, slice: Vec<u8>) -> Result<FileView, FileError> {
    let path = format!("/api/v1/files/{}?offset={offset}", local.id);
    let request = api.request(Method::PATCH, &path).header(CONTENT_TYPE, "application/octet-stream").body(slice).timeout(SLICE_TIMEOUT);
    match api.send(request).await {
        Ok(response) => Ok(api.read_json(response).await?),
        Err(error) if error.code() == Some("file_hash_differs") => Err(FileError::Changed(local.path.clone())),
        Err(error) => Err(error.into()),
    }
}
