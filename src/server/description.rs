//! What the OpenAPI description says of all operations alike: how to sign in, and the errors any of them may answer.

use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Content, InfoBuilder, OpenApi, Ref, RefOr, ResponseBuilder};

use super::examples;

/// Completes the description collected from the handlers.
#[must_use]
pub fn complete(mut api: OpenApi) -> OpenApi {
    api.info = InfoBuilder::new()
        .title("dutydesk")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("The desk's API: tickets, people, rosters, conversations, and sync. Errors are RFC 9457 problem documents with a stable `code`."))
        .build();
    let components = api.components.get_or_insert_default();
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A token of POST /api/v1/sessions; for intake the channel's own."))
        .build();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    api.security = Some(vec![SecurityRequirement::new::<_, [&str; 0], &str>("bearer", [])]);
    for item in api.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
        for operation in operations.into_iter().flatten() {
            operation.responses.responses.insert("default".to_owned(), RefOr::T(any_problem()));
        }
    }
    examples::add(&mut api);
    api
}

fn any_problem() -> utoipa::openapi::Response {
    let example = serde_json::json!({
        "type": "about:blank#not_found", "title": "Not Found", "status": 404, "code": "not_found",
        "detail": "Ticket 1042 does not exist, or you may not see it.", "request_id": "019aa1f2c3d47e0f8a9b0c1d2e3f4a5b"
    });
    let mut content = Content::new(Some(RefOr::Ref(Ref::from_schema_name("Problem"))));
    content.example = Some(example);
    ResponseBuilder::new().description("Any error").content("application/problem+json", content).build()
}
