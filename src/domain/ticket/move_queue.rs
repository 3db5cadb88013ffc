//! Moving a ticket to another queue: into that queue's pool, under its policy.

use super::status;
use crate::domain::Refusal;
use crate::domain::command::{Given, Outcome};
use crate::domain::id::QueueId;
use crate::domain::sla::clock;
use crate::domain::sla::promise::Promise;

/// # Errors
/// When the queue does not exist or is not in use, or the actor may not.
pub fn move_ticket(given: Given<'_>, to: QueueId) -> Result<Outcome, Refusal> {
    let (_, mut draft) = given.edit()?;
    let Some(queue) = given.directory().queues.get(&to) else {
        return Err(Refusal::invalid("unknown_queue", "queue", format!("There is no queue {to}: choose one from the list of queues.")));
    };
    if draft.ticket.queue != to {
        if !queue.active {
            let message = format!("Queue {} is not in use any more: choose another.", queue.key);
            return Err(Refusal::invalid("queue_inactive", "queue", message));
        }
        let ticket = &mut draft.ticket;
        ticket.queue = to;
        ticket.tier = queue.tier;
        if ticket.status.is_unsolved() {
            status::unassign(ticket);
        }
        clock::replan(ticket, Promise::of(queue, given.directory()), given.now());
    }
    draft.done()
}
