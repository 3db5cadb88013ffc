//! All bytes are here: put together, checked against size and hash, sniffed, and taken or refused.

use axum::http::StatusCode;
use futures::{StreamExt, TryStreamExt};
use object_store::buffered::BufWriter;
use object_store::{ObjectStore, ObjectStoreExt};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tokio::io::AsyncWriteExt;

use super::{Files, unusable};
use crate::domain::file::{FileState, StoredFile, sniff};
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::state::Desk;

/// Makes one object of the pieces. What does not keep its promise is dropped, and told.
///
/// # Errors
/// `file_hash_differs`, `file_type_refused`, or a failing file store (then it may be tried again).
pub async fn finish(desk: &Desk, file: StoredFile) -> ApiResult<StoredFile> {
    let files = &desk.files;
    let (head, sha256, size) = files.assemble(&file).await?;
    let promised = file.sha256.clone();
    let media_type = sniff::media_type(&head, &file.claimed_type);
    let whole = StoredFile { state: FileState::Complete, sha256: Some(sha256.clone()), media_type, ..file.clone() };
    let refusal = if size != file.size {
        // Pieces overlap or are missing: the place was meddled with.
        Some(("file_hash_differs", format!("{:?} has {size} bytes and not {}: upload it again.", file.name, file.size)))
    } else if promised.is_some_and(|promised| !promised.eq_ignore_ascii_case(&sha256)) {
        Some(("file_hash_differs", format!("{:?} arrived with another hash than announced: upload it again.", file.name)))
    } else if !files.config.takes(&whole.media_type) {
        Some(("file_type_refused", format!("{:?} is {}, which this desk does not take.", file.name, whole.media_type)))
    } else {
        None
    };
    if let Some((code, message)) = refusal {
        discard(desk, &file).await?;
        return Err(ApiProblem::new(StatusCode::UNPROCESSABLE_ENTITY, code, message));
    }
    if !desk.store.advance_file(file.received, &whole).await? {
        return Err(ApiProblem::not_found("The file"));
    }
    files.remove_pieces(&file).await?;
    Ok(whole)
}

/// Gives a file up and removes its bytes, unless it was attached meanwhile.
///
/// # Errors
/// When store or file store fail: the collector goes on with it.
pub async fn discard(desk: &Desk, file: &StoredFile) -> ApiResult<bool> {
    if !desk.store.drop_file(file).await? {
        return Ok(false);
    }
    desk.files.remove(file).await?;
    desk.store.forget_file(file.id).await?;
    Ok(true)
}

impl Files {
    /// Writes the pieces as one object; gives its head, its hash and its length.
    async fn assemble(&self, file: &StoredFile) -> ApiResult<(Vec<u8>, String, i64)> {
        let mut pieces: Vec<_> = self.objects.list(Some(&self.pieces(file.id))).try_collect().await.map_err(|error| unusable(&error))?;
        pieces.sort_by(|a, b| a.location.cmp(&b.location));
        let mut writer = BufWriter::new(Arc::clone(&self.objects), self.whole(file.id));
        let (mut head, mut hash, mut size) = (Vec::new(), Sha256::new(), 0_i64);
        for piece in pieces {
            let mut bytes = self.objects.get(&piece.location).await.map_err(|error| unusable(&error))?.into_stream();
            while let Some(chunk) = bytes.next().await {
                let chunk = chunk.map_err(|error| unusable(&error))?;
                let room = sniff::HEAD_BYTES.saturating_sub(head.len());
                head.extend_from_slice(&chunk[..room.min(chunk.len())]);
                hash.update(&chunk);
                size += i64::try_from(chunk.len()).unwrap_or(i64::MAX);
                writer.put(chunk).await.map_err(|error| unusable(&error))?;
            }
        }
        writer.shutdown().await.map_err(|error| unusable(&object_store::Error::Generic { store: "files", source: Box::new(error) }))?;
        let sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok((head, sha256, size))
    }

    async fn remove_pieces(&self, file: &StoredFile) -> ApiResult<()> {
        let pieces: Vec<_> = self.objects.list(Some(&self.pieces(file.id))).try_collect().await.map_err(|error| unusable(&error))?;
        for piece in pieces {
            gone(self.objects.delete(&piece.location).await)?;
        }
        Ok(())
    }

    /// Removes all bytes of a file; what is gone already is well.
    async fn remove(&self, file: &StoredFile) -> ApiResult<()> {
        self.remove_pieces(file).await?;
        gone(self.objects.delete(&self.whole(file.id)).await)
    }
}

fn gone(removed: object_store::Result<()>) -> ApiResult<()> {
    match removed {
        Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
        Err(error) => Err(unusable(&error)),
    }
}
