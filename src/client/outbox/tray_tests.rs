//! Refused commands on their way back: other words, other versions, and one's own changes in between.

use super::tests::{done, no, queued, set_status};
use super::*;
use crate::client::cache::tests::{batch, fresh, id, now, put, ticket};
use crate::client::files::uploads;
use crate::client::sync::apply::apply;
use crate::domain::command::{CommandResult, PostMessage};
use crate::domain::conversation::Visibility;
use crate::domain::row::Row;

fn reply(text: &str, file: Option<u128>) -> Command {
    let target = MessageTarget::Ticket { number: TicketNumber(1) };
    let files = file.map(|file| id(file).into()).into_iter().collect();
    Command::PostMessage(Box::new(PostMessage { files, ..PostMessage::new(target, id(60).into(), Visibility::Public, text.into()) }))
}

async fn texts(cache: &Cache) -> Vec<(String, bool)> {
    let entries = entries(cache, None).await.unwrap();
    let text = |entry: &OutboxEntry| match &entry.command {
        Command::PostMessage(post) => post.text.clone(),
        other => other.name().to_owned(),
    };
    entries.iter().map(|entry| (text(entry), matches!(entry.state, OutboxState::Refused(_)))).collect()
}

#[tokio::test]
async fn other_words_take_the_place_of_the_refused_ones_and_only_theirs() {
    let folder = tempfile::tempdir().unwrap();
    let cache = fresh(folder.path()).await;
    for (key, text) in [(1, "one"), (2, "two")] {
        queued(&cache, key, reply(text, None)).await;
    }
    record(&cache, &[no(1), no(2)]).await.unwrap();
    assert!(rewrite(&cache, id(1).into(), &reply("one, anew", None)).await.unwrap());
    assert_eq!(texts(&cache).await, [("one, anew".to_owned(), true), ("two".to_owned(), true)]);
    assert!(resend(&cache, id(1).into(), id(3).into(), reply("one, sent", None), now()).await.unwrap());
    assert_eq!(texts(&cache).await, [("two".to_owned(), true), ("one, sent".to_owned(), false)]);
    assert!(!rewrite(&cache, id(3).into(), &reply("changed", None)).await.unwrap(), "what waits may be on its way");
    // Gone meanwhile: the words are kept all the same.
    assert!(!resend(&cache, id(1).into(), id(4).into(), reply("late", None), now()).await.unwrap());
    assert_eq!(texts(&cache).await.len(), 3);
    // A key that is there already: nothing changes, neither the old nor the new.
    assert!(resend(&cache, id(2).into(), id(4).into(), reply("lost?", None), now()).await.is_err());
    assert_eq!(texts(&cache).await[0], ("two".to_owned(), true));
}

#[tokio::test]
async fn what_goes_again_has_its_files_tried_again_in_the_same_write() {
    let folder = tempfile::tempdir().unwrap();
    let cache = fresh(folder.path()).await;
    let local = crate::client::files::local::Local {
        id: id(9).into(),
        path: "/tmp/9.log".into(),
        name: "9.log".into(),
        media_type: "text/plain".into(),
        size: 10,
        sha256: "00".repeat(32),
    };
    uploads::add(&cache, &local).await.unwrap();
    queued(&cache, 1, reply("see", Some(9))).await;
    uploads::fail(&cache, id(9).into(), "It has changed.").await.unwrap();
    assert_eq!(uploads::next(&cache).await.unwrap(), None);
    assert!(resend(&cache, id(1).into(), id(2).into(), reply("see it", Some(9)), now()).await.unwrap());
    assert_eq!(uploads::next(&cache).await.unwrap().map(|local| local.id), Some(id(9).into()));
}

#[tokio::test]
async fn ones_own_change_moves_what_waits_and_anothers_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let cache = fresh(folder.path()).await;
    apply(&cache, &batch(0, 1, vec![put(&Row::Ticket(Box::new(ticket(1, 1))))])).await.unwrap();
    for key in 1..=3 {
        queued(&cache, key, set_status(1)).await;
    }
    let bases = async || waiting(&cache, 10).await.unwrap().iter().map(|one| one.base_version.unwrap()).collect::<Vec<_>>();
    let made = |key, version| {
        let result = CommandResult { ticket: Some(TicketNumber(1)), version: Some(version), ..CommandResult::default() };
        done(key, result)
    };
    record(&cache, &[made(1, 2)]).await.unwrap();
    assert_eq!(bases().await, [2, 2]);
    // Somebody else made 3: that is a surprise to what waits.
    record(&cache, &[made(2, 4)]).await.unwrap();
    assert_eq!(bases().await, [2]);
}
