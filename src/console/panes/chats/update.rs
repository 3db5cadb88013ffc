//! What events do: selecting, opening, scrolling, reading.

use std::sync::Arc;

use super::state::{ChatsPane, Focus};
use crate::client::view::{Changed, ConversationDetail, ConversationItem};
use crate::console::action::Action;
use crate::console::conversation::composer::Composer;
use crate::console::conversation::stream::{Stream, acts, search};
use crate::console::effect::{Effect, Load, Loaded};
use crate::console::pane::{Context, PaneEvent};
use crate::console::widgets::list;
use crate::domain::command::Command;
use crate::domain::id::ConversationId;

impl ChatsPane {
    pub(super) fn take(&mut self, event: PaneEvent, context: &Context<'_>) -> Vec<Effect> {
        // Not with news or ticks: a note on the same ticket may be half written in its dialog.
        if matches!(
            event,
            PaneEvent::Shown | PaneEvent::OpenConversation(_) | PaneEvent::Action(..) | PaneEvent::Key(_) | PaneEvent::Paste(_)
        ) {
            self.take_draft(context);
        }
        let effects = self.taken(event, context);
        self.prepare(context);
        effects
    }

    fn taken(&mut self, event: PaneEvent, context: &Context<'_>) -> Vec<Effect> {
        match event {
            PaneEvent::Shown => {
                let mut effects = self.loads();
                effects.extend(self.mark_read());
                effects
            }
            PaneEvent::Changed(changed) => {
                self.stream.news();
                self.changed(&changed)
            }
            PaneEvent::Loaded(loaded) => self.loaded(loaded, context),
            PaneEvent::Action(action, count) => {
                let mut effects = self.act(action, count, context);
                effects.extend(self.mark_read());
                effects
            }
            PaneEvent::Key(key) => {
                let mut effects = self.compose_key(key, context);
                effects.extend(self.mark_read());
                effects
            }
            PaneEvent::Paste(text) => {
                let mut effects = self.paste(&text, context);
                effects.extend(self.mark_read());
                effects
            }
            PaneEvent::OpenConversation(id) => {
                self.focus = Focus::Stream;
                self.select(id)
            }
            PaneEvent::JumpTo { seq, words, .. } => {
                self.focus = Focus::Stream;
                self.stream.look_for(&words);
                self.stream.jump(seq);
                self.stream.wants_older().into_iter().collect()
            }
            PaneEvent::Tick | PaneEvent::OpenTicket(_) | PaneEvent::OpenHandover(_) | PaneEvent::ShowTickets { .. } => Vec::new(),
        }
    }

    fn loads(&self) -> Vec<Effect> {
        let mut effects = vec![Effect::Load(Load::Conversations)];
        effects.extend(self.selected.map(|id| Effect::Load(Load::Conversation(id))));
        effects.extend(self.ticket.as_ref().map(|ticket| Effect::Load(Load::Ticket(ticket.number))));
        effects
    }

    fn changed(&self, changed: &Changed) -> Vec<Effect> {
        if changed.all || changed.outbox || changed.escalations {
            return self.loads();
        }
        if changed.conversations.is_empty() {
            return Vec::new();
        }
        let mut effects = vec![Effect::Load(Load::Conversations)];
        let open = self.selected.filter(|id| changed.conversations.contains(id));
        effects.extend(open.map(|id| Effect::Load(Load::Conversation(id))));
        effects
    }

    fn loaded(&mut self, loaded: Loaded, context: &Context<'_>) -> Vec<Effect> {
        if Composer::wants(&loaded) {
            return self.composer.as_mut().map(|composer| composer.loaded(loaded, context)).unwrap_or_default();
        }
        match loaded {
            Loaded::Conversations(items) => {
                self.put_items(items);
                let there = |id: &ConversationId| self.items.iter().flatten().any(|item| item.conversation.id == *id);
                let first = self.recalled.take().filter(there);
                let first = first.or_else(|| self.items.iter().flatten().map(|item| item.conversation.id).next());
                match (self.selected, first) {
                    (None, Some(first)) => self.select(first),
                    _ => self.load_ticket().into_iter().collect(),
                }
            }
            Loaded::Conversation { id, detail } if self.selected == Some(id) => self.put_detail(detail),
            Loaded::Ticket { detail: Some(detail), .. } if Some(detail.ticket.conversation) == self.selected => {
                self.ticket = Some(Arc::clone(&detail.ticket));
                Vec::new()
            }
            Loaded::Older { conversation, before, older } => {
                self.stream.put_older(conversation, before, older);
                self.stream.wants_older().into_iter().collect()
            }
            Loaded::FoundMessages { words, hits, whole } => search::list(&words, &hits, whole, context),
            Loaded::Edits(edits) => vec![acts::show_history(edits.as_deref().map_err(String::as_str), context)],
            Loaded::Answer { id, answer } => {
                if let Some(effects) = self.place().and_then(|place| self.stream.answered(id, &answer, &place, context)) {
                    return effects;
                }
                self.answered(id, &answer, context).unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }

    /// The ticket of an escalation, for commands in its conversation.
    fn load_ticket(&self) -> Option<Effect> {
        let number = self.item()?.conversation.ticket?;
        let known = self.ticket.as_ref().is_some_and(|ticket| ticket.number == number);
        (!known).then_some(Effect::Load(Load::Ticket(number)))
    }

    fn put_detail(&mut self, detail: Option<Arc<ConversationDetail>>) -> Vec<Effect> {
        self.missing = detail.is_none();
        if let Some(detail) = &detail {
            self.stream.put(detail.conversation.id, &detail.messages, detail.older, detail.read_seq);
        }
        self.detail = detail;
        let mut effects: Vec<Effect> = self.stream.wants_older().into_iter().collect();
        if std::mem::take(&mut self.awaited) {
            effects.extend(self.mark_read());
        }
        effects
    }

    /// Marks what is on screen as read, once.
    fn mark_read(&mut self) -> Option<Effect> {
        let detail = self.detail.as_ref().filter(|detail| Some(detail.conversation.id) == self.selected)?;
        if self.focus == Focus::List || !self.stream.at_end() {
            return None;
        }
        let seq = detail.messages.iter().map(|message| message.seq).max()?;
        let mark = (detail.conversation.id, seq);
        let known = self.marked.filter(|(id, _)| *id == mark.0).map_or(0, |(_, seq)| seq);
        if seq <= detail.read_seq.max(known) {
            return None;
        }
        self.marked = Some(mark);
        Some(Effect::Submit { command: Box::new(Command::MarkRead { conversation: mark.0, seq }), base_version: None })
    }

    /// Selects a conversation and reads it.
    pub(super) fn select(&mut self, id: ConversationId) -> Vec<Effect> {
        if self.selected == Some(id) {
            return Vec::new();
        }
        self.selected = Some(id);
        (self.detail, self.ticket, self.composer) = (None, None, None);
        self.missing = false;
        self.awaited = true;
        self.stream = Stream::default();
        let mut effects = vec![Effect::Load(Load::Conversation(id))];
        effects.extend(self.load_ticket());
        effects
    }

    fn act(&mut self, action: Action, count: usize, context: &Context<'_>) -> Vec<Effect> {
        if self.focus != Focus::List {
            if self.stream.act(action, count) {
                return self.stream.wants_older().into_iter().collect();
            }
            if let Some(effects) = self.place().and_then(|place| self.stream.start(action, &place, context)) {
                return effects;
            }
        }
        let by = isize::try_from(count.max(1)).unwrap_or(isize::MAX);
        match action {
            Action::Down => self.step(by),
            Action::Up => self.step(-by),
            Action::HalfPageDown | Action::PageDown => self.step(by.saturating_mul(10)),
            Action::HalfPageUp | Action::PageUp => self.step(-by.saturating_mul(10)),
            Action::First => self.step(isize::MIN + 1),
            Action::Last => self.step(isize::MAX),
            Action::NextFocus => self.focus_on(match self.focus {
                Focus::List => Focus::Stream,
                Focus::Stream => Focus::Composer,
                Focus::Composer => Focus::List,
            }),
            Action::PreviousFocus => self.focus_on(match self.focus {
                Focus::List => Focus::Composer,
                Focus::Stream => Focus::List,
                Focus::Composer => Focus::Stream,
            }),
            Action::Left | Action::Back => self.focus_on(Focus::List),
            Action::Right => self.focus_on(Focus::Stream),
            Action::Open if self.focus == Focus::List => self.focus_on(Focus::Stream),
            Action::Open | Action::Compose => self.write(false, context),
            Action::AnswerMessage => self.write(true, context),
            Action::ChatMenu => self.menu(context),
            Action::NextUnread => self.next_unread(),
            Action::OpenTicketOfChat => self.item().and_then(|item| item.conversation.ticket).map(Effect::OpenTicket).into_iter().collect(),
            Action::NewChat => self.ask_whom(context),
            _ => Vec::new(),
        }
    }

    pub(super) fn focus_on(&mut self, focus: Focus) -> Vec<Effect> {
        if self.selected.is_some() || focus == Focus::List {
            self.focus = focus;
        }
        Vec::new()
    }

    /// To another conversation of the list.
    pub(super) fn walk(&mut self, by: isize) -> Vec<Effect> {
        self.step(by)
    }

    fn step(&mut self, by: isize) -> Vec<Effect> {
        let items = self.items.as_deref().unwrap_or_default();
        let index = list::step(self.index(), by, items.len());
        let id = index.and_then(|index| items.get(index)).map(|item| item.conversation.id);
        id.map(|id| self.select(id)).unwrap_or_default()
    }

    fn next_unread(&mut self) -> Vec<Effect> {
        let items = self.items.as_deref().unwrap_or_default();
        let after = self.index().map_or(0, |index| index + 1);
        let wanted = |item: &&ConversationItem| item.unread > 0;
        let next = items.iter().skip(after).find(wanted).or(items.iter().take(after).find(wanted)).map(|item| item.conversation.id);
        let Some(id) = next else { return vec![Effect::Toast { key: "chat-no-unread", args: Vec::new() }] };
        self.focus = Focus::Stream;
        self.stream.to_end();
        self.select(id)
    }
}
