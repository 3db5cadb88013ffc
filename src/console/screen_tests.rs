//! Whole screens, driven by keys.

use std::sync::Arc;

use super::locale::Language;
use super::panes::sample::clock;
use super::testing::{FakeDesk, Screen, id, now, ticket};
use crate::domain::command::Command;
use crate::domain::conversation::Visibility;
use crate::domain::id::TicketNumber;
use crate::domain::notice::{Notice, NoticeKind};
use crate::domain::sla::ClockKind;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

#[tokio::test]
async fn queues_and_ticket_look_as_agreed() {
    for language in Language::ALL {
        for (width, height) in SIZES {
            let mut screen = Screen::open(FakeDesk::new(60), language, width, height).await;
            insta::assert_snapshot!(format!("queues-{}-{width}x{height}", language.tag()), screen.snapshot());
            screen.press("j enter").await;
            insta::assert_snapshot!(format!("ticket-{}-{width}x{height}", language.tag()), screen.snapshot());
        }
    }
}

#[tokio::test]
async fn a_reply_and_a_note_are_submitted_as_what_they_are() {
    let desk = FakeDesk::new(5);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 80, 24).await;
    screen.press("r").await;
    assert!(screen.snapshot().contains("PUBLIC reply"));
    screen.text("jQ你好").await;
    screen.press("esc r ctrl-s i x ctrl-s").await;
    let submitted = desk.submitted.lock().unwrap();
    let posts: Vec<_> = submitted
        .iter()
        .filter_map(|(command, _)| match command {
            Command::PostMessage(post) => Some((post.text.as_str(), post.visibility)),
            _ => None,
        })
        .collect();
    assert_eq!(posts, [("jQ你好", Visibility::Public), ("x", Visibility::Internal)], "the draft survives Escape");
}

#[tokio::test]
async fn a_claim_carries_the_version_that_was_seen() {
    let desk = FakeDesk::new(0);
    desk.change(|tickets| {
        let mut free = ticket(7, "free");
        (free.assignee, free.version) = (None, 4);
        tickets.push(Arc::new(free));
    });
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 80, 24).await;
    screen.press("A").await;
    assert_eq!(*desk.submitted.lock().unwrap(), [(Command::ClaimTicket { number: TicketNumber(7) }, Some(4))]);
}

#[tokio::test]
async fn assigning_picks_a_person_by_initials() {
    let desk = FakeDesk::new(3);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 80, 24).await;
    screen.press("a").await;
    screen.text("zw").await;
    screen.press("enter").await;
    assert_eq!(*desk.submitted.lock().unwrap(), [(Command::AssignTicket { number: TicketNumber(1), person: id(2) }, Some(1))]);
}

#[tokio::test]
async fn a_ticket_that_comes_in_waits_for_consent() {
    let desk = FakeDesk::new(60);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 80, 24).await;
    screen.press("j").await;
    desk.change(|tickets| tickets.insert(0, Arc::new(ticket(99, "urgent newcomer"))));
    screen.settle().await;
    let shown = screen.snapshot();
    assert!(shown.contains("+1 new") && !shown.contains("newcomer") && shown.contains("> 2 "), "{shown}");
    screen.press(".").await;
    let shown = screen.snapshot();
    assert!(!shown.contains("+1 new") && shown.contains("newcomer") && shown.contains("> 2 "), "{shown}");
}

#[tokio::test]
async fn a_list_that_is_not_full_takes_tickets_by_itself_and_keeps_the_cursor_on_its_own() {
    let desk = FakeDesk::new(0);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 80, 24).await;
    assert!(screen.snapshot().contains("No tickets here"));
    desk.change(|tickets| tickets.extend([ticket(1, "first"), ticket(2, "second")].map(Arc::new)));
    screen.settle().await;
    let shown = screen.snapshot();
    assert!(!shown.contains("new (") && shown.contains("first") && shown.contains("> 1 "), "{shown}");
    desk.change(|tickets| tickets.insert(0, Arc::new(ticket(99, "urgent newcomer"))));
    screen.settle().await;
    let shown = screen.snapshot();
    assert!(!shown.contains("new (") && shown.contains("newcomer") && shown.contains("> 1 "), "{shown}");
}

#[tokio::test]
async fn help_quit_and_the_link_are_seen_at_every_width() {
    for language in Language::ALL {
        let mut screen = Screen::open(FakeDesk::new(3), language, 80, 24).await;
        let (help, quit) = (
            screen.app.model.shared.locale.text("action-help").into_owned(),
            screen.app.model.shared.locale.text("action-quit").into_owned(),
        );
        let link = screen.app.model.shared.locale.text("link-live").into_owned();
        for pane in ["1", "3", "4", "5", "1 enter"] {
            screen.press(pane).await;
            for width in [80, 81, 99, 100, 120] {
                screen.resize(width, 24).await;
                let shown = screen.snapshot();
                for word in [&help, &quit, &link] {
                    assert!(shown.contains(word.as_str()), "{word} at {width} in pane {pane}: {shown}");
                }
            }
        }
    }
}

#[tokio::test]
async fn the_filter_narrows_while_typed_and_escape_clears_it() {
    let mut screen = Screen::open(FakeDesk::new(8), Language::English, 80, 24).await;
    screen.press("/").await;
    screen.text("Checkout").await;
    assert!(!screen.snapshot().contains("加油机"));
    screen.press("esc").await;
    assert!(screen.snapshot().contains("加油机"));
}

#[tokio::test]
async fn moving_through_many_tickets_reads_as_it_goes() {
    let mut screen = Screen::open(FakeDesk::new(5000), Language::English, 80, 24).await;
    screen.press("G").await;
    assert!(screen.snapshot().contains("> 5000 "));
    screen.press("g g 9 j").await;
    assert!(screen.snapshot().contains("> 10 "));
}

#[tokio::test]
async fn quitting_helping_and_going_back() {
    let mut screen = Screen::open(FakeDesk::new(3), Language::English, 80, 24).await;
    screen.press("?").await;
    assert!(screen.snapshot().contains("Keys of this pane"));
    screen.press("esc enter esc esc").await;
    assert!(screen.app.model.exit.is_none(), "escape never quits");
    screen.press(": q enter").await;
    assert!(screen.app.model.exit.is_some());
}

#[tokio::test]
async fn why_words_the_decision_and_the_language_switches() {
    let mut screen = Screen::open(FakeDesk::new(3), Language::English, 80, 24).await;
    screen.press("enter w").await;
    assert!(screen.snapshot().contains("given to 李娜") && screen.snapshot().contains("off duty"));
    screen.press("L").await;
    assert!(screen.snapshot().contains("不在班"));
}

#[tokio::test]
async fn no_size_panics_and_no_cell_holds_a_control_character() {
    let mut screen = Screen::open(FakeDesk::new(60), Language::Chinese, 80, 24).await;
    for keys in ["1", "enter", "r", "esc", "?", "esc", "h"] {
        screen.press(keys).await;
        for (width, height) in
            [(1, 1), (2, 40), (40, 2), (79, 23), (80, 24), (81, 25), (99, 24), (100, 24), (159, 30), (160, 30), (300, 100)]
        {
            screen.resize(width, height).await;
            assert_eq!(screen.control_cells(), 0, "{keys} at {width}x{height}");
        }
    }
}

fn notice(number: u128, kind: NoticeKind, read: bool) -> Notice {
    Notice { id: id(number), version: 1, person: id(1), kind, ticket: None, conversation: None, at: now(), read }
}

#[tokio::test]
async fn notices_are_counted_told_when_urgent_and_lead_somewhere() {
    for language in Language::ALL {
        for (width, height) in SIZES {
            let desk = FakeDesk::new(5);
            let mut screen = Screen::open(Arc::clone(&desk), language, width, height).await;
            let (rota, hours) = (id(20), chrono::Duration::hours);
            let mut given = notice(2, NoticeKind::Assigned, true);
            given.ticket = Some(TicketNumber(3));
            let leaving = notice(3, NoticeKind::LastLeaving { rota, at: now() + hours(3) }, false);
            let gap = NoticeKind::GapAhead { rota, from: now() + hours(30), to: now() + hours(32), required: 2, on_duty: 1 };
            desk.tell(vec![leaving, notice(4, gap, false), given]);
            screen.settle().await;
            insta::assert_snapshot!(format!("notices-toast-{}-{width}x{height}", language.tag()), screen.snapshot());
            screen.press("g n").await;
            insta::assert_snapshot!(format!("notices-list-{}-{width}x{height}", language.tag()), screen.snapshot());
        }
    }
}

#[tokio::test]
async fn a_notice_opens_its_ticket_or_the_shifts_at_its_time() {
    let desk = FakeDesk::new(5);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    let mut given = notice(2, NoticeKind::Assigned, true);
    given.ticket = Some(TicketNumber(3));
    let soon = notice(1, NoticeKind::ShiftSoon { rota: id(20), from: now() + chrono::Duration::hours(48) }, false);
    desk.tell(vec![soon, given]);
    screen.settle().await;
    screen.press("g n enter").await;
    let snapshot = screen.snapshot();
    assert!(snapshot.contains("[4 Shifts") && snapshot.contains("23 Nov"), "{snapshot}");
    assert_eq!(*desk.submitted.lock().unwrap(), [(Command::DismissNotice { notice: id(1) }, None)]);
    screen.press("1 g n down enter").await;
    assert!(screen.snapshot().contains("#3 "), "{}", screen.snapshot());
    assert_eq!(desk.submitted.lock().unwrap().len(), 1, "what was read is not marked again");
}

#[tokio::test]
async fn what_was_there_at_the_start_is_counted_and_not_told() {
    let desk = FakeDesk::new(5);
    desk.tell(vec![notice(1, NoticeKind::SetAway, false)]);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    let snapshot = screen.snapshot();
    assert!(snapshot.contains("1 notice") && !snapshot.contains("set you away"), "{snapshot}");
    desk.tell(vec![notice(2, NoticeKind::SetAway, false), notice(1, NoticeKind::SetAway, true)]);
    screen.settle().await;
    assert!(screen.snapshot().contains("set you away"));
}

#[tokio::test]
async fn a_ticket_shows_its_clocks() {
    for language in Language::ALL {
        for (width, height) in SIZES {
            let desk = FakeDesk::new(5);
            desk.change(|tickets| {
                let mut one = (*tickets[0]).clone();
                let started = now() - chrono::Duration::minutes(75);
                one.clocks = vec![clock(ClockKind::NextResponse, 3600, started), clock(ClockKind::Resolution, 5 * 3600, started)];
                tickets[0] = Arc::new(one);
            });
            let mut screen = Screen::open(desk, language, width, height).await;
            screen.press("T").await;
            insta::assert_snapshot!(format!("clocks-{}-{width}x{height}", language.tag()), screen.snapshot());
        }
    }
}
