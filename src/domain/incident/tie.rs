//! Tying tickets to a major incident, and answering what the desk proposes.

use super::{channel, refuse_plain};
use crate::domain::Refusal;
use crate::domain::command::{Draft, Given, Outcome, draft};
use crate::domain::conversation::DeskLine;
use crate::domain::person::Person;
use crate::domain::ticket::Ticket;

/// # Errors
/// When the actor may not, the other ticket is no major incident, or this one is itself one or tied elsewhere.
pub fn tie(given: Given<'_>) -> Result<Outcome, Refusal> {
    let (person, draft) = given.edit()?;
    let incident = given.visible_other(person)?;
    bind(given, person, draft, incident)
}

fn bind(given: Given<'_>, person: &Person, mut draft: Draft<'_>, incident: &Ticket) -> Result<Outcome, Refusal> {
    let number = draft.ticket.number;
    if number == incident.number {
        return Err(Refusal::invalid("tie_to_itself", "incident", "An incident is not tied to itself: name another ticket."));
    }
    refuse_plain(incident)?;
    if draft.ticket.major.is_some() {
        let message = format!("Ticket #{number} is a major incident itself: stand it down first.");
        return Err(Refusal::conflict("is_major", message));
    }
    match draft.ticket.incident {
        Some(there) if there == incident.number => return Ok(draft::unchanged_ticket(&draft.ticket)),
        Some(there) => {
            let message = format!("Ticket #{number} is tied to incident #{there} already: untie it first.");
            return Err(Refusal::conflict("tied", message));
        }
        None => {}
    }
    draft.ticket.incident = Some(incident.number);
    draft.ticket.looks_like = None;
    draft.append_system(DeskLine::Tied { incident: incident.number });
    let said = DeskLine::TicketTied { person: person.handle.clone(), number, subject: draft.ticket.subject.clone() };
    channel::tell(given, &mut draft, incident, said);
    draft.done()
}

/// # Errors
/// When the actor may not.
pub fn untie(given: Given<'_>) -> Result<Outcome, Refusal> {
    let (person, mut draft) = given.edit()?;
    let Some(incident) = draft.ticket.incident.take() else { return Ok(draft::unchanged_ticket(&draft.ticket)) };
    let number = draft.ticket.number;
    draft.append_system(DeskLine::Untied { incident });
    if let Some(incident) = given.facts.other.as_ref() {
        let said = DeskLine::TicketUntied { person: person.handle.clone(), number };
        channel::tell(given, &mut draft, incident, said);
    }
    draft.done()
}

/// Ties the ticket to what it looks like, or says that it is something else.
///
/// # Errors
/// When the actor may not, nothing is proposed, or the tie is refused.
pub fn answer(given: Given<'_>, accept: bool) -> Result<Outcome, Refusal> {
    let (person, mut draft) = given.edit()?;
    let Some(proposed) = draft.ticket.looks_like else {
        let message = format!("Nothing is proposed for ticket #{}: tie it by naming the incident.", draft.ticket.number);
        return Err(Refusal::conflict("nothing_proposed", message));
    };
    if accept {
        let incident = given.visible_other(person)?;
        return bind(given, person, draft, incident);
    }
    draft.ticket.looks_like = None;
    draft.tell("likeness_rejected", format!("#{proposed}"));
    draft.done()
}

/// Takes back a proposal whose incident is over.
///
/// # Errors
/// When a person asks for it.
pub fn forget(given: Given<'_>) -> Result<Outcome, Refusal> {
    given.desk()?;
    let ticket = given.ticket()?;
    let over = given.facts.other.as_ref().is_none_or(|incident| !super::is_open(incident));
    if ticket.looks_like.is_none() || !over {
        return Ok(draft::unchanged_ticket(ticket));
    }
    let mut draft = Draft::of(given, ticket);
    draft.ticket.looks_like = None;
    draft.done()
}
