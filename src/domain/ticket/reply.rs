//! A person's message in a ticket: a reply that the requester sees, or an internal note.

use super::{Status, Ticket, status};
use crate::domain::command::{CommandResult, Draft, Entry, Given, Outcome, PostMessage};
use crate::domain::conversation::{Author, ReadBy, Visibility, answered, mention, readers};
use crate::domain::file::{FileOwner, FilePlace, attach};
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
    if let Some(into) = ticket.merged_into {
        let message = format!("Ticket #{} was merged into #{into}: write to #{into}.", ticket.number);
        return Err(Refusal::conflict("ticket_merged", message));
    }
    let place = FilePlace { message: post.message, conversation: ticket.conversation, ticket: Some(ticket.number) };
    let attached = attach::attach(given.facts, &post.files, FileOwner::Person { id: person.id }, place)?;
    let text = attach::text_or_names(&post.text, &attached.attachments);
    limits::text(&text)?;
    readers::may_write(person, visibility)?;
    let reply_to = answered::answered(given, person, ticket.conversation, post)?;
    let mut draft = Draft::of(given, ticket);
    if visibility == Visibility::Public {
        refuse_collision(given, person)?;
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
        text,
        attachments: attached.attachments,
        mentions: mentioned.all(),
        external: None,
        copy_of: None,
        at: given.now(),
    });
    attached.changes.into_iter().for_each(|change| draft.put(change));
    draft.answering(reply_to);
    draft.done()
}

/// Two answers to one question confuse a requester: whoever wrote without having seen a colleague's is told before theirs goes out.
fn refuse_collision(given: Given<'_>, person: &Person) -> Result<(), Refusal> {
    let reply = given.facts.since_seen.iter().filter(|message| message.visibility == Visibility::Public).find_map(|message| {
        let Author::Person { id } = message.author else { return None };
        (id != person.id).then_some((id, message.created_at))
    });
    let Some((who, at)) = reply else { return Ok(()) };
    let (name, secs) = (given.directory().person_name(who), (given.now() - at).num_seconds().max(0));
    let message = format!("{name} replied {secs} s ago, after what you had read: look at it, then send yours again or leave it.");
    Err(Refusal::lost_to("answered_meanwhile", who, Some(at), message))
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

#[cfg(test)]
mod tests {
    use crate::domain::Refusal;
    use crate::domain::command::{Command, CommandResult, MessageTarget, PostMessage};
    use crate::domain::conversation::Visibility;
    use crate::domain::id::TicketNumber;
    use crate::domain::testing::{ANA, BEN, Desk, id};

    fn post(desk: &mut Desk, who: u128, number: TicketNumber, seen: Option<i64>, visibility: Visibility) -> Result<CommandResult, Refusal> {
        let target = MessageTarget::Ticket { number };
        let post = PostMessage { seen, ..PostMessage::new(target, desk.fresh_id().into(), visibility, "Hello".into()) };
        let who = desk.who(who);
        desk.run(&who, &Command::PostMessage(Box::new(post)))
    }

    #[test]
    fn a_reply_whose_author_missed_anothers_is_refused_with_who_and_when() {
        let mut desk = Desk::new();
        let number = desk.create();
        let seen = Some(desk.ticket(number.0).message_count);
        post(&mut desk, ANA, number, seen, Visibility::Public).unwrap();
        let at = desk.now;
        desk.pass(20);
        let refusal = post(&mut desk, BEN, number, seen, Visibility::Public).unwrap_err();
        assert_eq!((refusal.code.as_str(), refusal.who, refusal.at), ("answered_meanwhile", Some(id(ANA)), Some(at)));
        let read = Some(desk.ticket(number.0).message_count);
        post(&mut desk, BEN, number, read, Visibility::Public).unwrap();
        post(&mut desk, BEN, number, None, Visibility::Public).unwrap();
    }

    #[test]
    fn notes_and_ones_own_replies_are_in_nobodys_way() {
        let mut desk = Desk::new();
        let number = desk.create();
        let seen = Some(desk.ticket(number.0).message_count);
        post(&mut desk, ANA, number, seen, Visibility::Internal).unwrap();
        post(&mut desk, BEN, number, seen, Visibility::Public).unwrap();
        post(&mut desk, BEN, number, seen, Visibility::Public).unwrap();
        post(&mut desk, ANA, number, seen, Visibility::Internal).unwrap();
        post(&mut desk, ANA, number, seen, Visibility::Public).unwrap_err();
    }
}
