//! Lines to be read before a yes: what a bulk act or a broadcast will do, ticket by ticket; and the same without a question for reports.
//! A great number is confirmed by typing it.

use std::cell::Cell;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::{Outcome, Prompt};
use crate::base::text;
use crate::console::effect::{self, Answer};
use crate::console::key::{Key, KeyCode};
use crate::console::pane::Context;
use crate::console::theme::Role;

/// How it is confirmed.
enum Confirm {
    Choice { yes: bool },
    Typed { count: usize, prompt: Box<Prompt> },
}

/// The dialog's body.
pub struct Review {
    lines: Vec<String>,
    confirm: Option<(String, Confirm)>,
    top: usize,
    /// Lines, wrapped, and rows of the last draw.
    extent: Cell<(usize, usize)>,
}

impl Review {
    #[must_use]
    pub fn new(lines: &[String], confirm: Option<effect::Review>) -> Self {
        let confirm = confirm.map(|asked| {
            let how = match asked.typed {
                Some(count) => Confirm::Typed { count, prompt: Box::new(Prompt::new(String::new())) },
                None => Confirm::Choice { yes: false },
            };
            (text::clean(&asked.sentence), how)
        });
        let mut review = Self { lines: Vec::new(), confirm, top: 0, extent: Cell::new((0, 1)) };
        review.set_lines(lines);
        review
    }

    /// Other lines in the same place: a report goes on.
    pub fn set_lines(&mut self, lines: &[String]) {
        self.lines = lines.iter().map(|line| text::clean(line)).collect();
    }

    /// What is read.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.lines.clone()
    }

    /// The question, and whether a number answers it.
    #[must_use]
    pub fn asked(&self) -> Option<(&str, bool)> {
        self.confirm.as_ref().map(|(sentence, how)| (sentence.as_str(), matches!(how, Confirm::Typed { .. })))
    }

    /// Cells of the longest line.
    #[must_use]
    pub fn cells(&self) -> usize {
        let question = self.confirm.as_ref().map_or(0, |(sentence, _)| text::width(sentence));
        self.lines.iter().map(|line| text::width(line)).max().unwrap_or(0).max(question)
    }

    /// Lines with the question under them, before any is wrapped.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.lines.len() + if self.confirm.is_some() { 3 } else { 0 }
    }

    pub fn key(&mut self, key: Key) -> Outcome {
        let page = self.extent.get().1.max(1);
        let half = i64::try_from(page / 2).unwrap_or(1).max(1);
        match key.code {
            KeyCode::Escape => return Outcome::Done(Answer::Dismissed(None)),
            KeyCode::Char('d') if key.ctrl => self.scroll(half),
            KeyCode::Char('u') if key.ctrl => self.scroll(-half),
            KeyCode::Down | KeyCode::Char('j') => self.scroll(1),
            KeyCode::Up | KeyCode::Char('k') => self.scroll(-1),
            KeyCode::PageDown => self.scroll(i64::try_from(page).unwrap_or(1)),
            KeyCode::PageUp => self.scroll(-i64::try_from(page).unwrap_or(1)),
            KeyCode::Home | KeyCode::Char('g') => self.top = 0,
            KeyCode::End | KeyCode::Char('G') => self.scroll(i64::MAX),
            _ => return self.answer(key),
        }
        Outcome::Stay
    }

    /// Scrolls by lines.
    pub fn wheel(&mut self, by: i64) {
        self.scroll(by);
    }

    /// Nothing is asked: it is only read.
    #[must_use]
    pub fn asks_nothing(&self) -> bool {
        self.confirm.is_none()
    }

    fn scroll(&mut self, by: i64) {
        let (lines, rows) = self.extent.get();
        let most = i64::try_from(lines.saturating_sub(rows)).unwrap_or(0);
        let top = i64::try_from(self.top).unwrap_or(0).saturating_add(by).clamp(0, most);
        self.top = usize::try_from(top).unwrap_or(0);
    }

    fn answer(&mut self, key: Key) -> Outcome {
        let no = Outcome::Done(Answer::Dismissed(None));
        match (&mut self.confirm, key.code) {
            (None, KeyCode::Enter | KeyCode::Char('q')) => return no,
            (None, _) => {}
            (Some((_, Confirm::Choice { yes })), code) => match code {
                KeyCode::Char('y' | 'Y') => return Outcome::Done(Answer::Confirmed),
                KeyCode::Char('n' | 'N' | 'q') => return no,
                KeyCode::Left | KeyCode::Right | KeyCode::Tab | KeyCode::Char('h' | 'l') => *yes = !*yes,
                KeyCode::Enter if *yes => return Outcome::Done(Answer::Confirmed),
                KeyCode::Enter => return no,
                _ => {}
            },
            (Some((_, Confirm::Typed { count, prompt })), code) => match code {
                KeyCode::Enter if prompt.value().trim() == count.to_string() => return Outcome::Done(Answer::Confirmed),
                // Anything else that is entered is a no that can be thought over.
                KeyCode::Enter => **prompt = Prompt::new(String::new()),
                KeyCode::Char(char) if !char.is_ascii_digit() => {}
                _ => drop(prompt.edit(key)),
            },
        }
        Outcome::Stay
    }

    /// Message key of the keys in the lower border.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self.confirm {
            Some((_, Confirm::Typed { .. })) => "overlay-review-typed-keys",
            Some((_, Confirm::Choice { .. })) => "overlay-review-keys",
            None => "overlay-report-keys",
        }
    }

    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Option<Position> {
        let width = usize::from(area.width.max(1));
        let asked = if self.confirm.is_some() { 3.min(area.height) } else { 0 };
        let rows = usize::from(area.height - asked);
        let wrapped: Vec<String> = self.lines.iter().flat_map(|line| fold(line, width)).collect();
        self.extent.set((wrapped.len(), rows));
        let first = self.top.min(wrapped.len().saturating_sub(rows));
        for (line, y) in wrapped.iter().skip(first).take(rows).zip(area.y..) {
            frame.render_widget(Line::styled(line.as_str(), context.theme.style(role(line))), Rect { y, height: 1, ..area });
        }
        let more = wrapped.len().saturating_sub(first + rows);
        let (sentence, how) = self.confirm.as_ref()?;
        let at = |row: u16| Rect { y: area.y + area.height.saturating_sub(row), height: 1.min(area.height), ..area };
        if more > 0 {
            frame.render_widget(Line::styled(context.locale.count("review-more", more), context.theme.style(Role::Dim)), at(3));
        }
        frame.render_widget(Line::styled(text::cut(sentence, width), context.theme.style(Role::Title)), at(2));
        match how {
            Confirm::Choice { yes } => {
                let choice = |key: &str, on: bool| {
                    let role = if on { Role::Selected } else { Role::Dim };
                    Span::styled(format!("{} {}   ", if on { ">" } else { " " }, context.locale.text(key)), context.theme.style(role))
                };
                frame.render_widget(Line::from(vec![choice("confirm-no", !yes), choice("confirm-yes", *yes)]), at(1));
                None
            }
            Confirm::Typed { count, prompt } => {
                let ask = context.locale.with("review-type", &[("n", &count.to_string())]);
                let used = u16::try_from(text::width(&ask) + 1).unwrap_or(0).min(area.width.saturating_sub(6));
                let line = at(1);
                frame.render_widget(Line::styled(ask, context.theme.style(Role::Key)), line);
                prompt.draw(frame, Rect { x: line.x + used, width: line.width - used, ..line })
            }
        }
    }
}

/// A line's mark is its first character: what is refused stands out, with and without colour.
fn role(line: &str) -> Role {
    match line.chars().next() {
        Some('!') => Role::Danger,
        Some('~' | '=') => Role::Dim,
        Some('#') => Role::Title,
        _ => Role::Text,
    }
}

/// A line, wrapped where it is too long; what follows is set in.
fn fold(line: &str, width: usize) -> Vec<String> {
    if text::width(line) <= width {
        return vec![line.to_owned()];
    }
    let mut lines = text::wrap(line, width.saturating_sub(4).max(2)).into_iter();
    let first = lines.next().unwrap_or_default();
    std::iter::once(first).chain(lines.map(|line| format!("    {line}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Key {
        name.parse().unwrap()
    }

    fn asked(typed: Option<usize>) -> Review {
        Review::new(&["a".to_owned()], Some(effect::Review { sentence: "Do it?".to_owned(), typed }))
    }

    #[test]
    fn no_is_the_default_and_a_great_number_is_typed() {
        let no = Outcome::Done(Answer::Dismissed(None));
        assert_eq!(asked(None).key(key("enter")), no);
        assert_eq!(asked(None).key(key("y")), Outcome::Done(Answer::Confirmed));
        let mut review = asked(Some(12));
        assert_eq!(review.key(key("y")), Outcome::Stay, "a yes is not enough");
        assert_eq!(review.key(key("enter")), Outcome::Stay);
        for name in ["1", "3", "enter", "1", "2"] {
            assert_eq!(review.key(key(name)), Outcome::Stay);
        }
        assert_eq!(review.key(key("enter")), Outcome::Done(Answer::Confirmed));
        assert_eq!(asked(Some(12)).key(key("esc")), no);
    }
}
