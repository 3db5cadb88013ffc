//! What the pane remembers: the list, the open conversation, and what is being written there.

use std::sync::Arc;

use crate::client::view::{ConversationDetail, ConversationItem};
use crate::console::conversation::composer::{Composer, Place};
use crate::console::conversation::stream::Stream;
use crate::domain::command::MessageTarget;
use crate::domain::conversation::ConversationKind;
use crate::domain::id::{ConversationId, QueueId};
use crate::domain::ticket::Ticket;

/// Where keys go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Focus {
    #[default]
    List,
    Stream,
    Composer,
}

/// A channel about to be made: what was answered so far.
#[derive(Clone, Debug, Default)]
pub struct Making {
    pub title: String,
    /// With members: people are chosen next.
    pub private: bool,
    pub queue: Option<QueueId>,
    pub region: Option<String>,
}

/// Channels, direct conversations and escalations.
#[derive(Debug, Default)]
pub struct ChatsPane {
    pub(super) focus: Focus,
    /// In the order of the list; absent until the first answer.
    pub(super) items: Option<Vec<ConversationItem>>,
    pub(super) selected: Option<ConversationId>,
    pub(super) detail: Option<Arc<ConversationDetail>>,
    /// The ticket whose own conversation is open.
    pub(super) ticket: Option<Arc<Ticket>>,
    /// The conversation does not exist here (yet): it was made just now, or may not be seen.
    pub(super) missing: bool,
    pub(super) stream: Stream,
    /// The last mark sent.
    pub(super) marked: Option<(ConversationId, i64)>,
    /// A key asked for the load that is on its way: when it comes, its reader is there.
    pub(super) awaited: bool,
    /// What is written in the open conversation.
    pub(super) composer: Option<Composer>,
    pub(super) making: Making,
    /// The conversation that was open in the last run, until the list is known.
    pub(super) recalled: Option<ConversationId>,
}

impl ChatsPane {
    /// The selected conversation in the list.
    pub(super) fn item(&self) -> Option<&ConversationItem> {
        let selected = self.selected?;
        self.items.as_ref()?.iter().find(|item| item.conversation.id == selected)
    }

    pub(super) fn index(&self) -> Option<usize> {
        let selected = self.selected?;
        self.items.as_ref()?.iter().position(|item| item.conversation.id == selected)
    }

    /// Unread messages of all conversations that are not muted.
    pub(super) fn unread(&self) -> usize {
        let loud = self.items.iter().flatten().filter(|item| !item.muted || item.mentioned);
        loud.map(|item| usize::try_from(item.unread).unwrap_or(0).max(usize::from(item.mentioned))).sum()
    }

    /// Where a message written now goes: an escalated ticket's conversation is its ticket's.
    pub(super) fn place(&self) -> Option<Place> {
        let conversation = self.selected?;
        let escalated = self.item().filter(|item| item.conversation.kind == ConversationKind::Escalation);
        let target = escalated
            .and_then(|item| item.conversation.ticket)
            .map_or(MessageTarget::Conversation { id: conversation }, |number| MessageTarget::Ticket { number });
        let ticket = self.ticket.clone().filter(|ticket| ticket.conversation == conversation);
        Some(Place { target, conversation, ticket })
    }

    /// Takes the list in its order: channels by name, then direct conversations and escalations, the latest first.
    pub(super) fn put_items(&mut self, mut items: Vec<ConversationItem>) {
        items.sort_by_cached_key(|item| {
            let conversation = &item.conversation;
            let latest = std::cmp::Reverse(conversation.last_message_at.unwrap_or(conversation.created_at));
            match conversation.kind {
                ConversationKind::Channel => (0, conversation.title.clone(), std::cmp::Reverse(conversation.created_at), conversation.id),
                ConversationKind::Direct => (1, String::new(), latest, conversation.id),
                ConversationKind::Escalation => (2, String::new(), latest, conversation.id),
            }
        });
        self.items = Some(items);
    }
}
