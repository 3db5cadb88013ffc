//! Bodies that are too large are read to their end and answered: a connection dropped in the middle would have its client try again for
//! ever, and tell nobody why.

use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::StreamExt;

use super::error::ApiProblem;

/// Bytes of a request's body.
pub const BODY_MAX: usize = 1024 * 1024;
/// Bytes of an import's.
pub const IMPORT_BODY_MAX: usize = 16 * 1024 * 1024;
/// What is read of a body that is refused; a client that sends more is cut off.
const DRAIN_MAX: usize = 64 * 1024 * 1024;

/// Refuses a body whose length is announced and more than [`BODY_MAX`], naming both sizes.
pub async fn limited(request: Request, next: Next) -> Response {
    let advice = "a message's text has at most 65,536 characters: shorten it, or attach it as a file";
    limited_to(BODY_MAX, advice, request, next).await
}

/// As [`limited`], for an import's and [`IMPORT_BODY_MAX`].
pub async fn limited_import(request: Request, next: Next) -> Response {
    limited_to(IMPORT_BODY_MAX, "send the lines in several parts: what was imported before is not done twice", request, next).await
}

async fn limited_to(max: usize, advice: &str, request: Request, next: Next) -> Response {
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let Some(length) = announced.filter(|length| *length > max) else { return next.run(request).await };
    let mut chunks = request.into_body().into_data_stream();
    let mut read = 0;
    while let Some(Ok(chunk)) = chunks.next().await {
        read += chunk.len();
        if read > DRAIN_MAX {
            break;
        }
    }
    let why = format!("The body has {length} bytes, and at most {max} are taken; {advice}.");
    ApiProblem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", why).into_response()
}
