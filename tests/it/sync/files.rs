//! Files through the console's client: uploads that survive a restart and a lost link, messages that wait for them, downloads
//! that go on.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dutydesk::base::clock::new_id;
use dutydesk::client::api::Api;
use dutydesk::client::desk::{DeskClient, DeskOptions, LinkTiming};
use dutydesk::client::files::fetch::fetch;
use dutydesk::client::files::send::SLICE_BYTES;
use dutydesk::client::view::OutboxState;
use dutydesk::domain::command::{Command, MessageTarget, PostMessage};
use dutydesk::domain::conversation::Visibility;
use dutydesk::domain::id::{FileId, TicketNumber};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::desk::{TestDesk, Who};

async fn open(desk: &TestDesk, who: &Who, file: &str) -> DeskClient {
    open_by(desk, who, who.api.clone(), file).await
}

/// As [`open`], by another way to the server.
async fn open_by(desk: &TestDesk, who: &Who, api: Api, file: &str) -> DeskClient {
    let timing = LinkTiming { backoff: Duration::from_millis(20), backoff_max: Duration::from_millis(100), ..LinkTiming::default() };
    let path = desk.path(file);
    let options = DeskOptions { api: Some(api), cache_path: path, me: who.person.clone(), clock: desk.clock.clone(), timing };
    DeskClient::open(options).await.unwrap()
}

/// Waits until `condition` holds; asks again whenever the client has news.
async fn until(client: &DeskClient, what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let (mut changes, mut status) = (client.changes(), client.status());
    for _ in 0..500 {
        if condition().await {
            return;
        }
        tokio::select! {
            _ = changes.recv() => {}
            changed = status.changed() => changed.unwrap(),
        }
    }
    panic!("never saw {what}");
}

fn post(number: TicketNumber, files: Vec<FileId>) -> Command {
    let target = MessageTarget::Ticket { number };
    let post = PostMessage { files, ..PostMessage::new(target, new_id().into(), Visibility::Public, "see the log".into()) };
    Command::PostMessage(Box::new(post))
}

fn write(path: &Path, lines: usize) -> Vec<u8> {
    let text: String = (0..lines).map(|n| format!("line {n} of the log\n")).collect();
    std::fs::write(path, &text).unwrap();
    text.into_bytes()
}

#[tokio::test]
async fn a_message_with_files_goes_when_they_are_up_also_after_a_restart() {
    let mut desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", "see").await;
    let path = desk.path("pump.log");
    let bytes = write(&path, 80_000);
    // Chosen and posted without a server, then the console ends.
    let first = open(&desk, &desk.ann, "ann.sqlite").await;
    let file = first.attach(&path).await.unwrap();
    first.submit(post(number, vec![file.id]), None).await.unwrap();
    first.shutdown().await;
    drop(first);
    let again = open(&desk, &desk.ann, "ann.sqlite").await;
    assert_eq!(again.transfers().await.unwrap().iter().map(|one| one.file).collect::<Vec<_>>(), [file.id]);
    desk.stop().await;
    again.start();
    desk.start_again().await;
    until(&again, "the message with its file", async || {
        let detail = again.ticket(number).await.ok().flatten();
        detail.is_some_and(|detail| {
            detail.messages.iter().any(|message| message.version > 0 && message.attachments.iter().any(|one| one.file == Some(file.id)))
        })
    })
    .await;
    assert!(again.transfers().await.unwrap().is_empty());
    // Somebody else reads it: fetched once, then from the copy.
    let bob = open(&desk, &desk.bob, "bob.sqlite").await;
    let copy = bob.download(file.id, "pump.log", file.size).await.unwrap();
    assert_eq!(std::fs::read(&copy).unwrap(), bytes);
    let (items, note) = bob.ticket_files(number).await.unwrap();
    assert_eq!((items.len(), items[0].file, note), (1, Some(file.id), None));
    desk.stop().await;
    assert_eq!(bob.download(file.id, "pump.log", file.size).await.unwrap(), copy);
    let saved = bob.save(file.id, "pump.log", file.size, &desk.path("saved.log")).await.unwrap();
    assert_eq!(std::fs::read(saved).unwrap(), bytes);
    again.shutdown().await;
    bob.shutdown().await;
}

#[tokio::test]
async fn a_file_that_changed_is_told_and_its_message_keeps_its_text() {
    let desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", "see").await;
    let path = desk.path("pump.log");
    let bytes = write(&path, 100);
    let client = open(&desk, &desk.ann, "ann.sqlite").await;
    let file = client.attach(&path).await.unwrap();
    // The same length, other bytes: only the hash tells.
    std::fs::write(&path, vec![b'x'; bytes.len()]).unwrap();
    let key = client.submit(post(number, vec![file.id]), None).await.unwrap();
    client.start();
    until(&client, "the refusal", async || {
        let entries = client.outbox().await.unwrap();
        entries.iter().any(|entry| matches!(&entry.state, OutboxState::Refused(refusal) if refusal.message.contains("has changed")))
    })
    .await;
    // Put back as it was, a retry sends both.
    std::fs::write(&path, &bytes).unwrap();
    client.retry(key).await.unwrap();
    until(&client, "an empty outbox", async || client.outbox().await.unwrap().is_empty()).await;
    let files = desk.ann.get(&format!("/api/v1/tickets/{number}/files")).await.unwrap();
    assert_eq!(files["items"][0]["name"], "pump.log");
    client.shutdown().await;
}

#[tokio::test]
async fn a_download_that_broke_off_goes_on_and_a_damaged_one_is_thrown_away() {
    let desk = TestDesk::new().await;
    let path = desk.path("pump.log");
    let bytes = write(&path, 50_000);
    let local = dutydesk::client::files::local::inspect(new_id().into(), &path).await.unwrap();
    let api = &desk.ann.api;
    dutydesk::client::files::send::send(api, &local, &|_| {}).await.unwrap();
    let into = desk.path("down.log");
    let (part, tag) = (desk.path("down.log.part"), desk.path("down.log.tag"));
    std::fs::write(&part, &bytes[..300_000]).unwrap();
    std::fs::write(&tag, format!("\"{}\"", local.sha256)).unwrap();
    let first = std::sync::atomic::AtomicU64::new(0);
    let note = |done: u64, _: Option<u64>| {
        let _ = first.compare_exchange(0, done, std::sync::atomic::Ordering::SeqCst, std::sync::atomic::Ordering::SeqCst);
    };
    fetch(api, local.id, &into, &note).await.unwrap();
    assert_eq!(first.into_inner(), 300_000, "it went on where it was");
    assert_eq!(std::fs::read(&into).unwrap(), bytes);
    assert!(!part.exists() && !tag.exists());
    // A beginning that is not the file's is found out by the hash.
    std::fs::remove_file(&into).unwrap();
    std::fs::write(&part, vec![b'x'; 300_000]).unwrap();
    std::fs::write(&tag, format!("\"{}\"", local.sha256)).unwrap();
    assert!(fetch(api, local.id, &into, &|_, _| {}).await.is_err());
    assert!(!into.exists() && !part.exists());
    fetch(api, local.id, &into, &|_, _| {}).await.unwrap();
    assert_eq!(std::fs::read(&into).unwrap(), bytes);
}

/// A bad link: everything passes, but each time so many bytes have gone up it drops the connection that carried them.
struct BadLink {
    url: String,
    /// Bytes that went up.
    up: Arc<AtomicU64>,
    /// At which the link drops still, the last first.
    drops: Arc<Mutex<Vec<u64>>>,
}

impl BadLink {
    async fn to(server: &str, drops: &[u64]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = server.trim_start_matches("http://").to_owned();
        let (up, drops) = (Arc::new(AtomicU64::new(0)), Arc::new(Mutex::new(drops.iter().rev().copied().collect::<Vec<_>>())));
        let link = Self { url, up: Arc::clone(&up), drops: Arc::clone(&drops) };
        tokio::spawn(async move {
            while let Ok((console, _)) = listener.accept().await {
                // The server may be gone: so is the connection.
                let Ok(server) = TcpStream::connect(&server).await else { continue };
                tokio::spawn(pass(console, server, Arc::clone(&up), Arc::clone(&drops)));
            }
        });
        link
    }
}

/// Until one side ends, or the link drops.
async fn pass(mut console: TcpStream, mut server: TcpStream, up: Arc<AtomicU64>, drops: Arc<Mutex<Vec<u64>>>) {
    let (mut sent, mut answered) = (vec![0; 8_192], vec![0; 8_192]);
    loop {
        tokio::select! {
            read = console.read(&mut sent) => {
                let Ok(read @ 1..) = read else { return };
                if server.write_all(&sent[..read]).await.is_err() {
                    return;
                }
                let all = up.fetch_add(read as u64, Ordering::SeqCst) + read as u64;
                if drops.lock().unwrap().pop_if(|at| *at <= all).is_some() {
                    return;
                }
            }
            read = server.read(&mut answered) => {
                let Ok(read @ 1..) = read else { return };
                if console.write_all(&answered[..read]).await.is_err() {
                    return;
                }
            }
        }
    }
}

#[tokio::test]
async fn an_upload_whose_link_drops_goes_on_where_it_was_and_its_message_goes_once() {
    let desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", "see").await;
    let path = desk.path("pump.log");
    let bytes = write(&path, 130_000);
    let size = bytes.len() as u64;
    assert!(size > 5 * SLICE_BYTES as u64, "several slices: {size}");
    let drops = [700_000, 1_400_000, 1_500_000, 2_600_000];
    let link = BadLink::to(&desk.url, &drops).await;
    let client = open_by(&desk, &desk.ann, Api::new(&link.url, Some(&desk.ann.token)).unwrap(), "ann.sqlite").await;
    let file = client.attach(&path).await.unwrap();
    client.submit(post(number, vec![file.id]), None).await.unwrap();
    client.start();
    until(&client, "an empty outbox", async || {
        let entries = client.outbox().await.unwrap();
        assert!(entries.iter().all(|entry| !matches!(entry.state, OutboxState::Refused(_))), "{entries:?}");
        entries.is_empty()
    })
    .await;
    assert!(link.drops.lock().unwrap().is_empty(), "the link dropped each time");
    // Each drop costs at most the slice that it cut, and what else a console says.
    let up = link.up.load(Ordering::SeqCst);
    assert!(up < size + (drops.len() as u64 + 1) * SLICE_BYTES as u64, "{up} bytes went up for {size}");
    let messages = desk.ann.get(&format!("/api/v1/tickets/{number}/messages")).await.unwrap();
    let messages = messages["messages"].as_array().unwrap();
    let with_file = messages.iter().filter(|message| message["attachments"][0]["file"] == serde_json::json!(file.id)).count();
    assert_eq!((messages.len(), with_file), (2, 1), "once: {messages:?}");
    let bob = open(&desk, &desk.bob, "bob.sqlite").await;
    let copy = bob.download(file.id, "pump.log", file.size).await.unwrap();
    assert_eq!(std::fs::read(copy).unwrap(), bytes);
    client.shutdown().await;
    bob.shutdown().await;
}
