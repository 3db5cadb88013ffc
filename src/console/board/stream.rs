//! What happens on the desk, newest first, read off the rows as they arrive: a ticket carries when it was assigned, solved or
//! breached. Nothing is told twice, however often a row comes.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use chrono::Duration;

use crate::domain::Timestamp;
use crate::domain::escalation::{Escalation, EscalationState};
use crate::domain::id::{PersonId, TicketNumber};
use crate::domain::ticket::Ticket;

/// Events kept.
const KEPT: usize = 300;
/// How far back it looks at its start.
const BEFORE_MINUTES: i64 = 60;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum What {
    Arrived,
    Assigned(PersonId),
    Accepted(PersonId),
    Solved,
    Warned,
    Breached,
    Called { expert: PersonId, by: PersonId },
    Answered { expert: PersonId, state: u8 },
    LinkLost,
    LinkLive,
}

/// The states a call can be answered with, by their place in [`What::Answered`].
pub const ANSWERS: [EscalationState; 6] = [
    EscalationState::Accepted,
    EscalationState::Joined,
    EscalationState::Declined,
    EscalationState::Unanswered,
    EscalationState::Withdrawn,
    EscalationState::Left,
];

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub at: Timestamp,
    pub ticket: Option<TicketNumber>,
    pub what: What,
    /// The ticket's subject, as it came.
    pub subject: String,
}

/// Events, newest first.
#[derive(Debug, Default)]
pub struct Stream {
    events: VecDeque<Event>,
    told: HashSet<(Option<TicketNumber>, What, Timestamp)>,
    since: Option<Timestamp>,
}

impl Stream {
    /// Begins to note; what happened in the hour before counts.
    pub fn begin(&mut self, now: Timestamp) {
        self.since.get_or_insert(now - Duration::minutes(BEFORE_MINUTES));
    }

    #[must_use]
    pub fn events(&self) -> &VecDeque<Event> {
        &self.events
    }

    /// Notes what rows tell. Returns how many events are new.
    pub fn tickets(&mut self, tickets: &[Arc<Ticket>]) -> usize {
        let mut found = Vec::new();
        for ticket in tickets {
            let mut note = |at: Timestamp, what: What| {
                found.push(Event { at, ticket: Some(ticket.number), what, subject: ticket.subject.clone() });
            };
            note(ticket.created_at, What::Arrived);
            if let (Some(person), Some(at)) = (ticket.assignee, ticket.assigned_at) {
                note(at, What::Assigned(person));
            }
            if let (Some(person), Some(at)) = (ticket.assignee, ticket.accepted_at.filter(|at| Some(*at) != ticket.assigned_at)) {
                note(at, What::Accepted(person));
            }
            if let Some(at) = ticket.solved_at {
                note(at, What::Solved);
            }
            for clock in &ticket.clocks {
                if let Some(at) = clock.breached_at {
                    note(at, What::Breached);
                } else if let Some(at) = clock.warned_at {
                    note(at, What::Warned);
                }
            }
        }
        self.put(found)
    }

    /// Notes calls for experts.
    pub fn calls(&mut self, calls: &[Escalation]) -> usize {
        let mut found = Vec::new();
        for call in calls {
            let mut note = |at: Timestamp, what: What| found.push(Event { at, ticket: Some(call.ticket), what, subject: String::new() });
            note(call.asked_at, What::Called { expert: call.expert, by: call.asked_by });
            let answer = ANSWERS.iter().position(|state| *state == call.state).and_then(|place| u8::try_from(place).ok());
            if let (Some(at), Some(state)) = (call.joined_at.or(call.answered_at), answer) {
                note(at, What::Answered { expert: call.expert, state });
            }
        }
        self.put(found)
    }

    /// Notes that the link was lost, or works again.
    pub fn link(&mut self, live: bool, at: Timestamp) -> usize {
        let what = if live { What::LinkLive } else { What::LinkLost };
        self.put(vec![Event { at, ticket: None, what, subject: String::new() }])
    }

    fn put(&mut self, mut found: Vec<Event>) -> usize {
        let Some(since) = self.since else { return 0 };
        found.retain(|event| event.at >= since && !self.told.contains(&(event.ticket, event.what, event.at)));
        let mut count = 0;
        for event in found {
            if !self.told.insert((event.ticket, event.what, event.at)) {
                continue;
            }
            let place = self.events.partition_point(|known| known.at > event.at);
            if place < KEPT {
                self.events.insert(place, event);
                count += 1;
            }
        }
        while self.events.len() > KEPT {
            self.events.pop_back();
        }
        if self.told.len() > 8 * KEPT {
            self.forget();
        }
        count
    }

    /// What is older than all that is kept need not be remembered as told: it is never told again.
    fn forget(&mut self) {
        let Some(oldest) = self.events.back().map(|event| event.at) else { return };
        self.since = Some(oldest);
        self.told.retain(|(_, _, at)| *at >= oldest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::testing::{id, now, ticket};

    fn begun() -> Stream {
        let mut stream = Stream::default();
        stream.begin(now());
        stream
    }

    #[test]
    fn a_row_tells_what_happened_once_and_newest_first() {
        let mut stream = begun();
        let mut one = ticket(7, "pump");
        one.created_at = now() - Duration::minutes(9);
        (one.assigned_at, one.accepted_at) = (Some(now() - Duration::minutes(5)), Some(now() - Duration::minutes(4)));
        assert_eq!(stream.tickets(&[Arc::new(one.clone())]), 3);
        assert_eq!(stream.tickets(&[Arc::new(one.clone())]), 0, "the same row again tells nothing");
        (one.solved_at, one.version) = (Some(now()), 2);
        assert_eq!(stream.tickets(&[Arc::new(one)]), 1);
        let whats: Vec<What> = stream.events().iter().map(|event| event.what).collect();
        assert_eq!(whats, [What::Solved, What::Accepted(id(1)), What::Assigned(id(1)), What::Arrived]);
    }

    #[test]
    fn what_was_long_before_is_not_told() {
        let mut stream = begun();
        let mut old = ticket(1, "old");
        (old.assigned_at, old.accepted_at) = (Some(now() - Duration::hours(2)), None);
        assert_eq!(stream.tickets(&[Arc::new(old)]), 0);
        assert_eq!(Stream::default().link(false, now()), 0, "nobody watches");
    }

    #[test]
    fn it_never_grows_beyond_its_bounds() {
        let mut stream = begun();
        for n in 0..10_000 {
            let mut one = ticket(n, "flood");
            (one.created_at, one.assignee) = (now() + Duration::seconds(n), None);
            stream.tickets(&[Arc::new(one)]);
        }
        assert_eq!(stream.events().len(), KEPT);
        assert!(stream.told.len() <= 8 * KEPT);
        assert_eq!(stream.events()[0].ticket, Some(TicketNumber(9_999)));
    }
}
