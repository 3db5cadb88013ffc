//! What figures need to know of one ticket: kept beside it by the store, so that counting reads no tickets.

use super::response::Timed;
use crate::domain::Timestamp;
use crate::domain::sla::{Clock, ClockKind};
use crate::domain::ticket::Ticket;

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// When it was solved; absent while it is not.
    pub done_at: Option<Timestamp>,
    /// Whether that was within its goal; absent without one.
    pub done_met: Option<bool>,
    /// How long its requester waited for the first answer; absent without a goal for it, or before the answer.
    pub answer: Option<Timed>,
}

impl Counted {
    #[must_use]
    pub fn of(ticket: &Ticket) -> Self {
        let clock = |kind: ClockKind| ticket.clocks.iter().rev().find(|clock| clock.kind == kind);
        let met = |clock: &Clock| clock.stopped_at.is_some_and(|at| at <= clock.due_at);
        let done_at = (!ticket.status.is_unsolved()).then(|| ticket.solved_at.unwrap_or(ticket.updated_at));
        let answer = clock(ClockKind::FirstResponse).and_then(|clock| {
            let at = clock.stopped_at?;
            Some(Timed { at, secs: (at - clock.started_at).num_seconds().max(0), met: Some(met(clock)) })
        });
        Self { done_at, done_met: done_at.and(clock(ClockKind::Resolution)).map(met), answer }
    }
}
