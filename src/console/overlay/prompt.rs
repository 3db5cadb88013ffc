//! One line of text, edited by graphemes.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use tui_input::{Input, InputRequest};

use super::Outcome;
use crate::base::text;
use crate::console::effect::Answer;
use crate::console::key::{Key, KeyCode};

/// A one-line editor.
pub struct Prompt {
    input: Input,
}

impl Prompt {
    #[must_use]
    pub fn new(first: String) -> Self {
        Self { input: Input::new(text::clean(&first)) }
    }

    #[must_use]
    pub fn value(&self) -> &str {
        self.input.value()
    }

    /// Characters before the caret.
    #[must_use]
    pub fn caret(&self) -> usize {
        self.input.cursor()
    }

    /// Another text, with the caret after so many of its characters.
    pub fn replace(&mut self, text: String, caret: usize) {
        self.input = Input::new(text).with_cursor(caret);
    }

    pub fn key(&mut self, key: Key) -> Outcome {
        match key.code {
            KeyCode::Escape => Outcome::Done(Answer::Dismissed(Some(self.input.value().to_owned()))),
            KeyCode::Enter => Outcome::Done(Answer::Text(self.input.value().to_owned())),
            _ => {
                self.edit(key);
                Outcome::Stay
            }
        }
    }

    /// Whether the key edited the text or moved in it.
    pub fn edit(&mut self, key: Key) -> bool {
        use InputRequest as R;
        let request = match (key.ctrl || key.alt, key.code) {
            (false, KeyCode::Char(char)) if text::clean(&char.to_string()).chars().eq([char]) => R::InsertChar(char),
            (false, KeyCode::Backspace) => R::DeletePrevChar,
            (true, KeyCode::Backspace | KeyCode::Char('w')) => R::DeletePrevWord,
            (false, KeyCode::Delete) | (true, KeyCode::Char('d')) => R::DeleteNextChar,
            (false, KeyCode::Left) | (true, KeyCode::Char('b')) => R::GoToPrevChar,
            (false, KeyCode::Right) | (true, KeyCode::Char('f')) => R::GoToNextChar,
            (true, KeyCode::Left) => R::GoToPrevWord,
            (true, KeyCode::Right) => R::GoToNextWord,
            (_, KeyCode::Home) | (true, KeyCode::Char('a')) => R::GoToStart,
            (_, KeyCode::End) | (true, KeyCode::Char('e')) => R::GoToEnd,
            (true, KeyCode::Char('u')) => R::DeleteFromStart,
            (true, KeyCode::Char('k')) => R::DeleteTillEnd,
            _ => return false,
        };
        self.input.handle(request);
        true
    }

    pub fn paste(&mut self, pasted: &str) {
        for char in text::clean(pasted).chars() {
            self.input.handle(InputRequest::InsertChar(char));
        }
    }

    /// Draws in the first row of `area`; returns the caret's place.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect) -> Option<Position> {
        if area.width < 2 || area.height == 0 {
            return None;
        }
        let scroll = self.input.visual_scroll(usize::from(area.width - 1));
        let visible = skip_cells(self.input.value(), scroll);
        frame.render_widget(Line::raw(text::cut(visible, usize::from(area.width))), Rect { height: 1, ..area });
        let column = self.input.visual_cursor().saturating_sub(scroll);
        Some(Position { x: area.x + u16::try_from(column).unwrap_or(0).min(area.width - 1), y: area.y })
    }
}

/// The text after its first `cells`.
fn skip_cells(value: &str, cells: usize) -> &str {
    use unicode_segmentation::UnicodeSegmentation;
    let mut used = 0;
    for (index, grapheme) in value.grapheme_indices(true) {
        if used >= cells {
            return &value[index..];
        }
        used += text::width(grapheme);
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_by_graphemes_and_never_takes_control_characters() {
        let mut prompt = Prompt::new("订单".into());
        for key in ["backspace", "号", "ctrl-a", "x", "end", "!"] {
            prompt.key(key.parse().unwrap());
        }
        prompt.key(Key::char('\u{202e}'));
        prompt.paste("a\x1b[2Jb\nc");
        assert_eq!(prompt.value(), "x订号!a␛[2Jb c");
        assert_eq!(prompt.key("enter".parse().unwrap()), Outcome::Done(Answer::Text("x订号!a␛[2Jb c".into())));
    }
}
