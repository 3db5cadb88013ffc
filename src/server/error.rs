//! The one place where refusals and failures become RFC 9457 problems. Unexpected errors are logged here, once, with
//! the request's id, and show none of their text outside.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::feed::cursor;
use crate::domain::Refusal;
use crate::domain::refusal::RefusalKind;
use crate::store::StoreError;
use crate::wire::problem::Problem;

/// What a handler answers instead of a result.
#[derive(Debug)]
pub struct ApiProblem {
    pub status: StatusCode,
    pub code: String,
    pub field: Option<String>,
    pub detail: String,
    /// Seconds for `Retry-After`.
    pub retry_after: Option<u64>,
}

/// What a handler returns.
pub type ApiResult<T> = Result<T, ApiProblem>;

impl ApiProblem {
    #[must_use]
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Self { status, code: code.to_owned(), field: None, detail: detail.into(), retry_after: None }
    }

    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    #[must_use]
    pub fn not_signed_in() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "not_signed_in",
            "Sign in first: the token is missing, revoked or wrong. Run `dutydesk login URL`, or POST /api/v1/sessions.",
        )
    }

    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Refusal::not_found(what).into()
    }

    #[must_use]
    pub fn invalid(field: &str, detail: impl Into<String>) -> Self {
        Refusal::invalid("invalid", field, detail).into()
    }

    /// Something of ours gave up: logged here, told as a failure of the server.
    #[must_use]
    pub fn failed(error: &dyn std::error::Error) -> Self {
        tracing::error!(%error, "a reckoning gave up");
        Self::internal()
    }

    fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "The server failed; its log says why, under the request id given here.")
    }
}

impl From<Refusal> for ApiProblem {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal.kind {
            RefusalKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            RefusalKind::Forbidden => StatusCode::FORBIDDEN,
            RefusalKind::NotFound => StatusCode::NOT_FOUND,
            RefusalKind::Conflict => StatusCode::CONFLICT,
        };
        Self { field: refusal.field, ..Self::new(status, &refusal.code, refusal.message) }
    }
}

impl From<StoreError> for ApiProblem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "The desk is busy: try again shortly.").retry_after(1),
            StoreError::Taken(what) => Self {
                field: Some(what.clone()),
                ..Self::new(StatusCode::CONFLICT, "taken", format!("This {what} is already taken: choose another."))
            },
            StoreError::Trimmed => cursor::too_old(),
            StoreError::Unavailable(_) => {
                tracing::error!(error = %error, "the database cannot be used");
                Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "database_unavailable",
                    "The database cannot be used just now; what was acknowledged is kept. Send the same again shortly, under the same key; the server's \
                     log says why.",
                )
                .retry_after(5)
            }
            error => {
                tracing::error!(error = %error, cause = ?std::error::Error::source(&error), "unexpected store error");
                Self::internal()
            }
        }
    }
}

impl IntoResponse for ApiProblem {
    fn into_response(self) -> Response {
        let problem = Problem {
            kind: format!("about:blank#{}", self.code),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            detail: self.detail,
            code: self.code,
            field: self.field,
            request_id: super::request_id::current(),
        };
        let body = serde_json::to_vec(&problem).expect("a problem is plain data");
        let mut response = (self.status, body).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Marks answers that axum itself made, so that [`as_problem`] words them.
pub async fn as_problem(request: axum::extract::Request, next: axum::middleware::Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let ours = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/") || kind.as_bytes().starts_with(b"text/html"));
    if ours || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let bytes = axum::body::to_bytes(response.into_body(), 4096).await.unwrap_or_default();
    let said = String::from_utf8_lossy(&bytes).into_owned();
    let (code, detail) = match status {
        StatusCode::NOT_FOUND => ("no_such_route", "There is no such address; see /api/v1/openapi.json.".to_owned()),
        StatusCode::METHOD_NOT_ALLOWED => ("method_not_allowed", "This address takes other methods; see /api/v1/openapi.json.".to_owned()),
        StatusCode::PAYLOAD_TOO_LARGE => ("too_large", "The body is too large: at most 1 MiB, 16 MiB for an import.".to_owned()),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ("not_json", "Send JSON, with `content-type: application/json`.".to_owned()),
        StatusCode::REQUEST_TIMEOUT => ("timeout", "The request took too long; it may be sent again.".to_owned()),
        status if status.is_server_error() => {
            ("internal", "The server failed; its log says why, under the request id given here.".to_owned())
        }
        _ => ("invalid", said),
    };
    ApiProblem::new(status, code, detail).into_response()
}
