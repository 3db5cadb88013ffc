//! One act on many tickets: what would change, and how it is taken back.
//!
//! The preview asks the very rules that decide ([`decide`]), on the rows at hand; so it says what the server would say, unless a row
//! moves on meanwhile. Each ticket then gets a command of its own.

pub mod undo;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::audit::FieldChange;
use super::command::{Actor, Change, Command, Context, Facts, MessageTarget, PostMessage, decide};
use super::conversation::Visibility;
use super::directory::Directory;
use super::id::{MessageId, PersonId, QueueId, TicketNumber};
use super::incident::variables;
use super::person::Person;
use super::refusal::Refusal;
use super::ticket::{Link, Priority, Status, Ticket};
use super::{Timestamp, access};

/// Tickets acted on at once, at most.
pub const BULK_MAX: usize = 5_000;

/// The fields that a preview names; all others follow from them.
const NAMED: [&str; 8] = ["status", "priority", "queue", "assignee", "tags", "links", "incident", "subject"];

/// What is done to each ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum BulkAct {
    Assign {
        person: PersonId,
    },
    Status {
        status: Status,
    },
    Priority {
        priority: Priority,
    },
    Move {
        queue: QueueId,
    },
    AddTag {
        tag: String,
    },
    RemoveTag {
        tag: String,
    },
    /// To a major incident.
    Tie {
        incident: TicketNumber,
    },
    Link {
        link: Link,
    },
    /// A reply or a note, with variables such as `{{requester.name}}`.
    Post {
        text: String,
        visibility: Visibility,
    },
}

impl BulkAct {
    /// The ticket that the act names besides those it is done to.
    #[must_use]
    pub fn other(&self) -> Option<TicketNumber> {
        match self {
            Self::Tie { incident } => Some(*incident),
            Self::Link { link } => Some(link.number),
            _ => None,
        }
    }

    /// The command for one ticket; `message` is the id of the message that it may write.
    #[must_use]
    pub fn command(&self, ticket: &Ticket, agent: &str, message: MessageId) -> Command {
        let number = ticket.number;
        match self {
            Self::Assign { person } => Command::AssignTicket { number, person: *person },
            Self::Status { status } => Command::SetStatus { number, status: *status },
            Self::Priority { priority } => Command::SetPriority { number, priority: *priority },
            Self::Move { queue } => Command::MoveTicket { number, queue: *queue },
            Self::AddTag { tag } => Command::AddTag { number, tag: tag.clone() },
            Self::RemoveTag { tag } => Command::RemoveTag { number, tag: tag.clone() },
            Self::Tie { incident } => Command::TieTicket { number, incident: *incident },
            Self::Link { link } => Command::LinkTicket { number, link: *link },
            Self::Post { text, visibility } => {
                let text = variables::fill(text, ticket, ticket, agent);
                let target = MessageTarget::Ticket { number };
                Command::PostMessage(Box::new(PostMessage::new(target, message, *visibility, text)))
            }
        }
    }
}

/// What would become of one ticket.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "fate", rename_all = "snake_case")]
pub enum Fate {
    /// Field by field, before and after; a message is the field `message`.
    Changes { changes: Vec<FieldChange> },
    /// It is so already.
    Nothing,
    /// The rule says no.
    Refused { refusal: Refusal },
}

/// One line of a preview.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Planned {
    pub number: TicketNumber,
    pub subject: String,
    /// The version the preview looked at: for compare-and-set.
    pub version: i64,
    #[serde(flatten)]
    pub fate: Fate,
    #[serde(skip)]
    pub command: Command,
}

impl Planned {
    #[must_use]
    pub fn changes(&self) -> bool {
        matches!(self.fate, Fate::Changes { .. })
    }
}

/// Who acts, on what grounds.
pub struct World<'a> {
    pub actor: &'a Person,
    pub directory: &'a Directory,
    pub now: Timestamp,
    /// The ticket that the act names, when it is known.
    pub other: Option<&'a Ticket>,
    pub new_id: &'a dyn Fn() -> Uuid,
}

/// What `act` would do to each of `tickets`, in their order.
#[must_use]
pub fn plan<'a>(act: &BulkAct, tickets: impl IntoIterator<Item = &'a Ticket>, world: &World<'_>) -> Vec<Planned> {
    let broken = match act {
        BulkAct::Post { text, .. } => variables::check(text).err(),
        _ => None,
    };
    let one = |ticket: &Ticket| {
        let command = act.command(ticket, &world.actor.name, (world.new_id)().into());
        let fate = match &broken {
            Some(refusal) => Fate::Refused { refusal: refusal.clone() },
            None => fate(&command, ticket, world),
        };
        Planned { number: ticket.number, subject: ticket.subject.clone(), version: ticket.version, fate, command }
    };
    tickets.into_iter().map(one).collect()
}

fn fate(command: &Command, ticket: &Ticket, world: &World<'_>) -> Fate {
    if !access::sees_ticket(world.actor, ticket) {
        return Fate::Refused { refusal: Refusal::not_found("The ticket") };
    }
    let facts = Facts { ticket: Some(ticket.clone()), other: world.other.cloned(), ..Facts::default() };
    let actor = Actor::Person(world.actor.clone());
    let context = Context {
        now: world.now,
        actor: &actor,
        source: "preview",
        base_version: None,
        directory: world.directory,
        duty: None,
        new_id: world.new_id,
    };
    let outcome = match decide(command, &facts, &context) {
        Ok(outcome) => outcome,
        Err(refusal) => return Fate::Refused { refusal },
    };
    let entries = outcome.audit.iter().filter(|entry| entry.ticket == Some(ticket.number));
    let mut changes: Vec<FieldChange> =
        entries.flat_map(|entry| entry.changes.clone()).filter(|change| NAMED.contains(&change.field.as_str())).collect();
    if let Command::PostMessage(post) = command
        && outcome.changes.iter().any(|change| matches!(change, Change::PutMessage { .. }))
    {
        changes.push(FieldChange { field: "message".to_owned(), from: serde_json::Value::Null, to: post.text.clone().into() });
    }
    if outcome.result.unchanged || changes.is_empty() { Fate::Nothing } else { Fate::Changes { changes } }
}

/// How many would change, are so already, and are refused.
#[must_use]
pub fn tally(plan: &[Planned]) -> (usize, usize, usize) {
    let count = |test: fn(&Fate) -> bool| plan.iter().filter(|planned| test(&planned.fate)).count();
    (
        count(|fate| matches!(fate, Fate::Changes { .. })),
        count(|fate| matches!(fate, Fate::Nothing)),
        count(|fate| matches!(fate, Fate::Refused { .. })),
    )
}
