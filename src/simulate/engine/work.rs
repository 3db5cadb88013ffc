//! People at work: each on one ticket at a time, the most urgent and oldest of theirs first, touch by touch.

use chrono::TimeDelta;

use super::super::chance::{Draw, rng, share, spread};
use super::super::scenario::HandlingSpec;
use super::{Event, World};
use crate::domain::command::{Command, MessageTarget, PostMessage};
use crate::domain::conversation::Visibility;
use crate::domain::id::TicketNumber;
use crate::domain::ticket::{Kind, Status, Ticket};

/// How a touch ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::simulate) enum Touch {
    Escalates,
    Moves,
    Waits,
    Continues,
    Solves,
}

/// How long the `turn`th touch of a ticket takes (in milliseconds, for speed 1), and how it ends.
pub(in crate::simulate) fn touch(spec: &HandlingSpec, seed: u64, index: u64, turn: u32, next: (bool, bool)) -> (i64, Touch) {
    let mut chance = rng(seed, Draw::Touch, index, turn.into());
    let ms = spread(&mut chance, if turn == 0 { &spec.first_reply } else { &spec.work });
    let escalates = if next.0 { spec.escalates } else { 0.0 };
    let moves = if next.1 { spec.moves } else { 0.0 };
    let others = [(Touch::Escalates, escalates), (Touch::Moves, moves), (Touch::Waits, spec.waits), (Touch::Continues, spec.continues)];
    let sum: f64 = others.iter().map(|(_, weight)| weight).sum();
    // A first reply with a chance of its own leaves the rest to the others, in their proportions.
    let solves = spec.solves_first.filter(|_| turn == 0 && sum > 0.0);
    let factor = solves.map_or(1.0, |solves| (1.0 - solves) / sum);
    let mut left = share(&mut chance);
    for (touch, weight) in others {
        if left < weight * factor {
            return (ms, touch);
        }
        left -= weight * factor;
    }
    (ms, Touch::Solves)
}

impl World<'_> {
    /// Somebody will look at a ticket given to them, unless they miss it.
    pub(super) fn will_accept(&mut self, person: usize, number: TicketNumber) {
        if !self.staff[person].present {
            return;
        }
        let limited = self.desk.ticket(number).is_some_and(|ticket| ticket.accept_by.is_some());
        let (seed, habits) = (self.scenario.scenario.seed, self.scenario.desk);
        let Some(note) = self.note(number) else { return };
        note.accepts += 1;
        let mut chance = rng(seed, Draw::Accept, note.arrival.index, note.accepts.into());
        let after = spread(&mut chance, &habits.accept);
        if limited && share(&mut chance) < habits.misses {
            return;
        }
        self.push(self.now + TimeDelta::milliseconds(after), Event::Accept { person, number });
    }

    pub(super) fn accept(&mut self, person: usize, number: TicketNumber) {
        let staff = &self.staff[person];
        let waits = self.desk.ticket(number).is_some_and(|ticket| ticket.accepted_at.is_none());
        if staff.present && waits && staff.held.contains(&number) {
            let actor = staff.actor.clone();
            self.act(&actor, &Command::AcceptTicket { number });
        }
    }

    fn handling(&self, ticket: &Ticket) -> (&HandlingSpec, (bool, bool)) {
        let queue = self.scenario.queue[self.queues[&ticket.queue]].get_ref();
        (self.scenario.handling_of(&queue.key, ticket.kind), (queue.escalates_to.is_some(), queue.moves_to.is_some()))
    }

    /// Begins the next touch, when there is one and nothing else is in hand.
    pub(super) fn start_work(&mut self, person: usize) {
        let staff = &self.staff[person];
        if !staff.present || staff.working.is_some() {
            return;
        }
        let Some((_, _, number)) = staff.todo.first().copied() else { return };
        let speed = staff.speed;
        let (Some(ticket), Some(place)) = (self.desk.ticket(number), usize::try_from(number.0 - 1).ok()) else { return };
        let (spec, next) = self.handling(ticket);
        let note = &self.notes[place];
        let (ms, _) = touch(spec, self.scenario.scenario.seed, note.arrival.index, note.touches, next);
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a touch is shorter than years")]
        let ms = ((ms as f64) / speed) as i64;
        let staff = &mut self.staff[person];
        staff.working = Some(number);
        // Load is measured while requests arrive: the quiet days afterwards would only thin it.
        staff.busy_ms += if self.now < self.end { ms } else { 0 };
        self.push(self.now + TimeDelta::milliseconds(ms), Event::Touched { person, number });
    }

    /// The end of a touch; what was done to a ticket that somebody else has by now is lost.
    pub(super) fn touched(&mut self, person: usize, number: TicketNumber) {
        let mine = self.staff[person].held.contains(&number);
        if mine && let Some(ticket) = self.desk.ticket(number) {
            let place = usize::try_from(number.0 - 1).unwrap_or_default();
            let (spec, next) = self.handling(ticket);
            let note = &self.notes[place];
            let (_, how) = touch(spec, self.scenario.scenario.seed, note.arrival.index, note.touches, next);
            let how = if note.reopened { Touch::Solves } else { how };
            let (key, kind) = (ticket.queue, ticket.kind);
            self.notes[place].touches += 1;
            let queue = self.queues[&key];
            self.end_touch(person, number, queue, kind, how);
        }
        self.staff[person].working = None;
        self.start_work(person);
    }

    fn end_touch(&mut self, person: usize, number: TicketNumber, queue: usize, kind: Kind, how: Touch) {
        let first = self.note(number).is_some_and(|note| note.first_reply.is_none());
        let status = match how {
            Touch::Waits => Some(Status::Pending),
            Touch::Solves => Some(Status::Solved),
            Touch::Escalates | Touch::Moves | Touch::Continues => None,
        };
        if first || status.is_some() {
            self.reply(person, number, status);
        }
        let spec = self.scenario.queue[queue].get_ref();
        let to = match how {
            Touch::Escalates => spec.escalates_to.as_ref(),
            Touch::Moves => spec.moves_to.as_ref(),
            Touch::Waits => {
                self.will_write(number, queue, kind);
                None
            }
            Touch::Solves => {
                self.perhaps_reopens(number, queue, kind);
                None
            }
            Touch::Continues => None,
        };
        let place = to.and_then(|to| self.scenario.queue.iter().position(|queue| queue.get_ref().key == *to));
        if let Some(place) = place {
            let (actor, queue) = (self.staff[person].actor.clone(), self.channels[place].1.queue);
            self.act(&actor, &Command::MoveTicket { number, queue });
        }
    }

    fn reply(&mut self, person: usize, number: TicketNumber, status: Option<Status>) {
        let post = PostMessage {
            target: MessageTarget::Ticket { number },
            message: self.desk.fresh().into(),
            visibility: Visibility::Public,
            reply_to: None,
            files: Vec::new(),
            seen: None,
            text: "We are on it.".to_owned(),
            status,
        };
        let actor = self.staff[person].actor.clone();
        if self.act(&actor, &Command::PostMessage(Box::new(post))) {
            let now = self.now;
            if let Some(note) = self.note(number) {
                note.first_reply = note.first_reply.or(Some(now));
            }
        }
    }

    fn will_write(&mut self, number: TicketNumber, queue: usize, kind: Kind) {
        let key = &self.scenario.queue[queue].get_ref().key;
        let wait = self.scenario.handling_of(key, kind).wait;
        let Some(wait) = wait else { return };
        let seed = self.scenario.scenario.seed;
        let Some(note) = self.note(number) else { return };
        let mut chance = rng(seed, Draw::Ticket, note.arrival.index, 1 + u64::from(note.touches));
        let after = spread(&mut chance, &wait);
        self.push(self.now + TimeDelta::milliseconds(after), Event::RequesterWrites(number));
    }

    /// A solved ticket may come back, once.
    fn perhaps_reopens(&mut self, number: TicketNumber, queue: usize, kind: Kind) {
        let key = &self.scenario.queue[queue].get_ref().key;
        let (seed, chance) = (self.scenario.scenario.seed, self.scenario.handling_of(key, kind).reopens);
        let Some(note) = self.note(number) else { return };
        let mut draw = rng(seed, Draw::Ticket, note.arrival.index, u64::MAX);
        if !note.reopened && share(&mut draw) < chance {
            note.reopened = true;
            self.will_write(number, queue, kind);
        }
    }
}

/// Mean work in a request of a queue and kind until it leaves the queue, in milliseconds for speed 1; from a thousand draws.
pub(in crate::simulate) fn mean_work_ms(scenario: &super::super::scenario::Scenario, queue: usize, kind: Kind) -> f64 {
    const DRAWS: u32 = 1_000;
    /// More touches than a ticket ever has: chances stay below 1.
    const TOUCHES_MAX: u32 = 200;
    let spec = scenario.queue[queue].get_ref();
    let handling = scenario.handling_of(&spec.key, kind);
    let next = (spec.escalates_to.is_some(), spec.moves_to.is_some());
    let mut total = 0_i64;
    for draw in 0..DRAWS {
        // A seed that no ticket has: forecasts are the same whatever the scenario's.
        for turn in 0..TOUCHES_MAX {
            let (ms, how) = touch(handling, u64::MAX, draw.into(), turn, next);
            total += ms;
            if !matches!(how, Touch::Waits | Touch::Continues) {
                break;
            }
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a mean")]
    let mean = total as f64 / f64::from(DRAWS);
    mean
}
