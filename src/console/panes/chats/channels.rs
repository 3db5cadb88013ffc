//! Starting conversations, and what can be changed about one: topic, name, members, mute.

use super::state::{ChatsPane, Focus, Making};
use crate::base::text::clean;
use crate::console::effect::{Answer, Choice, Effect, Question, QuestionKind};
use crate::console::pane::Context;
use crate::console::panes::presence;
use crate::domain::command::{Command, CreateConversation};
use crate::domain::conversation::{Conversation, ConversationKind};
use crate::domain::id::{ConversationId, PersonId};
use crate::domain::person::Presence;

const NEW: &str = "chat-new";
const NEW_CHANNEL: &str = "talk-new-channel";
const NEW_QUEUE: &str = "talk-new-queue";
const NEW_REGION: &str = "talk-new-region";
const NEW_MEMBER: &str = "talk-new-member";
const MENU: &str = "talk-menu";
const TOPIC: &str = "talk-topic";
const RENAME: &str = "talk-rename";
const ADD: &str = "talk-add-member";
const REMOVE: &str = "talk-remove-member";
const LEAVE: &str = "talk-leave";

/// The choices beside the people: an open channel, one with members, a queue's, a region's.
const KINDS: [(&str, &str); 4] =
    [("channel", "chat-new-channel"), ("private", "chat-new-private"), ("queue", "chat-new-queue"), ("region", "chat-new-region")];

fn ask(id: &'static str, title: &'static str, kind: QuestionKind) -> Vec<Effect> {
    vec![Effect::Ask(Box::new(Question { id, title, kind }))]
}

fn prompt(text: &str) -> QuestionKind {
    QuestionKind::Prompt { text: text.to_owned() }
}

fn submit(command: Command) -> Vec<Effect> {
    vec![Effect::Submit { command: Box::new(command), base_version: None }]
}

fn choice(value: impl Into<String>, label: impl Into<String>) -> Choice {
    Choice { value: value.into(), label: label.into(), hint: String::new(), disabled: None }
}

impl ChatsPane {
    /// Asks whom to write to, or what to open.
    pub(super) fn ask_whom(&self, context: &Context<'_>) -> Vec<Effect> {
        let kinds = KINDS.into_iter().filter(|(value, _)| *value != "region" || !regions(context).is_empty());
        let kinds = kinds.map(|(value, key)| choice(value, context.locale.text(key)));
        let choices = kinds.chain(people(context, |id| id != context.me.id)).collect();
        ask(NEW, "chat-new-title", QuestionKind::Pick { choices })
    }

    /// What can be changed about the open conversation.
    pub(super) fn menu(&self, context: &Context<'_>) -> Vec<Effect> {
        let Some(item) = self.item() else { return Vec::new() };
        let conversation = &item.conversation;
        let channel = conversation.kind == ConversationKind::Channel;
        let private = channel && !conversation.members.is_empty();
        let mute = if item.muted { ("unmute", "chat-unmute") } else { ("mute", "chat-mute") };
        let all = [
            (true, mute),
            (channel, ("topic", "chat-topic")),
            (channel, ("rename", "chat-rename")),
            (private, ("add", "chat-add-member")),
            (private, ("remove", "chat-remove-member")),
            (private, ("leave", "chat-leave")),
        ];
        let choices =
            all.into_iter().filter(|(there, _)| *there).map(|(_, (value, key))| choice(value, context.locale.text(key))).collect();
        ask(MENU, "chat-menu-title", QuestionKind::Pick { choices })
    }

    /// Answers to the questions asked here; `None` for others.
    pub(super) fn answered(&mut self, id: &str, answer: &Answer, context: &Context<'_>) -> Option<Vec<Effect>> {
        Some(match (id, answer) {
            (NEW, Answer::Picked(value)) => self.new_one(value, context),
            (NEW_QUEUE, Answer::Picked(value)) => {
                self.making.queue = value.parse().ok();
                let name = self.making.queue.and_then(|id| context.directory.queues.get(&id)).map(|queue| clean(&queue.name));
                ask(NEW_CHANNEL, "chat-new-channel-title", prompt(&name.unwrap_or_default()))
            }
            (NEW_REGION, Answer::Picked(region)) => {
                self.making.region = Some(region.clone());
                ask(NEW_CHANNEL, "chat-new-channel-title", prompt(region))
            }
            (NEW_CHANNEL, Answer::Text(title)) if !title.trim().is_empty() => {
                title.trim().clone_into(&mut self.making.title);
                if self.making.private {
                    let choices = people(context, |id| id != context.me.id).collect();
                    return Some(ask(NEW_MEMBER, "chat-new-member-title", QuestionKind::Pick { choices }));
                }
                self.make_channel(Vec::new(), context)
            }
            (NEW_MEMBER, Answer::Picked(value)) => match value.parse() {
                Ok(person) => self.make_channel(vec![context.me.id, person], context),
                Err(_) => Vec::new(),
            },
            _ => return self.changed_by(id, answer, context),
        })
    }

    fn new_one(&mut self, value: &str, context: &Context<'_>) -> Vec<Effect> {
        self.making = Making { private: value == "private", ..Making::default() };
        match value {
            "channel" | "private" => ask(NEW_CHANNEL, "chat-new-channel-title", prompt("")),
            "queue" => {
                let queues = context.directory.queues_in_order().into_iter();
                let choices = queues.map(|queue| choice(queue.id.to_string(), clean(&queue.name))).collect();
                ask(NEW_QUEUE, "chat-new-queue", QuestionKind::Pick { choices })
            }
            "region" => {
                let choices = regions(context).into_iter().map(|region| choice(region.clone(), clean(&region))).collect();
                ask(NEW_REGION, "chat-new-region", QuestionKind::Pick { choices })
            }
            person => person.parse().map(|person| self.direct(person, context)).unwrap_or_default(),
        }
    }

    fn changed_by(&mut self, id: &str, answer: &Answer, context: &Context<'_>) -> Option<Vec<Effect>> {
        let mine = matches!(id, MENU | TOPIC | RENAME | ADD | REMOVE | LEAVE | NEW | NEW_CHANNEL | NEW_QUEUE | NEW_REGION | NEW_MEMBER);
        if !mine {
            return None;
        }
        let Some(row) = self.item().map(|item| item.conversation.clone()) else { return Some(Vec::new()) };
        let conversation = row.id;
        Some(match (id, answer) {
            (MENU, Answer::Picked(value)) => menu_act(value, &row, context),
            (TOPIC, Answer::Text(topic)) => {
                submit(Command::UpdateConversation { conversation, title: None, topic: Some(topic.trim().to_owned()) })
            }
            (RENAME, Answer::Text(title)) if !title.trim().is_empty() => {
                submit(Command::UpdateConversation { conversation, title: Some(title.trim().to_owned()), topic: None })
            }
            (ADD, Answer::Picked(value)) => {
                value.parse().map(|person| submit(Command::AddMember { conversation, person })).unwrap_or_default()
            }
            (REMOVE, Answer::Picked(value)) => {
                value.parse().map(|person| submit(Command::RemoveMember { conversation, person })).unwrap_or_default()
            }
            (LEAVE, Answer::Confirmed) => submit(Command::RemoveMember { conversation, person: context.me.id }),
            _ => Vec::new(),
        })
    }

    /// The direct conversation with a person: the one there is, else a new one.
    fn direct(&mut self, person: PersonId, context: &Context<'_>) -> Vec<Effect> {
        let me = context.me.id;
        let between = |row: &Conversation| {
            row.kind == ConversationKind::Direct && row.members.len() == 2 && row.members.contains(&me) && row.members.contains(&person)
        };
        let known = self.items.iter().flatten().find(|item| between(&item.conversation)).map(|item| item.conversation.id);
        match known {
            Some(id) => {
                let effects = self.select(id);
                self.focus = Focus::Composer;
                effects
            }
            None => {
                let id = ConversationId((context.new_id)());
                self.create(CreateConversation::new(id, ConversationKind::Direct, String::new(), vec![me, person]))
            }
        }
    }

    fn make_channel(&mut self, members: Vec<PersonId>, context: &Context<'_>) -> Vec<Effect> {
        let Making { title, queue, region, .. } = std::mem::take(&mut self.making);
        let id = ConversationId((context.new_id)());
        let body = CreateConversation { queue, region, ..CreateConversation::new(id, ConversationKind::Channel, title, members) };
        self.create(body)
    }

    fn create(&mut self, body: CreateConversation) -> Vec<Effect> {
        let id = body.id;
        let mut effects = submit(Command::CreateConversation(Box::new(body)));
        effects.extend(self.select(id));
        self.focus = Focus::Composer;
        effects
    }
}

fn menu_act(value: &str, row: &Conversation, context: &Context<'_>) -> Vec<Effect> {
    let conversation = row.id;
    match value {
        "mute" | "unmute" => submit(Command::MuteConversation { conversation, muted: value == "mute" }),
        "topic" => ask(TOPIC, "chat-topic", prompt(row.topic.as_deref().unwrap_or_default())),
        "rename" => ask(RENAME, "chat-rename", prompt(&row.title)),
        "add" => {
            let choices = people(context, |id| !row.members.contains(&id)).collect();
            ask(ADD, "chat-add-member", QuestionKind::Pick { choices })
        }
        "remove" => {
            let choices = people(context, |id| row.members.contains(&id) && id != context.me.id).collect();
            ask(REMOVE, "chat-remove-member", QuestionKind::Pick { choices })
        }
        "leave" => {
            let sentence = context.locale.with("chat-leave-confirm", &[("title", &clean(&row.title))]);
            ask(LEAVE, "chat-leave", QuestionKind::Confirm { sentence })
        }
        _ => Vec::new(),
    }
}

/// Colleagues by name, with how present they are.
fn people<'a>(context: &'a Context<'_>, which: impl Fn(PersonId) -> bool + 'a) -> impl Iterator<Item = Choice> + 'a {
    let mut people: Vec<_> = context.directory.people.values().filter(|person| person.active && which(person.id)).collect();
    people.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    people.into_iter().map(|person| {
        let state = context.agent_states.get(&person.id).map_or(Presence::Offline, |state| state.presence);
        let hint = context.locale.text(presence::word(state)).into_owned();
        let label = format!("{} @{}", clean(&person.name), clean(&person.handle));
        Choice { hint, ..choice(person.id.to_string(), label) }
    })
}

/// Regions that sites name, each once.
fn regions(context: &Context<'_>) -> Vec<String> {
    let mut regions: Vec<_> =
        context.directory.sites.values().map(|site| site.region.clone()).filter(|region| !region.is_empty()).collect();
    regions.sort_unstable();
    regions.dedup();
    regions
}
