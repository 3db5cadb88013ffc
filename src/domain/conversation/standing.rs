//! A standing message that somebody wants changed: found, in its place, and theirs to read.

use serde_json::Value;

use super::{ConversationKind, Message};
use crate::domain::Refusal;
use crate::domain::access::{self, Audience};
use crate::domain::audit::FieldChange;
use crate::domain::command::given::refuse_closed;
use crate::domain::command::{Change, CommandResult, Given, Outcome, draft};
use crate::domain::person::Person;

/// A message with those who read it.
pub struct Standing<'a> {
    pub person: &'a Person,
    pub message: &'a Message,
    /// Of the place, the message's tier not considered.
    within: Audience,
    audience: Audience,
}

/// The message that the facts hold, of the ticket or conversation that the command named.
///
/// # Errors
/// When there is none there, the actor may not read it, or its ticket is closed.
pub fn standing<'a>(given: Given<'a>) -> Result<Standing<'a>, Refusal> {
    let person = given.worker()?;
    let message = given.facts.message_row.as_ref();
    let not_found = || Refusal::not_found("The message");
    let audience = match (&given.facts.ticket, &given.facts.conversation) {
        // An escalated ticket's own conversation follows its ticket.
        (Some(ticket), _) => access::ticket_audience(ticket),
        (None, Some(row)) if row.kind != ConversationKind::Escalation => access::conversation_audience(row),
        _ => return Err(not_found()),
    };
    let place = given.facts.ticket.as_ref().map(|ticket| ticket.conversation).or(given.facts.conversation.as_ref().map(|row| row.id));
    let message = message.filter(|message| Some(message.conversation) == place).ok_or_else(not_found)?;
    let within = audience;
    let audience = access::message_audience(within.clone(), message.visibility);
    if !access::admits(&audience, person) {
        return Err(not_found());
    }
    // History stays as it is.
    given.facts.ticket.as_ref().map_or(Ok(()), refuse_closed)?;
    Ok(Standing { person, message, within, audience })
}

impl Standing<'_> {
    /// Who reads the place, the message's tier not considered.
    #[must_use]
    pub fn within(&self) -> Audience {
        self.within.clone()
    }

    /// The change from the standing message to `after`, whose version is raised here.
    #[must_use]
    pub fn put(&self, mut after: Message) -> Change {
        after.version = self.message.version + 1;
        Change::PutMessage { message: Box::new(after), audience: self.audience.clone(), external: None }
    }

    /// The answer when nothing has to change.
    #[must_use]
    pub fn unchanged(&self) -> Outcome {
        let mut outcome = draft::unchanged();
        outcome.result.message = Some(self.message.id);
        outcome
    }

    /// The answer with these changes, and an entry in the audit.
    #[must_use]
    pub fn done(&self, given: Given<'_>, changes: Vec<Change>) -> Outcome {
        let mut entry = draft::entry(given);
        entry.ticket = self.message.ticket;
        entry.changes.push(FieldChange { field: "message".to_owned(), from: Value::Null, to: self.message.seq.into() });
        let result = CommandResult { message: Some(self.message.id), ticket: self.message.ticket, ..CommandResult::default() };
        Outcome { changes, audit: vec![entry], result }
    }
}
