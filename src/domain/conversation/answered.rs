//! The message that another answers: it stands in the same conversation, and its reader is the author.

use crate::domain::Refusal;
use crate::domain::command::{Given, PostMessage};
use crate::domain::id::{ConversationId, MessageId};
use crate::domain::person::Person;

/// The message that `post` answers, when it answers any.
///
/// # Errors
/// `unknown_message` when there is none of that id in this conversation that `person` may read.
pub fn answered(given: Given<'_>, person: &Person, place: ConversationId, post: &PostMessage) -> Result<Option<MessageId>, Refusal> {
    let Some(id) = post.reply_to else { return Ok(None) };
    let standing = given.facts.message_row.as_ref();
    if standing.is_some_and(|row| row.id == id && row.conversation == place && row.is_for(person)) {
        return Ok(Some(id));
    }
    let message = "There is no such message in this conversation: answer one of its own, or none.";
    Err(Refusal::invalid("unknown_message", "reply_to", message))
}
