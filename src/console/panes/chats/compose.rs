//! The composer: text goes to the draft of the selected conversation; `@` completes handles.

use super::state::{ChatsPane, Focus};
use crate::base::text::{clean_lines, fold};
use crate::console::effect::Effect;
use crate::console::key::{Key, KeyCode};
use crate::console::pane::Context;
use crate::domain::command::{Command, MessageTarget, PostMessage};
use crate::domain::conversation::{ConversationKind, Visibility};
use crate::domain::id::MessageId;
use crate::domain::person::Person;

/// Most characters of a message.
const TEXT_MAX: usize = 65_536;
/// Most candidates offered.
const CANDIDATES_MAX: usize = 8;

/// Handles that `tab` goes through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// Where the `@` stands.
    pub start: usize,
    pub handles: Vec<String>,
    pub index: usize,
}

impl ChatsPane {
    /// A key while the composer has focus.
    pub(super) fn compose_key(&mut self, key: Key, context: &Context<'_>) -> Vec<Effect> {
        if key.code == KeyCode::Tab && !key.ctrl && !key.alt {
            self.complete(context);
            return Vec::new();
        }
        let plain_enter = key.code == KeyCode::Enter && !key.ctrl && !key.alt && !key.shift;
        if plain_enter && self.completion.is_none() && self.names_half(context) {
            self.complete(context);
            return Vec::new();
        }
        self.completion = None;
        match (key.code, key.ctrl) {
            (KeyCode::Enter, false) if !key.alt && !key.shift => return self.send(context),
            (KeyCode::Char('s'), true) => return self.send(context),
            (KeyCode::Escape, _) => self.focus = Focus::Stream,
            _ => self.edit(key),
        }
        Vec::new()
    }

    /// The caret stands after an `@word` that begins somebody's name and is nobody's handle: sending it would reach nobody.
    fn names_half(&self, context: &Context<'_>) -> bool {
        let draft = self.selected.and_then(|selected| self.drafts.get(&selected));
        let Some((_, typed)) = draft.and_then(|draft| mention(draft.before())) else { return false };
        let found = candidates(typed, context);
        !typed.is_empty() && !found.is_empty() && found.iter().all(|person| person.handle != typed)
    }

    fn edit(&mut self, key: Key) {
        let Some(selected) = self.selected else { return };
        let draft = self.drafts.entry(selected).or_default();
        match (key.code, key.ctrl) {
            (KeyCode::Enter, _) | (KeyCode::Char('j'), true) => draft.insert("\n"),
            (KeyCode::Char('w'), true) => draft.delete_word(),
            (KeyCode::Char('u'), true) => draft.delete_line(),
            (KeyCode::Char('a'), true) | (KeyCode::Home, _) => draft.home(),
            (KeyCode::Char('e'), true) | (KeyCode::End, _) => draft.end(),
            (KeyCode::Char(char), false) if !key.alt => draft.insert(&clean_lines(&char.to_string())),
            (KeyCode::Backspace, false) => draft.backspace(),
            (KeyCode::Backspace, true) => draft.delete_word(),
            (KeyCode::Delete, _) => draft.delete(),
            (KeyCode::Left, _) => draft.left(),
            (KeyCode::Right, _) => draft.right(),
            _ => {}
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.completion = None;
        if let Some(selected) = self.selected {
            self.drafts.entry(selected).or_default().insert(&clean_lines(text));
        }
    }

    fn send(&mut self, context: &Context<'_>) -> Vec<Effect> {
        let Some(selected) = self.selected else { return Vec::new() };
        let Some(draft) = self.drafts.get_mut(&selected).filter(|draft| !draft.text().trim().is_empty()) else { return Vec::new() };
        let characters = draft.text().chars().count();
        if characters > TEXT_MAX {
            return vec![Effect::Toast { key: "chat-too-long", args: vec![("n", characters.to_string()), ("max", TEXT_MAX.to_string())] }];
        }
        let text = draft.take();
        self.drafts.remove(&selected);
        self.back = 0;
        let escalated = self.item().filter(|item| item.conversation.kind == ConversationKind::Escalation);
        let target = escalated
            .and_then(|item| item.conversation.ticket)
            .map_or(MessageTarget::Conversation { id: selected }, |number| MessageTarget::Ticket { number });
        let message = MessageId((context.new_id)());
        let post = PostMessage::new(target, message, Visibility::Internal, text);
        vec![Effect::Submit { command: Box::new(Command::PostMessage(Box::new(post))), base_version: None }]
    }

    /// Puts the next candidate for the `@word` before the caret; without one, focus moves on.
    fn complete(&mut self, context: &Context<'_>) {
        let Some(selected) = self.selected else { return };
        let completion = match self.completion.take() {
            Some(completion) => {
                let index = (completion.index + 1) % completion.handles.len().max(1);
                Some(Completion { index, ..completion })
            }
            None => self.drafts.get(&selected).and_then(|draft| mention(draft.before())).map(|(start, typed)| {
                let handles = candidates(typed, context).into_iter().map(|person| person.handle.clone()).collect();
                Completion { start, handles, index: 0 }
            }),
        };
        match completion.filter(|completion| !completion.handles.is_empty()) {
            Some(completion) => {
                let draft = self.drafts.entry(selected).or_default();
                draft.replace_before(completion.start, &format!("@{} ", completion.handles[completion.index]));
                self.completion = Some(completion);
            }
            None => self.focus = Focus::List,
        }
    }
}

/// The `@word` being typed at the end of a text: where it starts, and what follows the `@`.
#[must_use]
pub fn mention(before: &str) -> Option<(usize, &str)> {
    let start = before.rfind('@')?;
    let typed = &before[start + 1..];
    let opens = before[..start].chars().next_back().is_none_or(|char| !char.is_ascii_alphanumeric());
    (opens && !typed.contains(char::is_whitespace)).then_some((start, typed))
}

/// People whose handle or name begins with what was typed, then those who merely contain it.
#[must_use]
pub fn candidates<'a>(typed: &str, context: &Context<'a>) -> Vec<&'a Person> {
    let typed = fold(typed);
    let rank = |person: &Person| {
        let (handle, name) = (fold(&person.handle), fold(&person.name));
        match () {
            () if handle.starts_with(&typed) => Some(0),
            () if name.starts_with(&typed) => Some(1),
            () if handle.contains(&typed) || name.contains(&typed) => Some(2),
            () => None,
        }
    };
    let mut found: Vec<_> = context
        .directory
        .people
        .values()
        .filter(|person| person.active && person.id != context.me.id)
        .filter_map(|person| Some((rank(person)?, person)))
        .collect();
    found.sort_by(|(a, left), (b, right)| (a, &left.handle).cmp(&(b, &right.handle)));
    found.into_iter().take(CANDIDATES_MAX).map(|(_, person)| person).collect()
}
