//! Priority, subject and typed fields: the last writer wins, both values are in the audit.

use serde_json::Value;

use super::Priority;
use crate::domain::Refusal;
use crate::domain::command::{Given, Outcome};
use crate::domain::limits;
use crate::domain::sla::clock;

/// # Errors
/// When the actor may not.
pub fn set_priority(given: Given<'_>, priority: Priority) -> Result<Outcome, Refusal> {
    let (_, mut draft) = given.edit()?;
    if draft.ticket.priority != priority {
        draft.ticket.priority = priority;
        let promise = given.promise(draft.ticket.queue)?;
        clock::replan(&mut draft.ticket, promise, given.now());
    }
    draft.done()
}

/// # Errors
/// When the subject is empty or too long, or the actor may not.
pub fn set_subject(given: Given<'_>, subject: &str) -> Result<Outcome, Refusal> {
    let (_, mut draft) = given.edit()?;
    limits::length(subject, "subject", limits::SUBJECT_MAX)?;
    let subject = limits::subject(subject, "")?;
    if draft.ticket.subject != subject {
        draft.ticket.subject.clone_from(&subject);
        if let Some(conversation) = draft.conversation_mut() {
            conversation.title = subject;
        }
    }
    draft.done()
}

/// # Errors
/// When name or value are not acceptable, or the actor may not.
pub fn set_field(given: Given<'_>, name: &str, value: &Value) -> Result<Outcome, Refusal> {
    let (_, mut draft) = given.edit()?;
    let name = name.trim();
    if value.is_null() {
        draft.ticket.fields.remove(name);
    } else {
        limits::field(name, value)?;
        draft.ticket.fields.insert(name.to_owned(), value.clone());
        limits::field_count(draft.ticket.fields.len())?;
    }
    draft.done()
}
