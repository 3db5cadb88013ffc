//! The top line: the panes at the left, the state of the desk at the right.

use ratatui::text::{Line, Span};

use crate::base::text;
use crate::client::view::{Link, Old};
use crate::console::app::model::Model;
use crate::console::keymap::PANES;
use crate::console::pane::PaneId;
use crate::console::theme::Role;
use crate::console::words;
use crate::domain::person::{AgentState, Presence};

/// Message key of a pane's name.
pub fn pane_title(id: PaneId) -> &'static str {
    match id {
        PaneId::Queues => "pane-queues",
        PaneId::Ticket => "pane-ticket",
        PaneId::Assignment => "pane-assignment",
        PaneId::Shifts => "pane-shifts",
        PaneId::Chats => "pane-chats",
        PaneId::Overview => "pane-overview",
    }
}

/// How much of the panes' names the top line has room for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    Badges,
    /// Only the unread messages are counted.
    Plain,
    /// Only the pane in front is named.
    Keys,
}

fn cells(spans: &[Span<'_>]) -> usize {
    spans.iter().map(|span| text::width(&span.content)).sum()
}

/// The pane whose name is at this column.
#[must_use]
pub fn pane_at(model: &Model, width: u16, column: u16) -> Option<PaneId> {
    let names = names(model, usize::from(width), &status(model));
    let shown = PANES.into_iter().filter(|id| model.pane(*id).is_some());
    let mut end = 0;
    shown.zip(&names).find_map(|(id, name)| {
        end += text::width(&name.content);
        (usize::from(column) < end).then_some(id)
    })
}

/// The panes' names as long as what must be seen leaves room for.
fn names(model: &Model, width: usize, (must, may): &(Vec<Span<'static>>, Vec<Span<'static>>)) -> Vec<Span<'static>> {
    let least = cells(must) + may.first().map_or(0, |time| text::width(&time.content)) + 1;
    let fits = |spans: &Vec<Span<'static>>| least <= width.saturating_sub(cells(spans));
    let longer = [Names::Badges, Names::Plain].into_iter().map(|names| pane_names(model, names)).find(fits);
    longer.unwrap_or_else(|| pane_names(model, Names::Keys))
}

/// The panes at the left, the state of the desk at the right. What must be seen is never cut: the panes' names give way.
pub fn tabs(model: &Model, width: u16) -> Line<'static> {
    let state = status(model);
    let mut spans = names(model, usize::from(width), &state);
    let (must, may) = state;
    let left = usize::from(width).saturating_sub(cells(&spans)).saturating_sub(1);
    let mut state = must;
    for span in may {
        // What is left out here is left out to the end: an order that changes with the width confuses.
        if cells(&state) + text::width(&span.content) > left {
            break;
        }
        state.push(span);
    }
    spans.push(Span::raw(" ".repeat(left.saturating_sub(cells(&state)))));
    spans.extend(state);
    Line::from(spans)
}

fn pane_names(model: &Model, names: Names) -> Vec<Span<'static>> {
    let shared = &model.shared;
    let context = shared.context();
    let mut spans = Vec::new();
    for (index, id) in PANES.into_iter().enumerate() {
        let Some(pane) = model.pane(id) else { continue };
        let here = id == model.focused();
        let counted = names == Names::Badges || id == PaneId::Chats;
        let badge = pane.badge(&context).filter(|_| counted).map(|n| format!(" ({n})")).unwrap_or_default();
        let name = if names == Names::Keys && !here { String::new() } else { format!(" {}", shared.locale.text(pane_title(id))) };
        let name = model.screen.glyphs.icon(pane_title(id)).map_or_else(|| name.clone(), |icon| format!(" {icon}{name}"));
        let (text, role) = if here {
            (format!("[{}{name}{badge}]", index + 1), Role::Accent)
        } else {
            (format!(" {}{name}{badge} ", index + 1), Role::Dim)
        };
        spans.push(Span::styled(text, shared.theme.style(role)));
    }
    spans
}

/// What must be seen (link, outbox), and what may be dropped from its end: time, presence, name.
pub fn status(model: &Model) -> (Vec<Span<'static>>, Vec<Span<'static>>) {
    let shared = &model.shared;
    let (theme, locale) = (&shared.theme, &shared.locale);
    let (words, role) = match &shared.link.link {
        Link::Connecting => (locale.text("link-connecting").into_owned(), Role::Dim),
        Link::Loading { rows } => (locale.with("link-loading", &[("rows", &rows.to_string())]), Role::Dim),
        Link::Live => (locale.text("link-live").into_owned(), Role::Good),
        Link::Offline { since, .. } => {
            let minutes = (shared.now - *since).num_minutes().max(0) * 60;
            let span = if minutes == 0 { locale.text("span-soon").into_owned() } else { locale.span(minutes) };
            (locale.with("link-offline", &[("span", &span)]), Role::Danger)
        }
        Link::SignedOut => (locale.text("link-signed-out").into_owned(), Role::Danger),
        Link::Outdated { old: Old::Client, .. } => (locale.text("link-client-old").into_owned(), Role::Danger),
        Link::Outdated { old: Old::Server, .. } => (locale.text("link-server-old").into_owned(), Role::Danger),
    };
    let mut spans = vec![Span::styled(words, theme.style(role))];
    if shared.link.waiting > 0 {
        spans.push(Span::styled(format!(" {}", locale.count("link-outbox", shared.link.waiting)), theme.style(Role::Warning)));
    }
    if shared.link.refused > 0 {
        spans.push(Span::styled(format!(" {}", locale.count("link-refused", shared.link.refused)), theme.style(Role::Danger)));
    }
    if let Some(badge) = crate::console::notices::badge(locale, model.notices_unread) {
        spans.push(Span::styled(format!(" {badge}"), theme.style(Role::Warning)));
    }
    let presence = shared
        .agent_states
        .get(&shared.me.id)
        .map_or_else(|| AgentState::unseen(shared.me.id, shared.now).presence, |state| state.presence);
    let time = shared.now.with_timezone(&shared.zone).format("%H:%M").to_string();
    let name = text::cut(&text::clean(&shared.me.name), 14);
    let role = if presence == Presence::Available { Role::Text } else { Role::Warning };
    let presence = Span::styled(format!(" {}", locale.text(words::presence(presence))), theme.style(role));
    (spans, vec![Span::raw(format!(" {time}")), presence, Span::raw(format!(" {name}"))])
}
