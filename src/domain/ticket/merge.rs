//! Merging a ticket into another: the source is solved and points to the target, which takes over tags and people.

use super::link::{add, both};
use super::{Link, LinkKind, Status, status};
use crate::domain::Refusal;
use crate::domain::command::{Draft, Given, Outcome, given};
use crate::domain::limits::TAGS_MAX;

/// # Errors
/// When one of the tickets is closed, merged already, the same, or not the actor's to change.
pub fn merge(given: Given<'_>) -> Result<Outcome, Refusal> {
    let (person, mut source) = given.edit()?;
    let mut target = Draft::of_other(given, given.visible_other(person)?);
    let (from, into) = (source.ticket.number, target.ticket.number);
    if from == into {
        return Err(Refusal::invalid("merge_into_itself", "into", "A ticket cannot be merged into itself: name another ticket."));
    }
    given::refuse_closed(&target.ticket)?;
    if let Some(there) = source.ticket.merged_into {
        let message = format!("Ticket #{from} was merged into #{there} already: work on #{there}.");
        return Err(Refusal::conflict("ticket_merged", message));
    }
    if let Some(there) = target.ticket.merged_into {
        let message = format!("Ticket #{into} was itself merged into #{there}: merge into #{there}.");
        return Err(Refusal::conflict("ticket_merged", message));
    }
    let promise = given.promise(source.ticket.queue)?;
    status::shift(&mut source.ticket, Status::Solved, Some(promise), given.now());
    source.ticket.merged_into = Some(into);
    add(&mut source.ticket, Link { kind: LinkKind::DuplicateOf, number: into });
    add(&mut target.ticket, Link { kind: LinkKind::RelatesTo, number: from });
    for tag in &source.ticket.tags {
        if !target.ticket.tags.contains(tag) && target.ticket.tags.len() < TAGS_MAX {
            target.ticket.tags.push(tag.clone());
        }
    }
    for person in source.ticket.participants.clone() {
        target.add_participant(person);
    }
    target.append_system(format!("ticket #{from} merged into this one"));
    Ok(both(source.finish(), target.finish()))
}
