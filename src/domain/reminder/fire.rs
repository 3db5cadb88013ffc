//! The desk tells the person, in the same transaction in which the reminder is over: once, and never early.

use super::{Reminder, ReminderState};
use crate::domain::Refusal;
use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::notice::{Notice, NoticeKind};
use crate::domain::row::Row;

/// # Errors
/// When a person asks for it, or there is no such reminder.
pub fn fire_reminder(given: Given<'_>) -> Result<Outcome, Refusal> {
    given.desk()?;
    let old = given.facts.reminder.as_ref().ok_or_else(|| Refusal::not_found("The reminder"))?;
    if old.state != ReminderState::Waiting || old.at > given.now() {
        return Ok(draft::unchanged());
    }
    let row = Reminder { state: ReminderState::Told, version: old.version + 1, ..old.clone() };
    let mut changes = vec![Change::Put(Row::Reminder(row))];
    if given.directory().people.get(&old.person).is_some_and(|person| person.active) {
        let kind = NoticeKind::Reminder { text: old.text.clone() };
        let (id, at) = (given.fresh(), given.now());
        let (person, ticket, conversation) = (old.person, old.ticket, old.conversation);
        changes.push(Change::Put(Row::Notice(Notice { id, version: 1, person, kind, ticket, conversation, at, read: false })));
    }
    Ok(Outcome { changes, ..Outcome::default() })
}
