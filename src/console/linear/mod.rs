//! The console for screen readers: the same desk, model and actions, told in lines. Nothing is placed on the screen, nothing is
//! drawn again, no boxes; the terminal's own line editing takes what is typed, so that it works on any terminal.
//!
//! One command a line. What changes on the desk is told as one line when it happens.

mod acts;
mod ask;
mod commands;
mod front;
mod places;
mod say;

#[cfg(test)]
mod tests;

use std::io::{self, BufRead, Write};
use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

use super::DeskHandle;
use super::app::{App, ConsoleError, ConsoleOptions, ExitReason};
use super::terminal::TerminalError;
use crate::base::text;
use front::Front;

/// The size for which pages are drawn that are then read line by line.
const PAGE: (u16, u16) = (100, 40);

/// Opens the console in lines on a desk until the person quits, or what is typed ends.
///
/// # Errors
/// When the keymap is wrong, or nothing can be written.
pub async fn run(desk: Arc<dyn DeskHandle>, mut options: ConsoleOptions) -> Result<ExitReason, ConsoleError> {
    // Files that are saved are read at the next start: a screen reader should not be interrupted by it.
    options.reloads = None;
    let app = App::new(Arc::clone(&desk), options, PAGE)?;
    let mut front = Front::new(app, desk);
    let mut typed = lines();
    let mut stop = [signal(SignalKind::terminate()), signal(SignalKind::hangup()), signal(SignalKind::interrupt())];
    let [Ok(terminate), Ok(hangup), Ok(interrupt)] = &mut stop else {
        return Err(TerminalError::Io(io::Error::other("signals cannot be heard")).into());
    };
    tell(&front.start().await)?;
    let reason = loop {
        prompt(&front)?;
        let said = tokio::select! {
            biased;
            _ = terminate.recv() => break ExitReason::Signal,
            _ = hangup.recv() => break ExitReason::Signal,
            _ = interrupt.recv() => break ExitReason::Signal,
            line = typed.recv() => match line {
                Some(line) => front.line(&line).await,
                None => break ExitReason::Quit,
            },
            mut said = front.news() => {
                if !said.is_empty() {
                    // It stands on lines of its own, not behind the prompt.
                    said.insert(0, String::new());
                }
                said
            }
        };
        tell(&said)?;
        if let Some(reason) = front.exit() {
            break reason;
        }
    };
    front.finish().await;
    Ok(reason)
}

/// Lines as they are typed, read by a thread of their own; the channel closes at their end.
fn lines() -> mpsc::UnboundedReceiver<String> {
    let (sender, receiver) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let mut input = io::stdin().lock();
        while let Ok(count) = input.read_until(b'\n', &mut bytes) {
            if count == 0 || sender.send(text::clean(String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']))).is_err() {
                return;
            }
            bytes.clear();
        }
    });
    receiver
}

/// Writes lines, each clean.
fn tell(lines: &[String]) -> Result<(), TerminalError> {
    let mut out = io::stdout().lock();
    for line in lines {
        writeln!(out, "{}", text::clean(line))?;
    }
    out.flush()?;
    Ok(())
}

/// A prompt at the beginning of a line says that it is the person's turn: nothing to be heard twice.
fn prompt(front: &Front) -> Result<(), TerminalError> {
    let mut out = io::stdout().lock();
    if front.asks_again() {
        write!(out, "> ")?;
    }
    out.flush()?;
    Ok(())
}
