//! The rule behind `replan_clocks`: the queue's policy or its calendar has another edition than the ticket's clocks.

use super::clock;
use super::promise::Promise;
use crate::domain::Refusal;
use crate::domain::command::{Draft, Given, Outcome};

/// Finished tickets stay as they are until they are reopened.
///
/// # Errors
/// When a person asks for it, or the ticket does not exist.
pub fn replan_clocks(given: Given<'_>) -> Result<Outcome, Refusal> {
    given.desk()?;
    let ticket = given.ticket()?;
    let queue = given.queue(ticket.queue)?;
    let mut draft = Draft::of(given, ticket);
    if ticket.status.is_unsolved() {
        clock::keep_up(&mut draft.ticket, Promise::of(queue, given.directory()), given.now());
    }
    draft.done()
}
