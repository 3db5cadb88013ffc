//! Ticket: one piece of work with its conversation, details, audit, its clocks, and why the desk gave it to whom.

mod briefing;
mod clocks;
mod draw;
mod history;
mod strip;

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::client::view::{Changed, TicketDetail, TicketHistory};
use crate::console::action::Action;
use crate::console::effect::{Effect, Load, Loaded};
use crate::console::pane::{Context, Pane, PaneEvent, PaneId};
use crate::domain::command::Command;
use crate::domain::escalation::{Escalation, EscalationState};
use crate::domain::id::{EscalationId, MessageId, TicketNumber};
use crate::domain::ticket::Ticket;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Tab {
    #[default]
    Conversation,
    /// One page for whoever joins.
    Briefing,
    Details,
    Audit,
    Why,
    Clocks,
}

const TABS: [Tab; 6] = [Tab::Conversation, Tab::Details, Tab::Audit, Tab::Why, Tab::Clocks, Tab::Briefing];

/// Lines of messages by id and width.
type Wrapped = HashMap<(MessageId, usize), Arc<Vec<String>>>;

/// The pane.
#[derive(Default)]
pub struct TicketPane {
    number: Option<TicketNumber>,
    detail: Option<Arc<TicketDetail>>,
    /// The answer has come: an absent detail then means that there is no such ticket.
    answered: bool,
    history: Option<Result<Arc<TicketHistory>, String>>,
    /// What happened to its clocks.
    ledger: Option<clocks::Answer>,
    /// The page for whoever joins.
    briefing: Option<briefing::Answer>,
    /// The ticket changed since the page was asked for; an older page is better than none.
    outdated: bool,
    tab: Tab,
    /// Lines scrolled: up from the end in the conversation, down from the start elsewhere.
    scroll: usize,
    /// Somebody opened it, rather than passing over it in a list.
    looked: bool,
    accepted: HashSet<TicketNumber>,
    /// Calls that were joined by opening the ticket.
    joined: HashSet<EscalationId>,
    /// Lines and rows of the last draw.
    extent: Cell<(usize, usize)>,
    /// Messages as they were wrapped before; messages never change.
    wrapped: RefCell<Wrapped>,
}

impl TicketPane {
    fn open(&mut self, number: TicketNumber) -> Vec<Effect> {
        if self.number != Some(number) {
            *self = Self {
                number: Some(number),
                tab: self.tab,
                accepted: std::mem::take(&mut self.accepted),
                joined: std::mem::take(&mut self.joined),
                ..Self::default()
            };
        }
        let mut effects = vec![Effect::Load(Load::Ticket(number))];
        effects.extend(self.load_history());
        effects
    }

    /// History comes from the server, so only when somebody looks at it.
    fn load_history(&mut self) -> Option<Effect> {
        let number = self.number?;
        if self.tab == Tab::Briefing {
            let known = matches!(self.briefing, Some(Ok(_))) && !std::mem::take(&mut self.outdated);
            return (!known).then_some(Effect::Load(Load::Briefing(number)));
        }
        if self.tab == Tab::Clocks {
            return (!matches!(self.ledger, Some(Ok(_)))).then_some(Effect::Load(Load::Clocks(number)));
        }
        let asks = matches!(self.tab, Tab::Audit | Tab::Why | Tab::Details) && !matches!(self.history, Some(Ok(_)));
        asks.then_some(Effect::Load(Load::History(number)))
    }

    fn turn(&mut self, by: usize) -> Vec<Effect> {
        let place = TABS.iter().position(|tab| *tab == self.tab).unwrap_or(0);
        self.show(TABS[(place + by) % TABS.len()])
    }

    fn show(&mut self, tab: Tab) -> Vec<Effect> {
        (self.tab, self.scroll) = (tab, 0);
        self.load_history().into_iter().collect()
    }

    fn scroll(&mut self, by: i64) {
        let (lines, rows) = self.extent.get();
        let most = i64::try_from(lines.saturating_sub(rows)).unwrap_or(0);
        // The conversation is read from its end, so that up means away from it.
        let by = if self.tab == Tab::Conversation { by.saturating_neg() } else { by };
        let now = i64::try_from(self.scroll).unwrap_or(0);
        self.scroll = usize::try_from(now.saturating_add(by).clamp(0, most)).unwrap_or(0);
    }

    fn action(&mut self, action: Action, count: usize) -> Vec<Effect> {
        let step = i64::try_from(count).unwrap_or(1);
        let page = i64::try_from(self.extent.get().1).unwrap_or(1).max(1);
        match action {
            Action::Down => self.scroll(step),
            Action::Up => self.scroll(-step),
            Action::HalfPageDown => self.scroll(step * (page / 2).max(1)),
            Action::HalfPageUp => self.scroll(-step * (page / 2).max(1)),
            Action::PageDown => self.scroll(step * page),
            Action::PageUp => self.scroll(-step * page),
            Action::First => self.scroll(-i64::MAX),
            Action::Last => self.scroll(i64::MAX),
            Action::NextTab | Action::Right => return self.turn(1),
            Action::PreviousTab | Action::Left => return self.turn(TABS.len() - 1),
            Action::Why => return self.show(Tab::Why),
            Action::Briefing => return self.show(Tab::Briefing),
            Action::Clocks => return self.show(Tab::Clocks),
            _ => {}
        }
        Vec::new()
    }

    /// My own ticket on my own screen is accepted, once.
    fn accept(&mut self, context: &Context<'_>) -> Vec<Effect> {
        let Some(ticket) = self.selected_ticket().filter(|_| self.looked) else { return Vec::new() };
        let mine = ticket.assignee == Some(context.me.id) && ticket.accepted_at.is_none() && ticket.status.is_unsolved();
        if !mine || !self.accepted.insert(ticket.number) {
            return Vec::new();
        }
        vec![Effect::Submit { command: Box::new(Command::AcceptTicket { number: ticket.number }), base_version: None }]
    }

    /// Who was called, accepted, and has the ticket on screen now is in: they land on the briefing.
    fn join(&mut self, context: &Context<'_>) -> Vec<Effect> {
        let Some(detail) = self.detail.as_ref().filter(|_| self.looked) else { return Vec::new() };
        let mine = |call: &&Escalation| call.expert == context.me.id && call.state == EscalationState::Accepted;
        let Some(call) = detail.escalations.iter().find(mine) else { return Vec::new() };
        let (number, escalation) = (call.ticket, call.id);
        if !self.joined.insert(escalation) {
            return Vec::new();
        }
        let mut effects = self.show(Tab::Briefing);
        effects.push(Effect::Submit { command: Box::new(Command::JoinEscalation { number, escalation }), base_version: None });
        effects
    }

    fn changed(&mut self, changed: &Changed) -> Vec<Effect> {
        let Some(number) = self.number else { return Vec::new() };
        let mine = changed.all || changed.outbox || changed.escalations || changed.tickets.contains(&number);
        let conversation = self.detail.as_ref().is_some_and(|detail| changed.conversations.contains(&detail.ticket.conversation));
        if !mine && !conversation {
            return Vec::new();
        }
        if changed.all || changed.tickets.contains(&number) {
            (self.history, self.ledger) = (None, None);
            self.outdated = true;
        }
        let mut effects = vec![Effect::Load(Load::Ticket(number))];
        effects.extend(self.load_history());
        effects
    }
}

impl Pane for TicketPane {
    fn id(&self) -> PaneId {
        PaneId::Ticket
    }

    fn update(&mut self, event: PaneEvent, context: &Context<'_>) -> Vec<Effect> {
        match event {
            PaneEvent::OpenTicket(number) => self.open(number),
            PaneEvent::Shown => {
                self.looked = self.number.is_some();
                let mut effects = self.accept(context);
                effects.extend(self.join(context));
                effects
            }
            PaneEvent::Action(action, count) => self.action(action, count),
            PaneEvent::Changed(changed) => self.changed(&changed),
            PaneEvent::Loaded(Loaded::Ticket { number, detail }) if Some(number) == self.number => {
                (self.detail, self.answered) = (detail, true);
                let mut effects = self.accept(context);
                effects.extend(self.join(context));
                effects
            }
            PaneEvent::Loaded(Loaded::History { number, history }) if Some(number) == self.number => {
                self.history = Some(history);
                Vec::new()
            }
            PaneEvent::Loaded(Loaded::Briefing { number, briefing }) if Some(number) == self.number => {
                // A page that was made stays when the next one cannot be had.
                if briefing.is_ok() || !matches!(self.briefing, Some(Ok(_))) {
                    self.briefing = Some(briefing);
                }
                Vec::new()
            }
            PaneEvent::Loaded(Loaded::Clocks { number, ledger }) if Some(number) == self.number => {
                self.ledger = Some(ledger);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Option<Position> {
        draw::draw(self, frame, area, context);
        None
    }

    fn selected_ticket(&self) -> Option<Arc<Ticket>> {
        self.detail.as_ref().map(|detail| Arc::clone(&detail.ticket))
    }
}
