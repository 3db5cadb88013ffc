//! What screens read: windows over lists, counts, conversations, the state of the link. Plain data, no handles.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::assignment::{Assignment, Decision};
use crate::domain::audit::AuditEntry;
use crate::domain::command::Command;
use crate::domain::conversation::{Conversation, Message};
use crate::domain::escalation::Escalation;
use crate::domain::id::{CommandKey, ConversationId, FileId, PersonId, QueueId, TicketNumber};
use crate::domain::requester::Requester;
use crate::domain::ticket::Ticket;
use crate::domain::{Refusal, Timestamp};

/// Which tickets a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// Assigned to me, not solved.
    #[default]
    Mine,
    /// New and open, nobody's.
    Unassigned,
    /// Unsolved with a due time within 30 minutes, or past it.
    Breaching,
    /// I was called in as an expert and have neither declined nor left.
    Escalated,
    /// All unsolved.
    All,
    /// All unsolved of one queue.
    Queue(QueueId),
    /// Solved, not yet closed, newest first.
    Solved,
}

/// Seconds before its due time at which a ticket counts as breaching soon.
pub const BREACHING_SECS: i64 = crate::domain::filter::BREACHING_SECS;

pub use crate::domain::saved_view::Sort;

/// A list of tickets: which, in which order, narrowed by a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TicketQuery {
    pub view: View,
    pub sort: Sort,
    /// In the language of [`filter`](crate::domain::filter); what cannot be read of it is left out. Empty narrows nothing.
    pub filter: String,
}

/// Where a window stands in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Starts at this index, or as near as the list allows.
    At(usize),
    /// Contains this ticket if the list does, else starts at the index.
    Around(TicketNumber, usize),
    End,
}

/// Rows of a list that were read, and how long the list is.
#[derive(Clone, Debug, Default)]
pub struct TicketWindow {
    /// Index of the first row in the list.
    pub start: usize,
    pub rows: Vec<Arc<Ticket>>,
    pub total: usize,
}

/// How many tickets a queue has for me.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueCount {
    /// New and open without assignee.
    pub waiting: usize,
    /// Mine, unsolved.
    pub mine: usize,
    /// See [`View::Breaching`].
    pub breaching: usize,
    /// All unsolved.
    pub unsolved: usize,
}

/// Counts of all queues and views.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub queues: HashMap<QueueId, QueueCount>,
    pub mine: usize,
    pub unassigned: usize,
    pub breaching: usize,
    pub escalated: usize,
    pub all: usize,
    pub solved: usize,
}

/// A command that waits in the outbox, or was refused and waits for the person.
#[derive(Clone, Debug, PartialEq)]
pub struct OutboxEntry {
    pub key: CommandKey,
    pub command: Command,
    pub made_at: Timestamp,
    pub state: OutboxState,
}

#[derive(Clone, Debug, PartialEq)]
pub enum OutboxState {
    /// Not yet taken by the server.
    Waiting,
    /// Taken; its effect has not arrived by sync yet.
    Taken,
    /// Refused: kept with its text until the person retries or drops it.
    Refused(Refusal),
}

/// A ticket with all a detail screen shows at once from the cache.
#[derive(Clone, Debug)]
pub struct TicketDetail {
    pub ticket: Arc<Ticket>,
    /// The newest (at most [`NEWEST`]) without gaps, oldest first; pending ones of this console at the end.
    pub messages: Vec<Arc<Message>>,
    /// Whether `messages` reaches the end and is as long as it can be; otherwise more is being fetched, or waits for the link.
    pub complete: bool,
    /// There are messages before the first of `messages`: [`DeskClient::older`](super::desk::DeskClient::older).
    pub older: bool,
    pub escalations: Vec<Escalation>,
    /// Waiting or refused commands on this ticket.
    pub pending: Vec<OutboxEntry>,
}

/// What is fetched from the server when somebody looks: not kept in the cache.
#[derive(Clone, Debug, Default)]
pub struct TicketHistory {
    pub audit: Vec<AuditEntry>,
    pub assignments: Vec<Assignment>,
    /// Newest first.
    pub decisions: Vec<Decision>,
    pub requester: Option<Requester>,
    /// Other tickets of the same requester, newest first, at most 10.
    pub requester_tickets: Vec<Ticket>,
}

/// A conversation in the list of Chats.
#[derive(Clone, Debug)]
pub struct ConversationItem {
    pub conversation: Arc<Conversation>,
    /// 0 when muted.
    pub unread: i64,
    pub muted: bool,
    /// One of the unread messages mentions me.
    pub mentioned: bool,
    pub last: Option<Arc<Message>>,
}

/// An open conversation.
#[derive(Clone, Debug)]
pub struct ConversationDetail {
    pub conversation: Arc<Conversation>,
    /// As in [`TicketDetail`].
    pub messages: Vec<Arc<Message>>,
    pub complete: bool,
    pub older: bool,
    /// `seq` up to which I have read.
    pub read_seq: i64,
    /// New messages are not counted or told, mentions excepted.
    pub muted: bool,
}

/// Messages of a conversation shown at once.
pub const NEWEST: usize = 200;

/// Earlier messages of a conversation.
#[derive(Clone, Debug, Default)]
pub struct OlderMessages {
    /// Without gaps, oldest first, up to the message before the one named.
    pub messages: Vec<Arc<Message>>,
    /// There are messages before the first of these.
    pub older: bool,
    /// As many as asked for, or all; otherwise more is being fetched and told by [`DeskClient::changes`](super::desk::DeskClient::changes),
    /// or waits for the link.
    pub complete: bool,
}

pub use super::api::Old;

/// How the link to the server is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Link {
    #[default]
    Connecting,
    /// First load: rows so far.
    Loading {
        rows: u64,
    },
    Live,
    /// Since when, and why in one sentence.
    Offline {
        since: Timestamp,
        why: String,
    },
    /// The token was revoked or expired: sign in again.
    SignedOut,
    /// Console and server are too far apart to understand each other: since when, and which must be updated. Work goes on over the
    /// cache, and what is done waits in the outbox.
    Outdated {
        since: Timestamp,
        old: Old,
        why: String,
    },
}

impl Link {
    /// Since when it is down, with a sentence that says why, while it is to come back by itself.
    #[must_use]
    pub fn down(&self) -> Option<(Timestamp, &str)> {
        match self {
            Self::Offline { since, why } | Self::Outdated { since, why, .. } => Some((*since, why)),
            _ => None,
        }
    }
}

/// The footer's state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkStatus {
    pub link: Link,
    /// When the last batch was applied.
    pub synced_at: Option<Timestamp>,
    /// Commands not yet taken.
    pub waiting: usize,
    /// Commands refused and not yet looked at.
    pub refused: usize,
}

/// What changed in the cache; screens reload what they show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    pub tickets: Vec<TicketNumber>,
    pub conversations: Vec<ConversationId>,
    /// People, queues, sites, rotas, roster changes.
    pub directory: bool,
    pub agent_states: bool,
    pub escalations: bool,
    pub notices: bool,
    pub outbox: bool,
    /// Who is at which ticket.
    pub here: bool,
    /// Files whose transfer moved on, ended or failed.
    pub files: Vec<FileId>,
    /// A snapshot was applied: everything.
    pub all: bool,
    /// Assigned to me by somebody else just now, for the toast.
    pub assigned_to_me: Vec<TicketNumber>,
}

/// Who uses this console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Me {
    pub id: PersonId,
    pub handle: String,
    pub name: String,
}
