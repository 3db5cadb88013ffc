//! What the OpenAPI description says of all operations alike: how to sign in, and the errors any of them may answer.

use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Content, InfoBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder};

use super::examples;

/// The media type of RFC 9457.
const PROBLEM_TYPE: &str = "application/problem+json";

/// Completes the description collected from the handlers.
#[must_use]
pub fn complete(mut api: OpenApi) -> OpenApi {
    api.info = InfoBuilder::new()
        .title("dutydesk")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "The desk's API: tickets, people, rosters, conversations, and sync. Errors are RFC 9457 problem documents with a stable `code`. \
             A client may say which protocol it speaks (`Dutydesk-Protocol: 2`); every answer says what the server speaks \
             (`Dutydesk-Protocol: 2;oldest=1`).",
        ))
        .build();
    let components = api.components.get_or_insert_default();
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A token of POST /api/v1/sessions; for intake the channel's own."))
        .build();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    api.security = Some(vec![SecurityRequirement::new::<_, [&str; 0], &str>("bearer", [])]);
    for item in api.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.head, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
        for operation in operations.into_iter().flatten() {
            name(operation);
            let shared = shared_problems(operation);
            for (status, response) in &mut operation.responses.responses {
                if let RefOr::T(response) = response
                    && !status.starts_with('2')
                {
                    as_problem(status, response);
                }
            }
            for status in shared {
                let known = operation.responses.responses.entry(status.to_owned());
                known.or_insert_with(|| RefOr::T(problem(status)));
            }
        }
    }
    examples::add(&mut api);
    api
}

/// Handlers of different resources share names (`list`, `get`); an operation's id must be its own.
fn name(operation: &mut Operation) {
    if let (Some(id), Some(tag)) = (&operation.operation_id, operation.tags.iter().flatten().next()) {
        operation.operation_id = Some(format!("{tag}_{id}"));
    }
}

/// Errors are problem documents: the handlers say `body = Problem`, of which the collector knows no better media type.
fn as_problem(status: &str, response: &mut Response) {
    if response.description.is_empty() {
        title(status).clone_into(&mut response.description);
    }
    response.content.clear();
    response.content.insert(PROBLEM_TYPE.to_owned(), RefOr::T(problem_content(status)));
}

/// What an operation may answer besides what its handler says of it, by what it takes. There is no `default`: a status that is not
/// here is a mistake, and `tests/api-fuzz` finds it.
fn shared_problems(operation: &Operation) -> Vec<&'static str> {
    // It took too long; the client is too old; the server failed, or is busy.
    let mut statuses = vec!["408", "426", "500", "503"];
    let open = operation.security.as_ref().is_some_and(|needs| needs.iter().all(|need| *need == SecurityRequirement::default()));
    if !open {
        statuses.extend(["401", "403"]);
    }
    let parameters = operation.parameters.as_deref().unwrap_or_default();
    if !parameters.is_empty() {
        // What cannot be read, what does not exist, and what can be read and makes no sense.
        statuses.extend(["400", "404", "422"]);
    }
    if operation.request_body.is_some() {
        statuses.extend(["400", "409", "413", "415", "422"]);
    }
    statuses
}

fn problem(status: &str) -> Response {
    ResponseBuilder::new().description(title(status)).content(PROBLEM_TYPE, problem_content(status)).build()
}

fn problem_content(status: &str) -> Content {
    let (code, detail) = code_and_detail(status);
    let number: u16 = status.parse().unwrap_or_default();
    let example = serde_json::json!({
        "type": format!("about:blank#{code}"), "title": title(status), "status": number, "code": code,
        "detail": detail, "request_id": "019aa1f2c3d47e0f8a9b0c1d2e3f4a5b"
    });
    let mut content = Content::new(Some(RefOr::Ref(Ref::from_schema_name("Problem"))));
    content.example = Some(example);
    content
}

fn title(status: &str) -> &'static str {
    status.parse().ok().and_then(|status: axum::http::StatusCode| status.canonical_reason()).unwrap_or("Error")
}

/// What a problem of this status most often says.
fn code_and_detail(status: &str) -> (&'static str, &'static str) {
    match status {
        "400" => ("invalid", "The query cannot be read: unknown field `colour`."),
        "401" => {
            ("not_signed_in", "Sign in first: the token is missing, revoked or wrong. Run `dutydesk login URL`, or POST /api/v1/sessions.")
        }
        "403" => ("forbidden", "Only leads and admins do this: ask one of them."),
        "408" => ("timeout", "The request took too long; it may be sent again."),
        "409" => ("version_conflict", "Ticket #1042 has changed since you looked at it: look again, then repeat."),
        "410" => ("cursor_too_old", "This cursor is too old, or from before a restore: start over with GET /api/v1/snapshot."),
        "413" => ("too_large", "The body is too large: at most 1 MiB, 16 MiB for an import."),
        "415" => ("not_json", "Send JSON, with `content-type: application/json`."),
        "422" => ("invalid", "There is no queue `pump`; GET /api/v1/queues lists them."),
        "426" => (
            "client_too_old",
            "This client speaks protocol 1, and this server (dutydesk 3.0.0) speaks 2 to 4: update dutydesk on the client's machine. \
             What waits there to be sent is kept.",
        ),
        "429" => ("too_many_attempts", "Too many failed attempts: try again in 240 seconds."),
        "500" => ("internal", "The server failed; its log says why, under the request id given here."),
        "503" => ("busy", "The desk is busy: try again shortly."),
        _ => ("not_found", "Ticket 1042 does not exist, or you may not see it."),
    }
}
