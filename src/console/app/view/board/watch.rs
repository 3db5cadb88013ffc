//! Ops watch: the queues at the left, what happens in the middle, what is most urgent and who is on duty at the right; on a narrow
//! screen over one another.

use std::ops::Range;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders};

use super::{about, clock_time, head, next_change, standing};
use crate::base::text::{clean, cut, fit, width};
use crate::console::action::Action;
use crate::console::app::model::Model;
use crate::console::board::Column;
use crate::console::board::stream::{ANSWERS, Event, What};
use crate::console::theme::Role;
use crate::console::widgets::{list, paint};
use crate::console::words;
use crate::domain::ticket::Ticket;

/// Three columns from this width on.
const WIDE: u16 = 100;

pub fn draw(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let (top, rest) = paint::take_top(area, 1);
    let (body, bottom) = paint::take_bottom(rest, 2);
    let rows = model.board.rows(&model.shared.directory, &model.shared.me);
    let sum = |of: fn(&crate::domain::stats::QueueHealth) -> u32| rows.iter().map(of).sum::<u32>().to_string();
    let counts = model
        .shared
        .locale
        .with("watch-counts", &[("late", &sum(|row| row.late)), ("soon", &sum(|row| row.breaching)), ("waiting", &sum(|row| row.waiting))]);
    let title = format!("{} · {} · {counts}", model.shared.locale.text("watch-title"), about(model));
    paint::lines(frame, top, [head(model, &title, area.width)]);
    let queue_rows = u16::try_from(rows.len()).unwrap_or(u16::MAX);
    if area.width >= WIDE {
        let (left, rest) = paint::split_left(body, body.width * 27 / 100);
        let (middle, right) = paint::split_left(rest, rest.width * 55 / 100);
        queues(model, frame, left);
        stream(model, frame, middle);
        let (upper, lower) = paint::take_bottom(right, (right.height / 3).max(4));
        urgent(model, frame, upper);
        duty(model, frame, lower);
    } else {
        let (first, rest) = paint::take_top(body, (queue_rows + 1).min(body.height / 4).max(3));
        let (second, rest) = paint::take_top(rest, (rest.height * 2 / 5).max(3));
        let (third, last) = paint::take_bottom(rest, 3.min(rest.height));
        queues(model, frame, first);
        urgent(model, frame, second);
        stream(model, frame, third);
        duty(model, frame, last);
    }
    paint::lines(frame, bottom, [toast(model, area.width), keys(model)]);
}

fn toast(model: &Model, cells: u16) -> Line<'static> {
    let text = model.toast.as_ref().map(|toast| toast.text.clone()).unwrap_or_default();
    Line::styled(cut(&text, usize::from(cells)), model.shared.theme.style(Role::Accent))
}

/// The keys of the watch.
fn keys(model: &Model) -> Line<'static> {
    let locale = &model.shared.locale;
    let pane = model.focused();
    let shown = |action: Action| model.keymap.shown(action, pane);
    let offers = [
        (format!("{}/{}", shown(Action::Down), shown(Action::Up)), locale.text("watch-keys-move").into_owned()),
        (shown(Action::NextFocus), locale.text("watch-keys-next").into_owned()),
        (shown(Action::Open), locale.text("watch-keys-open").into_owned()),
        (shown(Action::Desk), locale.text("action-desk").into_owned()),
        (shown(Action::Wallboard), locale.text("action-wallboard").into_owned()),
    ];
    let span = |(key, label): (String, String)| [Span::styled(key, model.shared.theme.style(Role::Key)), Span::raw(format!(" {label}  "))];
    Line::from_iter(offers.into_iter().flat_map(span))
}

/// A titled part; the one with the keys says so by `>`. What is left inside.
fn part(model: &Model, frame: &mut Frame<'_>, area: Rect, title: &str, column: Option<Column>) -> Rect {
    let focused = column == Some(model.board.column);
    let style = model.shared.theme.style(if focused { Role::BorderFocused } else { Role::Border });
    let mark = if focused { ">" } else { " " };
    let title = Line::styled(format!("{mark}{title} "), style);
    let block = Block::new().borders(Borders::TOP).border_style(style).title(title);
    let inner = block.inner(area);
    frame.render_widget(block, area);
    Rect { width: inner.width.saturating_sub(1), ..inner }
}

/// Which rows of a column are on screen, and the marked one.
fn window(model: &Model, column: Column, total: usize, height: u16) -> (Range<usize>, usize) {
    let mark = model.board.mark(column, total);
    (list::page(total, mark, usize::from(height)), mark)
}

fn empty(model: &Model, frame: &mut Frame<'_>, area: Rect, key: &str) {
    let text = model.shared.locale.text(key).into_owned();
    paint::lines(frame, area, [Line::styled(cut(&text, usize::from(area.width)), model.shared.theme.style(Role::Dim))]);
}

fn mark_of(model: &Model, column: Column, here: bool) -> (&'static str, Role) {
    if here && model.board.column == column { (">", Role::Selected) } else { (" ", Role::Text) }
}

fn queues(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let area = part(model, frame, area, &model.shared.locale.text("watch-queues"), Some(Column::Queues));
    let rows = model.board.rows(&model.shared.directory, &model.shared.me);
    let (shown, mark) = window(model, Column::Queues, rows.len(), area.height);
    let locale = &model.shared.locale;
    let word_cells = ["wallboard-word-late", "wallboard-word-soon", "wallboard-word-waits", "wallboard-word-calm"]
        .iter()
        .map(|key| width(&locale.text(key)))
        .max()
        .unwrap_or(4);
    let lines = shown.filter_map(|at| {
        let row = rows.get(at)?;
        let (word, role) = standing(row);
        let (sign, style) = mark_of(model, Column::Queues, at == mark);
        // late / soon / unassigned, people on duty
        let numbers = format!("{}/{}/{} @{}", row.late, row.breaching, row.waiting, row.on_duty);
        let room = usize::from(area.width).saturating_sub(word_cells + width(&numbers) + 3);
        let name = fit(&cut(&words::queue(&model.shared.directory, row.queue), room), room);
        Some(Line::from(vec![
            Span::styled(format!("{sign}{name} "), model.shared.theme.style(style)),
            Span::styled(fit(&locale.text(word), word_cells), model.shared.theme.style(role)),
            Span::raw(format!(" {numbers}")),
        ]))
    });
    paint::lines(frame, area, lines.collect::<Vec<_>>());
}

fn stream(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let area = part(model, frame, area, &model.shared.locale.text("watch-stream"), Some(Column::Stream));
    let events = model.board.stream.events();
    if events.is_empty() {
        empty(model, frame, area, "watch-nothing");
        return;
    }
    let (shown, mark) = window(model, Column::Stream, events.len(), area.height);
    let lines = shown.filter_map(|at| Some(event(model, events.get(at)?, at == mark, usize::from(area.width))));
    paint::lines(frame, area, lines.collect::<Vec<_>>());
}

/// `>10:09 #48213 BREACHED  the subject`
fn event(model: &Model, event: &Event, marked: bool, cells: usize) -> Line<'static> {
    let locale = &model.shared.locale;
    let person = |id| words::person(&model.shared.directory, id);
    let (said, role) = match event.what {
        What::Arrived => (locale.text("watch-arrived").into_owned(), Role::Text),
        What::Assigned(id) => (locale.with("watch-assigned", &[("name", &person(id))]), Role::Text),
        What::Accepted(id) => (locale.with("watch-accepted", &[("name", &person(id))]), Role::Text),
        What::Solved => (locale.text("watch-solved").into_owned(), Role::Good),
        What::Warned => (locale.text("watch-warned").into_owned(), Role::Warning),
        What::Breached => (locale.text("watch-breached").into_owned(), Role::Danger),
        What::Called { expert, by } => (locale.with("watch-called", &[("expert", &person(expert)), ("by", &person(by))]), Role::Accent),
        What::Answered { expert, state } => {
            let state = ANSWERS.get(usize::from(state)).map(|state| locale.text(words::escalation(*state)).into_owned());
            (locale.with("watch-answered", &[("expert", &person(expert)), ("state", &state.unwrap_or_default())]), Role::Accent)
        }
        What::LinkLost => (locale.text("watch-link-lost").into_owned(), Role::Danger),
        What::LinkLive => (locale.text("watch-link-live").into_owned(), Role::Good),
    };
    let time = event.at.with_timezone(&model.shared.zone).format("%H:%M").to_string();
    let number = event.ticket.map(|number| format!("#{number} ")).unwrap_or_default();
    let (sign, style) = mark_of(model, Column::Stream, marked);
    let head = format!("{sign}{time} {number}");
    let said = cut(&said, cells.saturating_sub(width(&head)));
    let room = cells.saturating_sub(width(&head) + width(&said) + 2);
    Line::from(vec![
        Span::styled(head, model.shared.theme.style(style)),
        Span::styled(said, model.shared.theme.style(role)),
        Span::styled(format!("  {}", cut(&clean(&event.subject), room)), model.shared.theme.style(Role::Dim)),
    ])
}

fn urgent(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let area = part(model, frame, area, &model.shared.locale.text("watch-urgent"), Some(Column::Urgent));
    let tickets = &model.board.urgent;
    if tickets.is_empty() {
        empty(model, frame, area, "watch-no-urgent");
        return;
    }
    let (shown, mark) = window(model, Column::Urgent, tickets.len(), area.height);
    let lines = shown.filter_map(|at| Some(ticket(model, tickets.get(at)?, at == mark, usize::from(area.width))));
    paint::lines(frame, area, lines.collect::<Vec<_>>());
}

/// `>#48213 !! 12m late  张伟  the subject`
fn ticket(model: &Model, ticket: &Ticket, marked: bool, cells: usize) -> Line<'static> {
    let (due, role) = match ticket.due_at {
        Some(at) => words::due(&model.shared.locale, at, model.shared.now),
        None => (String::new(), Role::Dim),
    };
    let (sign, style) = mark_of(model, Column::Urgent, marked);
    let head = format!("{sign}{} ", fit(&format!("#{}", ticket.number), 7));
    let owner = ticket.assignee.map_or_else(|| "-".to_owned(), |id| words::person(&model.shared.directory, id));
    let owner = fit(&cut(&owner, 8), 8);
    let priority = fit(words::priority_mark(ticket.priority), 2);
    let due = fit(&due, 10);
    let room = cells.saturating_sub(width(&head) + 3 + 10 + 1 + 8 + 1);
    Line::from(vec![
        Span::styled(head, model.shared.theme.style(style)),
        Span::styled(format!("{priority} "), model.shared.theme.style(words::priority_role(ticket.priority))),
        Span::styled(format!("{due} "), model.shared.theme.style(role)),
        Span::styled(format!("{owner} "), model.shared.theme.style(Role::Dim)),
        Span::raw(cut(&clean(&ticket.subject), room)),
    ])
}

/// Who is on duty, and when each rota hands over.
fn duty(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let locale = &model.shared.locale;
    let people = model.board.on_duty(&model.shared.directory, &model.shared.me);
    let title = format!("{} ({})", locale.text("watch-duty"), people.len());
    let area = part(model, frame, area, &title, None);
    let names: Vec<String> = people.iter().map(|id| words::person(&model.shared.directory, *id)).collect();
    let names = if names.is_empty() { locale.text("wallboard-nobody").into_owned() } else { names.join(", ") };
    let role = if people.is_empty() { Role::Danger } else { Role::OnDuty };
    let mut lines: Vec<Line<'_>> = Vec::new();
    let handovers = usize::from(area.height).saturating_sub(1).min(3);
    let rows = usize::from(area.height).saturating_sub(handovers).max(1);
    let wrapped = crate::base::text::wrap(&names, usize::from(area.width));
    lines.extend(wrapped.into_iter().take(rows).map(|line| Line::styled(line, model.shared.theme.style(role))));
    let changes = model.board.standing.as_ref().map_or(&[][..], |standing| &standing.changes);
    if changes.is_empty() {
        lines.push(Line::styled(next_change(model), model.shared.theme.style(Role::Dim)));
    }
    for (rota, at) in changes.iter().take(handovers) {
        let name = model.shared.directory.rotas.get(rota).map(|rota| clean(&rota.name)).unwrap_or_default();
        let (time, away) = clock_time(model, *at);
        let said = locale.with("watch-handover", &[("rota", &name), ("at", &format!("{time} ({away})"))]);
        lines.push(Line::styled(cut(&said, usize::from(area.width)), model.shared.theme.style(Role::Dim)));
    }
    paint::lines(frame, area, lines);
}
