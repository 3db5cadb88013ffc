//! What a rule is given: the rows it asked for, and the circumstances.

use std::collections::HashMap;

use uuid::Uuid;

use crate::domain::Timestamp;
use crate::domain::assignment::Assignment;
use crate::domain::audit::AuditActor;
use crate::domain::conversation::{Conversation, Message, ReadMark};
use crate::domain::directory::Directory;
use crate::domain::escalation::Escalation;
use crate::domain::file::StoredFile;
use crate::domain::handover::Handover;
use crate::domain::id::{ConversationId, MessageId, PersonId, TicketNumber};
use crate::domain::incident::{Broadcast, Target};
use crate::domain::notice::Notice;
use crate::domain::person::{AgentStates, Person};
use crate::domain::queue::IntakeChannel;
use crate::domain::reminder::Reminder;
use crate::domain::requester::Requester;
use crate::domain::roster::duty::DutyIndex;
use crate::domain::ticket::Ticket;
use crate::domain::ticket::merge::Merge;

/// The rows named by [`Needs`](super::Needs), read in the transaction that will write the outcome.
/// A row that was asked for and does not exist is absent.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub ticket: Option<Ticket>,
    /// The second ticket of a merge or link.
    pub other: Option<Ticket>,
    /// The number the next new ticket gets.
    pub next_number: TicketNumber,
    /// The first ticket's assignment without an end.
    pub assignment: Option<Assignment>,
    /// Agent states by person: of those named, or of everybody when all were asked for.
    pub agent_states: AgentStates,
    /// Who was given one of the requester's other recent tickets last.
    pub last_served: Option<PersonId>,
    /// The conversation asked for by id, or the ticket's own.
    pub conversation: Option<Conversation>,
    /// The conversation row of the other ticket's own conversation, when it has one.
    pub other_conversation: Option<Conversation>,
    pub read_mark: Option<ReadMark>,
    pub requester: Option<Requester>,
    pub escalations: Vec<Escalation>,
    pub notice: Option<Notice>,
    /// Unread ones that nobody was eligible for tickets of the ticket's queue.
    pub nobody_notices: Vec<Notice>,
    pub reminder: Option<Reminder>,
    pub handover: Option<Handover>,
    pub intake_channel: Option<IntakeChannel>,
    /// Whether a message with the asked id (or external id) exists.
    pub message: Option<MessageId>,
    /// The message asked for as a row.
    pub message_row: Option<Message>,
    /// The messages after it, or after a merge.
    pub later: Vec<Message>,
    /// What the ticket's merge changed.
    pub merge: Option<Merge>,
    /// Messages of the ticket after the one asked from, at most [`SINCE_MAX`](super::needs::SINCE_MAX), newest first.
    pub since_seen: Vec<Message>,
    /// Channels that a policy's steps post to: those asked for that exist.
    pub channels: HashMap<ConversationId, Conversation>,
    /// Open major incidents.
    pub majors: Vec<Ticket>,
    /// Tickets tied to the first ticket.
    pub tied: Vec<Ticket>,
    pub broadcast: Option<Broadcast>,
    /// The first ticket's place in that broadcast.
    pub target: Option<Target>,
    /// The row that a `Put…` command would replace carries this version; 0 when there is none.
    pub replaced_version: i64,
    /// Files asked for that exist.
    pub files: Vec<StoredFile>,
}

/// Who wants it done.
#[derive(Clone, Debug)]
pub enum Actor {
    Person(Person),
    /// An intake channel, already authenticated.
    Intake(IntakeChannel),
    /// One of the desk's jobs.
    Desk {
        job: &'static str,
    },
}

impl Actor {
    #[must_use]
    pub fn person(&self) -> Option<&Person> {
        match self {
            Self::Person(person) => Some(person),
            _ => None,
        }
    }

    #[must_use]
    pub fn to_audit(&self) -> AuditActor {
        match self {
            Self::Person(person) => AuditActor::Person { id: person.id },
            Self::Intake(channel) => AuditActor::Intake { channel: channel.key.clone() },
            Self::Desk { job } => AuditActor::Desk { job: (*job).to_owned() },
        }
    }
}

/// The circumstances of a decision.
pub struct Context<'a> {
    pub now: Timestamp,
    pub actor: &'a Actor,
    /// From where: `console`, `cli`, `api`, `intake`, `import`, `job`.
    pub source: &'a str,
    pub base_version: Option<i64>,
    pub directory: &'a Directory,
    /// Who is on duty at `now`, where somebody worked it out already; otherwise the rules do.
    pub duty: Option<&'a DutyIndex>,
    /// A fresh id at each call.
    pub new_id: &'a dyn Fn() -> Uuid,
}
