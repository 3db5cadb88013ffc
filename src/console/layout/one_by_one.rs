//! Focus mode and the next ticket, on whole screens.

use std::sync::Arc;

use super::Mode;
use crate::client::view::{OutboxEntry, OutboxState};
use crate::console::locale::Language;
use crate::console::pane::PaneId;
use crate::console::testing::{FakeDesk, Screen, id, now, ticket};
use crate::domain::command::Command;
use crate::domain::id::TicketNumber;
use crate::domain::refusal::{Refusal, RefusalKind};
use crate::domain::testing::rota;
use crate::domain::ticket::{Status, Ticket};
use chrono::Duration;

/// On duty for the queue of all tickets: number 1 mine and due in an hour, 2 mine and late, 3 nobody's.
fn desk() -> Arc<FakeDesk> {
    let desk = FakeDesk::made(0, |directory, _| {
        let rota = rota(40, 1, &[id(10)], &[1, 2]);
        directory.rotas.insert(rota.id, rota);
    });
    desk.change(|tickets| tickets.extend((1..=3).map(|number| Arc::new(one(number)))));
    desk
}

fn one(number: i64) -> Ticket {
    let mut one = ticket(number, "subject");
    one.awaits_reply = false;
    one.due_at = Some(now() + Duration::minutes(if number == 2 { -12 } else { 60 * number }));
    let kind = crate::domain::sla::ClockKind::FirstResponse;
    let mut clock = crate::console::panes::sample::clock(kind, 3600, now());
    clock.due_at = one.due_at.unwrap();
    one.clocks = vec![clock];
    if number == 3 {
        (one.assignee, one.version) = (None, 7);
    }
    one
}

fn opened(screen: &Screen) -> Option<TicketNumber> {
    screen.app.model.shown_ticket
}

fn alter(desk: &FakeDesk, number: i64, change: impl Fn(&mut Ticket)) {
    desk.change(|tickets| {
        for ticket in tickets.iter_mut().filter(|ticket| ticket.number == TicketNumber(number)) {
            change(Arc::make_mut(ticket));
        }
    });
}

fn solve(desk: &FakeDesk, number: i64) {
    alter(desk, number, |ticket| (ticket.status, ticket.solved_at) = (Status::Solved, Some(now())));
}

#[tokio::test]
async fn the_late_one_first_then_mine_then_a_free_one_which_is_claimed() {
    let desk = desk();
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    screen.press("ctrl-w f").await;
    assert_eq!((screen.app.model.layout.mode, opened(&screen)), (Mode::Focus, Some(TicketNumber(2))));
    let shown = screen.snapshot();
    assert!(shown.contains("next: yours, First response overdue by 12m") || shown.to_lowercase().contains("overdue by 12m"), "{shown}");
    assert!(shown.contains("left 3") && shown.contains("breaching 1"), "{shown}");
    solve(&desk, 2);
    screen.settle().await;
    assert!(screen.snapshot().contains("Done here: N"), "{}", screen.snapshot());
    screen.press("N").await;
    assert_eq!(opened(&screen), Some(TicketNumber(1)));
    screen.press("N").await;
    assert_eq!(opened(&screen), Some(TicketNumber(3)), "the one before was passed over");
    assert!(desk.submitted.lock().unwrap().is_empty() && !screen.snapshot().contains("Done here"), "{}", screen.snapshot());
    screen.press("r esc").await;
    let submitted = desk.submitted.lock().unwrap().clone();
    assert!(submitted.contains(&(Command::ClaimTicket { number: TicketNumber(3) }, Some(7))), "{submitted:?}");
    for keys in ["esc", "ctrl-w f ctrl-w d"] {
        screen.press(keys).await;
        assert_eq!((screen.app.model.layout.mode, screen.app.model.focused()), (Mode::Desk, PaneId::Ticket));
    }
}

#[tokio::test]
async fn passed_over_they_come_back_and_in_the_end_nothing_is_left() {
    let desk = desk();
    desk.change(|tickets| drop(tickets.pop()));
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 80, 24).await;
    screen.press("ctrl-w f N").await;
    assert_eq!(opened(&screen), Some(TicketNumber(1)));
    screen.press("N").await;
    assert_eq!(opened(&screen), Some(TicketNumber(2)), "nothing else is left");
    assert!(screen.snapshot().contains("skipped before"), "{}", screen.snapshot());
    solve(&desk, 1);
    solve(&desk, 2);
    screen.settle().await;
    screen.press("N").await;
    assert!(screen.snapshot().contains("Nothing is left for you"), "{}", screen.snapshot());
}

#[tokio::test]
async fn what_is_work_again_has_its_place_again() {
    let desk = desk();
    alter(&desk, 2, |ticket| ticket.due_at = None);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    screen.press("ctrl-w f").await;
    assert_eq!(opened(&screen), Some(TicketNumber(1)));
    screen.press("N").await;
    assert_eq!(opened(&screen), Some(TicketNumber(2)));
    // Its requester answers while the other one is on the screen.
    alter(&desk, 1, |ticket| ticket.awaits_reply = true);
    screen.settle().await;
    screen.press("N").await;
    assert_eq!(opened(&screen), Some(TicketNumber(1)), "before the one that nobody has");
    assert!(!screen.snapshot().contains("skipped before"), "{}", screen.snapshot());
}

/// Nobody's are 3 and 8, in this order; the claim that is made waits in the outbox.
fn free() -> Arc<FakeDesk> {
    let desk = desk();
    desk.change(|tickets| {
        tickets.retain(|ticket| ticket.assignee.is_none());
        tickets.push(Arc::new(Ticket { number: TicketNumber(8), due_at: Some(now() + Duration::hours(9)), ..one(3) }));
    });
    desk.outbox.lock().unwrap().push(claim(OutboxState::Waiting));
    desk
}

fn claim(state: OutboxState) -> OutboxEntry {
    OutboxEntry { key: id(5_000), command: Command::ClaimTicket { number: TicketNumber(3) }, made_at: now(), state }
}

fn lost() -> OutboxEntry {
    let refusal = Refusal { who: Some(id(2)), at: Some(now()), ..Refusal::new(RefusalKind::Conflict, "ticket_claimed", "taken") };
    claim(OutboxState::Refused(refusal))
}

#[tokio::test]
async fn a_claim_that_is_lost_later_opens_nothing_under_other_work() {
    let desk = free();
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    screen.press("N r esc 4").await;
    desk.refuse(vec![lost()]);
    screen.settle().await;
    assert!(screen.snapshot().contains("went to somebody faster"), "{}", screen.snapshot());
    assert_eq!((screen.app.model.focused(), desk.submitted.lock().unwrap().len()), (PaneId::Shifts, 1));
    assert!(desk.outbox.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_claim_of_ones_own_is_not_taken_for_that_of_the_next_ticket() {
    let desk = free();
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    screen.press("N r esc").await;
    desk.outbox.lock().unwrap().clear();
    desk.change(|_| {});
    screen.settle().await;
    desk.refuse(vec![OutboxEntry { key: id(5_001), ..lost() }]);
    screen.settle().await;
    assert!(!screen.snapshot().contains("went to somebody faster"), "{}", screen.snapshot());
    assert_eq!((opened(&screen), desk.submitted.lock().unwrap().len()), (Some(TicketNumber(3)), 1), "nothing else is opened");
}

#[tokio::test]
async fn what_is_only_looked_at_stays_nobodys() {
    let desk = free();
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    screen.press("N N").await;
    assert_eq!((opened(&screen), desk.submitted.lock().unwrap().len()), (Some(TicketNumber(8)), 0));
    screen.press("r esc").await;
    let submitted = desk.submitted.lock().unwrap().clone();
    assert_eq!(submitted, [(Command::ClaimTicket { number: TicketNumber(8) }, Some(7))]);
    assert!(screen.app.model.hands.last.is_none(), "nothing that the person did is to be done again");
}

#[tokio::test]
async fn who_comes_second_reads_who_was_faster_and_gets_the_next() {
    let desk = free();
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    screen.press("N").await;
    assert_eq!((opened(&screen), screen.app.model.layout.mode), (Some(TicketNumber(3)), Mode::Desk));
    assert!(screen.snapshot().contains("nobody has it"), "{}", screen.snapshot());
    screen.press("r esc").await;
    desk.change(|tickets| {
        let mut taken = (*tickets[0]).clone();
        taken.assignee = Some(id(2));
        tickets[0] = Arc::new(taken);
    });
    desk.refuse(vec![lost()]);
    screen.settle().await;
    assert_eq!(opened(&screen), Some(TicketNumber(8)), "{}", screen.snapshot());
    assert!(desk.outbox.lock().unwrap().is_empty(), "what was lost is not left to be looked at");
}

#[tokio::test]
async fn going_back_leads_out_of_it_and_forward_in_again() {
    let mut screen = Screen::open(desk(), Language::English, 120, 40).await;
    screen.press("4 1 ctrl-w f ctrl-o").await;
    assert_eq!((screen.app.model.layout.mode, screen.app.model.focused()), (Mode::Desk, PaneId::Queues));
    screen.press("ctrl-o").await;
    assert_eq!(screen.app.model.focused(), PaneId::Shifts);
    screen.press("alt-right alt-right").await;
    assert_eq!((screen.app.model.focused(), opened(&screen)), (PaneId::Ticket, Some(TicketNumber(2))));
    screen.press("ctrl-w o ctrl-o").await;
    assert_eq!((screen.app.model.layout.mode, screen.app.model.focused()), (Mode::Desk, PaneId::Queues));
}

#[tokio::test]
async fn with_nothing_to_do_the_screen_stays_as_it_is() {
    let mut screen = Screen::open(FakeDesk::new(0), Language::English, 80, 24).await;
    screen.press("ctrl-w f").await;
    assert_eq!(screen.app.model.layout.mode, Mode::Desk);
    assert!(screen.snapshot().contains("Nothing is left for you"), "{}", screen.snapshot());
}

#[tokio::test]
async fn focus_looks_as_agreed() {
    for language in Language::ALL {
        for (width, height) in [(60, 20), (80, 24), (120, 40), (200, 60)] {
            let mut screen = Screen::open(desk(), language, width, height).await;
            screen.press("ctrl-w f").await;
            insta::assert_snapshot!(format!("focus-{}-{width}x{height}", language.tag()), screen.snapshot());
        }
    }
}
