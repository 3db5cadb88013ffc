//! What a pane wants from outside, as data: it can be logged, replayed and asserted on.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::client::drafts::Draft;
use crate::client::stats::Figures;
use crate::client::view::{
    Anchor, ConversationDetail, ConversationItem, Counts, OlderMessages, OutboxEntry, TicketDetail, TicketHistory, TicketQuery,
    TicketWindow, View,
};
use crate::domain::assignment::Decision;
use crate::domain::briefing::Briefing;
use crate::domain::command::{Command, MessageTarget, PostMessage};
use crate::domain::conversation::MessageEdit;
use crate::domain::escalation::{Escalate, Escalation, Verdict};
use crate::domain::here::Doing;
use crate::domain::id::{CommandKey, ConversationId, HandoverId, MessageId, PersonId, QueueId, SavedViewId, TicketNumber};
use crate::domain::incident::preview::{BroadcastPreview, BroadcastText};
use crate::domain::incident::view::{IncidentLine, IncidentView};
use crate::domain::notice::Notice;
use crate::domain::roster::generate::Proposal;
use crate::domain::sla::intervals::ClockRecord;
use crate::domain::stats::{QueueHealth, Range};
use crate::domain::ticket::Ticket;
use crate::domain::timeline::TimelineEntry;

use super::conversation::composer::Writing;
use super::conversation::stream::search::Hit;
pub use super::escalate_ask::{EscalateAsk, Target};
use super::files::{FileLoad, FileLoaded};
use super::find::shortlist::{Job, Ranked};
use super::pane::PaneId;
use super::search::{SearchLoad, SearchLoaded};

/// Something to be done outside the model.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Reads from the cache (or the server, for history); the answer comes to the asking pane as [`Loaded`].
    Load(Load),
    /// Reads what will soon be wanted, as [`Effect::Load`]: nobody waits for it, and it begins only when nobody waits for anything else.
    Ahead(Load),
    /// Hands a command to the outbox. `base_version` for compare-and-set commands.
    Submit {
        command: Box<Command>,
        base_version: Option<i64>,
    },
    /// Hands many commands to the outbox at once; their keys come back as [`Loaded::Queued`].
    SubmitAll(Vec<(Command, Option<i64>)>),
    /// Takes commands back that were not handed to the server yet, and reads the tickets as they are: [`Loaded::TakenBack`].
    TakeBack {
        keys: Vec<CommandKey>,
        numbers: Vec<TicketNumber>,
    },
    /// Tries a refused command again, or drops it.
    Retry(CommandKey),
    Drop(CommandKey),
    /// Sends a command in a refused one's place: that is gone only when this is queued.
    Resend {
        refused: CommandKey,
        command: Box<Command>,
    },
    /// Keeps other words in a refused command, unsent.
    Rewrite {
        refused: CommandKey,
        command: Box<Command>,
    },
    /// Shows a ticket over or beside the current pane.
    OpenTicket(TicketNumber),
    /// Shows a message where it stands: in its ticket, or in Chats; with the words that were searched for.
    JumpTo {
        ticket: Option<TicketNumber>,
        conversation: ConversationId,
        seq: i64,
        words: String,
    },
    /// Shows Chats with this conversation.
    OpenConversation(ConversationId),
    Show(PaneId),
    /// Shows Queues with this view, narrowed by this filter text.
    ShowTickets {
        view: View,
        filter: String,
    },
    /// One line at the bottom for a few seconds: a message key of the locale with its arguments.
    Toast {
        key: &'static str,
        args: Vec<(&'static str, String)>,
    },
    /// Asks; the answer comes to the asking pane as [`Loaded::Answer`].
    Ask(Box<Question>),
    /// Tells the others at which ticket this person is, and whether they write; `None`: at none.
    BeHere(Option<(TicketNumber, Doing)>),
    /// A filter over this list is about to be typed: the desk makes ready.
    WarmFilter(TicketQuery),
    /// What a composer holds now: kept at once, written down a moment later.
    Draft(Box<Draft>),
    /// Writes unsent texts down; empty ones are forgotten.
    KeepDrafts(Vec<Draft>),
    /// Opens the person's own editor on a text; it comes back to the composer that asked.
    EditText(String),
    /// All of the screen is drawn anew.
    Redraw,
    /// To the clipboard, by OSC 52.
    Copy(String),
    Quit,
    /// Rows by the thousand are put in order beside the screen; the answer is [`Loaded::Ranked`].
    Rank(Job),
    /// Something was typed that can be brought back by [`History`](super::find::history::History), by what it was typed for.
    Remember {
        what: &'static str,
        text: String,
    },
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
    /// Lines to be read; with `confirm` a question under them.
    Review { lines: Vec<String>, confirm: Option<Review> },
    /// A message, in the composer.
    Write(Box<Writing>),
    /// Yes or no, no by default; a sentence that names what and how many.
    Confirm { sentence: String },
    /// A sentence, and what can be done about it; the first choice is the safe one. The answer is a choice's `value`.
    Choose { sentence: String, choices: Vec<Choice> },
    /// The form that calls an expert.
    Escalate(Box<EscalateAsk>),
    /// What came of an expert's help.
    Verdict,
}

/// How a reviewed act is confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// What happens on yes.
    pub sentence: String,
    /// To be typed instead of a yes: how many.
    pub typed: Option<usize>,
}

/// One choice of a picker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    /// The form that calls an expert: to be sent, or left unsent and kept.
    Escalation {
        asked: Box<Escalate>,
        send: bool,
    },
    /// `note` may be empty.
    Verdict {
        result: Verdict,
        note: String,
    },
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
    /// One page about a ticket, made by the server.
    Briefing(TicketNumber),
    /// What happened to a ticket's clocks.
    Clocks(TicketNumber),
    /// A ticket's whole life as one list.
    Timeline(TicketNumber),
    /// Where the requester follows a ticket.
    StatusLink(TicketNumber),
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
    /// Calls for an expert that are not over.
    Calls,
    Outbox,
    Notices,
    /// Tickets a person holds now.
    Holding(PersonId),
    /// Texts begun and not sent.
    Drafts,
    /// Numbers of a list's tickets from an index on.
    Numbers {
        query: TicketQuery,
        start: usize,
        most: usize,
    },
    /// Tickets by number.
    TicketsOf(Vec<TicketNumber>),
    /// Open major incidents.
    Incidents,
    /// The page of a major incident.
    Incident(TicketNumber),
    /// Who would get a broadcast.
    Broadcast {
        number: TicketNumber,
        body: BroadcastText,
    },
    /// Files of a ticket, and files of this machine.
    File(Box<FileLoad>),
    /// Messages of a conversation before the one with this `seq`.
    Older {
        conversation: ConversationId,
        before: i64,
        limit: usize,
    },
    /// Messages of one place that say something.
    FindMessages {
        words: String,
        within: MessageTarget,
    },
    /// What a message said before.
    Edits(MessageId),
    /// The server drafts a rota's next handover (by key) and keeps it.
    DraftHandover(String),
    /// Figures of a range: of one queue, or of all that the person may see.
    Figures {
        range: Range,
        queue: Option<QueueId>,
    },
    /// How each queue with unsolved tickets stands, from the cache.
    QueueHealth,
    /// How many tickets saved views hold, by their filters.
    FilterCounts(Vec<(SavedViewId, String)>),
    /// Words, in what this console holds or in all history.
    Search(Box<SearchLoad>),
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
    Briefing {
        number: TicketNumber,
        briefing: Result<Arc<Briefing>, String>,
    },
    /// Fails offline, with why.
    Clocks {
        number: TicketNumber,
        ledger: Result<Arc<ClockRecord>, String>,
    },
    /// Fails offline, with why.
    Timeline {
        number: TicketNumber,
        entries: Result<Arc<Vec<TimelineEntry>>, String>,
    },
    /// Fails offline, with why.
    StatusLink {
        number: TicketNumber,
        url: Result<String, String>,
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
    Calls(Vec<Escalation>),
    Outbox(Vec<OutboxEntry>),
    Notices(Vec<Notice>),
    Holding {
        person: PersonId,
        window: TicketWindow,
    },
    Drafts(Vec<Draft>),
    Older {
        conversation: ConversationId,
        before: i64,
        older: OlderMessages,
    },
    /// Newest first. `whole`: of all history; otherwise of what this console holds.
    FoundMessages {
        words: String,
        hits: Vec<Hit>,
        whole: bool,
    },
    /// Oldest first. Fails offline, with why.
    Edits(Result<Vec<MessageEdit>, String>),
    /// The text as the person's own editor left it, or why it did not.
    Edited(Result<String, String>),
    Numbers {
        query: TicketQuery,
        numbers: Vec<TicketNumber>,
    },
    TicketsOf(Vec<Arc<Ticket>>),
    /// Keys of commands that were queued together, in their order.
    Queued(Vec<CommandKey>),
    /// Fails offline, with why.
    Incidents(Result<Vec<IncidentLine>, String>),
    /// Fails offline, with why.
    Incident {
        number: TicketNumber,
        view: Result<Arc<IncidentView>, String>,
    },
    /// Fails offline, or when the text is not acceptable, with why.
    Broadcast {
        number: TicketNumber,
        body: BroadcastText,
        preview: Result<BroadcastPreview, String>,
    },
    /// Fails offline, with why.
    DraftedHandover(Result<HandoverId, String>),
    FilterCounts(Vec<(SavedViewId, usize)>),
    Answer {
        id: &'static str,
        answer: Answer,
    },
    File(Box<FileLoaded>),
    /// Acts that are in the outbox now, with their tickets as they were: for undo and repeat.
    Submitted {
        commands: Vec<Command>,
        before: Vec<Arc<Ticket>>,
        keys: Vec<CommandKey>,
        /// One act on many.
        bulk: bool,
    },
    /// Could not be put into the outbox: its words are nowhere else.
    NotQueued {
        post: Box<PostMessage>,
        before: Option<Arc<Ticket>>,
    },
    TakenBack {
        /// Never sent, and gone from the outbox.
        gone: Vec<CommandKey>,
        /// On their way: what they do is not known yet.
        pending: Vec<CommandKey>,
        now: Vec<Arc<Ticket>>,
    },
    /// Fails when the server does not answer and never did, with why.
    Figures {
        range: Range,
        queue: Option<QueueId>,
        figures: Result<Figures, String>,
    },
    QueueHealth(Vec<QueueHealth>),
    Ranked(Ranked),
    Search(Box<SearchLoaded>),
}
