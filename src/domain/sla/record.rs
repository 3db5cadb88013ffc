//! From a ticket before and after a command to the entries of its clock ledger. [`Draft::finish`](crate::domain::command::Draft)
//! calls it for every change of a ticket; nothing else writes the ledger.

use super::clock::Due;
use super::ledger::{ClockCause, ClockEvent, ClockEventKind};
use super::promise::{calendar_of, calendar_part};
use super::{Clock, ClockKind};
use crate::domain::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::ticket::Ticket;

/// What a command did besides changing the ticket's row.
#[derive(Clone, Copy)]
pub struct Done<'a> {
    pub directory: &'a Directory,
    pub now: Timestamp,
    /// The ticket comes with a history.
    pub imported: bool,
    /// The requester wrote.
    pub asked: bool,
    /// The requester was answered.
    pub answered: bool,
}

/// Writes entries for one ticket.
struct Book<'a> {
    done: Done<'a>,
    ticket: &'a Ticket,
    events: Vec<ClockEvent>,
}

impl Book<'_> {
    /// An entry as the clock stands at `at`.
    fn enter(&mut self, clock: &Clock, at: Timestamp, event: ClockEventKind, cause: ClockCause) {
        let spent_ms = clock.spent_by(calendar_of(&self.ticket.sla_mark, self.done.directory), at);
        self.enter_spent(clock, at, spent_ms, event, cause);
    }

    fn enter_spent(&mut self, clock: &Clock, at: Timestamp, spent_ms: i64, event: ClockEventKind, cause: ClockCause) {
        let calendar = calendar_of(&self.ticket.sla_mark, self.done.directory).map(|calendar| calendar.key.clone());
        self.events.push(ClockEvent {
            ticket: self.ticket.number,
            clock: clock.kind,
            at,
            event,
            cause,
            target_secs: clock.target_secs,
            spent_ms,
            due_at: clock.due_at,
            calendar,
        });
    }
}

/// The entry of a step that fires now, as the ticket's clock stands.
#[must_use]
pub fn fired(ticket: &Ticket, due: &Due, directory: &Directory, now: Timestamp) -> Option<ClockEvent> {
    let clock = ticket.clocks.iter().find(|clock| clock.kind == due.clock && clock.is_running())?;
    let done = Done { directory, now, imported: false, asked: false, answered: false };
    let mut book = Book { done, ticket, events: Vec::new() };
    let late_ms = (now - due.at).num_milliseconds();
    book.enter(clock, now, ClockEventKind::Fired { step: due.step.clone(), due_at: due.at, late_ms }, ClockCause::Time);
    book.events.pop()
}

/// What happened to the clocks between two states of a ticket, steps that fired apart.
#[must_use]
pub fn derive(before: Option<&Ticket>, after: &Ticket, done: Done<'_>) -> Vec<ClockEvent> {
    if before.is_some_and(|before| before.clocks == after.clocks) {
        return Vec::new();
    }
    let mut book = Book { done, ticket: after, events: Vec::new() };
    for kind in [ClockKind::FirstResponse, ClockKind::NextResponse, ClockKind::Resolution] {
        let of = |ticket: &Ticket| ticket.clocks.iter().find(|clock| clock.kind == kind).cloned();
        match (before.and_then(|before| Some((before, of(before)?))), of(after)) {
            (None, Some(new)) => started(&mut book, before, &new),
            (Some((before, old)), Some(new)) if old.started_at != new.started_at && old.stopped_at.is_some() => {
                started(&mut book, Some(before), &new);
            }
            (Some((before, old)), Some(new)) => changed(&mut book, before, &old, &new),
            (Some((before, old)), None) if old.stopped_at.is_none() => {
                let was = Book { done, ticket: before, events: Vec::new() };
                let events = std::mem::replace(&mut book, was).events;
                book.enter(&old, done.now, ClockEventKind::Dropped, plan_cause(before, after));
                let dropped = std::mem::take(&mut book.events);
                book = Book { done, ticket: after, events: events.into_iter().chain(dropped).collect() };
            }
            _ => {}
        }
    }
    book.events
}

/// Why clocks were planned again.
fn plan_cause(before: &Ticket, after: &Ticket) -> ClockCause {
    if before.queue != after.queue {
        ClockCause::Moved { queue: after.queue }
    } else if before.priority != after.priority {
        ClockCause::Priority { priority: after.priority }
    } else {
        ClockCause::Policy
    }
}

fn started(book: &mut Book<'_>, before: Option<&Ticket>, new: &Clock) {
    let done = book.done;
    let cause = match before {
        None if done.imported => ClockCause::Imported,
        None => ClockCause::Arrived,
        Some(_) if new.kind == ClockKind::NextResponse && done.asked => ClockCause::Asked,
        Some(before) => plan_cause(before, book.ticket),
    };
    // A clock that counts from before it was made has time on it already: the entry says how much by now.
    if before.is_some() && new.started_at < done.now {
        book.enter(new, done.now, ClockEventKind::Started, cause);
    } else {
        book.enter_spent(new, new.started_at, 0, ClockEventKind::Started, cause);
    }
    let status = ClockCause::Status { status: book.ticket.status };
    if let Some(at) = new.paused_at {
        book.enter(new, at, ClockEventKind::Paused, status.clone());
    }
    if let Some(at) = new.stopped_at {
        let answered = new.kind != ClockKind::Resolution && done.answered;
        book.enter(new, at, ClockEventKind::Stopped, if answered { ClockCause::Answered } else { status });
    }
}

fn changed(book: &mut Book<'_>, before: &Ticket, old: &Clock, new: &Clock) {
    let (done, after) = (book.done, book.ticket);
    let status = ClockCause::Status { status: after.status };
    let woken = if done.asked { ClockCause::Asked } else { status.clone() };
    let reopened = old.stopped_at.is_some() && new.stopped_at.is_none();
    let resumed = old.paused_at.is_some() && new.paused_at.is_none() && new.stopped_at.is_none();
    if reopened {
        book.enter(new, done.now, ClockEventKind::Reopened, woken);
    } else if resumed {
        book.enter(new, done.now, ClockEventKind::Resumed, woken);
    }
    if let (None, Some(at)) = (old.stopped_at, new.stopped_at) {
        let cause = if before.merged_into != after.merged_into {
            ClockCause::Merged
        } else if done.answered && new.kind != ClockKind::Resolution {
            ClockCause::Answered
        } else {
            status
        };
        book.enter(new, at, ClockEventKind::Stopped, cause);
        return;
    }
    if new.stopped_at.is_none() && replanned(book, before, old, new, reopened || resumed) {
        book.enter(new, done.now, ClockEventKind::Replanned, plan_cause(before, after));
    }
    if let (None, Some(at)) = (old.paused_at, new.paused_at) {
        book.enter(new, at, ClockEventKind::Paused, status);
    }
}

/// Whether the plan is another one, beyond what going on after a rest makes of it.
fn replanned(book: &Book<'_>, before: &Ticket, old: &Clock, new: &Clock, rested: bool) -> bool {
    // A new version of the same calendar is another one: sums go on by its hours.
    let calendar = |ticket: &Ticket| calendar_part(&ticket.sla_mark).map(str::to_owned);
    let plan = |clock: &Clock| {
        let steps: Vec<_> = clock.steps.iter().map(|step| (step.key.clone(), step.at)).collect();
        (clock.due_at, clock.warn_at, steps)
    };
    old.target_secs != new.target_secs || calendar(before) != calendar(book.ticket) || (!rested && plan(old) != plan(new))
}
