//! Merging a ticket into another: the source is solved and points to the target, which takes over tags and people and is read
//! with the source's messages between its own.
//!
//! No message is moved or copied: rows stay where they are, `seq` stays dense, and a merge is undone by forgetting it.

use serde::{Deserialize, Serialize};

use super::link::{add, both};
use super::{Link, LinkKind, MergedTicket, Status, Ticket, status};
use crate::domain::command::{Change, Draft, Given, Outcome, given};
use crate::domain::conversation::DeskLine;
use crate::domain::id::{PersonId, TicketNumber};
use crate::domain::limits::TAGS_MAX;
use crate::domain::webhook::outgoing;
use crate::domain::{Refusal, Timestamp, access};

/// What a merge changed, kept by the server so that it can be undone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Merge {
    /// The ticket that was merged.
    pub ticket: TicketNumber,
    pub into: TicketNumber,
    pub at: Timestamp,
    /// It as it was before.
    pub before: Box<Ticket>,
    /// Its version afterwards: with another one it was changed since.
    pub version: i64,
    /// `seq` of the target's last message before the merge.
    pub target_seq: i64,
    /// What the target got by the merge alone.
    pub tags: Vec<String>,
    pub people: Vec<PersonId>,
    pub members: Vec<PersonId>,
    /// The target got the link to it, and its thread.
    pub linked: bool,
    pub thread: bool,
}

/// # Errors
/// When one of the tickets is closed, merged already, the same, or not the actor's to change.
pub fn merge(given: Given<'_>) -> Result<Outcome, Refusal> {
    let (person, mut source) = given.edit()?;
    let mut target = Draft::of_other(given, given.visible_other(person)?);
    let (from, into) = (source.ticket.number, target.ticket.number);
    refuse(&source.ticket, &target.ticket)?;
    let before = Box::new(source.ticket.clone());
    let promise = given.promise(source.ticket.queue)?;
    status::shift(&mut source.ticket, Status::Solved, Some(promise), given.now());
    source.ticket.merged_into = Some(into);
    add(&mut source.ticket, Link { kind: LinkKind::DuplicateOf, number: into });
    let target_seq = target.ticket.message_count;
    let back = Link { kind: LinkKind::RelatesTo, number: from };
    let linked = !target.ticket.links.contains(&back);
    add(&mut target.ticket, back);
    let tags = join_tags(&before, &mut target.ticket);
    let people = join_people(given, &before, &mut target);
    let members = join_members(given, &mut target);
    target.ticket.merged.extend(before.merged.iter().copied());
    target.ticket.merged.push(MergedTicket { number: from, conversation: before.conversation, messages: before.message_count });
    let thread = adopt_thread(&before, &mut target.ticket);
    // Its requester goes on being told of the incident.
    if target.ticket.major.is_none() && target.ticket.incident.is_none() {
        target.ticket.incident = before.incident;
    }
    target.append_system(DeskLine::Merged { number: from });
    let version = before.version + 1;
    let at = given.now();
    if before.requester.id != target.ticket.requester.id
        && let Some(told) = outgoing::merged(given, &source.ticket)
    {
        source.put(told);
    }
    let record = Merge { ticket: from, into, at, before, version, target_seq, tags, people, members, linked, thread };
    source.put(Change::PutMerge(Box::new(record)));
    Ok(both(source.finish(), target.finish()))
}

fn refuse(source: &Ticket, target: &Ticket) -> Result<(), Refusal> {
    let (from, into) = (source.number, target.number);
    if from == into {
        return Err(Refusal::invalid("merge_into_itself", "into", "A ticket cannot be merged into itself: name another ticket."));
    }
    given::refuse_closed(target)?;
    if source.major.is_some() {
        let message = format!("Ticket #{from} is a major incident: stand it down first, or merge the other ticket into it.");
        return Err(Refusal::conflict("is_major", message));
    }
    if let Some(there) = source.merged_into {
        let message = format!("Ticket #{from} was merged into #{there} already: work on #{there}.");
        return Err(Refusal::conflict("ticket_merged", message));
    }
    if let Some(there) = target.merged_into {
        let message = format!("Ticket #{into} was itself merged into #{there}: merge into #{there}.");
        return Err(Refusal::conflict("ticket_merged", message));
    }
    Ok(())
}

fn join_tags(source: &Ticket, target: &mut Ticket) -> Vec<String> {
    let mut joined = Vec::new();
    for tag in &source.tags {
        if !target.tags.contains(tag) && target.tags.len() < TAGS_MAX {
            target.tags.push(tag.clone());
            joined.push(tag.clone());
        }
    }
    joined
}

/// Everybody who took part goes on taking part: participants, experts on call, and who owned it.
fn join_people(given: Given<'_>, source: &Ticket, target: &mut Draft<'_>) -> Vec<PersonId> {
    let experts = given.facts.escalations.iter().filter(|row| row.state.is_open()).map(|row| row.expert);
    let all: Vec<_> = source.participants.iter().copied().chain(experts).chain(source.assignee).collect();
    let works = |id: &PersonId| given.directory().people.get(id).is_some_and(access::may_work);
    let mut joined = Vec::new();
    for person in all.into_iter().filter(works) {
        if target.ticket.assignee != Some(person) && !target.ticket.participants.contains(&person) {
            target.add_participant(person);
            joined.push(person);
        }
    }
    joined
}

/// Where both are found in Chats, those who find the one find the other.
fn join_members(given: Given<'_>, target: &mut Draft<'_>) -> Vec<PersonId> {
    let Some(theirs) =
        given.facts.conversation.as_ref().filter(|row| given.facts.ticket.as_ref().is_some_and(|ticket| ticket.conversation == row.id))
    else {
        return Vec::new();
    };
    let Some(row) = target.conversation_mut() else { return Vec::new() };
    let joined: Vec<_> = theirs.members.iter().copied().filter(|person| !row.members.contains(person)).collect();
    row.members.extend(joined.iter().copied());
    joined
}

/// A ticket that came by no channel answers to the thread of the same requester's.
fn adopt_thread(source: &Ticket, target: &mut Ticket) -> bool {
    let adopts = target.channel.is_none() && source.channel.is_some() && source.requester.id == target.requester.id;
    if adopts {
        target.channel = source.channel;
        target.thread.clone_from(&source.thread);
    }
    adopts
}
