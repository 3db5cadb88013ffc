//! A ticket opened by a person on a requester's behalf. Its first message is the requester's; the audit tells who wrote it down.

use super::open::{Opening, open};
use super::requester;
use crate::domain::command::{CommandResult, CreateTicket, Entry, Given, Outcome};
use crate::domain::conversation::Visibility;
use crate::domain::id::QueueId;
use crate::domain::queue::Queue;
use crate::domain::{Refusal, access, incident, limits};

/// # Errors
/// When the actor may not, the queue is not in use, or a text is not acceptable.
pub fn create(given: Given<'_>, create: &CreateTicket) -> Result<Outcome, Refusal> {
    let person = given.worker()?;
    if let Some(message) = given.facts.message {
        let result = CommandResult { message: Some(message), unchanged: true, ..CommandResult::default() };
        return Ok(Outcome { result, ..Outcome::default() });
    }
    let queue = queue_in_use(given, create.queue)?;
    limits::text(&create.text)?;
    let opening = Opening {
        queue,
        subject: limits::subject(&create.subject, &create.text)?,
        kind: create.kind,
        priority: create.priority,
        tags: limits::tags(&create.tags)?,
        fields: limits::fields(&create.fields)?,
        requester: requester::resolve(given, &create.requester)?,
        channel: None,
        thread: None,
        external: None,
        at: given.now(),
    };
    let (mut draft, author) = open(given, opening);
    if !access::sees_ticket(person, &draft.ticket) {
        draft.add_participant(person.id);
    }
    incident::alike::propose(given, &mut draft, &create.text);
    draft.append(Entry {
        id: create.message,
        author,
        visibility: Visibility::Public,
        text: create.text.clone(),
        attachments: Vec::new(),
        mentions: Vec::new(),
        external: None,
        copy_of: None,
        at: given.now(),
    });
    draft.done()
}

fn queue_in_use(given: Given<'_>, id: QueueId) -> Result<&Queue, Refusal> {
    match given.directory().queues.get(&id) {
        Some(queue) if queue.active => Ok(queue),
        Some(queue) => {
            let message = format!("Queue {} is not in use any more: choose another.", queue.key);
            Err(Refusal::invalid("queue_inactive", "queue", message))
        }
        None => Err(Refusal::invalid("unknown_queue", "queue", format!("There is no queue {id}: choose one from the list of queues."))),
    }
}
