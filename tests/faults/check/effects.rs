//! What each operation of the histories is held to: what its client was told, or, where no answer came, what the stored answer
//! says. An operation without either had no effect, or its effect is one that nobody may see.

use dutydesk::domain::command::{Command, CommandResult, Submission};
use dutydesk::domain::id::{MessageId, TicketNumber};

use super::desk::{Desk, Stored};
use crate::history::{End, History, Operation};

/// One operation and what must have become of it.
pub struct Effect<'a> {
    pub client: &'a str,
    pub operation: &'a Operation,
    /// As stored under its key.
    pub stored: Option<&'a Stored>,
    /// Milliseconds at which it was stored.
    pub stored_at: Option<i64>,
}

pub fn of<'a>(desk: &'a Desk, histories: &'a [History]) -> Vec<Effect<'a>> {
    let each = histories.iter().flat_map(|history| history.operations.iter().map(move |operation| (history.client.as_str(), operation)));
    each.map(|(client, operation)| {
        let found = desk.results.get(&operation.submission.key.to_string());
        Effect { client, operation, stored: found.map(|found| &found.0), stored_at: found.map(|found| found.1) }
    })
    .collect()
}

impl Effect<'_> {
    pub fn submission(&self) -> &Submission {
        &self.operation.submission
    }

    pub fn command(&self) -> &Command {
        &self.operation.submission.command
    }

    /// The result that its effect must show: told to the client, or stored where the answer was lost.
    pub fn result(&self) -> Option<&CommandResult> {
        match (&self.operation.end, self.stored) {
            (End::Done(result), _) => Some(result),
            (End::Unknown, Some(Ok(result))) => Some(result),
            _ => None,
        }
    }

    /// The result, where something was changed.
    pub fn changed(&self) -> Option<&CommandResult> {
        self.result().filter(|result| !result.unchanged)
    }

    /// Ticket and version that it made.
    pub fn made(&self) -> Option<(i64, i64)> {
        let result = self.changed()?;
        Some((result.ticket?.0, result.version?))
    }

    /// The message that it writes, by the id that the client made, and its text.
    pub fn message(&self) -> Option<(MessageId, &str)> {
        match self.command() {
            Command::CreateTicket(create) => Some((create.message, &create.text)),
            Command::PostMessage(post) => Some((post.message, &post.text)),
            _ => None,
        }
    }

    /// The operation in words: client, command, ticket and key.
    pub fn words(&self) -> String {
        let number = self.command().ticket().or_else(|| self.result().and_then(|result| result.ticket));
        let ticket = number.map_or_else(String::new, |TicketNumber(number)| format!(" of ticket #{number}"));
        format!("{}: {}{ticket} (key {})", self.client, self.command().name(), self.submission().key)
    }
}
