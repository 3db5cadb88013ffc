//! The wallboard and the watch on whole screens, and their keys.

use std::sync::Arc;

use chrono::{Duration, NaiveTime};

use crate::client::view::{Changed, Link, OutboxEntry, OutboxState};
use crate::console::app::{ExitReason, Msg};
use crate::console::board::WallboardStart;
use crate::console::layout::Mode;
use crate::console::locale::Language;
use crate::console::panes::overview::tests::{fresh, sample};
use crate::console::reply_check::ANSWERED;
use crate::console::testing::{FakeDesk, Screen, id, now, ticket};
use crate::domain::command::{Command, MessageTarget, PostMessage};
use crate::domain::conversation::Visibility;
use crate::domain::id::TicketNumber;
use crate::domain::refusal::{Refusal, RefusalKind};
use crate::domain::roster::{RotaMember, ShiftType};
use crate::domain::sla::{Clock, ClockKind};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

fn desk() -> Arc<FakeDesk> {
    let desk = FakeDesk::made(30, |directory, _| {
        let rota = directory.rotas.values_mut().next().unwrap();
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        rota.shift_types =
            vec![ShiftType { colour: None, code: "E".into(), name: "Early".into(), start: time(7), end: time(15), night: false }];
        rota.pattern = vec![Some("E".into())];
        rota.members = [1, 3].map(|n| RotaMember { person: id(n), offset_days: 0 }).to_vec();
        rota.queues = vec![id(10), id(11)];
        rota.active = true;
    });
    *desk.figures.lock().unwrap() = Some(fresh());
    *desk.health.lock().unwrap() = sample().queues;
    desk
}

#[tokio::test]
async fn the_wallboard_looks_as_agreed() {
    for language in Language::ALL {
        for (width, height) in SIZES {
            let mut screen = Screen::open(desk(), language, width, height).await;
            screen.press("ctrl-w b").await;
            let name = format!("wallboard-{}-{width}x{height}", language.tag());
            insta::assert_snapshot!(format!("{name}-1"), screen.snapshot());
            screen.clock.advance(Duration::seconds(20));
            screen.app.handle(Msg::Tick);
            screen.settle().await;
            insta::assert_snapshot!(format!("{name}-2"), screen.snapshot());
        }
    }
}

#[tokio::test]
async fn the_watch_looks_as_agreed() {
    for language in Language::ALL {
        for (width, height) in SIZES {
            let mut screen = Screen::open(desk(), language, width, height).await;
            screen.press("ctrl-w o").await;
            insta::assert_snapshot!(format!("watch-{}-{width}x{height}", language.tag()), screen.snapshot());
            assert_eq!(screen.control_cells(), 0);
        }
    }
}

#[tokio::test]
async fn any_key_leads_back_from_the_wallboard() {
    let mut screen = Screen::open(desk(), Language::English, 80, 24).await;
    let before = screen.snapshot();
    for key in ["x", "esc", "enter", "6"] {
        screen.press("ctrl-w b").await;
        assert_eq!(screen.app.model.layout.mode, Mode::Wallboard);
        screen.press(key).await;
        assert_eq!(screen.snapshot(), before, "{key} does nothing else");
    }
}

#[tokio::test]
async fn a_screen_on_the_wall_turns_by_itself_and_is_quit_by_key() {
    let mut screen = Screen::open(desk(), Language::English, 80, 24).await;
    screen.app.model.board.kiosk = true;
    screen.app.model.board.start = WallboardStart { queues: vec!["payment".into()], rotate: Duration::seconds(30) };
    screen.press("ctrl-w b").await;
    let shown = screen.snapshot();
    assert!(shown.contains("Payment") && !shown.contains("All queues") && shown.contains("1/3"), "{shown}");
    assert_eq!(screen.app.model.next_tick(), now() + Duration::seconds(30));
    for (after, page) in [(30, "2/3"), (30, "3/3"), (30, "1/3")] {
        screen.clock.advance(Duration::seconds(after));
        screen.app.handle(Msg::Tick);
        screen.settle().await;
        assert!(screen.snapshot().contains(page), "{}", screen.snapshot());
    }
    screen.press("j x ctrl-w").await;
    assert_eq!((screen.app.model.layout.mode, screen.app.model.exit), (Mode::Wallboard, None));
    screen.press("space").await;
    assert!(screen.snapshot().contains("2/3"));
    screen.press("q").await;
    assert_eq!(screen.app.model.exit, Some(ExitReason::Quit));
}

#[tokio::test]
async fn nothing_is_asked_over_the_numbers() {
    let desk = desk();
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    let target = MessageTarget::Ticket { number: TicketNumber(1) };
    let post = PostMessage::new(target, id(1), Visibility::Public, "on its way".into());
    let refusal = Refusal::new(RefusalKind::Conflict, ANSWERED, "answered meanwhile");
    let refused = || OutboxEntry {
        key: id(9),
        command: Command::PostMessage(Box::new(post.clone())),
        made_at: now(),
        state: OutboxState::Refused(refusal.clone()),
    };
    for keys in ["ctrl-w b", "ctrl-f"] {
        screen.press(keys).await;
        desk.refuse(vec![refused()]);
        screen.settle().await;
        assert!(screen.app.model.overlays.is_empty(), "{}", screen.snapshot());
        desk.refuse(Vec::new());
        screen.settle().await;
        screen.press("esc").await;
    }
    desk.refuse(vec![refused()]);
    screen.settle().await;
    assert_eq!(screen.app.model.overlays.len(), 1, "at the desk it is: {}", screen.snapshot());
}

#[tokio::test]
async fn reduced_motion_turns_pages_later() {
    let mut screen = Screen::open(desk(), Language::English, 80, 24).await;
    screen.app.model.screen.reduced_motion = true;
    screen.press("ctrl-w b").await;
    assert_eq!(screen.app.model.board.turns_at, Some(now() + Duration::seconds(60)));
}

#[tokio::test]
async fn numbers_follow_the_desk() {
    let desk = desk();
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 80, 24).await;
    screen.press("ctrl-w b").await;
    let before = screen.snapshot();
    desk.health.lock().unwrap()[0].late = 77;
    desk.change(|_| {});
    desk.change(|tickets| tickets.push(Arc::new(ticket(99, "new"))));
    screen.settle().await;
    assert_ne!(screen.snapshot(), before);
    let after = screen.snapshot();
    screen.app.handle(Msg::Tick);
    screen.settle().await;
    assert_eq!(screen.snapshot(), after, "nothing moves by itself");
}

#[tokio::test]
async fn the_watch_tells_what_happens_newest_first() {
    let desk = desk();
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    screen.press("ctrl-w o").await;
    desk.change(|tickets| {
        let mut late = ticket(48, "payment broken");
        let at = now() + Duration::minutes(1);
        late.clocks = vec![Clock {
            kind: ClockKind::Resolution,
            target_secs: 60,
            started_at: now(),
            spent_ms: 0,
            counted_to: None,
            due_at: at,
            warn_at: at,
            paused_at: None,
            stopped_at: None,
            warned_at: Some(at),
            breached_at: Some(at),
            steps: Vec::new(),
        }];
        tickets.push(Arc::new(late));
    });
    screen.settle().await;
    let shown = screen.snapshot();
    assert!(shown.contains("10:11 #48 BREACHED  payment broken"), "{shown}");
    let place = |words: &str| shown.find(words).unwrap_or(usize::MAX);
    assert!(place("#48 BREACHED") < place("#48 assigned"), "{shown}");
}

#[tokio::test]
async fn what_changes_in_quick_succession_is_all_told() {
    let desk = desk();
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    screen.press("ctrl-w o").await;
    // Three changes before the first answer.
    for number in 48..=50 {
        desk.tickets.lock().unwrap().push(Arc::new(ticket(number, "new")));
        let changed = Arc::new(Changed { tickets: vec![TicketNumber(number)], ..Changed::default() });
        let (directory, agent_states) = (screen.app.model.shared.directory.clone(), screen.app.model.shared.agent_states.clone());
        let (me, here) = (Box::new(screen.app.model.shared.me.clone()), screen.app.model.shared.here.clone());
        screen.app.handle(Msg::Changed { changed, directory, agent_states, me, here });
    }
    screen.settle().await;
    let shown = screen.snapshot();
    assert!((48..=50).all(|number| shown.contains(&format!("#{number} assigned"))), "{shown}");
}

#[tokio::test]
async fn a_lost_link_is_told_once_until_it_is_back() {
    let desk = desk();
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    screen.press("ctrl-w o").await;
    let to = |link: Link| desk.link.send_modify(|status| status.link = link);
    let lost = || Link::Offline { since: now(), why: "cable".into() };
    for (link, lost_told, live_told) in
        [(lost(), 1, 0), (Link::Connecting, 1, 0), (lost(), 1, 0), (Link::Connecting, 1, 0), (Link::Live, 1, 1)]
    {
        to(link);
        screen.settle().await;
        let shown = screen.snapshot();
        assert_eq!((shown.matches("LINK LOST").count(), shown.matches("live again").count()), (lost_told, live_told), "{shown}");
    }
}

#[tokio::test]
async fn a_ticket_opened_from_the_watch_leads_back_to_it() {
    let mut screen = Screen::open(desk(), Language::English, 120, 40).await;
    screen.press("ctrl-w o j enter").await;
    assert_eq!(screen.app.model.layout.mode, Mode::Desk);
    assert_eq!(screen.app.model.shown_ticket, Some(TicketNumber(2)));
    screen.press("esc").await;
    assert_eq!(screen.app.model.layout.mode, Mode::Watch);
    // Queues are the next but one column; their tickets are a list of the desk.
    screen.press("tab enter").await;
    assert!(screen.snapshot().contains("[1 Queues"), "{}", screen.snapshot());
    screen.press("ctrl-w o a").await;
    assert!(screen.snapshot().contains("press ctrl-w d"), "{}", screen.snapshot());
    screen.press("ctrl-w d").await;
    assert_eq!(screen.app.model.layout.mode, Mode::Desk);
    screen.press("ctrl-w o 4").await;
    assert!(screen.snapshot().contains("[4 Shifts"), "a pane's key leads there");
}

#[tokio::test]
async fn what_takes_keys_is_seen() {
    let mut screen = Screen::open(desk(), Language::English, 120, 40).await;
    screen.press("ctrl-w o g").await;
    screen.clock.advance(Duration::milliseconds(400));
    screen.app.handle(Msg::Tick);
    screen.settle().await;
    assert!(screen.snapshot().contains(" g … "), "what may follow a prefix: {}", screen.snapshot());
    screen.press("/").await;
    assert!(screen.app.model.search.is_open() && screen.snapshot().contains("side by side"), "{}", screen.snapshot());
    screen.press("esc ctrl-w o g ?").await;
    assert!(screen.snapshot().contains("Tour 1/"), "{}", screen.snapshot());
}

#[tokio::test]
async fn any_size_is_drawn() {
    let mut screen = Screen::open(desk(), Language::Chinese, 80, 24).await;
    for (width, height) in [(80, 24), (90, 30), (109, 37), (110, 38), (300, 90)] {
        screen.resize(width, height).await;
        screen.press("ctrl-w o tab j G g").await;
        screen.press("ctrl-w b").await;
        screen.press("x").await;
    }
}
