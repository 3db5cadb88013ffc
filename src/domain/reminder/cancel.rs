//! A reminder that is wanted no more.

use super::{Reminder, ReminderState};
use crate::domain::Refusal;
use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::row::Row;

/// # Errors
/// When it is not the actor's.
pub fn cancel_reminder(given: Given<'_>) -> Result<Outcome, Refusal> {
    let person = given.person()?;
    let old = given.facts.reminder.as_ref().filter(|row| row.person == person.id);
    let old = old.ok_or_else(|| Refusal::not_found("The reminder"))?;
    if old.state != ReminderState::Waiting {
        return Ok(draft::unchanged());
    }
    let row = Reminder { state: ReminderState::Cancelled, version: old.version + 1, ..old.clone() };
    Ok(Outcome { changes: vec![Change::Put(Row::Reminder(row))], ..Outcome::default() })
}
