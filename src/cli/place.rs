//! Where a message stands, as people type it: a conversation, or `ticket:42`; and the message itself, by its number there or its id.

use super::error::CliError;
use super::names;
use crate::client::api::Api;
use crate::domain::command::MessageTarget;
use crate::domain::id::{MessageId, TicketNumber};
use crate::wire::ticket::MessageList;

/// Before a ticket's number, where a conversation is named.
const TICKET: &str = "ticket:";

/// What `typed` names: a channel's title, `@handle`, an id, or `ticket:42`.
///
/// # Errors
/// When there is none.
pub async fn place(api: &Api, typed: &str) -> Result<MessageTarget, CliError> {
    match typed.strip_prefix(TICKET) {
        Some(number) => {
            let number: TicketNumber =
                number.parse().map_err(|_| CliError::usage(format!("{typed:?} names no ticket: write ticket:42.")))?;
            Ok(MessageTarget::Ticket { number })
        }
        None => Ok(MessageTarget::Conversation { id: names::conversation(api, typed).await?.id }),
    }
}

/// The path of a place's messages.
#[must_use]
pub fn messages_path(place: MessageTarget) -> String {
    match place {
        MessageTarget::Ticket { number } => format!("/api/v1/tickets/{number}/messages"),
        MessageTarget::Conversation { id } => format!("/api/v1/conversations/{id}/messages"),
    }
}

/// The message of a place with this number, as lists show it, or this id.
///
/// # Errors
/// When there is none.
pub async fn message(api: &Api, place: MessageTarget, typed: &str) -> Result<MessageId, CliError> {
    if let Ok(id) = typed.parse::<MessageId>() {
        return Ok(id);
    }
    let missing = || CliError::not_found(format!("There is no message {typed:?} here: give its number, as shown before each message."));
    let seq: i64 = typed.parse().map_err(|_| missing())?;
    let page: MessageList = api.get(&format!("{}?after={}&limit=1", messages_path(place), seq.saturating_sub(1).max(0))).await?;
    page.messages.into_iter().find(|message| message.seq == seq).map(|message| message.id).ok_or_else(missing)
}
