//! What a pane is. Panes live in `panes/<name>/`, one registration line in `panes/mod.rs`.

use std::collections::HashMap;
use std::sync::Arc;

use chrono_tz::Tz;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::action::Action;
use super::conversation::drafts::Drafts;
use super::effect::{Effect, Loaded};
use super::find::history::History;
use super::key::Key;
use super::locale::Locale;
use super::theme::Theme;
use crate::client::here::Everybody;
use crate::client::view::{Changed, LinkStatus, View};
use crate::domain::Timestamp;
use crate::domain::conversation::Message;
use crate::domain::directory::Directory;
use crate::domain::escalation::Escalation;
use crate::domain::id::{ConversationId, HandoverId, MessageId, PersonId, TicketNumber};
use crate::domain::person::{AgentState, Person};
use crate::domain::ticket::Ticket;

/// The panes, in the order of their number keys 1 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PaneId {
    Queues,
    Ticket,
    Assignment,
    Shifts,
    Chats,
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

    /// Shows the tickets of a view that hold these words, in a pane that lists tickets.
    fn show_tickets(&mut self, _view: View, _filter: &str, _context: &Context<'_>) -> Vec<Effect> {
        Vec::new()
    }

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
}
