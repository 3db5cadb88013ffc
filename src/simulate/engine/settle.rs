//! What follows for requesters, people and pools from a ticket that changed. Everything is derived from the row before and after,
//! so that no path of the desk's rules is forgotten here.

use super::{Event, World};
use crate::domain::Timestamp;
use crate::domain::id::TicketNumber;
use crate::domain::sla::Clock;
use crate::domain::sla::clock::next_step_at;
use crate::domain::ticket::{Priority, Ticket};

/// Most urgent first, then oldest.
pub(super) type Rank = (Priority, Timestamp, TicketNumber);

/// What matters of a ticket's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct View {
    rank: Rank,
    unsolved: bool,
    /// Who has to act on it.
    holder: Option<usize>,
    accepted: bool,
    accept_by: Option<Timestamp>,
    assignee: Option<usize>,
    /// The pool it waits in.
    pool: Option<(usize, u8)>,
}

pub(super) fn rank(ticket: &Ticket) -> Rank {
    (ticket.priority, ticket.created_at, ticket.number)
}

fn breached<'a>(before: Option<&'a Ticket>, after: &'a Ticket) -> impl Iterator<Item = &'a Clock> {
    let known = move |clock: &Clock| {
        let mut old = before.into_iter().flat_map(|ticket| &ticket.clocks);
        old.any(|old| old.kind == clock.kind && old.started_at == clock.started_at && old.breached_at.is_some())
    };
    after.clocks.iter().filter(move |clock| clock.breached_at.is_some() && !known(clock))
}

impl World<'_> {
    fn view(&self, ticket: &Ticket) -> View {
        let active = ticket.status.is_active();
        let queue = self.queues.get(&ticket.queue).copied().unwrap_or_default();
        let person = |person: crate::domain::id::PersonId| self.people.get(&person).copied();
        View {
            rank: rank(ticket),
            unsolved: ticket.status.is_unsolved(),
            holder: ticket.assignee.filter(|_| active).and_then(person),
            assignee: ticket.assignee.and_then(person),
            accepted: ticket.accepted_at.is_some(),
            accept_by: ticket.accept_by,
            pool: (active && ticket.assignee.is_none()).then_some((queue, ticket.tier)),
        }
    }

    /// Follows up a change of a ticket.
    pub(super) fn settle(&mut self, number: TicketNumber, before: Option<&Ticket>) {
        let Some(ticket) = self.desk.ticket(number) else { return };
        let now_view = self.view(ticket);
        let breaches: Vec<_> = breached(before, ticket).map(|clock| clock.kind).collect();
        let (assigned, solved) = (ticket.assignee.is_some(), (!now_view.unsolved).then_some(self.now));
        let old_view = before.map(|before| self.view(before));
        for kind in breaches {
            let word = match kind {
                crate::domain::sla::ClockKind::FirstResponse => "first_response",
                crate::domain::sla::ClockKind::NextResponse => "next_response",
                crate::domain::sla::ClockKind::Resolution => "resolution",
            };
            *self.counts.breaches.entry(word.to_owned()).or_default() += 1;
        }
        let now = self.now;
        if let Some(note) = self.note(number) {
            note.first_assigned = note.first_assigned.or(assigned.then_some(now));
            note.solved = solved;
        }
        self.settle_backlog(old_view, now_view);
        self.settle_pool(old_view, now_view);
        self.settle_given(old_view, now_view);
        self.settle_holder(number, old_view, now_view);
        self.arm_step(number);
    }

    fn settle_backlog(&mut self, old: Option<View>, new: View) {
        let was = old.is_some_and(|old| old.unsolved);
        if was && !new.unsolved {
            self.counts.open -= 1;
        } else if !was && new.unsolved {
            self.counts.open += 1;
            if self.now < self.end {
                self.counts.backlog_max = self.counts.backlog_max.max(self.counts.open);
            }
        }
    }

    fn settle_pool(&mut self, old: Option<View>, new: View) {
        let was = old.and_then(|old| Some((old.pool?, old.rank)));
        let is = new.pool.map(|pool| (pool, new.rank));
        if was == is {
            return;
        }
        if let Some((pool, rank)) = was
            && let Some(waiting) = self.pools.get_mut(&pool)
        {
            waiting.remove(&rank);
        }
        if let Some((pool, rank)) = is {
            self.pools.entry(pool).or_default().insert(rank);
            self.dirty.insert(pool);
        }
    }

    /// Whoever gives a ticket, the desk or a dispatcher, gives it to somebody on duty.
    fn settle_given(&mut self, old: Option<View>, new: View) {
        let Some(person) = new.assignee.filter(|_| old.and_then(|old| old.assignee) != new.assignee) else { return };
        let staff = &mut self.staff[person];
        staff.given += 1;
        self.counts.given_off_duty += u32::from(staff.on_duty == 0);
        self.given.push((self.now, staff.id));
    }

    fn settle_holder(&mut self, number: TicketNumber, old: Option<View>, new: View) {
        let was = old.and_then(|old| old.holder);
        if let Some(person) = was {
            let staff = &mut self.staff[person];
            if let Some(old) = old {
                staff.todo.remove(&old.rank);
            }
            if new.holder != was {
                staff.held.remove(&number);
                let pools = staff.pools.clone();
                self.dirty.extend(pools);
            }
        }
        let Some(person) = new.holder else { return };
        let staff = &mut self.staff[person];
        let fresh = staff.held.insert(number);
        if new.accepted {
            staff.todo.insert(new.rank);
            self.start_work(person);
        } else if fresh || old.is_some_and(|old| old.accepted) {
            self.will_accept(person, number);
        }
        let armed = old.filter(|old| old.holder == new.holder).and_then(|old| old.accept_by);
        if let Some(due) = new.accept_by.filter(|due| armed != Some(*due)) {
            self.push(due.max(self.now), Event::AcceptDue { number, due });
        }
    }

    fn arm_step(&mut self, number: TicketNumber) {
        let due = self.desk.ticket(number).and_then(|ticket| next_step_at(&ticket.clocks));
        let now = self.now;
        let Some(note) = self.note(number) else { return };
        // A step in the past that did not fire is tried again a second later, not at once for ever.
        let due = due.map(|due| if due <= now { now + chrono::TimeDelta::seconds(1) } else { due });
        if note.step_due == due {
            return;
        }
        note.step_due = due;
        if let Some(due) = due {
            self.push(due, Event::StepDue { number, due });
        }
    }

    pub(super) fn step_due(&mut self, number: TicketNumber, due: Timestamp) {
        if self.note(number).is_none_or(|note| note.step_due != Some(due)) {
            return;
        }
        if let Some(note) = self.note(number) {
            note.step_due = None;
        }
        self.act(&super::JOB, &crate::domain::command::Command::FireSlaSteps { number });
        self.arm_step(number);
    }
}
