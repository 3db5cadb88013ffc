//! Who takes part in a channel that names its members; in a queue's, those are guests beside the queue's people.

use super::{Conversation, ConversationKind};
use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::id::PersonId;
use crate::domain::person::Person;
use crate::domain::row::Row;
use crate::domain::{Refusal, access};

fn channel<'a>(given: Given<'a>) -> Result<(&'a Person, &'a Conversation), Refusal> {
    let person = given.worker()?;
    let row = given.facts.conversation.as_ref().filter(|row| access::admits(&access::conversation_audience(row), person));
    let row = row.ok_or_else(|| Refusal::not_found("The conversation"))?;
    if row.kind != ConversationKind::Channel {
        return Err(Refusal::conflict("not_a_channel", "Only channels change their members: open another conversation."));
    }
    if row.members.is_empty() && row.queue.is_none() {
        return Err(Refusal::conflict("channel_open", "This channel is open to all of its people: mute it to hear less of it."));
    }
    Ok((person, row))
}

fn put(given: Given<'_>, before: &Conversation, members: Vec<PersonId>) -> Outcome {
    let after = Conversation { version: before.version + 1, members, ..before.clone() };
    draft::put_row(given, Some(before), &after, Change::Put(Row::Conversation(after.clone())))
}

/// # Errors
/// When the actor does not take part, or it is not a channel with members.
pub fn add(given: Given<'_>, who: PersonId) -> Result<Outcome, Refusal> {
    let (_, row) = channel(given)?;
    let person = given.directory().people.get(&who).filter(|person| person.active);
    if person.is_none() {
        let message = format!("There is nobody {who} at this desk: choose members from the directory.");
        return Err(Refusal::invalid("unknown_person", "person", message));
    }
    if row.members.contains(&who) {
        return Ok(draft::unchanged());
    }
    Ok(put(given, row, row.members.iter().copied().chain([who]).collect()))
}

/// # Errors
/// As [`add`]; and when the last member would leave: the channel would be open to everybody then.
pub fn remove(given: Given<'_>, who: PersonId) -> Result<Outcome, Refusal> {
    let (_, row) = channel(given)?;
    if !row.members.contains(&who) {
        return Ok(draft::unchanged());
    }
    let members: Vec<PersonId> = row.members.iter().copied().filter(|member| *member != who).collect();
    if members.is_empty() && row.queue.is_none() {
        let message = "The last member cannot leave: bring somebody else in first.";
        return Err(Refusal::conflict("last_member", message));
    }
    Ok(put(given, row, members))
}
