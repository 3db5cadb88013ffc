//! What the desk writes into an incident's channel.

use crate::domain::access;
use crate::domain::command::{Change, Draft, Given};
use crate::domain::conversation::{Conversation, ConversationKind, DeskLine, Message};
use crate::domain::row::Row;
use crate::domain::ticket::Ticket;

/// Appends a line of the desk's to the incident's channel; without one, or when it is gone, nothing.
pub fn tell(given: Given<'_>, draft: &mut Draft<'_>, incident: &Ticket, said: DeskLine) {
    let id = incident.major.as_ref().and_then(|major| major.channel);
    let row = id.and_then(|id| given.facts.channels.get(&id)).filter(|row| row.kind == ConversationKind::Channel);
    if let Some(row) = row {
        for change in line(given, row.clone(), said) {
            draft.put(change);
        }
    }
}

/// The channel with one more line.
#[must_use]
pub fn line(given: Given<'_>, row: Conversation, said: DeskLine) -> [Change; 2] {
    let row = Conversation { version: row.version + 1, last_seq: row.last_seq + 1, last_message_at: Some(given.now()), ..row };
    let message = Message::by_desk(given.fresh(), row.id, row.last_seq, said, given.now());
    let audience = access::conversation_audience(&row);
    [Change::Put(Row::Conversation(row)), Change::PutMessage { message: Box::new(message), audience, external: None }]
}
