//! What a pane is. Panes live in `panes/<name>/`, one registration line in `panes/mod.rs`.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::Datelike;
use chrono_tz::Tz;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::action::Action;
use super::conversation::drafts::Drafts;
use super::effect::{Effect, Loaded};
use super::find::history::History;
use super::key::Key;
use super::layout::Layout;
use super::locale::{Language, Locale};
use super::memory::Session;
use super::mouse::Mouse;
use super::theme::Theme;
use crate::client::here::Everybody;
use crate::client::view::{Changed, LinkStatus, TicketQuery, View};
use crate::domain::Timestamp;
use crate::domain::conversation::Message;
use crate::domain::directory::Directory;
use crate::domain::escalation::Escalation;
use crate::domain::id::{ConversationId, HandoverId, MessageId, PersonId, SavedViewId, TicketNumber};
use crate::domain::person::{AgentState, Person};
use crate::domain::ticket::Ticket;

/// The panes, in the order of their number keys 1 to 6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PaneId {
    Queues,
    Ticket,
    Assignment,
    Shifts,
    Chats,
    Overview,
}

/// What every pane may read: who, when, in which words and colours. Passed in; never global.
pub struct Context<'a> {
    pub now: Timestamp,
    pub me: &'a Person,
    pub directory: &'a Directory,
    pub agent_states: &'a HashMap<PersonId, AgentState>,
    /// Calls for an expert that are not over, oldest first.
    pub calls: &'a [Escalation],
    /// Who is at which ticket, besides me.
    pub here: &'a Everybody,
    pub link: &'a LinkStatus,
    pub locale: &'a Locale,
    pub theme: &'a Theme,
    /// Texts begun and not sent.
    pub drafts: &'a Drafts,
    /// What was typed before.
    pub history: &'a History,
    /// The zone in which times are shown: the person's.
    pub zone: Tz,
    /// Fresh ids for rows a pane makes (messages, conversations).
    pub new_id: &'a dyn Fn() -> uuid::Uuid,
}

impl Context<'_> {
    /// An instant as a reader of the language writes it: the time today, with its date on another day, with the year in another year.
    #[must_use]
    pub fn instant(&self, at: Timestamp) -> String {
        let (local, today) = (at.with_timezone(&self.zone), self.now.with_timezone(&self.zone));
        let format = match (self.locale.language, local.date_naive() == today.date_naive(), local.year() == today.year()) {
            (_, true, _) => "%H:%M",
            (Language::English, _, true) => "%-d %b %H:%M",
            (Language::English, _, false) => "%-d %b %Y %H:%M",
            (Language::Chinese, _, true) => "%-m月%-d日 %H:%M",
            (Language::Chinese, _, false) => "%Y年%-m月%-d日 %H:%M",
        };
        local.format(format).to_string()
    }
}

/// Where somebody is in a pane, to come back to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spot {
    /// The list that is shown.
    pub query: Option<TicketQuery>,
    /// Its filter as it was typed.
    pub typed: String,
    /// The saved view that the list is.
    pub saved: Option<SavedViewId>,
    /// The selected ticket, and its index in the list.
    pub ticket: Option<TicketNumber>,
    pub index: usize,
    /// The conversation that is read.
    pub conversation: Option<ConversationId>,
}

/// What comes to a pane.
#[derive(Clone, Debug)]
pub enum PaneEvent {
    /// It came to the front.
    Shown,
    /// The Ticket pane: show this one.
    OpenTicket(TicketNumber),
    /// The Chats pane: show this one.
    OpenConversation(ConversationId),
    /// Ticket and Chats: mark this message of the conversation that was opened.
    JumpTo { conversation: ConversationId, seq: i64, words: String },
    /// The Shifts pane: show this handover.
    OpenHandover(HandoverId),
    /// The Queues pane: show this view, narrowed by this filter text.
    ShowTickets { view: View, filter: String },
    /// A key bound to an action, in this pane or everywhere; with its count (`12j`), 1 by default.
    Action(Action, usize),
    /// Any key, while [`Pane::captures_text`].
    Key(Key),
    /// Pasted text, while [`Pane::captures_text`].
    Paste(String),
    /// The answer to one of its effects.
    Loaded(Loaded),
    /// The cache changed: load again what is shown.
    Changed(Arc<Changed>),
    /// The minute turned (or a shown due time is near: the second): times on screen are stale.
    Tick,
}

/// One of the live panes.
pub trait Pane {
    fn id(&self) -> PaneId;

    /// Takes an event; returns what it wants from outside. Pure but for its own state.
    fn update(&mut self, event: PaneEvent, context: &Context<'_>) -> Vec<Effect>;

    /// Brings an instant into view, in a pane that lays time out.
    fn reveal(&mut self, _at: Timestamp, _context: &Context<'_>) {}

    /// Draws into `area`; reads only. Returns where the text cursor belongs, if it has one.
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Option<Position>;

    /// Whether keys are text now (a composer has focus).
    fn captures_text(&self) -> bool {
        false
    }

    /// Why an action is not possible here and now, as a message key; `None` when it is.
    fn disabled(&self, _action: Action, _context: &Context<'_>) -> Option<&'static str> {
        None
    }

    /// The ticket that actions of [`Scope::OnTicket`](super::action::Scope) are about. A pane that names one leaves those
    /// actions to `ticket_actions`; one that does not gets them as [`PaneEvent::Action`].
    fn selected_ticket(&self) -> Option<Arc<Ticket>> {
        None
    }

    /// The selected ticket and those after it, as far as they are known: at most `count`.
    fn following(&self, count: usize) -> Vec<TicketNumber> {
        self.selected_ticket().into_iter().map(|ticket| ticket.number).take(count).collect()
    }

    /// Where somebody is in it; `None` while they are on their way through it.
    fn spot(&self) -> Option<Spot> {
        Some(Spot::default())
    }

    /// Goes where somebody was.
    fn return_to(&mut self, _spot: &Spot, _context: &Context<'_>) -> Vec<Effect> {
        Vec::new()
    }

    /// Tickets marked for an act on all of them.
    fn marked(&self) -> Vec<TicketNumber> {
        Vec::new()
    }

    /// The message that a reply written now answers.
    fn selected_message(&self) -> Option<Arc<Message>> {
        None
    }

    /// A message of the conversation on screen, by its id.
    fn message(&self, _id: MessageId) -> Option<Arc<Message>> {
        None
    }

    /// When it wants a [`PaneEvent::Tick`] next, besides each full minute.
    fn next_tick(&self, _context: &Context<'_>) -> Option<Timestamp> {
        None
    }

    /// The actions that the footer offers first for what is on screen; `None` leaves it to the pane's usual ones.
    fn offers(&self) -> Option<&'static [Action]> {
        None
    }

    /// The narrow row of tabs and the frame title show it: "(3)".
    fn badge(&self, _context: &Context<'_>) -> Option<usize> {
        None
    }

    /// The mouse did something within `area`, where the pane was drawn last. A press on what is selected already opens it.
    fn mouse(&mut self, _mouse: Mouse, _area: Rect, _context: &Context<'_>) -> Vec<Effect> {
        Vec::new()
    }

    /// How the screen is divided, whenever that changes.
    fn lay_out(&mut self, _layout: &Layout) {}

    /// Puts where the person is into what is kept between runs.
    fn remember(&self, _session: &mut Session) {}

    /// Takes it from there, before it is shown for the first time. What is gone since is left out.
    fn recall(&mut self, _session: &Session, _context: &Context<'_>) {}
}
