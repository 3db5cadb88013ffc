//! Draws what is narrowed: rows with what was typed marked in them, and the dialog around them.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::Finder;
use super::matcher::{Query, places};
use super::shortlist::{Row, Shortlist};
use crate::base::text;
use crate::console::pane::Context;
use crate::console::theme::Role;
use crate::console::widgets::marked;

/// Cells of the column that says what a row is.
const KIND_CELLS: usize = 10;

impl Finder {
    /// Draws in the box; returns the caret's place.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Option<Position> {
        if area.height < 3 || area.width < 8 {
            return None;
        }
        let style = |role| context.theme.style(role);
        let top = Rect { height: 1, ..area };
        frame.render_widget(Line::styled(format!("{} ", self.scope().sign()), style(Role::Key)), Rect { width: 2, ..top });
        let (found, all) = self.list.counts();
        let counts = if self.list.is_busy() { "…".to_owned() } else { format!("{found}/{all}") };
        let cells = u16::try_from(text::width(&counts)).unwrap_or(0).min(area.width / 3);
        frame.render_widget(Line::styled(counts, style(Role::Dim)), Rect { x: area.right() - cells, width: cells, ..top });
        let caret = self.input.draw(frame, Rect { x: area.x + 2, width: area.width.saturating_sub(3 + cells), ..top });
        let rows = Rect { y: area.y + 1, height: area.height - 1, ..area };
        draw_rows(&self.list, self.mixes_kinds(), frame, rows, context);
        if self.list.is_empty() && !self.list.is_busy() {
            let key = if self.list.query().is_empty() { "picker-empty" } else { "picker-nothing" };
            frame.render_widget(Line::styled(context.locale.text(key), style(Role::Dim)), Rect { height: 1, ..rows });
        }
        caret
    }
}

/// The page of rows on which the selected one is.
pub fn draw_rows(list: &Shortlist, kinds: bool, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
    if area.is_empty() {
        return;
    }
    let height = usize::from(area.height);
    let first = list.selected() / height * height;
    for (index, rect) in (first..).zip(area.rows()) {
        let Some(row) = list.row(index) else { break };
        frame.render_widget(line(row, index == list.selected(), usize::from(area.width), kinds, list.query(), context), rect);
    }
}

fn line(row: &Row, selected: bool, width: usize, kinds: bool, query: &Query, context: &Context<'_>) -> Line<'static> {
    let style = |role| context.theme.style(role);
    let choice = &row.choice;
    let hint = text::cut(choice.disabled.as_ref().unwrap_or(&choice.hint), width / 2);
    let kind_cells = if kinds { KIND_CELLS.min(width / 4) } else { 0 };
    let label_cells = width.saturating_sub(text::width(&hint) + 3 + kind_cells);
    let role = match (&choice.disabled, selected) {
        (Some(_), _) => Role::Dim,
        (None, true) => Role::Selected,
        (None, false) => Role::Text,
    };
    let found = places(&choice.label, query);
    let mut spans = vec![Span::styled(if selected { "> " } else { "  " }, style(Role::Selected))];
    if kind_cells > 0 {
        spans.push(Span::styled(text::fit(&row.kind, kind_cells), style(Role::Dim)));
    }
    let elsewhere = if found.is_empty() && !query.is_empty() { places(&row.other, query) } else { Vec::new() };
    if elsewhere.is_empty() {
        spans.extend(marked::spans(&choice.label, label_cells, &found, style(role), style(Role::Match)));
    } else {
        // What was typed is in the other language's name: it is shown, so that nobody wonders.
        let cells = (text::width(&choice.label) + 2).min(label_cells);
        spans.push(Span::styled(text::fit(&choice.label, cells), style(role)));
        spans.extend(marked::spans(&row.other, label_cells - cells, &elsewhere, style(Role::Dim), style(Role::Match)));
    }
    spans.push(Span::raw(" "));
    let in_hint = if row.kind.is_empty() && choice.disabled.is_none() && found.is_empty() { places(&hint, query) } else { Vec::new() };
    spans.extend(marked::spans(&hint, text::width(&hint), &in_hint, style(Role::Dim), style(Role::Match)));
    Line::from(spans)
}
