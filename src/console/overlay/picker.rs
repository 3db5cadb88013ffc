//! A list narrowed by typing: what is typed is found as it stands, by pinyin, or strewn; disabled choices stay and say why.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::{Outcome, Prompt};
use crate::base::letters::letters;
use crate::base::text;
use crate::console::effect::{Answer, Choice};
use crate::console::find::draw::draw_rows;
use crate::console::find::matcher::Query;
use crate::console::find::shortlist::{Pool, Row, Shortlist};
use crate::console::key::{Key, KeyCode};
use crate::console::pane::Context;
use crate::console::theme::Role;

/// A picker.
pub struct Picker {
    list: Shortlist,
    /// Typed texts that mean one value: `q` is quit.
    aliases: &'static [(&'static str, &'static str)],
    filter: Prompt,
    count: usize,
    cells: u16,
}

impl Picker {
    #[must_use]
    pub fn new(choices: Vec<Choice>, aliases: &'static [(&'static str, &'static str)]) -> Self {
        Self::of_rows(choices.into_iter().map(Row::new).collect(), aliases)
    }

    /// A picker of rows that are found by more than they show.
    #[must_use]
    pub fn of_rows(rows: Vec<Row>, aliases: &'static [(&'static str, &'static str)]) -> Self {
        let one = |row: &Row| {
            let hint = text::width(row.choice.disabled.as_ref().unwrap_or(&row.choice.hint));
            // A hint has half of a line at most.
            (text::width(&row.choice.label) + hint + 3).max(2 * hint) + 2
        };
        let cells = u16::try_from(rows.iter().map(one).max().unwrap_or(0)).unwrap_or(u16::MAX);
        let count = rows.len();
        Self { list: Shortlist::new(vec![Pool::new(rows)]), aliases, filter: Prompt::new(String::new()), count, cells }
    }

    /// The choices that fit what was typed, in their order.
    pub fn listed(&self) -> impl Iterator<Item = &Choice> {
        self.list.choices()
    }

    /// How many choices there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Cells at which no label and no hint is cut, the border included.
    #[must_use]
    pub fn cells(&self) -> u16 {
        self.cells
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The value under the cursor, for whoever shows what choosing it would do.
    #[must_use]
    pub fn selected(&self) -> Option<&str> {
        self.list.selected_row().map(|row| row.choice.value.as_str())
    }

    /// Puts the cursor on a value.
    pub fn highlight(&mut self, value: &str) {
        let at = (0..self.list.len()).find(|index| self.list.row(*index).is_some_and(|row| row.choice.value == value));
        if let Some(index) = at {
            self.list.select(index);
        }
    }

    pub fn key(&mut self, key: Key) -> Outcome {
        match (key.ctrl, key.code) {
            (_, KeyCode::Escape) => return Outcome::Done(Answer::Dismissed(None)),
            (_, KeyCode::Enter) => return self.choose(),
            (_, KeyCode::Down) | (true, KeyCode::Char('n' | 'j')) => self.list.step(1),
            (_, KeyCode::Up) | (true, KeyCode::Char('p' | 'k')) => self.list.step(-1),
            (_, KeyCode::PageDown) => self.list.step(10),
            (_, KeyCode::PageUp) => self.list.step(-10),
            _ if self.filter.edit(key) => self.narrow(),
            _ => {}
        }
        Outcome::Stay
    }

    /// A press into the line `row` of an area of so many: the choice there is chosen.
    pub fn press(&mut self, row: usize, height: usize) -> Outcome {
        if self.list.press(row, height) { self.choose() } else { Outcome::Stay }
    }

    /// Moves by so many choices.
    pub fn wheel(&mut self, by: isize) {
        self.list.step(by);
    }

    pub fn paste(&mut self, pasted: &str) {
        self.filter.paste(pasted);
        self.narrow();
    }

    fn choose(&self) -> Outcome {
        match self.list.selected_row().map(|row| &row.choice) {
            Some(choice) if choice.disabled.is_none() => Outcome::Done(Answer::Picked(choice.value.clone())),
            _ => Outcome::Stay,
        }
    }

    fn narrow(&mut self) {
        let typed = letters(self.filter.value().trim());
        let alias = self.aliases.iter().find(|(alias, _)| *alias == typed);
        let front = alias.and_then(|(_, value)| self.list.of_value(value)).cloned().into_iter().collect();
        if let Some(job) = self.list.narrow(Query::new(&typed), front) {
            // Whoever lists thousands asks with a finder, which ranks beside the screen.
            self.list.ranked(job.run());
        }
    }

    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Option<Position> {
        if area.height < 2 || area.width < 4 {
            return None;
        }
        let mark = Rect { width: 2, height: 1, ..area };
        frame.render_widget(Line::styled("/ ", context.theme.style(Role::Key)), mark);
        let caret = self.filter.draw(frame, Rect { x: area.x + 2, width: area.width - 2, height: 1, ..area });
        let rows = Rect { y: area.y + 1, height: area.height - 1, ..area };
        if self.list.is_empty() {
            let key = if self.is_empty() { "picker-empty" } else { "picker-nothing" };
            let none = Line::styled(context.locale.text(key), context.theme.style(Role::Dim));
            frame.render_widget(none, Rect { height: 1, ..rows });
        }
        draw_rows(&self.list, false, frame, rows, context);
        caret
    }
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
    fn typing_narrows_by_what_stands_there_then_by_pinyin_and_initials() {
        assert_eq!(pick(""), picked("1"));
        assert_eq!(pick("伟"), picked("2"));
        assert_eq!(pick("ZHANG.w"), picked("2"));
        assert_eq!(pick("zw"), picked("2"));
        assert_eq!(pick("ｌｉ"), picked("1"), "full-width letters are letters");
        assert_eq!(pick("zhangwei"), picked("2"), "pinyin");
        assert_eq!(pick("ln"), picked("1"), "initials");
    }

    #[test]
    fn aliases_go_first_and_disabled_choices_stay() {
        assert_eq!(pick("q"), picked("quit"));
        assert_eq!(pick("walter"), Outcome::Stay);
        assert_eq!(pick("nobody"), Outcome::Stay);
    }
}
