//! The thread that reads the terminal: bytes through the guard, keys into the loop. It can be held still while the shell has
//! the terminal.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tokio::sync::mpsc;

use super::decode::decode;
use super::guard::Guard;
use crate::console::app::Msg;

const HOLD: u8 = b'h';
const GO: u8 = b'g';

/// Handle to the thread; dropping it ends the thread.
#[derive(Debug)]
pub struct Reader {
    control: UnixStream,
}

impl Reader {
    /// Starts reading `terminal`, after what was read of it already; the channel closes when the terminal goes away.
    ///
    /// # Errors
    /// When the thread or its control channel cannot be made.
    pub fn start(terminal: File, escape_wait: Duration, before: Vec<u8>) -> io::Result<(Self, mpsc::UnboundedReceiver<Msg>)> {
        let (control, controlled) = UnixStream::pair()?;
        let (sender, receiver) = mpsc::unbounded_channel();
        std::thread::Builder::new().name("terminal".to_owned()).spawn(move || {
            let mut guard = Guard::new(escape_wait);
            for msg in guard.feed(&before).into_iter().filter_map(decode) {
                // The receiver goes only when the console ends.
                let _ = sender.send(msg);
            }
            // An error here means that the terminal is gone; the closed channel tells.
            let _ = read(terminal, controlled, &sender, guard);
        })?;
        Ok((Self { control }, receiver))
    }

    /// Holds the thread still; returns once it is.
    ///
    /// # Errors
    /// When the thread has ended.
    pub fn hold(&mut self) -> io::Result<()> {
        self.control.write_all(&[HOLD])?;
        self.control.read_exact(&mut [0])
    }

    /// Lets a held thread go on.
    ///
    /// # Errors
    /// When the thread has ended.
    pub fn go(&mut self) -> io::Result<()> {
        self.control.write_all(&[GO])
    }
}

fn read(mut terminal: File, mut control: UnixStream, sender: &mpsc::UnboundedSender<Msg>, mut guard: Guard) -> io::Result<()> {
    let mut bytes = [0; 4096];
    loop {
        let patience = guard.patience().map(timespec);
        let mut fds = [PollFd::new(&terminal, PollFlags::IN), PollFd::new(&control, PollFlags::IN)];
        let ready = match poll(&mut fds, patience.as_ref()) {
            Err(rustix::io::Errno::INTR) => continue,
            other => other?,
        };
        let (from_terminal, from_control) = (!fds[0].revents().is_empty(), !fds[1].revents().is_empty());
        let mut tokens = Vec::new();
        if ready == 0 {
            tokens.extend(guard.silence());
        }
        if from_control {
            let mut order = [0];
            control.read_exact(&mut order)?;
            if order[0] == HOLD {
                control.write_all(&order)?;
                // Until GO comes, or the other end goes away.
                control.read_exact(&mut order)?;
                continue;
            }
        }
        if from_terminal {
            let count = terminal.read(&mut bytes)?;
            if count == 0 {
                return Ok(());
            }
            tokens.extend(guard.feed(&bytes[..count]));
        }
        for msg in tokens.into_iter().filter_map(decode) {
            if sender.send(msg).is_err() {
                return Ok(());
            }
        }
    }
}

fn timespec(duration: Duration) -> Timespec {
    Timespec { tv_sec: i64::try_from(duration.as_secs()).unwrap_or(i64::MAX), tv_nsec: duration.subsec_nanos().into() }
}
