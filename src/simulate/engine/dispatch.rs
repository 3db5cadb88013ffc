//! Giving tickets out: by the desk as soon as somebody can take one, or by a dispatcher now and then.

use chrono::TimeDelta;

use super::super::scenario::DispatchBy;
use super::settle::Rank;
use super::{Event, JOB, World};
use crate::domain::Timestamp;
use crate::domain::assignment::EndReason;
use crate::domain::command::Command;
use crate::domain::id::TicketNumber;

impl World<'_> {
    /// Has the desk assign what it can: the most urgent and oldest of the pools in which something changed, until nobody is
    /// eligible any more.
    pub(super) fn drain(&mut self) {
        if self.dispatch.by == DispatchBy::Hand {
            self.dirty.clear();
            return;
        }
        loop {
            let heads = self.dirty.iter().filter_map(|key| Some((*self.pools.get(key)?.first()?, *key)));
            let Some(((_, _, number), pool)) = heads.min() else { break };
            self.act(&JOB, &Command::AutoAssign { number });
            if self.desk.ticket(number).is_none_or(|ticket| ticket.assignee.is_none()) {
                self.dirty.remove(&pool);
            }
        }
        self.dirty.clear();
    }

    /// The desk takes a ticket that was not accepted in time.
    pub(super) fn accept_due(&mut self, number: TicketNumber, due: Timestamp) {
        let Some(ticket) = self.desk.ticket(number) else { return };
        let person = ticket.assignee.and_then(|person| self.people.get(&person).copied());
        if ticket.accept_by != Some(due) || ticket.accepted_at.is_some() {
            return;
        }
        self.act(&JOB, &Command::ReturnTicket { number, reason: EndReason::NotAccepted });
        self.counts.returned += 1;
        if let Some(person) = person {
            self.perhaps_away(person);
        }
    }

    /// The dispatcher gives everything that waits to whoever is at work, evenly: each to who holds the least.
    pub(super) fn dispatch_round(&mut self) {
        let mut waiting: Vec<(Rank, (usize, u8))> =
            self.pools.iter().flat_map(|(pool, ranks)| ranks.iter().map(move |rank| (*rank, *pool))).collect();
        waiting.sort_unstable();
        let dispatcher = self.dispatcher.clone();
        for ((_, _, number), pool) in waiting {
            let there = self.staff.iter().enumerate().filter(|(_, staff)| staff.present && staff.pools.contains(&pool));
            let least = there.min_by_key(|(place, staff)| (staff.held.len(), staff.given, *place));
            if let Some(person) = least.map(|(_, staff)| staff.id) {
                self.act(&dispatcher, &Command::AssignTicket { number, person });
            }
        }
        let next = self.now + TimeDelta::milliseconds(self.dispatch.every.ms().max(60_000));
        self.push(next, Event::DispatchRound);
    }
}
