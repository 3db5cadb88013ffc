//! Asks the terminal what it can do, before anything reads it: one write of all questions, ended by one that every terminal
//! answers (DA1). For `dutydesk doctor` alone; the console itself asks nothing while it runs.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::getpgrp;
use rustix::termios::{OptionalActions, QueueSelector, tcflush, tcgetattr, tcgetpgrp, tcsetattr};

/// Texts whose width is asked, with the cells in which the console lays them out.
pub const WIDTHS: &[(&str, u16)] =
    &[("…", 1), ("│", 1), ("①", 1), ("“", 1), ("中", 2), ("⚠\u{fe0f}", 2), ("👩\u{200d}🚀", 2), ("👍🏽", 2), ("e\u{301}", 1), ("🇨🇳", 2)];

/// Modes that are asked by DECRQM.
pub const SYNCHRONIZED: u16 = 2026;
pub const PASTE: u16 = 2004;
pub const FOCUS: u16 = 1004;
pub const MOUSE: u16 = 1006;
pub const SCHEME: u16 = 2031;
const MODES: [u16; 5] = [SYNCHRONIZED, PASTE, FOCUS, MOUSE, SCHEME];

/// What the terminal answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// Its name and version (XTVERSION).
    pub version: Option<String>,
    /// Modes that it knows, by number: 1 and 3 on, 2 off, 4 never; 0, or absent: unknown.
    pub modes: BTreeMap<u16, u8>,
    /// It takes Kitty's keyboard protocol.
    pub kitty_keyboard: bool,
    /// It shows Kitty's pictures.
    pub kitty_graphics: bool,
    /// It keeps a colour of 24 bits as it was set; absent when it did not say.
    pub true_colour: Option<bool>,
    /// Cells of each of [`WIDTHS`], as far as it said.
    pub widths: Vec<u16>,
    /// The last question was answered: nothing is missing because of time.
    pub whole: bool,
    /// Until the first answer came.
    pub round_trip: Option<Duration>,
}

/// Asks the controlling terminal; none where there is none. Waits no longer than `patience`, and leaves the terminal as it was.
///
/// # Errors
/// When there is a terminal that cannot be set up or read.
pub fn ask(patience: Duration, careful: bool) -> io::Result<Option<Answers>> {
    let Ok(terminal) = OpenOptions::new().read(true).write(true).open("/dev/tty") else { return Ok(None) };
    let Ok(found) = tcgetattr(terminal.as_fd()) else { return Ok(None) };
    // Who sets up a terminal from the background is stopped by the system.
    if tcgetpgrp(terminal.as_fd()) != Ok(getpgrp()) {
        return Ok(None);
    }
    let mut raw = found.clone();
    raw.make_raw();
    tcsetattr(terminal.as_fd(), OptionalActions::Now, &raw)?;
    let answered = converse(terminal.try_clone()?, patience, careful);
    // What comes later must not be typed into the shell.
    let _ = tcflush(terminal.as_fd(), QueueSelector::IFlush);
    let restored = tcsetattr(terminal.as_fd(), OptionalActions::Now, &found);
    let answers = answered?;
    restored?;
    Ok(Some(answers))
}

/// The questions, in one piece. `careful`: only what no terminal prints.
fn questions(careful: bool) -> Vec<u8> {
    let mut asked = String::new();
    if !careful {
        asked.push_str("\x1b[?1049h\x1b[H\x1b[>0q\x1b[?u");
        for mode in MODES {
            asked.push_str(&format!("\x1b[?{mode}$p"));
        }
        asked.push_str("\x1b[48:2::1:2:3m\x1bP$qm\x1b\\\x1b[0m");
        asked.push_str("\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\");
    }
    for (text, _) in WIDTHS {
        asked.push_str(&format!("\r{text}\x1b[6n\r\x1b[K"));
    }
    if !careful {
        asked.push_str("\x1b[2J\x1b[?1049l");
    }
    asked.push_str("\x1b[c");
    asked.into_bytes()
}

fn converse(mut terminal: File, patience: Duration, careful: bool) -> io::Result<Answers> {
    terminal.write_all(&questions(careful))?;
    let started = Instant::now();
    let (mut heard, mut bytes, mut first) = (Vec::new(), [0; 4096], None);
    loop {
        let left = patience.saturating_sub(started.elapsed());
        let wait = Timespec { tv_sec: i64::try_from(left.as_secs()).unwrap_or(0), tv_nsec: left.subsec_nanos().into() };
        let mut fds = [PollFd::new(&terminal, PollFlags::IN)];
        let ready = match poll(&mut fds, Some(&wait)) {
            Err(rustix::io::Errno::INTR) => continue,
            other => other?,
        };
        if ready == 0 {
            break;
        }
        let count = terminal.read(&mut bytes)?;
        if count == 0 {
            break;
        }
        first.get_or_insert(started.elapsed());
        heard.extend_from_slice(&bytes[..count]);
        if parse(&heard).whole || heard.len() > 65_536 {
            break;
        }
    }
    Ok(Answers { round_trip: first, ..parse(&heard) })
}

/// Reads what the terminal sent; what is no answer is passed over.
#[must_use]
pub fn parse(heard: &[u8]) -> Answers {
    let mut answers = Answers::default();
    let mut rest = heard;
    while let Some(at) = rest.iter().position(|byte| *byte == 0x1b) {
        rest = &rest[at + 1..];
        match rest.first() {
            Some(b'[') => {
                let Some(end) = rest[1..].iter().position(|byte| (0x40..=0x7e).contains(byte)) else { break };
                control(&String::from_utf8_lossy(&rest[1..=end + 1]), &mut answers);
                rest = &rest[end + 2..];
            }
            Some(b'P' | b'_' | b']') => {
                let Some(end) = rest.windows(2).position(|two| two == b"\x1b\\").or_else(|| rest.iter().position(|byte| *byte == 7)) else {
                    break;
                };
                string(&String::from_utf8_lossy(&rest[..end]), &mut answers);
                rest = &rest[end..];
            }
            _ => {}
        }
    }
    answers
}

fn control(sequence: &str, answers: &mut Answers) {
    let (body, last) = sequence.split_at(sequence.len() - sequence.chars().last().map_or(0, char::len_utf8));
    match last {
        "c" if body.starts_with('?') => answers.whole = true,
        "u" if body.starts_with('?') => answers.kitty_keyboard = true,
        "R" => {
            let column = body.split_once(';').and_then(|(_, column)| column.parse::<u16>().ok());
            answers.widths.extend(column.map(|column| column.saturating_sub(1)));
        }
        "y" => {
            let numbers = body.trim_start_matches('?').trim_end_matches('$').split_once(';');
            if let Some((Ok(mode), Ok(state))) = numbers.map(|(mode, state)| (mode.parse(), state.parse())) {
                answers.modes.insert(mode, state);
            }
        }
        _ => {}
    }
}

fn string(text: &str, answers: &mut Answers) {
    if let Some(version) = text.strip_prefix("P>|") {
        answers.version = Some(crate::base::text::clean(version));
    } else if let Some(graphics) = text.strip_prefix("_G") {
        answers.kitty_graphics = graphics.ends_with(";OK");
    } else if let Some(style) = text.strip_prefix("P1$r") {
        answers.true_colour = Some(["48:2::1:2:3", "48:2:1:2:3", "48;2;1;2;3"].iter().any(|set| style.contains(set)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_in_any_order_and_in_pieces() {
        let heard = b"noise\x1bP>|tmux 3.4\x1b\\\x1b[?2026;2$y\x1b[?2004;1$y\x1b[?31337;0$y\x1b[?1u\x1bP1$r0;48:2::1:2:3m\x1b\\\x1b_Gi=31;OK\x1b\\\x1b[1;2R\x1b[1;3R\x1b[?62;22c";
        let answers = parse(heard);
        assert_eq!(answers.version.as_deref(), Some("tmux 3.4"));
        assert_eq!((answers.modes.get(&SYNCHRONIZED), answers.modes.get(&PASTE)), (Some(&2), Some(&1)));
        assert!(answers.kitty_keyboard && answers.kitty_graphics && answers.whole && answers.true_colour == Some(true), "{answers:?}");
        assert_eq!(answers.widths, [1, 2]);
        for cut in 0..heard.len() {
            assert!(!parse(&heard[..cut]).whole, "whole too early at {cut}");
        }
    }

    #[test]
    fn an_answer_cannot_bring_a_sequence_along() {
        let answers = parse(b"\x1bP>|evil\x9b2J\x08\x1b\\\x1b[?1c");
        assert!(answers.version.is_some_and(|version| !version.chars().any(char::is_control)));
        assert_eq!(parse(b"\x1bP>|never ends"), Answers::default());
        assert_eq!(parse(b"\x1bP0$r\x1b\\"), Answers::default());
    }

    #[test]
    fn all_is_asked_at_once_and_ends_with_what_every_terminal_answers() {
        for careful in [false, true] {
            let asked = questions(careful);
            assert!(asked.ends_with(b"\x1b[c"));
            assert_eq!(asked.windows(4).filter(|four| four == b"\x1b[6n").count(), WIDTHS.len());
        }
        assert!(!questions(true).windows(2).any(|two| two == b"\x1b_" || two == b"\x1bP"));
    }
}
