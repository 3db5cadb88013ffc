//! What a console shows of a simple edit before the server has answered. Never a promise: who owns a ticket is not previewed.

use super::Command;
use crate::domain::Timestamp;
use crate::domain::id::PersonId;
use crate::domain::limits;
use crate::domain::ticket::{Status, Ticket, status};

/// The ticket as it would look, or `None` for commands that are not shown as done before they are.
/// No edit shown so far depends on who makes it. Version and `updated_at` stay: the server's row replaces the preview whatever it says.
#[must_use]
pub fn preview(ticket: &Ticket, command: &Command, _actor: PersonId, now: Timestamp) -> Option<Ticket> {
    if command.ticket() != Some(ticket.number) || ticket.status == Status::Closed {
        return None;
    }
    let mut after = ticket.clone();
    match command {
        Command::SetStatus { status: to, .. } => {
            status::allow(ticket, *to).ok()?;
            status::shift(&mut after, *to, None, now);
        }
        Command::SetPriority { priority, .. } => after.priority = *priority,
        Command::SetSubject { subject, .. } => after.subject = limits::subject(subject, "").ok().filter(|_| !subject.trim().is_empty())?,
        Command::SetField { name, value, .. } if value.is_null() => {
            after.fields.remove(name.trim());
        }
        Command::SetField { name, value, .. } => {
            limits::field(name.trim(), value).ok()?;
            after.fields.insert(name.trim().to_owned(), value.clone());
        }
        Command::AddTag { tag, .. } => {
            limits::tag(tag).ok()?;
            if !after.tags.contains(tag) {
                after.tags.push(tag.clone());
            }
        }
        Command::RemoveTag { tag, .. } => after.tags.retain(|one| one != tag),
        Command::AddParticipant { person, .. } => {
            if !after.participants.contains(person) {
                after.participants.push(*person);
            }
        }
        Command::RemoveParticipant { person, .. } => after.participants.retain(|one| one != person),
        _ => return None,
    }
    after.due_at = crate::domain::sla::clock::due_at(&after.clocks);
    Some(after)
}
