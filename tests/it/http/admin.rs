//! Health, figures, backup and import.

use dutydesk::base::clock::new_id;
use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{TestDesk, assert_refused, raw, refused};

#[tokio::test]
async fn health_figures_and_what_the_server_is_need_no_sign_in() {
    let desk = TestDesk::new().await;
    desk.ann.open("pumps", "Pump 4").await;
    let api = desk.nobody();
    let text = async |path: &str| raw(api.request(Method::GET, path)).await.text().await.unwrap();
    assert_eq!(text("/healthz").await, "ok");
    assert_eq!(text("/readyz").await, "ready");
    let metrics = text("/metrics").await;
    assert!(metrics.contains("dutydesk_tickets 1"), "{metrics}");
    assert!(metrics.ends_with("# EOF\n"));
    let info: Value = api.get("/api/v1/desk").await.unwrap();
    assert_eq!((&info["protocol"], &info["now"]), (&json!(2), &json!("2026-11-21T03:00:00Z")));
    let response = raw(api.request(Method::GET, "/healthz")).await;
    assert_eq!(response.headers()["x-dutydesk-time"], "1795230000000");
    assert!(response.headers().contains_key("x-request-id"));
}

#[tokio::test]
async fn a_backup_is_written_beside_and_can_be_opened() {
    let desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", "Pump 4").await;
    let made = desk.admin.post("/api/v1/admin/backup", json!({"name": "copy.sqlite"})).await.unwrap();
    assert!(made["size"].as_u64().unwrap() > 0);
    assert_refused(desk.admin.post("/api/v1/admin/backup", json!({"name": "copy.sqlite"})).await, 409, "exists");
    for name in ["", "../x", ".hidden", "a/b", "a\\b"] {
        assert_eq!(refused(desk.admin.post("/api/v1/admin/backup", json!({"name": name})).await).0, 422, "{name}");
    }
    assert_refused(desk.lead.post("/api/v1/admin/backup", json!({"name": "x.sqlite"})).await, 403, "forbidden");
    let store = dutydesk::store::sqlite::open(&desk.path("copy.sqlite"), desk.clock.clone()).await.unwrap();
    use dutydesk::store::Store;
    assert!(store.ticket(number).await.unwrap().is_some());
    store.close().await;
}

fn line(external: &str) -> String {
    let ticket = json!({"type": "import_ticket", "external": external, "queue": "pumps", "subject": "Old pump",
        "requester": {"external": "shop:1", "name": "Shop 1"}, "messages": [{"text": "It leaked", "at": "2025-01-01T00:00:00Z"}],
        "status": "solved", "created_at": "2025-01-01T00:00:00Z", "solved_at": "2025-01-02T00:00:00Z"});
    json!({"key": new_id(), "command": ticket}).to_string()
}

#[tokio::test]
async fn tickets_are_imported_once_by_admins_alone() {
    let desk = TestDesk::new().await;
    let lines = format!("{}\n\n{}\n", line("old-1"), line("old-2"));
    let import = |who: &crate::desk::Who, body: String| who.api.request(Method::POST, "/api/v1/import").body(body);
    assert_refused(desk.lead.api.send(import(&desk.lead, lines.clone())).await, 403, "forbidden");
    for _ in 0..2 {
        let answers: Value = desk.admin.api.send(import(&desk.admin, lines.clone())).await.unwrap().json().await.unwrap();
        assert!(answers["answers"].as_array().unwrap().iter().all(|answer| answer["refusal"].is_null()), "{answers}");
    }
    let again = format!("{}\n", line("old-1"));
    let answers: Value = desk.admin.api.send(import(&desk.admin, again)).await.unwrap().json().await.unwrap();
    assert_eq!(answers["answers"][0]["result"]["unchanged"], true);
    assert_eq!(desk.admin.get("/api/v1/tickets").await.unwrap()["tickets"].as_array().unwrap().len(), 2);
    assert_eq!(refused(desk.admin.api.send(import(&desk.admin, "not json".into())).await).0, 422);
    assert_refused(desk.admin.api.send(import(&desk.admin, " ".repeat(17 * 1024 * 1024))).await, 413, "too_large");
}
