//! Ticket: one piece of work with its conversation, details, audit, its clocks, and why the desk gave it to whom.

mod briefing;
mod clocks;
mod draw;
mod history;
mod strip;
mod timeline;

use std::cell::Cell;
use std::collections::HashSet;
use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::client::view::{Changed, TicketDetail, TicketHistory};
use crate::console::action::{Action, Scope};
use crate::console::conversation::composer::Place;
use crate::console::conversation::stream::{Stream, acts, search};
use crate::console::effect::{Effect, Load, Loaded};
use crate::console::incidents::page;
use crate::console::memory::Session;
use crate::console::mouse::{Mouse, MouseKind};
use crate::console::pane::{Context, Pane, PaneEvent, PaneId};
use crate::domain::command::{Command, MessageTarget};
use crate::domain::conversation::Message;
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
    Timeline,
    /// Of a major incident alone.
    Incident,
}

const TABS: [Tab; 8] = [Tab::Conversation, Tab::Details, Tab::Audit, Tab::Why, Tab::Clocks, Tab::Timeline, Tab::Briefing, Tab::Incident];

/// Lines that one notch of the wheel moves.
const NOTCH: isize = 3;

impl Tab {
    /// As it is kept between runs.
    fn name(self) -> String {
        format!("{self:?}").to_lowercase()
    }
}

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
    life: timeline::Life,
    /// Its page, when it is a major incident.
    incident: Option<page::Answer>,
    /// The page for whoever joins.
    briefing: Option<briefing::Answer>,
    /// The ticket changed since the page was asked for; an older page is better than none.
    outdated: bool,
    tab: Tab,
    /// Lines scrolled down from the start, in the tabs beside the conversation.
    scroll: usize,
    /// Somebody opened it, rather than passing over it in a list.
    looked: bool,
    accepted: HashSet<TicketNumber>,
    /// Calls that were joined by opening the ticket.
    joined: HashSet<EscalationId>,
    /// Lines and rows of the last draw.
    extent: Cell<(usize, usize)>,
    /// Its conversation.
    stream: Stream,
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
        if self.tab == Tab::Incident {
            return Some(Effect::Load(Load::Incident(number)));
        }
        if self.tab == Tab::Briefing {
            let known = matches!(self.briefing, Some(Ok(_))) && !std::mem::take(&mut self.outdated);
            return (!known).then_some(Effect::Load(Load::Briefing(number)));
        }
        if self.tab == Tab::Clocks {
            return (!matches!(self.ledger, Some(Ok(_)))).then_some(Effect::Load(Load::Clocks(number)));
        }
        if self.tab == Tab::Timeline {
            return self.life.asks().then_some(Effect::Load(Load::Timeline(number)));
        }
        let asks = matches!(self.tab, Tab::Audit | Tab::Why | Tab::Details) && !matches!(self.history, Some(Ok(_)));
        asks.then_some(Effect::Load(Load::History(number)))
    }

    /// The tabs that this ticket has.
    fn tabs(&self) -> &'static [Tab] {
        let major = self.detail.as_ref().is_some_and(|detail| detail.ticket.major.is_some());
        if major { &TABS } else { &TABS[..TABS.len() - 1] }
    }

    fn turn(&mut self, by: usize) -> Vec<Effect> {
        let tabs = self.tabs();
        let place = tabs.iter().position(|tab| *tab == self.tab).unwrap_or(0);
        self.show(tabs[(place + by) % tabs.len()])
    }

    fn show(&mut self, tab: Tab) -> Vec<Effect> {
        (self.tab, self.scroll) = (tab, 0);
        self.load_history().into_iter().collect()
    }

    fn scroll(&mut self, by: i64) {
        let (lines, rows) = self.extent.get();
        let most = i64::try_from(lines.saturating_sub(rows)).unwrap_or(0);
        let now = i64::try_from(self.scroll).unwrap_or(0);
        self.scroll = usize::try_from(now.saturating_add(by).clamp(0, most)).unwrap_or(0);
    }

    fn action(&mut self, action: Action, count: usize, context: &Context<'_>) -> Vec<Effect> {
        if action.spec().scope == Scope::OnMessage {
            // What is about messages is done where they are.
            self.tab = Tab::Conversation;
        }
        if self.tab == Tab::Conversation {
            if self.stream.act(action, count) {
                return self.stream.wants_older().into_iter().collect();
            }
            if let Some(effects) = self.place().and_then(|place| self.stream.start(action, &place, context)) {
                return effects;
            }
        }
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
            Action::PreviousTab | Action::Left => return self.turn(self.tabs().len() - 1),
            Action::Why => return self.show(Tab::Why),
            Action::Briefing => return self.show(Tab::Briefing),
            Action::Clocks => return self.show(Tab::Clocks),
            // On the timeline already, the key goes on to its next part.
            Action::Timeline if self.tab == Tab::Timeline => {
                self.life.next_part();
                self.scroll = 0;
            }
            Action::Timeline => return self.show(Tab::Timeline),
            _ => {}
        }
        Vec::new()
    }

    /// Where messages of this ticket go.
    fn place(&self) -> Option<Place> {
        let ticket = &self.detail.as_ref()?.ticket;
        let target = MessageTarget::Ticket { number: ticket.number };
        Some(Place { target, conversation: ticket.conversation, ticket: Some(Arc::clone(ticket)) })
    }

    /// Takes what concerns the conversation; `None` for the rest.
    fn talk(&mut self, loaded: &Loaded, context: &Context<'_>) -> Option<Vec<Effect>> {
        match loaded {
            Loaded::Older { conversation, before, older } => {
                self.stream.put_older(*conversation, *before, older.clone());
                Some(self.stream.wants_older().into_iter().collect())
            }
            Loaded::FoundMessages { words, hits, whole } => Some(search::list(words, hits, *whole, context)),
            Loaded::Edits(edits) => Some(vec![acts::show_history(edits.as_deref().map_err(String::as_str), context)]),
            Loaded::Answer { id, answer } => self.place().and_then(|place| self.stream.answered(id, answer, &place, context)),
            _ => None,
        }
    }

    fn put_messages(&mut self) -> Option<Effect> {
        let detail = self.detail.as_ref()?;
        self.stream.ticket = Some(detail.ticket.number);
        if detail.ticket.merged.is_empty() {
            self.stream.put(detail.ticket.conversation, &detail.messages, detail.older, 0);
        } else {
            // Several conversations read as one: their places are those of the whole.
            let placed = (1..).zip(&detail.messages).map(|(seq, message)| Arc::new(Message { seq, ..Message::clone(message) }));
            self.stream.put(detail.ticket.conversation, &placed.collect::<Vec<_>>(), false, 0);
        }
        self.stream.wants_older()
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
        // What is tied to an incident, and how far a broadcast is, changes with other tickets.
        let tied = self.tab == Tab::Incident && !changed.tickets.is_empty();
        if tied && !mine {
            return vec![Effect::Load(Load::Incident(number))];
        }
        if !mine && !conversation {
            return Vec::new();
        }
        self.stream.news();
        if changed.all || changed.tickets.contains(&number) {
            (self.history, self.ledger) = (None, None);
            self.life.forget();
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
            PaneEvent::Action(action, count) => self.action(action, count, context),
            PaneEvent::JumpTo { seq, words, .. } => {
                (self.tab, self.scroll) = (Tab::Conversation, 0);
                self.stream.look_for(&words);
                self.stream.jump(seq);
                self.stream.wants_older().into_iter().collect()
            }
            PaneEvent::Changed(changed) => self.changed(&changed),
            PaneEvent::Loaded(Loaded::Ticket { number, detail }) if Some(number) == self.number => {
                (self.detail, self.answered) = (detail, true);
                if !self.tabs().contains(&self.tab) {
                    (self.tab, self.scroll) = (Tab::Conversation, 0);
                }
                let mut effects: Vec<Effect> = self.put_messages().into_iter().collect();
                effects.extend(self.accept(context));
                effects.extend(self.join(context));
                effects
            }
            PaneEvent::Loaded(Loaded::History { number, history }) if Some(number) == self.number => {
                self.history = Some(history);
                Vec::new()
            }
            PaneEvent::Loaded(Loaded::Incident { number, view }) if Some(number) == self.number => {
                self.incident = Some(view);
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
            PaneEvent::Loaded(Loaded::Timeline { number, entries }) if Some(number) == self.number => {
                self.life.put(entries);
                Vec::new()
            }
            PaneEvent::Loaded(loaded) => self.talk(&loaded, context).unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Option<Position> {
        draw::draw(self, frame, area, context);
        None
    }

    fn disabled(&self, action: Action, context: &Context<'_>) -> Option<&'static str> {
        self.stream.disabled(action, context)
    }

    fn selected_message(&self) -> Option<Arc<Message>> {
        self.stream.selected().filter(|_| self.tab == Tab::Conversation).cloned()
    }

    fn message(&self, id: MessageId) -> Option<Arc<Message>> {
        self.stream.message(id).cloned()
    }

    fn selected_ticket(&self) -> Option<Arc<Ticket>> {
        self.detail.as_ref().map(|detail| Arc::clone(&detail.ticket))
    }

    fn mouse(&mut self, mouse: Mouse, area: Rect, context: &Context<'_>) -> Vec<Effect> {
        let wheel = match mouse.kind {
            MouseKind::WheelUp => -NOTCH,
            MouseKind::WheelDown => NOTCH,
            MouseKind::Press => {
                let at = (usize::from(mouse.column - area.x), usize::from(mouse.row - area.y));
                let tab = draw::tab_at(self, at, usize::from(area.width), context);
                return tab.map(|tab| self.show(tab)).unwrap_or_default();
            }
            MouseKind::Drag | MouseKind::Release => return Vec::new(),
        };
        if self.tab == Tab::Conversation {
            self.stream.wheel(wheel);
            return self.stream.wants_older().into_iter().collect();
        }
        self.scroll(wheel as i64);
        Vec::new()
    }

    fn remember(&self, session: &mut Session) {
        session.tab = self.tab.name();
    }

    fn recall(&mut self, session: &Session, _context: &Context<'_>) {
        self.tab = TABS.into_iter().find(|tab| tab.name() == session.tab).unwrap_or_default();
    }
}
