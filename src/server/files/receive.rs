//! A slice of a file as it comes in: written piece by piece, so that a link that drops loses nothing that was acknowledged and
//! little of what was on its way.

use std::time::Duration;

use axum::body::Body;
use axum::http::StatusCode;
use futures::StreamExt;

use super::{Files, PIECE_BYTES, finish};
use crate::domain::file::{FileState, StoredFile};
use crate::domain::id::FileId;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::state::Desk;

/// A sender that says nothing for this long is gone.
const SILENCE: Duration = Duration::from_secs(20);

/// What became of a slice.
#[derive(Debug)]
pub enum Received {
    /// The file as it is now.
    Now(StoredFile),
    /// The slice starts elsewhere than where the file ends now.
    WrongOffset(StoredFile),
}

/// Takes the bytes of `body` from `offset` on; checks and finishes the file when it is whole.
///
/// # Errors
/// When the file store fails, the body holds more than was announced, or the whole file is refused.
pub async fn receive(desk: &Desk, id: FileId, offset: i64, body: Body) -> ApiResult<Received> {
    // On a task of its own: a caller that goes away does not take along what has already arrived.
    let desk = desk.clone();
    let work = tokio::spawn(async move { slice(&desk, id, offset, body).await });
    work.await.map_err(|error| ApiProblem::failed(&error))?
}

async fn slice(desk: &Desk, id: FileId, offset: i64, body: Body) -> ApiResult<Received> {
    let files = &desk.files;
    let _turn = files.lock(id).await;
    let mut file = desk.store.file(id).await?.ok_or_else(|| ApiProblem::not_found("The file"))?;
    if file.state == FileState::Dropped {
        return Err(ApiProblem::not_found("The file"));
    }
    if file.state == FileState::Complete || offset != file.received {
        return Ok(if file.state == FileState::Complete && offset == file.size {
            Received::Now(file)
        } else {
            Received::WrongOffset(file)
        });
    }
    let mut body = body.into_data_stream();
    let mut piece: Vec<u8> = Vec::new();
    let mut broken = false;
    loop {
        let chunk = match tokio::time::timeout(SILENCE, body.next()).await {
            Ok(None) => break,
            Ok(Some(Ok(chunk))) => chunk,
            // Cut off, or nothing came for long: what is here is kept.
            Ok(Some(Err(_))) | Err(_) => {
                broken = true;
                break;
            }
        };
        let here = file.received + i64::try_from(piece.len() + chunk.len()).unwrap_or(i64::MAX);
        if here > file.size {
            return Err(too_much(&file));
        }
        piece.extend_from_slice(&chunk);
        if piece.len() >= PIECE_BYTES {
            keep(desk, files, &mut file, std::mem::take(&mut piece)).await?;
        }
    }
    if !piece.is_empty() {
        keep(desk, files, &mut file, piece).await?;
    }
    if broken {
        return Err(ApiProblem::new(
            StatusCode::BAD_REQUEST,
            "cut_off",
            "The slice ended early: ask for the offset, then go on from there.",
        ));
    }
    if file.received == file.size {
        file = finish::finish(desk, file).await?;
    }
    Ok(Received::Now(file))
}

/// Bytes first, then the row that says they are here.
async fn keep(desk: &Desk, files: &Files, file: &mut StoredFile, piece: Vec<u8>) -> ApiResult<()> {
    let from = file.received;
    let to = from + i64::try_from(piece.len()).unwrap_or(i64::MAX);
    files.put(&files.piece(file.id, from), piece).await?;
    let next = StoredFile { received: to, ..file.clone() };
    if !desk.store.advance_file(from, &next).await? {
        return Err(ApiProblem::not_found("The file"));
    }
    *file = next;
    Ok(())
}

fn too_much(file: &StoredFile) -> ApiProblem {
    let message =
        format!("{:?} was announced with {} bytes, and this slice goes beyond: begin again with the right size.", file.name, file.size);
    ApiProblem::new(StatusCode::UNPROCESSABLE_ENTITY, "file_longer", message)
}
