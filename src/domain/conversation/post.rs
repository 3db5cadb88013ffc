//! A message to a channel, to a direct conversation, or to an escalated ticket from within Chats.

use super::{Author, Conversation, ConversationKind, Message, ReadBy, Visibility, answered, mention};
use crate::domain::access::{self, Audience};
use crate::domain::command::{Change, CommandResult, Given, Outcome, PostMessage};
use crate::domain::file::attach::Attached;
use crate::domain::file::{FileOwner, FilePlace, attach};
use crate::domain::person::Person;
use crate::domain::row::Row;
use crate::domain::ticket::reply;
use crate::domain::{Refusal, limits};

/// # Errors
/// When the actor does not take part, or the text is not acceptable.
pub fn post(given: Given<'_>, post: &PostMessage) -> Result<Outcome, Refusal> {
    let person = given.worker()?;
    let not_found = || Refusal::not_found("The conversation");
    let conversation = given.facts.conversation.as_ref().ok_or_else(not_found)?;
    let audience = access::conversation_audience(conversation);
    let ticket = given.facts.ticket.as_ref();
    // Whoever sees the ticket takes part in its conversation; membership alone outlives the right to see it.
    let admitted = match conversation.kind {
        ConversationKind::Escalation => ticket.is_some_and(|ticket| access::sees_ticket(person, ticket)),
        _ => access::admits(&audience, person),
    };
    if !admitted {
        return Err(not_found());
    }
    if let Some(number) = conversation.ticket {
        // Its messages are the ticket's: they count there.
        let Some(ticket) = ticket.filter(|ticket| ticket.conversation == conversation.id) else {
            let message = format!("This conversation is ticket #{number}'s: post to the ticket.");
            return Err(Refusal::conflict("post_to_ticket", message));
        };
        // From within Chats nothing goes out by a slip: for a tier at most.
        let visibility = if post.visibility.tier() > 1 { post.visibility } else { Visibility::Internal };
        return reply::append(given, person, ticket, post, visibility);
    }
    if let Some(message) = given.facts.message {
        let result = CommandResult { message: Some(message), unchanged: true, ..CommandResult::default() };
        return Ok(Outcome { result, ..Outcome::default() });
    }
    let place = FilePlace { message: post.message, conversation: conversation.id, ticket: None };
    let attached = attach::attach(given.facts, &post.files, FileOwner::Person { id: person.id }, place)?;
    limits::text(&attach::text_or_names(&post.text, &attached.attachments))?;
    if post.visibility.tier() > 1 {
        let message = "Messages for a tier belong to tickets: here everybody who takes part reads along.";
        return Err(Refusal::invalid("tier_only_in_tickets", "visibility", message));
    }
    append(given, person, conversation, audience, post, attached)
}

fn append(
    given: Given<'_>,
    person: &Person,
    conversation: &Conversation,
    audience: Audience,
    post: &PostMessage,
    attached: Attached,
) -> Result<Outcome, Refusal> {
    let reply_to = answered::answered(given, person, conversation.id, post)?;
    let seq = conversation.last_seq + 1;
    let readers = ReadBy { audience: audience.clone(), visibility: Visibility::Internal };
    let mentions = readers.admitted(given, mention::mentioned(&post.text, given))?.all();
    let text = attach::text_or_names(&post.text, &attached.attachments);
    let message = Message {
        attachments: attached.attachments,
        mentions: mentions.clone(),
        reply_to,
        ..Message::new(post.message, conversation.id, seq, Author::Person { id: person.id }, text, given.now())
    };
    let row = Conversation { version: conversation.version + 1, last_seq: seq, last_message_at: Some(given.now()), ..conversation.clone() };
    let mut changes = vec![Change::Put(Row::Conversation(row))];
    let told = mentions.into_iter().filter(|id| readers.takes_part(given, *id));
    let told: Vec<Change> = told.filter_map(|id| super::notice(given, id, conversation.id)).collect();
    changes.push(Change::PutMessage { message: Box::new(message), audience, external: None });
    changes.extend(told);
    changes.extend(attached.changes);
    let result = CommandResult { message: Some(post.message), ..CommandResult::default() };
    Ok(Outcome { changes, audit: Vec::new(), result })
}
