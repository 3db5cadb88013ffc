//! What a pane wants from outside, as data: it can be logged, replayed and asserted on.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::client::view::{
    Anchor, ConversationDetail, ConversationItem, Counts, OutboxEntry, TicketDetail, TicketHistory, TicketQuery, TicketWindow,
};
use crate::domain::assignment::Decision;
use crate::domain::command::Command;
use crate::domain::id::{CommandKey, ConversationId, HandoverId, PersonId, QueueId, TicketNumber};
use crate::domain::notice::Notice;
use crate::domain::roster::generate::Proposal;
use crate::domain::sla::intervals::ClockRecord;

use super::pane::PaneId;

/// Something to be done outside the model.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Reads from the cache (or the server, for history); the answer comes to the asking pane as [`Loaded`].
    Load(Load),
    /// Hands a command to the outbox. `base_version` for compare-and-set commands.
    Submit {
        command: Box<Command>,
        base_version: Option<i64>,
    },
    /// Tries a refused command again, or drops it.
    Retry(CommandKey),
    Drop(CommandKey),
    /// Shows a ticket over or beside the current pane.
    OpenTicket(TicketNumber),
    /// Shows Chats with this conversation.
    OpenConversation(ConversationId),
    Show(PaneId),
    /// One line at the bottom for a few seconds: a message key of the locale with its arguments.
    Toast {
        key: &'static str,
        args: Vec<(&'static str, String)>,
    },
    /// Asks; the answer comes to the asking pane as [`Loaded::Answer`].
    Ask(Box<Question>),
    /// To the clipboard, by OSC 52.
    Copy(String),
    Quit,
}

/// A dialog: pickers, prompts and confirmations share one overlay.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Names the question in its answer.
    pub id: &'static str,
    /// Message key of the title.
    pub title: &'static str,
    pub kind: QuestionKind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum QuestionKind {
    /// A list narrowed by typing; the answer is a choice's `value`.
    Pick { choices: Vec<Choice> },
    /// One line of text with its first value.
    Prompt { text: String },
    /// Many lines.
    Compose { text: String },
    /// Yes or no, no by default; a sentence that names what and how many.
    Confirm { sentence: String },
}

/// One choice of a picker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    /// Dimmed, at the right: "on duty 3/8".
    pub hint: String,
    /// Shown, but cannot be chosen, with why.
    pub disabled: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Picked(String),
    Text(String),
    Confirmed,
    /// Escape. What was composed comes along, so that drafts survive.
    Dismissed(Option<String>),
}

/// A read.
#[derive(Clone, Debug, PartialEq)]
pub enum Load {
    Tickets {
        query: TicketQuery,
        anchor: Anchor,
        rows: usize,
    },
    Counts,
    Ticket(TicketNumber),
    History(TicketNumber),
    /// What happened to a ticket's clocks.
    Clocks(TicketNumber),
    /// Who would get a ticket now.
    WhoNow(TicketNumber),
    /// Which tickets of a queue might change hands to even out the load.
    Rebalance(QueueId),
    /// A roster that the server searches for a rota (by key); it takes a while.
    Roster {
        rota: String,
        from: NaiveDate,
        weeks: u8,
    },
    /// Unassigned tickets, most urgent first, for the pool.
    Pool {
        queue: Option<QueueId>,
        rows: usize,
    },
    Conversations,
    Conversation(ConversationId),
    Outbox,
    Notices,
    /// Tickets a person holds now.
    Holding(PersonId),
    /// The server drafts a rota's next handover (by key) and keeps it.
    DraftHandover(String),
}

/// A ticket that might change hands.
#[derive(Clone, Debug, PartialEq)]
pub struct ProposedMove {
    pub ticket: TicketNumber,
    /// The version it was proposed for.
    pub version: i64,
    pub subject: String,
    pub from: PersonId,
    pub to: PersonId,
    /// Loads against capacity before the move.
    pub from_load: f64,
    pub to_load: f64,
    /// Its holder is not on duty or away; otherwise it evens out the load.
    pub holder_gone: bool,
}

/// What was read.
#[derive(Clone, Debug)]
pub enum Loaded {
    Tickets {
        query: TicketQuery,
        window: TicketWindow,
    },
    Counts(Counts),
    /// Absent when it does not exist or may not be seen.
    Ticket {
        number: TicketNumber,
        detail: Option<Arc<TicketDetail>>,
    },
    /// Fails offline, with why.
    History {
        number: TicketNumber,
        history: Result<Arc<TicketHistory>, String>,
    },
    /// Fails offline, with why.
    Clocks {
        number: TicketNumber,
        ledger: Result<Arc<ClockRecord>, String>,
    },
    /// A decision that nobody made: nothing is given.
    WhoNow {
        number: TicketNumber,
        decision: Result<Arc<Decision>, String>,
    },
    Rebalance {
        queue: QueueId,
        moves: Result<Vec<ProposedMove>, String>,
    },
    /// Not stored: its plan is put to keep it. Fails offline, with why.
    Roster(Result<Box<Proposal>, String>),
    Pool {
        queue: Option<QueueId>,
        window: TicketWindow,
    },
    Conversations(Vec<ConversationItem>),
    Conversation {
        id: ConversationId,
        detail: Option<Arc<ConversationDetail>>,
    },
    Outbox(Vec<OutboxEntry>),
    Notices(Vec<Notice>),
    Holding {
        person: PersonId,
        window: TicketWindow,
    },
    /// Fails offline, with why.
    DraftedHandover(Result<HandoverId, String>),
    Answer {
        id: &'static str,
        answer: Answer,
    },
}
