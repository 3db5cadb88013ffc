//! How Queues looks. The selection is a mark and a bold number, not a bar: moving it costs a slow link two short writes.

use ratatui::Frame;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::complete::Popup;
use super::filter_bar::explain;
use super::rail::{items, view_name};
use super::rows::{Columns, Marks, Said};
use super::{Focus, Queues};
use crate::base::text;
use crate::client::view::{Sort, View};
use crate::console::pane::Context;
use crate::console::theme::Role;

/// From this width of the pane the rail stands beside the list.
const RAIL_BESIDE: u16 = 88;
const RAIL_CELLS: u16 = 28;
/// Below this width a ticket takes two lines: a subject that is cut to nothing tells nothing.
const TWO_LINES: u16 = 64;

/// Where rail and list are.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parts {
    pub rail: Option<Rect>,
    pub list: Option<Rect>,
}

/// Where the pane's parts are in its area; nothing where that is too small.
#[must_use]
pub fn parts(pane: &Queues, area: Rect) -> Parts {
    if area.height < 3 || area.width < 10 {
        return Parts::default();
    }
    let in_rail = pane.focus == Focus::Rail;
    if area.width >= RAIL_BESIDE && (pane.rail_beside || in_rail) {
        let list = Rect { x: area.x + RAIL_CELLS, width: area.width - RAIL_CELLS, ..area };
        return Parts { rail: Some(Rect { width: RAIL_CELLS - 1, ..area }), list: Some(list) };
    }
    if in_rail { Parts { rail: Some(area), list: None } } else { Parts { rail: None, list: Some(area) } }
}

/// How tickets stand in the list's area: rows above the first one, lines of each, and how many fit.
#[derive(Clone, Copy, Debug)]
pub struct Rows {
    pub above: usize,
    pub each: usize,
    pub fit: usize,
}

impl Rows {
    #[must_use]
    pub fn of(area: Rect) -> Self {
        // Where a ticket has two lines there are no columns to be named.
        let (above, each) = if area.width < TWO_LINES { (1, 2) } else { (2, 1) };
        Self { above, each, fit: (usize::from(area.height).saturating_sub(above) / each).max(1) }
    }
}

/// The first item of the rail that is shown in so many rows.
#[must_use]
pub fn rail_first(current: usize, rows: usize) -> usize {
    current / rows.max(1) * rows.max(1)
}

pub fn draw(pane: &Queues, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Option<Position> {
    let parts = parts(pane, area);
    if let Some(rail) = parts.rail {
        draw_rail(pane, frame, rail, context);
    }
    pane.saved_counts.shown.set(parts.rail.is_some());
    parts.list.and_then(|list| draw_list(pane, frame, list, context))
}

fn row(area: Rect, y: usize) -> Rect {
    Rect { y: area.y + u16::try_from(y).unwrap_or(u16::MAX).min(area.height.saturating_sub(1)), height: 1, ..area }
}

fn draw_rail(pane: &Queues, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
    let focused = pane.focus == Focus::Rail;
    let title_role = if focused { Role::Accent } else { Role::Title };
    let style = |role| context.theme.style(role);
    frame.render_widget(Line::styled(context.locale.text("rail-title"), style(title_role)), row(area, 0));
    let items = items(&pane.counts, &pane.saved_counts, context);
    let rows = usize::from(area.height - 1);
    let chosen = pane.chosen();
    let current = items.iter().position(|item| item.place == chosen).unwrap_or(0);
    let first = rail_first(current, rows);
    for (y, item) in items.iter().skip(first).take(rows).enumerate() {
        let here = first + y == current;
        let name_cells = usize::from(area.width).saturating_sub(3 + text::width(&item.count));
        let line = Line::from(vec![
            Span::styled(if here { "> " } else { "  " }, style(Role::Selected)),
            Span::styled(text::fit(&item.name, name_cells), style(if here { Role::Selected } else { Role::Text })),
            Span::raw(" "),
            Span::styled(item.count.clone(), style(if item.urgent { Role::Warning } else { Role::Dim })),
        ]);
        frame.render_widget(line, row(area, y + 1));
    }
}

fn draw_list(pane: &Queues, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Option<Position> {
    let list = &pane.list;
    let Rows { above, each, fit: rows } = Rows::of(area);
    list.set_height(rows);
    let caret = draw_title(pane, frame, row(area, 0), context);
    let columns = Columns::of(usize::from(area.width), each == 2);
    match &pane.bar.error {
        Some(error) => {
            let said = text::cut(&format!("  ! {}", text::clean(&explain(error, context.locale))), usize::from(area.width));
            frame.render_widget(Line::styled(said, context.theme.style(Role::Warning)), row(area, 1));
        }
        None if each == 1 => frame.render_widget(columns.head(context), row(area, 1)),
        None => {}
    }
    if list.total() == 0 {
        let key = match (list.is_answered(), pane.bar.prompt.value().is_empty()) {
            (false, _) => "list-loading",
            (true, true) => "list-empty",
            (true, false) => "list-filtered-empty",
        };
        frame.render_widget(Line::styled(format!("  {}", context.locale.text(key)), context.theme.style(Role::Dim)), row(area, above));
        draw_popup(pane, frame, area, caret, context);
        return caret;
    }
    let first = list.first_shown();
    let mut painted = pane.painted.borrow_mut();
    painted.begin(&columns, context);
    for y in 0..rows.min(list.total().saturating_sub(first)) {
        let at = above + y * each;
        let Some(ticket) = list.row(first + y) else {
            frame.render_widget(Line::styled("  …", context.theme.style(Role::Dim)), row(area, at));
            continue;
        };
        let marks = Marks {
            selected: list.is_selected(first + y),
            changed: list.is_marked(ticket.number),
            marked: list.marked().contains(&ticket.number),
        };
        let cells = painted.row(Said::of(ticket, marks, context), &columns, context);
        for (place, line) in cells.chunks(usize::from(area.width).max(1)).enumerate() {
            if at + place < usize::from(area.height) {
                put(frame.buffer_mut(), row(area, at + place), line);
            }
        }
    }
    painted.end();
    draw_popup(pane, frame, area, caret, context);
    caret
}

/// Puts drawn cells into a line of the frame.
fn put(buffer: &mut Buffer, place: Rect, cells: &[Cell]) {
    let place = place.intersection(buffer.area);
    if place.is_empty() {
        return;
    }
    let (from, count) = (buffer.index_of(place.x, place.y), usize::from(place.width).min(cells.len()));
    buffer.content[from..from + count].clone_from_slice(&cells[..count]);
}

/// What can be completed, under the caret.
fn draw_popup(pane: &Queues, frame: &mut Frame<'_>, area: Rect, caret: Option<Position>, context: &Context<'_>) {
    let (Some(Popup { candidates, selected, .. }), Some(caret)) = (&pane.bar.popup, caret) else { return };
    let label_cells = candidates.iter().map(|one| text::width(&one.label)).max().unwrap_or(0).min(30);
    let hint_cells = candidates.iter().map(|one| text::width(&one.hint)).max().unwrap_or(0).min(24);
    // Wide enough that what lies under it is not read as its end.
    let width = u16::try_from(label_cells + hint_cells + 4).unwrap_or(u16::MAX).max(40).min(area.width);
    let rows = u16::try_from(candidates.len()).unwrap_or(u16::MAX).min(area.height.saturating_sub(2));
    let x = caret.x.saturating_sub(2).clamp(area.x, area.right().saturating_sub(width));
    let place = Rect { x, y: area.y + 2, width, height: rows };
    frame.render_widget(ratatui::widgets::Clear, place);
    let style = |role| context.theme.style(role);
    let lines = candidates.iter().enumerate().map(|(index, one)| {
        let on = *selected == Some(index);
        Line::from(vec![
            Span::styled(if on { "> " } else { "| " }, style(if on { Role::Selected } else { Role::Border })),
            Span::styled(text::fit(&one.label, label_cells), style(if on { Role::Selected } else { Role::Text })),
            Span::raw("  "),
            Span::styled(text::fit(&one.hint, hint_cells), style(Role::Dim)),
        ])
    });
    crate::console::widgets::paint::lines(frame, place, lines);
}

/// The view's name; a saved one that was changed on screen has a star.
fn title(pane: &Queues, context: &Context<'_>) -> String {
    let query = pane.list.query();
    match pane.saved_view(context) {
        Some(saved) => {
            let changed = saved.filter != pane.bar.prompt.value().trim() || saved.sort != query.sort || query.view != View::All;
            format!("{}{}", text::clean(&saved.name), if changed { "*" } else { "" })
        }
        None => view_name(query.view, context),
    }
}

/// View, count, sort, filter, what is new. Returns the caret while the filter is typed.
fn draw_title(pane: &Queues, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Option<Position> {
    let (list, locale, theme) = (&pane.list, context.locale, context.theme);
    let sort = match list.query().sort {
        Sort::Due => "sort-due",
        Sort::Priority => "sort-priority",
        Sort::Updated => "sort-updated",
        Sort::Newest => "sort-newest",
    };
    let name = text::cut(&title(pane, context), 24);
    let mut spans = vec![
        Span::styled(format!("{name} "), theme.style(Role::Title)),
        Span::raw(format!("{}  ", locale.number(list.total()))),
        Span::styled(format!("{}  ", locale.text(sort)), theme.style(Role::Dim)),
    ];
    if !list.marked().is_empty() {
        spans.push(Span::styled(format!("{}  ", locale.count("list-marked", list.marked().len())), theme.style(Role::Match)));
    }
    if list.range_start().is_some() {
        spans.push(Span::styled(format!("{}  ", locale.text("list-range")), theme.style(Role::Key)));
    }
    if let Some(news) = list.news() {
        let words = if news > 0 { locale.count("list-new", news) } else { locale.text("list-moved").into_owned() };
        spans.push(Span::styled(format!("{words}  "), theme.style(Role::Changed)));
    }
    let typing = pane.focus == Focus::Filter;
    if typing || !pane.bar.prompt.value().is_empty() {
        spans.push(Span::styled("/", theme.style(Role::Key)));
        let used: usize = spans.iter().map(|span| text::width(&span.content)).sum();
        let used = u16::try_from(used).unwrap_or(u16::MAX).min(area.width.saturating_sub(2));
        frame.render_widget(Line::from(spans), area);
        let caret = pane.bar.prompt.draw(frame, Rect { x: area.x + used, width: area.width - used, ..area });
        return caret.filter(|_| typing);
    }
    frame.render_widget(Line::from(spans), area);
    None
}
