//! Making a new ticket of a message: the message stays where it is and says where it went, the new ticket begins with a copy that
//! says where it is from, and both tickets are linked.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::link::both;
use super::open::{Opening, open};
use super::requester::Resolved;
use super::{Kind, Link, LinkKind, Priority, Ticket};
use crate::domain::command::{Change, Draft, Entry, Given, Outcome, given};
use crate::domain::conversation::{Author, Message, MessageRef, Visibility};
use crate::domain::id::{MessageId, QueueId, TicketNumber};
use crate::domain::person::Person;
use crate::domain::requester::Requester;
use crate::domain::{Refusal, access, limits};

/// A message becomes a ticket of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SplitTicket {
    pub number: TicketNumber,
    pub message: MessageId,
    /// The same author's later messages come along.
    #[serde(default)]
    pub following: bool,
    pub queue: QueueId,
    /// Taken from the text's first line when empty.
    #[serde(default)]
    pub subject: String,
    /// The ticket's own when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// The ticket's own when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
}

/// Later messages that come along at most.
const FOLLOWING_MAX: usize = 100;

/// # Errors
/// When the actor may not, the message is not of this ticket or was split off before, or the queue is not in use.
pub fn split(given: Given<'_>, split: &SplitTicket) -> Result<Outcome, Refusal> {
    let person = given.worker()?;
    let ticket = given.visible_ticket(person)?;
    given::refuse_closed(ticket)?;
    let messages = chosen(given, person, ticket, split.following)?;
    let queue = given.queue(split.queue)?;
    if !queue.active {
        let message = format!("Queue {} is not in use any more: choose another.", queue.key);
        return Err(Refusal::invalid("queue_inactive", "queue", message));
    }
    let opening = Opening {
        queue,
        // The requester reads subjects, and so does everybody who sees the ticket: what was said among some gives none.
        subject: if split.subject.trim().is_empty() {
            let public = messages[0].visibility == Visibility::Public;
            limits::lenient_subject("", if public { &messages[0].text } else { &ticket.subject })
        } else {
            limits::subject(&split.subject, &messages[0].text)?
        },
        kind: split.kind.unwrap_or(ticket.kind),
        priority: split.priority.unwrap_or(ticket.priority),
        tags: Vec::new(),
        fields: std::collections::BTreeMap::new(),
        requester: Resolved { requester: requester(given, ticket), change: None },
        channel: ticket.channel,
        thread: ticket.thread.clone(),
        external: None,
        at: given.now(),
    };
    let (mut new, _) = open(given, opening);
    let number = new.ticket.number;
    new.ticket.requester.clone_from(&ticket.requester);
    new.ticket.language.clone_from(&ticket.language);
    new.ticket.awaits_reply = messages.iter().any(|message| matches!(message.author, Author::Requester { .. }));
    new.ticket.links.push(Link { kind: LinkKind::RelatesTo, number: ticket.number });
    if !access::sees_ticket(person, &new.ticket) {
        new.add_participant(person.id);
    }
    let mut old = Draft::of(given, ticket);
    old.ticket.links.push(Link { kind: LinkKind::RelatesTo, number });
    for message in &messages {
        new.append(copy(given, ticket.number, message));
        old.put(marked(ticket, message, number));
    }
    old.tell("split_into", number.0);
    old.tell("messages", messages.iter().map(|message| message.seq).collect::<Vec<_>>());
    new.tell("split_from", ticket.number.0);
    Ok(both(new.finish(), old.finish()))
}

/// The message, and those that come along.
fn chosen<'a>(given: Given<'a>, person: &Person, ticket: &Ticket, following: bool) -> Result<Vec<&'a Message>, Refusal> {
    let own = |message: &&Message| {
        message.conversation == ticket.conversation && access::reads_tier(person, message.visibility.tier()) && !message.withheld
    };
    let first = given.facts.message_row.as_ref().filter(own).ok_or_else(|| Refusal::not_found("The message"))?;
    if first.author == Author::System {
        return Err(Refusal::invalid("message_of_desk", "message", "The desk itself wrote this message: split one that somebody wrote."));
    }
    if let Some(there) = first.split_into {
        return Err(Refusal::conflict("message_split", format!("This message became ticket #{there} already: work on #{there}.")));
    }
    let mut all = vec![first];
    if following {
        let more = given.facts.later.iter().filter(own).filter(|message| message.author == first.author && message.split_into.is_none());
        all.extend(more.take(FOLLOWING_MAX));
    }
    Ok(all)
}

/// The requester as the ticket knows them: nothing about them changes.
fn requester(given: Given<'_>, ticket: &Ticket) -> Requester {
    Requester {
        id: ticket.requester.id,
        version: 0,
        external: String::new(),
        name: ticket.requester.name.clone(),
        email: None,
        phone: None,
        class: ticket.requester.class.clone().unwrap_or_default(),
        site: ticket.requester.site.as_ref().map(|site| site.id),
        language: ticket.language.clone(),
        created_at: given.now(),
    }
}

fn copy(given: Given<'_>, ticket: TicketNumber, message: &Message) -> Entry {
    Entry {
        id: given.fresh(),
        author: message.author.clone(),
        visibility: message.visibility,
        text: message.text.clone(),
        attachments: message.attachments.clone(),
        mentions: Vec::new(),
        external: None,
        copy_of: Some(MessageRef { ticket, message: message.id, seq: message.seq, at: message.created_at }),
        at: given.now(),
    }
}

fn marked(ticket: &Ticket, message: &Message, number: TicketNumber) -> Change {
    let after = Message { version: message.version + 1, split_into: Some(number), ..message.clone() };
    let audience = access::message_audience(access::ticket_audience(ticket), message.visibility);
    Change::PutMessage { message: Box::new(after), audience, external: None }
}
