//! Queues: views and queues with live counts, and the tickets of the chosen one.
//!
//! The list is a window over the cache, and stands still while somebody works in it: rows change in place, but tickets that
//! would move or enter wait for consent (`+3 new`, then `.`), so that nothing slips under the cursor.

mod complete;
mod draw;
mod filter_bar;
mod list;
mod marks;
mod mouse;
mod new_ticket;
pub mod rail;
mod rows;
#[cfg(test)]
mod tests;
mod views;

use std::cell::RefCell;
use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

pub use self::filter_bar::explain;
use self::filter_bar::{FilterBar, Typed};
use self::list::TicketList;
use self::new_ticket::NewTicket;
use self::rail::Rail;
use self::rows::Painted;
pub use self::views::{Place, SavedCounts};
use crate::client::view::{Changed, Counts, Link, Sort, TicketQuery, View};
use crate::console::action::Action;
use crate::console::effect::{Effect, Load, Loaded};
use crate::console::key::Key;
use crate::console::layout::Layout;
use crate::console::memory::Session;
use crate::console::mouse::Mouse;
use crate::console::pane::{Context, Pane, PaneEvent, PaneId, Spot};
use crate::domain::Timestamp;
use crate::domain::access;
use crate::domain::id::{SavedViewId, TicketNumber};
use crate::domain::saved_view::SavedView;
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
    bar: FilterBar,
    /// The saved view that is chosen; its filter may have been typed over since.
    saved: Option<SavedViewId>,
    saved_counts: SavedCounts,
    /// On its way to being saved, through questions.
    saving: Option<SavedView>,
    /// In which lists that move with time were last read.
    minute: i64,
    new_ticket: NewTicket,
    /// The rail stands beside the list where there is room.
    rail_beside: bool,
    /// The rows of the last frame.
    painted: RefCell<Painted>,
}

impl Queues {
    #[must_use]
    pub fn new(page_wise: bool) -> Self {
        Self {
            list: TicketList::new(page_wise),
            rail: Rail::default(),
            counts: Counts::default(),
            focus: Focus::List,
            bar: FilterBar::default(),
            saved: None,
            saved_counts: SavedCounts::default(),
            saving: None,
            minute: 0,
            new_ticket: NewTicket::default(),
            rail_beside: true,
            painted: RefCell::default(),
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
                self.rail.select(self.chosen(), context);
                Vec::new()
            }
            Action::Right | Action::NextFocus => {
                self.focus = if action == Action::NextFocus && self.focus == Focus::List { Focus::Rail } else { Focus::List };
                Vec::new()
            }
            Action::Back => self.back(context),
            Action::PickView => Self::pick_view(context),
            Action::SaveView => self.save_view(context),
            Action::EditView => self.edit_view(context),
            Action::DeleteView => self.delete_view(context),
            Action::ClearFilter => self.clear_filter(context),
            Action::Open if self.focus == Focus::Rail => {
                self.focus = Focus::List;
                Vec::new()
            }
            Action::Open => self.list.selected().map(|ticket| Effect::OpenTicket(ticket.number)).into_iter().collect(),
            Action::Filter => {
                self.bar.prompt.remember(context.history.of("filter"));
                self.focus = Focus::Filter;
                vec![Effect::WarmFilter(self.list.query().clone())]
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

    /// The line of the rail that is shown.
    fn chosen(&self) -> rail::Place {
        self.saved.map_or(rail::Place::View(self.list.query().view), rail::Place::Saved)
    }

    fn choose(&mut self, place: rail::Place, context: &Context<'_>) -> Vec<Effect> {
        match place {
            rail::Place::View(view) => self.show(view, context),
            rail::Place::Saved(id) => self.show_saved(id, context),
        }
    }

    fn step(&mut self, by: i64, context: &Context<'_>) -> Vec<Effect> {
        if self.focus != Focus::Rail {
            return self.list.step(by);
        }
        // Moving in the rail shows each view at once: the cache answers faster than a decision.
        self.rail.step(by, context).map(|place| self.choose(place, context)).unwrap_or_default()
    }

    fn show(&mut self, view: View, context: &Context<'_>) -> Vec<Effect> {
        // What is marked must not be acted on out of sight.
        self.list.unmark_all();
        // A saved view's filter goes with it; one that was typed stays.
        let kept = if self.saved.take().is_some() { String::new() } else { self.bar.prompt.value().to_owned() };
        let filter = self.bar.set(&kept, context);
        self.list.change(|query| (query.view, query.filter) = (view, filter))
    }

    /// Out of the rail, then out of the filter.
    fn back(&mut self, context: &Context<'_>) -> Vec<Effect> {
        if self.focus == Focus::Rail {
            self.focus = Focus::List;
            return Vec::new();
        }
        if self.bar.prompt.value().is_empty() {
            return Vec::new();
        }
        self.clear_filter(context)
    }

    fn filter_key(&mut self, key: Key, context: &Context<'_>) -> Vec<Effect> {
        // Up and down go through the candidates while there are any, and through what was typed before otherwise.
        if self.bar.popup.is_none() && self.bar.prompt.recall(key) {
            self.bar.offer(context);
            return self.filter_changed(context);
        }
        match self.bar.key(key, context) {
            Typed::Changed => return self.filter_changed(context),
            Typed::Kept => {}
            Typed::Leave => {
                self.leave_filter();
                return vec![Effect::Remember { what: "filter", text: self.bar.prompt.value().to_owned() }];
            }
            Typed::Cancel => {
                self.leave_filter();
                return self.back(context);
            }
        }
        Vec::new()
    }

    fn leave_filter(&mut self) {
        self.focus = Focus::List;
        self.bar.popup = None;
    }

    fn filter_changed(&mut self, context: &Context<'_>) -> Vec<Effect> {
        let filter = self.bar.read(context);
        if filter == self.list.query().filter {
            return Vec::new();
        }
        self.list.change(|query| query.filter = filter)
    }

    /// Lists that move with time are read again when the minute turns.
    fn minute_turned(&mut self, context: &Context<'_>) -> Vec<Effect> {
        let minute = context.now.timestamp().div_euclid(60);
        let turned = std::mem::replace(&mut self.minute, minute) != minute;
        if turned && (self.bar.moves || self.list.query().view == View::Breaching) { self.list.check() } else { Vec::new() }
    }

    /// Shows a view, narrowed by a filter.
    fn show_tickets(&mut self, view: View, filter: &str, context: &Context<'_>) -> Vec<Effect> {
        self.focus = Focus::List;
        self.rail.select(rail::Place::View(view), context);
        self.list.unmark_all();
        let sort = self.list.query().sort;
        self.restore(&Place { view, sort, filter: filter.to_owned(), saved: None }, context)
    }

    fn changed(&mut self, changed: &Changed) -> Vec<Effect> {
        self.saved_counts.outdate();
        let tickets = changed.all || changed.escalations || changed.outbox || !changed.tickets.is_empty();
        if !tickets && !changed.directory {
            return Vec::new();
        }
        let mut effects = vec![Effect::Load(Load::Counts)];
        // After a snapshot nothing on screen is what it was, so there is nothing to ask about.
        effects.extend(if changed.all { self.list.load_new() } else { self.list.check() });
        effects
    }

    fn event(&mut self, event: PaneEvent, context: &Context<'_>) -> Vec<Effect> {
        match event {
            PaneEvent::Shown => {
                let mut effects = vec![Effect::Load(Load::Counts)];
                effects.extend(self.list.load_new());
                effects
            }
            PaneEvent::Action(action, count) => self.action(action, count, context),
            PaneEvent::Key(key) => self.filter_key(key, context),
            PaneEvent::Paste(pasted) => {
                self.bar.prompt.paste(&pasted);
                self.bar.offer(context);
                self.filter_changed(context)
            }
            PaneEvent::Changed(changed) => self.changed(&changed),
            PaneEvent::Loaded(Loaded::Counts(counts)) => {
                self.counts = counts;
                Vec::new()
            }
            PaneEvent::Loaded(Loaded::Tickets { query, window }) => {
                self.bar.see_tags(window.rows.iter().flat_map(|ticket| &ticket.tags));
                let settled = !matches!(context.link.link, Link::Connecting | Link::Loading { .. });
                self.list.loaded(&query, window, context.now, settled)
            }
            PaneEvent::Loaded(Loaded::FilterCounts(counts)) => {
                self.saved_counts.take(counts);
                Vec::new()
            }
            PaneEvent::Loaded(Loaded::Answer { id, answer }) => match self.view_answer(id, &answer, context) {
                Some(effects) => effects,
                None => self.new_ticket.answer(id, answer, context),
            },
            PaneEvent::Loaded(Loaded::Numbers { query, numbers }) => self.list.mark_these(&query, numbers),
            PaneEvent::Tick => {
                self.list.forget_marks(context.now);
                let mut effects = self.minute_turned(context);
                // A taller screen may show rows that were not read.
                effects.extend(self.list.fill());
                effects
            }
            PaneEvent::ShowTickets { view, filter } => self.show_tickets(view, &filter, context),
            PaneEvent::Loaded(_)
            | PaneEvent::OpenTicket(_)
            | PaneEvent::OpenConversation(_)
            | PaneEvent::JumpTo { .. }
            | PaneEvent::OpenHandover(_) => Vec::new(),
        }
    }
}

impl Pane for Queues {
    fn id(&self) -> PaneId {
        PaneId::Queues
    }

    fn update(&mut self, event: PaneEvent, context: &Context<'_>) -> Vec<Effect> {
        let mut effects = self.event(event, context);
        effects.extend(self.saved_counts.count(context));
        effects
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
        let (query, typed) = (Some(list.query().clone()), self.bar.prompt.value().to_owned());
        let spot = Spot { query, typed, saved: self.saved, ticket, index: list.index(), conversation: None };
        // Who goes through the rail, or types a filter, is at no list yet.
        (self.focus == Focus::List).then_some(spot)
    }

    fn return_to(&mut self, spot: &Spot, context: &Context<'_>) -> Vec<Effect> {
        let Some(query) = &spot.query else { return Vec::new() };
        self.focus = Focus::List;
        let saved = spot.saved.filter(|id| context.directory.saved_views.contains_key(id));
        if (query, saved) != (self.list.query(), self.saved) {
            self.list.unmark_all();
            let (view, sort, filter) = (query.view, query.sort, spot.typed.clone());
            // The list from its top is not asked for: its answer would be taken for that of the one asked for next.
            drop(self.restore(&Place { view, sort, filter, saved }, context));
        }
        self.list.return_to(spot.ticket, spot.index)
    }

    fn disabled(&self, action: Action, context: &Context<'_>) -> Option<&'static str> {
        match action {
            Action::Open if self.focus == Focus::List && self.list.selected().is_none() => Some("disabled-no-ticket"),
            Action::EditView | Action::DeleteView => match self.saved_view(context) {
                None => Some("disabled-no-view"),
                Some(view) if !view.may_change(context.me) => Some("disabled-not-your-view"),
                Some(_) => None,
            },
            Action::NewTicket | Action::BulkActs | Action::SaveView if !access::may_work(context.me) => Some("disabled-viewer"),
            _ => None,
        }
    }

    fn marked(&self) -> Vec<TicketNumber> {
        self.list.marked().iter().copied().collect()
    }

    fn offers(&self) -> Option<&'static [Action]> {
        (!self.list.marked().is_empty()).then_some(MARKED)
    }

    fn next_tick(&self, context: &Context<'_>) -> Option<Timestamp> {
        self.list.next_mark_end().into_iter().chain(self.saved_counts.due(context)).min()
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
        self.bar.prompt.value().clone_into(&mut session.filter);
        session.saved = self.saved;
        session.selected = self.list.selected().map(|ticket| ticket.number).or(self.list.sought());
    }

    fn recall(&mut self, session: &Session, context: &Context<'_>) {
        let places = rail::places(context);
        let Some(view) = session.view.filter(|view| places.contains(&rail::Place::View(*view))) else { return };
        self.saved = session.saved.filter(|id| places.contains(&rail::Place::Saved(*id)));
        let filter = self.bar.set(&session.filter, context);
        self.list.recall(TicketQuery { view, sort: session.sort, filter }, session.selected);
        self.rail.select(self.chosen(), context);
    }
}
