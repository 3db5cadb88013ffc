//! Changing one's own message; what it said before is kept, and only who is meant anew is told.

use super::{Author, Message, MessageEdit, ReadBy, mention, standing};
use crate::domain::access;
use crate::domain::command::{Change, Draft, Given, Outcome};
use crate::domain::ticket::Ticket;
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
    let readers = ReadBy { audience: place.within(), visibility: message.visibility };
    let (added, mentions) = mention::edited(&message.text, &message.mentions, text, given);
    let added = readers.admitted(given, added)?;
    let mentions = mentions.into_iter().filter(|id| readers.knows(given, *id)).collect();
    let after = Message { text: text.to_owned(), mentions, edited_at: Some(given.now()), ..message.clone() };
    match &given.facts.ticket {
        Some(ticket) => Ok(in_ticket(given, ticket, &place, after, before, &added)),
        None => {
            let mut changes = vec![place.put(after), Change::PutMessageEdit(before)];
            let told = added.all().into_iter().filter(|id| readers.takes_part(given, *id));
            changes.extend(told.filter_map(|person| super::notice(given, person, message.conversation)));
            Ok(place.done(given, changes))
        }
    }
}

/// In a ticket, who is named anew takes part from now on, as with a new message.
fn in_ticket(
    given: Given<'_>,
    ticket: &Ticket,
    place: &standing::Standing<'_>,
    after: Message,
    before: MessageEdit,
    added: &mention::Mentioned,
) -> Outcome {
    let mut draft = Draft::of(given, ticket);
    draft.tell("message", after.seq);
    mention::tell(given, &mut draft, added);
    let visibility = after.visibility;
    let told = outgoing::edited(given, ticket, &Message { version: after.version + 1, ..after.clone() });
    let id = after.id;
    let mut change = place.put(after);
    if let Change::PutMessage { audience, .. } = &mut change {
        *audience = access::message_audience(access::ticket_audience(&draft.ticket), visibility);
    }
    draft.put(change);
    draft.put(Change::PutMessageEdit(before));
    told.into_iter().for_each(|change| draft.put(change));
    let mut outcome = draft.finish();
    outcome.result.message = Some(id);
    outcome
}
