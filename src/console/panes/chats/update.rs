//! What events do: selecting, opening, scrolling, reading, starting conversations.

use std::sync::Arc;

use super::state::{ChatsPane, Focus};
use crate::base::text::clean;
use crate::client::view::{Changed, ConversationDetail, ConversationItem};
use crate::console::action::Action;
use crate::console::effect::{Answer, Choice, Effect, Load, Loaded, Question, QuestionKind};
use crate::console::pane::{Context, PaneEvent};
use crate::console::panes::presence;
use crate::console::widgets::list;
use crate::domain::command::{Command, CreateConversation};
use crate::domain::conversation::ConversationKind;
use crate::domain::id::{ConversationId, PersonId};
use crate::domain::person::Presence;

const NEW: &str = "chat-new";
const NEW_CHANNEL: &str = "chat-new-channel";
/// The choice beside the people.
const CHANNEL: &str = "channel";

impl ChatsPane {
    pub(super) fn take(&mut self, event: PaneEvent, context: &Context<'_>) -> Vec<Effect> {
        match event {
            PaneEvent::Shown => {
                let mut effects = self.loads();
                effects.extend(self.mark_read());
                effects
            }
            PaneEvent::Changed(changed) => self.changed(&changed),
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
                self.paste(&text);
                self.mark_read().into_iter().collect()
            }
            PaneEvent::OpenConversation(id) => {
                self.focus = Focus::Stream;
                self.select(id).into_iter().collect()
            }
            PaneEvent::Tick | PaneEvent::OpenTicket(_) | PaneEvent::OpenHandover(_) => Vec::new(),
        }
    }

    fn loads(&self) -> Vec<Effect> {
        let mut effects = vec![Effect::Load(Load::Conversations)];
        effects.extend(self.selected.map(|id| Effect::Load(Load::Conversation(id))));
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
        match loaded {
            Loaded::Conversations(items) => {
                self.put_items(items);
                let first = self.items.iter().flatten().map(|item| item.conversation.id).next();
                match (self.selected, first) {
                    (None, Some(first)) => self.select(first).into_iter().collect(),
                    _ => Vec::new(),
                }
            }
            Loaded::Conversation { id, detail } if self.selected == Some(id) => self.put_detail(detail),
            Loaded::Answer { id, answer } => self.answered(id, answer, context),
            _ => Vec::new(),
        }
    }

    fn put_detail(&mut self, detail: Option<Arc<ConversationDetail>>) -> Vec<Effect> {
        self.missing = detail.is_none();
        if let Some(detail) = &detail {
            self.fence.get_or_insert(detail.read_seq);
        }
        self.detail = detail;
        if std::mem::take(&mut self.awaited) { self.mark_read().into_iter().collect() } else { Vec::new() }
    }

    /// Marks what is on screen as read, once.
    fn mark_read(&mut self) -> Option<Effect> {
        let detail = self.detail.as_ref().filter(|detail| Some(detail.conversation.id) == self.selected)?;
        if self.focus == Focus::List || self.back > 0 {
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
    fn select(&mut self, id: ConversationId) -> Option<Effect> {
        if self.selected == Some(id) {
            return None;
        }
        self.selected = Some(id);
        self.detail = None;
        self.missing = false;
        self.fence = None;
        self.back = 0;
        self.awaited = true;
        self.completion = None;
        Some(Effect::Load(Load::Conversation(id)))
    }

    fn act(&mut self, action: Action, count: usize, context: &Context<'_>) -> Vec<Effect> {
        let count = isize::try_from(count.max(1)).unwrap_or(isize::MAX);
        let page = isize::try_from(self.page.get().max(2)).unwrap_or(isize::MAX);
        match action {
            Action::Down => self.step(count),
            Action::Up => self.step(-count),
            Action::HalfPageDown => self.step(page / 2),
            Action::HalfPageUp => self.step(-(page / 2)),
            Action::PageDown => self.step(page),
            Action::PageUp => self.step(-page),
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
            Action::Open | Action::Compose => self.focus_on(Focus::Composer),
            Action::NextUnread => self.next_unread(),
            Action::OpenTicketOfChat => self.item().and_then(|item| item.conversation.ticket).map(Effect::OpenTicket).into_iter().collect(),
            Action::NewChat => vec![ask_whom(context)],
            _ => Vec::new(),
        }
    }

    fn focus_on(&mut self, focus: Focus) -> Vec<Effect> {
        if self.selected.is_some() || focus == Focus::List {
            self.focus = focus;
        }
        Vec::new()
    }

    fn step(&mut self, by: isize) -> Vec<Effect> {
        if self.focus == Focus::List {
            let items = self.items.as_deref().unwrap_or_default();
            let index = list::step(self.index(), by, items.len());
            let id = index.and_then(|index| items.get(index)).map(|item| item.conversation.id);
            return id.and_then(|id| self.select(id)).into_iter().collect();
        }
        let rest = self.laid.borrow().len().saturating_sub(self.page.get());
        self.back = self.back.saturating_add_signed(by.saturating_neg()).min(rest);
        Vec::new()
    }

    fn next_unread(&mut self) -> Vec<Effect> {
        let items = self.items.as_deref().unwrap_or_default();
        let after = self.index().map_or(0, |index| index + 1);
        let wanted = |item: &&ConversationItem| item.unread > 0;
        let next = items.iter().skip(after).find(wanted).or(items.iter().take(after).find(wanted)).map(|item| item.conversation.id);
        let Some(id) = next else { return vec![Effect::Toast { key: "chat-no-unread", args: Vec::new() }] };
        self.focus = Focus::Stream;
        self.back = 0;
        self.select(id).into_iter().collect()
    }

    fn answered(&mut self, id: &str, answer: Answer, context: &Context<'_>) -> Vec<Effect> {
        match (id, answer) {
            (NEW, Answer::Picked(value)) if value == CHANNEL => {
                let kind = QuestionKind::Prompt { text: String::new() };
                vec![Effect::Ask(Box::new(Question { id: NEW_CHANNEL, title: "chat-new-channel-title", kind }))]
            }
            (NEW, Answer::Picked(value)) => value.parse().map(|person| self.direct(person, context)).unwrap_or_default(),
            (NEW_CHANNEL, Answer::Text(title)) if !title.trim().is_empty() => {
                self.create(ConversationKind::Channel, title.trim().to_owned(), Vec::new(), context)
            }
            _ => Vec::new(),
        }
    }

    /// The direct conversation with a person: the one there is, else a new one.
    fn direct(&mut self, person: PersonId, context: &Context<'_>) -> Vec<Effect> {
        let me = context.me.id;
        let between = |item: &&ConversationItem| {
            let members = &item.conversation.members;
            item.conversation.kind == ConversationKind::Direct && members.len() == 2 && members.contains(&me) && members.contains(&person)
        };
        let known = self.items.iter().flatten().find(between).map(|item| item.conversation.id);
        match known {
            Some(id) => {
                self.focus = Focus::Composer;
                self.select(id).into_iter().collect()
            }
            None => self.create(ConversationKind::Direct, String::new(), vec![me, person], context),
        }
    }

    fn create(&mut self, kind: ConversationKind, title: String, members: Vec<PersonId>, context: &Context<'_>) -> Vec<Effect> {
        let id = ConversationId((context.new_id)());
        let command = Box::new(Command::CreateConversation(Box::new(CreateConversation::new(id, kind, title, members))));
        let mut effects = vec![Effect::Submit { command, base_version: None }];
        effects.extend(self.select(id));
        self.focus = Focus::Composer;
        effects
    }
}

fn ask_whom(context: &Context<'_>) -> Effect {
    let mut people: Vec<_> = context.directory.people.values().filter(|person| person.active && person.id != context.me.id).collect();
    people.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    let channel = Choice {
        value: CHANNEL.to_owned(),
        label: context.locale.text("chat-new-channel").into_owned(),
        hint: String::new(),
        disabled: None,
    };
    let people = people.into_iter().map(|person| Choice {
        value: person.id.to_string(),
        label: format!("{} @{}", clean(&person.name), clean(&person.handle)),
        hint: {
            let state = context.agent_states.get(&person.id).map_or(Presence::Offline, |state| state.presence);
            context.locale.text(presence::word(state)).into_owned()
        },
        disabled: None,
    });
    let choices = std::iter::once(channel).chain(people).collect();
    Effect::Ask(Box::new(Question { id: NEW, title: "chat-new-title", kind: QuestionKind::Pick { choices } }))
}
