//! Taking a bulk act back: the inverse command for each ticket that is still as the act left it.

use super::BulkAct;
use crate::domain::command::Command;
use crate::domain::id::TicketNumber;
use crate::domain::ticket::{Status, Ticket};

/// What taking back does to one ticket.
#[derive(Clone, Debug, PartialEq)]
pub enum Back {
    /// This command, against the version at hand.
    Command { command: Box<Command>, version: i64 },
    /// It is as it was before.
    NotDone,
    /// Somebody changed it since: it stays.
    Changed,
}

/// Whether the act can be taken back at all: what was written to people cannot.
#[must_use]
pub fn possible(act: &BulkAct) -> bool {
    !matches!(act, BulkAct::Post { .. })
}

/// How to take `act` back on a ticket that was `before` and is `now`.
#[must_use]
pub fn back(act: &BulkAct, before: &Ticket, now: &Ticket) -> Back {
    let number = before.number;
    let (was, is, inverse) = match act {
        BulkAct::Assign { person } => {
            let inverse = match before.assignee {
                Some(person) => Command::AssignTicket { number, person },
                None => Command::ReleaseTicket { number, reason: Some("taken back".to_owned()) },
            };
            (now.assignee == before.assignee, now.assignee == Some(*person), inverse)
        }
        BulkAct::Status { status } => {
            // Nothing becomes new again.
            let to = if before.status == Status::New { Status::Open } else { before.status };
            (now.status == before.status, now.status == *status, Command::SetStatus { number, status: to })
        }
        BulkAct::Priority { priority } => {
            let inverse = Command::SetPriority { number, priority: before.priority };
            (now.priority == before.priority, now.priority == *priority, inverse)
        }
        BulkAct::Move { queue } => (now.queue == before.queue, now.queue == *queue, Command::MoveTicket { number, queue: before.queue }),
        BulkAct::AddTag { tag } => tagged(before, now, tag, true),
        BulkAct::RemoveTag { tag } => tagged(before, now, tag, false),
        BulkAct::Tie { incident } => (now.incident == before.incident, now.incident == Some(*incident), Command::UntieTicket { number }),
        BulkAct::Link { link } => {
            let (was, is) = (before.links.contains(link), now.links.contains(link));
            (was == is, is, Command::UnlinkTicket { number, link: *link })
        }
        BulkAct::Post { .. } => return Back::NotDone,
    };
    match (was, is) {
        (true, _) => Back::NotDone,
        (false, true) => Back::Command { command: Box::new(inverse), version: now.version },
        (false, false) => Back::Changed,
    }
}

fn tagged(before: &Ticket, now: &Ticket, tag: &str, added: bool) -> (bool, bool, Command) {
    let has = |ticket: &Ticket| ticket.tags.iter().any(|one| one == tag);
    let (number, tag) = (before.number, tag.to_owned());
    let inverse = if added { Command::RemoveTag { number, tag } } else { Command::AddTag { number, tag } };
    (has(before) == has(now), has(now) == added, inverse)
}

/// The commands that take the act back, those not done, and those that changed since.
#[must_use]
pub fn all<'a>(
    act: &BulkAct,
    pairs: impl IntoIterator<Item = (&'a Ticket, &'a Ticket)>,
) -> (Vec<(Command, i64)>, Vec<TicketNumber>, Vec<TicketNumber>) {
    let (mut commands, mut not_done, mut changed) = (Vec::new(), Vec::new(), Vec::new());
    for (before, now) in pairs {
        match back(act, before, now) {
            Back::Command { command, version } => commands.push((*command, version)),
            Back::NotDone => not_done.push(before.number),
            Back::Changed => changed.push(before.number),
        }
    }
    (commands, not_done, changed)
}
