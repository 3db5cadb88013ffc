//! Opening a channel or a direct conversation. Escalations open their own.

use super::{Conversation, ConversationKind};
use crate::domain::Refusal;
use crate::domain::command::{Change, CreateConversation, Given, Outcome, draft};
use crate::domain::id::PersonId;
use crate::domain::row::Row;
use crate::domain::{access, limits};

pub const TITLE_MAX: usize = 80;

/// # Errors
/// When the actor may not, members are unknown, or the title is not acceptable.
pub fn create(given: Given<'_>, body: &CreateConversation) -> Result<Outcome, Refusal> {
    let (id, kind, title, members) = (body.id, body.kind, body.title.as_str(), &body.members);
    let person = given.worker()?;
    // A ticket's conversation is the ticket's alone, and somebody else's is not told apart from a free id's refusal.
    let standing = given.facts.conversation.as_ref();
    if given.facts.ticket.is_some() || standing.is_some_and(|standing| !access::admits(&access::conversation_audience(standing), person)) {
        return Err(Refusal::conflict("taken", "This conversation id is already taken: make another."));
    }
    if standing.is_some() {
        return Ok(draft::unchanged());
    }
    let mut all: Vec<PersonId> = Vec::new();
    for member in members {
        let known = given.directory().people.get(member).filter(|person| person.active);
        if known.is_none() {
            let message = format!("There is nobody {member} at this desk: choose members from the directory.");
            return Err(Refusal::invalid("unknown_person", "members", message));
        }
        if !all.contains(member) {
            all.push(*member);
        }
    }
    let title = match kind {
        ConversationKind::Escalation => {
            let message = "Escalations open their conversation themselves: escalate the ticket.";
            return Err(Refusal::invalid("kind_invalid", "kind", message));
        }
        ConversationKind::Channel => {
            limits::length(title, "title", TITLE_MAX)?;
            if !all.is_empty() && !all.contains(&person.id) {
                all.push(person.id);
            }
            title.trim().to_owned()
        }
        ConversationKind::Direct => {
            if !all.contains(&person.id) {
                all.push(person.id);
            }
            if all.len() < 2 {
                return Err(Refusal::invalid("members_too_few", "members", "A direct conversation needs somebody else: name them."));
            }
            String::new()
        }
    };
    let conversation = Conversation {
        id,
        version: 1,
        kind,
        title,
        topic: body.topic.clone(),
        ticket: None,
        queue: body.queue.filter(|_| kind == ConversationKind::Channel),
        incident: body.incident,
        region: body.region.clone(),
        members: all,
        last_seq: 0,
        last_message_at: None,
        created_at: given.now(),
    };
    let change = Change::Put(Row::Conversation(conversation.clone()));
    Ok(draft::put_row(given, None, &conversation, change))
}
