//! How a ticket goes from one status to another, and what its clocks make of it.

use super::{Status, Ticket};
use crate::domain::command::{Given, Outcome, draft, given};
use crate::domain::sla::clock;
use crate::domain::sla::promise::Promise;
use crate::domain::{Refusal, Timestamp};

/// Puts the ticket into `to` and moves its clocks along by what its queue promises; a preview knows no promise, and only shows
/// what runs and what stands still.
pub fn shift(ticket: &mut Ticket, to: Status, promise: Option<Promise<'_>>, now: Timestamp) {
    let from = ticket.status;
    if from == to {
        return;
    }
    ticket.status = to;
    if from.is_unsolved() && !to.is_unsolved() {
        match promise {
            Some(promise) => clock::stop_all(ticket, promise, now),
            None => clock::sketch(ticket, false, now),
        }
        ticket.solved_at = Some(now);
        ticket.awaits_reply = false;
        ticket.waits = None;
        return;
    }
    let reopened = !from.is_unsolved() && to.is_unsolved();
    match promise {
        None => clock::sketch(ticket, reopened, now),
        Some(promise) => {
            if reopened {
                clock::reopen(ticket, promise, now);
            }
            if to.is_active() {
                clock::resume(ticket, promise, now);
            } else if to.is_unsolved() {
                clock::pause(ticket, promise, now);
            }
        }
    }
    if reopened {
        ticket.solved_at = None;
    }
}

/// Whether a person may put the ticket into `to`.
///
/// # Errors
/// For `new` and `closed`, which only happen, and for merged tickets.
pub fn allow(ticket: &Ticket, to: Status) -> Result<(), Refusal> {
    given::refuse_closed(ticket)?;
    if ticket.status == to {
        return Ok(());
    }
    if let Some(into) = ticket.merged_into.filter(|_| to.is_unsolved()) {
        let message = format!("Ticket #{} was merged into #{into}: work on #{into}.", ticket.number);
        return Err(Refusal::conflict("ticket_merged", message));
    }
    match to {
        Status::New => Err(Refusal::invalid("status_invalid", "status", "Only a ticket nobody touched is new: set it to open.")),
        Status::Closed => Err(Refusal::invalid(
            "status_invalid",
            "status",
            "The desk closes tickets itself some time after they are solved: set it to solved.",
        )),
        _ => Ok(()),
    }
}

/// # Errors
/// When the actor may not, the ticket has moved on, or the status cannot be set by hand.
pub fn set_status(given: Given<'_>, to: Status) -> Result<Outcome, Refusal> {
    let (_, mut draft) = given.edit()?;
    if draft.ticket.status == to {
        return Ok(draft::unchanged_ticket(&draft.ticket));
    }
    given.check_version(&draft.ticket)?;
    allow(&draft.ticket, to)?;
    reopen_for(given, &mut draft.ticket, to);
    let promise = given.promise(draft.ticket.queue)?;
    shift(&mut draft.ticket, to, Some(promise), given.now());
    draft.done()
}

/// A finished ticket that goes back to work returns to who solved it, unless they left the desk.
pub fn reopen_for(given: Given<'_>, ticket: &mut Ticket, to: Status) {
    if ticket.status.is_unsolved() || !to.is_unsolved() {
        return;
    }
    let works = |person| given.directory().people.get(&person).is_some_and(crate::domain::access::may_work);
    if ticket.assignee.is_some_and(works) {
        ticket.assigned_at = Some(given.now());
    } else {
        unassign(ticket);
    }
}

/// Back to the pool.
pub fn unassign(ticket: &mut Ticket) {
    ticket.assignee = None;
    ticket.assigned_at = None;
    ticket.accepted_at = None;
    ticket.accept_by = None;
    ticket.waits = None;
}
