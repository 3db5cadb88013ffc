//! Declaring a major incident and standing it down.

use std::collections::BTreeSet;

use chrono::Duration;

use super::{UPDATE_SECS, channel, run_by};
use crate::domain::assignment::owners;
use crate::domain::command::{Draft, Given, Outcome, draft};
use crate::domain::conversation::DeskLine;
use crate::domain::conversation::{Conversation, ConversationKind};
use crate::domain::id::{ConversationId, PersonId};
use crate::domain::notice::NoticeKind;
use crate::domain::ticket::{MajorIncident, Ticket};
use crate::domain::{Refusal, Timestamp};

/// Characters of the subject in the channel's name.
const TITLE_MAX: usize = 60;

/// Any worker may declare: minutes count, and the lead is told. Declared again, it only changes the schedule of updates.
///
/// # Errors
/// When the actor may not, the ticket is finished or itself tied, or the schedule is not acceptable.
pub fn declare(given: Given<'_>, update_every_secs: Option<u32>, channel: ConversationId) -> Result<Outcome, Refusal> {
    let (person, mut draft) = given.edit()?;
    crate::domain::command::given::refuse_finished(&draft.ticket)?;
    if update_every_secs.is_some_and(|secs| !UPDATE_SECS.contains(&secs)) {
        let message = "Updates come every minute at most and every day at least: give 60 to 86400 seconds.";
        return Err(Refusal::invalid("update_every_invalid", "update_every_secs", message));
    }
    if let Some(incident) = draft.ticket.incident {
        let message = format!("Ticket #{} is tied to incident #{incident}: untie it first.", draft.ticket.number);
        return Err(Refusal::conflict("tied", message));
    }
    let next_update_at = next_update(update_every_secs, given.now());
    if let Some(major) = &draft.ticket.major {
        if major.update_every_secs == update_every_secs {
            return Ok(draft::unchanged_ticket(&draft.ticket));
        }
        run_by(given)?;
        let major = MajorIncident { update_every_secs, next_update_at, told: 0, ..major.clone() };
        draft.ticket.major = Some(major);
        return draft.done();
    }
    if given.facts.channels.contains_key(&channel) {
        return Err(Refusal::conflict("taken", "This conversation id is already taken: make another."));
    }
    draft.ticket.looks_like = None;
    draft.ticket.major = Some(MajorIncident {
        declared_at: given.now(),
        declared_by: person.id,
        channel: Some(channel),
        update_every_secs,
        next_update_at,
        told: 0,
    });
    let row = made(given, &draft.ticket, channel, person.id);
    let said = DeskLine::IncidentDeclared { number: draft.ticket.number, subject: draft.ticket.subject.clone() };
    for member in row.members.clone() {
        draft.notify(member, NoticeKind::IncidentDeclared);
    }
    for change in channel::line(given, row, said) {
        draft.put(change);
    }
    draft.append_system(DeskLine::MajorDeclared);
    draft.done()
}

/// The incident's channel, before its first line: for who declared it, who has it, who takes part and who leads.
fn made(given: Given<'_>, ticket: &Ticket, id: ConversationId, by: PersonId) -> Conversation {
    let mut members: BTreeSet<PersonId> = ticket.participants.iter().copied().chain(ticket.assignee).chain([by]).collect();
    if let Some(queue) = given.directory().queues.get(&ticket.queue) {
        members.extend(owners::of_queue(given.directory(), queue, ticket.tier));
    }
    let subject: String = ticket.subject.chars().take(TITLE_MAX).collect();
    Conversation {
        id,
        version: 0,
        kind: ConversationKind::Channel,
        title: format!("#{} {subject}", ticket.number),
        topic: None,
        ticket: None,
        queue: None,
        incident: Some(ticket.number),
        region: None,
        members: members.into_iter().collect(),
        last_seq: 0,
        last_message_at: None,
        created_at: given.now(),
    }
}

/// When the next status update is due, counted from `now`.
#[must_use]
pub fn next_update(every_secs: Option<u32>, now: Timestamp) -> Option<Timestamp> {
    every_secs.map(|secs| now + Duration::seconds(i64::from(secs)))
}

/// It is an ordinary ticket again; those tied to it stay tied, for the record.
///
/// # Errors
/// When the actor may not, or it is no major incident.
pub fn stand_down(given: Given<'_>) -> Result<Outcome, Refusal> {
    let person = given.worker()?;
    let ticket = given.visible_ticket(person)?;
    if ticket.major.is_none() {
        return Ok(draft::unchanged_ticket(ticket));
    }
    run_by(given)?;
    let mut draft = Draft::of(given, ticket);
    draft.ticket.major = None;
    channel::tell(given, &mut draft, ticket, DeskLine::IncidentStoodDown { number: ticket.number });
    draft.append_system(DeskLine::MajorStoodDown);
    draft.done()
}
