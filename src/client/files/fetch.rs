//! One file down: into a `.part` beside its place, going on where it broke off, checked, then renamed into place whole.

use std::path::{Path, PathBuf};

use futures::StreamExt;
use reqwest::header::{ETAG, IF_RANGE, RANGE};
use reqwest::{Method, StatusCode};
use tokio::io::AsyncWriteExt;

use super::FileError;
use super::local::digest;
use crate::client::api::{Api, ApiError};
use crate::domain::id::FileId;

/// The path with something behind its name.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}

/// Fetches a file into `into`, whose folder exists; `progress` is told the bytes that are here and, where known, all.
///
/// # Errors
/// When the link or the disk fail (what came stays for the next try), or it came damaged.
pub async fn fetch(api: &Api, id: FileId, into: &Path, progress: &(dyn Fn(u64, Option<u64>) + Send + Sync)) -> Result<(), FileError> {
    let (part, tag) = (beside(into, ".part"), beside(into, ".tag"));
    let known = tokio::fs::read_to_string(&tag).await.ok();
    let here = match &known {
        Some(_) => tokio::fs::metadata(&part).await.map(|found| found.len()).unwrap_or(0),
        None => 0,
    };
    let mut request = api.request(Method::GET, &format!("/api/v1/files/{id}"));
    if let Some(known) = known.filter(|_| here > 0) {
        request = request.header(RANGE, format!("bytes={here}-")).header(IF_RANGE, known);
    }
    let response = match api.open(request, api.patience()).await {
        // All of it was here: only the rename was missing.
        Err(ApiError::Problem(problem, _)) if problem.status == StatusCode::RANGE_NOT_SATISFIABLE.as_u16() => {
            return settle(into, &part, &tag).await;
        }
        other => other?,
    };
    let disk = |error: std::io::Error| FileError::disk(&part, &error);
    let goes_on = response.status() == StatusCode::PARTIAL_CONTENT;
    let found = response.headers().get(ETAG).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let mut done = if goes_on { here } else { 0 };
    let all = response.content_length().map(|rest| rest + done);
    let mut file =
        tokio::fs::OpenOptions::new().create(true).write(true).truncate(!goes_on).append(goes_on).open(&part).await.map_err(disk)?;
    tokio::fs::write(&tag, &found).await.map_err(|error| FileError::disk(&tag, &error))?;
    let mut bytes = response.bytes_stream();
    progress(done, all);
    let cut = |why: String| ApiError::Unreachable { url: api.base().to_owned(), why, sent: true };
    loop {
        let next = tokio::time::timeout(api.patience(), bytes.next()).await;
        let Some(chunk) = next.map_err(|_| cut("the file stopped on its way".to_owned()))? else { break };
        let chunk = chunk.map_err(|error| cut(error.to_string()))?;
        file.write_all(&chunk).await.map_err(disk)?;
        done += chunk.len() as u64;
        progress(done, all);
    }
    file.sync_all().await.map_err(disk)?;
    drop(file);
    settle(into, &part, &tag).await
}

/// Checks what came against the server's tag, which is its hash, and puts it in place.
async fn settle(into: &Path, part: &Path, tag: &Path) -> Result<(), FileError> {
    let (into, part, tag) = (into.to_owned(), part.to_owned(), tag.to_owned());
    let work = tokio::task::spawn_blocking(move || {
        let disk = |error: std::io::Error| FileError::disk(&part, &error);
        let wanted = std::fs::read_to_string(&tag).map_err(disk)?;
        let (_, sha256, _) = digest(&mut std::fs::File::open(&part).map_err(disk)?).map_err(disk)?;
        let same = wanted.trim_matches('"') == sha256;
        if same {
            std::fs::rename(&part, &into).map_err(disk)?;
        } else {
            let _ = std::fs::remove_file(&part);
        }
        // Of no more use; one that stays only costs a look.
        let _ = std::fs::remove_file(&tag);
        if same { Ok(()) } else { Err(FileError::Damaged) }
    });
    work.await.unwrap_or(Err(FileError::Damaged))
}
