//! The wallboard and the watch: screens that are looked at. They have the whole terminal.

mod wallboard;
mod watch;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::top;
use crate::base::text::{clean, cut, width};
use crate::console::app::model::Model;
use crate::console::layout::Mode;
use crate::console::theme::Role;
use crate::domain::Timestamp;
use crate::domain::stats::QueueHealth;

/// Draws whichever is on.
pub fn draw(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    if model.layout.mode == Mode::Wallboard {
        wallboard::draw(model, frame, area);
    } else {
        watch::draw(model, frame, area);
    }
}

/// What it is at the left, the state of the desk at the right.
fn head(model: &Model, title: &str, width_now: u16) -> Line<'static> {
    let (must, may) = top::status(model);
    let state: Vec<Span<'static>> = must.into_iter().chain(may.into_iter().take(1)).collect();
    let cells: usize = state.iter().map(Span::width).sum();
    let room = usize::from(width_now).saturating_sub(cells + 1);
    let title = cut(&format!(" {title}"), room);
    let gap = room + 1 - width(&title);
    let mut spans = vec![Span::styled(title, model.shared.theme.style(Role::Title)), Span::raw(" ".repeat(gap))];
    spans.extend(state);
    Line::from(spans)
}

/// Which queues it is about.
fn about(model: &Model) -> String {
    let keys = &model.board.start.queues;
    if keys.is_empty() {
        return model.shared.locale.text("overview-all-queues").into_owned();
    }
    let name = |key: &String| {
        let queue = model.shared.directory.queues.values().find(|queue| queue.key == *key);
        queue.map_or_else(|| clean(key), |queue| clean(&queue.name))
    };
    keys.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// How bad a queue stands, as a word and a role.
fn standing(row: &QueueHealth) -> (&'static str, Role) {
    match (row.late, row.breaching, row.waiting) {
        (1.., _, _) => ("wallboard-word-late", Role::Danger),
        (0, 1.., _) => ("wallboard-word-soon", Role::Warning),
        (0, 0, 1..) => ("wallboard-word-waits", Role::Accent),
        _ => ("wallboard-word-calm", Role::Good),
    }
}

/// A clock time, and how far away it is: `14:00`, `3h20`.
fn clock_time(model: &Model, at: Timestamp) -> (String, String) {
    let time = at.with_timezone(&model.shared.zone).format("%H:%M").to_string();
    let away = (at - model.shared.now).num_seconds().abs();
    // Seconds would be stale at once.
    let away = if away < 60 { "<1m".to_owned() } else { model.shared.locale.span(away) };
    (time, away)
}

/// The next shift change in words.
fn next_change(model: &Model) -> String {
    let change = model.board.standing.as_ref().and_then(|standing| standing.changes.first());
    match change {
        Some((_, at)) => {
            let (time, away) = clock_time(model, *at);
            model.shared.locale.with("wallboard-change", &[("at", &time), ("span", &away)])
        }
        None => model.shared.locale.text("wallboard-no-change").into_owned(),
    }
}
