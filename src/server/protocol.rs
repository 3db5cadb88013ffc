//! What the two ends speak: read from each request, said with each answer, and refused where it cannot work any more.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::error::{ApiProblem, ApiResult};
use crate::wire::protocol::{PROTOCOL, PROTOCOL_HEADER, PROTOCOL_OLDEST, PROTOCOL_UNSAID, Spoken};

/// What tells a client why it is refused, and what programs read to make a client, answers to all.
const OPEN_TO_ALL: [&str; 2] = ["/api/v1/desk", "/api/v1/openapi.json"];
/// What consoles live by: a client that does not say its protocol is one of the first.
const OF_CONSOLES: [&str; 4] = ["/api/v1/snapshot", "/api/v1/sync", "/api/v1/digest", "/api/v1/commands"];

/// The protocol of whoever asks. A newer one than ours is answered as ours: what is new there is its own to do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protocol(pub u32);

impl<S: Sync> FromRequestParts<S> for Protocol {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        // What cannot be read was refused by the layer.
        let said = said(&parts.headers).ok().flatten();
        Ok(Self(said.unwrap_or(PROTOCOL_UNSAID).min(PROTOCOL)))
    }
}

fn said(headers: &HeaderMap) -> ApiResult<Option<u32>> {
    let Some(value) = headers.get(PROTOCOL_HEADER) else { return Ok(None) };
    let spoken = value.to_str().ok().and_then(Spoken::parse);
    let why = "The Dutydesk-Protocol header must be a number, such as `2`: leave it out if you do not know it.";
    spoken.map(|spoken| Some(spoken.newest)).ok_or_else(|| ApiProblem::new(StatusCode::BAD_REQUEST, "invalid", why))
}

/// Refuses clients that are too old, and says on every answer what this server speaks.
pub async fn layer(request: Request, next: Next) -> Response {
    let mut response = match check(request.uri().path(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    let ours = HeaderValue::from_str(&Spoken::OURS.header()).expect("digits and letters");
    response.headers_mut().insert(HeaderName::from_static(PROTOCOL_HEADER), ours);
    response
}

fn check(path: &str, headers: &HeaderMap) -> ApiResult<()> {
    if !path.starts_with("/api/") || OPEN_TO_ALL.contains(&path) {
        return Ok(());
    }
    let said = said(headers)?.or_else(|| OF_CONSOLES.contains(&path).then_some(PROTOCOL_UNSAID));
    match said {
        Some(theirs) if theirs < PROTOCOL_OLDEST => Err(too_old(theirs)),
        _ => Ok(()),
    }
}

fn too_old(theirs: u32) -> ApiProblem {
    let version = env!("CARGO_PKG_VERSION");
    let why = format!(
        "This client speaks protocol {theirs}, and this server (dutydesk {version}) speaks {PROTOCOL_OLDEST} to {PROTOCOL}: update \
         dutydesk on the client's machine. What waits there to be sent is kept."
    );
    ApiProblem::new(StatusCode::UPGRADE_REQUIRED, "client_too_old", why)
}
