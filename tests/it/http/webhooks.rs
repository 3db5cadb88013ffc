//! Calls to webhooks, received by a real listener: signed, repeated after failures, and kept out of private networks.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use dutydesk::base::clock::new_id;
use dutydesk::domain::command::{Change, Command, Needs, Outcome};
use dutydesk::domain::id::WebhookId;
use dutydesk::domain::webhook::{Delivery, DeliveryRecord, Webhook};
use dutydesk::server::webhook::sign::sign;
use dutydesk::store::Work;
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::desk::TestDesk;

const SECRET: &str = "a secret of sixteen and more";

/// What a receiver got.
struct Call {
    headers: HeaderMap,
    body: String,
}

impl Call {
    fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    #[track_caller]
    fn assert_signed(&self, id: Uuid, at: i64) {
        assert_eq!(self.header("webhook-id"), id.to_string());
        assert_eq!(self.header("webhook-timestamp"), at.to_string());
        assert_eq!(self.header("content-type"), "application/json");
        assert_eq!(self.header("webhook-signature"), sign(SECRET, &id.to_string(), at, &self.body));
    }
}

#[derive(Clone)]
struct Receiver {
    calls: mpsc::UnboundedSender<Call>,
    /// Answered to so many calls first.
    failures: Arc<AtomicUsize>,
}

async fn receive(State(receiver): State<Receiver>, headers: HeaderMap, body: String) -> (StatusCode, String) {
    receiver.calls.send(Call { headers, body }).unwrap();
    let left = receiver.failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
    if left.is_ok() { (StatusCode::INTERNAL_SERVER_ERROR, "out of\npaper".into()) } else { (StatusCode::NO_CONTENT, String::new()) }
}

/// A listener on this machine: `/calls` fails so many times, `/slow` never answers, `/moved` leads to `/calls`.
async fn listen(failures: usize) -> (String, mpsc::UnboundedReceiver<Call>) {
    let (calls, received) = mpsc::unbounded_channel();
    let slow = async |State(receiver): State<Receiver>, headers: HeaderMap, body: String| {
        receiver.calls.send(Call { headers, body }).unwrap();
        std::future::pending::<StatusCode>().await
    };
    let router = Router::new()
        .route("/calls", post(receive))
        .route("/calls", get(|| async { StatusCode::IM_A_TEAPOT }))
        .route("/slow", post(slow))
        .route("/moved", post(|| async { (StatusCode::FOUND, [("location", "/calls")]) }))
        .with_state(Receiver { calls, failures: Arc::new(AtomicUsize::new(failures)) });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (url, received)
}

async fn webhook(desk: &TestDesk, key: &str, url: &str, allow_private: bool) -> WebhookId {
    let id = WebhookId(new_id());
    let webhook = Webhook {
        id,
        version: 0,
        key: key.into(),
        name: key.into(),
        url: url.into(),
        secret: SECRET.into(),
        allow_private,
        active: true,
        events: Vec::new(),
        person: None,
        queue: None,
    };
    desk.admin.act(Command::PutWebhook(Box::new(webhook))).await.unwrap();
    id
}

/// Something happened: the webhook is to be called.
async fn deliver(desk: &TestDesk, webhook: WebhookId, body: &str) -> Uuid {
    let id = new_id();
    let delivery = Delivery { id, webhook, event: "sla_step".into(), ticket: None, body: body.into(), created_at: desk.clock.now() };
    let outcome = Outcome { changes: vec![Change::PutDelivery(delivery)], ..Outcome::default() };
    let decide = Box::new(move |_: &_| Ok(outcome.clone()));
    let work = Work { idempotency: None, needs: Needs::default(), decide, now: desk.clock.now() };
    desk.server().desk.store.execute(work).await.unwrap().answer.unwrap();
    desk.poke().await;
    id
}

/// The record once it is as awaited: asks again after each change of the desk, which it makes itself.
async fn record(desk: &TestDesk, webhook: WebhookId, id: Uuid, awaited: impl Fn(&DeliveryRecord) -> bool) -> DeliveryRecord {
    for _ in 0..2_000 {
        let records = desk.server().desk.store.deliveries(webhook, 100).await.unwrap();
        if let Some(found) = records.into_iter().find(|record| record.delivery.id == id && awaited(record)) {
            return found;
        }
        desk.poke().await;
    }
    panic!("the delivery never came to be so")
}

#[tokio::test]
async fn a_call_is_signed_and_on_record() {
    let desk = TestDesk::new().await;
    let (url, mut calls) = listen(0).await;
    let hook = webhook(&desk, "phones", &format!("{url}/calls"), true).await;
    let id = deliver(&desk, hook, r#"{"text":"泵停了"}"#).await;
    let call = calls.recv().await.unwrap();
    assert_eq!(call.body, r#"{"text":"泵停了"}"#);
    call.assert_signed(id, desk.clock.now().timestamp());
    let done = record(&desk, hook, id, |record| record.delivered_at.is_some()).await;
    assert_eq!((done.attempts, done.next_at, done.last_error), (1, None, None));
    assert!(calls.try_recv().is_err(), "once is enough");
}

#[tokio::test]
async fn a_failed_call_is_repeated_later_under_the_same_id() {
    let desk = TestDesk::new().await;
    let (url, mut calls) = listen(2).await;
    let hook = webhook(&desk, "phones", &format!("{url}/calls"), true).await;
    let id = deliver(&desk, hook, "{}").await;
    calls.recv().await.unwrap().assert_signed(id, desk.clock.now().timestamp());
    let failed = record(&desk, hook, id, |record| record.attempts == 1).await;
    assert_eq!(failed.last_error.as_deref(), Some("it answered 500 Internal Server Error: out of paper"));
    assert_eq!(failed.next_at, Some(desk.clock.now() + chrono::Duration::seconds(5)));
    desk.pass(5).await;
    calls.recv().await.unwrap().assert_signed(id, desk.clock.now().timestamp());
    let failed = record(&desk, hook, id, |record| record.attempts == 2).await;
    assert_eq!(failed.next_at, Some(desk.clock.now() + chrono::Duration::seconds(30)));
    desk.pass(30).await;
    calls.recv().await.unwrap().assert_signed(id, desk.clock.now().timestamp());
    let done = record(&desk, hook, id, |record| record.delivered_at.is_some()).await;
    assert_eq!((done.attempts, done.next_at, done.last_error), (3, None, None));
}

#[tokio::test]
async fn private_addresses_are_not_called_unless_the_webhook_says_so() {
    let desk = TestDesk::new().await;
    let (url, mut calls) = listen(0).await;
    let port = url.rsplit(':').next().unwrap();
    for (number, host) in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0", "0x7f.1"].into_iter().enumerate() {
        let hook = webhook(&desk, &format!("inside-{number}"), &format!("http://{host}:{port}/calls"), false).await;
        let id = deliver(&desk, hook, "{}").await;
        let failed = record(&desk, hook, id, |record| record.attempts == 1).await;
        let why = failed.last_error.unwrap();
        assert!(why.contains("an address of this machine") && why.contains("allow_private"), "{host}: {why}");
    }
    assert!(calls.try_recv().is_err(), "nobody connected");
}

#[tokio::test]
async fn redirects_are_not_followed_and_a_webhook_switched_off_is_not_called() {
    let desk = TestDesk::new().await;
    let (url, mut calls) = listen(0).await;
    let moved = webhook(&desk, "moved", &format!("{url}/moved"), true).await;
    let id = deliver(&desk, moved, "{}").await;
    let failed = record(&desk, moved, id, |record| record.attempts == 1).await;
    assert!(failed.last_error.unwrap().contains("302 Found; redirects are not followed"));
    let gone = deliver(&desk, WebhookId(new_id()), "{}").await;
    let off = desk.server().desk.directory().webhooks[&moved].clone();
    desk.admin.act(Command::PutWebhook(Box::new(Webhook { active: false, ..off }))).await.unwrap();
    let id = deliver(&desk, moved, "{}").await;
    let given_up = record(&desk, moved, id, |record| record.next_at.is_none()).await;
    assert_eq!((given_up.attempts, given_up.last_error.as_deref()), (1, Some("the webhook was switched off")));
    assert_ne!(gone, id);
    assert!(calls.try_recv().is_err());
}

#[tokio::test]
async fn a_receiver_that_never_answers_holds_up_nobody_else() {
    let desk = TestDesk::new().await;
    let (url, mut calls) = listen(0).await;
    let slow = webhook(&desk, "slow", &format!("{url}/slow"), true).await;
    let quick = webhook(&desk, "quick", &format!("{url}/calls"), true).await;
    let waits = deliver(&desk, slow, "slow").await;
    assert_eq!(calls.recv().await.unwrap().body, "slow");
    for number in 0..3 {
        let id = deliver(&desk, quick, &number.to_string()).await;
        assert_eq!(calls.recv().await.unwrap().body, number.to_string());
        record(&desk, quick, id, |record| record.delivered_at.is_some()).await;
    }
    let waiting = record(&desk, slow, waits, |_| true).await;
    assert_eq!((waiting.attempts, waiting.delivered_at), (0, None), "still being called");
}

#[tokio::test]
async fn what_happens_calls_whoever_asked_for_it() {
    let desk = TestDesk::new().await;
    let (url, mut calls) = listen(0).await;
    let id = WebhookId(new_id());
    let (key, secret, url) = ("events".to_owned(), SECRET.to_owned(), format!("{url}/calls"));
    let events = vec!["ticket_created".to_owned(), "assigned".to_owned()];
    let (person, queue) = (None, Some(desk.pumps));
    let hook =
        Webhook { id, version: 0, key: key.clone(), name: key, url, secret, allow_private: true, active: true, events, person, queue };
    desk.admin.act(Command::PutWebhook(Box::new(hook))).await.unwrap();
    desk.zoe.open("web", "not of this queue").await;
    let number = desk.ann.open("pumps", "Pump 4").await;
    let call = calls.recv().await.unwrap();
    let body: serde_json::Value = serde_json::from_str(&call.body).unwrap();
    assert_eq!((&body["event"], &body["ticket"]["number"]), (&serde_json::json!("ticket_created"), &serde_json::json!(number)));
    call.assert_signed(call.header("webhook-id").parse().unwrap(), desk.clock.now().timestamp());
    let ticket = desk.lead.ticket(number).await;
    if ticket.assignee.is_none() {
        desk.lead.act(Command::AssignTicket { number, person: desk.bob.person.id }).await.unwrap();
    }
    let body: serde_json::Value = serde_json::from_str(&calls.recv().await.unwrap().body).unwrap();
    assert_eq!(body["event"], "assigned");
    assert_eq!(desk.admin.get(&format!("/api/v1/webhooks/{id}/deliveries")).await.unwrap()["items"].as_array().unwrap().len(), 2);
}
