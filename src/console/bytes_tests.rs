//! What events cost in bytes, counted, not timed: the budgets for slow links.

use std::sync::Arc;

use super::app::Msg;
use super::config::ScreenConfig;
use super::emulator::Emulator;
use super::locale::Language;
use super::testing::{FakeDesk, Screen, ticket};

/// A console of a size on a slow link, its first frame drawn.
async fn slow(desk: &Arc<FakeDesk>, size: (u16, u16)) -> (Screen, Emulator) {
    let screen = ScreenConfig { low_bandwidth: Some(true), ..ScreenConfig::default() };
    let mut console =
        Screen::with(Arc::clone(desk) as Arc<dyn super::DeskHandle>, Language::Chinese, size, move |options| options.setup.screen = screen)
            .await;
    let mut emulator = Emulator::new(size);
    console.app.model.redraw_all = false;
    emulator.draw(&mut console.app);
    (console, emulator)
}

async fn cost(console: &mut Screen, emulator: &mut Emulator, keys: &str) -> usize {
    console.press(keys).await;
    emulator.draw(&mut console.app).bytes
}

#[tokio::test]
async fn a_frame_without_a_change_writes_nothing() {
    let desk = FakeDesk::new(60);
    let (mut console, mut emulator) = slow(&desk, (120, 40)).await;
    assert_eq!(emulator.draw(&mut console.app).bytes, 0);
    console.press("/").await;
    assert!(emulator.draw(&mut console.app).bytes > 0);
    assert_eq!(emulator.draw(&mut console.app).bytes, 0, "with a caret neither");
}

#[tokio::test]
async fn an_idle_console_writes_next_to_nothing() {
    let desk = FakeDesk::new(60);
    let (mut console, mut emulator) = slow(&desk, (120, 40)).await;
    let (mut bytes, mut frames) = (0, 0);
    let end = super::testing::now() + chrono::Duration::seconds(300);
    while console.clock.now() < end {
        let next = console.app.model.next_tick();
        console.clock.advance((next - console.clock.now()).max(chrono::Duration::milliseconds(1)));
        console.app.handle(Msg::Tick);
        console.app.run_until_idle().await;
        frames += 1;
        bytes += emulator.draw(&mut console.app).bytes;
    }
    assert!(frames <= 12 && bytes <= 300 * 60, "{frames} frames, {bytes} bytes in five minutes");
}

#[tokio::test]
async fn a_move_a_page_and_a_cell_keep_their_budgets() {
    let desk = FakeDesk::new(200);
    let (mut console, mut emulator) = slow(&desk, (80, 24)).await;
    let moves = cost(&mut console, &mut emulator, "j").await;
    assert!(moves <= 120, "a move costs {moves} bytes");
    let page = cost(&mut console, &mut emulator, "pagedown").await;
    assert!(page <= 4_500, "a page costs {page} bytes");
    let mut held = 0;
    for _ in 0..40 {
        held += cost(&mut console, &mut emulator, "j").await;
    }
    assert!(held / 40 <= 350, "a held key costs {} bytes a row", held / 40);
    console.press("g g").await;
    emulator.draw(&mut console.app);
    desk.change(|tickets| {
        let mut changed = ticket(3, &tickets[2].subject);
        changed.status = crate::domain::ticket::Status::Pending;
        changed.awaits_reply = tickets[2].awaits_reply;
        tickets[2] = Arc::new(changed);
    });
    console.settle().await;
    let cell = emulator.draw(&mut console.app).bytes;
    assert!(cell <= 250, "a changed word costs {cell} bytes");
}

#[tokio::test]
async fn the_first_frame_is_one_write_of_bounded_size() {
    for (size, most) in [((80, 24), 9_000), ((120, 40), 20_000), ((200, 60), 36_000)] {
        let desk = FakeDesk::new(200);
        let mut console = Screen::open(desk, Language::Chinese, size.0, size.1).await;
        let mut emulator = Emulator::new(size);
        let drawn = emulator.draw(&mut console.app);
        assert!(drawn.bytes <= most, "{size:?}: {} bytes", drawn.bytes);
    }
}

#[tokio::test]
async fn with_reduced_motion_nothing_ticks_but_the_minutes() {
    let desk = FakeDesk::new(60);
    let screen = ScreenConfig { reduced_motion: true, ..ScreenConfig::default() };
    let mut console = Screen::with(Arc::clone(&desk) as Arc<dyn super::DeskHandle>, Language::English, (120, 40), move |options| {
        options.setup.screen = screen
    })
    .await;
    desk.call(|calls| calls.push(super::call_tests::call(1, 1, 1, 2, crate::domain::escalation::EscalationState::Asked)));
    console.settle().await;
    let wait = console.app.model.next_tick() - console.clock.now();
    assert!(wait >= chrono::Duration::seconds(5), "it ticks after {wait}");
    console.app.model.screen.reduced_motion = false;
    let wait = console.app.model.next_tick() - console.clock.now();
    assert!(wait <= chrono::Duration::seconds(1), "who is called sees the seconds: {wait}");
}
