//! What is no request of ours is answered by a problem document all the same.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::desk::{TestDesk, assert_refused, raw};

async fn code(response: reqwest::Response) -> (StatusCode, Value) {
    let status = response.status();
    let problem: Value = response.json().await.unwrap();
    assert_eq!(problem["status"], status.as_u16());
    (status, problem["code"].clone())
}

#[tokio::test]
async fn unknown_addresses_and_methods_are_problems() {
    let desk = TestDesk::new().await;
    for path in ["/", "/api", "/api/v1/nope", "/api/v2/tickets", "/healthz/x"] {
        let answer = code(raw(desk.ann.api.request(Method::GET, path)).await).await;
        assert_eq!(answer, (StatusCode::NOT_FOUND, json!("no_such_route")), "{path}");
    }
    for (method, path) in [(Method::DELETE, "/api/v1/tickets"), (Method::POST, "/healthz"), (Method::PUT, "/api/v1/sync")] {
        let answer = code(raw(desk.ann.api.request(method, path)).await).await;
        assert_eq!(answer, (StatusCode::METHOD_NOT_ALLOWED, json!("method_not_allowed")), "{path}");
    }
}

#[tokio::test]
async fn bodies_that_are_too_large_or_no_json_are_problems() {
    let desk = TestDesk::new().await;
    let post = |path: &str| desk.ann.api.request(Method::POST, path);
    let huge = format!("{{\"text\": \"{}\"}}", "x".repeat(1_100_000));
    let large = post("/api/v1/tickets").header("content-type", "application/json").body(huge.clone());
    assert_eq!(code(raw(large).await).await, (StatusCode::PAYLOAD_TOO_LARGE, json!("too_large")));
    let large = post("/api/v1/commands").header("content-type", "application/json").body(huge);
    assert_eq!(code(raw(large).await).await, (StatusCode::PAYLOAD_TOO_LARGE, json!("too_large")));
    let form = post("/api/v1/tickets").header("content-type", "application/x-www-form-urlencoded").body("a=b");
    assert_eq!(code(raw(form).await).await, (StatusCode::UNSUPPORTED_MEDIA_TYPE, json!("not_json")));
    assert_eq!(code(raw(post("/api/v1/tickets").body("{}")).await).await, (StatusCode::UNSUPPORTED_MEDIA_TYPE, json!("not_json")));
    let broken = post("/api/v1/tickets").header("content-type", "application/json").body("{\"queue\": ");
    assert_eq!(code(raw(broken).await).await, (StatusCode::BAD_REQUEST, json!("invalid")));
}

#[tokio::test]
async fn tokens_in_other_shapes_are_no_tokens() {
    let desk = TestDesk::new().await;
    for value in ["", "Bearer", "Bearer ", "Basic YTpi", "bearer x", "Bearer dd_wrong"] {
        let request = desk.nobody().request(Method::GET, "/api/v1/people/me").header("authorization", value);
        assert_refused(desk.nobody().send(request).await, 401, "not_signed_in");
    }
}

#[tokio::test]
async fn answers_are_compressed_for_those_who_ask_and_streams_are_not() {
    let desk = TestDesk::new().await;
    let plain = reqwest::Client::builder().no_gzip().build().unwrap();
    let get = |path: &str| plain.get(format!("{}{path}", desk.url)).bearer_auth(&desk.ann.token).header("accept-encoding", "gzip");
    let snapshot = get("/api/v1/snapshot").send().await.unwrap();
    assert_eq!(snapshot.headers()["content-encoding"], "gzip");
    let cursor = desk.ann.get("/api/v1/digest").await.unwrap()["cursor"].as_str().unwrap().to_owned();
    let stream = get(&format!("/api/v1/sync?cursor={cursor}")).header("accept", "text/event-stream").send().await.unwrap();
    assert!(!stream.headers().contains_key("content-encoding"));
}
