//! Many lines of text for a form, in the same editor as messages: Enter takes it, Control-J makes a line, Escape hands back what
//! was written so far.

use std::cell::Cell;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::Outcome;
use crate::console::effect::{Answer, Effect};
use crate::console::key::{Key, KeyCode};
use crate::console::widgets::editor::{Editor, Taken};
use crate::console::widgets::paint;

/// A text being written.
pub struct Compose {
    editor: Editor,
    /// Cells and rows of the last drawing.
    extent: Cell<(usize, usize)>,
}

impl Compose {
    #[must_use]
    pub fn new(first: &str) -> Self {
        Self { editor: Editor::new(first), extent: Cell::new((80, 10)) }
    }

    #[must_use]
    pub fn text(&self) -> &str {
        self.editor.text()
    }

    pub fn key(&mut self, key: Key) -> Outcome {
        let takes =
            matches!((key.ctrl, key.alt, key.shift, key.code), (_, false, false, KeyCode::Enter) | (true, _, _, KeyCode::Char('s')));
        if takes && !self.editor.text().trim().is_empty() {
            return Outcome::Done(Answer::Text(self.editor.text().to_owned()));
        }
        if key.code == KeyCode::Escape {
            return Outcome::Done(Answer::Dismissed(Some(self.editor.text().to_owned())));
        }
        if key.ctrl && key.code == KeyCode::Char('g') {
            return Outcome::Wants { effects: vec![Effect::EditText(self.editor.text().to_owned())], closes: false };
        }
        if !takes {
            let (cells, rows) = self.extent.get();
            if let Taken::Copied(text) | Taken::Cut(text) = self.editor.key(key, cells, rows) {
                return Outcome::Wants { effects: vec![Effect::Copy(text)], closes: false };
            }
        }
        Outcome::Stay
    }

    /// Takes the text as the person's own editor left it.
    pub fn edited(&mut self, text: &str) {
        self.editor.replace_all(text);
    }

    pub fn paste(&mut self, pasted: &str) {
        self.editor.insert(pasted);
    }

    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect) -> Option<Position> {
        if area.is_empty() {
            return None;
        }
        let (cells, rows) = (usize::from(area.width).saturating_sub(1), usize::from(area.height));
        self.extent.set((cells, rows));
        let laid = self.editor.lay_out(cells);
        let first = (laid.caret.0 + 1).saturating_sub(rows);
        let text = self.editor.text();
        let selection = self.editor.selection().unwrap_or(0..0);
        let marked = Style::new().add_modifier(Modifier::REVERSED);
        let lines = laid.rows.iter().skip(first).map(|row| {
            let (from, to) = (selection.start.clamp(row.start, row.end), selection.end.clamp(row.start, row.end));
            let parts = [(row.start..from, Style::new()), (from..to, marked), (to..row.end, Style::new())];
            Line::from_iter(parts.into_iter().map(|(part, style)| Span::styled(&text[part], style)))
        });
        paint::lines(frame, area, lines);
        let column = u16::try_from(laid.caret.1).unwrap_or(u16::MAX).min(area.width - 1);
        let row = u16::try_from(laid.caret.0 - first).unwrap_or(u16::MAX).min(area.height - 1);
        Some(Position { x: area.x + column, y: area.y + row })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chord_makes_a_line_enter_takes_it_and_escape_keeps_it() {
        let mut compose = Compose::new("");
        for key in ["你", "好", "ctrl-j", "b", "alt-enter", "c"] {
            assert_eq!(compose.key(key.parse().unwrap()), Outcome::Stay);
        }
        assert_eq!(compose.key("esc".parse().unwrap()), Outcome::Done(Answer::Dismissed(Some("你好\nb\nc".into()))));
        for chord in ["ctrl-s", "enter", "ctrl-enter"] {
            assert_eq!(compose.key(chord.parse().unwrap()), Outcome::Done(Answer::Text("你好\nb\nc".into())));
        }
    }

    #[test]
    fn the_persons_own_editor_gets_the_text_and_a_cut_goes_to_the_clipboard() {
        let mut compose = Compose::new("one\ntwo");
        let wants = |effect| Outcome::Wants { effects: vec![effect], closes: false };
        assert_eq!(compose.key("ctrl-g".parse().unwrap()), wants(Effect::EditText("one\ntwo".into())));
        compose.edited("one\ntwo\nthree");
        for key in ["ctrl-a", "ctrl-x"] {
            let outcome = compose.key(key.parse().unwrap());
            assert_eq!(outcome == wants(Effect::Copy("one\ntwo\nthree".into())), key == "ctrl-x");
        }
        compose.key("ctrl-_".parse().unwrap());
        assert_eq!(compose.key("enter".parse().unwrap()), Outcome::Done(Answer::Text("one\ntwo\nthree".into())));
    }

    #[test]
    fn nothing_is_not_taken() {
        let mut compose = Compose::new(" \n ");
        assert_eq!(compose.key("enter".parse().unwrap()), Outcome::Stay);
    }
}
