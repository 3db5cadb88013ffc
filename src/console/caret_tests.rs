//! Input methods put their window where the terminal's cursor is: in every text field it stands after what was typed, and
//! nowhere else is it shown.

use std::sync::Arc;

use super::cells::Cells;
use super::emulator::Emulator;
use super::locale::Language;
use super::testing::Screen;
use super::wild::Wild;

/// Keys to a text field that is empty, or takes text at its caret.
const FIELDS: &[&str] = &[
    "/",
    "ctrl-k",
    "?",
    "a",
    "t",
    "g t",
    "n",
    "r",
    "i",
    "e",
    "K",
    "enter r",
    "enter i",
    "enter /",
    "enter ctrl-f",
    "4 f",
    "4 g d",
    "5 enter i",
    "5 enter /",
    "5 N",
    "g r",
    "enter e tab tab",
];

#[tokio::test]
async fn the_cursor_stands_after_what_was_typed() {
    for language in Language::ALL {
        for size in [(80, 24), (120, 40)] {
            let desk = Wild::new(6, "pump", 1);
            for keys in FIELDS {
                let desk = Arc::clone(&desk) as Arc<dyn super::DeskHandle>;
                let mut screen = Screen::over(desk, language, size.0, size.1).await;
                screen.app.model.cells = Cells { clusters: false, ..Cells::default() };
                screen.press(keys).await;
                screen.text("w中文").await;
                let mut emulator = Emulator::new(size);
                let drawn = emulator.draw(&mut screen.app);
                let contents = emulator.parser.screen().contents();
                let Some(at) = drawn.cursor else { panic!("`{keys}` at {size:?} has no caret:\n{contents}") };
                assert!(!emulator.parser.screen().hide_cursor(), "`{keys}` hides it");
                let before = emulator.parser.screen().cell(at.y, at.x.saturating_sub(2)).map(|cell| cell.contents().to_owned());
                assert_eq!(before.as_deref(), Some("文"), "`{keys}` at {size:?}, caret {at:?}:\n{contents}");
            }
        }
    }
}

#[tokio::test]
async fn where_nothing_is_typed_the_cursor_is_hidden() {
    let desk = Wild::new(6, "pump", 1);
    for keys in ["j", "enter", "3", "4", "5"] {
        let mut screen = Screen::over(Arc::clone(&desk) as Arc<dyn super::DeskHandle>, Language::English, 120, 40).await;
        let mut emulator = Emulator::new((120, 40));
        screen.press(keys).await;
        let drawn = emulator.draw(&mut screen.app);
        assert!(drawn.cursor.is_none() && emulator.parser.screen().hide_cursor(), "`{keys}` shows a cursor");
    }
}
