//! Desk acts typed into a ticket's composer: `/assign @li.na`, `/状态 已解决`. [`words`] is the table, [`mod@parse`] reads a line against
//! it and says what was wrong, [`act`] makes commands of it. A text that starts with `//` is no command.

pub mod act;
pub mod parse;
#[cfg(test)]
mod tests;
pub mod words;

pub use parse::{SlashError, parse};

use crate::domain::Timestamp;
use crate::domain::id::{PersonId, QueueId, SnippetId, TicketNumber};
use crate::domain::ticket::{Priority, Status};

/// What a line wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    Assign(PersonId),
    Status(Status),
    Priority(Priority),
    Tag(Vec<String>),
    Untag(Vec<String>),
    /// Whoever the roster finds at the tier, or the person.
    Escalate {
        tier: u8,
        person: Option<PersonId>,
        note: String,
    },
    Claim,
    Release(Option<String>),
    Move(QueueId),
    Merge(TicketNumber),
    Link(TicketNumber),
    Snippet(SnippetId),
    /// Whoever typed it, alone.
    Remind {
        at: Timestamp,
        text: String,
    },
}

/// The command line in a text, without its slash; `None` when the text is a message.
#[must_use]
pub fn command_of(text: &str) -> Option<&str> {
    let line = text.trim_start();
    let line = line.strip_prefix('/').or_else(|| line.strip_prefix('／'))?;
    (!line.starts_with('/')).then_some(line)
}

/// The message that a text is: a doubled slash at its start stands for one.
#[must_use]
pub fn literal(text: &str) -> &str {
    if text.starts_with("//") { &text[1..] } else { text }
}
