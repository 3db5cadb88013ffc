//! What people do to one ticket: `dutydesk ticket claim 42` and its like. Acts that compare and set look at the ticket
//! first, so that a change by somebody else in between is a conflict and not overwritten.

use clap::Subcommand;
use serde_json::Value;

use super::message::{Said, post};

use crate::cli::Global;
use crate::cli::error::CliError;
use crate::cli::names;
use crate::cli::submit::submit_all;
use crate::cli::words::{word, word_of};
use crate::client::api::Api;
use crate::domain::command::Command;
use crate::domain::conversation::Visibility;
use crate::domain::id::TicketNumber;
use crate::domain::ticket::{Link, LinkKind, Priority, Status};

/// How a field's value is to be read.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub enum FieldType {
    #[default]
    Text,
    Number,
    Bool,
}

#[derive(Debug, Subcommand)]
pub enum Act {
    /// Answer the requester.
    Reply {
        number: TicketNumber,
        #[command(flatten)]
        said: Said,
        /// Set the status with the answer.
        #[arg(long, value_parser = word::<Status>)]
        status: Option<Status>,
    },
    /// Write an internal note; `@handle` mentions a colleague.
    Note {
        number: TicketNumber,
        #[command(flatten)]
        said: Said,
        /// For people of this tier and above and leads alone: 2 or 3.
        #[arg(long, value_parser = clap::value_parser!(u8).range(2..=3))]
        tier: Option<u8>,
        /// Set the status with the note.
        #[arg(long, value_parser = word::<Status>)]
        status: Option<Status>,
    },
    /// Take a ticket.
    Claim { number: TicketNumber },
    /// Give a ticket to a person.
    Assign {
        number: TicketNumber,
        /// A handle, or `me`.
        person: String,
    },
    /// Give a ticket back to the pool.
    Release {
        number: TicketNumber,
        #[arg(long)]
        reason: Option<String>,
    },
    /// Say that you have it on screen.
    Accept { number: TicketNumber },
    /// Set the status: open, pending, on_hold, solved.
    Status {
        number: TicketNumber,
        #[arg(value_parser = word::<Status>)]
        status: Status,
    },
    /// Set the priority: urgent, high, normal, low.
    Priority {
        number: TicketNumber,
        #[arg(value_parser = word::<Priority>)]
        priority: Priority,
    },
    /// Set the subject.
    Subject { number: TicketNumber, subject: String },
    /// Add tags.
    Tag {
        number: TicketNumber,
        #[arg(required = true)]
        tags: Vec<String>,
    },
    /// Remove tags.
    Untag {
        number: TicketNumber,
        #[arg(required = true)]
        tags: Vec<String>,
    },
    /// Set a field, or remove it.
    Field {
        number: TicketNumber,
        name: String,
        #[arg(required_unless_present = "remove", conflicts_with = "remove", allow_hyphen_values = true)]
        value: Option<String>,
        #[arg(long = "as", value_enum, default_value_t, value_name = "TYPE")]
        kind: FieldType,
        #[arg(long)]
        remove: bool,
    },
    /// Move to another queue.
    Move {
        number: TicketNumber,
        /// A queue's key.
        queue: String,
    },
    /// Link to another ticket: relates_to, duplicate_of, blocks, blocked_by.
    Link {
        number: TicketNumber,
        #[arg(value_parser = word::<LinkKind>)]
        kind: LinkKind,
        other: TicketNumber,
    },
    /// Remove a link.
    Unlink {
        number: TicketNumber,
        #[arg(value_parser = word::<LinkKind>)]
        kind: LinkKind,
        other: TicketNumber,
    },
    /// Merge into another ticket; this one is solved.
    Merge { number: TicketNumber, into: TicketNumber },
    /// Let a colleague take part.
    AddParticipant { number: TicketNumber, person: String },
    /// Take a colleague out of those who take part.
    RemoveParticipant { number: TicketNumber, person: String },
}

/// # Errors
/// See [`CliError`].
pub async fn run(act: Act, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    let (commands, sentence) = commands(act, &api).await?;
    let mut made = Vec::with_capacity(commands.len());
    for command in commands {
        let base = match (&command, command.ticket()) {
            (
                Command::ClaimTicket { .. } | Command::AssignTicket { .. } | Command::ReleaseTicket { .. } | Command::SetStatus { .. },
                Some(number),
            ) => Some(names::ticket(&api, number).await?.version),
            _ => None,
        };
        made.push((base, command));
    }
    let results = submit_all(&api, made).await?;
    let unchanged = !results.is_empty() && results.iter().all(|result| result.unchanged);
    let sentence = if unchanged { "Nothing had to change." } else { &sentence };
    match results.last() {
        Some(last) => global.out.done(last, sentence),
        None => Err(CliError::failed("The server answered no command: is it of another version?")),
    }
}

/// The commands of an act, and the sentence that says it was done.
async fn commands(act: Act, api: &Api) -> Result<(Vec<Command>, String), CliError> {
    let (command, sentence) = match act {
        Act::Reply { number, said, status } => {
            (post(api, number, said, Visibility::Public, status).await?, format!("The requester of #{number} has your answer."))
        }
        Act::Note { number, said, tier, status } => {
            let visibility = match tier {
                Some(3) => Visibility::Tier3,
                Some(_) => Visibility::Tier2,
                None => Visibility::Internal,
            };
            (post(api, number, said, visibility, status).await?, format!("#{number} has your note."))
        }
        Act::Claim { number } => (Command::ClaimTicket { number }, format!("#{number} is yours.")),
        Act::Assign { number, person } => {
            let person = names::person(api, &person).await?;
            (Command::AssignTicket { number, person: person.id }, format!("#{number} goes to @{}.", person.handle))
        }
        Act::Release { number, reason } => (Command::ReleaseTicket { number, reason }, format!("#{number} is back in the pool.")),
        Act::Accept { number } => (Command::AcceptTicket { number }, format!("#{number} is accepted.")),
        Act::Status { number, status } => (Command::SetStatus { number, status }, format!("#{number} is {}.", word_of(&status))),
        Act::Priority { number, priority } => {
            (Command::SetPriority { number, priority }, format!("#{number} has priority {}.", word_of(&priority)))
        }
        Act::Subject { number, subject } => (Command::SetSubject { number, subject }, format!("#{number} has its new subject.")),
        Act::Tag { number, tags } => {
            let sentence = format!("#{number} is tagged {}.", tags.join(", "));
            return Ok((tags.into_iter().map(|tag| Command::AddTag { number, tag }).collect(), sentence));
        }
        Act::Untag { number, tags } => {
            let sentence = format!("#{number} is no longer tagged {}.", tags.join(", "));
            return Ok((tags.into_iter().map(|tag| Command::RemoveTag { number, tag }).collect(), sentence));
        }
        Act::Field { number, name, value, kind, .. } => {
            let sentence = format!("#{number} has its field {name} {}.", if value.is_some() { "set" } else { "removed" });
            (Command::SetField { number, name, value: field_value(value, kind)? }, sentence)
        }
        Act::Move { number, queue } => {
            let queue = names::queue(api, &queue).await?;
            (Command::MoveTicket { number, queue: queue.id }, format!("#{number} is in {}.", queue.key))
        }
        Act::Link { number, kind, other } => {
            let link = Link { kind, number: other };
            (Command::LinkTicket { number, link }, format!("#{number} {} #{other}.", word_of(&kind)))
        }
        Act::Unlink { number, kind, other } => {
            let link = Link { kind, number: other };
            (Command::UnlinkTicket { number, link }, format!("#{number} is no longer linked to #{other}."))
        }
        Act::Merge { number, into } => (Command::MergeTicket { number, into }, format!("#{number} is merged into #{into}.")),
        Act::AddParticipant { number, person } => {
            let person = names::person(api, &person).await?;
            (Command::AddParticipant { number, person: person.id }, format!("@{} takes part in #{number}.", person.handle))
        }
        Act::RemoveParticipant { number, person } => {
            let person = names::person(api, &person).await?;
            (Command::RemoveParticipant { number, person: person.id }, format!("@{} no longer takes part in #{number}.", person.handle))
        }
    };
    Ok((vec![command], sentence))
}

fn field_value(value: Option<String>, kind: FieldType) -> Result<Value, CliError> {
    let Some(text) = value else { return Ok(Value::Null) };
    match kind {
        FieldType::Text => Ok(Value::String(text)),
        FieldType::Number => {
            let number = text.trim().parse::<serde_json::Number>();
            number.map(Value::Number).map_err(|_| CliError::usage(format!("{text:?} is not a number: write digits, or leave --as out.")))
        }
        FieldType::Bool => {
            let bool = text.trim().parse::<bool>();
            bool.map(Value::Bool).map_err(|_| CliError::usage(format!("{text:?} is neither true nor false: write one of them.")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_stays_a_text_unless_asked_otherwise() {
        assert_eq!(field_value(Some("1.10".to_owned()), FieldType::Text).unwrap(), Value::from("1.10"));
        assert_eq!(field_value(Some("3".to_owned()), FieldType::Number).unwrap(), Value::from(3));
        assert_eq!(field_value(None, FieldType::Text).unwrap(), Value::Null);
        assert_eq!(field_value(Some("yes".to_owned()), FieldType::Bool).unwrap_err().exit_code(), 2);
    }
}
