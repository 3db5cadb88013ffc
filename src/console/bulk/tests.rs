//! Marks and acts on many tickets, driven by keys.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;

use crate::client::view::{OutboxEntry, OutboxState};
use crate::console::locale::Language;
use crate::console::testing::{FakeDesk, Screen, id, now};
use crate::domain::Refusal;
use crate::domain::command::Command;
use crate::domain::id::TicketNumber;
use crate::domain::ticket::{Priority, Status};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

fn marked(screen: &Screen) -> Vec<i64> {
    screen.app.model.pane(crate::console::PaneId::Queues).unwrap().marked().iter().map(|number| number.0).collect()
}

fn entry(number: i64, key: u128, state: OutboxState) -> OutboxEntry {
    let command = Command::SetPriority { number: TicketNumber(number), priority: Priority::Low };
    OutboxEntry { key: id(key), command, made_at: now(), state }
}

#[tokio::test]
async fn marks_stay_on_their_tickets_whatever_the_list_does() {
    let desk = FakeDesk::new(60);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 80, 24).await;
    screen.press("space space j space").await;
    assert_eq!(marked(&screen), [1, 2, 4]);
    screen.press("o").await;
    desk.change(|tickets| tickets.reverse());
    screen.settle().await;
    screen.press(".").await;
    assert_eq!(marked(&screen), [1, 2, 4], "sorting moves no mark");
    assert!(screen.snapshot().contains("3 marked"), "{}", screen.snapshot());
    screen.press("U *").await;
    assert_eq!(marked(&screen).len(), 60, "all of the list, not only the screen");
    screen.press("U home V 9 j V").await;
    assert_eq!(marked(&screen).len(), 10);
    screen.press("U").await;
    assert!(marked(&screen).is_empty());
}

#[tokio::test]
async fn what_is_marked_is_previewed_confirmed_and_reported() {
    let desk = FakeDesk::new(20);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    screen.press("space space p").await;
    screen.text("low").await;
    screen.press("enter").await;
    let shown = screen.snapshot();
    assert!(shown.contains("What will change") && shown.contains("2 change, 0 are so already, 0 cannot."), "{shown}");
    screen.press("enter").await;
    assert!(desk.submitted.lock().unwrap().is_empty(), "no is the default");
    screen.press("p").await;
    screen.text("low").await;
    screen.press("enter y").await;
    let low = |number| (Command::SetPriority { number: TicketNumber(number), priority: Priority::Low }, None);
    assert_eq!(*desk.submitted.lock().unwrap(), [low(1), low(2)]);
    let shown = screen.snapshot();
    assert!(shown.contains("What was done") && shown.contains("2 done"), "{shown}");
    // One is still on its way, one is refused.
    let refusal = Refusal::conflict("ticket_closed", "Ticket #2 is closed: no.");
    *desk.outbox.lock().unwrap() = vec![entry(1, 5_000, OutboxState::Waiting), entry(2, 5_001, OutboxState::Refused(refusal))];
    screen.press("esc B").await;
    screen.text("report").await;
    screen.press("enter").await;
    let shown = screen.snapshot();
    assert!(shown.contains("0 done, 1 waiting, 1 refused") && shown.contains("Ticket #2 is closed: no."), "{shown}");
}

#[tokio::test]
async fn more_than_ten_are_confirmed_by_their_number() {
    let desk = FakeDesk::new(14);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 80, 24).await;
    screen.press("* s").await;
    screen.text("pending").await;
    screen.press("enter y enter").await;
    assert!(desk.submitted.lock().unwrap().is_empty(), "a yes is not enough for fourteen");
    screen.press("1 4 enter").await;
    let submitted = desk.submitted.lock().unwrap().clone();
    assert_eq!(submitted.len(), 14);
    assert_eq!(submitted[3], (Command::SetStatus { number: TicketNumber(4), status: Status::Pending }, Some(1)));
}

#[tokio::test]
async fn the_last_act_is_taken_back_but_for_what_changed_since() {
    let desk = FakeDesk::new(3);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 80, 24).await;
    screen.press("* p").await;
    screen.text("low").await;
    screen.press("enter y esc").await;
    desk.change(|tickets| {
        for ticket in tickets.iter_mut() {
            let ticket = Arc::make_mut(ticket);
            (ticket.priority, ticket.version) = (Priority::Low, 2);
        }
        Arc::make_mut(&mut tickets[1]).priority = Priority::Urgent;
    });
    screen.settle().await;
    desk.submitted.lock().unwrap().clear();
    screen.press("z y").await;
    let back = |number, priority| (Command::SetPriority { number: TicketNumber(number), priority }, Some(2));
    assert_eq!(*desk.submitted.lock().unwrap(), [back(1, Priority::High), back(3, Priority::Normal)]);
    let shown = screen.snapshot();
    assert!(shown.contains("was changed since and stays"), "{shown}");
    screen.press("esc z").await;
    assert!(screen.snapshot().contains("There is nothing to undo"), "{}", screen.snapshot());
    screen.press("B").await;
    screen.text("back").await;
    screen.press("enter").await;
    assert!(screen.snapshot().contains("has been taken back already"), "{}", screen.snapshot());
}

#[tokio::test]
async fn many_tickets_look_as_agreed() {
    for language in Language::ALL {
        for (width, height) in SIZES {
            let desk = FakeDesk::new(60);
            desk.change(|tickets| {
                Arc::make_mut(&mut tickets[1]).status = Status::Closed;
                Arc::make_mut(&mut tickets[2]).looks_like = Some(TicketNumber(40));
                Arc::make_mut(&mut tickets[3]).incident = Some(TicketNumber(40));
            });
            let mut screen = Screen::open(Arc::clone(&desk), language, width, height).await;
            screen.press("space space space space").await;
            let name = |what: &str| format!("bulk-{what}-{}-{width}x{height}", language.tag());
            insta::assert_snapshot!(name("marks"), screen.snapshot());
            screen.press("B").await;
            insta::assert_snapshot!(name("acts"), screen.snapshot());
            screen.press("down enter down enter").await;
            insta::assert_snapshot!(name("preview"), screen.snapshot());
            screen.press("y").await;
            let refusal = Refusal::conflict("version_conflict", "Ticket #3 has changed since you looked at it: look again, then repeat.");
            *desk.outbox.lock().unwrap() = vec![entry(1, 5_000, OutboxState::Waiting), entry(3, 5_001, OutboxState::Refused(refusal))];
            screen.press("esc B end enter").await;
            screen.press("esc B").await;
            screen.text("repor").await;
            if language == Language::Chinese {
                screen.press("ctrl-u").await;
                screen.text("报告").await;
            }
            screen.press("enter").await;
            insta::assert_snapshot!(name("report"), screen.snapshot());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Marks are a set of numbers: whatever is pressed, they agree with a model that knows the list's order.
    #[test]
    fn marks_agree_with_a_model(keys in prop::collection::vec(prop::sample::select(vec!["space", "j", "k", "G", "home", "U", "*", "V", "o"]), 1..30)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (found, expected) = runtime.block_on(async {
            let mut screen = Screen::open(FakeDesk::new(12), Language::English, 80, 24).await;
            let (mut at, mut start, mut model) = (0usize, None::<usize>, BTreeSet::new());
            for key in keys {
                screen.press(key).await;
                match key {
                    "space" => {
                        let number = at + 1;
                        if !model.remove(&number) {
                            model.insert(number);
                        }
                        at = (at + 1).min(11);
                    }
                    "j" => at = (at + 1).min(11),
                    "k" => at = at.saturating_sub(1),
                    "G" => at = 11,
                    "home" => at = 0,
                    "U" => (start, model) = (None, BTreeSet::new()),
                    "*" => (start, model) = (None, (1..=12).collect()),
                    "o" => (start, at) = (None, 0),
                    _ => match start.take() {
                        None => start = Some(at),
                        Some(from) => model.extend(from.min(at) + 1..=from.max(at) + 1),
                    },
                }
            }
            (marked(&screen), model.into_iter().map(|number| i64::try_from(number).unwrap()).collect::<Vec<_>>())
        });
        prop_assert_eq!(found, expected);
    }
}
