//! The frame around the panes: tabs and status above, toast and keys below, dialogs over all. Reads only.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Paragraph, Wrap};

use super::model::{Model, SMALLEST, which_key_delay};
use super::update::disabled;
use crate::base::text;
use crate::client::view::Link;
use crate::console::action::Action;
use crate::console::keymap::{Lookup, PANES};
use crate::console::overlay::centred;
use crate::console::pane::PaneId;
use crate::console::theme::Role;
use crate::console::widgets::paint;
use crate::console::{call_words, words};
use crate::domain::person::{AgentState, Presence};

/// Draws all; the terminal's cursor goes to the caret where there is one.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    let area = frame.area();
    // The frame's own size counts: the model hears of a new one later.
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        draw_too_small(model, frame, area);
        return;
    }
    let context = model.shared.context();
    frame.render_widget(tabs(model, area.width), row(area, 0));
    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(3), ..area };
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
    frame.render_widget(toast(model, area.width), row(area, area.height.saturating_sub(2)));
    frame.render_widget(keys(model, area.width), row(area, area.height.saturating_sub(1)));
    draw_which_key(model, frame, body);
    if model.files.is_open() {
        caret = model.files.draw(frame, body, &context);
    }
    if let Some(overlay) = model.overlays.last() {
        caret = overlay.draw(frame, body, &context);
    }
    if let Some(place) = caret {
        frame.set_cursor_position(Position {
            x: place.x.min(area.right().saturating_sub(1)),
            y: place.y.min(area.bottom().saturating_sub(1)),
        });
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
    (Rect { width: left, ..body }, Rect { x: body.x + left, width: body.width.saturating_sub(left), ..body })
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

/// How much of the panes' names the top line has room for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    Badges,
    /// Only the unread messages are counted.
    Plain,
    /// Only the pane in front is named.
    Keys,
}

/// The panes at the left, the state of the desk at the right. What must be seen is never cut: the panes' names give way.
fn tabs(model: &Model, width: u16) -> Line<'static> {
    let cells = |spans: &[Span<'_>]| spans.iter().map(|span| text::width(&span.content)).sum::<usize>();
    let (must, may) = status(model);
    let least = cells(&must) + may.first().map_or(0, |time| text::width(&time.content)) + 1;
    let room = |names: &[Span<'_>]| usize::from(width).saturating_sub(cells(names));
    let all = [Names::Badges, Names::Plain, Names::Keys].map(|names| pane_names(model, names));
    let mut spans = all.iter().find(|spans| least <= room(spans)).unwrap_or(&all[2]).clone();
    let left = room(&spans).saturating_sub(1);
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
fn status(model: &Model) -> (Vec<Span<'static>>, Vec<Span<'static>>) {
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

fn toast(model: &Model, width: u16) -> Line<'static> {
    let text = match (&model.toast, &model.shared.link.link) {
        (Some(toast), _) => toast.text.clone(),
        (None, _) if let Some(banner) = calling(model) => {
            return Line::styled(text::cut(&banner, usize::from(width)), model.shared.theme.style(Role::Danger));
        }
        (None, Link::Offline { why, .. }) => text::clean(why),
        _ => String::new(),
    };
    Line::styled(text::cut(&text, usize::from(width)), model.shared.theme.style(Role::Accent))
}

/// That I am called, for as long as I have not answered.
fn calling(model: &Model) -> Option<String> {
    let context = model.shared.context();
    let call = call_words::waiting_for_me(&context).next()?;
    let chats = model.focused() == PaneId::Chats;
    let key = model.keymap.shown(if chats { Action::AnswerCall } else { Action::AnswerEscalation }, model.focused());
    // The ticket itself says so already.
    let here =
        model.focused() == PaneId::Ticket && model.pane(PaneId::Ticket)?.selected_ticket().is_some_and(|one| one.number == call.ticket);
    (!here).then(|| call_words::invitation(call, if key.is_empty() { "1 E" } else { &key }, &context))
}

/// The actions the footer offers, most wanted first.
const OFFERED: &[(PaneId, &[Action])] = &[
    (
        PaneId::Queues,
        &[Action::Open, Action::Claim, Action::Assign, Action::Reply, Action::SetStatus, Action::Filter, Action::SortBy, Action::NewTicket],
    ),
    (PaneId::Ticket, &[Action::Reply, Action::Note, Action::SetStatus, Action::Assign, Action::Escalate, Action::NextTab, Action::Back]),
    (
        PaneId::Assignment,
        &[Action::GiveTo, Action::Open, Action::Why, Action::WhoNow, Action::Rebalance, Action::QueueSettings, Action::Claim],
    ),
    (
        PaneId::Shifts,
        &[
            Action::DayScale,
            Action::WeekScale,
            Action::MonthScale,
            Action::CoverShift,
            Action::AskSwap,
            Action::TakeLeave,
            Action::RosterAnswers,
            Action::GapsAhead,
            Action::MyCalendar,
            Action::DutyAt,
            Action::RosterFilter,
            Action::Rotas,
        ],
    ),
    (PaneId::Chats, &[Action::Compose, Action::NextUnread, Action::NewChat, Action::OpenTicketOfChat]),
];

/// The keys that work here. Help and Quit always have their room; of the others as many as fit, most wanted first.
fn keys(model: &Model, width: u16) -> Line<'static> {
    let shared = &model.shared;
    let pane = model.focused();
    let offer = |action: &Action| {
        let key = model.keymap.shown(*action, pane);
        let works = !key.is_empty() && disabled(model, *action).is_none();
        works.then(|| (key, shared.locale.text(action.spec().label).into_owned()))
    };
    let cells = |(key, label): &(String, String)| text::width(key) + 1 + text::width(label) + 2;
    let typed: String =
        model.typed.count.map(|count| count.to_string()).into_iter().chain(model.typed.keys.iter().map(ToString::to_string)).collect();
    let typed = (!typed.is_empty()).then(|| (typed, "…".to_owned()));
    let offers = model.pane(pane).and_then(crate::console::Pane::offers);
    // Where keys are text, these are letters like any other.
    let form = offers.is_some_and(<[Action]>::is_empty);
    let always: Vec<_> = [Action::Help, Action::Quit].iter().filter(|_| !form).filter_map(offer).collect();
    // The last label needs no gap after it.
    let mut room = (usize::from(width) + 2).saturating_sub(always.iter().map(cells).sum());
    let usual = OFFERED.iter().find(|(id, _)| *id == pane).map_or(&[][..], |(_, actions)| *actions);
    let here = offers.unwrap_or(usual);
    let offered =
        typed.into_iter().chain(here.iter().chain([&Action::Palette].into_iter().filter(|_| !form)).filter_map(offer)).filter(|one| {
            let fits = cells(one) <= room;
            room = if fits { room - cells(one) } else { room };
            fits
        });
    let offered: Vec<_> = offered.collect();
    let spans = offered
        .into_iter()
        .chain(always)
        .flat_map(|(key, label)| [Span::styled(key, shared.theme.style(Role::Key)), Span::raw(format!(" {label}  "))]);
    Line::from_iter(spans)
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
    let rect = Rect { x: body.right().saturating_sub(width), y: body.bottom().saturating_sub(height), width, height };
    paint::clear(frame, rect);
    frame.render_widget(Paragraph::new(lines).block(Block::bordered().border_style(theme.style(Role::BorderFocused))), rect);
}

fn draw_too_small(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let size = format!("{}x{}", area.width, area.height);
    let wanted = format!("{}x{}", SMALLEST.0, SMALLEST.1);
    let text = model.shared.locale.with("too-small", &[("size", &size), ("wanted", &wanted)]);
    let rect = centred(area, 46, 6);
    frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: true }), rect);
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use crate::console::locale::Language;
    use crate::console::testing::{FakeDesk, Screen};

    #[tokio::test]
    async fn a_frame_of_any_size_is_drawn_before_the_model_hears_of_it() {
        let mut screen = Screen::open(FakeDesk::new(3), Language::English, 160, 40).await;
        for (width, height) in (0..=30).flat_map(|n| [(n, n), (160, n), (n * 6, 40), (79, n), (80, n)]) {
            let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
            terminal.draw(|frame| screen.app.draw(frame)).unwrap();
        }
    }
}
