//! One message of a broadcast: written together with the mark that it is, so that it exists once whatever dies.

use super::broadcast::body_of;
use super::preview::excluded;
use super::{Excluded, Target, TargetState, variables};
use crate::domain::Refusal;
use crate::domain::command::{Change, Draft, Entry, Given, Outcome, draft};
use crate::domain::conversation::{Author, Visibility};
use crate::domain::sla::clock;
use crate::domain::ticket::{Status, status};

/// # Errors
/// When a person asks for it, or there is no such broadcast.
pub fn deliver(given: Given<'_>) -> Result<Outcome, Refusal> {
    given.desk()?;
    let ticket = given.ticket()?;
    let (Some(broadcast), Some(target)) = (&given.facts.broadcast, &given.facts.target) else {
        return Err(Refusal::not_found("The broadcast"));
    };
    if target.state != TargetState::Waiting {
        return Ok(draft::unchanged_ticket(ticket));
    }
    let own = ticket.number == broadcast.incident;
    let incident = if own { Some(ticket) } else { given.facts.other.as_ref() };
    let body = body_of(broadcast);
    let agent = given.directory().people.get(&broadcast.by).map_or_else(String::new, |person| person.name.clone());
    let text =
        incident.map(|incident| variables::fill(body.chosen(ticket.language.as_deref()), ticket, incident, &agent)).unwrap_or_default();
    let why = if !own && ticket.incident != Some(broadcast.incident) {
        Some(Excluded::Untied)
    } else {
        excluded(ticket, broadcast.incident, &body, &text)
    };
    let mut draft = Draft::of(given, ticket);
    draft.reason = Some(format!("broadcast of incident #{}", broadcast.incident));
    if let Some(why) = why {
        draft.put(done(given, target, TargetState::Refused, Some(why)));
        return draft.done();
    }
    let promise = given.promise(ticket.queue)?;
    if !text.trim().is_empty() {
        clock::answered(&mut draft.ticket, promise, given.now());
        draft.ticket.awaits_reply = false;
        if draft.ticket.status == Status::New {
            draft.ticket.status = Status::Open;
        }
        draft.append(Entry {
            id: target.message,
            author: Author::Person { id: broadcast.by },
            visibility: Visibility::Public,
            text,
            attachments: Vec::new(),
            mentions: Vec::new(),
            external: None,
            copy_of: None,
            at: given.now(),
        });
    }
    if let Some(to) = body.status_for(&draft.ticket, broadcast.incident) {
        status::shift(&mut draft.ticket, to, Some(promise), given.now());
    }
    draft.put(done(given, target, TargetState::Sent, None));
    draft.done()
}

fn done(given: Given<'_>, target: &Target, state: TargetState, why: Option<Excluded>) -> Change {
    Change::PutTarget(Target { state, why, at: Some(given.now()), ..target.clone() })
}
