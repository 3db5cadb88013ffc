//! Changing one's own message; what it said before is kept.

use super::{Author, Message, MessageEdit, mention, standing};
use crate::domain::command::{Change, Given, Outcome};
use crate::domain::webhook::outgoing;
use crate::domain::{Refusal, limits};

/// # Errors
/// When it is somebody else's message, or the text is not acceptable.
pub fn edit(given: Given<'_>, text: &str) -> Result<Outcome, Refusal> {
    let place = standing::standing(given)?;
    let message = place.message;
    if message.author != (Author::Person { id: place.person.id }) {
        return Err(Refusal::forbidden("Only its author changes a message: write another one."));
    }
    limits::text(text)?;
    if message.text == text {
        return Ok(place.unchanged());
    }
    let before = MessageEdit {
        message: message.id,
        version: message.version,
        text: message.text.clone(),
        edited_by: place.person.id,
        edited_at: given.now(),
    };
    let after = Message {
        text: text.to_owned(),
        mentions: mention::mentioned(text, given.directory()),
        edited_at: Some(given.now()),
        ..message.clone()
    };
    let told = given
        .facts
        .ticket
        .as_ref()
        .and_then(|ticket| outgoing::edited(given, ticket, &Message { version: after.version + 1, ..after.clone() }));
    let mut changes = vec![place.put(after), Change::PutMessageEdit(before)];
    changes.extend(told);
    Ok(place.done(given, changes))
}
