//! The one way to change a ticket: a rule edits the draft's ticket, [`Draft::finish`] derives all that follows from it.
//!
//! Version, `updated_at`, `due_at`, the audit entry, the assignment's row, people's loads and the clock ledger are derived here
//! and nowhere else, so that no rule can forget one of them. Rules must not build a `PutTicket` by hand.

use serde_json::Value;

use super::{Change, CommandResult, Given, Outcome, diff};
use crate::domain::access;
use crate::domain::assignment::load::{self, Happened};
use crate::domain::assignment::{Assignment, AssignmentReason, EndReason, accept};
use crate::domain::audit::{AuditEntry, FieldChange};
use crate::domain::conversation::DeskLine;
use crate::domain::conversation::{Attachment, Author, Conversation, Message, MessageRef, Visibility};
use crate::domain::escalation::finish::end_calls;
use crate::domain::id::{DecisionId, IntakeChannelId, MessageId, PersonId, TicketNumber};
use crate::domain::notice::{Notice, NoticeKind};
use crate::domain::row::Row;
use crate::domain::sla::clock::{self, Due};
use crate::domain::sla::ledger::ClockEvent;
use crate::domain::sla::record::{self, Done};
use crate::domain::ticket::{Status, Ticket};
use crate::domain::webhook::outgoing;
use crate::domain::{Refusal, Timestamp};

/// A message to append to the ticket's conversation.
pub struct Entry {
    pub id: MessageId,
    pub author: Author,
    pub visibility: Visibility,
    pub text: String,
    pub attachments: Vec<Attachment>,
    pub mentions: Vec<PersonId>,
    pub external: Option<(IntakeChannelId, String)>,
    /// It repeats a message of another ticket.
    pub copy_of: Option<MessageRef>,
    pub at: Timestamp,
}

/// Which of the facts' tickets is being changed: the assignment in the facts is the first one's.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    First,
    Other,
}

/// A ticket being changed, and the rows that change with it.
pub struct Draft<'a> {
    given: Given<'a>,
    side: Side,
    before: Option<&'a Ticket>,
    /// The ticket as it will be; edit it freely, except `version`, `updated_at` and `due_at`.
    pub ticket: Ticket,
    /// Why, in the actor's words.
    pub reason: Option<String>,
    /// Why the assignee was given it, should a new assignment open.
    pub assigned: AssignmentReason,
    pub decision: Option<DecisionId>,
    /// Why the assignee lost it, where the ticket's fields do not say.
    pub returned: Option<EndReason>,
    conversation: Option<Conversation>,
    conversation_changed: bool,
    rows_before: Vec<Change>,
    messages: Vec<(Message, Option<(IntakeChannelId, String)>)>,
    rows: Vec<Change>,
    details: Vec<FieldChange>,
    steps: Vec<ClockEvent>,
}

impl<'a> Draft<'a> {
    fn with(given: Given<'a>, side: Side, before: Option<&'a Ticket>, ticket: Ticket) -> Self {
        let row = if side == Side::First { &given.facts.conversation } else { &given.facts.other_conversation };
        let conversation = row.clone().filter(|row| row.id == ticket.conversation);
        Self {
            given,
            side,
            before,
            ticket,
            reason: None,
            assigned: AssignmentReason::ByHand,
            decision: None,
            returned: None,
            conversation,
            conversation_changed: false,
            rows_before: Vec::new(),
            messages: Vec::new(),
            rows: Vec::new(),
            details: Vec::new(),
            steps: Vec::new(),
        }
    }

    /// A change of the facts' first ticket.
    #[must_use]
    pub fn of(given: Given<'a>, ticket: &'a Ticket) -> Self {
        Self::with(given, Side::First, Some(ticket), ticket.clone())
    }

    /// A change of the facts' other ticket. It must not touch assignee or status.
    #[must_use]
    pub fn of_other(given: Given<'a>, ticket: &'a Ticket) -> Self {
        Self::with(given, Side::Other, Some(ticket), ticket.clone())
    }

    /// A new ticket.
    #[must_use]
    pub fn new_ticket(given: Given<'a>, ticket: Ticket) -> Self {
        Self::with(given, Side::First, None, ticket)
    }

    /// A row that must exist before the ticket does.
    pub fn put_before(&mut self, change: Change) {
        self.rows_before.push(change);
    }

    /// A row beside the ticket.
    pub fn put(&mut self, change: Change) {
        self.rows.push(change);
    }

    /// Something the audit should tell that is no field of the ticket.
    pub fn tell(&mut self, field: &str, to: impl Into<Value>) {
        self.details.push(FieldChange { field: field.to_owned(), from: Value::Null, to: to.into() });
    }

    /// The ticket's conversation row, when it has one, to be changed.
    pub fn conversation_mut(&mut self) -> Option<&mut Conversation> {
        self.conversation_changed |= self.conversation.is_some();
        self.conversation.as_mut()
    }

    /// Gives the ticket's conversation a row.
    pub fn found_conversation(&mut self, conversation: Conversation) {
        self.conversation = Some(conversation);
        self.conversation_changed = true;
    }

    /// Appends a message at the end of the ticket's conversation.
    pub fn append(&mut self, entry: Entry) {
        self.ticket.message_count += 1;
        let (conversation, seq) = (self.ticket.conversation, self.ticket.message_count);
        let message = Message {
            ticket: Some(self.ticket.number),
            visibility: entry.visibility,
            attachments: entry.attachments,
            mentions: entry.mentions,
            copy_of: entry.copy_of,
            ..Message::new(entry.id, conversation, seq, entry.author, entry.text, entry.at)
        };
        if let Some(conversation) = self.conversation_mut() {
            conversation.last_seq = message.seq;
            conversation.last_message_at = Some(message.created_at);
        }
        self.messages.push((message, entry.external));
    }

    /// The message appended last answers another of this conversation.
    pub fn answering(&mut self, other: Option<MessageId>) {
        if let Some((message, _)) = self.messages.last_mut() {
            message.reply_to = other;
        }
    }

    /// Appends an internal message by the desk itself.
    pub fn append_system(&mut self, line: DeskLine) {
        let (id, at) = (self.given.fresh(), self.given.now());
        let (author, visibility) = (Author::System, Visibility::Internal);
        self.append(Entry {
            id,
            author,
            visibility,
            text: line.to_string(),
            attachments: Vec::new(),
            mentions: Vec::new(),
            external: None,
            copy_of: None,
            at,
        });
        if let Some((message, _)) = self.messages.last_mut() {
            message.line = Some(line);
        }
    }

    /// Tells `person` something about this ticket; not the actor, and nobody who left.
    pub fn notify(&mut self, person: PersonId, kind: NoticeKind) {
        let active = self.given.directory().people.get(&person).is_some_and(|person| person.active);
        if !active || self.given.actor_id() == Some(person) {
            return;
        }
        let told = |change: &Change| matches!(change, Change::Put(Row::Notice(notice)) if notice.person == person && notice.kind == kind);
        if self.rows.iter().any(told) {
            return;
        }
        let (id, at) = (self.given.fresh(), self.given.now());
        let ticket = Some(self.ticket.number);
        let notice = Notice { id, version: 1, person, kind, ticket, conversation: None, at, read: false };
        self.rows.push(Change::Put(Row::Notice(notice)));
    }

    /// Enters a step that fires now into the clock ledger, as its clock stands: before anything plans it again.
    pub fn fired(&mut self, due: &Due) {
        self.steps.extend(record::fired(&self.ticket, due, self.given.directory(), self.given.now()));
    }

    /// The ledger follows from the clocks before and after.
    fn clock_events(&mut self) -> Vec<Change> {
        let said = |test: fn(&Message) -> bool| self.messages.iter().any(|(message, _)| test(message));
        let done = Done {
            directory: self.given.directory(),
            now: self.given.now(),
            imported: self.assigned == AssignmentReason::Imported,
            asked: said(|message| matches!(message.author, Author::Requester { .. })),
            answered: said(|message| matches!(message.author, Author::Person { .. }) && message.visibility == Visibility::Public),
        };
        let mut events = std::mem::take(&mut self.steps);
        events.extend(record::derive(self.before, &self.ticket, done));
        events.into_iter().map(Change::PutClockEvent).collect()
    }

    /// Adds somebody who takes part, unless they do already.
    pub fn add_participant(&mut self, person: PersonId) {
        if !self.ticket.participants.contains(&person) {
            self.ticket.participants.push(person);
        }
    }

    /// The last message that is not the desk's own remark beside it.
    fn said(&self) -> Option<MessageId> {
        let own = self.messages.iter().rev().find(|(message, _)| message.author != Author::System);
        own.or(self.messages.last()).map(|(message, _)| message.id)
    }

    /// The assignment's row follows from assignee and status: open exactly while an unsolved ticket has an assignee.
    fn assignments(&self) -> Vec<Change> {
        let given = self.given;
        let open = given.facts.assignment.as_ref().filter(|_| self.before.is_some());
        let wanted = self.ticket.assignee.filter(|_| self.ticket.status.is_unsolved());
        if open.map(|open| open.person) == wanted {
            return Vec::new();
        }
        let mut changes = Vec::new();
        if let Some(open) = open {
            let ended = Assignment { ended_at: Some(given.now()), end_reason: Some(self.end_reason()), ..open.clone() };
            changes.push(Change::PutAssignment(ended));
        }
        if let Some(person) = wanted {
            let started_at = self.ticket.assigned_at.filter(|_| self.before.is_none()).unwrap_or_else(|| given.now());
            let by = given.actor_id().filter(|_| matches!(self.assigned, AssignmentReason::ByHand | AssignmentReason::Rebalanced));
            changes.push(Change::PutAssignment(Assignment {
                id: given.fresh(),
                ticket: self.ticket.number,
                person,
                reason: self.assigned,
                by,
                decision: self.decision,
                started_at,
                ended_at: None,
                end_reason: None,
            }));
        }
        changes
    }

    fn end_reason(&self) -> EndReason {
        if let Some(reason) = self.returned {
            return reason;
        }
        match self.ticket.status {
            Status::Closed => EndReason::Closed,
            Status::Solved if self.ticket.merged_into.is_some() => EndReason::Merged,
            Status::Solved => EndReason::Solved,
            _ if self.before.is_some_and(|before| before.queue != self.ticket.queue) => EndReason::MovedQueue,
            _ if self.ticket.assignee.is_some() => EndReason::Reassigned,
            _ => EndReason::Released,
        }
    }

    fn audit(&self) -> AuditEntry {
        let mut changes = match self.before {
            Some(before) => diff::diff(before, &self.ticket),
            None => diff::opening(&self.ticket),
        };
        if let Some(reason) = self.returned {
            let word = serde_json::to_value(reason).unwrap_or_default();
            changes.push(FieldChange { field: "returned".to_owned(), from: Value::Null, to: word });
        }
        changes.extend(self.details.iter().cloned());
        AuditEntry { ticket: Some(self.ticket.number), changes, reason: self.reason.clone(), ..entry(self.given) }
    }

    /// What the channel's webhook is told, in order.
    fn told(&self) -> Vec<Change> {
        let said = self.messages.iter().filter_map(|(message, _)| outgoing::message(self.given, &self.ticket, message));
        said.chain(outgoing::changed(self.given, self.before, &self.ticket)).collect()
    }

    /// All that follows from the draft; `unchanged` when nothing does.
    #[must_use]
    pub fn finish(mut self) -> Outcome {
        let given = self.given;
        let finished = self.before.is_some_and(|before| before.status.is_unsolved()) && !self.ticket.status.is_unsolved();
        if finished && self.side == Side::First {
            end_calls(given, &mut self);
        }
        // The other ticket of a merge is changed by the way: that accepts nothing.
        let acts = self.side == Side::First && (!self.messages.is_empty() || self.before.is_none_or(|before| *before != self.ticket));
        accept::settle(self.before, &mut self.ticket, given.actor_id(), acts, given.now());
        self.ticket.due_at = clock::due_at(&self.ticket.clocks);
        if outgoing::asks_rating(given, self.before, &self.ticket) {
            self.ticket.rating_asked_at = Some(given.now());
        }
        let ticket_changed = self.before.is_none_or(|before| *before != self.ticket);
        let quiet = self.messages.is_empty() && self.rows.is_empty() && self.rows_before.is_empty() && !self.conversation_changed;
        if !ticket_changed && quiet {
            return unchanged_ticket(&self.ticket);
        }
        if ticket_changed && self.before.is_some() {
            self.ticket.version += 1;
            self.ticket.updated_at = given.now();
        }
        let audit = vec![self.audit()];
        let ledger = self.clock_events();
        let mut changes = std::mem::take(&mut self.rows_before);
        let followers = if self.side == Side::First { self.assignments() } else { Vec::new() };
        let happened = Happened { assigned: self.assigned, decided: self.decision.is_some(), returned: self.returned };
        let states = load::agent_states(self.before, &self.ticket, given.facts, given.now(), happened);
        let result = CommandResult {
            ticket: Some(self.ticket.number),
            version: Some(self.ticket.version),
            message: self.said(),
            ..CommandResult::default()
        };
        let audience = access::ticket_audience(&self.ticket);
        let told = self.told();
        if ticket_changed {
            changes.push(Change::PutTicket { before: self.before.cloned().map(Box::new), after: Box::new(self.ticket) });
        }
        if let Some(mut conversation) = self.conversation.filter(|_| self.conversation_changed) {
            conversation.version += 1;
            changes.push(Change::Put(Row::Conversation(conversation)));
        }
        for (message, external) in self.messages {
            let audience = access::message_audience(audience.clone(), message.visibility);
            changes.push(Change::PutMessage { message: Box::new(message), audience, external });
        }
        // Decisions are among the rows, and an assignment names its decision: rows first.
        changes.extend(self.rows);
        changes.extend(followers);
        changes.extend(states.into_iter().map(|state| Change::Put(Row::AgentState(state))));
        changes.extend(ledger);
        changes.extend(told);
        Outcome { changes, audit, result }
    }

    /// [`finish`](Self::finish), as rules return it.
    ///
    /// # Errors
    /// Never.
    pub fn done(self) -> Result<Outcome, Refusal> {
        Ok(self.finish())
    }
}

/// An audit entry without ticket or changes.
#[must_use]
pub fn entry(given: Given<'_>) -> AuditEntry {
    AuditEntry {
        at: given.now(),
        actor: given.context.actor.to_audit(),
        source: given.context.source.to_owned(),
        action: given.action.to_owned(),
        ticket: None,
        changes: Vec::new(),
        reason: None,
    }
}

/// Nothing had to change.
#[must_use]
pub fn unchanged() -> Outcome {
    Outcome { result: CommandResult { unchanged: true, ..CommandResult::default() }, ..Outcome::default() }
}

/// Nothing had to change about a ticket.
#[must_use]
pub fn unchanged_ticket(ticket: &Ticket) -> Outcome {
    about(unchanged(), ticket.number, ticket.version)
}

fn about(mut outcome: Outcome, number: TicketNumber, version: i64) -> Outcome {
    outcome.result.ticket = Some(number);
    outcome.result.version = Some(version);
    outcome
}

/// One row besides tickets, with its audit entry: `before` is the row it replaces.
#[must_use]
pub fn put_row<T: serde::Serialize>(given: Given<'_>, before: Option<&T>, after: &T, change: Change) -> Outcome {
    let changes = match before {
        Some(before) => diff::diff(before, after),
        None => diff::naming(after),
    };
    Outcome { changes: vec![change], audit: vec![AuditEntry { changes, ..entry(given) }], ..Outcome::default() }
}
