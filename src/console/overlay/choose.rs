//! A sentence, and what can be done about it: one of a few acts, chosen by arrow keys. The first is the safe one.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Outcome;
use crate::base::text;
use crate::console::effect::{Answer, Choice};
use crate::console::key::{Key, KeyCode};
use crate::console::pane::Context;
use crate::console::theme::Role;

/// The question.
pub struct Choose {
    sentence: String,
    choices: Vec<Choice>,
    selected: usize,
}

impl Choose {
    #[must_use]
    pub fn new(sentence: &str, choices: Vec<Choice>) -> Self {
        Self { sentence: text::clean_lines(sentence), choices, selected: 0 }
    }

    #[must_use]
    pub fn sentence(&self) -> &str {
        &self.sentence
    }

    #[must_use]
    pub fn choices(&self) -> &[Choice] {
        &self.choices
    }

    pub fn key(&mut self, key: Key) -> Outcome {
        let count = self.choices.len().max(1);
        match (key.ctrl, key.code) {
            (_, KeyCode::Escape) | (false, KeyCode::Char('q')) => return Outcome::Done(Answer::Dismissed(None)),
            (_, KeyCode::Enter) => {
                if let Some(choice) = self.choices.get(self.selected) {
                    return Outcome::Done(Answer::Picked(choice.value.clone()));
                }
            }
            (_, KeyCode::Down | KeyCode::Tab | KeyCode::Char('j' | 'n')) => self.selected = (self.selected + 1) % count,
            (_, KeyCode::Up | KeyCode::Char('k' | 'p')) => self.selected = (self.selected + count - 1) % count,
            (_, KeyCode::Home) | (false, KeyCode::Char('g')) => self.selected = 0,
            (_, KeyCode::End) | (false, KeyCode::Char('G')) => self.selected = count - 1,
            _ => {}
        }
        Outcome::Stay
    }

    /// Cells and rows that all of it takes, the border included, in at most `width` cells.
    #[must_use]
    pub fn size(&self, width: u16) -> (u16, u16) {
        let width = width.min(72);
        let lines = self.lines(width.saturating_sub(2)).len() + 1 + self.choices.len() + 2;
        (width, u16::try_from(lines).unwrap_or(u16::MAX))
    }

    /// A press into the line `row` of `area`: what can be done there is done.
    pub fn press(&mut self, row: u16, area: Rect) -> Outcome {
        let room = usize::from(area.height).saturating_sub(self.choices.len());
        let above = (self.lines(area.width).len() + 1).min(room);
        match usize::from(row).checked_sub(above).and_then(|place| self.choices.get(place)) {
            Some(choice) => Outcome::Done(Answer::Picked(choice.value.clone())),
            None => Outcome::Stay,
        }
    }

    fn lines(&self, width: u16) -> Vec<String> {
        text::wrap(&self.sentence, usize::from(width.max(1)))
    }

    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
        let said = self.lines(area.width).into_iter().map(Line::from).chain([Line::default()]);
        let choices = self.choices.iter().enumerate().map(|(index, choice)| {
            let on = index == self.selected;
            let style = context.theme.style(if on { Role::Selected } else { Role::Text });
            let hint = Span::styled(format!("  {}", text::clean(&choice.hint)), context.theme.style(Role::Dim));
            Line::from(vec![Span::styled(format!("{} {}", if on { ">" } else { " " }, text::clean(&choice.label)), style), hint])
        });
        // What can be done is never cut off: of a long sentence the end is.
        let room = usize::from(area.height).saturating_sub(self.choices.len());
        let lines = said.take(room).chain(choices);
        crate::console::widgets::paint::lines(frame, area, lines);
    }
}
