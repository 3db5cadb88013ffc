//! Every pane and the main dialogs on a screen of 60 by 20.

use crate::console::first_run::FirstRunForm;
use crate::console::locale::{Language, Locale};
use crate::console::testing::{FakeDesk, Screen};
use crate::console::theme::Theme;

use super::SMALLEST;

#[tokio::test]
async fn every_pane_and_dialog_is_usable() {
    let (width, height) = SMALLEST;
    for language in Language::ALL {
        for (name, keys) in [
            ("queues", "j"),
            ("rail", "h"),
            ("ticket", "enter"),
            ("details", "enter ]"),
            ("why", "enter w"),
            ("assignment", "3"),
            ("shifts", "4"),
            ("week", "4 w"),
            ("chats", "5"),
            ("reply", "r h i"),
            ("status", "s"),
            ("assign", "a"),
            ("palette", "ctrl-k"),
            ("help", "?"),
            ("escalate", "e"),
            ("files", "F"),
            ("new-ticket", "n"),
            ("quit", "Q"),
        ] {
            let mut screen = Screen::open(FakeDesk::new(60), language, width, height).await;
            screen.press(keys).await;
            assert_eq!(screen.control_cells(), 0, "{name}");
            insta::assert_snapshot!(format!("phone-{name}-{}", language.tag()), screen.snapshot());
        }
    }
}

#[tokio::test]
async fn smaller_than_that_it_says_so() {
    for language in Language::ALL {
        let mut screen = Screen::open(FakeDesk::new(3), language, 60, 20).await;
        for (width, height) in [(59, 20), (60, 19), (40, 10)] {
            screen.resize(width, height).await;
            let shown = screen.snapshot();
            assert!(shown.contains("60x20") && shown.contains(&format!("{width}x{height}")), "{shown}");
        }
    }
}

#[test]
fn the_first_run_form_fits() {
    for language in Language::ALL {
        let (locale, theme) = (Locale::new(language), Theme::built_in("dark").unwrap());
        let backend = ratatui::backend::TestBackend::new(SMALLEST.0, SMALLEST.1);
        let mut terminal = ratatui::Terminal::new(backend).unwrap();
        let form = FirstRunForm::new("李娜", language);
        terminal.draw(|frame| _ = form.draw(frame, frame.area(), &locale, &theme)).unwrap();
        insta::assert_snapshot!(format!("phone-first-run-{}", language.tag()), terminal.backend());
    }
}
