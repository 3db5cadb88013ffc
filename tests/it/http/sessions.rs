//! Sign-in, tokens, passwords and the first administrator.

use std::sync::Arc;

use dutydesk::base::clock::Clock;
use dutydesk::client::api::Api;
use dutydesk::server::{ServerConfig, start};
use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{TestDesk, assert_refused, raw, refused, start_of_tests};

fn sign_in(handle: &str, password: &str) -> Value {
    json!({"handle": handle, "password": password, "device": "laptop"})
}

#[tokio::test]
async fn the_setup_code_makes_one_administrator() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::manual(start_of_tests());
    let store = dutydesk::store::sqlite::open(&folder.path().join("desk.sqlite"), clock.clone()).await.unwrap();
    let config = ServerConfig {
        listen: "127.0.0.1:0".into(),
        backup_folder: None,
        away_after: dutydesk::server::AWAY_AFTER,
        public_url: None,
        files: dutydesk::server::files::FilesConfig::memory(),
    };
    let server = start(config, store as Arc<_>, clock).await.unwrap();
    let api = Api::new(&server.url, None).unwrap();
    assert_eq!(api.get::<Value>("/api/v1/desk").await.unwrap()["needs_setup"], true);
    let body = |code: &str, handle: &str, password: &str| json!({"code": code, "handle": handle, "name": "Ada", "password": password, "device": "d"});
    let code = server.setup_code.clone().unwrap();
    let setup = async |body: Value| api.post::<_, Value>("/api/v1/setup", &body).await;
    assert_refused(setup(body("WRONG", "ada", "long enough")).await, 403, "wrong_setup_code");
    assert_eq!(refused(setup(body(&code, "ada", "short")).await).0, 422);
    assert_eq!(refused(setup(body(&code, "No Handle!", "long enough")).await).0, 422);
    let session = setup(body(&code, "ada", "long enough")).await.unwrap();
    assert_eq!(session["person"]["role"], "admin");
    let admin = Api::new(&server.url, session["token"].as_str()).unwrap();
    assert_eq!(admin.get::<Value>("/api/v1/people/me").await.unwrap()["handle"], "ada");
    assert_eq!(api.get::<Value>("/api/v1/desk").await.unwrap()["needs_setup"], false);
    assert_refused(setup(body(&code, "eve", "long enough")).await, 403, "wrong_setup_code");
    api.post::<_, Value>("/api/v1/sessions", &sign_in("ada", "long enough")).await.unwrap();
    server.shutdown().await;
}

#[tokio::test]
async fn passwords_open_the_door_until_too_many_were_wrong() {
    let desk = TestDesk::new().await;
    let path = |who: &crate::desk::Who| format!("/api/v1/people/{}/password", who.person.id);
    desk.admin.put(&path(&desk.ann), json!({"new": "correct horse"})).await.unwrap();
    // A new password ends what was signed in with the old one.
    assert_refused(desk.ann.get("/api/v1/people/me").await, 401, "not_signed_in");
    let token = dutydesk::server::routes::sessions::issue(&desk.server().desk, desk.ann.person.id, "again").await.unwrap();
    let ann = desk.with_token(&token);
    let put = async |path: &str, body: Value| ann.call::<_, Value>(Method::PUT, path, &body).await;
    assert_refused(put(&path(&desk.ann), json!({"new": "battery staple"})).await, 403, "forbidden");
    assert_refused(put(&path(&desk.bob), json!({"current": "correct horse", "new": "battery staple"})).await, 403, "forbidden");
    assert_eq!(refused(put(&path(&desk.ann), json!({"current": "correct horse", "new": "short"})).await).0, 422);
    put(&path(&desk.ann), json!({"current": "correct horse", "new": "battery staple"})).await.unwrap();
    ann.get::<Value>("/api/v1/people/me").await.unwrap();
    let nobody = desk.nobody();
    let attempt = async |handle: &str, password: &str| nobody.post::<_, Value>("/api/v1/sessions", &sign_in(handle, password)).await;
    attempt("ann", "battery staple").await.unwrap();
    for at in 0..10 {
        let handle = if at % 2 == 0 { "ann" } else { "no.such" };
        assert_refused(attempt(handle, "wrong").await, 401, "wrong_password");
    }
    let request = nobody.request(Method::POST, "/api/v1/sessions").json(&sign_in("ann", "battery staple"));
    let response = raw(request).await;
    assert_eq!(response.status(), 429);
    assert_eq!(response.headers()["retry-after"], "300");
    desk.clock.advance(chrono::Duration::seconds(301));
    attempt("ann", "battery staple").await.unwrap();
}

#[tokio::test]
async fn tokens_are_listed_and_revoked() {
    let desk = TestDesk::new().await;
    let second = dutydesk::server::routes::sessions::issue(&desk.server().desk, desk.ann.person.id, "phone").await.unwrap();
    let second = desk.with_token(&second);
    second.get::<Value>("/api/v1/people/me").await.unwrap();
    let tokens = desk.ann.get("/api/v1/sessions").await.unwrap();
    let phone = tokens["items"].as_array().unwrap().iter().find(|token| token["device"] == "phone").unwrap();
    assert_eq!(phone["current"], false);
    let id = phone["id"].as_str().unwrap();
    assert_refused(desk.bob.api.delete(&format!("/api/v1/sessions/{id}")).await, 404, "not_found");
    desk.ann.api.delete(&format!("/api/v1/sessions/{id}")).await.unwrap();
    assert_refused(second.get::<Value>("/api/v1/people/me").await, 401, "not_signed_in");
    let of_bob = format!("/api/v1/people/{}/tokens/all", desk.bob.person.id);
    assert_refused(desk.ann.api.delete(&of_bob).await, 403, "forbidden");
    desk.admin.api.delete(&of_bob).await.unwrap();
    assert_refused(desk.bob.get("/api/v1/people/me").await, 401, "not_signed_in");
    assert_refused(desk.admin.api.delete(&of_bob).await, 404, "not_found");
    desk.zoe.api.delete("/api/v1/sessions/current").await.unwrap();
    assert_refused(desk.zoe.get("/api/v1/people/me").await, 401, "not_signed_in");
}

#[tokio::test]
async fn revoking_a_token_ends_its_open_stream_and_its_waiting_poll() {
    let desk = TestDesk::new().await;
    let cursor = desk.ann.get("/api/v1/digest").await.unwrap()["cursor"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/sync?cursor={cursor}");
    let request = desk.ann.api.request(Method::GET, &path).header("accept", "text/event-stream");
    let stream = desk.ann.api.send(request).await.unwrap();
    let (ann, poll_path) = (desk.ann.clone(), format!("{path}&wait=30"));
    let poll = tokio::spawn(async move { ann.get(&poll_path).await });
    desk.admin.api.delete(&format!("/api/v1/people/{}/tokens/all", desk.ann.person.id)).await.unwrap();
    assert_eq!(stream.text().await.unwrap(), ": here\n\n", "the stream ends");
    assert_refused(poll.await.unwrap(), 401, "not_signed_in");
}

#[tokio::test]
async fn who_left_is_no_longer_signed_in() {
    let desk = TestDesk::new().await;
    let gone = dutydesk::domain::person::Person { active: false, ..desk.ann.person.clone() };
    desk.admin.put(&format!("/api/v1/people/{}", gone.id), json!(gone)).await.unwrap();
    assert_refused(desk.ann.get("/api/v1/people/me").await, 401, "not_signed_in");
}

#[tokio::test]
async fn noting_that_a_token_is_in_use_does_not_bring_a_revoked_one_back() {
    let desk = TestDesk::new().await;
    let store = &desk.server().desk.store;
    let token = store.tokens(desk.ann.person.id).await.unwrap().remove(0);
    let later = desk.clock.now() + chrono::Duration::hours(1);
    assert!(store.touch_token(&token.sha256, later).await.unwrap());
    assert_eq!(store.token(&token.sha256).await.unwrap().unwrap().last_used_at, Some(later));
    assert!(store.revoke_token(&token.sha256).await.unwrap());
    assert!(!store.touch_token(&token.sha256, later).await.unwrap());
    assert_refused(desk.ann.get("/api/v1/people/me").await, 401, "not_signed_in");
    assert_eq!(store.token(&token.sha256).await.unwrap(), None);
}

#[tokio::test]
async fn the_last_use_of_a_token_is_written_down_beside_the_requests() {
    let desk = TestDesk::new().await;
    desk.ann.get("/api/v1/people/me").await.unwrap();
    let server = &desk.server().desk;
    let mut used = None;
    for _ in 0..100 {
        // The server's own job may have it in hand already.
        dutydesk::server::jobs::run_once(server, "token_uses").await.unwrap();
        used = server.store.tokens(desk.ann.person.id).await.unwrap().remove(0).last_used_at;
        if used.is_some() {
            break;
        }
    }
    assert_eq!(used, Some(desk.clock.now()));
}
