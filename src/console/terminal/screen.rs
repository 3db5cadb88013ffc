//! Takes the terminal over and gives it back: on leaving, on panic, on signals; each step on its own, so that one that fails
//! does not keep the others from happening.

use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Mutex, Once, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use futures::FutureExt;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Frame, Terminal, TerminalOptions, Viewport};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;

use super::clipboard::{self, Copied};
use super::kind::Kind;
use super::notify::Notifier;
use super::output::FrameWriter;
use super::reader::Reader;
use super::scheme;
use crate::base::text;
use crate::console::alert::Alert;
use crate::console::app::Msg;
use crate::console::theme;
use crate::domain::notice::settings::TerminalWay;

/// Why the terminal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TerminalError {
    #[error("there is no terminal here; run the console in one, or use a subcommand such as `dutydesk ticket list`")]
    None(#[source] io::Error),
    #[error(
        "TERM={0} says that text cannot be placed; set TERM to what your terminal is, such as xterm-256color, or run `dutydesk --linear`"
    )]
    Dumb(String),
    #[error("the terminal cannot be used: {0}; check that it still exists")]
    Io(#[from] io::Error),
}

/// What comes from the terminal.
#[derive(Debug)]
pub enum Event {
    Input(Msg),
    /// Somebody wants the console to end, or the terminal went away.
    Stop,
}

/// The title kept, and the screen: once.
const KEEP_TITLE: &[u8] = b"\x1b[22;2t";
const ALTERNATE: &[u8] = b"\x1b[?1049h";
/// Bracketed paste, told of focus and of dark and light, no cursor, nothing on screen: again, whenever somebody else had the terminal.
const ENTER: &[u8] = b"\x1b[?2004h\x1b[?1004h\x1b[?2031h\x1b[?25l\x1b[2J";
/// Each on its own, in this order: end of an unfinished frame, plain text, no mouse, no paste marks, no focus, no schemes, the cursor.
const LEAVE: [&[u8]; 7] = [b"\x1b[?2026l", b"\x1b[0m", MOUSE_OFF, b"\x1b[?2004l", b"\x1b[?1004l", b"\x1b[?2031l", b"\x1b[?25h"];
/// Then the screen before, or a clean one where there is none, and the title.
const BEFORE: &[u8] = b"\x1b[?1049l";
const CLEAN: &[u8] = b"\x1b[H\x1b[2J";
const GIVE_TITLE: &[u8] = b"\x1b[23;2t";
/// Buttons, and where the pointer is while one is down; never mere movement. Told in decimal, so that no position is lost.
const MOUSE_ON: &[u8] = b"\x1b[?1002h\x1b[?1006h";
const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1002l";

/// How the terminal was found, while it is ours.
struct Found {
    output: File,
    termios: Termios,
    /// Who took it over: the console's loop.
    thread: ThreadId,
    kind: Kind,
}

static FOUND: Mutex<Option<Found>> = Mutex::new(None);
static HOOK: Once = Once::new();

/// Gives the terminal back; does nothing when it is not ours.
pub(super) fn give_back() {
    let Some(mut found) = FOUND.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
    let screen = if found.kind.alternate { BEFORE } else { CLEAN };
    let title = found.kind.titles.then_some(GIVE_TITLE);
    for step in LEAVE.into_iter().chain([screen]).chain(title) {
        // A step that fails must not keep the next from happening.
        let _ = found.output.write_all(step);
    }
    let _ = tcsetattr(found.output.as_fd(), OptionalActions::Now, &found.termios);
}

/// The terminal while the console runs.
pub struct Screen {
    pub(super) input: File,
    pub(super) output: File,
    writer: FrameWriter,
    terminal: Terminal<CrosstermBackend<FrameWriter>>,
    pub(super) reader: Reader,
    keys: mpsc::UnboundedReceiver<Msg>,
    resized: Signal,
    stop: [Signal; 3],
    /// Somebody stopped the process and let it go on.
    continued: Signal,
    size: (u16, u16),
    title: String,
    notifier: Notifier,
    /// The terminal reports the mouse.
    mouse: bool,
    scheme: Option<theme::Kind>,
    kind: Kind,
}

impl Screen {
    /// Takes the terminal over. Must be called within the tokio runtime.
    ///
    /// # Errors
    /// When there is no terminal or it cannot be set up; it is then as it was.
    pub fn enter(over_ssh: bool) -> Result<Self, TerminalError> {
        let (input, output) = open().map_err(TerminalError::None)?;
        let kind = Kind::here();
        if kind.dumb {
            return Err(TerminalError::Dumb(std::env::var("TERM").unwrap_or_default()));
        }
        HOOK.call_once(|| {
            let before = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |info| {
                let owner = FOUND.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|found| found.thread);
                if owner.is_some_and(|owner| owner != thread::current().id()) {
                    // The console goes on: its screen is neither given back nor written over.
                    tracing::error!("{info}");
                    return;
                }
                give_back();
                before(info);
            }));
        });
        take_over(&output, kind)?;
        let made = Self::make(input, output, over_ssh, kind);
        if made.is_err() {
            give_back();
        }
        made
    }

    fn make(input: File, output: File, over_ssh: bool, kind: Kind) -> Result<Self, TerminalError> {
        let escape_wait = Duration::from_millis(if over_ssh { 100 } else { 30 });
        // Before anybody reads keys: a late answer is the guard's.
        let asked = scheme::ask(&input, &output, over_ssh)?;
        let (reader, keys) = Reader::start(input.try_clone()?, escape_wait, asked.read)?;
        let writer = FrameWriter::new();
        let size = size_of(&output);
        let terminal = terminal(&writer, size)?;
        let stop = [signal(SignalKind::terminate())?, signal(SignalKind::hangup())?, signal(SignalKind::interrupt())?];
        let resized = signal(SignalKind::window_change())?;
        let continued = signal(SignalKind::from_raw(signal_hook::consts::SIGCONT))?;
        let (title, notifier, scheme) = (String::new(), Notifier::here(), asked.scheme);
        let mouse = false;
        Ok(Self { input, output, writer, terminal, reader, keys, resized, stop, continued, size, title, notifier, mouse, scheme, kind })
    }

    /// Whether the terminal is dark or light, if it said so at the start.
    #[must_use]
    pub fn scheme(&self) -> Option<theme::Kind> {
        self.scheme
    }

    /// Columns and rows.
    #[must_use]
    pub fn size(&self) -> (u16, u16) {
        self.size
    }

    /// The next thing from the terminal; none when it is gone.
    pub async fn next(&mut self) -> Option<Event> {
        let [terminate, hangup, interrupt] = &mut self.stop;
        tokio::select! {
            biased;
            _ = terminate.recv() => Some(Event::Stop),
            _ = hangup.recv() => Some(Event::Stop),
            _ = interrupt.recv() => Some(Event::Stop),
            msg = self.keys.recv() => msg.map(Event::Input),
            _ = self.continued.recv() => {
                // Whoever had the terminal meanwhile left it as they like it.
                self.assert_modes();
                self.size = size_of(&self.output);
                Some(Event::Input(Msg::Resize(self.size.0, self.size.1)))
            }
            _ = self.resized.recv() => {
                self.size = size_of(&self.output);
                Some(Event::Input(Msg::Resize(self.size.0, self.size.1)))
            }
        }
    }

    /// A key that is already here.
    pub fn try_next(&mut self) -> Option<Event> {
        self.keys.try_recv().ok().map(Event::Input)
    }

    /// Draws one frame: one write.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn draw(&mut self, title: &str, render: impl FnOnce(&mut Frame<'_>)) -> Result<(), TerminalError> {
        let title = text::clean(title);
        if title != self.title && self.kind.titles {
            write!(self.writer, "\x1b]2;{title}\x07")?;
            self.title = title;
        }
        self.terminal.draw(render)?;
        self.writer.commit(&mut self.output)?;
        Ok(())
    }

    /// The next frame draws everything anew, in the terminal's present size.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn clear(&mut self) -> Result<(), TerminalError> {
        self.size = size_of(&self.output);
        self.writer.write_all(b"\x1b[0m\x1b[2J")?;
        self.terminal = terminal(&self.writer, self.size)?;
        Ok(())
    }

    /// Whether the terminal takes a frame now. One that does not has not shown the last one yet: the next is drawn later, from
    /// what is true then, and none waits in a queue.
    #[must_use]
    pub fn ready(&self) -> bool {
        let mut fds = [PollFd::new(&self.output, PollFlags::OUT)];
        // What cannot be asked is written to: the error tells there.
        poll(&mut fds, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })).map_or(true, |ready| ready > 0)
    }

    /// Puts text into the clipboard of the person's own terminal, through SSH too (OSC 52).
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn copy(&mut self, copied: &str) -> Result<Copied, TerminalError> {
        Ok(match clipboard::bytes(copied, self.kind) {
            Ok(bytes) => {
                self.output.write_all(&bytes)?;
                Copied::Sent
            }
            Err(why) => why,
        })
    }

    /// Asks the terminal to tell the person of something.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn notify(&mut self, way: TerminalWay, alert: &Alert) -> Result<(), TerminalError> {
        self.output.write_all(&self.notifier.bytes(way, alert))?;
        Ok(())
    }

    /// Has the mouse reported from now on, or no more.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn report_mouse(&mut self, on: bool) -> Result<(), TerminalError> {
        if self.mouse != on {
            self.output.write_all(if on { MOUSE_ON } else { MOUSE_OFF })?;
            self.mouse = on;
        }
        Ok(())
    }

    /// Gives the terminal to the shell until the person comes back (Ctrl-Z, `fg`).
    ///
    /// # Errors
    /// When the terminal cannot be taken over again.
    pub async fn suspend(&mut self) -> Result<(), TerminalError> {
        self.reader.hold()?;
        give_back();
        let mut go_on = signal(SignalKind::from_raw(signal_hook::consts::SIGCONT))?;
        let stopped = rustix::process::kill_current_process_group(rustix::process::Signal::TSTP);
        if stopped.is_ok() {
            // Without job control nothing stops us; then the wait's end brings the screen back.
            let _ = tokio::time::timeout(Duration::from_millis(500), go_on.recv()).await;
        }
        while self.continued.recv().now_or_never().is_some() {}
        self.take_back()
    }

    /// The next Control-C from outside (SIGINT).
    pub(super) async fn interrupted(&mut self) {
        let [_, _, interrupt] = &mut self.stop;
        interrupt.recv().await;
    }

    pub(super) fn take_back(&mut self) -> Result<(), TerminalError> {
        take_over(&self.output, self.kind)?;
        // What was typed meanwhile was not for us.
        let _ = rustix::termios::tcflush(self.input.as_fd(), rustix::termios::QueueSelector::IFlush);
        self.reader.go()?;
        self.title.clear();
        // It was switched off with the rest; the loop asks for it again.
        self.mouse = false;
        self.clear()
    }

    /// Raw mode and our marks again; how the terminal was found stays as it was.
    fn assert_modes(&mut self) {
        if let Ok(mut raw) = tcgetattr(self.output.as_fd()) {
            raw.make_raw();
            let _ = tcsetattr(self.output.as_fd(), OptionalActions::Now, &raw);
        }
        let _ = self.output.write_all(if self.kind.alternate { ALTERNATE } else { b"" });
        let _ = self.output.write_all(ENTER);
        self.mouse = false;
        self.title.clear();
    }

    /// Gives the terminal back.
    pub fn leave(self) {
        drop(self);
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// Standard input and output when they are a terminal, otherwise the controlling one.
fn open() -> io::Result<(File, File)> {
    if io::stdin().is_terminal() && io::stdout().is_terminal() {
        let input: OwnedFd = io::stdin().as_fd().try_clone_to_owned()?;
        let output: OwnedFd = io::stdout().as_fd().try_clone_to_owned()?;
        return Ok((input.into(), output.into()));
    }
    let tty = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
    Ok((tty.try_clone()?, tty))
}

fn take_over(output: &File, kind: Kind) -> Result<(), TerminalError> {
    let termios = tcgetattr(output.as_fd()).map_err(io::Error::from)?;
    let mut raw = termios.clone();
    raw.make_raw();
    *FOUND.lock().unwrap_or_else(PoisonError::into_inner) =
        Some(Found { output: output.try_clone()?, termios, thread: thread::current().id(), kind });
    tcsetattr(output.as_fd(), OptionalActions::Now, &raw).map_err(io::Error::from)?;
    let mut output = output;
    for (wanted, bytes) in [(kind.titles, KEEP_TITLE), (kind.alternate, ALTERNATE), (true, ENTER)] {
        if wanted {
            output.write_all(bytes)?;
        }
    }
    Ok(())
}

fn size_of(output: &File) -> (u16, u16) {
    match tcgetwinsize(output.as_fd()) {
        Ok(size) if size.ws_col > 0 && size.ws_row > 0 => (size.ws_col, size.ws_row),
        _ => (80, 24),
    }
}

/// A terminal of a fixed size: the loop says when it changes.
fn terminal(writer: &FrameWriter, (width, height): (u16, u16)) -> io::Result<Terminal<CrosstermBackend<FrameWriter>>> {
    let options = TerminalOptions { viewport: Viewport::Fixed(Rect::new(0, 0, width, height)) };
    Terminal::with_options(CrosstermBackend::new(writer.clone()), options)
}
