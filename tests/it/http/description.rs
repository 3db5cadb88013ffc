//! The served OpenAPI document is complete and true: what it describes is what the server does.

use std::collections::BTreeSet;

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::desk::{TestDesk, raw};

/// What a caller with this token or none gets.
struct Operation {
    method: Method,
    path: String,
    open: bool,
    text: Value,
}

async fn document(desk: &TestDesk) -> Value {
    desk.nobody().get("/api/v1/openapi.json").await.unwrap()
}

fn operations(document: &Value) -> Vec<Operation> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, text) in item.as_object().unwrap() {
            let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
            if !matches!(method.as_str(), "GET" | "PUT" | "POST" | "PATCH" | "DELETE") {
                continue;
            }
            let open = text.get("security").is_some_and(|needs| needs.as_array().unwrap().iter().all(|need| need == &json!({})));
            found.push(Operation { method, path: path.clone(), open, text: text.clone() });
        }
    }
    found
}

impl Operation {
    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The path with something in the place of each parameter.
    fn url(&self) -> String {
        let uuid = "019aa1f2-c3d4-7e0f-8a9b-0c1d2e3f4a5b";
        self.path
            .replace("{number}", "1")
            .replace("{channel}", "chat")
            .replace("{id}", uuid)
            .replace("{person}", uuid)
            .replace("{key}", "first")
            .replace("{file}", "secret.ics")
    }

    fn body(&self) -> Option<(&String, &Value)> {
        self.text["requestBody"]["content"].as_object()?.iter().next().map(|(kind, content)| (kind, &content["example"]))
    }

    fn with_body(&self, request: RequestBuilder) -> RequestBuilder {
        match self.body() {
            Some((kind, example)) => request.header("content-type", kind).body(example.to_string()),
            None => request,
        }
    }
}

#[tokio::test]
async fn every_operation_is_named_summed_up_and_shown_by_example() {
    let desk = TestDesk::new().await;
    let document = document(&desk).await;
    let all = operations(&document);
    assert!(all.len() > 55, "{} operations", all.len());
    let mut names = BTreeSet::new();
    for operation in &all {
        let (name, text) = (operation.name(), &operation.text);
        let id = text["operationId"].as_str().unwrap_or_else(|| panic!("{name} has no operationId"));
        assert!(names.insert(id.to_owned()), "{name}: operationId {id} is taken");
        assert!(text["summary"].as_str().is_some_and(|summary| !summary.is_empty()), "{name} has no summary");
        let responses = text["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{name} never succeeds");
        assert!(!responses.contains_key("default"), "{name}: a default hides what is not described");
        for status in ["426", "500", "503"] {
            let problem = &responses[status]["content"]["application/problem+json"];
            assert_eq!(problem["schema"]["$ref"], "#/components/schemas/Problem", "{name} {status}");
        }
        for (status, response) in responses {
            for (kind, content) in response["content"].as_object().into_iter().flatten() {
                assert!(!content["example"].is_null(), "{name} {status} {kind} has no example");
                if !status.starts_with('2') {
                    assert_eq!(kind, "application/problem+json", "{name} {status}");
                    assert_eq!(content["example"]["status"].as_u64(), status.parse().ok(), "{name} {status}: {content}");
                }
            }
        }
        if let Some((kind, example)) = operation.body() {
            assert!(!example.is_null(), "{name} takes {kind} and shows no example");
        }
    }
}

#[tokio::test]
async fn every_reference_leads_somewhere() {
    let desk = TestDesk::new().await;
    let document = document(&desk).await;
    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str));
                fields.values().for_each(|field| references(field, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    references(&document, &mut found);
    for reference in found {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference} leads nowhere");
    }
}

#[tokio::test]
async fn every_route_that_needs_a_token_answers_401_without_one() {
    let desk = TestDesk::new().await;
    for operation in operations(&document(&desk).await) {
        let request = desk.nobody().request(operation.method.clone(), &operation.url());
        let status = raw(request).await.status().as_u16();
        assert_eq!(status == 401, !operation.open, "{} answered {status}", operation.name());
        assert!(operation.open || operation.text["responses"].get("401").is_some(), "{} does not say so", operation.name());
    }
}

#[tokio::test]
async fn the_examples_of_requests_can_be_read_by_the_server() {
    let desk = TestDesk::new().await;
    for operation in operations(&document(&desk).await).into_iter().filter(|operation| operation.body().is_some()) {
        let url = operation.url();
        if url.starts_with("/api/v1/intake/") {
            continue;
        }
        let response = raw(operation.with_body(desk.admin.api.request(operation.method.clone(), &url))).await;
        if response.status().as_u16() >= 400 {
            let problem: Value = response.json().await.unwrap();
            let detail = problem["detail"].as_str().unwrap();
            assert!(!detail.contains("cannot be read") && !detail.contains("not a submission"), "{}: {detail}", operation.name());
            assert!(!matches!(problem["status"].as_u64(), Some(400 | 413 | 415 | 500)), "{}: {problem}", operation.name());
        }
    }
}

/// Who may call what, as far as it depends on the role alone: everything not named here is open to everybody signed in.
const ADMINS: &[&str] = &[
    "POST /api/v1/admin/backup",
    "POST /api/v1/import",
    "GET /api/v1/intake-channels",
    "POST /api/v1/intake-channels",
    "PUT /api/v1/people/{id}",
    "DELETE /api/v1/people/{person}/tokens/{id}",
    "GET /api/v1/webhooks",
    "PUT /api/v1/webhooks/{id}",
    "GET /api/v1/webhooks/{id}/deliveries",
];
const LEADS: &[&str] = &[
    "PUT /api/v1/queues/{id}",
    "PUT /api/v1/sites/{id}",
    "PUT /api/v1/rotas/{id}",
    "PUT /api/v1/requesters/{id}",
    "PUT /api/v1/calendars/{id}",
    "POST /api/v1/roster-plans",
    "PUT /api/v1/roster-plans/{id}",
    "POST /api/v1/rotas/{key}/generate",
    "POST /api/v1/rotas/{key}/calendar-link",
    "DELETE /api/v1/rotas/{key}/calendar-link",
];

#[tokio::test]
async fn roles_are_refused_what_is_not_theirs_and_nothing_else() {
    let desk = TestDesk::new().await;
    let number = desk.lead.open("pumps", "Pump 4").await;
    assert_eq!(number.0, 1);
    let roles = [("admin", &desk.admin), ("lead", &desk.lead), ("agent", &desk.bob), ("expert", &desk.eve), ("viewer", &desk.vic)];
    for operation in operations(&document(&desk).await).into_iter().filter(|operation| !operation.open) {
        let name = operation.name();
        // These end the token, or wait for news, or are a channel's own.
        if name.ends_with("/sessions/current") || name.ends_with("/sync") || name.contains("/intake/") {
            continue;
        }
        for (role, who) in roles {
            let status = raw(operation.with_body(who.api.request(operation.method.clone(), &operation.url()))).await.status().as_u16();
            assert_ne!(status, 401, "{name} as {role}");
            assert!(status < 500, "{name} as {role}: {status}");
            let only_admins = ADMINS.contains(&name.as_str()) && role != "admin";
            let only_leads = LEADS.contains(&name.as_str()) && !matches!(role, "admin" | "lead");
            if only_admins || only_leads {
                assert_eq!(status, 403, "{name} as {role}");
            }
            if operation.method == Method::GET && !only_admins {
                assert_ne!(status, 403, "{name} as {role}: reading is refused by 404 alone");
            }
            let own = name.contains("presence")
                || name.contains("password")
                || name.contains("/read")
                || name.contains("notices")
                || name.contains("/me/calendar-link")
                // Who only reads is seen reading.
                || name.ends_with("/here")
                || name.contains("sessions");
            if role == "viewer" && operation.method != Method::GET && !own && !name.contains("escalations") {
                assert!(matches!(status, 403 | 404 | 422 | 200), "{name} as a viewer: {status}");
            }
        }
    }
}
