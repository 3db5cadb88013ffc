//! What can be done with the marked message: answered, reacted to, changed, pinned, copied, followed. One menu has them all, the
//! usual ones have keys.

use std::sync::Arc;

use super::Stream;
use super::search::{self, FOUND, WORDS};
use crate::base::text::{clean, clean_lines, cut};
use crate::console::action::Action;
use crate::console::conversation::composer::{Place, Writing};
use crate::console::effect::{Answer, Choice, Effect, Load, Question, QuestionKind};
use crate::console::pane::Context;
use crate::console::words;
use crate::domain::access;
use crate::domain::command::{Command, MessageTarget};
use crate::domain::conversation::{Author, Message, MessageEdit};
use crate::domain::id::TicketNumber;

const MENU: &str = "talk-menu";
const REACT: &str = "talk-react";
const LINKS: &str = "talk-links";
const HISTORY: &str = "talk-history";

/// Reactions offered: words any terminal shows, and emoji that are two cells wide on all of them.
const REACTIONS: [&str; 9] = ["+1", "ok", "done", "thanks", "looking", "👍", "👀", "🎉", "🙏"];

/// The acts, in the order of the menu.
const ACTS: [Action; 7] = [
    Action::React,
    Action::JumpToAnswered,
    Action::FollowLink,
    Action::CopyMessage,
    Action::PinMessage,
    Action::EditMessage,
    Action::MessageHistory,
];

impl Stream {
    /// Why an act on messages is not possible now, as a message key.
    #[must_use]
    pub fn disabled(&self, action: Action, context: &Context<'_>) -> Option<&'static str> {
        if action == Action::FindMessages {
            return None;
        }
        if action != Action::MessageMenu && !ACTS.contains(&action) {
            return None;
        }
        match self.selected() {
            None => Some("message-disabled-none"),
            Some(message) => why_not(action, message, context),
        }
    }

    /// Starts an act; `None` when the action is none on messages.
    pub fn start(&mut self, action: Action, place: &Place, context: &Context<'_>) -> Option<Vec<Effect>> {
        if action == Action::FindMessages {
            return Some(vec![search::ask(WORDS, "ask-find-here")]);
        }
        let message = Arc::clone(self.selected()?);
        let submit = |command| vec![Effect::Submit { command: Box::new(command), base_version: None }];
        let target = target(&message, place);
        Some(match action {
            Action::MessageMenu => vec![menu(&message, context)],
            Action::React => vec![ask_reaction(&message, context)],
            Action::PinMessage => submit(Command::PinMessage { target, message: message.id, on: message.pinned_by.is_none() }),
            Action::EditMessage => vec![edit(message, place)],
            Action::MessageHistory => vec![Effect::Load(Load::Edits(message.id))],
            Action::CopyMessage => {
                let shown = cut(&clean(&message.text), 30);
                vec![Effect::Copy(message.text.clone()), Effect::Toast { key: "toast-copied", args: vec![("text", shown)] }]
            }
            Action::FollowLink => follow(&message),
            Action::JumpToAnswered => {
                let to = message.reply_to.and_then(|id| self.places.get(&id)).map(|index| self.messages[*index].seq);
                match to {
                    Some(seq) => self.jump(seq),
                    // It is among the earlier ones: they come by and by.
                    None => self.target = Some(1),
                }
                Vec::new()
            }
            _ => return None,
        })
    }

    /// Takes answers to what [`Stream::start`] asked; `None` when they are for somebody else.
    pub fn answered(&mut self, id: &str, answer: &Answer, place: &Place, context: &Context<'_>) -> Option<Vec<Effect>> {
        if let Some(effects) = search::answered(id, answer, place) {
            return Some(effects);
        }
        let Answer::Picked(value) = answer else {
            return matches!(id, MENU | REACT | LINKS | HISTORY | FOUND).then(Vec::new);
        };
        match id {
            MENU => {
                let action = ACTS.into_iter().find(|action| action.spec().name == value)?;
                self.start(action, place, context)
            }
            REACT => {
                let message = self.selected()?;
                let mine = message.reactions.get(value).is_some_and(|people| people.contains(&context.me.id));
                let (target, message) = (target(message, place), message.id);
                let command = Command::ReactToMessage { target, message, reaction: value.clone(), on: !mine };
                Some(vec![Effect::Submit { command: Box::new(command), base_version: None }])
            }
            LINKS => value.parse().ok().map(|number| vec![Effect::OpenTicket(number)]),
            HISTORY => Some(Vec::new()),
            _ => None,
        }
    }
}

fn why_not(action: Action, message: &Message, context: &Context<'_>) -> Option<&'static str> {
    match action {
        Action::React | Action::PinMessage | Action::EditMessage if !access::may_work(context.me) => Some("chat-disabled-viewer"),
        Action::React | Action::PinMessage | Action::EditMessage if message.version == 0 => Some("message-disabled-sending"),
        Action::EditMessage if message.author != (Author::Person { id: context.me.id }) => Some("message-disabled-not-yours"),
        Action::MessageHistory if message.edited_at.is_none() => Some("message-disabled-never-edited"),
        Action::JumpToAnswered if message.reply_to.is_none() => Some("message-disabled-answers-nothing"),
        Action::FollowLink if links(&message.text).is_empty() => Some("message-disabled-no-link"),
        _ => None,
    }
}

fn choice(value: impl Into<String>, label: impl Into<String>, hint: impl Into<String>, disabled: Option<String>) -> Choice {
    Choice { value: value.into(), label: label.into(), hint: hint.into(), disabled }
}

fn pick(id: &'static str, title: &'static str, choices: Vec<Choice>) -> Effect {
    Effect::Ask(Box::new(Question { id, title, kind: QuestionKind::Pick { choices } }))
}

fn menu(message: &Message, context: &Context<'_>) -> Effect {
    let choices = ACTS.into_iter().map(|action| {
        let spec = action.spec();
        let key = if action == Action::PinMessage && message.pinned_by.is_some() { "message-unpin" } else { spec.label };
        let disabled = why_not(action, message, context).map(|key| context.locale.text(key).into_owned());
        choice(spec.name, context.locale.text(key), spec.keys.first().copied().unwrap_or_default(), disabled)
    });
    pick(MENU, "message-menu-title", choices.collect())
}

fn ask_reaction(message: &Message, context: &Context<'_>) -> Effect {
    let given = message.reactions.keys().map(String::as_str).filter(|given| !REACTIONS.contains(given));
    let choices = given.chain(REACTIONS).map(|reaction| {
        let people = message.reactions.get(reaction);
        let names: Vec<_> = people.into_iter().flatten().map(|id| words::person(context.directory, *id)).collect();
        choice(reaction, clean(reaction), names.join(", "), None)
    });
    pick(REACT, "message-react-title", choices.collect())
}

fn edit(message: Arc<Message>, place: &Place) -> Effect {
    let writing =
        Writing { place: place.clone(), visibility: message.visibility, answering: None, editing: Some(message), draft: None, seen: None };
    Effect::Ask(Box::new(Question { id: "talk-edit", title: "compose-edit", kind: QuestionKind::Write(Box::new(writing)) }))
}

/// Ticket numbers a text names (`#1042`), each once.
#[must_use]
pub fn links(text: &str) -> Vec<TicketNumber> {
    let mut found: Vec<TicketNumber> = Vec::new();
    for (at, _) in text.match_indices('#') {
        let opens = text[..at].chars().next_back().is_none_or(|char| !char.is_ascii_alphanumeric());
        let digits: String = text[at + 1..].chars().take_while(char::is_ascii_digit).collect();
        match digits.parse() {
            Ok(number) if opens && !found.contains(&TicketNumber(number)) => found.push(TicketNumber(number)),
            _ => {}
        }
    }
    found
}

fn follow(message: &Message) -> Vec<Effect> {
    match &links(&message.text)[..] {
        [] => Vec::new(),
        [one] => vec![Effect::OpenTicket(*one)],
        many => vec![pick(
            LINKS,
            "message-links-title",
            many.iter().map(|number| choice(number.to_string(), format!("#{number}"), "", None)).collect(),
        )],
    }
}

/// Shows what a message said before, the latest first.
#[must_use]
pub fn show_history(edits: Result<&[MessageEdit], &str>, context: &Context<'_>) -> Effect {
    match edits {
        Err(why) => Effect::Toast { key: "history-failed", args: vec![("why", why.to_owned())] },
        Ok(edits) => {
            let choices = edits.iter().rev().map(|edit| {
                let at = context.instant(edit.edited_at);
                let text = clean_lines(&edit.text).replace('\n', " / ");
                choice(edit.version.to_string(), text, at, None)
            });
            pick(HISTORY, "message-history-title", choices.collect())
        }
    }
}

/// Where a message stands: one of a merged ticket is that ticket's.
fn target(message: &Message, place: &Place) -> MessageTarget {
    match (place.target, message.ticket) {
        (MessageTarget::Ticket { .. }, Some(number)) => MessageTarget::Ticket { number },
        (target, _) => target,
    }
}
