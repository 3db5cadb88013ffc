//! The bottom line: the keys that work here.

use ratatui::text::{Line, Span};

use crate::base::text;
use crate::console::action::Action;
use crate::console::app::hands;
use crate::console::app::model::Model;
use crate::console::app::update::disabled;
use crate::console::layout::Mode;
use crate::console::pane::PaneId;
use crate::console::theme::Role;

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
    (
        PaneId::Overview,
        &[Action::Open, Action::NextTab, Action::PreviousTab, Action::NextFocus, Action::OverviewQueue, Action::Wallboard, Action::Watch],
    ),
];

/// What is under the cursor takes keys of its own: those, and nothing that does not work meanwhile.
fn layer(model: &Model, width: u16) -> Option<Line<'static>> {
    let pane = model.pane(model.focused());
    let text_field = || pane.is_some_and(|pane| pane.captures_text() && pane.offers().is_none());
    let key = match model.overlays.last() {
        Some(overlay) => overlay.keys(),
        // Both say their own keys above, and more of them than have room here.
        None if model.files.is_open() => "footer-files",
        None if model.search.is_open() => return Some(Line::default()),
        None if text_field() => "footer-text",
        None => return None,
    };
    let said = model.shared.locale.text(key);
    Some(Line::styled(text::cut(&said, usize::from(width)), model.shared.theme.style(Role::Dim)))
}

/// One key with what it does; none for what is being typed.
struct Offer {
    action: Option<Action>,
    key: String,
    label: String,
}

impl Offer {
    /// With the gap after it.
    fn cells(&self) -> usize {
        text::width(&self.key) + 1 + text::width(&self.label) + 2
    }
}

/// The action whose key is at this column.
#[must_use]
pub fn action_at(model: &Model, width: u16, column: u16) -> Option<Action> {
    if layer(model, width).is_some() {
        // What stands there is no key.
        return None;
    }
    let mut end = 0;
    let offers = offers(model, width);
    let found = offers.iter().find(|offer| {
        end += offer.cells();
        usize::from(column) < end
    });
    found.and_then(|offer| offer.action)
}

/// The keys that work here.
pub fn keys(model: &Model, width: u16) -> Line<'static> {
    if let Some(line) = layer(model, width) {
        return line;
    }
    let style = model.shared.theme.style(Role::Key);
    Line::from_iter(
        offers(model, width).into_iter().flat_map(|offer| [Span::styled(offer.key, style), Span::raw(format!(" {}  ", offer.label))]),
    )
}

/// Help and Quit always have their room; of the others as many as fit, most wanted first.
fn offers(model: &Model, width: u16) -> Vec<Offer> {
    let shared = &model.shared;
    let pane = model.focused();
    let offer = |action: &Action| {
        let key = model.keymap.shown(*action, pane);
        let works = !key.is_empty() && disabled(model, *action).is_none();
        if !works {
            return None;
        }
        // What would be done again is said before it is.
        let label = shared.locale.text(action.spec().label);
        let what = if *action == Action::Repeat { hands::repeat_words(model) } else { None };
        let label = what.map_or_else(|| label.to_string(), |what| format!("{label}: {what}"));
        Some(Offer { action: Some(*action), key, label })
    };
    let typed: String =
        model.typed.count.map(|count| count.to_string()).into_iter().chain(model.typed.keys.iter().map(ToString::to_string)).collect();
    let typed = (!typed.is_empty()).then(|| Offer { action: None, key: typed, label: "…".to_owned() });
    let offers = model.pane(pane).and_then(crate::console::Pane::offers);
    // Where keys are text, these are letters like any other.
    let form = offers.is_some_and(<[Action]>::is_empty);
    let always: Vec<_> = [Action::Help, Action::Quit].iter().filter(|_| !form).filter_map(offer).collect();
    // The last label needs no gap after it.
    let mut room = (usize::from(width) + 2).saturating_sub(always.iter().map(Offer::cells).sum());
    let usual = OFFERED.iter().find(|(id, _)| *id == pane).map_or(&[][..], |(_, actions)| *actions);
    let here = offers.unwrap_or(usual);
    // Who is done with a ticket goes on to the next.
    let done = || {
        let ticket = model.pane(pane).filter(|_| pane == PaneId::Ticket).and_then(crate::console::Pane::selected_ticket);
        ticket.is_some_and(|ticket| ticket.assignee == Some(shared.me.id) && !ticket.status.is_active())
    };
    let next = [Action::NextTicket, Action::FocusMode];
    let next = next.iter().filter(|action| model.layout.mode == Mode::Focus || (**action == Action::NextTicket && done()));
    let offered = next.chain(here).chain([Action::Undo, Action::Repeat, Action::Palette].iter().filter(|_| !form)).filter_map(offer);
    let mut shown: Vec<Offer> = Vec::new();
    for one in typed.into_iter().chain(offered) {
        if one.cells() <= room {
            room -= one.cells();
            shown.push(one);
        }
    }
    shown.extend(always);
    shown
}
