//! Chats: channels, direct conversations and escalations, with a composer.
//!
//! [`state`] is what it remembers, [`update`] and [`compose`] what events do, [`channels`] starts and changes conversations, [`view`] draws.
//! A conversation counts as read only when somebody touches a key with its end on screen: what arrives while nobody is
//! there stays unread.

mod channels;
mod compose;
mod mouse;
mod state;
mod update;
pub mod view;

#[cfg(test)]
mod tests;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

pub use state::ChatsPane;
pub use view::title;

use crate::console::action::Action;
use crate::console::effect::Effect;
use crate::console::memory::Session;
use crate::console::mouse::Mouse;
use crate::console::pane::{Context, Pane, PaneEvent, PaneId, Spot};
use crate::domain::access;

impl Pane for ChatsPane {
    fn id(&self) -> PaneId {
        PaneId::Chats
    }

    fn update(&mut self, event: PaneEvent, context: &Context<'_>) -> Vec<Effect> {
        self.take(event, context)
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Option<Position> {
        view::draw(self, frame, area, context)
    }

    fn captures_text(&self) -> bool {
        self.focus == state::Focus::Composer
    }

    fn disabled(&self, action: Action, context: &Context<'_>) -> Option<&'static str> {
        match action {
            Action::Compose | Action::NewChat if !access::may_work(context.me) => Some("chat-disabled-viewer"),
            Action::Compose if self.selected.is_none() => Some("chat-disabled-none"),
            Action::OpenTicketOfChat if self.item().is_none_or(|item| item.conversation.ticket.is_none()) => {
                Some("chat-disabled-no-ticket")
            }
            Action::NextUnread if self.unread() == 0 => Some("chat-disabled-no-unread"),
            Action::AnswerMessage | Action::NewChat | Action::ChatMenu if !access::may_work(context.me) => Some("chat-disabled-viewer"),
            Action::AnswerMessage if self.stream.selected().is_none() => Some("message-disabled-none"),
            Action::ChatMenu if self.item().is_none() => Some("chat-disabled-none"),
            _ if self.focus == state::Focus::List => None,
            _ => self.stream.disabled(action, context),
        }
    }

    fn spot(&self) -> Option<Spot> {
        // Who goes through the list is at no conversation yet.
        let conversation = self.selected.filter(|_| self.focus != state::Focus::List);
        Some(Spot { conversation, ..Spot::default() })
    }

    fn return_to(&mut self, spot: &Spot, context: &Context<'_>) -> Vec<Effect> {
        match spot.conversation {
            Some(conversation) => self.take(PaneEvent::OpenConversation(conversation), context),
            None => {
                self.focus = state::Focus::List;
                Vec::new()
            }
        }
    }

    fn badge(&self, _context: &Context<'_>) -> Option<usize> {
        Some(self.unread()).filter(|unread| *unread > 0)
    }

    fn mouse(&mut self, mouse: Mouse, area: Rect, context: &Context<'_>) -> Vec<Effect> {
        self.take_mouse(mouse, area, context)
    }

    fn remember(&self, session: &mut Session) {
        session.conversation = self.selected.or(self.recalled);
    }

    fn recall(&mut self, session: &Session, _context: &Context<'_>) {
        self.recalled = session.conversation;
    }
}
