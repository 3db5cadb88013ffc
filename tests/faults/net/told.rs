//! Links that fail in ways of their own: what the person is told, what is kept, and what goes on meanwhile.

use std::time::Duration;

use chrono::Duration as Span;
use dutydesk::client::api::Api;
use dutydesk::client::view::{Link, OutboxState};
use dutydesk::domain::command::Command;
use dutydesk::domain::conversation::Visibility;

use super::clients::{ANSWER, Side, hasty, post, tickets};
use super::desk::TestDesk;
use super::proxy::Proxy;
use super::proxy::fault::Fault;
use super::runs::texts;

/// Anything here; a failure, not a measure.
const LONGEST: Duration = Duration::from_secs(120);

async fn ends(run: impl Future<Output = ()>) {
    assert!(tokio::time::timeout(LONGEST, run).await.is_ok(), "it never ended");
}

fn offline(link: &Link) -> bool {
    matches!(link, Link::Offline { .. })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_start_into_a_black_hole_is_told_and_counts_from_its_beginning() {
    ends(async {
        let desk = TestDesk::new().await;
        desk.lead.open("pumps", "Pump").await;
        let proxy = Proxy::start(&desk.url, 1);
        proxy.set(Fault::BlackHole);
        let side = Side::start(&desk, &desk.ann, &proxy.url, "ann.sqlite").await;
        let first = side.link("offline", |status| offline(&status.link)).await;
        let Link::Offline { since, .. } = first.link else { unreachable!() };
        desk.clock.advance(Span::hours(1));
        // The next try fails as well, and says so again.
        let mut again = side.client.status();
        again.mark_unchanged();
        again.changed().await.unwrap();
        assert!(matches!(&again.borrow().link, Link::Offline { since: then, .. } if *then == since), "{:?}", *again.borrow());
        proxy.set(Fault::Clear);
        side.settled(&desk.ann.api).await;
        assert!(side.sentences() >= 2);
        side.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn news_come_by_polls_where_streams_are_held_back() {
    ends(async {
        let desk = TestDesk::new().await;
        let number = desk.lead.open("pumps", "Pump").await;
        let proxy = Proxy::start(&desk.url, 2);
        proxy.set(Fault::Buffering);
        let side = Side::start(&desk, &desk.ann, &proxy.url, "ann.sqlite").await;
        side.live().await;
        for n in 0..5 {
            desk.lead.act(Command::AddTag { number, tag: format!("tag{n}") }).await.unwrap();
            side.until("the tag", async || tickets(&side.client).await.iter().any(|row| row.tags.len() == n + 1)).await;
        }
        side.client.submit(post(number, Visibility::Internal, "through the buffer"), None).await.unwrap();
        side.settled(&desk.ann.api).await;
        assert!(proxy.done()[Fault::Buffering.name()] > 0);
        // Streams are tried again now and then, and polls go on: nobody is told of an outage that is none.
        proxy.until(Fault::Buffering, 2).await;
        let told = side.sentences();
        proxy.until(Fault::Buffering, 3).await;
        assert_eq!(side.sentences(), told, "{:?}", side.told.lock().unwrap());
        side.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_is_revoked_midway_ends_the_link_and_loses_nothing() {
    ends(async {
        let desk = TestDesk::new().await;
        let number = desk.lead.open("pumps", "Pump").await;
        let proxy = Proxy::start(&desk.url, 3);
        let side = Side::start(&desk, &desk.ann, &proxy.url, "ann.sqlite").await;
        side.live().await;
        proxy.set(Fault::CutBeforeReply);
        side.client.submit(post(number, Visibility::Public, "answer lost"), None).await.unwrap();
        proxy.until(Fault::CutBeforeReply, 2).await;
        desk.admin.api.delete(&format!("/api/v1/people/{}/tokens/all", desk.ann.person.id)).await.unwrap();
        side.client.submit(post(number, Visibility::Public, "never sent"), None).await.unwrap();
        proxy.set(Fault::Clear);
        side.link("signed out", |status| status.link == Link::SignedOut).await;
        let outbox = side.outbox().await;
        assert!(outbox.len() == 2 && outbox.iter().all(|entry| entry.state == OutboxState::Waiting), "{outbox:?}");
        side.stop().await;
        // Signed in again, on the same cache.
        let token = dutydesk::server::routes::sessions::issue(&desk.server().desk, desk.ann.person.id, "again").await.unwrap();
        let api = Api::new(&proxy.url, Some(&token)).unwrap().with_patience(ANSWER);
        let side = Side::open(&desk, &desk.ann, Some(api.clone()), "ann.sqlite", hasty()).await;
        side.settled(&api).await;
        let said = texts(&desk.lead, number).await;
        for text in ["answer lost", "never sent"] {
            assert_eq!(said.iter().filter(|one| *one == text).count(), 1, "{said:?}");
        }
        assert_eq!(side.outbox().await, Vec::new());
        side.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_large_for_a_proxy_waits_and_holds_nothing_else_up() {
    ends(async {
        let desk = TestDesk::new().await;
        let (wide, other) = (desk.lead.open("pumps", "Wide").await, desk.lead.open("pumps", "Other").await);
        let proxy = Proxy::start(&desk.url, 4);
        let side = Side::start(&desk, &desk.ann, &proxy.url, "ann.sqlite").await;
        side.live().await;
        proxy.set(Fault::Narrow { over: 8 * 1024 });
        side.client.submit(post(wide, Visibility::Internal, &"wide ".repeat(3_000)), None).await.unwrap();
        side.client.submit(post(wide, Visibility::Internal, "after it"), None).await.unwrap();
        side.client.submit(post(other, Visibility::Internal, "beside it"), None).await.unwrap();
        side.until("the small one to go", async || side.outbox().await.len() == 2).await;
        assert_eq!(texts(&desk.lead, other).await.last().unwrap(), "beside it");
        assert_eq!(side.refused().await, Vec::new(), "a proxy refuses nothing of ours");
        assert!(!texts(&desk.lead, wide).await.contains(&"after it".to_owned()), "order is kept on a ticket");
        proxy.set(Fault::Clear);
        side.settled(&desk.ann.api).await;
        assert_eq!(texts(&desk.lead, wide).await.last().unwrap(), "after it");
        side.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_download_that_stops_is_given_up_and_goes_on_later() {
    ends(async {
        let desk = TestDesk::new().await;
        let number = desk.lead.open("pumps", "Pump").await;
        let proxy = Proxy::start(&desk.url, 5);
        let side = Side::start(&desk, &desk.ann, &proxy.url, "ann.sqlite").await;
        side.live().await;
        let log = desk.path("pump.log");
        let bytes: Vec<u8> = (0..200_000_u32).flat_map(|n| format!("{n}\n").into_bytes()).take(600_000).collect();
        std::fs::write(&log, &bytes).unwrap();
        let file = side.client.attach(&log).await.unwrap();
        let Command::PostMessage(mut message) = post(number, Visibility::Internal, "see the log") else { unreachable!() };
        message.files = vec![file.id];
        side.client.submit(Command::PostMessage(message), None).await.unwrap();
        side.settled(&desk.ann.api).await;
        for fault in [Fault::Stall { after: 100_000 }, Fault::BlackHole] {
            proxy.set(fault);
            let error = side.client.download(file.id, "pump.log", file.size).await.unwrap_err().to_string();
            assert!(error.len() > 20, "{error}");
        }
        proxy.set(Fault::Clear);
        let copy = side.client.download(file.id, "pump.log", file.size).await.unwrap();
        assert_eq!(std::fs::read(copy).unwrap(), bytes);
        side.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_of_long_texts_gets_through_a_thin_link() {
    ends(async {
        let desk = TestDesk::new().await;
        let number = desk.lead.open("pumps", "Pump").await;
        let proxy = Proxy::start(&desk.url, 6);
        proxy.set(Fault::Reset { after: 0 });
        let side = Side::start(&desk, &desk.ann, &proxy.url, "ann.sqlite").await;
        // At 64 kB/s all of it takes longer than any one request may.
        for n in 0..40 {
            side.client.submit(post(number, Visibility::Internal, &format!("{n} {}", "long ".repeat(2_000))), None).await.unwrap();
        }
        proxy.set(Fault::Bandwidth { bytes: 64 * 1024 });
        side.until("all to go", async || side.outbox().await.is_empty()).await;
        proxy.set(Fault::Clear);
        side.settled(&desk.ann.api).await;
        assert_eq!(texts(&desk.lead, number).await.iter().filter(|text| text.contains("long long")).count(), 40);
        side.stop().await;
    })
    .await;
}
