//! How Queues looks. The selection is a mark and a bold number, not a bar: moving it costs a slow link two short writes.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::complete::Popup;
use super::filter_bar::explain;
use super::rail::{items, view_name};
use super::{Focus, Queues};
use crate::base::text;
use crate::client::view::{Sort, View};
use crate::console::pane::Context;
use crate::console::theme::Role;
use crate::console::{call_words, here_words, words};
use crate::domain::ticket::Ticket;

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
    for y in 0..rows.min(list.total().saturating_sub(first)) {
        let lines = match list.row(first + y) {
            Some(ticket) => {
                let row = Row {
                    selected: list.is_selected(first + y),
                    changed: list.is_marked(ticket.number),
                    marked: list.marked().contains(&ticket.number),
                };
                columns.lines(ticket, row, context)
            }
            None => vec![Line::styled("  …", context.theme.style(Role::Dim))],
        };
        for (place, line) in lines.into_iter().enumerate() {
            let at = above + y * each + place;
            if at < usize::from(area.height) {
                frame.render_widget(line, row(area, at));
            }
        }
    }
    draw_popup(pane, frame, area, caret, context);
    caret
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

/// What a line shows besides its ticket.
#[derive(Clone, Copy)]
struct Row {
    selected: bool,
    /// It changed a moment ago.
    changed: bool,
    /// It is marked for an act on many.
    marked: bool,
}

/// Before the subject: a major incident, tied to one, or looking like one.
fn incident_mark(ticket: &Ticket) -> String {
    match (&ticket.major, ticket.incident, ticket.looks_like) {
        (Some(_), _, _) => "[!] ".to_owned(),
        (None, Some(number), _) => format!("[={number}] "),
        (None, None, Some(number)) => format!("[{number}?] "),
        (None, None, None) => String::new(),
    }
}

/// Which columns fit, and how wide; the subject takes the rest.
struct Columns {
    number: usize,
    priority: usize,
    status: usize,
    due: usize,
    assignee: usize,
    requester: usize,
    subject: usize,
    /// The subject has a line of its own.
    two: bool,
}

impl Columns {
    fn of(width: usize, two: bool) -> Self {
        let (number, priority, status, due) = (6, 3, 8, 10);
        if two {
            let left = width.saturating_sub(2 + number + priority + status + due);
            let assignee = left.min(12);
            return Self { number, priority, status, due, assignee, requester: left - assignee, subject: width.saturating_sub(8), two };
        }
        let assignee = if width >= 62 { 11 } else { 0 };
        let requester = if width >= 78 { 16 } else { 0 };
        let used = 2 + number + priority + status + due + assignee + requester;
        Self { number, priority, status, due, assignee, requester, subject: width.saturating_sub(used), two }
    }

    /// A cell with a space after it.
    fn cell(text: &str, cells: usize) -> String {
        if cells == 0 { String::new() } else { format!("{} ", text::fit(text, cells - 1)) }
    }

    fn head(&self, context: &Context<'_>) -> Line<'static> {
        let locale = context.locale;
        let cells: String = [
            ("  ".to_owned(), 0),
            (Self::cell("#", self.number), 0),
            (Self::cell(&locale.text("column-priority"), self.priority), 0),
            (Self::cell(&locale.text("column-status"), self.status), 0),
            (Self::cell(&locale.text("column-due"), self.due), 0),
            (Self::cell(&locale.text("column-assignee"), self.assignee), 0),
            (Self::cell(&locale.text("column-requester"), self.requester), 0),
            (text::fit(&locale.text("column-subject"), self.subject), 0),
        ]
        .into_iter()
        .map(|(cell, _)| cell)
        .collect();
        Line::styled(cells, context.theme.style(Role::Dim))
    }

    fn lines(&self, ticket: &Ticket, row: Row, context: &Context<'_>) -> Vec<Line<'static>> {
        let (selected, changed) = (row.selected, row.changed);
        let style = |role| context.theme.style(role);
        let first = match (selected, changed) {
            (true, _) => ">",
            (false, true) => "*",
            (false, false) => " ",
        };
        let second = if row.marked { "+" } else { " " };
        let (due, due_role) = match ticket.due_at {
            Some(due) if ticket.status.is_unsolved() => words::due(context.locale, due, context.now),
            _ => (String::new(), Role::Dim),
        };
        let (assignee, assignee_role) = match (ticket.assignee, ticket.waits) {
            (Some(person), _) => (words::person(context.directory, person), Role::Text),
            (None, Some(waits)) => (format!("- {}", context.locale.text(words::waits_short(waits))), Role::Warning),
            (None, None) => ("-".to_owned(), Role::Dim),
        };
        let requester = ticket.requester.site.as_ref().map_or(&ticket.requester.name, |site| &site.name);
        let number_role = if selected { Role::Selected } else { Role::Text };
        let subject_role = if changed { Role::Changed } else { Role::Text };
        let reply = match (context.drafts.any(ticket.conversation), ticket.awaits_reply) {
            (true, _) => "✎",
            (false, true) => "<",
            (false, false) => " ",
        };
        let call = call_words::mark(ticket.number, context).map(|(mark, role)| (format!("{mark} "), role));
        let here = here_words::mark(ticket.number, context).map(|(mark, role)| (format!("{mark} "), role));
        let marks: Vec<_> = [call, here].into_iter().flatten().map(|(mark, role)| Span::styled(mark, style(role))).collect();
        let taken: usize = marks.iter().map(|mark| text::width(&mark.content)).sum::<usize>() + 1;
        let mut line = vec![
            Span::styled(first, style(if changed { Role::Changed } else { Role::Selected })),
            Span::styled(second, style(Role::Match)),
            Span::styled(Self::cell(&ticket.number.to_string(), self.number), style(number_role)),
            Span::styled(Self::cell(words::priority_mark(ticket.priority), self.priority), style(words::priority_role(ticket.priority))),
            Span::raw(Self::cell(&context.locale.text(words::status(ticket.status)), self.status)),
            Span::styled(Self::cell(&due, self.due), style(due_role)),
            Span::styled(Self::cell(&assignee, self.assignee), style(assignee_role)),
            Span::raw(Self::cell(&text::clean(requester), self.requester)),
        ];
        let mut said = vec![Span::styled(reply, style(subject_role))];
        said.extend(marks);
        said.push(Span::styled(
            text::fit(&format!("{}{}", incident_mark(ticket), text::clean(&ticket.subject)), self.subject.saturating_sub(taken)),
            style(if self.two && selected { Role::Selected } else { subject_role }),
        ));
        if self.two {
            let mut second = vec![Span::raw(" ".repeat(7))];
            second.extend(said);
            return vec![Line::from(line), Line::from(second)];
        }
        line.extend(said);
        vec![Line::from(line)]
    }
}
