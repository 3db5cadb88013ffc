//! Closing what was solved long ago. When "long ago" is, the desk's job knows.

use super::{Status, status};
use crate::domain::Refusal;
use crate::domain::command::{Draft, Given, Outcome, draft};

/// # Errors
/// When a person asks for it, or the ticket does not exist.
pub fn close(given: Given<'_>) -> Result<Outcome, Refusal> {
    given.desk()?;
    let ticket = given.ticket()?;
    if ticket.status != Status::Solved {
        // Reopened between the job's look and now.
        return Ok(draft::unchanged_ticket(ticket));
    }
    let mut draft = Draft::of(given, ticket);
    let promise = given.promise(ticket.queue)?;
    status::shift(&mut draft.ticket, Status::Closed, Some(promise), given.now());
    draft.done()
}
