//! Files: announced, sent in slices, resumed where they broke off, read in ranges. People's own and, with a channel's token,
//! those of its requesters. Headers follow the IETF draft on resumable uploads (`Upload-Offset`, `Upload-Complete`).

use axum::Json;
use axum::body::Body as Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::intake::authenticate;
use super::visible_ticket;
use crate::base::clock::new_id;
use crate::domain::file::{FileOwner, FileState, StoredFile, name, sniff};
use crate::domain::id::{FileId, TicketNumber};
use crate::domain::refusal::Refusal;
use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::extract::{Body, Path, Query};
use crate::server::files::receive::{Received, receive};
use crate::server::files::{access, finish, give};
use crate::server::state::Desk;
use crate::wire::file::{AttachedFile, COMPLETE_HEADER, FileView, NewFile, OFFSET_HEADER};
use crate::wire::list::Items;
use crate::wire::problem::Problem;

/// Where a slice starts.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct At {
    /// Bytes that are there already; the `Upload-Offset` header says the same.
    offset: Option<i64>,
}

/// Announce a file of one's own; its bytes come after, with PATCH. The same announcement again answers how far it has come.
#[utoipa::path(post, path = "/api/v1/files", tag = "files", request_body = NewFile, responses(
    (status = 201, body = FileView), (status = 401, body = Problem),
    (status = 409, description = "The id names another file", body = Problem),
    (status = 413, description = "Larger than this desk takes", body = Problem), (status = 422, body = Problem)))]
pub async fn begin(State(desk): State<Desk>, who: SignedIn, Body(body): Body<NewFile>) -> ApiResult<Response> {
    if !crate::domain::access::may_work(&who.person) {
        return Err(Refusal::forbidden("Viewers only read: ask somebody who works here to upload it.").into());
    }
    announce(&desk, FileOwner::Person { id: who.person.id }, body).await
}

async fn announce(desk: &Desk, owner: FileOwner, body: NewFile) -> ApiResult<Response> {
    let max = i64::try_from(desk.files.config.max).unwrap_or(i64::MAX);
    if body.size < 0 {
        return Err(ApiProblem::invalid("size", "The size is negative: send the number of bytes."));
    }
    if body.size > max {
        let message = format!("The file has {} bytes; this desk takes at most {max}: make it smaller, or send a link to it.", body.size);
        return Err(ApiProblem::new(StatusCode::PAYLOAD_TOO_LARGE, "file_too_large", message));
    }
    let hash = |hash: &String| hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    if body.sha256.as_ref().is_some_and(|sha256| !hash(sha256)) {
        return Err(ApiProblem::invalid("sha256", "The hash is no SHA-256: send 64 hexadecimal digits, or leave it out."));
    }
    let claimed = sniff::tidy(&body.media_type);
    let file = StoredFile {
        id: body.id.unwrap_or_else(|| new_id().into()),
        name: name::clean(&body.name),
        media_type: claimed.clone(),
        claimed_type: claimed,
        size: body.size,
        received: 0,
        sha256: body.sha256.map(|sha256| sha256.to_ascii_lowercase()),
        owner,
        place: None,
        state: FileState::Uploading,
        created_at: desk.clock.now(),
    };
    if desk.store.add_file(&file).await? {
        return Ok(with_progress(StatusCode::CREATED, file));
    }
    let known = desk.store.file(file.id).await?.filter(|known| known.owner == owner && known.state != FileState::Dropped);
    match known {
        Some(known) if (known.size, &known.name) == (file.size, &file.name) => Ok(with_progress(StatusCode::CREATED, known)),
        _ => Err(Refusal::conflict("taken", "This id names another file: make a fresh id for each file.").into()),
    }
}

fn with_progress(status: StatusCode, file: StoredFile) -> Response {
    let view = FileView::from(file);
    let (offset, complete) = (view.offset, view.state == FileState::Complete);
    let mut response = (status, Json(view)).into_response();
    progress(response.headers_mut(), offset, complete);
    response
}

fn progress(headers: &mut HeaderMap, offset: i64, complete: bool) {
    headers.insert(OFFSET_HEADER, HeaderValue::from(offset));
    headers.insert(COMPLETE_HEADER, HeaderValue::from_static(if complete { "?1" } else { "?0" }));
}

/// Send a slice: raw bytes from the offset on, as many as the link carries. When the last byte is here, size, hash and type are checked.
#[utoipa::path(patch, path = "/api/v1/files/{id}", tag = "files", params(("id" = Uuid, Path), At),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", example = json!("bytes")), responses(
    (status = 200, description = "How far it has come; also in `Upload-Offset` and `Upload-Complete`", body = FileView),
    (status = 400, description = "The slice ended early; what came is kept", body = Problem), (status = 401, body = Problem),
    (status = 404, body = Problem),
    (status = 409, description = "Another offset is right: `Upload-Offset` tells it", body = Problem),
    (status = 422, description = "Longer than announced, another hash, or a type that is not taken", body = Problem)))]
pub async fn append(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(id): Path<FileId>,
    Query(at): Query<At>,
    headers: HeaderMap,
    body: Bytes,
) -> ApiResult<Response> {
    access::own(&desk, id, FileOwner::Person { id: who.person.id }).await?;
    take(&desk, id, &at, &headers, body).await
}

async fn take(desk: &Desk, id: FileId, at: &At, headers: &HeaderMap, body: Bytes) -> ApiResult<Response> {
    let said = headers.get(OFFSET_HEADER).and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
    let Some(offset) = at.offset.or(said) else {
        return Err(ApiProblem::invalid("offset", "The slice does not say where it starts: send ?offset=N or Upload-Offset."));
    };
    match receive(desk, id, offset, body).await? {
        Received::Now(file) => Ok(with_progress(StatusCode::OK, file)),
        Received::WrongOffset(file) => {
            let message = format!("{} bytes are here, and the slice starts at {offset}: go on from {}.", file.received, file.received);
            let mut response = ApiProblem::new(StatusCode::CONFLICT, "wrong_offset", message).into_response();
            progress(response.headers_mut(), file.received, file.state == FileState::Complete);
            Ok(response)
        }
    }
}

/// How far one's own upload has come.
#[utoipa::path(get, path = "/api/v1/files/{id}/status", tag = "files", params(("id" = Uuid, Path)), responses(
    (status = 200, body = FileView), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn status(State(desk): State<Desk>, who: SignedIn, Path(id): Path<FileId>) -> ApiResult<Response> {
    let own = access::own(&desk, id, FileOwner::Person { id: who.person.id }).await;
    let file = match own {
        Ok(file) => file,
        Err(_) => access::readable(&desk, id, &who.person).await?,
    };
    Ok(with_progress(StatusCode::OK, file))
}

/// How far an upload has come, in `Upload-Offset` and `Upload-Complete`.
#[utoipa::path(head, path = "/api/v1/files/{id}", tag = "files", params(("id" = Uuid, Path)), responses(
    (status = 204, description = "The headers tell"), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn offset(state: State<Desk>, who: SignedIn, path: Path<FileId>) -> ApiResult<Response> {
    Ok(bare(status(state, who, path).await?))
}

fn bare(mut response: Response) -> Response {
    *response.body_mut() = Bytes::empty();
    *response.status_mut() = StatusCode::NO_CONTENT;
    response.headers_mut().remove(axum::http::header::CONTENT_LENGTH);
    response.headers_mut().remove(axum::http::header::CONTENT_TYPE);
    response
}

/// Read a file, whole or a range of it: by its uploader, and by whoever reads the message it is attached to.
#[utoipa::path(get, path = "/api/v1/files/{id}", tag = "files", params(("id" = Uuid, Path)), responses(
    (status = 200, description = "The bytes, as an attachment, with an `ETag`", content_type = "application/octet-stream", body = Vec<u8>, example = json!("bytes")),
    (status = 206, description = "The asked range", content_type = "application/octet-stream", body = Vec<u8>, example = json!("bytes")), (status = 401, body = Problem),
    (status = 404, body = Problem), (status = 409, description = "Not all of it is here yet", body = Problem),
    (status = 416, description = "The range lies outside", body = Problem)))]
pub async fn download(State(desk): State<Desk>, who: SignedIn, Path(id): Path<FileId>, headers: HeaderMap) -> ApiResult<Response> {
    let file = access::readable(&desk, id, &who.person).await?;
    send(&desk, &file, &headers).await
}

async fn send(desk: &Desk, file: &StoredFile, headers: &HeaderMap) -> ApiResult<Response> {
    if file.state != FileState::Complete {
        let message = format!("{:?} is not all here yet: {} of {} bytes.", file.name, file.received, file.size);
        return Err(Refusal::conflict("file_incomplete", message).into());
    }
    give::give(&desk.files, file, headers).await
}

/// Take back a file of one's own that is attached to nothing.
#[utoipa::path(delete, path = "/api/v1/files/{id}", tag = "files", params(("id" = Uuid, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 409, description = "It is attached to a message", body = Problem)))]
pub async fn remove(State(desk): State<Desk>, who: SignedIn, Path(id): Path<FileId>) -> ApiResult<StatusCode> {
    let _turn = desk.files.lock(id).await;
    let file = access::own(&desk, id, FileOwner::Person { id: who.person.id }).await?;
    if finish::discard(&desk, &file).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Refusal::conflict("file_attached", "The file is attached to a message, and stays with it.").into())
}

/// The files attached in a ticket that one may read, oldest first.
#[utoipa::path(get, path = "/api/v1/tickets/{number}/files", tag = "files", operation_id = "of_ticket", params(("number" = i64, Path)), responses(
    (status = 200, body = Items<AttachedFile>), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn of_ticket(State(desk): State<Desk>, who: SignedIn, Path(number): Path<TicketNumber>) -> ApiResult<Json<Items<AttachedFile>>> {
    visible_ticket(&desk, &who.person, number).await?;
    let found = desk.store.files_of(number).await?;
    let read = found.into_iter().filter(|(_, message)| access::reads_visibility(&who.person, message));
    let view = |(file, message): (StoredFile, crate::domain::conversation::Message)| AttachedFile {
        file: file.into(),
        author: message.author,
        visibility: message.visibility,
        seq: message.seq,
        at: message.created_at,
    };
    Ok(Json(read.map(view).collect::<Vec<_>>().into()))
}

/// Announce a requester's file, with the channel's token; name it in a message's `attachments` as `file`.
#[utoipa::path(post, path = "/api/v1/intake/{channel}/files", tag = "intake", operation_id = "begin_file",
    params(("channel" = String, Path, description = "The channel's key")), request_body = NewFile, responses(
    (status = 201, body = FileView), (status = 401, description = "The token is not this channel's", body = Problem),
    (status = 409, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem)))]
pub async fn channel_begin(
    State(desk): State<Desk>,
    Path(key): Path<String>,
    headers: HeaderMap,
    body: Result<Body<NewFile>, ApiProblem>,
) -> ApiResult<Response> {
    let channel = authenticate(&desk, &key, &headers).await?;
    let Body(body) = body?;
    announce(&desk, FileOwner::Intake { channel: channel.id }, body).await
}

/// Send a slice of a requester's file, with the channel's token.
#[utoipa::path(patch, path = "/api/v1/intake/{channel}/files/{id}", tag = "intake", operation_id = "append_file",
    params(("channel" = String, Path, description = "The channel's key"), ("id" = Uuid, Path), At),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", example = json!("bytes")), responses(
    (status = 200, body = FileView), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn channel_append(
    State(desk): State<Desk>,
    Path((key, id)): Path<(String, FileId)>,
    Query(at): Query<At>,
    headers: HeaderMap,
    body: Bytes,
) -> ApiResult<Response> {
    let channel = authenticate(&desk, &key, &headers).await?;
    access::own(&desk, id, FileOwner::Intake { channel: channel.id }).await?;
    take(&desk, id, &at, &headers, body).await
}

/// How far the upload of a requester's file has come, with the channel's token.
#[utoipa::path(head, path = "/api/v1/intake/{channel}/files/{id}", tag = "intake", operation_id = "file_offset",
    params(("channel" = String, Path, description = "The channel's key"), ("id" = Uuid, Path)), responses(
    (status = 204, description = "The headers tell"), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn channel_offset(State(desk): State<Desk>, Path((key, id)): Path<(String, FileId)>, headers: HeaderMap) -> ApiResult<Response> {
    let channel = authenticate(&desk, &key, &headers).await?;
    let file = access::own(&desk, id, FileOwner::Intake { channel: channel.id }).await?;
    Ok(bare(with_progress(StatusCode::OK, file)))
}

/// Read a file of the channel's own, or of a public message in its tickets, with the channel's token.
#[utoipa::path(get, path = "/api/v1/intake/{channel}/files/{id}", tag = "intake", operation_id = "download_file",
    params(("channel" = String, Path, description = "The channel's key"), ("id" = Uuid, Path)), responses(
    (status = 200, content_type = "application/octet-stream", body = Vec<u8>, example = json!("bytes")),
    (status = 206, content_type = "application/octet-stream", body = Vec<u8>, example = json!("bytes")), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 416, body = Problem)))]
pub async fn channel_download(
    State(desk): State<Desk>,
    Path((key, id)): Path<(String, FileId)>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let channel = authenticate(&desk, &key, &headers).await?;
    let file = access::readable_by_channel(&desk, id, &channel).await?;
    send(&desk, &file, &headers).await
}
