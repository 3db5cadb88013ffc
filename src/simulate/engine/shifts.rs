//! People coming to work and going home, as the rotas say.

use chrono::TimeDelta;

use super::super::chance::{Draw, rng, share};
use super::{Event, JOB, World};
use crate::domain::assignment::EndReason;
use crate::domain::command::Command;
use crate::domain::person::Presence;
use crate::domain::queue::EndOfShift;
use crate::domain::roster::pattern;

/// How long somebody whom the desk set away stays away.
const AWAY_MINUTES: i64 = 5;

impl World<'_> {
    /// Every shift of the run; a shift that starts as another ends comes first, so that nobody goes home in between.
    pub(super) fn push_shifts(&mut self) {
        let directory = &self.desk.directory;
        let mut rotas: Vec<_> = directory.rotas.values().collect();
        rotas.sort_by_key(|rota| rota.id);
        let all: Vec<_> = rotas.into_iter().flat_map(|rota| pattern::shifts(directory, rota, self.now, self.stop)).collect();
        for shift in &all {
            let Some(person) = self.people.get(&shift.person).copied() else { continue };
            let turn = u64::try_from(shift.from.timestamp()).unwrap_or_default();
            let mut chance = rng(self.scenario.scenario.seed, Draw::Shift, person as u64, turn);
            let absent = share(&mut chance) < self.absence;
            self.push(shift.from.max(self.now), Event::ShiftStarts { person, absent });
        }
        for shift in &all {
            if let Some(person) = self.people.get(&shift.person).copied() {
                self.push(shift.to, Event::ShiftEnds(person));
            }
        }
    }

    fn set_presence(&mut self, person: usize, presence: Presence) {
        let actor = self.staff[person].actor.clone();
        self.act(&actor, &Command::SetPresence { presence });
    }

    pub(super) fn shift_starts(&mut self, person: usize, absent: bool) {
        let now = self.now;
        let staff = &mut self.staff[person];
        staff.on_duty += 1;
        if absent || staff.present {
            return;
        }
        staff.present = true;
        staff.present_since = now;
        let (pools, held) = (staff.pools.clone(), staff.held.clone());
        self.set_presence(person, Presence::Available);
        self.dirty.extend(pools);
        for number in held {
            if self.desk.ticket(number).is_some_and(|ticket| ticket.accepted_at.is_none()) {
                self.will_accept(person, number);
            }
        }
        self.start_work(person);
    }

    /// Whoever is in the middle of a touch finishes it, and begins no other.
    pub(super) fn shift_ends(&mut self, person: usize) {
        let now = self.now;
        let staff = &mut self.staff[person];
        staff.on_duty = staff.on_duty.saturating_sub(1);
        if staff.on_duty > 0 || !staff.present {
            return;
        }
        staff.present = false;
        staff.present_ms += (now.min(self.end) - staff.present_since.min(self.end)).num_milliseconds();
        let pools = staff.pools.clone();
        self.set_presence(person, Presence::Offline);
        let places = pools.iter().map(|(queue, _)| self.channels[*queue].1.queue);
        let queues = places.filter_map(|id| self.desk.directory.queues.get(&id)).filter(|queue| queue.end_of_shift != EndOfShift::Keep);
        let graces: std::collections::BTreeSet<u32> = queues.map(|queue| queue.grace_secs).collect();
        for grace in graces {
            self.push(now + TimeDelta::seconds(grace.into()), Event::GraceOver(person));
        }
    }

    /// The desk's job at the end of a shift.
    pub(super) fn grace_over(&mut self, person: usize) {
        if self.staff[person].on_duty > 0 {
            return;
        }
        for number in self.staff[person].held.clone() {
            let queue = self.desk.ticket(number).and_then(|ticket| self.desk.directory.queues.get(&ticket.queue));
            if queue.is_some_and(|queue| queue.end_of_shift != EndOfShift::Keep) {
                self.act(&JOB, &Command::ReturnTicket { number, reason: EndReason::EndOfShift });
            }
        }
    }

    /// A ticket taken for not being accepted may have set its person away.
    pub(super) fn perhaps_away(&mut self, person: usize) {
        let id = self.staff[person].id;
        if self.staff[person].present && self.desk.states.get(&id).is_some_and(|state| state.presence != Presence::Available) {
            self.push(self.now + TimeDelta::minutes(AWAY_MINUTES), Event::Back(person));
        }
    }

    pub(super) fn back(&mut self, person: usize) {
        if self.staff[person].present {
            self.set_presence(person, Presence::Available);
            let pools = self.staff[person].pools.clone();
            self.dirty.extend(pools);
        }
    }
}
