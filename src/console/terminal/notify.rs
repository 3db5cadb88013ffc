//! Notifications by the terminal itself: the bell, OSC 9, OSC 777 and OSC 99, through tmux where we are inside of it.
//!
//! What is told comes from outside: no control character of it gets into a sequence.

use base64::Engine;

use crate::base::text::{clean, cut};
use crate::console::alert::Alert;
use crate::domain::notice::settings::TerminalWay;

const TITLE: &str = "dutydesk";
/// Cells told at most.
const CELLS: usize = 120;

/// Which terminal this is, as far as notifying goes.
#[derive(Clone, Copy, Debug)]
pub struct Notifier {
    usual: TerminalWay,
    tmux: bool,
}

impl Notifier {
    /// Asks the environment.
    #[must_use]
    pub fn here() -> Self {
        Self::of(|name| std::env::var(name).ok())
    }

    fn of(var: impl Fn(&str) -> Option<String>) -> Self {
        let term = var("TERM").unwrap_or_default();
        let program = var("TERM_PROGRAM").unwrap_or_default().to_lowercase();
        let usual = if var("KITTY_WINDOW_ID").is_some() || term.contains("kitty") {
            TerminalWay::Osc99
        } else if ["foot", "rxvt", "ghostty"].iter().any(|name| term.contains(name)) || program == "ghostty" || var("VTE_VERSION").is_some()
        {
            TerminalWay::Osc777
        } else if ["iterm.app", "wezterm"].contains(&program.as_str()) || var("WT_SESSION").is_some() || var("ConEmuPID").is_some() {
            TerminalWay::Osc9
        } else {
            // A terminal that is not known shows nothing of what it does not understand, but some print it.
            TerminalWay::Bell
        };
        Self { usual, tmux: var("TMUX").is_some() }
    }

    /// The bytes that tell of `alert`.
    #[must_use]
    pub fn bytes(self, way: TerminalWay, alert: &Alert) -> Vec<u8> {
        let text = cut(&clean(&alert.text), CELLS);
        let way = if way == TerminalWay::Auto { self.usual } else { way };
        let sequence = match way {
            TerminalWay::Auto | TerminalWay::Bell => None,
            // `OSC 9;4` is a progress bar elsewhere: a text never begins with a digit.
            TerminalWay::Osc9 => Some(format!("\x1b]9;{TITLE}: {text}\x1b\\")),
            TerminalWay::Osc777 => Some(format!("\x1b]777;notify;{TITLE};{}\x1b\\", text.replace(';', ","))),
            TerminalWay::Osc99 => {
                let encoded = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
                let (title, body) = (encoded(TITLE), encoded(&text));
                Some(format!("\x1b]99;i=dutydesk:d=0:e=1;{title}\x1b\\\x1b]99;i=dutydesk:p=body:e=1;{body}\x1b\\"))
            }
        };
        let bell = alert.bell || sequence.is_none();
        let mut bytes = Vec::new();
        for part in sequence.iter().flat_map(|sequence| sequence.split_inclusive("\x1b\\")) {
            if self.tmux {
                bytes.extend_from_slice(format!("\x1bPtmux;{}\x1b\\", part.replace('\x1b', "\x1b\x1b")).as_bytes());
            } else {
                bytes.extend_from_slice(part.as_bytes());
            }
        }
        if bell {
            bytes.push(0x07);
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(vars: &[(&str, &str)], way: TerminalWay, said: &str, bell: bool) -> String {
        let found = |name: &str| vars.iter().find(|(is, _)| *is == name).map(|(_, value)| (*value).to_owned());
        String::from_utf8(Notifier::of(found).bytes(way, &Alert { text: said.into(), bell })).unwrap()
    }

    #[test]
    fn each_way_has_its_sequence() {
        assert_eq!(text(&[], TerminalWay::Osc9, "#1 is yours", false), "\x1b]9;dutydesk: #1 is yours\x1b\\");
        assert_eq!(text(&[], TerminalWay::Osc777, "a;b", true), "\x1b]777;notify;dutydesk;a,b\x1b\\\x07");
        let kitty = text(&[], TerminalWay::Osc99, "呼", false);
        assert_eq!(kitty, "\x1b]99;i=dutydesk:d=0:e=1;ZHV0eWRlc2s=\x1b\\\x1b]99;i=dutydesk:p=body:e=1;5ZG8\x1b\\");
        assert_eq!(text(&[], TerminalWay::Bell, "x", false), "\x07");
    }

    #[test]
    fn the_terminal_is_known_by_its_environment() {
        for (vars, begins) in [
            (&[("TERM", "xterm-kitty")][..], "\x1b]99;"),
            (&[("TERM", "foot")], "\x1b]777;"),
            (&[("TERM_PROGRAM", "ghostty")], "\x1b]777;"),
            (&[("TERM_PROGRAM", "WezTerm")], "\x1b]9;"),
            (&[("TERM", "xterm-256color")], "\x07"),
        ] {
            assert!(text(vars, TerminalWay::Auto, "x", false).starts_with(begins), "{vars:?}");
        }
    }

    #[test]
    fn within_tmux_each_sequence_is_passed_through() {
        let tmux = [("TMUX", "/tmp/x")];
        assert_eq!(text(&tmux, TerminalWay::Osc9, "x", true), "\x1bPtmux;\x1b\x1b]9;dutydesk: x\x1b\x1b\\\x1b\\\x07");
        assert_eq!(text(&tmux, TerminalWay::Osc99, "x", false).matches("\x1bPtmux;").count(), 2);
    }

    #[test]
    fn no_escape_from_outside_gets_in() {
        for way in TerminalWay::ALL {
            let evil = text(&[], way, "a\x1b]52;c;AAAA\x07\x1b\\\u{9c}\u{9d}b\r\n", false);
            assert!(!evil.contains("52;c") || !evil.contains("\x1b]52"), "{evil:?}");
            assert!(evil.matches('\x1b').count() <= 4 && !evil.contains('\u{9c}') && !evil.contains('\n'), "{evil:?}");
        }
    }
}
