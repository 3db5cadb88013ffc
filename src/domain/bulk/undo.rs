//! Taking a bulk act back: the inverse command for each ticket that is still as the act left it.

use super::BulkAct;
use crate::domain::command::Command;
use crate::domain::id::{MessageId, PersonId, TicketNumber};
use crate::domain::ticket::Ticket;
use crate::domain::undo;
pub use crate::domain::undo::Back;

/// Whether the act can be taken back at all: what was written to people cannot.
#[must_use]
pub fn possible(act: &BulkAct) -> bool {
    !matches!(act, BulkAct::Post { .. })
}

/// How to take `act` back on a ticket that was `before` and is `now`: as the same act on it alone.
#[must_use]
pub fn back(act: &BulkAct, before: &Ticket, now: &Ticket) -> Back {
    if !possible(act) {
        return Back::NotDone;
    }
    // No bulk act is a claim, which is the one that depends on who takes it back.
    undo::back(&act.command(before, "", MessageId::default()), before, now, PersonId::default())
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
