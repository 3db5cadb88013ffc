//! Asks the terminal, before anybody reads keys, whether it is dark or light: its background (OSC 11) and its colour scheme
//! (`CSI ? 996 n`), then who it is (DA1), which every terminal answers and which so ends the wait. All that was read, answers
//! and keys alike, goes on to the guard: it swallows the ones and keeps the others.

use std::fs::File;
use std::io::{self, Read, Write};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::console::theme::Kind;
use crate::console::theme::colour::Rgb;

const QUESTIONS: &[u8] = b"\x1b]11;?\x1b\\\x1b[?996n\x1b[c";
const WAIT: Duration = Duration::from_millis(250);
const WAIT_OVER_SSH: Duration = Duration::from_millis(600);
/// Brighter backgrounds are light: half way between black and white for the eye.
const LIGHT: f64 = 0.18;

/// What came of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// None when the terminal did not say.
    pub scheme: Option<Kind>,
    /// What was read meanwhile.
    pub read: Vec<u8>,
}

/// Asks, and waits for at most a quarter of a second (over SSH for a little more).
///
/// # Errors
/// When the terminal is gone.
pub fn ask(mut input: &File, mut output: &File, over_ssh: bool) -> io::Result<Asked> {
    if !answers(|name| std::env::var(name).ok()) {
        return Ok(Asked::default());
    }
    output.write_all(QUESTIONS)?;
    let deadline = Instant::now() + if over_ssh { WAIT_OVER_SSH } else { WAIT };
    let (mut read, mut bytes) = (Vec::new(), [0; 1024]);
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() || is_done(&read) {
            break;
        }
        let left = Timespec { tv_sec: i64::try_from(left.as_secs()).unwrap_or(1), tv_nsec: left.subsec_nanos().into() };
        match poll(&mut [PollFd::new(input, PollFlags::IN)], Some(&left)) {
            Err(rustix::io::Errno::INTR) => continue,
            Ok(0) => break,
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
        let count = input.read(&mut bytes)?;
        if count == 0 {
            break;
        }
        read.extend_from_slice(&bytes[..count]);
    }
    Ok(Asked { scheme: said(&read), read })
}

/// GNU screen hands the question on and the answer to whoever types next; the Linux console and a dumb terminal would print it.
fn answers(var: impl Fn(&str) -> Option<String>) -> bool {
    let term = var("TERM").unwrap_or_default();
    let in_screen = var("STY").is_some() || (term.starts_with("screen") && var("TMUX").is_none());
    !(in_screen || term.is_empty() || term == "linux" || term == "dumb")
}

/// The answer to the last question is there: `CSI ? … c`.
fn is_done(read: &[u8]) -> bool {
    let starts = read.windows(3).enumerate().filter(|(_, bytes)| bytes == b"\x1b[?").map(|(at, _)| at + 3);
    starts.into_iter().any(|at| {
        let rest = read[at..].iter().find(|byte| !matches!(byte, b'0'..=b'9' | b';'));
        rest == Some(&b'c')
    })
}

/// The scheme it says it has; else what its background is.
fn said(read: &[u8]) -> Option<Kind> {
    let text = String::from_utf8_lossy(read);
    let reported = text.split_once("\x1b[?997;").and_then(|(_, rest)| match rest.get(..2) {
        Some("1n") => Some(Kind::Dark),
        Some("2n") => Some(Kind::Light),
        _ => None,
    });
    let background = || {
        let (_, rest) = text.split_once("\x1b]11;")?;
        let end = rest.find(['\x07', '\x1b'])?;
        let rgb = colour(&rest[..end])?;
        Some(if rgb.luminance() < LIGHT { Kind::Dark } else { Kind::Light })
    };
    reported.or_else(background)
}

/// `rgb:1c1c/1c1c/1c1c`, with one to four digits each, `rgba:` with a fourth part, or `#1c1c1c`.
fn colour(text: &str) -> Option<Rgb> {
    if let Some(hex) = text.strip_prefix('#') {
        let part = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
        return Some(Rgb(part(0)?, part(2)?, part(4)?));
    }
    let parts = text.strip_prefix("rgb:").or_else(|| text.strip_prefix("rgba:"))?;
    let mut parts = parts.split('/').map(|part| {
        let value = u32::from_str_radix(part, 16).ok().filter(|_| part.len() <= 4)?;
        let most = 16_u32.pow(u32::try_from(part.len()).ok()?) - 1;
        u8::try_from(value * 255 / most).ok()
    });
    Some(Rgb(parts.next()??, parts.next()??, parts.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::terminal::guard::{Guard, Token};

    #[test]
    fn dark_and_light_are_told_by_background_or_scheme() {
        for (read, scheme) in [
            (&b"\x1b]11;rgb:1c1c/1c1c/1c1c\x1b\\\x1b[?62;4c"[..], Some(Kind::Dark)),
            (b"\x1b]11;rgb:ffff/ffff/ffff\x07\x1b[?6c", Some(Kind::Light)),
            (b"\x1b]11;rgba:fd/f6/e3/ff\x07\x1b[?6c", Some(Kind::Light)),
            (b"\x1b]11;#002b36\x07\x1b[?6c", Some(Kind::Dark)),
            (b"\x1b]11;rgb:0/0/0\x07\x1b[?997;2n\x1b[?6c", Some(Kind::Light)),
            (b"\x1b[?6c", None),
            (b"\x1b]11;rgb:zz/0/0\x07\x1b[?6c", None),
            (b"\x1b]11;rgb:ff", None),
        ] {
            assert_eq!(said(read), scheme, "{:?}", String::from_utf8_lossy(read));
        }
    }

    #[test]
    fn only_the_last_answer_ends_the_wait() {
        assert!(!is_done(b"\x1b]11;rgb:0/0/0\x07\x1b[?997;1n"));
        assert!(!is_done(b"cccc\x1b[?62;4"));
        assert!(is_done(b"j\x1b[?997;1n\x1b[?62;4c"));
    }

    #[test]
    fn keys_typed_meanwhile_are_keys_and_answers_are_none() {
        let tokens = Guard::new(WAIT).feed(b"j\x1b]11;rgb:1c1c/1c1c/1c1c\x1b\\q\x1b[?62;4cQ");
        assert_eq!(tokens, [b"j", b"q", b"Q"].map(|key| Token::Key(key.to_vec())));
        assert_eq!(Guard::new(WAIT).feed(b"\x1b[?997;2nj"), [Token::Scheme { dark: false }, Token::Key(b"j".to_vec())]);
    }

    #[test]
    fn who_would_print_or_pass_on_the_question_is_not_asked() {
        let of = |term: &'static str, with: Option<&'static str>| {
            answers(move |name| if name == "TERM" { Some(term.to_owned()) } else { (with == Some(name)).then(|| "x".to_owned()) })
        };
        assert!(of("xterm-256color", None) && of("tmux-256color", Some("TMUX")) && of("screen", Some("TMUX")));
        assert!(!of("linux", None) && !of("dumb", None) && !of("screen", None) && !of("xterm-256color", Some("STY")));
    }
}
