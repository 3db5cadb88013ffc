//! A short id for each request, in the log, in problems and in the `x-request-id` header.

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use crate::base::clock::new_id;

tokio::task_local! {
    static REQUEST_ID: String;
}

/// The id of the request being answered, when there is one.
#[must_use]
pub fn current() -> Option<String> {
    REQUEST_ID.try_with(Clone::clone).ok()
}

/// Gives each request its id.
pub async fn layer(request: Request, next: Next) -> Response {
    let id = new_id().simple().to_string();
    let span = tracing::info_span!("request", id = %id, method = %request.method(), path = %request.uri().path());
    let header = HeaderValue::from_str(&id).expect("hexadecimal digits");
    let mut response = REQUEST_ID.scope(id, next.run(request)).instrument(span).await;
    response.headers_mut().insert("x-request-id", header);
    response
}
