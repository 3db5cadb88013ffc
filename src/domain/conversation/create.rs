//! Opening a channel or a direct conversation. Escalations open their own.

use std::collections::BTreeSet;

use super::{Conversation, ConversationKind};
use crate::domain::Refusal;
use crate::domain::command::{Change, CreateConversation, Given, Outcome, draft};
use crate::domain::id::PersonId;
use crate::domain::person::Person;
use crate::domain::row::Row;
use crate::domain::{access, limits, suggest};

pub const TITLE_MAX: usize = 80;
pub const TOPIC_MAX: usize = 300;

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
    if let Some(topic) = body.topic.as_deref().filter(|topic| !topic.trim().is_empty()) {
        limits::length(topic, "topic", TOPIC_MAX)?;
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
            about(given, person, body)?;
            if body.queue.is_none() && !all.is_empty() && !all.contains(&person.id) {
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
        topic: body.topic.as_deref().map(str::trim).filter(|topic| !topic.is_empty()).map(str::to_owned),
        ticket: None,
        queue: body.queue.filter(|_| kind == ConversationKind::Channel),
        incident: body.incident.filter(|_| kind == ConversationKind::Channel),
        region: body.region.clone().filter(|_| kind == ConversationKind::Channel),
        members: all,
        last_seq: 0,
        last_message_at: None,
        created_at: given.now(),
    };
    let change = Change::Put(Row::Conversation(conversation.clone()));
    Ok(draft::put_row(given, None, &conversation, change))
}

/// What a channel is about is the maker's to see: a queue, an incident; a region is a word that sites have.
fn about(given: Given<'_>, person: &Person, body: &CreateConversation) -> Result<(), Refusal> {
    if let Some(queue) = body.queue {
        let queue = given.queue(queue)?;
        if !access::sees_all_queues(person) && !person.queues.contains(&queue.id) {
            let message = format!("The channel of {} is made by its people and by leads: ask one of them.", queue.name);
            return Err(Refusal::forbidden(message));
        }
    }
    if body.incident.is_some() {
        given.visible_other(person)?;
    }
    if let Some(region) = &body.region {
        let regions: BTreeSet<&str> = given.directory().sites.values().map(|site| site.region.as_str()).collect();
        if !regions.contains(region.as_str()) {
            let near = suggest::near(region, regions.into_iter());
            let message = format!("No site is in a region {region:?}: use a region of the sites.{near}");
            return Err(Refusal::invalid("unknown_region", "region", message));
        }
    }
    Ok(())
}
