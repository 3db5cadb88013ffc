//! Messages over HTTP: replies, edits with history, reactions, pins, search, snippets, and texts that are too long.

use dutydesk::client::desk::{DeskClient, DeskOptions};
use dutydesk::client::view::OutboxState;
use dutydesk::domain::command::{Command, MessageTarget, PostMessage};
use dutydesk::domain::conversation::Visibility;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::desk::{TestDesk, assert_refused, raw, refused};

async fn last(desk: &TestDesk, path: &str) -> Value {
    let page = desk.ann.get(&format!("{path}?before=9999&limit=1")).await.unwrap();
    page["messages"][0].clone()
}

#[tokio::test]
async fn a_message_is_answered_edited_reacted_to_and_pinned() {
    let desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", "Pump 4").await;
    let path = format!("/api/v1/tickets/{number}/messages");
    let first = last(&desk, &path).await["id"].clone();
    let made = desk.ann.post(&path, json!({"text": "teh pump", "visibility": "internal", "reply_to": first})).await.unwrap();
    let at = format!("/api/v1/messages/{}", made["message"].as_str().unwrap());
    assert_eq!(last(&desk, &path).await["reply_to"], first);
    desk.ann.patch(&at, json!({"text": "the pump @bob"})).await.unwrap();
    assert_refused(desk.bob.patch(&at, json!({"text": "x"})).await, 403, "forbidden");
    assert_refused(desk.zoe.patch(&at, json!({"text": "x"})).await, 404, "not_found");
    let edits = desk.bob.get(&format!("{at}/edits")).await.unwrap();
    assert_eq!((edits["items"].as_array().unwrap().len(), &edits["items"][0]["text"]), (1, &json!("teh pump")));
    assert_refused(desk.zoe.get(&format!("{at}/edits")).await, 404, "not_found");
    desk.bob.post(&format!("{at}/reactions"), json!({"reaction": "👍"})).await.unwrap();
    desk.lead.post(&format!("{at}/pin"), json!({})).await.unwrap();
    let now = last(&desk, &path).await;
    assert_eq!((&now["text"], &now["reactions"]["👍"][0]), (&json!("the pump @bob"), &json!(desk.bob.person.id)));
    assert_eq!(now["pinned_by"], json!(desk.lead.person.id));
    assert_eq!(refused(desk.bob.post(&format!("{at}/reactions"), json!({"reaction": "two words"})).await).0, 422);
    let other = desk.ann.open("pumps", "Pump 5").await;
    let wrong = desk.ann.post(&format!("/api/v1/tickets/{other}/messages"), json!({"text": "x", "reply_to": first})).await;
    assert_refused(wrong, 422, "unknown_message");
    let told = desk.bob.get("/api/v1/notices").await.unwrap();
    assert_eq!(told["items"].as_array().unwrap().iter().filter(|notice| notice["kind"]["type"] == "mentioned").count(), 1);
}

#[tokio::test]
async fn search_finds_whatever_the_case_in_any_script_and_only_what_one_may_see() {
    let desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", "四号泵无法启动 ÜBERDRUCK").await;
    let body = json!({"kind": "direct", "members": [desk.ann.person.id, desk.zoe.person.id]});
    let made = desk.ann.post("/api/v1/conversations", body).await.unwrap();
    let direct = made["id"].as_str().unwrap();
    desk.ann.post(&format!("/api/v1/conversations/{direct}/messages"), json!({"text": "überdruck again"})).await.unwrap();
    let find = async |who: &crate::desk::Who, query: &str| {
        let found = who.get(&format!("/api/v1/messages?{query}")).await.unwrap();
        found["hits"].as_array().unwrap().iter().map(|hit| hit["message"]["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(find(&desk.ann, "text=%C3%BCberdruck").await, ["überdruck again", "四号泵无法启动 ÜBERDRUCK"]);
    assert_eq!(find(&desk.lead, "text=%C3%BCberdruck").await.len(), 1, "a direct conversation is its members'");
    assert_eq!(find(&desk.zoe, "text=%C3%BCberdruck").await, ["überdruck again"]);
    assert_eq!(find(&desk.bob, "text=%E6%B3%B5").await.len(), 1);
    assert_eq!(find(&desk.bob, &format!("text=%C3%BCberd&ticket={number}")).await.len(), 1);
    assert_eq!(find(&desk.ann, &format!("text=%C3%BCberd&conversation={direct}")).await, ["überdruck again"]);
    assert_eq!(find(&desk.ann, "author=me").await, ["überdruck again"]);
    assert!(find(&desk.bob, &format!("text=%C3%BCberd&conversation={direct}")).await.is_empty());
    assert!(find(&desk.bob, "text=%25").await.is_empty());
    let hit = desk.ann.get("/api/v1/messages?text=%E6%B3%B5").await.unwrap();
    assert_eq!(hit["hits"][0]["ranges"], json!([[6, 9]]));
    assert!(desk.ann.get("/api/v1/messages?text=%C3%BCberd&limit=1").await.unwrap()["more"].as_bool().unwrap());
    assert_eq!(refused(desk.ann.get("/api/v1/messages").await).0, 422);
    assert_refused(desk.zoe.get(&format!("/api/v1/messages?text=x&ticket={number}")).await, 404, "not_found");
    assert_eq!(refused(desk.ann.get("/api/v1/messages?text=x&author=nobody").await).0, 422);
}

#[tokio::test]
async fn channels_have_members_topics_and_are_muted() {
    let desk = TestDesk::new().await;
    let body = json!({"kind": "channel", "title": "night", "topic": "what goes on", "members": [desk.bob.person.id]});
    let made = desk.ann.post("/api/v1/conversations", body).await.unwrap();
    let path = format!("/api/v1/conversations/{}", made["id"].as_str().unwrap());
    assert_eq!(made["topic"], "what goes on");
    assert_refused(desk.zoe.get(&path).await, 404, "not_found");
    desk.bob.post(&format!("{path}/members"), json!({"person": desk.zoe.person.id})).await.unwrap();
    desk.zoe.patch(&path, json!({"topic": "", "title": "day"})).await.unwrap();
    let now = desk.zoe.get(&path).await.unwrap();
    assert_eq!((&now["title"], now.get("topic")), (&json!("day"), None));
    desk.zoe.post(&format!("{path}/mute"), json!({})).await.unwrap();
    desk.zoe.api.delete(&format!("{path}/members/{}", desk.zoe.person.id)).await.unwrap();
    assert_refused(desk.zoe.get(&path).await, 404, "not_found");
    let queue = desk.ann.post("/api/v1/conversations", json!({"kind": "channel", "title": "pumps", "queue": "pumps"})).await.unwrap();
    let queue = format!("/api/v1/conversations/{}", queue["id"].as_str().unwrap());
    desk.bob.get(&queue).await.unwrap();
    desk.lead.post(&format!("{queue}/messages"), json!({"text": "hello @first"})).await.unwrap();
    assert_refused(desk.zoe.get(&queue).await, 404, "not_found");
    assert_eq!(desk.bob.get("/api/v1/notices").await.unwrap()["items"].as_array().unwrap().len(), 1, "on duty in the rota named");
    let wrong = desk.zoe.post("/api/v1/conversations", json!({"kind": "channel", "title": "x", "queue": "pumps"})).await;
    assert_refused(wrong, 403, "forbidden");
}

#[tokio::test]
async fn snippets_are_kept_chosen_and_filled() {
    let desk = TestDesk::new().await;
    let put = async |who: &crate::desk::Who, id: &str, body: Value| {
        let path = format!("/api/v1/snippets/019aa1f2-c3d4-7e0f-8a9b-0c1d2e3f4a{id}");
        who.put(&path, body).await
    };
    let texts = json!({"en": "Hello {{requester.name}}, #{{ticket.number}}", "zh-CN": "{{requester.name}}您好"});
    put(&desk.lead, "01", json!({"key": "hello", "title": "Hello", "texts": texts})).await.unwrap();
    assert_refused(put(&desk.ann, "02", json!({"key": "x", "title": "X", "texts": texts})).await, 403, "forbidden");
    let wrong = json!({"key": "bad", "title": "Bad", "mine": true, "texts": {"en": "{{requester.nmae}}"}});
    assert_refused(put(&desk.ann, "03", wrong).await, 422, "unknown_variable");
    let number = desk.ann.open("pumps", "Pump 4").await;
    let fill = format!("/api/v1/tickets/{number}/snippets/hello");
    assert_eq!(desk.ann.get(&fill).await.unwrap()["text"], json!(format!("Hello Shop 1, #{number}")));
    assert_eq!(desk.ann.get(&format!("{fill}?language=zh-CN")).await.unwrap()["text"], "Shop 1您好");
    put(&desk.ann, "04", json!({"key": "hello", "title": "Mine", "mine": true, "texts": {"en": "Hi {{assignee.name}}"}})).await.unwrap();
    let mine = desk.ann.get(&fill).await.unwrap();
    assert_eq!((&mine["text"], &mine["empty"]), (&json!("Hi "), &json!(["assignee.name"])));
    assert!(desk.bob.get(&fill).await.unwrap()["text"].as_str().unwrap().starts_with("Hello"));
    assert_eq!(desk.bob.get("/api/v1/snippets").await.unwrap()["items"].as_array().unwrap().len(), 1);
    assert_refused(desk.zoe.get(&fill).await, 404, "not_found");
    assert_refused(desk.ann.get(&format!("/api/v1/tickets/{number}/snippets/helo")).await, 404, "not_found");
    desk.ann.api.delete("/api/v1/snippets/019aa1f2-c3d4-7e0f-8a9b-0c1d2e3f4a04").await.unwrap();
    assert!(desk.ann.get(&fill).await.unwrap()["text"].as_str().unwrap().starts_with("Hello"));
}

/// By every way in: 1 MB of text is refused with its size and the limit, and nothing is left half done.
#[tokio::test]
async fn a_message_of_a_megabyte_is_refused_everywhere_and_nothing_is_half_done() {
    let desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", "Pump 4").await;
    let path = format!("/api/v1/tickets/{number}/messages");
    let status_before = desk.ann.ticket(number).await.status;
    for (length, status, code) in [(1_000_000, 422, "text_too_long"), (1_048_576, 413, "too_large"), (5_000_000, 413, "too_large")] {
        let text = "x".repeat(length);
        for (way, body) in [
            (path.as_str(), json!({"text": text, "status": "pending"})),
            ("/api/v1/tickets", json!({"queue": "pumps", "text": text, "requester": {"external": "shop:1"}})),
        ] {
            let response = raw(desk.ann.api.request(Method::POST, way).json(&body)).await;
            assert_eq!(response.status().as_u16(), status, "{way}: {length}");
            let problem: Value = response.json().await.unwrap();
            assert_eq!(problem["code"], code);
            let detail = problem["detail"].as_str().unwrap();
            assert!(detail.contains("65536") || detail.contains("1048576"), "{detail}");
        }
    }
    let channel = desk.admin.post("/api/v1/intake-channels", json!({"key": "mail", "name": "Mail", "queue": desk.pumps})).await.unwrap();
    let outside = desk.with_token(channel["token"].as_str().unwrap());
    for (length, status) in [(1_000_000, StatusCode::UNPROCESSABLE_ENTITY), (2_000_000, StatusCode::PAYLOAD_TOO_LARGE)] {
        let body = json!({"thread": "t", "external": "1", "author": {"external": "m"}, "text": "x".repeat(length)});
        assert_eq!(raw(outside.request(Method::POST, "/api/v1/intake/mail").json(&body)).await.status(), status);
    }
    let ticket = desk.ann.ticket(number).await;
    assert_eq!((ticket.message_count, ticket.status), (1, status_before));
    assert_eq!(desk.ann.get("/api/v1/tickets").await.unwrap()["tickets"].as_array().unwrap().len(), 1);
    // A console: refused, its text kept, and what comes after it is sent.
    let options = DeskOptions {
        api: Some(desk.ann.api.clone()),
        cache_path: desk.path("ann.sqlite"),
        me: desk.ann.person.clone(),
        clock: desk.clock.clone(),
        timing: dutydesk::client::desk::LinkTiming::default(),
    };
    let ann = DeskClient::open(options).await.unwrap();
    let text = "y".repeat(3_000_000);
    let said = |text: String| {
        let message = dutydesk::base::clock::new_id().into();
        Command::PostMessage(Box::new(PostMessage::new(MessageTarget::Ticket { number }, message, Visibility::Internal, text)))
    };
    for text in ["before".to_owned(), text.clone(), "after".to_owned()] {
        ann.submit(said(text), None).await.unwrap();
    }
    let mut status = ann.status();
    ann.start();
    status.wait_for(|status| status.waiting == 0 && status.refused == 1).await.unwrap();
    let entries = ann.outbox().await.unwrap();
    let kept = entries.iter().find(|entry| matches!(entry.state, OutboxState::Refused(_))).unwrap();
    let OutboxState::Refused(refusal) = &kept.state else { unreachable!() };
    assert!(refusal.code == "too_large" && refusal.message.contains("1048576"), "{refusal:?}");
    assert!(matches!(&kept.command, Command::PostMessage(post) if post.text == text));
    let texts = desk.ann.get(&path).await.unwrap();
    let texts: Vec<&str> = texts["messages"].as_array().unwrap().iter().map(|message| message["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["Pump 4", "before", "after"]);
    ann.shutdown().await;
}
