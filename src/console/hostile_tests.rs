//! Hostile texts in every field, on every pane and in every dialog, through the real renderer: the terminal shows cells and
//! nothing else happens to it.

use std::sync::Arc;

use super::app::Msg;
use super::cells::Cells;
use super::emulator::Emulator;
use super::locale::Language;
use super::testing::Screen;
use super::wild::{HOSTILE, Wild, long, poisoned};
use crate::base::text::clean_lines;

/// Where every kind of text is seen: panes, tabs, pickers, forms, lists, prompts with pasted text.
const TOURS: &[&str] = &[
    "j",
    "enter",
    "enter ] ] ] ]",
    "enter b",
    "enter f",
    "enter M",
    "a",
    "s",
    "t",
    "v",
    "e",
    "K",
    "F",
    "I",
    "w",
    "H",
    "T",
    "r",
    "i",
    "n",
    "/",
    "E",
    "3",
    "3 j",
    "3 b",
    "4",
    "4 R",
    "4 @",
    "4 r",
    "5",
    "5 enter",
    "5 i",
    "5 m",
    "5 N",
    "g n",
    "g o",
    "g t",
    "g r",
    "ctrl-k",
    "?",
    "ctrl-t",
    "ctrl-f",
    "space *",
    "space B",
];

#[tokio::test]
async fn hostile_texts_in_every_field_leave_the_terminal_as_it_is() {
    let long = long();
    let (width, height) = (120, 40);
    for (n, said) in HOSTILE.iter().copied().chain([long.as_str()]).enumerate() {
        // Lines and corners in a text look like borders; the other texts show that borders hold.
        let said = said.replace(['┌', '┐', '└', '┘'], "x");
        let language = Language::ALL[n % 2];
        let desk = Wild::new(6, &said, 7);
        // Each text sees a part of the tours, all texts together see each tour several times: the whole takes too long.
        for tour in TOURS.iter().skip(n % 4).step_by(4) {
            let mut screen = Screen::over(Arc::clone(&desk) as Arc<dyn super::DeskHandle>, language, width, height).await;
            screen.app.model.cells = Cells { clusters: false, ..Cells::default() };
            let mut emulator = Emulator::new((width, height));
            emulator.parser.process(b"\x1b[?25l");
            emulator.draw(&mut screen.app);
            screen.press(tour).await;
            for paste in [false, true] {
                if paste {
                    screen.app.handle(Msg::Paste(clean_lines(&said).chars().take(300).collect()));
                    screen.app.run_until_idle().await;
                }
                if std::mem::take(&mut screen.app.model.redraw_all) {
                    emulator.clear((width, height));
                }
                let drawn = emulator.draw(&mut screen.app);
                if let Err(why) = emulator.check(&drawn) {
                    panic!("`{tour}` with {said:?}: {why}\n{}", emulator.parser.screen().contents());
                }
                let title = screen.app.title();
                assert!(!title.chars().any(char::is_control), "{title:?}");
            }
        }
    }
}

#[test]
fn a_row_is_poisoned_in_its_free_texts_only() {
    let desk = Wild::new(1, "\x1b[2J", 1);
    let tickets = desk.inner.tickets.lock().unwrap();
    let ticket = &tickets[0];
    assert!(ticket.subject == "\x1b[2J" && ticket.tags == ["\x1b[2J"] && ticket.requester.name == "\x1b[2J", "{ticket:?}");
    assert_eq!(poisoned(&ticket.queue, "x"), ticket.queue);
}
