//! Links between tickets; both tickets carry the link.

use super::{Link, LinkKind, Ticket};
use crate::domain::Refusal;
use crate::domain::command::{Draft, Given, Outcome, draft, given};

/// What the other ticket says of the same link. A duplicate's original merely relates to it.
#[must_use]
pub fn inverse(kind: LinkKind) -> LinkKind {
    match kind {
        LinkKind::RelatesTo | LinkKind::DuplicateOf => LinkKind::RelatesTo,
        LinkKind::Blocks => LinkKind::BlockedBy,
        LinkKind::BlockedBy => LinkKind::Blocks,
    }
}

/// Adds a link unless it is there.
pub fn add(ticket: &mut Ticket, link: Link) {
    if !ticket.links.contains(&link) {
        ticket.links.push(link);
    }
}

/// Both outcomes as one; the first's result is told.
#[must_use]
pub fn both(mut first: Outcome, second: Outcome) -> Outcome {
    first.result.unchanged = first.result.unchanged && second.result.unchanged;
    first.changes.extend(second.changes);
    first.audit.extend(second.audit);
    first
}

fn drafts<'a>(given: Given<'a>, link: Link) -> Result<(Draft<'a>, Draft<'a>), Refusal> {
    let (person, first) = given.edit()?;
    if first.ticket.number == link.number {
        return Err(Refusal::invalid("link_to_itself", "link", "A ticket cannot be linked to itself: name another ticket."));
    }
    Ok((first, Draft::of_other(given, given.visible_other(person)?)))
}

/// # Errors
/// When one of the tickets does not exist or is the same, or the actor may not.
pub fn link(given: Given<'_>, link: Link) -> Result<Outcome, Refusal> {
    let (mut first, mut other) = drafts(given, link)?;
    let back = Link { kind: inverse(link.kind), number: first.ticket.number };
    add(&mut first.ticket, link);
    add(&mut other.ticket, back);
    Ok(both(first.finish(), other.finish()))
}

/// # Errors
/// As [`link`]; and when the link tells of a merge.
pub fn unlink(given: Given<'_>, link: Link) -> Result<Outcome, Refusal> {
    let person = given.worker()?;
    let ticket = given.visible_ticket(person)?;
    given::refuse_closed(ticket)?;
    if ticket.merged_into == Some(link.number) && link.kind == LinkKind::DuplicateOf {
        let message = format!("Ticket #{} was merged into #{}: this link stays for the record.", ticket.number, link.number);
        return Err(Refusal::conflict("ticket_merged", message));
    }
    if !ticket.links.contains(&link) {
        return Ok(draft::unchanged_ticket(ticket));
    }
    let (mut first, mut other) = drafts(given, link)?;
    let back = Link { kind: inverse(link.kind), number: first.ticket.number };
    first.ticket.links.retain(|one| *one != link);
    other.ticket.links.retain(|one| *one != back);
    Ok(both(first.finish(), other.finish()))
}
