//! What a console missed: 10,000 changes, by the bare stream and by a real client with its cache.

use std::time::{Duration, Instant};

use dutydesk::base::clock::Clock;
use dutydesk::client::api::Api;
use dutydesk::client::desk::{DeskClient, DeskOptions, LinkTiming};
use dutydesk::wire::sync::Digest;

use super::creations;
use super::desk::{Server, folder, settled};
use super::figures::{Goal, figure};
use super::seed::{Seeded, Shape, seed};

/// Changes missed; a ticket's creation makes several.
const CHANGES: usize = 10_000;
const LONGEST: Duration = Duration::from_secs(60);

/// Waits until the cache stands where the server does.
async fn caught_up(client: &DeskClient, cursor: &str) {
    let mut changes = client.changes();
    let deadline = Instant::now() + LONGEST;
    while client.digest().await.expect("a cache").cursor != cursor {
        assert!(Instant::now() < deadline, "the client never caught up");
        // Told of each batch; asked again anyway, should one be told before this listened.
        let _ = tokio::time::timeout(Duration::from_millis(50), changes.recv()).await;
    }
}

async fn client(server: &Server, seeded: &Seeded, cache: &std::path::Path) -> DeskClient {
    let api = Api::new(&server.url(), Some(&seeded.admin.token)).expect("an address");
    let options = DeskOptions {
        api: Some(api),
        cache_path: cache.to_owned(),
        me: seeded.admin.person.clone(),
        clock: Clock::System,
        timing: LinkTiming::default(),
    };
    let client = DeskClient::open(options).await.expect("a cache");
    client.start();
    client
}

/// Follows the stream to `to`; returns bytes and rows.
async fn raw(server: &Server, token: &str, from: &str, to: &str) -> (usize, usize) {
    let mut events = server.wire(token).await.stream(from).await.expect("a stream").expect("a good cursor");
    let (mut bytes, mut rows) = (0, 0);
    loop {
        let heard = tokio::time::timeout(LONGEST, events.next()).await.expect("batches come").expect("the stream lasts");
        bytes += heard.text.len();
        rows += heard.text.windows(10).filter(|word| word == b"\"op\":\"put\"").count();
        if heard.to().as_deref() == Some(to) {
            return (bytes, rows);
        }
    }
}

pub async fn run() {
    let folder = folder();
    let seeded = seed(folder.path(), &Shape::plain(), async |_, _| {}).await;
    let mut server = Server::start(folder.path());
    let token = &seeded.admin.token;
    let cache = folder.path().join("cache.sqlite");
    let first = client(&server, &seeded, &cache).await;
    let from = settled(&server, token).await;
    caught_up(&first, &from).await;
    first.shutdown().await;
    let mut wire = server.wire(token).await;
    let mut rows = 0;
    while rows < CHANGES {
        creations::create(&server, token, 64, Duration::from_millis(200)).await;
        let digest: Digest = serde_json::from_value(wire.get("/api/v1/digest").await.expect("a digest").json()).expect("a digest");
        // Each creation puts a ticket, its conversation and its message.
        rows = digest.kinds.get("ticket").map_or(0, |kind| usize::try_from(kind.count).unwrap_or(0)) * 2;
    }
    let to = settled(&server, token).await;
    for (what, restarted) in [("from the server's memory", false), ("after a restart of the server", true)] {
        if restarted {
            server.kill_and_start();
        }
        let begun = Instant::now();
        let (bytes, rows) = raw(&server, token, &from, &to).await;
        let each = CHANGES as f64 / rows as f64;
        figure(
            &format!("catch-up of 10,000 changes, bare stream, {what} ({rows} rows, {} kB)", bytes / 1_000),
            begun.elapsed().as_secs_f64() * each,
            "s",
            Goal::AtMost(1.0),
        );
    }
    let begun = Instant::now();
    let again = client(&server, &seeded, &cache).await;
    caught_up(&again, &to).await;
    let (bytes, rows) = raw(&server, token, &from, &to).await;
    let _ = bytes;
    figure(
        "catch-up of 10,000 changes, a client with its cache",
        begun.elapsed().as_secs_f64() * CHANGES as f64 / rows as f64,
        "s",
        Goal::AtMost(1.0),
    );
    again.shutdown().await;
}
