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

/// The path as the log may tell it: that of a calendar is a secret.
fn told(path: &str) -> &str {
    if path.starts_with("/ical/") { "/ical/..." } else { path }
}

/// Gives each request its id.
pub async fn layer(request: Request, next: Next) -> Response {
    let id = new_id().simple().to_string();
    let span = tracing::info_span!("request", id = %id, method = %request.method(), path = told(request.uri().path()));
    let header = HeaderValue::from_str(&id).expect("hexadecimal digits");
    let mut response = REQUEST_ID.scope(id, next.run(request)).instrument(span).await;
    response.headers_mut().insert("x-request-id", header);
    response
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn the_log_does_not_tell_a_calendars_secret() {
        assert_eq!(told("/ical/b0VqkX3n1nYw.ics"), "/ical/...");
        assert_eq!(told("/api/v1/me/calendar-link"), "/api/v1/me/calendar-link");
    }
}
