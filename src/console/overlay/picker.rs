//! A list narrowed by typing: substring before initials, disabled choices stay visible and say why.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::{Outcome, Prompt};
use crate::base::text;
use crate::console::effect::{Answer, Choice};
use crate::console::key::{Key, KeyCode};
use crate::console::pane::Context;
use crate::console::theme::Role;

struct Entry {
    choice: Choice,
    /// What typing is compared with.
    folded: String,
    initials: String,
}

/// A picker.
pub struct Picker {
    entries: Vec<Entry>,
    /// Typed texts that mean one value: `q` is quit.
    aliases: &'static [(&'static str, &'static str)],
    filter: Prompt,
    /// Indexes into `entries`, best first.
    matches: Vec<usize>,
    selected: usize,
}

impl Picker {
    #[must_use]
    pub fn new(choices: Vec<Choice>, aliases: &'static [(&'static str, &'static str)]) -> Self {
        let entries: Vec<_> = choices
            .into_iter()
            .map(|choice| {
                let choice = Choice {
                    label: text::clean(&choice.label),
                    hint: text::clean(&choice.hint),
                    disabled: choice.disabled.as_deref().map(text::clean),
                    ..choice
                };
                let folded = text::fold(&format!("{} {}", choice.label, choice.hint));
                Entry { initials: initials(&text::fold(&choice.label)), folded, choice }
            })
            .collect();
        let matches = (0..entries.len()).collect();
        Self { entries, aliases, filter: Prompt::new(String::new()), matches, selected: 0 }
    }

    /// The choices that fit what was typed, in their order.
    pub fn listed(&self) -> impl Iterator<Item = &Choice> {
        self.matches.iter().map(|index| &self.entries[*index].choice)
    }

    /// How many choices there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Cells at which no label and no hint is cut, the border included.
    #[must_use]
    pub fn cells(&self) -> u16 {
        let one = |entry: &Entry| {
            let hint = text::width(entry.choice.disabled.as_ref().unwrap_or(&entry.choice.hint));
            // A hint has half of a line at most.
            (text::width(&entry.choice.label) + hint + 3).max(2 * hint) + 2
        };
        u16::try_from(self.entries.iter().map(one).max().unwrap_or(0)).unwrap_or(u16::MAX)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub fn key(&mut self, key: Key) -> Outcome {
        let last = self.matches.len().saturating_sub(1);
        match (key.ctrl, key.code) {
            (_, KeyCode::Escape) => return Outcome::Done(Answer::Dismissed(None)),
            (_, KeyCode::Enter) => return self.choose(),
            (_, KeyCode::Down) | (true, KeyCode::Char('n' | 'j')) => self.selected = (self.selected + 1).min(last),
            (_, KeyCode::Up) | (true, KeyCode::Char('p' | 'k')) => self.selected = self.selected.saturating_sub(1),
            (_, KeyCode::PageDown) => self.selected = (self.selected + 10).min(last),
            (_, KeyCode::PageUp) => self.selected = self.selected.saturating_sub(10),
            _ if self.filter.edit(key) => self.narrow(),
            _ => {}
        }
        Outcome::Stay
    }

    pub fn paste(&mut self, pasted: &str) {
        self.filter.paste(pasted);
        self.narrow();
    }

    fn choose(&self) -> Outcome {
        match self.matches.get(self.selected).map(|index| &self.entries[*index].choice) {
            Some(choice) if choice.disabled.is_none() => Outcome::Done(Answer::Picked(choice.value.clone())),
            _ => Outcome::Stay,
        }
    }

    fn narrow(&mut self) {
        let query = text::fold(self.filter.value().trim());
        let alias = self.aliases.iter().find(|(typed, _)| *typed == query).map(|(_, value)| *value);
        let rank = |entry: &Entry| {
            if alias == Some(entry.choice.value.as_str()) {
                return Some(0);
            }
            let words = || query.split_whitespace();
            if entry.folded.starts_with(&query) {
                Some(1)
            } else if words().all(|word| entry.folded.contains(word)) {
                Some(2)
            } else if words().all(|word| entry.initials.contains(word)) {
                Some(3)
            } else {
                None
            }
        };
        let mut found: Vec<_> = self.entries.iter().enumerate().filter_map(|(index, entry)| Some((rank(entry)?, index))).collect();
        found.sort_unstable();
        self.matches = found.into_iter().map(|(_, index)| index).collect();
        self.selected = 0;
    }

    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Option<Position> {
        if area.height < 2 || area.width < 4 {
            return None;
        }
        let mark = Rect { width: 2, height: 1, ..area };
        frame.render_widget(Line::styled("/ ", context.theme.style(Role::Key)), mark);
        let caret = self.filter.draw(frame, Rect { x: area.x + 2, width: area.width - 2, height: 1, ..area });
        let rows = usize::from(area.height - 1);
        let first = (self.selected / rows) * rows;
        if self.matches.is_empty() {
            let key = if self.is_empty() { "picker-empty" } else { "picker-nothing" };
            let none = Line::styled(context.locale.text(key), context.theme.style(Role::Dim));
            frame.render_widget(none, Rect { y: area.y + 1, height: 1, ..area });
        }
        for (row, index) in self.matches.iter().skip(first).take(rows).enumerate() {
            let choice = &self.entries[*index].choice;
            let selected = first + row == self.selected;
            let y = area.y + 1 + u16::try_from(row).unwrap_or(0);
            frame.render_widget(line(choice, selected, usize::from(area.width), context), Rect { y, height: 1, ..area });
        }
        caret
    }
}

fn line(choice: &Choice, selected: bool, width: usize, context: &Context<'_>) -> Line<'static> {
    let hint = choice.disabled.as_ref().unwrap_or(&choice.hint);
    let hint = text::cut(hint, width / 2);
    let label_cells = width.saturating_sub(text::width(&hint) + 3);
    let role = match (&choice.disabled, selected) {
        (Some(_), _) => Role::Dim,
        (None, true) => Role::Selected,
        (None, false) => Role::Text,
    };
    Line::from(vec![
        Span::styled(if selected { "> " } else { "  " }, context.theme.style(Role::Selected)),
        Span::styled(text::fit(&choice.label, label_cells), context.theme.style(role)),
        Span::raw(" "),
        Span::styled(hint, context.theme.style(Role::Dim)),
    ])
}

/// First letters of the words: `zhang.wei` gives `zw`.
fn initials(folded: &str) -> String {
    folded.split(|char: char| !char.is_alphanumeric()).filter_map(|word| word.chars().next()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picker() -> Picker {
        let choice = |value: &str, label: &str, disabled: Option<&str>| Choice {
            value: value.into(),
            label: label.into(),
            hint: String::new(),
            disabled: disabled.map(str::to_owned),
        };
        let choices = vec![
            choice("1", "李娜 (li.na)", None),
            choice("2", "张伟 (zhang.wei)", None),
            choice("3", "Wei Zhang-Walter", Some("gone")),
            choice("quit", "Leave", None),
        ];
        Picker::new(choices, &[("q", "quit")])
    }

    fn pick(typed: &str) -> Outcome {
        let mut picker = picker();
        for char in typed.chars() {
            picker.key(Key::char(char));
        }
        picker.key("enter".parse().unwrap())
    }

    fn picked(value: &str) -> Outcome {
        Outcome::Done(Answer::Picked(value.into()))
    }

    #[test]
    fn typing_narrows_by_substring_then_initials() {
        assert_eq!(pick(""), picked("1"));
        assert_eq!(pick("伟"), picked("2"));
        assert_eq!(pick("ZHANG.w"), picked("2"));
        assert_eq!(pick("zw"), picked("2"));
        assert_eq!(pick("ｌｉ"), picked("1"), "full-width letters are letters");
    }

    #[test]
    fn aliases_go_first_and_disabled_choices_stay() {
        assert_eq!(pick("q"), picked("quit"));
        assert_eq!(pick("walter"), Outcome::Stay);
        assert_eq!(pick("nobody"), Outcome::Stay);
    }
}
