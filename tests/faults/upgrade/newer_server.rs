//! This client against servers of other versions.

use std::sync::Arc;
use std::time::Duration;

use dutydesk::base::clock::{Clock, new_id};
use dutydesk::client::api::{Api, ApiError, Old};
use dutydesk::client::desk::{DeskClient, DeskOptions, LinkTiming};
use dutydesk::client::view::Link;
use dutydesk::domain::command::Command;
use dutydesk::domain::id::TicketNumber;
use dutydesk::domain::person::Role;
use dutydesk::domain::ticket::Status;
use dutydesk::wire::sync::Digest;
use serde_json::{Value, json};
use sqlx::{ConnectOptions, Connection};

use super::doctor::{Doctor, Treatment};
use super::place::Place;

/// Looks before something counts as never true; each lasts until there is news.
const LOOKS: usize = 300;

async fn client(place: &Place, doctor: &Doctor, longest: Duration) -> DeskClient {
    let hasty = Duration::from_millis(20);
    let timing = LinkTiming { backoff: hasty, backoff_max: longest, young_deaths: 1, digest_every: hasty, ..LinkTiming::default() };
    let options = DeskOptions {
        api: Some(Api::new(&doctor.url, Some(&place.token)).unwrap()),
        cache_path: place.folder.path().join("console.sqlite"),
        me: place.me.clone(),
        clock: Clock::System,
        timing,
    };
    let client = DeskClient::open(options).await.unwrap();
    client.start();
    client
}

async fn until(client: &DeskClient, what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let (mut changes, mut status) = (client.changes(), client.status());
    for _ in 0..LOOKS {
        if condition().await {
            return;
        }
        tokio::select! {
            _ = changes.recv() => {}
            _ = status.changed() => {}
            () = tokio::time::sleep(Duration::from_millis(100)) => {}
        }
    }
    panic!("never saw {what}: {:?}", client.status().borrow());
}

/// The cache stands where the server stands, and holds what it says.
async fn equal(client: &DeskClient, place: &Place) {
    until(client, "cache and server to agree", async || {
        let theirs: Digest = place.api.get("/api/v1/digest").await.unwrap();
        let ours = client.digest().await.unwrap();
        ours.cursor == theirs.cursor && dutydesk::client::sync::digest::differing(&ours, &theirs).is_empty()
    })
    .await;
}

fn newer_words(kind: &str, row: &mut Value) {
    match kind {
        "ticket" => {
            row["status"] = "parked".into();
            row["kind"] = "riddle".into();
            row["links"] = json!([{"kind": "admires", "number": 1}]);
            row["aura"] = json!({"colour": "blue"});
        }
        "message" => {
            row["author"] = json!({"type": "robot", "model": 7});
            row["visibility"] = "whisper".into();
        }
        "person" => row["role"] = "auditor".into(),
        "agent_state" => row["presence"] = "dreaming".into(),
        "queue" => row["strategy"] = "by_moon".into(),
        // Nothing stands for a kind of notice that is not known.
        "notice" => row["kind"] = "comet".into(),
        "reminder" => row["state"] = "cosmic".into(),
        "audit" => row["actor"] = json!({"type": "oracle"}),
        _ => {}
    }
}

fn weather() -> Vec<Value> {
    vec![json!({"kind": "weather", "id": "1", "version": 1, "op": "put", "row": {"wind": 4}})]
}

const NEWER: Treatment = Treatment { speaks: Some("3;oldest=1"), row: newer_words, more: weather };

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kinds_fields_and_words_of_a_newer_server_do_not_stop_sync() {
    let place = Place::new().await;
    let number = place.open("Pump 4").await;
    // So that there are entries of the audit beside the one that cannot be read.
    place.act(Command::AddTag { number: TicketNumber(number), tag: "wet".into() }).await;
    let at = json!({"at": Clock::System.now() + chrono::Duration::days(1), "text": "look again"});
    let _: Value = place.api.call(reqwest::Method::PUT, &format!("/api/v1/reminders/{}", new_id()), &at).await.unwrap();
    let doctor = Doctor::before(&place.server.url, NEWER).await;
    let console = client(&place, &doctor, Duration::from_millis(50)).await;
    until(&console, "a live link", async || console.status().borrow().link == Link::Live).await;
    equal(&console, &place).await;
    // By batch as well.
    let second = place.open("Pump 5").await;
    until(&console, "the second ticket", async || console.ticket(TicketNumber(second)).await.unwrap().is_some()).await;
    equal(&console, &place).await;
    for number in [number, second] {
        let detail = console.ticket(TicketNumber(number)).await.unwrap().unwrap();
        assert_eq!(detail.ticket.status, Status::Open, "what is not known to be over is to be looked at");
        assert!(detail.ticket.links.is_empty());
    }
    assert_eq!(console.me().role, Role::Viewer);
    assert!(console.directory().reminders.is_empty(), "what cannot be read is not shown");
    until(&console, "the messages", async || {
        let detail = console.ticket(TicketNumber(number)).await.unwrap().unwrap();
        detail.messages.iter().any(|message| message.text == "Pump 4")
    })
    .await;
    let history = console.history(TicketNumber(number)).await.unwrap();
    assert!(!history.audit.is_empty(), "one entry that cannot be read hides the others");
    assert_eq!(console.mismatches(), 0, "nothing was loaded anew for words that are not known");
    console.shutdown().await;

    // Updated, on the same cache: everything is read as it is.
    let cache = place.folder.path().join("console.sqlite");
    let mut file = sqlx::sqlite::SqliteConnectOptions::new().filename(&cache).connect().await.unwrap();
    let marks: i64 = sqlx::query_scalar("SELECT count(*) FROM rows WHERE kind LIKE 'mended:%' OR kind LIKE 'aside:%'")
        .fetch_one(&mut file)
        .await
        .unwrap();
    assert!(marks > 4, "{marks} rows were written down as newer");
    sqlx::query("UPDATE meta SET value = '1' WHERE key = 'protocol'").execute(&mut file).await.unwrap();
    file.close().await.unwrap();
    doctor.treat(Treatment::NONE);
    let console = client(&place, &doctor, Duration::from_millis(50)).await;
    until(&console, "a live link", async || console.status().borrow().link == Link::Live).await;
    equal(&console, &place).await;
    let detail = console.ticket(TicketNumber(number)).await.unwrap().unwrap();
    assert_eq!(detail.ticket.status, Status::New);
    assert_eq!((console.me().role, console.directory().reminders.len()), (Role::Admin, 1));
    until(&console, "the messages as they are", async || {
        let detail = console.ticket(TicketNumber(number)).await.unwrap().unwrap();
        detail.messages.iter().any(|message| matches!(message.author, dutydesk::domain::conversation::Author::Requester { .. }))
    })
    .await;
    assert_eq!(console.mismatches(), 0);
    console.shutdown().await;
}

/// A server too far away: the console says which to update, keeps what it was asked, leaves the server alone, and goes on when the
/// two get on again.
async fn too_far(speaks: &'static str, old: Old) {
    let place = Place::new().await;
    let number = TicketNumber(place.open("Pump 4").await);
    let doctor = Doctor::before(&place.server.url, Treatment::NONE).await;
    let console = client(&place, &doctor, Duration::from_millis(50)).await;
    until(&console, "a live link", async || console.status().borrow().link == Link::Live).await;
    console.shutdown().await;
    doctor.treat(Treatment { speaks: Some(speaks), ..Treatment::NONE });
    doctor.requests.store(0, std::sync::atomic::Ordering::SeqCst);
    // With a longest wait of an hour, whatever is asked beyond the first tries would be hammering.
    let console = client(&place, &doctor, Duration::from_secs(3_600)).await;
    until(
        &console,
        "which is too old",
        async || matches!(&console.status().borrow().link, Link::Outdated { old: found, .. } if *found == old),
    )
    .await;
    let Link::Outdated { why, .. } = console.status().borrow().link.clone() else { panic!("it was outdated just now") };
    assert!(why.contains("update") && why.contains("protocol"), "{why}");
    for n in 0..20 {
        console.submit(Command::AddTag { number, tag: format!("tag{n}") }, None).await.unwrap();
    }
    assert!(console.ticket(number).await.unwrap().is_some(), "the cache is read as ever");
    assert_eq!(console.outbox().await.unwrap().len(), 20);
    assert!(doctor.requests() < 40, "{} requests", doctor.requests());
    console.shutdown().await;
    doctor.treat(Treatment::NONE);
    let console = client(&place, &doctor, Duration::from_millis(50)).await;
    until(&console, "the outbox to be sent", async || console.outbox().await.unwrap().is_empty()).await;
    equal(&console, &place).await;
    let ticket: Value = place.api.get(&format!("/api/v1/tickets/{number}")).await.unwrap();
    assert_eq!(ticket["tags"].as_array().unwrap().len(), 20);
    console.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_too_old_is_named_and_left_alone() {
    too_far("0", Old::Server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_is_too_old_says_so_and_keeps_its_outbox() {
    too_far("9;oldest=5", Old::Client).await;
}

#[tokio::test]
async fn a_program_is_told_by_a_code_which_of_the_two_is_too_old() {
    let place = Place::new().await;
    for (speaks, code) in [("0", "server_too_old"), ("9;oldest=5", "client_too_old")] {
        let doctor: Arc<Doctor> = Doctor::before(&place.server.url, Treatment { speaks: Some(speaks), ..Treatment::NONE }).await;
        let api = Api::new(&doctor.url, Some(&place.token)).unwrap();
        let error: ApiError = api.get::<Value>("/api/v1/people/me").await.unwrap_err();
        assert_eq!(error.code(), Some(code), "{error}");
    }
}
