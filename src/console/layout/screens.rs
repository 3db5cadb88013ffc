//! Whole screens, zoomed, resized and with parts hidden.

use super::{Mode, SMALLEST};
use crate::console::locale::Language;
use crate::console::testing::{FakeDesk, Screen};
use ratatui::layout::Rect;
use ratatui::widgets::Borders;

async fn wide() -> Screen {
    Screen::open(FakeDesk::new(60), Language::English, 160, 40).await
}

#[tokio::test]
async fn a_zoomed_pane_is_alone_and_says_so() {
    let mut screen = wide().await;
    assert!(screen.snapshot().contains("Views and queues"), "rail, list and ticket at 160");
    screen.press("ctrl-w z").await;
    let shown = screen.snapshot();
    assert!(
        shown.contains("[zoomed, ctrl-w z ends it]") && !shown.contains("Ticket [zoomed") && !shown.contains("Views and queues"),
        "{shown}"
    );
    assert!(!shown.contains("[conversation]"), "the preview is gone: {shown}");
    screen.press("enter").await;
    let shown = screen.snapshot();
    assert!(shown.contains("Ticket [zoomed") && shown.contains("[conversation]"), "{shown}");
    screen.press("ctrl-w z").await;
    assert!(!screen.snapshot().contains("zoomed"));
}

#[tokio::test]
async fn the_list_is_made_smaller_and_larger_by_counts_and_reset() {
    let mut screen = wide().await;
    let line = |screen: &Screen| screen.app.model.places(Rect::new(0, 0, 160, 40)).divider.unwrap().x;
    assert_eq!(line(&screen), 88);
    screen.press("ctrl-w <").await;
    assert_eq!(line(&screen), 80);
    screen.press("ctrl-w > ctrl-w >").await;
    assert_eq!(line(&screen), 96);
    screen.press("9 9 ctrl-w >").await;
    assert_eq!(line(&screen), 128, "never all of it");
    screen.press("ctrl-w =").await;
    assert_eq!(line(&screen), 88);
}

#[tokio::test]
async fn rail_and_preview_are_hidden_and_come_back() {
    let mut screen = wide().await;
    screen.press("ctrl-w r").await;
    assert!(!screen.snapshot().contains("Unassigned"), "{}", screen.snapshot());
    screen.press("h").await;
    assert!(screen.snapshot().contains("Unassigned"), "who goes there sees it");
    screen.press("l ctrl-w r ctrl-w p").await;
    let shown = screen.snapshot();
    assert!(shown.contains("Unassigned") && !shown.contains("[conversation]"), "{shown}");
    screen.press("|").await;
    assert!(screen.snapshot().contains("[conversation]"));
}

#[tokio::test]
async fn a_tall_narrow_screen_has_the_ticket_below() {
    for language in Language::ALL {
        let mut screen = Screen::open(FakeDesk::new(60), language, 80, 50).await;
        screen.press("j").await;
        insta::assert_snapshot!(format!("below-{}-80x50", language.tag()), screen.snapshot());
    }
}

#[tokio::test]
async fn zoomed_and_resized_look_as_agreed() {
    for language in Language::ALL {
        for (width, height) in [(120, 40), (200, 60)] {
            let mut screen = Screen::open(FakeDesk::new(60), language, width, height).await;
            screen.press("enter ctrl-w z").await;
            insta::assert_snapshot!(format!("zoomed-{}-{width}x{height}", language.tag()), screen.snapshot());
            screen.press("ctrl-w z esc ctrl-w < ctrl-w <").await;
            insta::assert_snapshot!(format!("resized-{}-{width}x{height}", language.tag()), screen.snapshot());
        }
    }
}

#[tokio::test]
async fn no_line_is_broken_at_any_size() {
    for keys in ["1", "enter", "ctrl-w z", "ctrl-w < ctrl-w < ctrl-w <", "3", "5"] {
        let mut screen = Screen::open(FakeDesk::new(60), Language::Chinese, 120, 40).await;
        screen.press(keys).await;
        let edges = [1, 2, 40, 59, 60, 61, 80, 99, 100, 127, 160, 300];
        for width in edges {
            for height in [1, 2, 5, 19, 20, 24, 45, 46, 100] {
                screen.resize(width, height).await;
                if width < SMALLEST.0 || height < SMALLEST.1 {
                    continue;
                }
                whole(&screen, (width, height), keys);
            }
        }
    }
}

/// Every line that the frame draws stands in each of its cells.
fn whole(screen: &Screen, (width, height): (u16, u16), keys: &str) {
    let places = screen.app.model.places(Rect::new(0, 0, width, height));
    for place in &places.panes {
        let outer = place.outer;
        if place.borders.contains(Borders::LEFT) {
            for y in outer.y + 1..outer.bottom() {
                assert_eq!(screen.cell(outer.x, y), "│", "{keys} at {width}x{height}, row {y}: {}", screen.snapshot());
            }
        }
        if place.borders.contains(Borders::TOP) {
            assert_eq!(screen.cell(outer.right() - 1, outer.y), "─", "{keys} at {width}x{height}: {}", screen.snapshot());
        }
    }
    assert_eq!(screen.control_cells(), 0);
    assert_eq!(screen.app.model.layout.mode, Mode::Desk);
}
