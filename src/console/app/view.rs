//! The frame around the panes: tabs and status above, toast and keys below, dialogs over all. Reads only.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Paragraph, Wrap};

use super::model::{Model, SMALLEST, which_key_delay};
use super::update::disabled;
use crate::base::text;
use crate::client::view::Link;
use crate::console::action::Action;
use crate::console::keymap::{Lookup, PANES};
use crate::console::overlay::centred;
use crate::console::pane::PaneId;
use crate::console::theme::Role;
use crate::console::words;
use crate::domain::person::AgentState;

/// Draws all; the terminal's cursor goes to the caret where there is one.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    let area = frame.area();
    if model.too_small() {
        draw_too_small(model, frame, area);
        return;
    }
    let context = model.shared.context();
    frame.render_widget(tabs(model, area.width), row(area, 0));
    let body = Rect { y: area.y + 1, height: area.height - 3, ..area };
    let mut caret = None;
    let (one, other) = model.visible();
    let (left, right) = split(body, other.is_some());
    for (id, area) in [Some((one, left)), other.map(|id| (id, right))].into_iter().flatten() {
        let Some(pane) = model.pane(id) else { continue };
        let focused = id == model.focused();
        let inner = if other.is_some() { frame_pane(model, frame, area, id, focused) } else { area };
        let place = pane.draw(frame, inner, &context);
        if focused {
            caret = place;
        }
    }
    frame.render_widget(toast(model, area.width), row(area, area.height - 2));
    frame.render_widget(keys(model, area.width), row(area, area.height - 1));
    draw_which_key(model, frame, body);
    if let Some(overlay) = model.overlays.last() {
        caret = overlay.draw(frame, body, &context);
    }
    if let Some(place) = caret {
        frame.set_cursor_position(Position { x: place.x.min(area.right() - 1), y: place.y.min(area.bottom() - 1) });
    }
}

fn row(area: Rect, y: u16) -> Rect {
    Rect { y: area.y + y, height: 1, ..area }
}

/// Where list and ticket stand: side by side, the list a little wider.
fn split(body: Rect, beside: bool) -> (Rect, Rect) {
    if !beside {
        return (body, body);
    }
    let left = body.width * 11 / 20;
    (Rect { width: left, ..body }, Rect { x: body.x + left, width: body.width - left, ..body })
}

/// Two panes side by side get a line above each that says which has the keys; the right one a line at its left.
fn frame_pane(model: &Model, frame: &mut Frame<'_>, area: Rect, id: PaneId, focused: bool) -> Rect {
    use ratatui::widgets::Borders;
    let style = model.shared.theme.style(if focused { Role::BorderFocused } else { Role::Border });
    let borders = if id == PaneId::Ticket { Borders::TOP | Borders::LEFT } else { Borders::TOP };
    let mark = if focused { ">" } else { " " };
    let title = Line::styled(format!("{mark}{} ", model.shared.locale.text(pane_title(id))), style);
    let block = Block::new().borders(borders).border_style(style).title(title);
    let inner = block.inner(area);
    frame.render_widget(block, area);
    inner
}

/// Message key of a pane's name.
fn pane_title(id: PaneId) -> &'static str {
    match id {
        PaneId::Queues => "pane-queues",
        PaneId::Ticket => "pane-ticket",
        PaneId::Assignment => "pane-assignment",
        PaneId::Shifts => "pane-shifts",
        PaneId::Chats => "pane-chats",
    }
}

fn tabs(model: &Model, width: u16) -> Line<'static> {
    let shared = &model.shared;
    let context = shared.context();
    let mut spans = Vec::new();
    for (index, id) in PANES.into_iter().enumerate() {
        let Some(pane) = model.pane(id) else { continue };
        let badge = pane.badge(&context).map(|n| format!(" ({n})")).unwrap_or_default();
        let name = shared.locale.text(pane_title(id));
        let here = id == model.focused();
        let (text, role) = if here {
            (format!("[{} {name}{badge}]", index + 1), Role::Accent)
        } else {
            (format!(" {} {name}{badge} ", index + 1), Role::Dim)
        };
        spans.push(Span::styled(text, shared.theme.style(role)));
    }
    let status = status(model);
    let used: usize = spans.iter().map(|span| text::width(&span.content)).sum();
    let wanted: usize = status.iter().map(|span| text::width(&span.content)).sum();
    let room = usize::from(width).saturating_sub(used);
    if wanted <= room {
        spans.push(Span::raw(" ".repeat(room - wanted)));
        spans.extend(status);
    } else if let Some(link) = status.into_iter().next() {
        // Too narrow for all: the link is what must be seen.
        let cut = text::cut(&link.content, room.saturating_sub(1));
        spans.push(Span::raw(" ".repeat(room.saturating_sub(text::width(&cut)))));
        spans.push(Span::styled(cut, link.style));
    }
    Line::from(spans)
}

/// Link first, then outbox, time, who and their presence.
fn status(model: &Model) -> Vec<Span<'static>> {
    let shared = &model.shared;
    let (theme, locale) = (&shared.theme, &shared.locale);
    let (words, role) = match &shared.link.link {
        Link::Connecting => (locale.text("link-connecting").into_owned(), Role::Dim),
        Link::Loading { rows } => (locale.with("link-loading", &[("rows", &rows.to_string())]), Role::Dim),
        Link::Live => (locale.text("link-live").into_owned(), Role::Good),
        Link::Offline { since, .. } => {
            let minutes = (shared.now - *since).num_minutes().max(0) * 60;
            let span = if minutes == 0 { "<1m".to_owned() } else { locale.span(minutes) };
            (locale.with("link-offline", &[("span", &span)]), Role::Danger)
        }
        Link::SignedOut => (locale.text("link-signed-out").into_owned(), Role::Danger),
    };
    let mut spans = vec![Span::styled(words, theme.style(role))];
    if shared.link.waiting > 0 {
        spans.push(Span::styled(format!(" {}", locale.count("link-outbox", shared.link.waiting)), theme.style(Role::Warning)));
    }
    if shared.link.refused > 0 {
        spans.push(Span::styled(format!(" {}", locale.count("link-refused", shared.link.refused)), theme.style(Role::Danger)));
    }
    let presence = shared
        .agent_states
        .get(&shared.me.id)
        .map_or_else(|| AgentState::unseen(shared.me.id, shared.now).presence, |state| state.presence);
    let time = shared.now.with_timezone(&shared.zone).format("%H:%M").to_string();
    let name = text::cut(&text::clean(&shared.me.name), 14);
    spans.push(Span::raw(format!(" {time} {name} {} ", locale.text(words::presence(presence)))));
    spans
}

fn toast(model: &Model, width: u16) -> Line<'static> {
    let text = match (&model.toast, &model.shared.link.link) {
        (Some(toast), _) => toast.text.clone(),
        (None, Link::Offline { why, .. }) => text::clean(why),
        _ => String::new(),
    };
    Line::styled(text::cut(&text, usize::from(width)), model.shared.theme.style(Role::Accent))
}

/// The actions the footer offers, most wanted first.
const OFFERED: &[(PaneId, &[Action])] = &[
    (
        PaneId::Queues,
        &[Action::Open, Action::Claim, Action::Assign, Action::Reply, Action::SetStatus, Action::Filter, Action::SortBy, Action::NewTicket],
    ),
    (PaneId::Ticket, &[Action::Reply, Action::Note, Action::SetStatus, Action::Assign, Action::Escalate, Action::NextTab, Action::Back]),
    (PaneId::Assignment, &[Action::GiveTo, Action::Open, Action::Why, Action::Claim]),
    (PaneId::Shifts, &[Action::DayScale, Action::WeekScale, Action::Now, Action::NextGap, Action::MyNextShift]),
    (PaneId::Chats, &[Action::Compose, Action::NextUnread, Action::NewChat, Action::OpenTicketOfChat]),
];

/// The keys that work here.
fn keys(model: &Model, width: u16) -> Line<'static> {
    let shared = &model.shared;
    let pane = model.focused();
    let typed: String =
        model.typed.count.map(|count| count.to_string()).into_iter().chain(model.typed.keys.iter().map(ToString::to_string)).collect();
    let mut spans = Vec::new();
    let mut used = 0;
    let mut push = |key: String, label: &str, spans: &mut Vec<Span<'static>>| {
        let cells = text::width(&key) + 1 + text::width(label) + 2;
        if used + cells <= usize::from(width) {
            used += cells;
            spans.push(Span::styled(key, shared.theme.style(Role::Key)));
            spans.push(Span::raw(format!(" {label}  ")));
        }
    };
    if !typed.is_empty() {
        push(typed, "…", &mut spans);
    }
    let here = OFFERED.iter().find(|(id, _)| *id == pane).map_or(&[][..], |(_, actions)| *actions);
    for action in here.iter().chain(&[Action::Palette, Action::Help, Action::Quit]) {
        let key = model.keymap.shown(*action, pane);
        if !key.is_empty() && disabled(model, *action).is_none() {
            push(key, &shared.locale.text(action.spec().label), &mut spans);
        }
    }
    Line::from(spans)
}

/// After a prefix: what may follow.
fn draw_which_key(model: &Model, frame: &mut Frame<'_>, body: Rect) {
    let Some(since) = model.typed.since else { return };
    if model.shared.now < since + which_key_delay() {
        return;
    }
    let Lookup::Prefix(next) = model.keymap.lookup(model.focused(), &model.typed.keys) else { return };
    let (theme, locale) = (&model.shared.theme, &model.shared.locale);
    let lines: Vec<_> = next
        .iter()
        .map(|(key, action)| {
            Line::from(vec![
                Span::styled(format!(" {key} "), theme.style(Role::Key)),
                Span::raw(locale.text(action.spec().label).into_owned()),
            ])
        })
        .collect();
    let width = lines.iter().map(Line::width).max().unwrap_or(0) + 3;
    let (width, height) =
        (u16::try_from(width).unwrap_or(40).min(body.width), u16::try_from(lines.len() + 2).unwrap_or(10).min(body.height));
    let rect = Rect { x: body.right() - width, y: body.bottom() - height, width, height };
    frame.render_widget(Clear, rect);
    frame.render_widget(Paragraph::new(lines).block(Block::bordered().border_style(theme.style(Role::BorderFocused))), rect);
}

fn draw_too_small(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let (width, height) = model.size;
    let size = format!("{width}x{height}");
    let wanted = format!("{}x{}", SMALLEST.0, SMALLEST.1);
    let text = model.shared.locale.with("too-small", &[("size", &size), ("wanted", &wanted)]);
    let rect = centred(area, 46, 6);
    frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: true }), rect);
}
