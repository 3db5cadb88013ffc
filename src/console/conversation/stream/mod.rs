//! A conversation being read: which messages are held, which one is marked, which part is on screen. The ticket and Chats share it.
//!
//! Only what is on screen is laid out ([`window`]), so that ten thousand messages scroll like ten; earlier ones are asked for as
//! one nears the first. [`block`] lays one message out, [`acts`] is what can be done with the marked one.

pub mod acts;
mod block;
pub mod search;
#[cfg(test)]
mod tests;
mod window;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use block::Blocks;
pub use window::{Look, Shown};

use crate::client::view::OlderMessages;
use crate::console::action::Action;
use crate::console::effect::{Effect, Load};
use crate::console::pane::Context;
use crate::domain::conversation::{Author, Message};
use crate::domain::id::{ConversationId, MessageId, TicketNumber};

/// Messages asked for at once.
const PAGE: usize = 200;
/// So near to the first message held, earlier ones are asked for.
const NEAR: usize = 40;

/// See the module.
#[derive(Debug, Default)]
pub struct Stream {
    conversation: Option<ConversationId>,
    /// The ticket whose conversation it is.
    pub ticket: Option<TicketNumber>,
    /// Without gaps, oldest first; pending ones at the end.
    messages: Vec<Arc<Message>>,
    places: HashMap<MessageId, usize>,
    /// There are earlier ones than the first held.
    more: bool,
    /// Before which `seq` earlier ones were asked for.
    asked: Option<i64>,
    /// Up to which `seq` it was read when it was opened.
    fence: Option<i64>,
    /// The marked message, by `seq`; absent at the end.
    selected: Option<i64>,
    /// The message to be marked once it is held.
    target: Option<i64>,
    /// What was searched for, to be shown where it stands.
    words: String,
    /// The last block on screen and how many of its lines are below the edge; absent at the end.
    anchor: Cell<Option<(i64, usize)>>,
    /// Lines to be scrolled at the next drawing, down positive.
    scroll: Cell<isize>,
    /// The marked message may leave the screen: somebody scrolls by lines.
    free: Cell<bool>,
    shown: Cell<Shown>,
    blocks: RefCell<Blocks>,
}

impl Stream {
    /// Takes the newest messages of a conversation; earlier ones held before stay when they adjoin.
    pub fn put(&mut self, conversation: ConversationId, newest: &[Arc<Message>], older: bool, read_seq: i64) {
        if self.conversation != Some(conversation) {
            *self = Self {
                conversation: Some(conversation),
                ticket: self.ticket,
                target: self.target,
                words: std::mem::take(&mut self.words),
                ..Self::default()
            };
        }
        self.fence.get_or_insert(read_seq);
        let first = newest.first().map_or(i64::MAX, |message| message.seq);
        let mut kept: Vec<_> = std::mem::take(&mut self.messages).into_iter().filter(|message| message.seq < first).collect();
        let adjoins = kept.last().is_some_and(|last| last.seq + 1 == first);
        if !adjoins {
            kept.clear();
        }
        if kept.is_empty() {
            (self.more, self.asked) = (older, None);
        }
        kept.extend(newest.iter().cloned());
        self.hold(kept);
    }

    /// Takes earlier messages that were asked for.
    pub fn put_older(&mut self, conversation: ConversationId, before: i64, older: OlderMessages) {
        let first = self.messages.first().map(|message| message.seq);
        if self.conversation != Some(conversation) || first != Some(before) {
            return;
        }
        if older.messages.last().is_some_and(|last| last.seq + 1 == before) {
            let mut messages = older.messages;
            messages.append(&mut self.messages);
            (self.more, self.asked) = (older.older, None);
            self.hold(messages);
        } else if older.complete {
            (self.more, self.asked) = (older.older && !older.messages.is_empty(), None);
        }
    }

    fn hold(&mut self, messages: Vec<Arc<Message>>) {
        self.places = messages.iter().enumerate().map(|(index, message)| (message.id, index)).collect();
        self.messages = messages;
        if let Some(target) = self.target
            && self.messages.first().is_some_and(|first| first.seq <= target)
        {
            self.target = None;
            self.mark(target);
        }
    }

    /// What was being fetched may have come: it is asked for again when it is still wanted.
    pub fn news(&mut self) {
        self.asked = None;
    }

    /// Asks for earlier messages when the first ones held are near, or one among them is wanted.
    pub fn wants_older(&mut self) -> Option<Effect> {
        let conversation = self.conversation.filter(|_| self.more && self.asked.is_none())?;
        let before = self.messages.first()?.seq;
        let near = self.shown.get().first < NEAR || self.index().is_some_and(|index| index < NEAR);
        let target = self.target.filter(|target| *target < before);
        if !near && target.is_none() {
            return None;
        }
        self.asked = Some(before);
        let limit = target.map_or(PAGE, |target| usize::try_from(before - target).unwrap_or(0) + NEAR);
        Some(Effect::Load(Load::Older { conversation, before, limit }))
    }

    /// Marks the message with this `seq`, now or when it is held.
    pub fn jump(&mut self, seq: i64) {
        if self.messages.first().is_some_and(|first| first.seq <= seq) {
            self.mark(seq);
        } else {
            self.target = Some(seq);
        }
    }

    /// Shows these words where they stand.
    pub fn look_for(&mut self, words: &str) {
        words.clone_into(&mut self.words);
        self.blocks.borrow_mut().clear();
    }

    fn mark(&mut self, seq: i64) {
        self.selected = Some(seq);
        self.free.set(false);
    }

    /// The marked message.
    #[must_use]
    pub fn selected(&self) -> Option<&Arc<Message>> {
        self.messages.get(self.index()?).filter(|message| !message.withheld)
    }

    /// A message by its id, when it is held and may be read.
    #[must_use]
    pub fn message(&self, id: MessageId) -> Option<&Arc<Message>> {
        self.messages.iter().find(|message| message.id == id && !message.withheld)
    }

    /// Whether a message is marked.
    #[must_use]
    pub fn has_mark(&self) -> bool {
        self.selected.is_some()
    }

    /// Back to the end, nothing marked.
    pub fn to_end(&mut self) {
        self.selected = None;
        self.anchor.set(None);
        self.scroll.set(0);
        self.free.set(false);
    }

    /// The end is on screen: who looks has read it.
    #[must_use]
    pub fn at_end(&self) -> bool {
        self.selected.is_none_or(|seq| self.messages.last().is_some_and(|last| last.seq == seq)) && self.shown.get().at_end
    }

    /// The place of the marked message among those held.
    fn index(&self) -> Option<usize> {
        let seq = self.selected?;
        let index = self.messages.partition_point(|message| message.seq < seq);
        (!self.messages.is_empty()).then(|| index.min(self.messages.len() - 1))
    }

    /// Moves; false when the action is none of moving.
    pub fn act(&mut self, action: Action, count: usize) -> bool {
        let rows = isize::try_from(self.shown.get().rows.max(2)).unwrap_or(isize::MAX);
        let count = isize::try_from(count).unwrap_or(1);
        match action {
            Action::Down => self.step(count),
            Action::Up => self.step(-count),
            Action::HalfPageDown => self.roll(count.saturating_mul(rows / 2)),
            Action::HalfPageUp => self.roll(-count.saturating_mul(rows / 2)),
            Action::PageDown => self.roll(count.saturating_mul(rows - 1)),
            Action::PageUp => self.roll(-count.saturating_mul(rows - 1)),
            Action::First => {
                if let Some(first) = self.messages.first() {
                    self.mark(first.seq);
                }
            }
            Action::Last => self.to_end(),
            _ => return false,
        }
        true
    }

    /// Scrolls by lines, down positive.
    pub fn wheel(&mut self, lines: isize) {
        self.roll(lines);
    }

    fn roll(&mut self, by: isize) {
        self.scroll.set(self.scroll.get().saturating_add(by));
        self.free.set(true);
    }

    /// To the next or previous message; through a tall one by screenfuls.
    fn step(&mut self, by: isize) {
        let shown = self.shown.get();
        let Some(last) = self.messages.len().checked_sub(1) else { return };
        // After scrolling by lines the mark starts from what is on screen.
        let from = match self.index() {
            Some(index) if !self.free.get() || (shown.first..=shown.last).contains(&index) => index,
            _ if by < 0 && (self.selected.is_some() || self.anchor.get().is_some()) => (shown.last + 1).min(last + 1),
            _ if by < 0 => last + 1,
            _ if self.anchor.get().is_none() && self.selected.is_none() => return,
            _ => shown.first.saturating_sub(1),
        };
        let tall = isize::try_from(shown.rows.max(3) - 2).unwrap_or(1);
        if self.index() == Some(from) && by.abs() == 1 {
            let hidden = if by > 0 { shown.below } else { shown.above };
            if hidden > 0 && from == if by > 0 { shown.last } else { shown.first } {
                self.roll(by * tall.min(isize::try_from(hidden).unwrap_or(tall)));
                return;
            }
        }
        let to = from.saturating_add_signed(by);
        if to > last {
            self.to_end();
        } else {
            self.mark(self.messages[to].seq);
        }
    }

    /// The `seq` from which messages are new to me: the first of somebody else's past the fence.
    fn new_from(&self, context: &Context<'_>) -> Option<i64> {
        let fence = self.fence.filter(|fence| *fence > 0)?;
        let mine = Author::Person { id: context.me.id };
        let start = self.messages.partition_point(|message| message.seq <= fence);
        self.messages[start..].iter().find(|message| message.author != mine).map(|message| message.seq)
    }
}
