//! Stands before the key decoder: cuts the byte stream into whole sequences and lets only keys and pastes through.
//!
//! Terminals answer questions late, in pieces, and to whoever reads next (ux.md, finding 1): replies (OSC, DCS, APC, `CSI ?…`,
//! cursor and mode reports) are swallowed here and never become keys. A sequence that never ends is dropped after a silence,
//! so that it cannot swallow the keyboard either; only a lone ESC is settled quickly, as slow links split sequences anywhere.

use std::time::Duration;

/// What was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// The bytes of one key: a character, a control byte, or a whole escape sequence.
    Key(Vec<u8>),
    /// The Escape key itself.
    Escape,
    /// One bracketed paste, as it came.
    Paste(Vec<u8>),
    /// The terminal got the focus, or lost it.
    Focus(bool),
    /// A mouse report in SGR form, whole.
    Mouse(Vec<u8>),
    /// The terminal became dark, or light (mode 2031).
    Scheme { dark: bool },
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Ground,
    /// Within a UTF-8 character; the flag says that Alt came before it.
    Char {
        bytes: Vec<u8>,
        missing: usize,
    },
    Escape,
    /// `late`, here and below: given up, so that its end is swallowed and no key.
    Ss3 {
        late: bool,
    },
    Csi {
        bytes: Vec<u8>,
        late: bool,
    },
    /// A string sequence: swallowed until its end. The flag: OSC ends with BEL too.
    Text {
        bell_ends: bool,
        /// The last byte was ESC.
        escaped: bool,
    },
    Paste {
        /// What was not given yet.
        bytes: Vec<u8>,
        /// A part was given after a silence, and nothing came since.
        stalled: bool,
    },
}

/// The silence after which an unfinished key is given up, and then its swallowed rest.
const KEY_WAIT: Duration = Duration::from_millis(500);
/// The silence after which a string is given up, and what came of a paste is given.
const TEXT_WAIT: Duration = Duration::from_secs(1);
/// The further silence after which a paste is over without its end.
const PASTE_WAIT: Duration = Duration::from_secs(9);
/// Longest kept of a sequence, and of a paste.
const CSI_MAX: usize = 64;
const PASTE_MAX: usize = 1 << 20;
const PASTE_END: &[u8] = b"\x1b[201~";

/// The state machine. Pure: the reader tells it of silence.
#[derive(Debug)]
pub struct Guard {
    state: State,
    escape_wait: Duration,
    /// The last thing was an Escape by silence: what follows in one piece may be the rest of a split sequence.
    late_escape: bool,
}

impl Guard {
    /// `escape_wait`: the silence after which an ESC byte is the Escape key.
    #[must_use]
    pub fn new(escape_wait: Duration) -> Self {
        Self { state: State::Ground, escape_wait, late_escape: false }
    }

    /// How long to wait for more bytes before [`Guard::silence`]; none while nothing is open.
    #[must_use]
    pub fn patience(&self) -> Option<Duration> {
        match self.state {
            State::Ground => None,
            State::Escape => Some(self.escape_wait),
            State::Ss3 { .. } | State::Csi { .. } | State::Char { .. } => Some(KEY_WAIT),
            State::Paste { stalled: true, .. } => Some(PASTE_WAIT),
            State::Text { .. } | State::Paste { .. } => Some(TEXT_WAIT),
        }
    }

    /// Takes bytes as read; gives what is whole.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Token> {
        let mut tokens = Vec::new();
        if std::mem::take(&mut self.late_escape) && bytes.len() > 1 && matches!(bytes[0], b'[' | b']' | b'P' | b'_' | b'^' | b'X' | b'O') {
            // Nobody types two keys within one read right after Escape; links do split sequences there.
            self.state = State::Escape;
        }
        for byte in bytes {
            self.byte(*byte, &mut tokens);
        }
        tokens
    }

    /// Nothing came for [`Guard::patience`]: an open ESC was the key, a paste gives what came of it and stays open for once,
    /// a key's sequence swallows its rest for once, any other open sequence is given up.
    pub fn silence(&mut self) -> Option<Token> {
        match std::mem::replace(&mut self.state, State::Ground) {
            State::Escape => {
                self.late_escape = true;
                Some(Token::Escape)
            }
            State::Ss3 { late: false } => {
                self.state = State::Ss3 { late: true };
                None
            }
            State::Csi { bytes, late: false } => {
                self.state = State::Csi { bytes, late: true };
                None
            }
            State::Paste { mut bytes, stalled: false } => {
                let rest = bytes.split_off(bytes.len() - unfinished(&bytes));
                self.state = State::Paste { bytes: rest, stalled: true };
                paste(bytes)
            }
            // A character's rest is no character: it needs no state to be swallowed.
            _ => None,
        }
    }

    fn byte(&mut self, byte: u8, tokens: &mut Vec<Token>) {
        self.state = match std::mem::replace(&mut self.state, State::Ground) {
            State::Ground => ground(byte, Vec::new(), tokens),
            State::Char { mut bytes, missing } => {
                if byte & 0xc0 == 0x80 {
                    bytes.push(byte);
                    if missing > 1 {
                        State::Char { bytes, missing: missing - 1 }
                    } else {
                        tokens.push(Token::Key(bytes));
                        State::Ground
                    }
                } else {
                    // The character was broken off: this byte starts anew.
                    ground(byte, Vec::new(), tokens)
                }
            }
            State::Escape => after_escape(byte, tokens),
            State::Ss3 { late } => match byte {
                0x1b => State::Escape,
                0x20..=0x7e => {
                    if !late {
                        tokens.push(Token::Key(vec![0x1b, b'O', byte]));
                    }
                    State::Ground
                }
                _ => State::Ground,
            },
            State::Csi { bytes, late } => csi(byte, bytes, late, tokens),
            State::Text { bell_ends, escaped } => match (byte, escaped) {
                (0x07, _) if bell_ends => State::Ground,
                (b'\\', true) | (0x18 | 0x1a, _) => State::Ground,
                (0x1b, _) => State::Text { bell_ends, escaped: true },
                // ESC and anything else ends the string and starts a sequence of its own.
                (other, true) => after_escape(other, tokens),
                _ => State::Text { bell_ends, escaped: false },
            },
            State::Paste { mut bytes, .. } => {
                bytes.push(byte);
                if bytes.ends_with(PASTE_END) {
                    bytes.truncate(bytes.len() - PASTE_END.len());
                    tokens.extend(paste(bytes));
                    State::Ground
                } else {
                    // Beyond the limit only the tail that could hold the end is kept moving.
                    if bytes.len() > PASTE_MAX + 4096 {
                        bytes.drain(PASTE_MAX..bytes.len() - PASTE_END.len());
                    }
                    State::Paste { bytes, stalled: false }
                }
            }
        };
    }
}

/// A byte outside any sequence; `before` is the ESC of an Alt chord.
fn ground(byte: u8, mut before: Vec<u8>, tokens: &mut Vec<Token>) -> State {
    let missing = match byte {
        0x1b if before.is_empty() => return State::Escape,
        0xc2..=0xdf => 1,
        0xe0..=0xef => 2,
        0xf0..=0xf4 => 3,
        // A stray continuation, or a byte that UTF-8 never has (8-bit C1 included).
        0x80..=0xff => return State::Ground,
        _ => 0,
    };
    before.push(byte);
    if missing > 0 {
        return State::Char { bytes: before, missing };
    }
    tokens.push(Token::Key(before));
    State::Ground
}

fn after_escape(byte: u8, tokens: &mut Vec<Token>) -> State {
    match byte {
        b'[' => State::Csi { bytes: Vec::new(), late: false },
        b'O' => State::Ss3 { late: false },
        b']' => State::Text { bell_ends: true, escaped: false },
        b'P' | b'_' | b'^' | b'X' => State::Text { bell_ends: false, escaped: false },
        0x1b => {
            tokens.push(Token::Escape);
            State::Escape
        }
        // The end of a string sequence whose beginning was given up.
        b'\\' => State::Ground,
        _ => ground(byte, vec![0x1b], tokens),
    }
}

fn csi(byte: u8, mut bytes: Vec<u8>, late: bool, tokens: &mut Vec<Token>) -> State {
    match byte {
        0x1b => State::Escape,
        0x18 | 0x1a => State::Ground,
        0x20..=0x3f => {
            if bytes.len() < CSI_MAX {
                bytes.push(byte);
            }
            State::Csi { bytes, late }
        }
        0x40..=0x7e if bytes == b"200" && byte == b'~' => State::Paste { bytes: Vec::new(), stalled: false },
        b'I' | b'O' if bytes.is_empty() => {
            tokens.push(Token::Focus(byte == b'I'));
            State::Ground
        }
        b'M' | b'm' if !late && is_mouse(&bytes) => {
            bytes.push(byte);
            tokens.push(Token::Mouse(bytes));
            State::Ground
        }
        b'n' if matches!(&*bytes, b"?997;1" | b"?997;2") => {
            tokens.push(Token::Scheme { dark: bytes.ends_with(b"1") });
            State::Ground
        }
        0x40..=0x7e => {
            if !late && is_key(&bytes, byte) {
                let mut whole = vec![0x1b, b'['];
                whole.extend(bytes);
                whole.push(byte);
                tokens.push(Token::Key(whole));
            }
            State::Ground
        }
        // A control byte or a character within a sequence: the sequence was none.
        _ => ground(byte, Vec::new(), tokens),
    }
}

/// A paste, or a part of one; nothing is none.
fn paste(mut bytes: Vec<u8>) -> Option<Token> {
    bytes.truncate(PASTE_MAX);
    (!bytes.is_empty()).then_some(Token::Paste(bytes))
}

/// How many bytes at the end of a stalled paste wait for more: the beginning of its end, or of a character.
fn unfinished(bytes: &[u8]) -> usize {
    let of_end = (1..PASTE_END.len()).rev().find(|count| bytes.ends_with(&PASTE_END[..*count]));
    let last = bytes.utf8_chunks().last().map_or(&[][..], |chunk| chunk.invalid());
    let of_character = || if std::str::from_utf8(last).is_err_and(|error| error.error_len().is_none()) { last.len() } else { 0 };
    of_end.unwrap_or_else(of_character)
}

/// Whether these are the parameters of a mouse report in SGR form: `<button;column;row`.
fn is_mouse(parameters: &[u8]) -> bool {
    let Some(numbers) = parameters.strip_prefix(b"<") else { return false };
    let mut parts = numbers.split(|byte| *byte == b';');
    let number = |part: Option<&[u8]>| part.is_some_and(|part| (1..=5).contains(&part.len()) && part.iter().all(u8::is_ascii_digit));
    number(parts.next()) && number(parts.next()) && number(parts.next()) && parts.next().is_none()
}

/// Whether a whole control sequence is a key: cursor and editing keys, function keys, Kitty's `u`. Everything else is a reply.
fn is_key(parameters: &[u8], last: u8) -> bool {
    let plain = parameters.len() < CSI_MAX && parameters.iter().all(|byte| matches!(byte, b'0'..=b'9' | b';' | b':'));
    plain
        && match last {
            b'A'..=b'D' | b'F' | b'H' | b'P' | b'Q' | b'S' | b'Z' => true,
            b'~' => parameters != b"201",
            b'u' => !parameters.is_empty(),
            _ => false,
        }
}

#[cfg(test)]
mod tests;
