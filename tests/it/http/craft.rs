//! Ticket craft over a real server: the requester's thread gets its answers, the status page, ratings, merging, splitting, the
//! timeline.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use dutydesk::base::clock::new_id;
use dutydesk::client::api::Api;
use dutydesk::domain::command::{Command, MessageTarget, PostMessage};
use dutydesk::domain::conversation::Visibility;
use dutydesk::domain::id::{TicketNumber, WebhookId};
use dutydesk::domain::ticket::Status;
use dutydesk::domain::webhook::Webhook;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::desk::{TestDesk, Who, assert_refused};

const HOSTILE: &str = "</title><script>alert(1)</script>";

/// Where calls go, and how many are still to fail.
type Receiver = (mpsc::UnboundedSender<(StatusCode, Value)>, Arc<AtomicUsize>);

/// A receiver that fails so many times first.
async fn listen(failures: usize) -> (String, mpsc::UnboundedReceiver<(StatusCode, Value)>) {
    let (calls, received) = mpsc::unbounded_channel();
    let left = Arc::new(AtomicUsize::new(failures));
    let receive = async |State((calls, left)): State<Receiver>, body: String| {
        let fails = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        let status = if fails { StatusCode::BAD_GATEWAY } else { StatusCode::NO_CONTENT };
        calls.send((status, serde_json::from_str(&body).unwrap())).unwrap();
        status
    };
    let router = Router::new().route("/calls", post(receive)).with_state((calls, left));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/calls", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (url, received)
}

/// The channel `chat`, with a webhook for its answers; its own API.
async fn channel(desk: &TestDesk, url: &str) -> (Api, WebhookId) {
    let id = WebhookId(new_id());
    let secret = "a secret of sixteen and more".into();
    let hook = Webhook {
        id,
        version: 0,
        key: "chat".into(),
        name: "Chat".into(),
        url: url.into(),
        secret,
        allow_private: true,
        active: true,
        events: Vec::new(),
        person: None,
        queue: None,
    };
    desk.admin.act(Command::PutWebhook(Box::new(hook))).await.unwrap();
    let made = desk.admin.post("/api/v1/intake-channels", json!({"key": "chat", "name": "Chat", "queue": desk.pumps})).await.unwrap();
    let body = json!({"reply_webhook": "chat", "asks_rating": true});
    let stored = desk.admin.put("/api/v1/intake-channels/chat", body).await.unwrap();
    assert_eq!((&stored["asks_rating"], &stored["version"]), (&json!(true), &json!(2)));
    (desk.with_token(made["token"].as_str().unwrap()), id)
}

async fn send(api: &Api, thread: &str, text: &str) -> TicketNumber {
    let author = json!({"external": format!("shop:{thread}"), "name": format!("Shop {thread}")});
    let body = json!({"thread": thread, "external": new_id(), "author": author, "text": text, "subject": text});
    let made: Value = api.post("/api/v1/intake/chat", &body).await.unwrap();
    TicketNumber(made["ticket"].as_i64().unwrap())
}

async fn say(who: &Who, number: TicketNumber, visibility: Visibility, text: &str) {
    let post = PostMessage::new(MessageTarget::Ticket { number }, new_id().into(), visibility, text.into());
    who.act(Command::PostMessage(Box::new(post))).await.unwrap();
}

async fn page(url: &str) -> (u16, String, reqwest::header::HeaderMap) {
    let response = reqwest::get(url).await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (status, response.text().await.unwrap(), headers)
}

async fn link(desk: &TestDesk, number: TicketNumber) -> String {
    let link = desk.ann.get(&format!("/api/v1/tickets/{number}/status-link")).await.unwrap();
    let url = link["url"].as_str().unwrap().to_owned();
    assert_eq!(url, format!("{}{}", desk.url, link["path"].as_str().unwrap()), "by the address that was asked");
    url
}

#[tokio::test]
async fn the_thread_gets_exactly_the_public_words_in_order_though_the_first_call_fails() {
    let desk = TestDesk::new().await;
    let (url, mut calls) = listen(1).await;
    let (api, hook) = channel(&desk, &url).await;
    let number = send(&api, "t1", "Pump 4").await;
    say(&desk.ann, number, Visibility::Internal, "SECRET note").await;
    say(&desk.ann, number, Visibility::Public, "one").await;
    let (status, first) = calls.recv().await.unwrap();
    assert_eq!((status, &first["message"]["text"]), (StatusCode::BAD_GATEWAY, &json!("one")));
    say(&desk.bob, number, Visibility::Public, "two").await;
    say(&desk.lead, number, Visibility::Tier2, "SECRET for the tier").await;
    desk.ann.patch(&format!("/api/v1/tickets/{number}"), json!({"status": "solved"})).await.unwrap();
    // The failure is on record before time passes; what waits behind it was not called.
    let store = &desk.server().desk.store;
    for round in 0.. {
        let records = store.deliveries(hook, 100).await.unwrap();
        if records.iter().any(|record| record.attempts == 1) {
            assert!(records.iter().all(|record| record.delivered_at.is_none()), "nothing overtakes");
            break;
        }
        assert!(round < 2_000, "the failure never came on record");
        desk.poke().await;
    }
    assert!(calls.try_recv().is_err(), "nothing overtakes");
    desk.pass(5).await;
    let mut told = Vec::new();
    for _ in 0..4 {
        let (status, body) = calls.recv().await.unwrap();
        assert_eq!(status, StatusCode::NO_CONTENT);
        assert_eq!((&body["thread"], &body["channel"], &body["ticket"]), (&json!("t1"), &json!("chat"), &json!(number)));
        assert!(!body.to_string().contains("SECRET"), "{body}");
        told.push((body["event"].as_str().unwrap().to_owned(), body["message"]["text"].as_str().unwrap_or_default().to_owned()));
        if told.len() == 1 {
            assert_eq!(body["id"], first["id"], "the same call again");
        }
    }
    let expected = [("message", "one"), ("message", "two"), ("status", ""), ("rating_asked", "")];
    assert_eq!(told, expected.map(|(event, text)| (event.to_owned(), text.to_owned())));
    let rating = json!({"thread": "t1", "score": 5, "words": "fine"});
    let _: Value = api.post("/api/v1/intake/chat/ratings", &rating).await.unwrap();
    assert_eq!(desk.ann.ticket(number).await.rating.map(|one| (one.score, one.words)), Some((5, "fine".into())));
    assert_refused(api.post::<_, Value>("/api/v1/intake/chat/ratings", &json!({"thread": "t9", "score": 5})).await, 404, "not_found");
    assert_refused(desk.nobody().post::<_, Value>("/api/v1/intake/chat/ratings", &rating).await, 401, "wrong_channel_token");
}

#[tokio::test]
async fn the_status_page_tells_what_is_public_and_takes_a_rating() {
    let desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", HOSTILE).await;
    say(&desk.ann, number, Visibility::Public, HOSTILE).await;
    say(&desk.ann, number, Visibility::Internal, "INTERNAL WORD").await;
    let url = link(&desk, number).await;
    let (status, html, headers) = page(&url).await;
    assert_eq!(status, 200);
    assert!(!html.contains("<script") && html.contains("&lt;script&gt;") && !html.contains("INTERNAL WORD"), "{html}");
    assert!(html.contains("Promised by") && !html.contains("<form"));
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    assert_eq!(headers["referrer-policy"], "no-referrer");
    assert_eq!(headers["cache-control"], "private, no-store");
    assert!(headers["x-robots-tag"].to_str().unwrap().contains("noindex"));
    assert!(page(&format!("{url}?lang=zh-CN")).await.1.contains("lang=\"zh-CN\""));
    // Wrong keys of any shape read the same, and come to an end.
    let wrong = [format!("{}/status/{}", desk.url, "0".repeat(32)), format!("{}/status/x", desk.url)];
    let (one, two) = (page(&wrong[0]).await, page(&wrong[1]).await);
    assert_eq!((one.0, two.0, &one.1), (404, 404, &two.1));
    // A rating before it is solved is refused; afterwards it is taken, and leads back.
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let form = async |body: &'static str| {
        let request = client.post(&url).header("content-type", "application/x-www-form-urlencoded").body(body);
        request.send().await.unwrap()
    };
    assert_eq!(form("score=5").await.status(), 409);
    desk.ann.patch(&format!("/api/v1/tickets/{number}"), json!({"status": "solved"})).await.unwrap();
    assert!(page(&url).await.1.contains("<form"));
    assert_eq!(form("score=9").await.status(), 422);
    assert_eq!(form("words=x").await.status(), 422);
    let taken = form("score=1&words=%3Cb%3Estill+broken").await;
    assert_eq!((taken.status().as_u16(), taken.headers()["location"].to_str().unwrap()), (303, "?lang=en&thanks=1"));
    let thanks = page(&format!("{url}?thanks=1")).await.1;
    assert!(thanks.contains("Your rating has arrived") && thanks.contains("&lt;b&gt;still broken"), "{thanks}");
    let notices = desk.lead.get("/api/v1/notices").await.unwrap().to_string();
    assert!(notices.contains("low_rating"), "{notices}");
    for _ in 0..8 {
        assert_eq!(page(&wrong[0]).await.0, 404);
    }
    assert_eq!(page(&wrong[0]).await.0, 429, "guessing comes to an end");
}

#[tokio::test]
async fn a_merge_reads_as_one_conversation_and_is_taken_back() {
    let desk = TestDesk::new().await;
    let (first, second) = (desk.ann.open("pumps", "first of one").await, desk.ann.open("pumps", "first of two").await);
    for (number, text) in [(first, "second of one"), (second, "second of two"), (first, "third of one")] {
        desk.clock.advance(chrono::Duration::seconds(10));
        say(&desk.ann, number, Visibility::Public, text).await;
    }
    let url = link(&desk, first).await;
    desk.clock.advance(chrono::Duration::seconds(10));
    desk.ann.post(&format!("/api/v1/tickets/{first}/merge"), json!({"into": second})).await.unwrap();
    let mut read = Vec::new();
    let mut path = format!("/api/v1/tickets/{second}/conversation?limit=2");
    loop {
        let page = desk.ann.get(&path).await.unwrap();
        read.extend(page["messages"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/tickets/{second}/conversation?limit=2&cursor={next}");
    }
    let texts: Vec<_> = read.iter().map(|message| message["text"].as_str().unwrap()).collect();
    let expected = [
        "first of two",
        "first of one",
        "second of one",
        "second of two",
        "third of one",
        &format!("ticket #{first} merged into this one"),
    ];
    assert_eq!(texts, expected);
    assert_eq!(read[1]["ticket"], json!(first), "it says where it was written");
    let (status, html, _) = page(&url).await;
    assert!(status == 200 && html.contains(&format!("#{second}")) && html.contains("second of two"), "leads to the target's page");
    let timeline = desk.ann.get(&format!("/api/v1/tickets/{second}/timeline")).await.unwrap();
    let kinds: Vec<_> = timeline["items"].as_array().unwrap().iter().map(|entry| entry["what"]["type"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"took_in") && kinds.iter().filter(|kind| **kind == "opened").count() == 2, "{kinds:?}");
    let people = desk.ann.get(&format!("/api/v1/tickets/{second}/timeline?show=desk")).await.unwrap();
    assert!(people["items"].as_array().unwrap().len() < kinds.len());
    desk.ann.post(&format!("/api/v1/tickets/{first}/unmerge"), json!({})).await.unwrap();
    let ticket = desk.ann.ticket(first).await;
    assert_eq!((ticket.status, ticket.merged_into), (Status::Open, None));
    assert_refused(desk.ann.post(&format!("/api/v1/tickets/{first}/unmerge"), json!({})).await, 409, "not_merged");
    assert!(desk.ann.ticket(second).await.merged.is_empty());
}

#[tokio::test]
async fn a_message_becomes_a_ticket_of_its_own() {
    let desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", "Pump 4").await;
    say(&desk.ann, number, Visibility::Internal, "and the shop is slow").await;
    let messages = desk.ann.get(&format!("/api/v1/tickets/{number}/messages")).await.unwrap();
    let message = &messages["messages"][1]["id"];
    let body = json!({"message": message, "queue": "web", "kind": "incident"});
    let made = desk.ann.post(&format!("/api/v1/tickets/{number}/split"), body.clone()).await.unwrap();
    let new = TicketNumber(made["ticket"].as_i64().unwrap());
    let ticket = desk.ann.ticket(new).await;
    assert_eq!((ticket.queue, ticket.subject.as_str()), (desk.web, "Pump 4"), "the requester reads subjects: a note gives none");
    let again = desk.ann.get(&format!("/api/v1/tickets/{number}/messages")).await.unwrap();
    assert_eq!(again["messages"][1]["split_into"], json!(new));
    let copy = desk.ann.get(&format!("/api/v1/tickets/{new}/messages")).await.unwrap();
    assert_eq!((&copy["messages"][0]["copy_of"]["ticket"], &copy["messages"][0]["visibility"]), (&json!(number), &json!("internal")));
    assert_refused(desk.ann.post(&format!("/api/v1/tickets/{number}/split"), body).await, 409, "message_split");
    assert_refused(desk.zoe.get(&format!("/api/v1/tickets/{number}/timeline")).await, 404, "not_found");
}

#[tokio::test]
async fn a_requester_reads_nothing_of_another_whose_ticket_was_merged_into_theirs() {
    let desk = TestDesk::new().await;
    let (url, _calls) = listen(0).await;
    let (api, _) = channel(&desk, &url).await;
    let (mine, other) = (send(&api, "t1", "MINE").await, send(&api, "t2", "THEIRS before").await);
    say(&desk.ann, other, Visibility::Public, "ANSWER to the other").await;
    desk.ann.post(&format!("/api/v1/tickets/{other}/merge"), json!({"into": mine})).await.unwrap();
    assert_eq!(send(&api, "t2", "THEIRS after").await, mine);
    let html = page(&link(&desk, mine).await).await.1;
    assert!(html.contains("MINE"), "{html}");
    assert!(!html.contains("THEIRS") && !html.contains("ANSWER") && !html.contains("Shop t2"), "{html}");
}

#[tokio::test]
async fn the_timeline_of_a_closed_ticket_still_tells_of_its_calls() {
    let desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", "Pump 4").await;
    let call = json!({"tier": 2, "note": "pressure"});
    desk.ann.post(&format!("/api/v1/tickets/{number}/escalate"), call).await.unwrap();
    desk.ann.patch(&format!("/api/v1/tickets/{number}"), json!({"status": "solved"})).await.unwrap();
    desk.clock.advance(chrono::Duration::days(8));
    let close = Command::CloseTicket { number };
    let submission = dutydesk::domain::command::Submission { key: new_id().into(), base_version: None, expires_at: None, command: close };
    let actor = dutydesk::domain::command::Actor::Desk { job: "close_solved" };
    let source = dutydesk::server::execute::Source::Job;
    dutydesk::server::execute::execute(&desk.server().desk, &actor, source, submission).await.unwrap().answer.unwrap();
    let timeline = desk.ann.get(&format!("/api/v1/tickets/{number}/timeline")).await.unwrap();
    let called = |entry: &&Value| entry["what"]["type"] == "called";
    assert_eq!(timeline["items"].as_array().unwrap().iter().filter(called).count(), 1, "{timeline}");
}
