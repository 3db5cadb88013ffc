//! What this console did, so that it can be taken back, and the last of it, so that it can be done again.
//!
//! One stack for all acts: each knows its tickets as they were, and its command in the outbox. A command that was never sent is
//! taken out of the outbox; a sent one is undone by its inverse, on tickets that nobody changed since ([`domain::undo`](crate::domain::undo)).

pub mod words;

use std::sync::Arc;

use crate::domain::bulk::BulkAct;
use crate::domain::command::{Command, MessageTarget, PostMessage};
use crate::domain::id::{CommandKey, PersonId, TicketNumber};
use crate::domain::ticket::Ticket;
use crate::domain::undo::{Back, back, possible};

/// Entries kept.
const ENTRIES_MAX: usize = 100;

/// Whether a command is an act that undo and repeat know.
#[must_use]
pub fn remembers(command: &Command) -> bool {
    possible(command) || matches!(command, Command::PostMessage(_))
}

/// One command of an act.
#[derive(Clone, Debug)]
pub struct Act {
    pub command: Command,
    /// The ticket as it was; absent where this console did not hold it.
    pub before: Option<Arc<Ticket>>,
    pub key: CommandKey,
}

/// What one press of the key takes back.
#[derive(Clone, Debug)]
pub enum Entry {
    Acts(Vec<Act>),
    /// A run of [`bulk`](super::bulk), by its name: that asks first, and reports.
    Bulk(usize),
}

/// Acts of this console, the last one on top.
#[derive(Clone, Debug, Default)]
pub struct UndoStack {
    entries: Vec<Entry>,
}

impl UndoStack {
    pub fn push(&mut self, entry: Entry) {
        self.entries.push(entry);
        self.entries.drain(..self.entries.len().saturating_sub(ENTRIES_MAX));
    }

    pub fn pop(&mut self) -> Option<Entry> {
        self.entries.pop()
    }

    #[must_use]
    pub fn top(&self) -> Option<&Entry> {
        self.entries.last()
    }
}

/// What taking an act back comes to, once it is known what never left and how the tickets are now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Undoing {
    /// Inverse commands, each with the version it was made for.
    pub commands: Vec<(Command, Option<i64>)>,
    /// Messages that were never sent.
    pub unsent: Vec<PostMessage>,
    /// Messages that were sent.
    pub sent: usize,
    /// Commands that were never sent and are gone: nothing is left to do.
    pub gone: usize,
    pub changed: Vec<TicketNumber>,
    /// Nothing was done: it is as it was.
    pub not_done: usize,
    /// On its way: not known yet.
    pub waiting: usize,
}

/// See [`Undoing`].
#[must_use]
pub fn undoing(acts: &[Act], gone: &[CommandKey], pending: &[CommandKey], now: &[Arc<Ticket>], me: PersonId) -> Undoing {
    let mut found = Undoing::default();
    for act in acts.iter().rev() {
        let current = act.before.as_ref().and_then(|before| now.iter().find(|ticket| ticket.number == before.number));
        match (&act.command, &act.before, current) {
            (Command::PostMessage(post), ..) if gone.contains(&act.key) => found.unsent.push((**post).clone()),
            (Command::PostMessage(_), ..) => found.sent += 1,
            _ if gone.contains(&act.key) => found.gone += 1,
            (command, Some(before), Some(now)) => match back(command, before, now, me) {
                Back::Command { command, version } => found.commands.push((*command, Some(version))),
                Back::Changed => found.changed.push(before.number),
                Back::NotDone if pending.contains(&act.key) => found.waiting += 1,
                Back::NotDone => found.not_done += 1,
            },
            // A ticket that is out of sight cannot be compared, so it is left alone.
            (command, ..) => found.changed.extend(command.ticket()),
        }
    }
    found
}

/// The last act, without its ticket.
#[derive(Clone, Debug, PartialEq)]
pub struct Repeat {
    commands: Vec<Command>,
}

impl Repeat {
    /// `None` for what is about one ticket alone.
    #[must_use]
    pub fn of(commands: &[Command], bulk: bool) -> Option<Self> {
        // An act on many is the same command on each.
        let commands = if bulk { commands.get(..1)? } else { commands };
        let other = TicketNumber(i64::MAX);
        let again = |command: &Command| Self::post(command).is_some() || crate::domain::undo::again(command, other).is_some();
        (!commands.is_empty() && commands.iter().all(again)).then(|| Self { commands: commands.to_vec() })
    }

    fn post(command: &Command) -> Option<&PostMessage> {
        match command {
            Command::PostMessage(post) if matches!(post.target, MessageTarget::Ticket { .. }) => Some(post),
            _ => None,
        }
    }

    /// The message that is to be written once more; it is never sent by itself.
    #[must_use]
    pub fn message(&self) -> Option<&PostMessage> {
        self.commands.first().and_then(Self::post)
    }

    /// The commands for another ticket.
    #[must_use]
    pub fn on(&self, number: TicketNumber) -> Vec<Command> {
        self.commands.iter().filter_map(|command| crate::domain::undo::again(command, number)).collect()
    }

    /// As an act on many, where it is one.
    #[must_use]
    pub fn on_many(&self, me: PersonId) -> Option<BulkAct> {
        let [command] = self.commands.as_slice() else { return None };
        Some(match command {
            Command::ClaimTicket { .. } => BulkAct::Assign { person: me },
            Command::AssignTicket { person, .. } => BulkAct::Assign { person: *person },
            Command::SetStatus { status, .. } => BulkAct::Status { status: *status },
            Command::SetPriority { priority, .. } => BulkAct::Priority { priority: *priority },
            Command::MoveTicket { queue, .. } => BulkAct::Move { queue: *queue },
            Command::AddTag { tag, .. } => BulkAct::AddTag { tag: tag.clone() },
            Command::RemoveTag { tag, .. } => BulkAct::RemoveTag { tag: tag.clone() },
            Command::TieTicket { incident, .. } => BulkAct::Tie { incident: *incident },
            Command::LinkTicket { link, .. } => BulkAct::Link { link: *link },
            _ => return None,
        })
    }

    #[must_use]
    pub fn commands(&self) -> &[Command] {
        &self.commands
    }
}
