//! Random keys, pastes, clicks, sizes, ticks and news on a desk of hostile texts; after each, the terminal shows what was drawn.
//!
//! `DUTYDESK_FUZZ_EVENTS` sets how many (5,000 by default, over a few seeds), `DUTYDESK_FUZZ_SEED` replays one seed alone.

use std::sync::Arc;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::action::ACTIONS;
use super::app::{App, Msg, Owner};
use super::cells::Cells;
use super::effect::Loaded;
use super::emulator::Emulator;
use super::key::{Key, KeyCode};
use super::locale::Language;
use super::mouse::{Mouse, MouseKind};
use super::testing::Screen;
use super::wild::{HOSTILE, Wild, long};
use crate::base::clock::Clock;

const SEEDS: [u64; 5] = [1, 2, 3, 4, 5];
/// Between two looks at the whole terminal.
const LOOK: usize = 7;

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

#[tokio::test]
async fn nothing_typed_breaks_the_console() {
    let events = setting("DUTYDESK_FUZZ_EVENTS").unwrap_or(5_000);
    let seeds = setting("DUTYDESK_FUZZ_SEED").map_or_else(|| SEEDS.to_vec(), |seed| vec![seed]);
    let each = usize::try_from(events / seeds.len() as u64).unwrap();
    for seed in seeds {
        // Shown only when it fails: this is how to replay it.
        let said = format!("DUTYDESK_FUZZ_SEED={seed} DUTYDESK_FUZZ_EVENTS={each}");
        let guard = Said(said);
        Fuzz::new(seed).await.run(each).await;
        std::mem::forget(guard);
    }
}

/// Tells how to replay when the test panics.
struct Said(String);

impl Drop for Said {
    fn drop(&mut self) {
        use std::io::Write;
        let _ = writeln!(std::io::stderr(), "replay with {}", self.0);
    }
}

struct Fuzz {
    rng: StdRng,
    desk: Arc<Wild>,
    app: App,
    clock: Clock,
    emulator: Emulator,
    size: (u16, u16),
    bound: Vec<Key>,
    /// The last events, for whoever reads the failure.
    last: Vec<String>,
}

impl Fuzz {
    async fn new(seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let text = HOSTILE[rng.random_range(0..HOSTILE.len())].replace(['│', '┌', '─', '┐', '└', '┘'], "x");
        let desk = Wild::new(40, &text, seed);
        let language = Language::ALL[rng.random_range(0..2)];
        let size = (120, 40);
        let screen = Screen::over(Arc::clone(&desk) as Arc<dyn super::DeskHandle>, language, size.0, size.1).await;
        let (mut app, clock) = (screen.app, screen.clock);
        app.model.cells = Cells { clusters: false, ..Cells::default() };
        let bound = ACTIONS.iter().flat_map(|spec| spec.keys).flat_map(|keys| keys.split(' ')).map(|key| key.parse().unwrap()).collect();
        Self { rng, desk, app, clock, emulator: Emulator::new(size), size, bound, last: Vec::new() }
    }

    async fn run(&mut self, events: usize) {
        for n in 0..events {
            self.event().await;
            self.outside();
            if std::mem::take(&mut self.app.model.redraw_all) {
                self.emulator.clear(self.size);
            }
            let drawn = self.emulator.draw(&mut self.app);
            if n % LOOK == 0
                && let Err(why) = self.emulator.check(&drawn)
            {
                panic!("event {n} at {:?}: {why}\nafter {:?}\n{}", self.size, self.last, self.emulator.parser.screen().contents());
            }
        }
    }

    /// What the loop does with the terminal, the editor and the process.
    fn outside(&mut self) {
        self.app.copies.clear();
        self.app.model.ringing.clear();
        self.app.model.suspend = false;
        self.app.model.exit = None;
        if let Some((owner, _)) = self.app.editing.take() {
            let text = self.text();
            self.app.handle(Msg::Loaded(owner, Loaded::Edited(if self.rng.random_range(0..3) == 0 { Err(text) } else { Ok(text) })));
        }
    }

    async fn event(&mut self) {
        let msg = match self.rng.random_range(0..100) {
            0..62 => Msg::Key(self.key()),
            62..70 => {
                for char in self.text().chars().take(12) {
                    self.app.handle(Msg::Key(Key::char(char)));
                }
                Msg::Key(Key::plain(KeyCode::Enter))
            }
            70..76 => Msg::Paste(crate::base::text::clean_lines(&self.text())),
            76..80 => {
                self.size = (self.rng.random_range(1..=300), self.rng.random_range(1..=100));
                if self.rng.random_range(0..3) > 0 {
                    self.size = [(80, 24), (120, 40), (60, 20), (100, 30)][self.rng.random_range(0..4)];
                }
                Msg::Resize(self.size.0, self.size.1)
            }
            80..86 => Msg::Mouse(self.mouse()),
            86..90 => {
                self.clock.advance(chrono::Duration::milliseconds(self.rng.random_range(1..90_000)));
                Msg::Tick
            }
            90..94 => {
                self.desk.stir(self.rng.random());
                Msg::Tick
            }
            94..96 => Msg::Focus(self.rng.random_range(0..2) == 0),
            96..97 => Msg::Failed(self.text()),
            // An answer nobody asked for.
            97..98 => Msg::Loaded(Owner::App, Loaded::Edited(Ok(self.text()))),
            _ => Msg::Key(Key::plain(KeyCode::Escape)),
        };
        self.last.push(format!("{msg:?}").chars().take(60).collect());
        if self.last.len() > 25 {
            self.last.remove(0);
        }
        self.app.handle(msg);
        // Answers come after some, all or none of what is done meanwhile.
        for _ in 0..self.rng.random_range(0..4) {
            tokio::task::yield_now().await;
        }
        self.app.drain();
        if self.rng.random_range(0..3) == 0 {
            let quiet = tokio::time::timeout(std::time::Duration::from_secs(30), self.app.run_until_idle()).await;
            assert!(quiet.is_ok(), "effects without end after {:?}", self.last);
        }
    }

    fn key(&mut self) -> Key {
        match self.rng.random_range(0..10) {
            0..7 => self.bound[self.rng.random_range(0..self.bound.len())],
            7 => {
                let names = [
                    "enter",
                    "tab",
                    "shift-tab",
                    "up",
                    "down",
                    "left",
                    "right",
                    "home",
                    "end",
                    "backspace",
                    "delete",
                    "pageup",
                    "pagedown",
                    "ctrl-s",
                    "ctrl-j",
                    "ctrl-w",
                    "ctrl-left",
                    "shift-right",
                    "alt-enter",
                    "f5",
                    "insert",
                ];
                names[self.rng.random_range(0..names.len())].parse().unwrap()
            }
            8 => Key::char(char::from(self.rng.random_range(0x20..0x7f_u8))),
            _ => Key {
                code: KeyCode::Char(self.char()),
                ctrl: self.rng.random_range(0..8) == 0,
                alt: self.rng.random_range(0..8) == 0,
                shift: false,
            },
        }
    }

    /// Any character but those of which borders are made.
    fn char(&mut self) -> char {
        let (from, to) =
            [(0x20, 0x7f), (0xa0, 0x500), (0x300, 0x370), (0x2000, 0x2070), (0x4e00, 0x9fff), (0x1f300, 0x1faff), (0, 0x10_ffff)]
                [self.rng.random_range(0..7)];
        char::from_u32(self.rng.random_range(from..to)).filter(|char| !('\u{2500}'..='\u{257f}').contains(char)).unwrap_or('\u{fffd}')
    }

    fn text(&mut self) -> String {
        match self.rng.random_range(0..20) {
            0 => long(),
            1..8 => HOSTILE[self.rng.random_range(0..HOSTILE.len())].replace(['│', '┌', '─', '┐', '└', '┘'], "x"),
            _ => (0..self.rng.random_range(0..30)).map(|_| self.char()).collect(),
        }
    }

    fn mouse(&mut self) -> Mouse {
        let kinds = [MouseKind::Press, MouseKind::Drag, MouseKind::Release, MouseKind::WheelUp, MouseKind::WheelDown];
        Mouse { kind: kinds[self.rng.random_range(0..5)], column: self.rng.random_range(0..320), row: self.rng.random_range(0..110) }
    }
}
