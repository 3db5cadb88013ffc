//! The tray on whole screens: what was refused is seen with its text and the reason, and is sent again, with other words, or dropped;
//! no text is lost on the way.

use std::sync::Arc;

use super::locale::Language;
use super::testing::{FakeDesk, Screen, id, message, now};
use crate::client::drafts::Draft;
use crate::client::view::{OutboxEntry, OutboxState};
use crate::domain::Refusal;
use crate::domain::command::{Command, MessageTarget, PostMessage};
use crate::domain::conversation::{Author, Message, Visibility};
use crate::domain::id::{CommandKey, ConversationId, FileId, TicketNumber};
use crate::domain::refusal::RefusalKind;
use crate::domain::ticket::Status;

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];
const ONE: TicketNumber = TicketNumber(1);

fn entry(key: u128, command: Command, refusal: Refusal) -> OutboxEntry {
    OutboxEntry { key: CommandKey(uuid::Uuid::from_u128(key)), command, made_at: now(), state: OutboxState::Refused(refusal) }
}

fn reply(text: &str) -> PostMessage {
    PostMessage {
        seen: Some(3),
        files: vec![id::<FileId>(900)],
        ..PostMessage::new(MessageTarget::Ticket { number: ONE }, id(300), Visibility::Public, text.into())
    }
}

fn closed(key: u128, text: &str) -> OutboxEntry {
    let refusal =
        Refusal::new(RefusalKind::Conflict, "ticket_closed", "Ticket #1 is closed and cannot be changed: open a new ticket and link it.");
    entry(key, Command::PostMessage(Box::new(reply(text))), refusal)
}

fn answered(key: u128, text: &str) -> OutboxEntry {
    let refusal = Refusal::lost_to("answered_meanwhile", id(3), Some(now()), "Maria Lopez replied.");
    entry(key, Command::PostMessage(Box::new(reply(text))), refusal)
}

fn status(key: u128) -> OutboxEntry {
    let refusal =
        Refusal::new(RefusalKind::Conflict, "version_conflict", "Ticket #2 has changed since you looked at it: look again, then repeat.");
    entry(key, Command::SetStatus { number: TicketNumber(2), status: Status::Solved }, refusal)
}

fn posts(desk: &FakeDesk) -> Vec<PostMessage> {
    let submitted = desk.submitted.lock().unwrap();
    let posts = submitted.iter().filter_map(|(command, _)| match command {
        Command::PostMessage(post) => Some((**post).clone()),
        _ => None,
    });
    posts.collect()
}

fn texts(desk: &FakeDesk) -> Vec<String> {
    posts(desk).into_iter().map(|post| post.text).collect()
}

#[tokio::test]
async fn the_tray_shows_what_was_refused_with_its_text_and_the_reason() {
    for language in Language::ALL {
        for (width, height) in SIZES {
            let desk = FakeDesk::new(6);
            let mut screen = Screen::open(Arc::clone(&desk), language, width, height).await;
            desk.refuse(vec![closed(7, "请关机重启 \u{1b}[2J then wait ten minutes"), status(8)]);
            screen.settle().await;
            screen.press("g o").await;
            let name = |what: &str| format!("tray-{what}-{}-{width}x{height}", language.tag());
            insta::assert_snapshot!(name("list"), screen.snapshot());
            screen.press("enter").await;
            insta::assert_snapshot!(name("entry"), screen.snapshot());
            screen.press("enter").await;
            insta::assert_snapshot!(name("edit"), screen.snapshot());
            assert_eq!(screen.control_cells(), 0);
        }
    }
}

#[tokio::test]
async fn a_refused_reply_is_sent_with_other_words_and_its_files() {
    let desk = FakeDesk::new(6);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 80, 24).await;
    desk.refuse(vec![closed(7, "my words"), status(8)]);
    screen.settle().await;
    screen.press("g o enter enter").await;
    screen.text(", better").await;
    // Escape sends nothing and loses nothing.
    screen.press("esc").await;
    assert!(posts(&desk).is_empty());
    assert!(matches!(&desk.outbox.lock().unwrap()[0].command, Command::PostMessage(post) if post.text == "my words, better"));
    screen.press("g o enter enter ctrl-s").await;
    let sent = posts(&desk);
    assert_eq!((sent[0].text.as_str(), sent[0].seen, sent[0].files.len()), ("my words, better", Some(3), 1));
    assert_eq!(desk.outbox.lock().unwrap().len(), 1, "the other one stays");
    // What has no words is tried again or dropped.
    screen.press("g o enter").await;
    assert!(!screen.snapshot().contains("Edit and send"), "{}", screen.snapshot());
    screen.press("down enter").await;
    assert!(desk.outbox.lock().unwrap().is_empty());
}

#[tokio::test]
async fn two_refused_replies_and_a_draft_to_one_ticket_are_three_texts() {
    let desk = FakeDesk::new(6);
    desk.drafts.lock().unwrap().push(Draft {
        conversation: ConversationId::default(),
        visibility: Visibility::Public,
        text: "begun".into(),
        written_as: Visibility::Public,
        reply_to: None,
        changed_at: now(),
    });
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    desk.refuse(vec![answered(7, "one"), answered(8, "two")]);
    screen.settle().await;
    // Asked about one of them: it is left where it is while the ticket is looked at.
    screen.press("enter").await;
    assert_eq!(desk.outbox.lock().unwrap().len(), 2);
    for (text, left) in [("one", 1), ("two", 0)] {
        screen.press("g o enter down enter").await;
        assert!(screen.snapshot().contains(text), "{}", screen.snapshot());
        screen.press("! ctrl-s").await;
        assert_eq!(desk.outbox.lock().unwrap().len(), left);
    }
    assert_eq!(texts(&desk), ["one!", "two!"]);
    screen.press("r").await;
    assert!(screen.snapshot().contains("begun"), "the draft is what it was: {}", screen.snapshot());
}

#[tokio::test]
async fn a_reply_that_is_asked_about_is_a_draft_until_it_is_in_the_outbox() {
    let desk = FakeDesk::new(6);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 80, 24).await;
    screen.press("enter r").await;
    screen.text("my words").await;
    let theirs = message(200, Author::Person { id: id(3) }, Visibility::Public, "theirs");
    desk.replies.lock().unwrap().push(Arc::new(Message { seq: 4, ..Message::clone(&theirs) }));
    screen.press("ctrl-s").await;
    assert!(screen.snapshot().contains("Send mine anyway"), "{}", screen.snapshot());
    // The console ends while it asks.
    screen.app.finish().await;
    assert_eq!(desk.drafts.lock().unwrap().iter().map(|draft| draft.text.as_str()).collect::<Vec<_>>(), ["my words"]);
    // And another takes it up.
    desk.replies.lock().unwrap().clear();
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 80, 24).await;
    screen.press("enter r").await;
    assert!(screen.snapshot().contains("my words"), "{}", screen.snapshot());
    screen.press("ctrl-s").await;
    assert_eq!(texts(&desk), ["my words"]);
    screen.app.finish().await;
    assert!(desk.drafts.lock().unwrap().is_empty(), "what was sent is no draft");
}

#[tokio::test]
async fn a_reply_that_does_not_fit_on_the_disk_is_in_the_composer_again() {
    let desk = FakeDesk::new(6);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 80, 24).await;
    screen.press("enter r").await;
    screen.text("my words").await;
    *desk.outbox_broken.lock().unwrap() = Some("the disk is full".into());
    screen.press("ctrl-s").await;
    assert!(screen.snapshot().contains("the disk is full") && posts(&desk).is_empty(), "{}", screen.snapshot());
    *desk.outbox_broken.lock().unwrap() = None;
    screen.press("r").await;
    assert!(screen.snapshot().contains("my words"), "{}", screen.snapshot());
    screen.press("ctrl-s").await;
    assert_eq!(texts(&desk), ["my words"]);
}
