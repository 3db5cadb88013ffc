//! The search page, driven by keys.

use std::sync::Arc;

use chrono::Duration;

use crate::client::view::{Link, LinkStatus};
use crate::console::locale::Language;
use crate::console::mouse::MouseKind;
use crate::console::pane::PaneId;
use crate::console::testing::{FakeDesk, Screen, id, now};
use crate::domain::conversation::Author;
use crate::domain::id::{ConversationId, RequesterId, TicketNumber};
use crate::domain::search::{HitKind, SearchHit};
use crate::domain::ticket::Status;

fn hit(number: i64, kind: HitKind, line: &str) -> SearchHit {
    let ticket = (number > 0).then_some(TicketNumber(number));
    let seq = if kind == HitKind::Ticket { 0 } else { i64::try_from(line.len()).unwrap() };
    SearchHit {
        kind,
        ticket,
        status: ticket.map(|_| if number > 1 { Status::Closed } else { Status::Open }),
        title: if number > 0 { format!("加油机无法启动 pump {number}") } else { "all hands".into() },
        people: Vec::new(),
        conversation: id(u128::try_from(number).unwrap() + 300),
        message: (kind != HitKind::Ticket).then(|| id(u128::try_from(number * 1_000 + seq).unwrap())),
        seq,
        author: match kind {
            HitKind::Note => Author::Person { id: id(2) },
            _ => Author::Requester { id: RequesterId::default(), name: "客户 Chen".into() },
        },
        at: now() - Duration::hours(number),
        line: line.into(),
        ranges: Vec::new(),
    }
}

fn desk() -> Arc<FakeDesk> {
    let desk = FakeDesk::new(30);
    let long = format!("{}请尽快处理加油机，\x1b[2J谢谢", "三号站的情况如下，".repeat(9));
    let mut hits = vec![
        hit(1, HitKind::Ticket, "加油机无法启动 pump 1"),
        hit(1, HitKind::Message, "加油机又坏了，显示屏黑屏"),
        hit(1, HitKind::Note, &long),
        hit(0, HitKind::Message, "大家注意：加油机固件今晚升级"),
    ];
    hits.extend((2..=14).map(|number| hit(number, HitKind::Message, &format!("加油机 pump {number} 退款"))));
    *desk.findable.lock().unwrap() = (hits, 3);
    desk
}

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

#[tokio::test]
async fn the_page_looks_as_agreed() {
    for language in Language::ALL {
        for (width, height) in SIZES {
            let mut screen = Screen::open(desk(), language, width, height).await;
            screen.press("ctrl-f").await;
            insta::assert_snapshot!(format!("search-empty-{}-{width}x{height}", language.tag()), screen.snapshot());
            screen.text("加油机").await;
            insta::assert_snapshot!(format!("search-{}-{width}x{height}", language.tag()), screen.snapshot());
            assert_eq!(screen.control_cells(), 0);
        }
    }
}

#[tokio::test]
async fn what_is_found_here_is_shown_when_there_is_no_server() {
    let desk = desk();
    let why = "no route".to_owned();
    desk.link.send_replace(LinkStatus { link: Link::Offline { since: now(), why }, ..LinkStatus::default() });
    for language in Language::ALL {
        let mut screen = Screen::open(Arc::clone(&desk), language, 80, 24).await;
        screen.press("g /").await;
        screen.text("加油机").await;
        insta::assert_snapshot!(format!("search-offline-{}-80x24", language.tag()), screen.snapshot());
    }
}

#[tokio::test]
async fn more_comes_at_the_end_and_the_cursor_stays_where_it_is() {
    let mut screen = Screen::open(desk(), Language::English, 120, 40).await;
    screen.press("ctrl-f").await;
    screen.text("加油机").await;
    assert!(screen.snapshot().contains("10+ found in all history"), "{}", screen.snapshot());
    screen.press("down G").await;
    let text = screen.snapshot();
    assert!(text.contains("17 found in all history") && text.contains("> "), "{text}");
    let held = text.lines().find(|line| line.contains("│> ")).unwrap().to_owned();
    assert!(held.contains("pump 7"), "{held}: the last of the first page, not of what came after it");
}

#[tokio::test]
async fn enter_goes_there_and_coming_back_finds_the_page_as_it_was() {
    let mut screen = Screen::open(desk(), Language::English, 80, 24).await;
    screen.press("5 ctrl-f").await;
    screen.text("加油").await;
    screen.press("down j").await;
    screen.press("enter").await;
    assert_eq!(screen.app.model.shown_ticket, Some(TicketNumber(1)), "also from Chats");
    assert!(!screen.app.model.search.is_open());
    screen.press("ctrl-f").await;
    assert!(screen.snapshot().contains("/ 加油"), "{}", screen.snapshot());
    screen.press("esc").await;
    assert!(!screen.app.model.search.is_open() && screen.app.model.ticket_open, "back to where one was");
    assert_eq!(screen.app.model.session.history.of("search"), ["加油"], "kept between runs");
}

#[tokio::test]
async fn tab_narrows_letters_are_text_and_earlier_words_come_back() {
    let mut screen = Screen::open(desk(), Language::English, 80, 24).await;
    screen.press("ctrl-f").await;
    screen.text("pump jq").await;
    assert!(screen.snapshot().contains("/ pump jq") && screen.snapshot().contains("Nothing found"), "{}", screen.snapshot());
    screen.press("backspace backspace tab").await;
    assert!(screen.snapshot().contains("[tickets]") && screen.snapshot().contains("1 found"), "{}", screen.snapshot());
    screen.press("tab tab").await;
    assert!(screen.snapshot().contains("[notes]"), "{}", screen.snapshot());
    screen.press("tab enter ctrl-f ctrl-u").await;
    assert!(screen.snapshot().contains("side by side"), "{}", screen.snapshot());
    screen.press("ctrl-p").await;
    assert!(screen.snapshot().contains("/ pump"), "{}", screen.snapshot());
}

#[tokio::test]
async fn the_page_is_in_the_way_of_the_mouse() {
    let mut screen = Screen::open(desk(), Language::English, 120, 40).await;
    screen.press("ctrl-f").await;
    screen.text("加油机").await;
    assert!(!screen.snapshot().contains("A Claim"), "all keys are text: {}", screen.snapshot());
    screen.click("4 Shifts").await;
    screen.mouse(MouseKind::WheelDown, 40, 20).await;
    let held = screen.snapshot().lines().find(|line| line.contains("│> ")).unwrap().to_owned();
    assert!(screen.app.model.search.is_open() && !held.contains("pump 1"), "{held}");
    // The second row is a message of #1.
    for _ in 0..2 {
        assert!(screen.app.model.search.is_open() && screen.app.model.front == PaneId::Queues);
        screen.mouse(MouseKind::Press, 40, 5).await;
    }
    assert!(!screen.app.model.search.is_open(), "{}", screen.snapshot());
    assert_eq!(screen.app.model.shown_ticket, Some(TicketNumber(1)));
}

#[tokio::test]
async fn any_size_and_any_conversation_is_drawn() {
    let desk = desk();
    desk.findable.lock().unwrap().0.push(SearchHit {
        title: String::new(),
        conversation: ConversationId::default(),
        ..hit(0, HitKind::Message, "加油机")
    });
    let mut screen = Screen::open(desk, Language::English, 80, 24).await;
    screen.press("ctrl-f").await;
    screen.text("加油机").await;
    for (width, height) in [(80, 24), (81, 25), (100, 30), (300, 100)] {
        screen.resize(width, height).await;
    }
}
