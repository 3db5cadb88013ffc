//! The console as a real process in a real pseudo-terminal, its screen read through a terminal emulator.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};

/// How long to wait for something that must come; a failure, not a measure.
const PATIENCE: Duration = Duration::from_secs(40);

struct Screen {
    parser: vt100::Parser,
    /// Everything the program wrote.
    raw: Vec<u8>,
    ended: bool,
}

/// A program in a pseudo-terminal.
pub struct Terminal {
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    screen: Arc<(Mutex<Screen>, Condvar)>,
}

/// Folders of one person's machine: configuration, data and cache of their own.
pub struct Machine {
    pub home: tempfile::TempDir,
}

impl Machine {
    pub fn new() -> Self {
        Self { home: tempfile::tempdir().expect("a temporary folder") }
    }

    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let folder = |name: &str| self.home.path().join(name).display().to_string();
        vec![
            ("HOME", folder("home")),
            ("DUTYDESK_CONFIG_DIR", folder("config")),
            ("DUTYDESK_DATA_DIR", folder("data")),
            ("TERM", "xterm-256color".to_owned()),
            ("LANG", "en_US.UTF-8".to_owned()),
            ("TZ", "UTC".to_owned()),
            // A script that a test may write there.
            ("EDITOR", folder("editor")),
        ]
    }
}

/// The binary under test.
pub fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_dutydesk"))
}

impl Terminal {
    /// Starts `dutydesk ARGS` on `machine`, `columns` by `rows`.
    pub fn start(machine: &Machine, args: &[&str], columns: u16, rows: u16) -> Self {
        Self::start_as(machine, args, columns, rows, &[])
    }

    /// As [`Terminal::start`], with more of the environment.
    pub fn start_as(machine: &Machine, args: &[&str], columns: u16, rows: u16, more: &[(&str, &str)]) -> Self {
        let pty = native_pty_system().openpty(PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(binary());
        command.args(args);
        command.env_clear();
        for (name, value) in machine.environment() {
            command.env(name, value);
        }
        for (name, value) in more {
            command.env(name, value);
        }
        command.cwd(machine.home.path());
        let child = pty.slave.spawn_command(command).expect("the binary starts");
        drop(pty.slave);
        let mut reader = pty.master.try_clone_reader().expect("the terminal can be read");
        let writer = pty.master.take_writer().expect("the terminal can be written");
        let screen = Arc::new((
            Mutex::new(Screen { parser: vt100::Parser::new(cells(rows), cells(columns), 0), raw: Vec::new(), ended: false }),
            Condvar::new(),
        ));
        let shared = Arc::clone(&screen);
        std::thread::spawn(move || {
            let mut buffer = [0; 65_536];
            loop {
                let read = reader.read(&mut buffer).unwrap_or(0);
                let mut screen = shared.0.lock().expect("no reader panics");
                if read == 0 {
                    screen.ended = true;
                } else {
                    screen.parser.process(&buffer[..read]);
                    screen.raw.extend_from_slice(&buffer[..read]);
                }
                shared.1.notify_all();
                if read == 0 {
                    return;
                }
            }
        });
        Self { master: pty.master, writer, child, screen }
    }

    /// Types bytes.
    pub fn send(&mut self, bytes: &str) {
        self.writer.write_all(bytes.as_bytes()).expect("the terminal takes keys");
        self.writer.flush().expect("the terminal takes keys");
    }

    /// Waits until the screen satisfies `wanted`, which must not ask this terminal anything; returns it. Panics with the last screen when it never does.
    pub fn wait(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + PATIENCE;
        let mut screen = self.screen.0.lock().expect("no reader panics");
        loop {
            let text = screen.parser.screen().contents();
            if wanted(&text) {
                return text;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!screen.ended && !left.is_zero(), "never saw {what}; ended: {}; the screen was:\n{text}", screen.ended);
            screen = self.screen.1.wait_timeout(screen, left).expect("no reader panics").0;
        }
    }

    /// Waits until `text` stands on the screen.
    pub fn wait_for(&self, text: &str) -> String {
        self.wait(&format!("`{text}`"), |screen| screen.contains(text))
    }

    /// Waits until `text` is gone from the screen.
    pub fn wait_gone(&self, text: &str) -> String {
        self.wait(&format!("`{text}` to go"), |screen| !screen.contains(text))
    }

    /// Waits until the program wrote these bytes.
    pub fn wait_raw(&self, what: &str, bytes: &[u8]) {
        self.wait_raw_times(what, bytes, 1);
    }

    /// Waits until the program wrote these bytes so many times.
    pub fn wait_raw_times(&self, what: &str, bytes: &[u8], times: usize) {
        let deadline = Instant::now() + PATIENCE;
        let mut screen = self.screen.0.lock().expect("no reader panics");
        while screen.raw.windows(bytes.len()).filter(|part| part == &bytes).count() < times {
            let left = deadline.saturating_duration_since(Instant::now());
            let text = screen.parser.screen().contents();
            assert!(!screen.ended && !left.is_zero(), "never got {what}; ended: {}; the screen was:\n{text}", screen.ended);
            screen = self.screen.1.wait_timeout(screen, left).expect("no reader panics").0;
        }
    }

    /// Colours of the cells on the screen that show one of `symbols`: foreground and background.
    pub fn colours_of(&self, symbols: &str) -> Vec<(vt100::Color, vt100::Color)> {
        let screen = self.screen.0.lock().expect("no reader panics");
        let screen = screen.parser.screen();
        let (rows, columns) = screen.size();
        let places = (0..rows.get()).flat_map(|row| (0..columns.get()).map(move |column| (row, column)));
        let cells = places.filter_map(|(row, column)| screen.cell(row, column));
        let shown = cells.filter(|cell| !cell.contents().is_empty() && symbols.contains(cell.contents()));
        shown.map(|cell| (cell.fgcolor(), cell.bgcolor())).collect()
    }

    /// Everything the program wrote. Not within a `wait`, which holds what this reads.
    pub fn raw(&self) -> Vec<u8> {
        self.screen.0.lock().expect("no reader panics").raw.clone()
    }

    /// Whether the program has put the terminal back: main screen, cursor shown, no bracketed paste.
    pub fn restored(&self) -> bool {
        let screen = self.screen.0.lock().expect("no reader panics");
        let screen = screen.parser.screen();
        !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste()
    }

    pub fn resize(&self, columns: u16, rows: u16) {
        self.screen.0.lock().expect("no reader panics").parser.screen_mut().set_size(cells(rows), cells(columns));
        self.master.resize(PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }).expect("the terminal resizes");
    }

    pub fn pid(&self) -> u32 {
        self.child.process_id().expect("a started program has a process id")
    }

    /// Sends a signal by name (`TERM`, `HUP`, `KILL`).
    pub fn signal(&self, name: &str) {
        let status = std::process::Command::new("kill").args([format!("-{name}"), self.pid().to_string()]).status().expect("kill runs");
        assert!(status.success());
    }

    /// Quits a console, also while an answer to what was sent is still on its way: then it asks.
    pub fn quit(&mut self) -> ExitStatus {
        self.leave("Q", "y")
    }

    /// As [`Terminal::quit`], in other words: how one leaves, and how one says yes.
    pub fn leave(&mut self, leave: &str, yes: &str) -> ExitStatus {
        self.send(leave);
        let deadline = Instant::now() + PATIENCE;
        let mut screen = self.screen.0.lock().expect("no reader panics");
        while !screen.ended && !screen.parser.screen().contents().contains("Quit?") && Instant::now() < deadline {
            let left = deadline.saturating_duration_since(Instant::now());
            screen = self.screen.1.wait_timeout(screen, left).expect("no reader panics").0;
        }
        let asks = !screen.ended;
        drop(screen);
        if asks {
            self.send(yes);
        }
        self.finish()
    }

    /// Waits for the program's end and for all it wrote.
    pub fn finish(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        let mut screen = self.screen.0.lock().expect("no reader panics");
        while !screen.ended {
            let left = deadline.saturating_duration_since(Instant::now());
            let text = screen.parser.screen().contents();
            assert!(!left.is_zero(), "the program never ended; the screen was:\n{text}");
            screen = self.screen.1.wait_timeout(screen, left).expect("no reader panics").0;
        }
        drop(screen);
        self.child.wait().expect("the program can be waited for")
    }
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("a terminal has rows and columns")
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Ended already in most tests; what fails must not leave a console behind.
        let _ = self.child.kill();
    }
}
