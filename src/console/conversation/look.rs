//! Who reads a message, three times over: a mark, a word and a colour, the same where it is written and where it is read.

use crate::base::text;
use crate::console::pane::Context;
use crate::console::theme::Role;
use crate::console::words;
use crate::domain::conversation::{Author, Message, Visibility};
use crate::domain::id::TicketNumber;

/// Mark, message key of the word, and colour.
pub type Look = (&'static str, &'static str, Role);

/// How a message looks.
#[must_use]
pub fn of(message: &Message) -> Look {
    match &message.author {
        Author::System => ("-", "message-system", Role::System),
        Author::Requester { .. } => ("<", "message-requester", Role::Requester),
        Author::Person { .. } => written(message.visibility),
    }
}

/// How what colleagues write looks.
#[must_use]
pub fn written(visibility: Visibility) -> Look {
    match visibility {
        Visibility::Public => (">", "message-public", Role::Public),
        Visibility::Internal => ("#", "message-internal", Role::Internal),
        Visibility::Tier2 => ("2", "message-tier2", Role::Tier),
        Visibility::Tier3 => ("3", "message-tier3", Role::Tier),
    }
}

/// Who wrote it, clean.
#[must_use]
pub fn author(message: &Message, context: &Context<'_>) -> String {
    name(&message.author, context)
}

/// Who somebody is, clean.
#[must_use]
pub fn name(author: &Author, context: &Context<'_>) -> String {
    match author {
        Author::Person { id } => words::person(context.directory, *id),
        Author::Requester { name, .. } => text::clean(name),
        Author::System => context.locale.text("author-desk").into_owned(),
    }
}

/// What the frame says while it is written.
#[must_use]
pub fn sentence(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "ask-reply",
        Visibility::Internal => "ask-note",
        Visibility::Tier2 => "compose-tier2",
        Visibility::Tier3 => "compose-tier3",
    }
}

/// From everybody to the fewest.
#[must_use]
pub fn closeness(visibility: Visibility) -> u8 {
    match visibility {
        Visibility::Public => 0,
        Visibility::Internal => 1,
        Visibility::Tier2 => 2,
        Visibility::Tier3 => 3,
    }
}

/// What sets a message of a ticket's conversation apart: written in a merged ticket, become a ticket, a copy.
#[must_use]
pub fn origin(message: &Message, ticket: Option<TicketNumber>, context: &Context<'_>) -> String {
    let mut marks = String::new();
    let mut mark = |text: String| marks.push_str(&format!("  {text}"));
    if let Some(number) = message.ticket.filter(|number| ticket.is_some_and(|ticket| ticket != *number)) {
        mark(context.locale.with("message-from", &[("number", &number.to_string())]));
    }
    if let Some(number) = message.split_into {
        mark(context.locale.with("message-split", &[("number", &number.to_string())]));
    }
    if let Some(from) = &message.copy_of {
        mark(context.locale.with("message-copy", &[("number", &from.ticket.to_string()), ("seq", &from.seq.to_string())]));
    }
    marks
}
