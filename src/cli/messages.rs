//! Messages of a ticket or a conversation, read page by page and printed.

use super::Global;
use super::error::CliError;
use super::names;
use super::words::local;
use crate::client::api::Api;
use crate::domain::conversation::{Author, Message, MessageEdit, Visibility};
use crate::domain::id::TicketNumber;
use crate::domain::person::Person;
use crate::wire::craft::ConversationPage;
use crate::wire::ticket::MessageList;

const PAGE: i64 = 500;

/// All messages below `path` with a `seq` over `after`, oldest first.
///
/// # Errors
/// See [`CliError`].
pub async fn all(api: &Api, path: &str, after: i64) -> Result<Vec<Message>, CliError> {
    let (mut messages, mut after) = (Vec::new(), after);
    loop {
        let page: MessageList = api.get(&format!("{path}?after={after}&limit={PAGE}")).await?;
        messages.extend(page.messages);
        match page.next.filter(|next| *next > after) {
            Some(next) => after = next,
            None => return Ok(messages),
        }
    }
}

/// A ticket's conversation with those of the tickets merged into it, in order of time.
///
/// # Errors
/// See [`CliError`].
pub async fn whole(api: &Api, number: TicketNumber) -> Result<Vec<Message>, CliError> {
    let mut messages = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let path = format!("/api/v1/tickets/{number}/conversation");
        let page: ConversationPage =
            api.get(&names::with_query(&path, &[("cursor", cursor.clone()), ("limit", Some(PAGE.to_string()))])).await?;
        messages.extend(page.messages);
        match page.next.filter(|next| cursor.as_ref() != Some(next)) {
            Some(next) => cursor = Some(next),
            None => return Ok(messages),
        }
    }
}

/// Prints messages for people: who, when, whether internal, then the text.
///
/// # Errors
/// When stdout cannot be written.
pub fn print(global: &Global, messages: &[Message], people: &[Person]) -> Result<(), CliError> {
    print_of(global, messages, people, None)
}

/// As [`print()`], for a ticket's conversation: what was written in a ticket merged into it says so.
///
/// # Errors
/// When stdout cannot be written.
pub fn print_of(global: &Global, messages: &[Message], people: &[Person], of: Option<TicketNumber>) -> Result<(), CliError> {
    for message in messages {
        let author = match &message.author {
            Author::Person { id } => format!("@{}", names::handle_of(people, *id)),
            Author::Requester { name, .. } => name.clone(),
            Author::System => "the desk".to_owned(),
        };
        if message.withheld {
            global.out.line("")?;
            global.out.line(&format!(
                "[{}] {} for tier {} and above",
                message.seq,
                local(message.created_at),
                message.visibility.tier()
            ))?;
            continue;
        }
        // In a chat everything is internal: the mark would say nothing.
        let mark = match message.visibility {
            Visibility::Internal if message.ticket.is_some() => " (internal)",
            Visibility::Tier2 => " (tier 2)",
            Visibility::Tier3 => " (tier 3)",
            Visibility::Public | Visibility::Internal => "",
        };
        let answers = message.reply_to.and_then(|id| messages.iter().find(|other| other.id == id));
        let answers = answers.map_or_else(String::new, |other| format!(", answering [{}]", other.seq));
        let edited = if message.edited_at.is_some() { ", edited" } else { "" };
        let pinned = if message.pinned_by.is_some() { ", pinned" } else { "" };
        global.out.line("")?;
        let from = message.ticket.filter(|number| of.is_some_and(|of| of != *number));
        let from = from.map(|number| format!(" (from #{number})")).unwrap_or_default();
        let split = message.split_into.map(|number| format!(" (became #{number})")).unwrap_or_default();
        global.out.line(&format!(
            "[{}] {} {author}{mark}{answers}{edited}{pinned}{from}{split}",
            message.seq,
            local(message.created_at)
        ))?;
        global.out.paragraph(&message.text)?;
        for attachment in &message.attachments {
            global.out.line(&format!("  [{}] {}", attachment.name, attachment.url))?;
        }
        if !message.reactions.is_empty() {
            let all: Vec<String> = message.reactions.iter().map(|(reaction, people)| format!("{reaction} {}", people.len())).collect();
            global.out.line(&format!("  {}", all.join("  ")))?;
        }
    }
    Ok(())
}

/// Prints what a message said before, oldest first.
///
/// # Errors
/// When stdout cannot be written.
pub fn print_edits(global: &Global, edits: &[MessageEdit], people: &[Person]) -> Result<(), CliError> {
    for edit in edits {
        global.out.line("")?;
        global.out.line(&format!("until {}, changed by @{}", local(edit.edited_at), names::handle_of(people, edit.edited_by)))?;
        global.out.paragraph(&edit.text)?;
    }
    Ok(())
}
