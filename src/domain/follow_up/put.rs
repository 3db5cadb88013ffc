//! Promises of a ticket: made, kept, and told when they are due.

use crate::domain::Refusal;
use crate::domain::command::{Given, Outcome, draft};
use crate::domain::id::FollowUpId;
use crate::domain::limits;
use crate::domain::notice::NoticeKind;
use crate::domain::ticket::FollowUp;

const TEXT_MAX: usize = 300;
const EACH_MAX: usize = 50;
/// Days between now and a promise, either way.
const DAYS_MAX: i64 = 3_660;

/// # Errors
/// When it has no text, is for no time near, or the ticket has very many, or the actor may not.
pub fn put_follow_up(given: Given<'_>, follow_up: &FollowUp) -> Result<Outcome, Refusal> {
    let (person, mut draft) = given.edit()?;
    limits::length(&follow_up.text, "text", TEXT_MAX)?;
    // Dates at the end of time cannot be shown in every zone.
    if (follow_up.at - given.now()).num_days().abs() > DAYS_MAX {
        return Err(Refusal::invalid("at_invalid", "at", "Choose a time within ten years."));
    }
    let list = &mut draft.ticket.follow_ups;
    let known = list.iter().position(|one| one.id == follow_up.id);
    // Due already when it is made: whoever makes it knows.
    let told = follow_up.at <= given.now();
    let text = follow_up.text.trim().to_owned();
    match known {
        Some(at) => {
            let old = &list[at];
            let told = if old.at == follow_up.at { old.told } else { told };
            list[at] = FollowUp { text, told, by: old.by, done: old.done, ..follow_up.clone() };
        }
        None if list.len() >= EACH_MAX => {
            let message = format!("A ticket holds at most {EACH_MAX} promises: settle or drop some first.");
            return Err(Refusal::invalid("too_many", "follow_up", message));
        }
        None => list.push(FollowUp { text, by: person.id, done: false, told, ..follow_up.clone() }),
    }
    list.sort_by_key(|one| (one.at, one.id));
    draft.done()
}

/// # Errors
/// When there is no such promise, or the actor may not.
pub fn settle_follow_up(given: Given<'_>, id: FollowUpId, done: bool) -> Result<Outcome, Refusal> {
    let (_, mut draft) = given.edit()?;
    let found = draft.ticket.follow_ups.iter_mut().find(|one| one.id == id);
    found.ok_or_else(|| Refusal::not_found("The promise"))?.done = done;
    draft.done()
}

/// Tells the assignee of what is due, else who promised it; once each.
///
/// # Errors
/// When a person asks for it, or the ticket does not exist.
pub fn tell_follow_ups(given: Given<'_>) -> Result<Outcome, Refusal> {
    given.desk()?;
    let ticket = given.ticket()?;
    let now = given.now();
    let mut draft = draft::Draft::of(given, ticket);
    let mut told = Vec::new();
    for one in draft.ticket.follow_ups.iter_mut().filter(|one| one.is_due(now)) {
        one.told = true;
        told.push((one.by, one.text.clone()));
    }
    // Nobody waits for what a finished ticket promised.
    if ticket.status.is_unsolved() {
        for (by, text) in told {
            draft.notify(ticket.assignee.unwrap_or(by), NoticeKind::FollowUpDue { text });
        }
    }
    draft.done()
}
