//! A queued command outlives its program; answers move it on; refusals wait for the person.

use super::*;
use crate::client::cache::tests::{batch, fresh, id, me, now, put, ticket};
use crate::client::sync::apply::apply;
use crate::client::sync::tests::apply::conversation;
use crate::domain::command::{CommandResult, PostMessage};
use crate::domain::conversation::{Author, Message, Visibility};
use crate::domain::refusal::RefusalKind;
use crate::domain::row::Row;
use crate::domain::ticket::Status;

pub(super) fn set_status(number: i64) -> Command {
    Command::SetStatus { number: TicketNumber(number), status: Status::Solved }
}

pub(super) async fn queued(cache: &Cache, key: u128, command: Command) -> Submission {
    let submission = submission(id(key).into(), command, Some(1), now());
    queue(cache, &submission, now()).await.unwrap();
    submission
}

pub(super) fn done(key: u128, result: CommandResult) -> Answer {
    Answer { key: id(key).into(), cursor: "9".to_owned(), result: Some(result), refusal: None, replayed: false }
}

fn ticket_done(key: u128, number: i64, version: i64) -> Answer {
    done(key, CommandResult { ticket: Some(TicketNumber(number)), version: Some(version), ..CommandResult::default() })
}

pub(super) fn no(key: u128) -> Answer {
    let refusal = Refusal::new(RefusalKind::Conflict, "ticket_claimed", "Lin has it.");
    Answer { key: id(key).into(), cursor: "9".to_owned(), result: None, refusal: Some(refusal), replayed: false }
}

async fn states(cache: &Cache) -> Vec<OutboxState> {
    entries(cache, None).await.unwrap().into_iter().map(|entry| entry.state).collect()
}

#[tokio::test]
async fn waiting_commands_survive_in_order_with_their_keys() {
    let folder = tempfile::tempdir().unwrap();
    let cache = fresh(folder.path()).await;
    let first = queued(&cache, 1, set_status(1)).await;
    let second = queued(&cache, 2, Command::ClaimTicket { number: TicketNumber(2) }).await;
    assert_eq!(second.expires_at, Some(now() + chrono::Duration::minutes(10)));
    let path = cache.path().to_owned();
    // Not closed: as when the process dies.
    let copy = folder.path().join("copy.sqlite");
    std::fs::copy(&path, &copy).unwrap();
    std::fs::copy(path.with_extension("sqlite-wal"), copy.with_extension("sqlite-wal")).unwrap();
    let cache = Cache::open(&copy, me()).await.unwrap();
    assert_eq!(waiting(&cache, 10).await.unwrap(), [first, second]);
    assert_eq!(tallies(&cache).await.unwrap(), (2, 0));
}

#[tokio::test]
async fn a_taken_command_goes_when_its_version_has_come() {
    let folder = tempfile::tempdir().unwrap();
    let cache = fresh(folder.path()).await;
    apply(&cache, &batch(0, 1, vec![put(&Row::Ticket(Box::new(ticket(1, 1))))])).await.unwrap();
    queued(&cache, 1, set_status(1)).await;
    record(&cache, &[ticket_done(1, 1, 3)]).await.unwrap();
    assert_eq!(states(&cache).await, [OutboxState::Taken]);
    apply(&cache, &batch(1, 2, vec![put(&Row::Ticket(Box::new(ticket(1, 2))))])).await.unwrap();
    assert_eq!(states(&cache).await, [OutboxState::Taken]);
    apply(&cache, &batch(2, 3, vec![put(&Row::Ticket(Box::new(ticket(1, 3))))])).await.unwrap();
    assert!(states(&cache).await.is_empty());
}

#[tokio::test]
async fn sync_may_be_faster_than_the_answer() {
    let folder = tempfile::tempdir().unwrap();
    let cache = fresh(folder.path()).await;
    queued(&cache, 1, set_status(1)).await;
    apply(&cache, &batch(0, 1, vec![put(&Row::Ticket(Box::new(ticket(1, 3))))])).await.unwrap();
    assert_eq!(states(&cache).await, [OutboxState::Waiting]);
    record(&cache, &[ticket_done(1, 1, 3)]).await.unwrap();
    assert!(states(&cache).await.is_empty());
}

fn post() -> Command {
    Command::PostMessage(Box::new(PostMessage {
        target: MessageTarget::Conversation { id: id(50).into() },
        message: id(60).into(),
        visibility: Visibility::Internal,
        reply_to: None,
        files: Vec::new(),
        seen: None,
        text: "on my way".to_owned(),
        status: None,
    }))
}

#[tokio::test]
async fn a_message_stays_until_it_comes_round() {
    let folder = tempfile::tempdir().unwrap();
    let cache = fresh(folder.path()).await;
    queued(&cache, 1, post()).await;
    record(&cache, &[done(1, CommandResult { message: Some(id(60).into()), ..CommandResult::default() })]).await.unwrap();
    apply(&cache, &batch(0, 1, vec![put(&Row::Conversation(conversation(0)))])).await.unwrap();
    assert_eq!(states(&cache).await, [OutboxState::Taken]);
    let message = Message {
        id: id(60).into(),
        version: 1,
        conversation: id(50).into(),
        ticket: None,
        seq: 1,
        author: Author::Person { id: me() },
        visibility: Visibility::Internal,
        text: "on my way".to_owned(),
        line: None,
        attachments: Vec::new(),
        mentions: Vec::new(),
        reply_to: None,
        reactions: std::collections::BTreeMap::new(),
        pinned_by: None,
        edited_at: None,
        split_into: None,
        copy_of: None,
        withheld: false,
        created_at: now(),
    };
    apply(&cache, &batch(1, 2, vec![put(&Row::Message(Box::new(message)))])).await.unwrap();
    assert!(states(&cache).await.is_empty());
}

#[tokio::test]
async fn a_message_to_a_place_out_of_sight_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let cache = fresh(folder.path()).await;
    queued(&cache, 1, post()).await;
    record(&cache, &[done(1, CommandResult { message: Some(id(60).into()), ..CommandResult::default() })]).await.unwrap();
    assert_eq!(states(&cache).await, [OutboxState::Taken]);
    apply(&cache, &batch(0, 1, Vec::new())).await.unwrap();
    assert!(states(&cache).await.is_empty());
}

#[tokio::test]
async fn commands_without_a_row_of_their_own_go_with_the_next_batch_or_when_nothing_changed() {
    let folder = tempfile::tempdir().unwrap();
    let cache = fresh(folder.path()).await;
    let mark = || Command::MarkRead { conversation: id(50).into(), seq: 3 };
    queued(&cache, 1, mark()).await;
    queued(&cache, 2, mark()).await;
    record(&cache, &[done(1, CommandResult::default()), done(2, CommandResult { unchanged: true, ..CommandResult::default() })])
        .await
        .unwrap();
    assert_eq!(states(&cache).await, [OutboxState::Taken]);
    apply(&cache, &batch(0, 1, Vec::new())).await.unwrap();
    assert!(states(&cache).await.is_empty());
}

#[tokio::test]
async fn a_refused_command_waits_for_the_person() {
    let folder = tempfile::tempdir().unwrap();
    let cache = fresh(folder.path()).await;
    apply(&cache, &batch(0, 1, vec![put(&Row::Ticket(Box::new(ticket(1, 5))))])).await.unwrap();
    queued(&cache, 1, Command::ClaimTicket { number: TicketNumber(1) }).await;
    queued(&cache, 2, set_status(2)).await;
    record(&cache, &[no(1)]).await.unwrap();
    assert!(matches!(&states(&cache).await[..], [OutboxState::Refused(refusal), OutboxState::Waiting] if refusal.code == "ticket_claimed"));
    assert_eq!(waiting(&cache, 10).await.unwrap().len(), 1);

    let later = now() + chrono::Duration::hours(1);
    assert!(retry(&cache, id(1).into(), id(3).into(), later).await.unwrap());
    let again = waiting(&cache, 10).await.unwrap().pop().unwrap();
    assert_eq!((again.key, again.base_version, again.expires_at), (id(3).into(), Some(5), Some(later + chrono::Duration::minutes(10))));
    assert!(!retry(&cache, id(1).into(), id(4).into(), later).await.unwrap());

    record(&cache, &[no(3)]).await.unwrap();
    assert!(drop_refused(&cache, id(3).into()).await.unwrap());
    assert!(!drop_refused(&cache, id(2).into()).await.unwrap(), "what waits is not dropped");
    assert_eq!(tallies(&cache).await.unwrap(), (1, 0));
}

#[tokio::test]
async fn only_what_waits_is_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let cache = fresh(folder.path()).await;
    queued(&cache, 1, set_status(1)).await;
    queued(&cache, 2, set_status(2)).await;
    record(&cache, &[ticket_done(1, 1, 3)]).await.unwrap();
    assert!(!super::take_back(&cache, id(1).into()).await.unwrap(), "the server has done it");
    assert!(super::take_back(&cache, id(2).into()).await.unwrap());
    assert!(!super::take_back(&cache, id(2).into()).await.unwrap(), "it is gone");
}
