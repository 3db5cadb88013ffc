//! What to work on next: my own work first, most urgent before the rest, then what nobody has and I may take. Each choice says why.

use super::eligible::exclusion;
use crate::domain::Timestamp;
use crate::domain::access;
use crate::domain::directory::Directory;
use crate::domain::id::TicketNumber;
use crate::domain::person::{AgentState, Person};
use crate::domain::roster::duty::DutyIndex;
use crate::domain::sla::ClockKind;
use crate::domain::ticket::Ticket;

/// Why a ticket is the next one, most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NextReason {
    /// Mine, and past its due time.
    Late,
    /// Mine, and the requester wrote last.
    AwaitsReply,
    /// Mine.
    Mine,
    /// Nobody's, and I may take it.
    Free,
}

/// The next ticket, and why it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next {
    pub number: TicketNumber,
    /// The version that was seen: for taking it.
    pub version: i64,
    pub why: NextReason,
    /// What is due, and when.
    pub due: Option<(ClockKind, Timestamp)>,
    /// It was skipped before: all others were too.
    pub again: bool,
}

/// Who asks, and what is known of the desk.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    pub me: &'a Person,
    pub state: &'a AgentState,
    pub directory: &'a Directory,
    pub duty: &'a DutyIndex,
    pub now: Timestamp,
}

/// The clock that runs out first.
fn due(ticket: &Ticket) -> Option<(ClockKind, Timestamp)> {
    let running = ticket.clocks.iter().filter(|clock| clock.is_running());
    running.min_by_key(|clock| clock.due_at).map(|clock| (clock.kind, clock.due_at))
}

/// Why a ticket is work for whoever asks; none when it is not.
#[must_use]
pub fn reason(ticket: &Ticket, asking: &Asking<'_>) -> Option<NextReason> {
    if !ticket.status.is_active() || ticket.merged_into.is_some() {
        return None;
    }
    match ticket.assignee {
        Some(person) if person == asking.me.id => Some(match ticket.due_at {
            Some(due) if due <= asking.now => NextReason::Late,
            _ if ticket.awaits_reply => NextReason::AwaitsReply,
            _ => NextReason::Mine,
        }),
        Some(_) => None,
        None => {
            let queue = asking.directory.queues.get(&ticket.queue)?;
            let on_duty = asking.duty.on_duty(queue.id, ticket.tier).contains(&asking.me.id);
            let may = access::may_work(asking.me) && exclusion(asking.me, asking.state, on_duty, queue, ticket).is_none();
            may.then_some(NextReason::Free)
        }
    }
}

/// The most urgent of `tickets` for whoever asks. `skipped`: those passed over before, first to last; they come back when nothing else
/// is left, the one skipped longest ago first.
#[must_use]
pub fn next<'a>(tickets: impl IntoIterator<Item = &'a Ticket>, asking: &Asking<'_>, skipped: &[TicketNumber]) -> Option<Next> {
    let ranked = tickets.into_iter().filter_map(|ticket| {
        let why = reason(ticket, asking)?;
        let passed = skipped.iter().rposition(|number| *number == ticket.number).map(|place| place + 1);
        let by = ticket.due_at.unwrap_or(Timestamp::MAX_UTC);
        let order = (passed.unwrap_or(0), why, by, ticket.priority, ticket.number);
        let found = Next { number: ticket.number, version: ticket.version, why, due: due(ticket), again: passed.is_some() };
        Some((order, found))
    });
    ranked.min_by_key(|(order, _)| *order).map(|(_, found)| found)
}
