//! Sending a broadcast: it is written down with all its targets in one transaction; each message then has one of its own.

use super::declare::next_update;
use super::preview::{BroadcastText, plan};
use super::{Broadcast, TIED_MAX, Target, TargetState, channel, run_by, variables};
use crate::domain::command::{Change, Draft, Given, Outcome, draft, given};
use crate::domain::conversation::DeskLine;
use crate::domain::id::{BroadcastId, TicketNumber};
use crate::domain::ticket::{MajorIncident, Status, Ticket};
use crate::domain::{Refusal, limits};

/// What is wrong with a broadcast whoever gets it.
///
/// # Errors
/// When a text, a variable or the status is not acceptable, or nothing would happen.
pub fn check(body: &BroadcastText) -> Result<(), Refusal> {
    for text in [&body.text].into_iter().chain(body.texts.values()).filter(|text| !text.trim().is_empty()) {
        limits::text(text)?;
        variables::check(text)?;
    }
    if !matches!(body.status, None | Some(Status::Pending | Status::Solved | Status::Open | Status::OnHold)) {
        let message = "A broadcast sets open, pending, on_hold or solved: choose one of them.";
        return Err(Refusal::invalid("status_invalid", "status", message));
    }
    let says = !body.text.trim().is_empty();
    if !says && !body.texts.is_empty() {
        let message = "Requesters of other languages would get nothing: write the general text as well.";
        return Err(Refusal::invalid("text_empty", "text", message));
    }
    if !says && body.status.is_none() && !body.solves {
        return Err(Refusal::invalid("text_empty", "text", "There is nothing to send: write a text, or set a status."));
    }
    Ok(())
}

/// # Errors
/// When the actor may not run the incident, the text is not acceptable, or nobody would get it, or `expected` is not how many would.
pub fn send(given: Given<'_>, id: BroadcastId, body: &BroadcastText, expected: Option<usize>) -> Result<Outcome, Refusal> {
    let (person, incident) = run_by(given)?;
    if given.facts.broadcast.is_some() {
        return Ok(draft::unchanged_ticket(incident));
    }
    given::refuse_closed(incident)?;
    check(body)?;
    if given.facts.tied.len() > TIED_MAX {
        let message = format!("Incident #{} has more than {TIED_MAX} tickets tied: tie the rest to another.", incident.number);
        return Err(Refusal::conflict("too_many", message));
    }
    let preview = plan(body, incident, &given.facts.tied, person.id, given.directory());
    if preview.count == 0 {
        return Err(Refusal::conflict("nobody", "Nobody would get this: all tickets are closed, merged, solved or left out."));
    }
    if expected.is_some_and(|expected| expected != preview.count) {
        let message = format!("{} tickets would get this now, not what the preview said: look again.", preview.count);
        return Err(Refusal::conflict("preview_stale", message));
    }
    for target in preview.targets.iter().filter(|target| target.excluded.is_none() && !target.text.trim().is_empty()) {
        limits::text(&target.text)?;
    }
    let mut draft = Draft::of(given, incident);
    draft.put(Change::PutBroadcast(Broadcast {
        id,
        incident: incident.number,
        by: person.id,
        text: body.text.clone(),
        texts: body.texts.clone(),
        status: body.status,
        solves: body.solves,
        created_at: given.now(),
    }));
    for (place, planned) in preview.targets.iter().enumerate() {
        let state = if planned.excluded.is_some() { TargetState::Refused } else { TargetState::Waiting };
        draft.put(Change::PutTarget(Target {
            broadcast: id,
            ticket: planned.ticket,
            place: u32::try_from(place).unwrap_or(u32::MAX),
            state,
            message: given.fresh(),
            why: planned.excluded,
            at: planned.excluded.map(|_| given.now()),
        }));
    }
    moved_on(given, &mut draft.ticket, body);
    draft.tell("broadcast", preview.count);
    let tickets = preview.count.try_into().unwrap_or(u64::MAX);
    let said = DeskLine::Broadcast { person: person.handle.clone(), solves: body.solves, tickets, text: body.text.clone() };
    channel::tell(given, &mut draft, incident, said);
    draft.done()
}

/// Requesters have heard something: the next update is due a whole interval from now.
fn moved_on(given: Given<'_>, incident: &mut Ticket, body: &BroadcastText) {
    if let Some(major) = incident.major.as_mut().filter(|_| !body.text.trim().is_empty() || body.solves) {
        let next_update_at = if body.solves { None } else { next_update(major.update_every_secs, given.now()) };
        *major = MajorIncident { next_update_at, told: 0, ..major.clone() };
    }
}

/// A broadcast as it was written down, as a text again.
#[must_use]
pub fn body_of(broadcast: &Broadcast) -> BroadcastText {
    let Broadcast { text, texts, status, solves, .. } = broadcast.clone();
    BroadcastText { text, texts, status, solves, leave_out: Vec::<TicketNumber>::new() }
}
