//! Taking a merge back, within ten minutes: the ticket is again what it was, and the other one gives back what it had from the
//! merge alone. What was written meanwhile stays where it was written.

use chrono::TimeDelta;

use super::link::both;
use super::merge::Merge;
use super::{Link, LinkKind, Ticket, status};
use crate::domain::command::{Draft, Given, Outcome, given};
use crate::domain::conversation::Author;
use crate::domain::conversation::DeskLine;
use crate::domain::id::PersonId;
use crate::domain::sla::clock;
use crate::domain::{Refusal, access};

/// How long a merge can be taken back.
pub const UNDO_SECS: i64 = 600;

/// # Errors
/// When the ticket is not merged, too much time has passed, one of the tickets was changed or closed since, or they are not the
/// actor's to change.
pub fn undo_merge(given: Given<'_>) -> Result<Outcome, Refusal> {
    let person = given.worker()?;
    let ticket = given.visible_ticket(person)?;
    let merge = check(given, ticket)?;
    let target = given.visible_other(person)?;
    given::refuse_closed(target)?;
    if let Some(there) = target.merged_into {
        let message = format!("Ticket #{} was itself merged into #{there}: undo that merge first.", target.number);
        return Err(Refusal::conflict("ticket_merged", message));
    }
    let mut target = Draft::of_other(given, target);
    give_back(given, merge, &mut target);
    target.append_system(DeskLine::MergeUndone { number: ticket.number });
    let mut source = Draft::of(given, ticket);
    restore(given, merge, &mut source.ticket)?;
    Ok(both(source.finish(), target.finish()))
}

fn check<'a>(given: Given<'a>, ticket: &Ticket) -> Result<&'a Merge, Refusal> {
    let number = ticket.number;
    let Some(merge) = given.facts.merge.as_ref().filter(|merge| ticket.merged_into == Some(merge.into)) else {
        let message = format!("Ticket #{number} is not merged into another one: there is nothing to undo.");
        return Err(Refusal::conflict("not_merged", message));
    };
    given::refuse_closed(ticket)?;
    let into = merge.into;
    if given.now() - merge.at > TimeDelta::seconds(UNDO_SECS) {
        let message = format!(
            "#{number} was merged into #{into} more than {} minutes ago: split what does not belong to #{into} into a new ticket.",
            UNDO_SECS / 60
        );
        return Err(Refusal::conflict("undo_too_late", message));
    }
    if ticket.version != merge.version {
        let message = format!("Ticket #{number} was changed after the merge: split what does not belong to #{into} into a new ticket.");
        return Err(Refusal::conflict("ticket_changed", message));
    }
    Ok(merge)
}

/// The ticket as it was. Its clocks go on with what was left: the time in between does not count.
fn restore(given: Given<'_>, merge: &Merge, ticket: &mut Ticket) -> Result<(), Refusal> {
    let stopped = std::mem::take(&mut ticket.clocks);
    // What was written stays, so that the next message finds its place free: the merge ended calls and said so.
    let (version, updated_at, message_count) = (ticket.version, ticket.updated_at, ticket.message_count);
    *ticket = Ticket { version, updated_at, message_count, ..(*merge.before).clone() };
    let promise = given.promise(ticket.queue)?;
    clock::revive(ticket, &stopped, promise, given.now());
    let works = |id| given.directory().people.get(&id).is_some_and(access::may_work);
    if !ticket.assignee.is_none_or(works) {
        status::unassign(ticket);
    }
    ticket.accept_by = ticket.accept_by.map(|by| by + (given.now() - merge.at));
    Ok(())
}

/// Takes from the target what it had from the merge alone, except people who have taken part since.
fn give_back(given: Given<'_>, merge: &Merge, target: &mut Draft<'_>) {
    let facts = given.facts;
    let assignee = target.ticket.assignee;
    let used = |person: PersonId| {
        let said =
            facts.later.iter().any(|message| message.author == (Author::Person { id: person }) || message.mentions.contains(&person));
        let called = facts.escalations.iter().any(|row| row.ticket == merge.into && row.expert == person && row.state.is_open());
        said || called || assignee == Some(person)
    };
    let gone = |person: &PersonId| merge.people.contains(person) && !used(*person);
    let ticket = &mut target.ticket;
    ticket.tags.retain(|tag| !merge.tags.contains(tag));
    ticket.participants.retain(|person| !gone(person));
    ticket.merged.retain(|one| one.number != merge.ticket && !merge.before.merged.contains(one));
    if merge.linked {
        let link = Link { kind: LinkKind::RelatesTo, number: merge.ticket };
        ticket.links.retain(|one| *one != link);
    }
    if merge.thread {
        (ticket.channel, ticket.thread) = (None, None);
    }
    if let Some(row) = target.conversation_mut() {
        row.members.retain(|person| !merge.members.contains(person) || used(*person));
    }
}
