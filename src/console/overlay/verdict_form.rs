//! Leaving a call: what came of it, coded and in words. Enter sends; without words the code's own stand for them.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::Outcome;
use super::fields::{self, Rows};
use crate::base::text;
use crate::console::call_words;
use crate::console::effect::Answer;
use crate::console::key::{Key, KeyCode};
use crate::console::pane::Context;
use crate::console::widgets::editor::Editor;
use crate::domain::escalation::Verdict;
use crate::domain::limits::FIELD_VALUE_MAX;

/// The form.
#[derive(Default)]
pub struct VerdictForm {
    verdict: usize,
    note: Editor,
    /// The words have the keys, not the code.
    in_note: bool,
}

impl VerdictForm {
    pub fn key(&mut self, key: Key) -> Outcome {
        let breaks = key.ctrl || key.alt;
        match key.code {
            KeyCode::Escape => return Outcome::Done(Answer::Dismissed(None)),
            KeyCode::Enter if !breaks => {
                return Outcome::Done(Answer::Verdict { result: Verdict::ALL[self.verdict], note: self.note.text().trim().to_owned() });
            }
            KeyCode::Tab => self.in_note = !self.in_note,
            KeyCode::Up if self.in_note => self.in_note = false,
            KeyCode::Down if !self.in_note => self.in_note = true,
            _ if self.in_note => {
                fields::edit(&mut self.note, key, FIELD_VALUE_MAX);
            }
            KeyCode::Right | KeyCode::Char(' ' | 'l') => self.verdict = (self.verdict + 1) % Verdict::ALL.len(),
            KeyCode::Left | KeyCode::Char('h') => self.verdict = (self.verdict + Verdict::ALL.len() - 1) % Verdict::ALL.len(),
            _ => {}
        }
        Outcome::Stay
    }

    pub fn paste(&mut self, pasted: &str) {
        self.in_note = true;
        fields::insert(&mut self.note, &text::clean_lines(pasted), FIELD_VALUE_MAX);
    }

    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Option<Position> {
        let mut rows = Rows(area);
        let row = rows.take(1);
        fields::label(frame, row, "call-field-verdict", !self.in_note, context);
        let word = context.locale.text(call_words::verdict(Verdict::ALL[self.verdict]));
        fields::draw_choice(frame, fields::value(row), &word, !self.in_note, context);
        rows.take(1);
        let row = rows.take(rows.0.height);
        fields::label(frame, row, "call-field-words", self.in_note, context);
        fields::draw(frame, fields::value(row), &self.note, &context.locale.text("call-verdict-hint"), self.in_note, context)
    }
}
