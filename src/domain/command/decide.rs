//! One match from command to rule.

use super::{Command, Context, Facts, Outcome};
use crate::domain::Refusal;

/// Decides `command`: what changes, or why not.
///
/// # Errors
/// A [`Refusal`] with what was wrong and what to do next.
pub fn decide(command: &Command, _facts: &Facts, _context: &Context<'_>) -> Result<Outcome, Refusal> {
    Err(Refusal::invalid("unknown", "type", command.name()))
}
