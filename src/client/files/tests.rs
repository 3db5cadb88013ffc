//! Uploads that wait, survive and fail; copies that are bounded.

use std::time::{Duration, SystemTime};

use super::local::{Local, inspect};
use super::{FileError, copies, uploads};
use crate::client::cache::Cache;
use crate::client::cache::tests::{fresh, id, me, now};
use crate::client::outbox;
use crate::client::view::OutboxState;
use crate::domain::command::{Command, MessageTarget, PostMessage, Submission};
use crate::domain::conversation::Visibility;
use crate::domain::id::{FileId, TicketNumber};

fn chosen(number: u128) -> Local {
    Local {
        id: id(number).into(),
        path: format!("/tmp/{number}.log").into(),
        name: format!("{number}.log"),
        media_type: "text/plain".into(),
        size: 10,
        sha256: "00".repeat(32),
    }
}

async fn posted(cache: &Cache, key: u128, files: Vec<FileId>) -> Submission {
    let target = MessageTarget::Ticket { number: TicketNumber(1) };
    let post = PostMessage { files, ..PostMessage::new(target, id(key + 100).into(), Visibility::Public, "see".into()) };
    let submission = outbox::submission(id(key).into(), Command::PostMessage(Box::new(post)), None, now());
    outbox::queue(cache, &submission, now()).await.unwrap();
    submission
}

async fn waiting(cache: &Cache) -> Vec<Submission> {
    outbox::waiting(cache, 10).await.unwrap()
}

#[tokio::test]
async fn a_message_waits_for_its_files_and_others_do_not() {
    let folder = tempfile::tempdir().unwrap();
    let cache = fresh(folder.path()).await;
    for number in [1, 2] {
        uploads::add(&cache, &chosen(number)).await.unwrap();
    }
    let with = posted(&cache, 10, vec![id(1).into(), id(2).into()]).await;
    let without = posted(&cache, 11, Vec::new()).await;
    assert_eq!(waiting(&cache).await, std::slice::from_ref(&without));
    uploads::advance(&cache, id(1).into(), 10, true).await.unwrap();
    assert_eq!(waiting(&cache).await, std::slice::from_ref(&without));
    assert_eq!(uploads::next(&cache).await.unwrap(), Some(chosen(2)));
    uploads::advance(&cache, id(2).into(), 4, false).await.unwrap();
    assert_eq!(uploads::open(&cache).await.unwrap().iter().map(|one| one.done).collect::<Vec<_>>(), [4]);
    uploads::advance(&cache, id(2).into(), 10, true).await.unwrap();
    assert_eq!(waiting(&cache).await, [with, without]);
    assert_eq!(uploads::next(&cache).await.unwrap(), None);
}

#[tokio::test]
async fn an_upload_outlives_the_program_and_the_slot() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("me.sqlite");
    let first = Cache::open(&path, me()).await.unwrap();
    let second = Cache::open(&path, me()).await.unwrap();
    uploads::add(&second, &chosen(1)).await.unwrap();
    posted(&second, 10, vec![id(1).into()]).await;
    for cache in [first, second] {
        cache.close().await;
    }
    let next = Cache::open(&path, me()).await.unwrap();
    assert_eq!(uploads::next(&next).await.unwrap(), Some(chosen(1)));
    assert!(waiting(&next).await.is_empty(), "it still waits for its file");
}

#[tokio::test]
async fn a_failed_upload_refuses_its_message_until_it_is_retried() {
    let folder = tempfile::tempdir().unwrap();
    let cache = fresh(folder.path()).await;
    uploads::add(&cache, &chosen(1)).await.unwrap();
    let sent = posted(&cache, 10, vec![id(1).into()]).await;
    uploads::fail(&cache, id(1).into(), "It has changed.").await.unwrap();
    let entries = outbox::entries(&cache, None).await.unwrap();
    assert!(
        matches!(&entries[0].state, OutboxState::Refused(refusal) if refusal.code == "upload_failed" && refusal.message == "It has changed.")
    );
    assert_eq!(uploads::open(&cache).await.unwrap()[0].failed.as_deref(), Some("It has changed."));
    uploads::sweep(&cache).await.unwrap();
    outbox::retry(&cache, sent.key, id(11).into(), now()).await.unwrap();
    assert_eq!(uploads::next(&cache).await.unwrap(), Some(chosen(1)));
    uploads::advance(&cache, id(1).into(), 10, true).await.unwrap();
    assert_eq!(waiting(&cache).await.len(), 1);
    uploads::sweep(&cache).await.unwrap();
    assert_eq!(waiting(&cache).await.len(), 1, "a done upload that is named stays known");
}

#[tokio::test]
async fn a_chosen_file_is_known_by_its_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("photo.jpg");
    std::fs::write(&path, b"\x89PNG\r\n\x1a\n").unwrap();
    let local = inspect(id(1).into(), &path).await.unwrap();
    assert_eq!((local.name.as_str(), local.media_type.as_str(), local.size, local.sha256.len()), ("photo.jpg", "image/png", 8, 64));
    assert!(matches!(inspect(id(1).into(), folder.path()).await, Err(FileError::NotAFile(_))));
    assert!(matches!(inspect(id(1).into(), &folder.path().join("no")).await, Err(FileError::Disk { .. })));
}

#[test]
fn the_longest_unused_copies_go_first() {
    let folder = tempfile::tempdir().unwrap();
    let at = |number| SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000 * number);
    let copies: Vec<_> = (1..=3)
        .map(|number| {
            let copy = copies::place(folder.path(), id(number).into(), "../a.log");
            copies::make_room(&copy).unwrap();
            std::fs::write(&copy, [0; 100]).unwrap();
            copies::touch(&copy, at(10 - u64::try_from(number).unwrap()));
            copy
        })
        .collect();
    assert!(copies[0].starts_with(folder.path()) && copies[0].ends_with("a.log"));
    copies::trim(folder.path(), 250, &copies[2]);
    assert_eq!(copies.iter().map(|copy| copy.exists()).collect::<Vec<_>>(), [true, false, true], "the oldest is kept as it is in use");
    copies::trim(folder.path(), 0, &copies[0]);
    assert!(!copies[2].exists() && copies[0].exists());
    assert_eq!([0, 999, 3_400_000].map(copies::bytes), ["0 B", "999 B", "3.4 MB"]);
}
