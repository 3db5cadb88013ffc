//! Text for the clipboard of the person's own terminal (OSC 52), through SSH, tmux and GNU screen.
//!
//! A terminal does not say whether it took it; what is known not to arrive is not sent, and the person is told.

use base64::Engine;

use super::kind::{Between, Kind};
use crate::base::text;

/// Longest encoded text that xterm and tmux take; longer ones are dropped there without a word.
pub const ENCODED_MAX: usize = 74_994;
/// GNU screen takes strings of at most this many bytes.
const PIECE: usize = 250;

/// What came of a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copied {
    /// Handed to the terminal, which takes it or not.
    Sent,
    /// Longer than terminals take: encoded bytes.
    TooLong(usize),
    /// This terminal has no clipboard that it could reach.
    Nowhere,
}

/// The bytes that copy `copied`, or why there are none.
///
/// # Errors
/// When it is known that the text would not arrive.
pub fn bytes(copied: &str, kind: Kind) -> Result<Vec<u8>, Copied> {
    if !kind.clipboard {
        return Err(Copied::Nowhere);
    }
    let encoded = base64::engine::general_purpose::STANDARD.encode(text::clean_lines(copied));
    if encoded.len() > ENCODED_MAX {
        return Err(Copied::TooLong(encoded.len()));
    }
    let plain = format!("\x1b]52;c;{encoded}\x07");
    Ok(match kind.between {
        Between::Nothing => plain.into_bytes(),
        // With `set-clipboard on` tmux takes the first, with `allow-passthrough on` the outer terminal the second.
        Between::Tmux => format!("{plain}\x1bPtmux;{}\x1b\\", plain.replace('\x1b', "\x1b\x1b")).into_bytes(),
        // Screen passes strings on in pieces.
        Between::Screen => plain.as_bytes().chunks(PIECE).flat_map(|piece| [b"\x1bP", piece, b"\x1b\\"].concat()).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(set: &[(&str, &str)]) -> Kind {
        Kind::of(|name| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn text_is_wrapped_for_what_stands_between() {
        let sent = |text: &str, set: &[(&str, &str)]| bytes(text, kind(set)).map(|bytes| String::from_utf8(bytes).unwrap());
        let xterm = [("TERM", "xterm-256color")];
        assert_eq!(sent("#12 呼", &xterm).unwrap(), "\x1b]52;c;IzEyIOWRvA==\x07");
        assert_eq!(
            sent("a", &[("TERM", "tmux-256color"), ("TMUX", "x")]).unwrap(),
            "\x1b]52;c;YQ==\x07\x1bPtmux;\x1b\x1b]52;c;YQ==\x07\x1b\\"
        );
        let screen = sent(&"a".repeat(600), &[("TERM", "screen"), ("STY", "x")]).unwrap();
        let pieces: Vec<_> = screen.split_inclusive("\x1b\\").collect();
        assert!(pieces.len() == 4 && pieces.iter().all(|piece| piece.starts_with("\x1bP") && piece.len() <= PIECE + 4), "{pieces:?}");
        assert_eq!(sent("a", &[("TERM", "linux")]), Err(Copied::Nowhere));
        assert!(matches!(sent(&"x".repeat(60_000), &xterm), Err(Copied::TooLong(80_000))));
        assert!(sent(&"x".repeat(56_000), &xterm).is_ok());
    }

    #[test]
    fn what_is_copied_cannot_end_the_sequence() {
        let evil = bytes("\x07\x1b\\\x1b]0;x\x07", kind(&[("TERM", "xterm")])).unwrap();
        assert_eq!(evil.iter().filter(|byte| **byte < 0x20).count(), 2);
    }
}
