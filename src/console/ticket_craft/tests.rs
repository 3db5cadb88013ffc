//! Merging, splitting, linking and the status link by keys.

use std::sync::Arc;

use crate::console::locale::Language;
use crate::console::testing::{FakeDesk, Screen, id};
use crate::domain::command::Command;
use crate::domain::id::TicketNumber;
use crate::domain::ticket::{Link, LinkKind};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

fn last(desk: &FakeDesk) -> Option<Command> {
    desk.submitted.lock().unwrap().last().map(|(command, _)| command.clone())
}

#[tokio::test]
async fn a_merge_shows_the_other_ticket_and_is_taken_back_by_a_key() {
    for language in Language::ALL {
        for (width, height) in SIZES {
            let desk = FakeDesk::new(5);
            let mut screen = Screen::open(Arc::clone(&desk), language, width, height).await;
            screen.press("m").await;
            screen.text("2").await;
            screen.press("enter").await;
            insta::assert_snapshot!(format!("merge-{}-{width}x{height}", language.tag()), screen.snapshot());
            assert_eq!(screen.control_cells(), 0, "the other ticket's subject is hostile");
            screen.press("y").await;
            let (number, into) = (TicketNumber(1), TicketNumber(2));
            assert_eq!(last(&desk), Some(Command::MergeTicket { number, into }));
            assert!(screen.snapshot().contains("#1"), "a toast tells how to take it back");
            desk.change(|tickets| Arc::make_mut(&mut tickets[0]).merged_into = Some(into));
            screen.settle().await;
            screen.press("Z").await;
            assert_eq!(last(&desk), Some(Command::UndoMerge { number }));
        }
    }
}

#[tokio::test]
async fn a_message_is_split_off_by_a_few_keys() {
    for language in Language::ALL {
        for (width, height) in SIZES {
            let desk = FakeDesk::new(5);
            let mut screen = Screen::open(Arc::clone(&desk), language, width, height).await;
            screen.press("x").await;
            insta::assert_snapshot!(format!("split-{}-{width}x{height}", language.tag()), screen.snapshot());
            assert_eq!(screen.control_cells(), 0);
            screen.press("enter enter enter").await;
            let Some(Command::SplitTicket(split)) = last(&desk) else { panic!("{:?}", last(&desk)) };
            assert_eq!((split.number, split.message, split.queue, split.following), (TicketNumber(1), id(103), id(10), false));
            assert!(split.subject.contains("runbook") && !split.subject.contains('\u{1b}'), "{:?}", split.subject);
        }
    }
}

#[tokio::test]
async fn a_link_says_to_what_and_a_ticket_that_is_not_there_is_told() {
    let desk = FakeDesk::new(5);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    screen.press("K enter").await;
    screen.text("4").await;
    screen.press("enter").await;
    assert!(screen.snapshot().contains("Relates to #4"), "{}", screen.snapshot());
    screen.press("y").await;
    let link = Link { kind: LinkKind::RelatesTo, number: TicketNumber(4) };
    assert_eq!(last(&desk), Some(Command::LinkTicket { number: TicketNumber(1), link }));
    screen.press("m").await;
    screen.text("99").await;
    screen.press("enter").await;
    assert!(screen.snapshot().contains("There is no ticket #99"), "{}", screen.snapshot());
    assert_eq!(desk.submitted.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn the_status_link_is_copied_and_an_unmerged_ticket_says_why_not() {
    let desk = FakeDesk::new(3);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    screen.press("g l").await;
    assert!(screen.snapshot().contains("https://desk.example.com/status/1"), "{}", screen.snapshot());
    screen.press("Z").await;
    assert!(screen.snapshot().contains("No ticket is merged here"), "{}", screen.snapshot());
    assert!(desk.submitted.lock().unwrap().is_empty());
    screen.press("enter H").await;
    assert!(screen.snapshot().contains("[timeline]"), "{}", screen.snapshot());
    screen.press("H").await;
    assert!(screen.snapshot().contains("people alone"), "{}", screen.snapshot());
}
