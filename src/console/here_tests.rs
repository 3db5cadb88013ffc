//! Colleagues at the same ticket, replies that meet, claims that are lost: on whole screens.

use std::sync::Arc;

use chrono::Duration;

use super::locale::Language;
use super::testing::{FakeDesk, Screen, id, message, now};
use crate::client::view::{OutboxEntry, OutboxState};
use crate::domain::Refusal;
use crate::domain::command::{Command, MessageTarget, PostMessage};
use crate::domain::conversation::{Author, Message, Visibility};
use crate::domain::here::{Doing, Here};
use crate::domain::id::{CommandKey, TicketNumber};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];
const ONE: TicketNumber = TicketNumber(1);

fn here(n: u128, doing: Doing) -> Here {
    Here { person: id(n), doing }
}

#[tokio::test]
async fn viewers_and_typers_are_seen_in_the_list_and_in_the_ticket() {
    for language in Language::ALL {
        for (width, height) in SIZES {
            let desk = FakeDesk::new(6);
            let mut screen = Screen::open(Arc::clone(&desk), language, width, height).await;
            desk.meet(|here_now| {
                here_now.insert(ONE, vec![here(2, Doing::Viewing), here(3, Doing::Typing)]);
                here_now.insert(TicketNumber(3), vec![here(2, Doing::Viewing)]);
            });
            screen.settle().await;
            insta::assert_snapshot!(format!("here-list-{}-{width}x{height}", language.tag()), screen.snapshot());
            screen.press("enter").await;
            insta::assert_snapshot!(format!("here-ticket-{}-{width}x{height}", language.tag()), screen.snapshot());
            desk.meet(std::collections::HashMap::clear);
            screen.settle().await;
            assert!(!screen.snapshot().contains("Maria Lopez"), "who left is not shown: {}", screen.snapshot());
        }
    }
}

#[tokio::test]
async fn where_one_is_is_told_when_it_changes_and_not_while_nobody_is_at_the_keys() {
    let desk = FakeDesk::new(6);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    screen.press("j k").await;
    assert!(desk.told.lock().unwrap().is_empty(), "passing over a list is not reading");
    screen.press("enter j k r").await;
    screen.text("hello").await;
    screen.press("esc").await;
    assert_eq!(*desk.told.lock().unwrap(), [Some((ONE, Doing::Viewing)), Some((ONE, Doing::Typing)), Some((ONE, Doing::Viewing))]);
    screen.clock.advance(Duration::minutes(6));
    screen.app.handle(super::app::Msg::Tick);
    screen.settle().await;
    assert_eq!(desk.told.lock().unwrap().last(), Some(&None), "left alone");
    screen.press("j esc").await;
    assert_eq!(desk.told.lock().unwrap()[4..], [Some((ONE, Doing::Viewing)), None]);
}

fn reply_of(n: u128, seq: i64, text: &str) -> Arc<Message> {
    let message = message(200, Author::Person { id: id(n) }, Visibility::Public, text);
    Arc::new(Message { seq, created_at: now() - Duration::seconds(20), ..Message::clone(&message) })
}

fn posts(desk: &FakeDesk) -> Vec<(String, Option<i64>)> {
    let submitted = desk.submitted.lock().unwrap();
    let posts = submitted.iter().filter_map(|(command, _)| match command {
        Command::PostMessage(post) => Some((post.text.clone(), post.seen)),
        _ => None,
    });
    posts.collect()
}

#[tokio::test]
async fn a_reply_after_anothers_asks_first_and_loses_nothing() {
    for language in Language::ALL {
        for (width, height) in SIZES {
            let desk = FakeDesk::new(6);
            let mut screen = Screen::open(Arc::clone(&desk), language, width, height).await;
            screen.press("enter r").await;
            screen.text("请关机重启").await;
            // Meanwhile a colleague replies.
            desk.replies.lock().unwrap().push(reply_of(3, 4, "我们已经派人过去了。 Somebody is on the way."));
            screen.press("ctrl-s").await;
            insta::assert_snapshot!(format!("collision-{}-{width}x{height}", language.tag()), screen.snapshot());
            assert!(posts(&desk).is_empty(), "nothing is sent before the answer");
            screen.press("enter").await;
            assert!(screen.snapshot().contains("Somebody is on the way"), "{}", screen.snapshot());
            screen.press("r").await;
            assert!(screen.snapshot().contains("请关机重启"), "the text is kept: {}", screen.snapshot());
        }
    }
}

#[tokio::test]
async fn sending_anyway_compares_nothing_and_the_draft_can_go_on() {
    let desk = FakeDesk::new(6);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 80, 24).await;
    screen.press("r").await;
    screen.text("mine").await;
    desk.replies.lock().unwrap().push(reply_of(3, 4, "theirs"));
    screen.press("ctrl-s down enter").await;
    assert!(screen.snapshot().contains("PUBLIC reply") && screen.snapshot().contains("mine"), "{}", screen.snapshot());
    screen.text(" too").await;
    screen.press("ctrl-s").await;
    assert_eq!(posts(&desk), [("mine too".to_owned(), Some(4))], "what was seen is not asked about again");
    screen.press("r").await;
    screen.text("again").await;
    screen.press("ctrl-s down down enter").await;
    assert_eq!(posts(&desk)[1], ("again".to_owned(), None));
}

#[tokio::test]
async fn a_colleagues_note_or_ones_own_reply_is_no_collision() {
    let desk = FakeDesk::new(6);
    desk.replies.lock().unwrap().push(reply_of(1, 4, "my own"));
    let note = message(201, Author::Person { id: id(3) }, Visibility::Internal, "a note");
    desk.replies.lock().unwrap().push(Arc::new(Message { seq: 5, ..Message::clone(&note) }));
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 80, 24).await;
    screen.press("r x ctrl-s").await;
    assert_eq!(posts(&desk), [("x".to_owned(), Some(3))]);
}

fn refused(key: u128, command: Command, refusal: Refusal) -> OutboxEntry {
    OutboxEntry { key: CommandKey(uuid::Uuid::from_u128(key)), command, made_at: now(), state: OutboxState::Refused(refusal) }
}

fn answered(text: &str) -> OutboxEntry {
    let post =
        PostMessage { seen: Some(3), ..PostMessage::new(MessageTarget::Ticket { number: ONE }, id(300), Visibility::Public, text.into()) };
    let refusal = Refusal::lost_to("answered_meanwhile", id(3), Some(now() - Duration::seconds(20)), "Maria Lopez replied.");
    refused(7, Command::PostMessage(Box::new(post)), refusal)
}

#[tokio::test]
async fn a_reply_that_the_server_refused_is_asked_about_and_sent_anyway() {
    for language in Language::ALL {
        for (width, height) in SIZES {
            let desk = FakeDesk::new(6);
            let mut screen = Screen::open(Arc::clone(&desk), language, width, height).await;
            desk.refuse(vec![answered("my words")]);
            screen.settle().await;
            insta::assert_snapshot!(format!("refused-reply-{}-{width}x{height}", language.tag()), screen.snapshot());
            screen.press("down down enter").await;
            assert_eq!(posts(&desk), [("my words".to_owned(), None)]);
            assert!(desk.outbox.lock().unwrap().is_empty(), "the refused one is gone");
        }
    }
}

#[tokio::test]
async fn a_refused_reply_never_covers_what_one_writes_and_waits_in_the_outbox() {
    let desk = FakeDesk::new(6);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 80, 24).await;
    screen.press("j r x").await;
    desk.refuse(vec![answered("my words")]);
    screen.settle().await;
    assert!(screen.snapshot().contains("PUBLIC reply") && !screen.snapshot().contains("Send mine anyway"), "{}", screen.snapshot());
    screen.press("esc g o").await;
    assert!(screen.snapshot().contains("my words"), "{}", screen.snapshot());
    screen.press("enter").await;
    assert!(screen.snapshot().contains("Send mine anyway"), "{}", screen.snapshot());
    screen.press("esc").await;
    assert_eq!(desk.outbox.lock().unwrap().len(), 1, "Escape decides nothing");
    // Another ticket was acted on last: the draft goes on where it belongs.
    screen.press("g o enter down enter").await;
    assert!(screen.snapshot().contains("my words") && screen.snapshot().contains("#1 "), "{}", screen.snapshot());
    screen.press("ctrl-s").await;
    let submitted = desk.submitted.lock().unwrap();
    let last = submitted.last().map(|(command, _)| command.clone());
    assert!(
        matches!(last, Some(Command::PostMessage(post)) if post.target.ticket() == Some(ONE) && post.text == "my words"),
        "{submitted:?}"
    );
    assert!(desk.outbox.lock().unwrap().is_empty());
}

#[tokio::test]
async fn who_loses_a_claim_sees_who_won() {
    for language in Language::ALL {
        let desk = FakeDesk::new(6);
        let mut screen = Screen::open(Arc::clone(&desk), language, 80, 24).await;
        let refusal = Refusal::lost_to("ticket_claimed", id(3), Some(now()), "Maria Lopez has ticket #2.");
        desk.refuse(vec![refused(8, Command::ClaimTicket { number: TicketNumber(2) }, refusal)]);
        screen.settle().await;
        insta::assert_snapshot!(format!("claim-lost-{}-80x24", language.tag()), screen.snapshot());
        assert!(desk.outbox.lock().unwrap().is_empty(), "there is nothing to decide");
    }
}
