//! Pinning a message, so that whoever comes later finds it at once.

use super::{Message, standing};
use crate::domain::Refusal;
use crate::domain::command::{Given, Outcome};

/// # Errors
/// When the message is not the actor's to read.
pub fn pin(given: Given<'_>, on: bool) -> Result<Outcome, Refusal> {
    let place = standing::standing(given)?;
    if place.message.pinned_by.is_some() == on {
        return Ok(place.unchanged());
    }
    let after = Message { pinned_by: on.then_some(place.person.id), ..place.message.clone() };
    Ok(place.done(given, vec![place.put(after)]))
}
