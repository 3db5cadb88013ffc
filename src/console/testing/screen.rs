//! A whole console without a terminal: keys by name, the screen as text.

use std::sync::Arc;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use uuid::Uuid;

use super::{FakeDesk, now};
use crate::base::clock::Clock;
use crate::console::DeskHandle;
use crate::console::app::{App, ConsoleOptions, Msg};
use crate::console::config::Setup;
use crate::console::key::{Key, KeyCode};
use crate::console::locale::Language;
use crate::console::memory::{Memory, NoMemory};
use crate::console::theme::Theme;

/// A console over a [`FakeDesk`].
pub struct Screen {
    pub app: App,
    pub clock: Clock,
    pub terminal: Terminal<TestBackend>,
}

impl Screen {
    /// Starts and settles.
    pub async fn open(desk: Arc<FakeDesk>, language: Language, width: u16, height: u16) -> Self {
        Self::open_with(desk, language, (width, height), Arc::new(NoMemory)).await
    }

    /// As [`Screen::open`], with what an earlier run remembered.
    pub async fn open_with(desk: Arc<FakeDesk>, language: Language, size: (u16, u16), memory: Arc<dyn Memory>) -> Self {
        Self::with(desk, language, size, move |options| options.memory = memory).await
    }

    /// As [`Screen::open`], over any desk.
    pub async fn over(desk: Arc<dyn DeskHandle>, language: Language, width: u16, height: u16) -> Self {
        Self::with(desk, language, (width, height), |_| {}).await
    }

    /// As [`Screen::over`], with other options.
    pub async fn with(
        desk: Arc<dyn DeskHandle>,
        language: Language,
        (width, height): (u16, u16),
        change: impl FnOnce(&mut ConsoleOptions),
    ) -> Self {
        let clock = Clock::manual(now());
        let mut options = ConsoleOptions {
            setup: Setup::new(language, Theme::built_in("dark").unwrap()),
            reloads: None,
            memory: Arc::new(NoMemory),
            zone: chrono_tz::Asia::Shanghai,
            clock: clock.clone(),
            new_id: Box::new(|| Uuid::from_u128(77)),
            wallboard: None,
            over_ssh: false,
        };
        change(&mut options);
        let app = App::new(desk, options, (width, height)).unwrap();
        let mut screen = Self { app, clock, terminal: Terminal::new(TestBackend::new(width, height)).unwrap() };
        screen.settle().await;
        screen
    }

    pub async fn settle(&mut self) {
        self.app.run_until_idle().await;
        // A terminal writes over both halves of a wide character; the one in memory keeps what stood under the second.
        self.terminal.clear().unwrap();
        self.terminal
            .draw(|frame| {
                self.app.draw(frame);
            })
            .unwrap();
    }

    /// Presses keys by name, settling after each.
    pub async fn press(&mut self, keys: &str) {
        for key in keys.split(' ') {
            self.app.handle(Msg::Key(key.parse().unwrap()));
            self.settle().await;
        }
    }

    /// Types characters.
    pub async fn text(&mut self, text: &str) {
        for char in text.chars() {
            self.app.handle(Msg::Key(Key::plain(KeyCode::Char(char))));
        }
        self.settle().await;
    }

    pub async fn resize(&mut self, width: u16, height: u16) {
        self.terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        self.app.handle(Msg::Resize(width, height));
        self.settle().await;
    }

    /// The screen as lines of text.
    pub fn snapshot(&self) -> String {
        let buffer = self.terminal.backend().buffer();
        let mut out = String::new();
        for y in 0..buffer.area.height {
            let mut line = String::new();
            let mut skip = 0;
            for x in 0..buffer.area.width {
                let symbol = buffer[(x, y)].symbol();
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                line.push_str(symbol);
                skip = crate::base::text::width(symbol).saturating_sub(1);
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }

    /// Cells whose symbol holds a control character.
    pub fn control_cells(&self) -> usize {
        let buffer = self.terminal.backend().buffer();
        buffer.content().iter().filter(|cell| cell.symbol().chars().any(char::is_control)).count()
    }
}
