//! Files through the console's client: uploads that survive a restart and a lost link, messages that wait for them, downloads
//! that go on.

use std::path::Path;
use std::time::Duration;

use dutydesk::base::clock::new_id;
use dutydesk::client::desk::{DeskClient, DeskOptions, LinkTiming};
use dutydesk::client::files::fetch::fetch;
use dutydesk::client::view::OutboxState;
use dutydesk::domain::command::{Command, MessageTarget, PostMessage};
use dutydesk::domain::conversation::Visibility;
use dutydesk::domain::id::{FileId, TicketNumber};

use crate::desk::{TestDesk, Who};

async fn open(desk: &TestDesk, who: &Who, file: &str) -> DeskClient {
    let timing = LinkTiming { backoff: Duration::from_millis(20), backoff_max: Duration::from_millis(100), ..LinkTiming::default() };
    let path = desk.path(file);
    let options = DeskOptions { api: Some(who.api.clone()), cache_path: path, me: who.person.clone(), clock: desk.clock.clone(), timing };
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
