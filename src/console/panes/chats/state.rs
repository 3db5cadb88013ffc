//! What the pane remembers: the list, the open conversation, drafts.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use super::compose::Completion;
use super::stream::Laid;
use crate::client::view::{ConversationDetail, ConversationItem};
use crate::console::widgets::text_box::TextBox;
use crate::domain::conversation::ConversationKind;
use crate::domain::id::ConversationId;

/// Where keys go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Focus {
    #[default]
    List,
    Stream,
    Composer,
}

/// Channels, direct conversations and escalations.
#[derive(Debug, Default)]
pub struct ChatsPane {
    pub(super) focus: Focus,
    /// In the order of the list; absent until the first answer.
    pub(super) items: Option<Vec<ConversationItem>>,
    pub(super) selected: Option<ConversationId>,
    pub(super) detail: Option<Arc<ConversationDetail>>,
    /// The conversation does not exist here (yet): it was made just now, or may not be seen.
    pub(super) missing: bool,
    /// Up to which `seq` it was read when it was opened: the line of new messages stays while one reads.
    pub(super) fence: Option<i64>,
    /// Lines between the end of the conversation and the last line on screen.
    pub(super) back: usize,
    /// The last mark sent.
    pub(super) marked: Option<(ConversationId, i64)>,
    /// A key asked for the load that is on its way: when it comes, its reader is there.
    pub(super) awaited: bool,
    pub(super) drafts: HashMap<ConversationId, TextBox>,
    pub(super) completion: Option<Completion>,
    /// The stream as last laid out.
    pub(super) laid: RefCell<Laid>,
    /// Rows of the stream as last drawn.
    pub(super) page: Cell<usize>,
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

    /// Unread messages of all conversations.
    pub(super) fn unread(&self) -> usize {
        self.items.iter().flatten().map(|item| usize::try_from(item.unread).unwrap_or(0)).sum()
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
