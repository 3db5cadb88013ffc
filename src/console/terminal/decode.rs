//! From whole sequences to our keys, by termina.

use termina::event::{KeyCode as Code, KeyEventKind, Modifiers};
use termina::{Event, Parser};

use super::guard::Token;
use crate::base::text;
use crate::console::app::Msg;
use crate::console::key::{Key, KeyCode};
use crate::console::mouse::{Mouse, MouseKind};
use crate::console::theme::Kind;

/// What a token is to the model; replies that slipped through are nothing.
#[must_use]
pub fn decode(token: Token) -> Option<Msg> {
    match token {
        Token::Escape => Some(Msg::Key(Key::plain(KeyCode::Escape))),
        Token::Paste(bytes) => Some(Msg::Paste(text::clean_lines(&String::from_utf8_lossy(&bytes)))),
        Token::Focus(focused) => Some(Msg::Focus(focused)),
        Token::Mouse(bytes) => mouse(&bytes).map(Msg::Mouse),
        Token::Scheme { dark } => Some(Msg::Scheme(if dark { Kind::Dark } else { Kind::Light })),
        Token::Key(bytes) => {
            // Each token is whole, so nothing of it may linger for the next.
            let mut parser = Parser::default();
            parser.parse(&bytes, false);
            match parser.pop()? {
                Event::Key(event) if event.kind != KeyEventKind::Release => key(event.code, event.modifiers).map(Msg::Key),
                _ => None,
            }
        }
    }
}

/// `<button;column;row` and `M` for down or `m` for up. Only the left button and the wheel; with a modifier they are the terminal's own.
fn mouse(bytes: &[u8]) -> Option<Mouse> {
    let (last, rest) = bytes.split_last()?;
    let mut numbers = std::str::from_utf8(rest.strip_prefix(b"<")?).ok()?.split(';').map(|part| part.parse::<u16>().ok());
    let (button, column, row) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let kind = match (button, last) {
        (0, b'M') => MouseKind::Press,
        (32, b'M') => MouseKind::Drag,
        (0 | 32, b'm') => MouseKind::Release,
        (64, b'M') => MouseKind::WheelUp,
        (65, b'M') => MouseKind::WheelDown,
        _ => return None,
    };
    // The terminal counts from 1.
    Some(Mouse { kind, column: column.checked_sub(1)?, row: row.checked_sub(1)? })
}

fn key(code: Code, modifiers: Modifiers) -> Option<Key> {
    let ctrl = modifiers.contains(Modifiers::CONTROL);
    let alt = modifiers.intersects(Modifiers::ALT | Modifiers::META);
    let mut shift = modifiers.contains(Modifiers::SHIFT);
    let code = match code {
        Code::Char(char) => {
            // A shifted character says so itself; Kitty's protocol may send `g` with shift for `G`.
            let char = if shift && !ctrl && char.is_ascii_lowercase() { char.to_ascii_uppercase() } else { char };
            let char = if ctrl { char.to_ascii_lowercase() } else { char };
            shift = false;
            KeyCode::Char(char)
        }
        Code::Enter => KeyCode::Enter,
        Code::Backspace => KeyCode::Backspace,
        Code::Tab => KeyCode::Tab,
        Code::BackTab => {
            shift = true;
            KeyCode::Tab
        }
        Code::Escape => KeyCode::Escape,
        Code::Left => KeyCode::Left,
        Code::Right => KeyCode::Right,
        Code::Up => KeyCode::Up,
        Code::Down => KeyCode::Down,
        Code::Home => KeyCode::Home,
        Code::End => KeyCode::End,
        Code::PageUp => KeyCode::PageUp,
        Code::PageDown => KeyCode::PageDown,
        Code::Insert => KeyCode::Insert,
        Code::Delete => KeyCode::Delete,
        Code::Function(number) => KeyCode::F(number),
        _ => return None,
    };
    Some(Key { code, ctrl, alt, shift })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> Option<String> {
        match decode(Token::Key(bytes.to_vec()))? {
            Msg::Key(key) => Some(key.to_string()),
            _ => None,
        }
    }

    #[test]
    fn keys_are_read_as_people_write_them() {
        for (bytes, name) in [
            (&b"j"[..], "j"),
            (b"G", "G"),
            (b"?", "?"),
            ("你".as_bytes(), "你"),
            (b"\r", "enter"),
            (b"\n", "ctrl-j"),
            (b"\t", "tab"),
            (b"\x7f", "backspace"),
            (b"\x0b", "ctrl-k"),
            (b"\x04", "ctrl-d"),
            (b"\x1b[A", "up"),
            (b"\x1b[1;5C", "ctrl-right"),
            (b"\x1b[5~", "pageup"),
            (b"\x1b[Z", "shift-tab"),
            (b"\x1bOP", "f1"),
            (b"\x1b[15~", "f5"),
            (b"\x1bx", "alt-x"),
            (b"\x1b\r", "alt-enter"),
            (b"\x1b[13;5u", "ctrl-enter"),
            (b"\x1b[107;5u", "ctrl-k"),
        ] {
            assert_eq!(decoded(bytes).as_deref(), Some(name), "{bytes:?}");
        }
    }

    #[test]
    fn the_mouse_is_read_and_what_is_not_ours_is_not() {
        let read = |bytes: &[u8]| match decode(Token::Mouse(bytes.to_vec())) {
            Some(Msg::Mouse(mouse)) => Some((mouse.kind, mouse.column, mouse.row)),
            _ => None,
        };
        assert_eq!(read(b"<0;1;1M"), Some((MouseKind::Press, 0, 0)));
        assert_eq!(read(b"<32;200;60M"), Some((MouseKind::Drag, 199, 59)));
        assert_eq!(read(b"<0;5;6m"), Some((MouseKind::Release, 4, 5)));
        assert_eq!(read(b"<64;5;6M"), Some((MouseKind::WheelUp, 4, 5)));
        assert_eq!(read(b"<65;5;6M"), Some((MouseKind::WheelDown, 4, 5)));
        for other in [&b"<2;5;6M"[..], b"<4;5;6M", b"<35;5;6M", b"<0;0;1M", b"<0;1;0M", b"<66;1;1M", b"<0;99999;1M"] {
            assert_eq!(read(other), None, "{other:?}");
        }
    }

    #[test]
    fn pastes_are_clean_text() {
        let Some(Msg::Paste(text)) = decode(Token::Paste(b"a\x1b[2J\r\nb\xff".to_vec())) else { panic!("a paste") };
        assert_eq!(text, "a␛[2J\nb\u{fffd}");
    }
}
