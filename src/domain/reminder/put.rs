//! Making a reminder, or moving one that waits.

use super::{PutReminder, Reminder, ReminderState};
use crate::domain::command::{Change, Given, Outcome};
use crate::domain::row::Row;
use crate::domain::{Refusal, access, limits};

const TEXT_MAX: usize = 300;
const DAYS_MAX: i64 = 370;

/// # Errors
/// When the time has passed, the text is empty or long, or the ticket is not the person's to see.
pub fn put_reminder(given: Given<'_>, body: &PutReminder) -> Result<Outcome, Refusal> {
    let person = given.person()?;
    let old = given.facts.reminder.as_ref();
    if old.is_some_and(|old| old.person != person.id) {
        return Err(Refusal::conflict("taken", "This id is in use: make the reminder under another."));
    }
    if old.is_some_and(|old| old.state != ReminderState::Waiting) {
        return Err(Refusal::conflict("reminder_over", "You were told already, or cancelled it: make a new reminder."));
    }
    if body.at <= given.now() || (body.at - given.now()).num_days() > DAYS_MAX {
        return Err(Refusal::invalid("at_invalid", "at", "Choose a time that is to come, and within a year."));
    }
    let about = body.ticket.is_some() || body.conversation.is_some();
    if !(about && body.text.trim().is_empty()) {
        limits::length(&body.text, "text", TEXT_MAX)?;
    }
    if body.ticket.is_some() {
        given.visible_ticket(person)?;
    }
    if let Some(wanted) = body.conversation {
        let mine = |row: &crate::domain::conversation::Conversation| {
            row.id == wanted && access::admits(&access::conversation_audience(row), person)
        };
        let of_ticket =
            given.facts.ticket.as_ref().is_some_and(|ticket| ticket.conversation == wanted && access::sees_ticket(person, ticket));
        if !of_ticket && !given.facts.conversation.as_ref().is_some_and(mine) {
            return Err(Refusal::not_found("The conversation"));
        }
    }
    let PutReminder { id, at, text, ticket, conversation } = body.clone();
    let version = old.map_or(0, |old| old.version) + 1;
    let text = text.trim().to_owned();
    let row = Reminder { id, version, person: person.id, at, text, ticket, conversation, state: ReminderState::Waiting };
    // A reminder is the person's alone: the audit, which others read, does not tell of it.
    Ok(Outcome { changes: vec![Change::Put(Row::Reminder(row))], ..Outcome::default() })
}
