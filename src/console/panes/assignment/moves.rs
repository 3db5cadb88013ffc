//! Proposals to even out a queue's load: a marked list, of which the marked ones are done as assignments by hand.

use std::collections::{BTreeMap, BTreeSet};

use ratatui::text::{Line, Span};

use crate::base::text::{clean, cut, fit, width};
use crate::console::effect::{Effect, ProposedMove};
use crate::console::pane::Context;
use crate::console::theme::Role;
use crate::console::widgets::list;
use crate::domain::command::Command;
use crate::domain::id::{PersonId, TicketNumber};

/// The proposals on screen.
#[derive(Debug, Default)]
pub struct Moves {
    /// Absent while they are being asked for.
    pub answer: Option<Result<Vec<ProposedMove>, String>>,
    /// Those not to be done: all are marked at first.
    unmarked: BTreeSet<TicketNumber>,
    selected: Option<TicketNumber>,
}

impl Moves {
    /// Takes an answer; what was unmarked stays so.
    pub fn put(&mut self, answer: Result<Vec<ProposedMove>, String>) {
        self.answer = Some(answer);
        let rows = self.rows();
        if !self.selected.is_some_and(|number| rows.iter().any(|row| row.ticket == number)) {
            self.selected = rows.first().map(|row| row.ticket);
        }
    }

    pub fn rows(&self) -> &[ProposedMove] {
        self.answer.as_ref().and_then(|answer| answer.as_deref().ok()).unwrap_or_default()
    }

    fn index(&self) -> Option<usize> {
        self.selected.and_then(|number| self.rows().iter().position(|row| row.ticket == number))
    }

    pub fn selected(&self) -> Option<TicketNumber> {
        self.index().and(self.selected)
    }

    pub fn step(&mut self, by: isize) {
        let index = list::step(self.index(), by, self.rows().len());
        self.selected = index.and_then(|index| self.rows().get(index)).map(|row| row.ticket);
    }

    /// Marks or unmarks the selected one, and goes on to the next.
    pub fn toggle(&mut self) {
        let Some(number) = self.selected() else { return };
        if !self.unmarked.remove(&number) {
            self.unmarked.insert(number);
        }
        self.step(1);
    }

    fn marked(&self) -> impl Iterator<Item = &ProposedMove> {
        self.rows().iter().filter(|row| !self.unmarked.contains(&row.ticket))
    }

    /// What each person gives away and gets, of the marked ones.
    fn balance(&self) -> BTreeMap<PersonId, i64> {
        let mut balance = BTreeMap::new();
        for row in self.marked() {
            *balance.entry(row.from).or_insert(0) -= 1;
            *balance.entry(row.to).or_insert(0) += 1;
        }
        balance
    }

    /// Assigns the marked ones, each against the version that was proposed, and tells how many.
    pub fn apply(&self, context: &Context<'_>) -> Vec<Effect> {
        let command = |row: &ProposedMove| Effect::Submit {
            command: Box::new(Command::AssignTicket { number: row.ticket, person: row.to }),
            base_version: Some(row.version),
        };
        let mut effects: Vec<_> = self.marked().map(command).collect();
        let args = vec![("n", effects.len().to_string()), ("people", balance_words(&self.balance(), context))];
        let key = if effects.is_empty() { "assignment-moves-none-marked" } else { "assignment-moves-done" };
        effects.push(Effect::Toast { key, args });
        effects
    }

    /// The list in `rows` rows.
    pub fn lines<'a>(&self, rows: usize, cells: usize, context: &Context<'_>) -> Vec<Line<'a>> {
        let (locale, theme) = (context.locale, context.theme);
        let say = |text: &str, role| vec![Line::styled(cut(&format!("  {text}"), cells), theme.style(role))];
        match &self.answer {
            None => return say(&locale.text("duty-loading"), Role::Dim),
            Some(Err(why)) => return say(&locale.with("assignment-moves-failed", &[("why", &clean(why))]), Role::Warning),
            Some(Ok(rows)) if rows.is_empty() => return say(&locale.text("assignment-moves-none"), Role::Good),
            Some(Ok(_)) => {}
        }
        let selected = self.index();
        let shown = list::page(self.rows().len(), selected.unwrap_or(0), rows.saturating_sub(2).max(1));
        let mut lines: Vec<_> = shown
            .filter_map(|index| self.rows().get(index).map(|row| (Some(index) == selected, row)))
            .map(|(selected, row)| self.line(row, selected, cells, context))
            .collect();
        let balance = self.balance();
        lines.push(Line::default());
        let words = if balance.is_empty() {
            locale.text("assignment-moves-none-marked").into_owned()
        } else {
            let n = self.marked().count().to_string();
            locale.with("assignment-moves-sum", &[("n", &n), ("people", &balance_words(&balance, context))])
        };
        lines.extend(say(&words, Role::Accent));
        lines
    }

    fn line<'a>(&self, row: &ProposedMove, selected: bool, cells: usize, context: &Context<'_>) -> Line<'a> {
        let theme = context.theme;
        let marked = !self.unmarked.contains(&row.ticket);
        let base = match (selected, marked) {
            (true, _) => Role::Selected,
            (false, true) => Role::Text,
            (false, false) => Role::Dim,
        };
        let name = |id| fit(&clean(&context.directory.person_name(id)), if cells >= 90 { 14 } else { 10 });
        let people = format!("{} → {} ", name(row.from), name(row.to));
        let loads = format!("{:.2} → {:.2} ", row.from_load, row.to_load);
        let why = context.locale.text(if row.holder_gone { "assignment-move-gone" } else { "assignment-move-evens" });
        let mut spans = vec![
            Span::styled(format!("{}{} ", if selected { ">" } else { " " }, if marked { "[x]" } else { "[ ]" }), theme.style(base)),
            Span::styled(fit(&format!("#{}", row.ticket), 8), theme.style(base)),
            Span::styled(people, theme.style(base)),
        ];
        if cells >= 72 {
            spans.push(Span::styled(loads, theme.style(Role::Dim)));
        }
        spans.push(Span::styled(fit(&why, 12), theme.style(if row.holder_gone { Role::Warning } else { Role::Dim })));
        let used: usize = spans.iter().map(|span| width(&span.content)).sum();
        spans.push(Span::styled(cut(&clean(&row.subject), cells.saturating_sub(used)), theme.style(base)));
        Line::from(spans)
    }
}

/// `张伟 -2, 李娜 +2`.
fn balance_words(balance: &BTreeMap<PersonId, i64>, context: &Context<'_>) -> String {
    let mut people: Vec<_> = balance.iter().filter(|(_, by)| **by != 0).collect();
    people.sort_by_key(|(person, by)| (**by, **person));
    let words = people.into_iter().map(|(person, by)| format!("{} {by:+}", clean(&context.directory.person_name(*person))));
    words.collect::<Vec<_>>().join(", ")
}
