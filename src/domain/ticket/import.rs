//! A ticket with its history, from a file or another desk. SLA steps that lie in the past are recorded and told to nobody.

use chrono::Datelike;

use super::open::{Opening, open};
use super::{Status, Ticket, requester};
use crate::domain::access;
use crate::domain::assignment::AssignmentReason;
use crate::domain::command::{Draft, Entry, Given, ImportMessage, ImportTicket, Outcome, draft};
use crate::domain::conversation::{Author, Visibility};
use crate::domain::person::Person;
use crate::domain::queue::Queue;
use crate::domain::sla::clock;
use crate::domain::sla::promise::Promise;
use crate::domain::{Refusal, Timestamp, limits, suggest};

/// An earlier time is a mistake of the export, and business time would be reckoned day by day since then.
const YEAR_MIN: i32 = 1970;

/// # Errors
/// When the actor may not, something named is unknown, or a text is not acceptable.
pub fn import(given: Given<'_>, import: &ImportTicket) -> Result<Outcome, Refusal> {
    given.admin()?;
    limits::external(&import.external, "external")?;
    if let Some(ticket) = &given.facts.ticket {
        return Ok(draft::unchanged_ticket(ticket));
    }
    let Some(first) = import.messages.first() else {
        return Err(Refusal::invalid("messages_empty", "messages", "The ticket has no message: give at least the requester's first."));
    };
    let years = import.messages.iter().map(|message| message.at).chain([import.created_at]).chain(import.solved_at);
    if years.min().is_some_and(|first| first.year() < YEAR_MIN) {
        let message = format!("A time of the ticket lies before the year {YEAR_MIN}: correct it, or leave the ticket out.");
        return Err(Refusal::invalid("time_out_of_range", "created_at", message));
    }
    let queue = queue(given, &import.queue)?;
    let assignee = import.assignee.as_deref().map(|handle| person(given, handle, "assignee")).transpose()?;
    if let Some(person) = assignee.filter(|person| import.status.is_unsolved() && !access::may_work(person)) {
        let message = format!("{} cannot be given tickets: leave the assignee out, or name somebody else.", person.handle);
        return Err(Refusal::invalid("person_unavailable", "assignee", message));
    }
    let opening = Opening {
        queue,
        subject: limits::subject(&import.subject, &first.text)?,
        kind: import.kind,
        priority: import.priority,
        tags: limits::tags(&import.tags)?,
        fields: limits::fields(&import.fields)?,
        requester: requester::resolve(given, &import.requester)?,
        channel: None,
        thread: None,
        external: Some(import.external.clone()),
        at: import.created_at.min(given.now()),
    };
    let (mut draft, requester) = open(given, opening);
    draft.assigned = AssignmentReason::Imported;
    let promise = Promise::of(queue, given.directory());
    for (place, message) in import.messages.iter().enumerate() {
        append(given, &mut draft, message, &requester, promise, place)?;
    }
    let ticket = &mut draft.ticket;
    ticket.status = import.status;
    ticket.assignee = assignee.map(|person| person.id);
    let in_pool = ticket.assignee.is_none() && import.status.is_active();
    ticket.waits = ticket.waits.filter(|_| in_pool);
    ticket.assigned_at = ticket.assignee.map(|_| ticket.created_at);
    ticket.accepted_at = ticket.assigned_at.filter(|_| import.status != Status::New);
    let last = import.messages.iter().map(|message| message.at.min(given.now())).max().unwrap_or(ticket.created_at);
    stand(ticket, promise, import.solved_at.map(|at| at.min(given.now())), last.max(ticket.created_at), given.now());
    draft.done()
}

/// Clocks and times as they stand after the history.
fn stand(ticket: &mut Ticket, promise: Promise<'_>, solved_at: Option<Timestamp>, last: Timestamp, now: Timestamp) {
    if ticket.status.is_unsolved() {
        ticket.updated_at = last;
        if !ticket.status.is_active() {
            clock::pause(ticket, promise, last);
        }
    } else {
        let solved_at = solved_at.unwrap_or(last).max(ticket.created_at);
        ticket.solved_at = Some(solved_at);
        ticket.updated_at = solved_at.max(last);
        ticket.awaits_reply = false;
        clock::stop_all(ticket, promise, solved_at);
    }
    clock::settle(&mut ticket.clocks, now);
}

fn append(
    given: Given<'_>,
    draft: &mut Draft<'_>,
    message: &ImportMessage,
    requester: &Author,
    promise: Promise<'_>,
    place: usize,
) -> Result<(), Refusal> {
    limits::text(&message.text).map_err(|refusal| Refusal { field: Some(format!("messages.{place}.text")), ..refusal })?;
    let at = message.at.min(given.now());
    let handle = message.person.as_deref();
    let author = handle.map(|handle| person(given, handle, &format!("messages.{place}.person"))).transpose()?;
    let ticket = &mut draft.ticket;
    if !message.internal {
        ticket.awaits_reply = author.is_none();
        if author.is_some() {
            clock::answered(ticket, promise, at);
        } else if place > 0 {
            clock::asked(ticket, promise, at);
        }
    }
    draft.append(Entry {
        id: given.fresh(),
        author: author.map_or_else(|| requester.clone(), |person| Author::Person { id: person.id }),
        visibility: if message.internal { Visibility::Internal } else { Visibility::Public },
        text: message.text.clone(),
        attachments: Vec::new(),
        mentions: Vec::new(),
        external: None,
        copy_of: None,
        at,
    });
    Ok(())
}

fn queue<'a>(given: Given<'a>, key: &str) -> Result<&'a Queue, Refusal> {
    given.directory().queue_by_key(key).ok_or_else(|| {
        let near = suggest::near(key, given.directory().queues.values().map(|queue| queue.key.as_str()));
        Refusal::invalid("unknown_queue", "queue", format!("There is no queue {key:?}: use a queue's key.{near}"))
    })
}

fn person<'a>(given: Given<'a>, handle: &str, field: &str) -> Result<&'a Person, Refusal> {
    given.directory().person_by_handle(handle.trim_start_matches('@')).ok_or_else(|| {
        let near = suggest::near(handle, given.directory().people.values().map(|person| person.handle.as_str()));
        Refusal::invalid("unknown_person", field, format!("There is no person with the handle {handle:?}: use a known handle.{near}"))
    })
}
