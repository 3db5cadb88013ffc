//! Many lines of text. Enter makes a new line; sending takes a chord that an input method does not use. Escape keeps the draft.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui_textarea::{Input, Key as AreaKey, TextArea, WrapMode};

use super::Outcome;
use crate::base::text;
use crate::console::effect::Answer;
use crate::console::key::{Key, KeyCode};

/// A composer.
pub struct Compose {
    area: TextArea<'static>,
}

impl Compose {
    #[must_use]
    pub fn new(first: &str) -> Self {
        let mut area = TextArea::new(text::clean_lines(first).split('\n').map(str::to_owned).collect());
        area.set_cursor_line_style(Style::new());
        // The terminal's own cursor stands at the caret, where input methods look for it.
        area.set_cursor_style(Style::new());
        area.set_wrap_mode(WrapMode::WordOrGlyph);
        area.move_cursor(ratatui_textarea::CursorMove::Bottom);
        area.move_cursor(ratatui_textarea::CursorMove::End);
        Self { area }
    }

    fn value(&self) -> String {
        self.area.lines().join("\n")
    }

    pub fn key(&mut self, key: Key) -> Outcome {
        let sends = matches!((key.ctrl, key.alt, key.code), (true, _, KeyCode::Char('s') | KeyCode::Enter) | (_, true, KeyCode::Enter));
        if sends && !self.value().trim().is_empty() {
            return Outcome::Done(Answer::Text(self.value()));
        }
        if key.code == KeyCode::Escape {
            return Outcome::Done(Answer::Dismissed(Some(self.value())));
        }
        if !sends {
            self.area.input(input(key));
        }
        Outcome::Stay
    }

    pub fn paste(&mut self, pasted: &str) {
        self.area.insert_str(text::clean_lines(pasted));
    }

    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect) -> Option<Position> {
        if area.is_empty() {
            return None;
        }
        frame.render_widget(&self.area, area);
        let (cursor, (top, left)) = (self.area.screen_cursor(), self.area.scroll_offset());
        let column = u16::try_from(cursor.col).unwrap_or(0).saturating_sub(left);
        let row = u16::try_from(cursor.row).unwrap_or(0).saturating_sub(top);
        Some(Position { x: area.x + column.min(area.width - 1), y: area.y + row.min(area.height - 1) })
    }
}

/// A key as the text area takes it; what is not safe text becomes no key.
fn input(key: Key) -> Input {
    let code = match key.code {
        KeyCode::Char('j') if key.ctrl => AreaKey::Enter,
        KeyCode::Char(char) if text::clean(&char.to_string()).chars().eq([char]) => AreaKey::Char(char),
        KeyCode::Char(_) | KeyCode::Insert | KeyCode::Escape => AreaKey::Null,
        KeyCode::Enter => AreaKey::Enter,
        KeyCode::Tab => AreaKey::Tab,
        KeyCode::Backspace => AreaKey::Backspace,
        KeyCode::Delete => AreaKey::Delete,
        KeyCode::Up => AreaKey::Up,
        KeyCode::Down => AreaKey::Down,
        KeyCode::Left => AreaKey::Left,
        KeyCode::Right => AreaKey::Right,
        KeyCode::Home => AreaKey::Home,
        KeyCode::End => AreaKey::End,
        KeyCode::PageUp => AreaKey::PageUp,
        KeyCode::PageDown => AreaKey::PageDown,
        KeyCode::F(number) => AreaKey::F(number),
    };
    let ctrl = key.ctrl && code != AreaKey::Enter;
    Input { key: code, ctrl, alt: key.alt, shift: key.shift }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enter_makes_a_line_a_chord_sends_and_escape_keeps_the_draft() {
        let mut compose = Compose::new("");
        for key in ["你", "好", "enter", "b", "ctrl-j", "c"] {
            assert_eq!(compose.key(key.parse().unwrap()), Outcome::Stay);
        }
        assert_eq!(compose.key("esc".parse().unwrap()), Outcome::Done(Answer::Dismissed(Some("你好\nb\nc".into()))));
        for chord in ["ctrl-s", "alt-enter", "ctrl-enter"] {
            assert_eq!(compose.key(chord.parse().unwrap()), Outcome::Done(Answer::Text("你好\nb\nc".into())));
        }
    }

    #[test]
    fn nothing_is_not_sent() {
        let mut compose = Compose::new(" \n ");
        assert_eq!(compose.key("ctrl-s".parse().unwrap()), Outcome::Stay);
    }
}
