//! Who carries how much, the most loaded first.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::state::{Chart, OverviewPane};
use crate::base::text::{cut, fit, width};
use crate::console::pane::Context;
use crate::console::theme::Role;
use crate::console::widgets::load_bar::{Level, level, load_bar};
use crate::console::widgets::{list, paint};
use crate::console::words;
use crate::domain::stats::{Overview, PersonLoad};

pub fn draw(pane: &OverviewPane, figures: &Overview, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
    if figures.people.is_empty() {
        paint::lines(frame, area, [Line::styled(context.locale.text("overview-nobody").into_owned(), context.theme.style(Role::Dim))]);
        return;
    }
    let focused = pane.chart == Chart::Load;
    let selected = pane.person.min(figures.people.len() - 1);
    let shown = list::page(figures.people.len(), selected, usize::from(area.height));
    let lines = shown.filter_map(|at| Some(row(figures.people.get(at)?, focused && at == selected, usize::from(area.width), context)));
    paint::lines(frame, area, lines.collect::<Vec<_>>());
}

/// `>李娜  on duty  ████░░░░  75%  6/8`
pub fn row<'a>(one: &PersonLoad, selected: bool, cells: usize, context: &Context<'_>) -> Line<'a> {
    let (theme, locale) = (context.theme, context.locale);
    let duty = locale.text(if one.on_duty { "overview-on-duty" } else { "overview-off-duty" }).into_owned();
    let duty = fit(&duty, width(&locale.text("overview-on-duty")).max(width(&locale.text("overview-off-duty"))));
    let percent = one.percent();
    let numbers = format!("{percent:>4}% {:>3}/{}", one.open, one.capacity);
    let numbers = fit(&numbers, 13);
    let rest = cells.saturating_sub(2 + width(&duty) + 1 + width(&numbers));
    let name_cells = (rest / 2).clamp(6, 18).min(rest);
    let bar_cells = rest.saturating_sub(name_cells + 2).min(40);
    let name = fit(&cut(&words::person(context.directory, one.person), name_cells), name_cells);
    let role = match level(percent, 100) {
        Level::Free => Role::Good,
        Level::High => Role::Warning,
        Level::Full => Role::Danger,
    };
    let mark = if selected { ">" } else { " " };
    let style = theme.style(if selected { Role::Selected } else { Role::Text });
    Line::from(vec![
        Span::styled(format!("{mark}{name} "), style),
        Span::styled(format!("{duty} "), theme.style(if one.on_duty { Role::OnDuty } else { Role::OffDuty })),
        Span::styled(load_bar(percent, 100, bar_cells), theme.style(role)),
        Span::raw(numbers),
    ])
}
