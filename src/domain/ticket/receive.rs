//! A message from outside: opens a ticket, joins its thread's ticket, or reopens it. Lenient where a person would be refused,
//! because nobody is at the other end to correct it.

use super::open::{Opening, open};
use super::{Link, LinkKind, Status, Ticket, requester, status};
use crate::domain::assignment::{AssignmentReason, EndReason};
use crate::domain::command::{Actor, Change, Draft, Entry, Given, Outcome, ReceiveMessage, RequesterInput, draft};
use crate::domain::conversation::{Author, Visibility};
use crate::domain::file::{FileOwner, FilePlace, attach};
use crate::domain::id::{MessageId, PersonId};
use crate::domain::queue::IntakeChannel;
use crate::domain::sla::clock;
use crate::domain::{Refusal, access, incident, limits};

/// # Errors
/// When not sent by the channel it names, or an id or text is not acceptable.
pub fn receive(given: Given<'_>, receive: &ReceiveMessage) -> Result<Outcome, Refusal> {
    let channel = match given.context.actor {
        Actor::Intake(channel) if channel.id == receive.channel => channel,
        _ => return Err(Refusal::forbidden("Only the intake channel itself brings its messages: use its token.")),
    };
    if !channel.active {
        return Err(Refusal::forbidden(format!("Intake channel {} is switched off: ask an admin.", channel.key)));
    }
    limits::external(&receive.thread, "thread")?;
    limits::external(&receive.external, "external")?;
    if let Some(message) = given.facts.message {
        let mut outcome = given.facts.ticket.as_ref().map_or_else(draft::unchanged, draft::unchanged_ticket);
        outcome.result.message = Some(message);
        return Ok(outcome);
    }
    let text = text(receive)?;
    match &given.facts.ticket {
        Some(ticket) if ticket.status != Status::Closed => join(given, receive, ticket, text),
        after => start(given, receive, channel, after.as_ref(), text),
    }
}

/// The text, or the names of what came without one.
fn text(receive: &ReceiveMessage) -> Result<String, Refusal> {
    if receive.text.trim().is_empty() && !receive.attachments.is_empty() {
        let names: Vec<&str> = receive.attachments.iter().map(|attachment| attachment.name.as_str()).collect();
        return Ok(names.join(", "));
    }
    limits::text(&receive.text)?;
    Ok(receive.text.clone())
}

/// A site nobody here knows is kept as a field of the ticket: the message must not be lost for it.
fn resolve(given: Given<'_>, receive: &ReceiveMessage) -> Result<(requester::Resolved, Option<String>), Refusal> {
    let code = receive.author.site.as_deref().map(str::trim).filter(|code| !code.is_empty());
    let stranger = code.filter(|code| given.directory().site_by_code(code).is_none()).map(str::to_owned);
    let author = RequesterInput { site: receive.author.site.clone().filter(|_| stranger.is_none()), ..receive.author.clone() };
    Ok((requester::resolve(given, &author)?, stranger))
}

fn start(
    given: Given<'_>,
    receive: &ReceiveMessage,
    channel: &IntakeChannel,
    closed: Option<&Ticket>,
    text: String,
) -> Result<Outcome, Refusal> {
    let queue = given.queue(channel.queue)?;
    let (resolved, site) = resolve(given, receive)?;
    let mut fields = limits::fields(&receive.fields)?;
    if let Some(code) = site {
        fields.entry("site".to_owned()).or_insert(code.into());
    }
    let opening = Opening {
        queue,
        subject: limits::lenient_subject(receive.subject.as_deref().unwrap_or_default(), &text),
        kind: receive.kind.unwrap_or_default(),
        priority: receive.priority.unwrap_or_default(),
        tags: Vec::new(),
        fields,
        requester: resolved,
        channel: Some(receive.channel),
        thread: Some(receive.thread.clone()),
        external: None,
        at: given.now(),
    };
    let (mut draft, author) = open(given, opening);
    if let Some(closed) = closed {
        draft.ticket.links.push(Link { kind: LinkKind::RelatesTo, number: closed.number });
    }
    draft.put(Change::MapThread { channel: receive.channel, thread: receive.thread.clone(), ticket: draft.ticket.number });
    incident::alike::propose(given, &mut draft, &text);
    append(given, &mut draft, receive, author, text)?;
    draft.done()
}

fn join(given: Given<'_>, receive: &ReceiveMessage, ticket: &Ticket, text: String) -> Result<Outcome, Refusal> {
    let (resolved, _) = resolve(given, receive)?;
    let author = Author::Requester { id: resolved.requester.id, name: resolved.requester.name };
    let mut draft = Draft::of(given, ticket);
    if let Some(change) = resolved.change {
        draft.put_before(change);
    }
    let promise = given.promise(ticket.queue)?;
    if ticket.status == Status::Solved {
        reopen(given, &mut draft);
    } else if !ticket.status.is_active() && draft.ticket.assignee.is_some_and(|id| !here(given, id)) {
        // A pending ticket wakes in the pool when its owner is off duty.
        status::unassign(&mut draft.ticket);
        draft.returned = Some(EndReason::OwnerOffDuty);
    }
    if !ticket.status.is_active() {
        status::shift(&mut draft.ticket, Status::Open, Some(promise), given.now());
    }
    draft.ticket.awaits_reply = true;
    clock::asked(&mut draft.ticket, promise, given.now());
    append(given, &mut draft, receive, author, text)?;
    draft.done()
}

/// Whether somebody works here and is on duty now.
fn here(given: Given<'_>, id: PersonId) -> bool {
    given.directory().people.get(&id).is_some_and(access::may_work) && given.duty().is_on_duty(id)
}

/// A solved ticket goes back to who solved it if they are on duty, and to the pool otherwise.
fn reopen(given: Given<'_>, draft: &mut Draft<'_>) {
    if draft.ticket.assignee.is_some_and(|id| here(given, id)) {
        draft.assigned = AssignmentReason::Automatic;
        draft.ticket.assigned_at = Some(given.now());
    } else {
        status::unassign(&mut draft.ticket);
    }
}

fn append(given: Given<'_>, draft: &mut Draft<'_>, receive: &ReceiveMessage, author: Author, text: String) -> Result<(), Refusal> {
    let id: MessageId = given.fresh();
    let place = FilePlace { message: id, conversation: draft.ticket.conversation, ticket: Some(draft.ticket.number) };
    let attached = attach::received(given.facts, &receive.attachments, FileOwner::Intake { channel: receive.channel }, place)?;
    draft.append(Entry {
        id,
        author,
        visibility: Visibility::Public,
        text,
        attachments: attached.attachments,
        mentions: Vec::new(),
        external: Some((receive.channel, receive.external.clone())),
        copy_of: None,
        at: given.now(),
    });
    attached.changes.into_iter().for_each(|change| draft.put(change));
    Ok(())
}
