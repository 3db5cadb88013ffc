//! Queues: views and queues with live counts, and the tickets of the chosen one.
//!
//! The list is a window over the cache, and stands still while somebody works in it: rows change in place, but tickets that
//! would move or enter wait for consent (`+3 new`, then `.`), so that nothing slips under the cursor.

mod draw;
mod list;
mod marks;
mod mouse;
mod new_ticket;
pub mod rail;

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use self::list::TicketList;
use self::new_ticket::NewTicket;
use self::rail::Rail;
use crate::client::view::{Changed, Counts, Link, Sort, TicketQuery, View};
use crate::console::action::Action;
use crate::console::effect::{Effect, Load, Loaded};
use crate::console::key::{Key, KeyCode};
use crate::console::layout::Layout;
use crate::console::memory::Session;
use crate::console::mouse::Mouse;
use crate::console::overlay::Prompt;
use crate::console::pane::{Context, Pane, PaneEvent, PaneId, Spot};
use crate::domain::Timestamp;
use crate::domain::access;
use crate::domain::id::TicketNumber;
use crate::domain::ticket::Ticket;

/// What the footer offers while tickets are marked.
const MARKED: &[Action] = &[
    Action::BulkActs,
    Action::Mark,
    Action::UnmarkAll,
    Action::MarkRange,
    Action::MarkAll,
    Action::SetStatus,
    Action::Assign,
    Action::SetPriority,
    Action::Undo,
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Focus {
    List,
    Rail,
    Filter,
}

/// The pane.
pub struct Queues {
    list: TicketList,
    rail: Rail,
    counts: Counts,
    focus: Focus,
    filter: Prompt,
    new_ticket: NewTicket,
    /// The rail stands beside the list where there is room.
    rail_beside: bool,
}

impl Queues {
    #[must_use]
    pub fn new(page_wise: bool) -> Self {
        Self {
            list: TicketList::new(page_wise),
            rail: Rail::default(),
            counts: Counts::default(),
            focus: Focus::List,
            filter: Prompt::new(String::new()),
            new_ticket: NewTicket::default(),
            rail_beside: true,
        }
    }

    fn action(&mut self, action: Action, count: usize, context: &Context<'_>) -> Vec<Effect> {
        let step = i64::try_from(count).unwrap_or(1);
        let page = i64::try_from(self.list.height()).unwrap_or(1);
        match action {
            Action::Down => self.step(step, context),
            Action::Up => self.step(-step, context),
            Action::HalfPageDown => self.step(step * (page / 2).max(1), context),
            Action::HalfPageUp => self.step(-step * (page / 2).max(1), context),
            Action::PageDown => self.step(step * page, context),
            Action::PageUp => self.step(-step * page, context),
            Action::First => self.step(i64::MIN, context),
            Action::Last => self.step(i64::MAX, context),
            Action::Left | Action::PreviousFocus => {
                self.focus = Focus::Rail;
                self.rail.select(self.list.query().view, context);
                Vec::new()
            }
            Action::Right | Action::NextFocus => {
                self.focus = if action == Action::NextFocus && self.focus == Focus::List { Focus::Rail } else { Focus::List };
                Vec::new()
            }
            Action::Back => self.back(),
            Action::Open if self.focus == Focus::Rail => {
                self.focus = Focus::List;
                Vec::new()
            }
            Action::Open => self.list.selected().map(|ticket| Effect::OpenTicket(ticket.number)).into_iter().collect(),
            Action::Filter => {
                self.filter.remember(context.history.of("filter"));
                self.focus = Focus::Filter;
                Vec::new()
            }
            Action::SortBy => {
                let next = match self.list.query().sort {
                    Sort::Due => Sort::Priority,
                    Sort::Priority => Sort::Updated,
                    Sort::Updated => Sort::Newest,
                    Sort::Newest => Sort::Due,
                };
                self.list.change(|query| query.sort = next)
            }
            Action::LoadNew => self.list.load_new(),
            Action::Mark => {
                let step = self.list.toggle_mark();
                self.list.step(step)
            }
            Action::MarkRange => self.list.mark_range(),
            Action::MarkAll => self.list.mark_all(),
            Action::UnmarkAll => {
                self.list.unmark_all();
                Vec::new()
            }
            Action::NewTicket => self.new_ticket.start(context),
            _ => Vec::new(),
        }
    }

    fn step(&mut self, by: i64, context: &Context<'_>) -> Vec<Effect> {
        if self.focus != Focus::Rail {
            return self.list.step(by);
        }
        // Moving in the rail shows each view at once: the cache answers faster than a decision.
        match self.rail.step(by, context) {
            Some(view) => self.show(view),
            None => Vec::new(),
        }
    }

    fn show(&mut self, view: View) -> Vec<Effect> {
        // What is marked must not be acted on out of sight.
        self.list.unmark_all();
        self.list.change(|query| query.view = view)
    }

    /// Out of the rail, then out of the filter.
    fn back(&mut self) -> Vec<Effect> {
        if self.focus == Focus::Rail {
            self.focus = Focus::List;
            return Vec::new();
        }
        if self.list.query().filter.is_empty() {
            return Vec::new();
        }
        self.filter = Prompt::new(String::new());
        self.list.change(|query| query.filter.clear())
    }

    fn filter_key(&mut self, key: Key) -> Vec<Effect> {
        if self.filter.recall(key) {
            return self.filter_changed();
        }
        match key.code {
            KeyCode::Enter | KeyCode::Down => {
                self.focus = Focus::List;
                return vec![Effect::Remember { what: "filter", text: self.filter.value().to_owned() }];
            }
            KeyCode::Escape => {
                self.focus = Focus::List;
                return self.back();
            }
            _ if self.filter.edit(key) => return self.filter_changed(),
            _ => {}
        }
        Vec::new()
    }

    fn filter_changed(&mut self) -> Vec<Effect> {
        let value = self.filter.value().to_owned();
        if value == self.list.query().filter {
            return Vec::new();
        }
        self.list.change(|query| query.filter = value)
    }

    fn changed(&mut self, changed: &Changed) -> Vec<Effect> {
        let tickets = changed.all || changed.escalations || changed.outbox || !changed.tickets.is_empty();
        if !tickets && !changed.directory {
            return Vec::new();
        }
        let mut effects = vec![Effect::Load(Load::Counts)];
        // After a snapshot nothing on screen is what it was, so there is nothing to ask about.
        effects.extend(if changed.all { self.list.load_new() } else { self.list.check() });
        effects
    }
}

impl Pane for Queues {
    fn id(&self) -> PaneId {
        PaneId::Queues
    }

    fn update(&mut self, event: PaneEvent, context: &Context<'_>) -> Vec<Effect> {
        match event {
            PaneEvent::Shown => {
                let mut effects = vec![Effect::Load(Load::Counts)];
                effects.extend(self.list.load_new());
                effects
            }
            PaneEvent::Action(action, count) => self.action(action, count, context),
            PaneEvent::Key(key) => self.filter_key(key),
            PaneEvent::Paste(pasted) => {
                self.filter.paste(&pasted);
                self.filter_changed()
            }
            PaneEvent::Changed(changed) => self.changed(&changed),
            PaneEvent::Loaded(Loaded::Counts(counts)) => {
                self.counts = counts;
                Vec::new()
            }
            PaneEvent::Loaded(Loaded::Tickets { query, window }) => {
                let settled = !matches!(context.link.link, Link::Connecting | Link::Loading { .. });
                self.list.loaded(&query, window, context.now, settled)
            }
            PaneEvent::Loaded(Loaded::Answer { id, answer }) => self.new_ticket.answer(id, answer, context),
            PaneEvent::Loaded(Loaded::Numbers { query, numbers }) => self.list.mark_these(&query, numbers),
            PaneEvent::ShowTickets { view, filter } => {
                self.focus = Focus::List;
                self.filter = Prompt::new(filter.clone());
                self.list.unmark_all();
                self.list.change(|query| (query.view, query.filter) = (view, filter))
            }
            PaneEvent::Tick => {
                self.list.forget_marks(context.now);
                // A taller screen may show rows that were not read.
                self.list.fill()
            }
            PaneEvent::Loaded(_)
            | PaneEvent::OpenTicket(_)
            | PaneEvent::OpenConversation(_)
            | PaneEvent::JumpTo { .. }
            | PaneEvent::OpenHandover(_) => Vec::new(),
        }
    }

    fn show_tickets(&mut self, view: View, filter: &str, context: &Context<'_>) -> Vec<Effect> {
        self.focus = Focus::List;
        self.filter = Prompt::new(filter.to_owned());
        self.rail.select(view, context);
        self.list.unmark_all();
        self.list.change(|query| {
            query.view = view;
            filter.clone_into(&mut query.filter);
        })
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Option<Position> {
        draw::draw(self, frame, area, context)
    }

    fn captures_text(&self) -> bool {
        self.focus == Focus::Filter
    }

    fn selected_ticket(&self) -> Option<Arc<Ticket>> {
        self.list.selected()
    }

    fn following(&self, count: usize) -> Vec<TicketNumber> {
        self.list.following(count)
    }

    fn spot(&self) -> Option<Spot> {
        let list = &self.list;
        let ticket = list.selected().map(|ticket| ticket.number);
        (self.focus != Focus::Rail).then(|| Spot { query: Some(list.query().clone()), ticket, index: list.index(), conversation: None })
    }

    fn return_to(&mut self, spot: &Spot, _context: &Context<'_>) -> Vec<Effect> {
        let Some(query) = &spot.query else { return Vec::new() };
        self.focus = Focus::List;
        let mut effects = Vec::new();
        if query != self.list.query() {
            self.list.unmark_all();
            self.filter = Prompt::new(query.filter.clone());
            effects.extend(self.list.change(|shown| *shown = query.clone()));
        }
        effects.extend(self.list.return_to(spot.ticket, spot.index));
        effects
    }

    fn disabled(&self, action: Action, context: &Context<'_>) -> Option<&'static str> {
        match action {
            Action::Open if self.focus == Focus::List && self.list.selected().is_none() => Some("disabled-no-ticket"),
            Action::NewTicket | Action::BulkActs if !access::may_work(context.me) => Some("disabled-viewer"),
            _ => None,
        }
    }

    fn marked(&self) -> Vec<TicketNumber> {
        self.list.marked().iter().copied().collect()
    }

    fn offers(&self) -> Option<&'static [Action]> {
        (!self.list.marked().is_empty()).then_some(MARKED)
    }

    fn next_tick(&self, _context: &Context<'_>) -> Option<Timestamp> {
        self.list.next_mark_end()
    }

    fn badge(&self, _context: &Context<'_>) -> Option<usize> {
        Some(self.counts.mine).filter(|mine| *mine > 0)
    }

    fn mouse(&mut self, mouse: Mouse, area: Rect, context: &Context<'_>) -> Vec<Effect> {
        self.take_mouse(mouse, area, context)
    }

    fn lay_out(&mut self, layout: &Layout) {
        self.rail_beside = layout.rail && !layout.zoomed;
    }

    fn remember(&self, session: &mut Session) {
        let query = self.list.query();
        (session.view, session.sort) = (Some(query.view), query.sort);
        session.filter.clone_from(&query.filter);
        session.selected = self.list.selected().map(|ticket| ticket.number).or(self.list.sought());
    }

    fn recall(&mut self, session: &Session, context: &Context<'_>) {
        let there = session.view.filter(|view| rail::items(&self.counts, context).iter().any(|item| item.view == *view));
        let Some(view) = there else { return };
        self.filter = Prompt::new(session.filter.clone());
        self.list.recall(TicketQuery { view, sort: session.sort, filter: session.filter.clone() }, session.selected);
        self.rail.select(view, context);
    }
}
