//! A person's message in a ticket: a reply that the requester sees, or an internal note.

use super::{Status, Ticket, status};
use crate::domain::command::{CommandResult, Draft, Entry, Given, Outcome, PostMessage};
use crate::domain::conversation::{Author, ReadBy, Visibility, answered, mention, readers};
use crate::domain::person::Person;
use crate::domain::sla::clock;
use crate::domain::{Refusal, access, limits};

/// # Errors
/// When the actor may not, the ticket is closed, or the text is not acceptable.
pub fn reply(given: Given<'_>, post: &PostMessage) -> Result<Outcome, Refusal> {
    let person = given.worker()?;
    let ticket = given.visible_ticket(person)?;
    append(given, person, ticket, post, post.visibility)
}

/// Appends to a ticket whose conversation the actor may post to.
///
/// # Errors
/// When the ticket is closed, or text, tier, answered message or status are not acceptable.
pub fn append(given: Given<'_>, person: &Person, ticket: &Ticket, post: &PostMessage, visibility: Visibility) -> Result<Outcome, Refusal> {
    if let Some(message) = given.facts.message {
        let (number, version) = (Some(ticket.number), Some(ticket.version));
        let result = CommandResult { ticket: number, version, message: Some(message), unchanged: true, ..CommandResult::default() };
        return Ok(Outcome { result, ..Outcome::default() });
    }
    crate::domain::command::given::refuse_closed(ticket)?;
    limits::text(&post.text)?;
    readers::may_write(person, visibility)?;
    let reply_to = answered::answered(given, person, ticket.conversation, post)?;
    let mut draft = Draft::of(given, ticket);
    if visibility == Visibility::Public {
        answer(given, &mut draft.ticket, person)?;
    }
    if let Some(to) = post.status.filter(|to| *to != draft.ticket.status) {
        given.check_version(ticket)?;
        status::allow(&draft.ticket, to)?;
        status::reopen_for(given, &mut draft.ticket, to);
        let promise = given.promise(ticket.queue)?;
        status::shift(&mut draft.ticket, to, Some(promise), given.now());
    }
    let readers = ReadBy { audience: access::ticket_audience(ticket), visibility };
    let mentioned = readers.admitted(given, mention::mentioned(&post.text, given))?;
    mention::tell(given, &mut draft, &mentioned);
    draft.append(Entry {
        id: post.message,
        author: Author::Person { id: person.id },
        visibility,
        text: post.text.clone(),
        attachments: Vec::new(),
        mentions: mentioned.all(),
        external: None,
        at: given.now(),
    });
    draft.answering(reply_to);
    draft.done()
}

/// What a public reply does to the ticket; it does not claim it.
fn answer(given: Given<'_>, ticket: &mut Ticket, person: &Person) -> Result<(), Refusal> {
    let promise = given.promise(ticket.queue)?;
    clock::answered(ticket, promise, given.now());
    ticket.awaits_reply = false;
    if ticket.status == Status::New {
        ticket.status = Status::Open;
    }
    if ticket.assignee == Some(person.id) && ticket.accepted_at.is_none() {
        ticket.accepted_at = Some(given.now());
    }
    Ok(())
}
