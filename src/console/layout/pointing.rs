//! The mouse, on whole screens.

use std::sync::Arc;

use crate::console::app::Msg;
use crate::console::config::Setup;
use crate::console::locale::Language;
use crate::console::mouse::MouseKind;
use crate::console::pane::PaneId;
use crate::console::testing::{FakeDesk, Screen};
use crate::console::theme::Theme;
use crate::domain::command::Command;
use crate::domain::id::TicketNumber;
use ratatui::layout::Rect;

async fn screen(width: u16, height: u16) -> Screen {
    Screen::open(FakeDesk::new(60), Language::English, width, height).await
}

fn selected(screen: &Screen) -> i64 {
    screen.app.model.pane(PaneId::Queues).unwrap().selected_ticket().unwrap().number.0
}

#[tokio::test]
async fn a_press_selects_and_a_second_one_opens() {
    for (width, height) in [(60, 20), (80, 24), (120, 40), (200, 60)] {
        let mut screen = screen(width, height).await;
        screen.click("  5     !").await;
        assert_eq!(selected(&screen), 5, "at {width}x{height}");
        assert_eq!(screen.app.model.focused(), PaneId::Queues);
        screen.click("> 5    ").await;
        assert_eq!(screen.app.model.focused(), PaneId::Ticket, "at {width}x{height}");
    }
}

#[tokio::test]
async fn a_press_into_the_other_pane_gives_it_the_keys_and_opens_nothing() {
    let mut screen = screen(120, 40).await;
    screen.click("[conversation]").await;
    assert_eq!(screen.app.model.focused(), PaneId::Ticket);
    screen.click("> 1    ").await;
    assert_eq!(screen.app.model.focused(), PaneId::Queues, "the selected row is not opened by the press that went there");
}

#[tokio::test]
async fn tabs_keys_and_the_rail_do_what_they_say() {
    let mut screen = screen(200, 60).await;
    screen.click("4 Shifts").await;
    assert_eq!(screen.app.model.front, PaneId::Shifts);
    screen.click("1 Queues").await;
    screen.click("details").await;
    assert!(screen.snapshot().contains("[details]"));
    screen.click("Unassigned").await;
    assert!(screen.snapshot().contains("> Unassigned"), "{}", screen.snapshot());
    screen.click("? Help").await;
    assert_eq!(screen.app.model.overlays.len(), 1);
    screen.mouse(MouseKind::Press, 0, 5).await;
    assert_eq!(screen.app.model.overlays.len(), 0, "a press beside a list puts it away");
}

#[tokio::test]
async fn the_bottom_line_does_nothing_while_keys_are_text() {
    let desk = FakeDesk::new(60);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    screen.press("/").await;
    for column in 0..120 {
        screen.mouse(MouseKind::Press, column, 39).await;
    }
    assert!(screen.app.model.overlays.is_empty() && screen.app.model.exit.is_none(), "{}", screen.snapshot());
    assert!(desk.submitted.lock().unwrap().is_empty(), "nothing is done to the selected ticket");
}

#[tokio::test]
async fn the_wheel_moves_what_is_under_it() {
    let mut screen = screen(120, 40).await;
    screen.mouse(MouseKind::WheelDown, 10, 10).await;
    assert_eq!(selected(&screen), 4);
    screen.mouse(MouseKind::WheelUp, 10, 10).await;
    assert_eq!(selected(&screen), 1);
    screen.mouse(MouseKind::WheelDown, 100, 10).await;
    assert_eq!((selected(&screen), screen.app.model.focused()), (1, PaneId::Queues), "over the ticket the list stands still");
    for keys in ["?", "ctrl-k"] {
        screen.press(keys).await;
        let before = screen.snapshot();
        screen.mouse(MouseKind::WheelDown, 60, 20).await;
        assert_eq!(selected(&screen), 1, "a dialog takes it");
        assert_ne!(screen.snapshot(), before, "{keys} moves");
        screen.press("esc").await;
    }
}

#[tokio::test]
async fn the_line_between_is_dragged() {
    let mut screen = screen(160, 40).await;
    let line = |screen: &Screen| screen.app.model.places(Rect::new(0, 0, 160, 40)).divider.unwrap().x;
    let at = line(&screen);
    screen.mouse(MouseKind::Press, at, 12).await;
    screen.mouse(MouseKind::Drag, 64, 14).await;
    assert_eq!(line(&screen), 64);
    screen.mouse(MouseKind::Release, 64, 14).await;
    screen.mouse(MouseKind::Drag, 100, 14).await;
    assert_eq!(line(&screen), 64, "let go is let go");
    let mut tall = Screen::open(FakeDesk::new(60), Language::English, 80, 50).await;
    let row = tall.app.model.places(Rect::new(0, 0, 80, 50)).divider.unwrap().y;
    tall.mouse(MouseKind::Press, 20, row).await;
    tall.mouse(MouseKind::Drag, 20, 16).await;
    assert_eq!(tall.app.model.places(Rect::new(0, 0, 80, 50)).divider.unwrap().y, 16);
}

#[tokio::test]
async fn choices_are_chosen_and_what_is_written_is_never_put_away() {
    let desk = FakeDesk::new(3);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 80, 24).await;
    screen.press("a").await;
    screen.click("张伟").await;
    let number = TicketNumber(1);
    assert!(matches!(&desk.submitted.lock().unwrap()[..], [(Command::AssignTicket { number: given, .. }, _)] if *given == number));
    screen.press("ctrl-k").await;
    screen.text("pane.shifts").await;
    screen.click("> Show").await;
    assert_eq!(screen.app.model.front, PaneId::Shifts, "the palette's rows are pressed as its keys choose them");
    screen.press("1 ?").await;
    screen.text("pane.chats").await;
    screen.click("> Show").await;
    assert_eq!(screen.app.model.front, PaneId::Chats, "and so are those of help");
    screen.press("1 r").await;
    screen.text("half a rep").await;
    screen.mouse(MouseKind::Press, 0, 3).await;
    assert_eq!(screen.app.model.overlays.len(), 1);
    assert!(screen.snapshot().contains("half a rep"));
}

#[tokio::test]
async fn switched_off_it_does_nothing() {
    let mut screen = screen(120, 40).await;
    screen.press("ctrl-w m").await;
    screen.click("  5     !").await;
    assert_eq!(selected(&screen), 1);
    let setup = || Box::new(Setup::new(Language::English, Theme::built_in("dark").unwrap()));
    screen.app.handle(Msg::Setup(Ok(setup())));
    screen.click("  5     !").await;
    assert_eq!(selected(&screen), 1, "a saved file that says nothing new about it switches nothing");
    screen.press("ctrl-w m").await;
    screen.click("  5     !").await;
    assert_eq!(selected(&screen), 5);
    let mut off = setup();
    off.screen.mouse = false;
    screen.app.handle(Msg::Setup(Ok(off)));
    screen.click("  9     !").await;
    assert_eq!(selected(&screen), 5, "a setting that was changed counts");
}

#[tokio::test]
async fn no_cell_of_any_pane_breaks_anything() {
    for keys in ["1", "2", "3", "4", "5", "?", "1 r", "1 s", "1 enter"] {
        for (width, height) in [(60, 20), (80, 24), (120, 40)] {
            let mut screen = screen(width, height).await;
            screen.press(keys).await;
            for row in 0..height {
                for column in (0..width).step_by(7) {
                    for kind in [MouseKind::WheelDown, MouseKind::Press, MouseKind::Drag, MouseKind::Release, MouseKind::WheelUp] {
                        screen.app.handle(crate::console::app::Msg::Mouse(crate::console::mouse::Mouse { kind, column, row }));
                    }
                    if screen.app.model.exit.is_some() {
                        screen.app.model.exit = None;
                    }
                }
                screen.settle().await;
            }
        }
    }
}
