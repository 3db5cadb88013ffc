//! The loop: the next event, what it makes happen on the desk, what follows from that. Events at one instant keep the order in
//! which they were made, so that a run repeats exactly.
//!
//! Requesters and people are played here; everything the desk decides goes through [`Desk::execute`].

mod dispatch;
mod requesters;
mod settle;
mod shifts;
mod tally;
mod work;

pub(super) use self::work::mean_work_ms;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};
use std::sync::Arc;

use chrono::TimeDelta;

use self::settle::Rank;
use super::arrivals::{Arrival, span};
use super::build::{Built, Rounds, build};
use super::desk::Desk;
use super::report::{Report, Sample};
use super::scenario::{DispatchBy, Scenario, VariantSpec};
use crate::domain::Timestamp;
use crate::domain::command::{Actor, Command};
use crate::domain::id::{PersonId, QueueId, TicketNumber};
use crate::domain::queue::IntakeChannel;

/// Minutes between two steps of the curves.
pub const SAMPLE_MINUTES: i64 = 30;
pub(super) const JOB: Actor = Actor::Desk { job: "simulation" };

/// What happens at an instant. People are places in [`World::staff`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    /// The request at this place of the list.
    Arrive(usize),
    ShiftStarts {
        person: usize,
        absent: bool,
    },
    ShiftEnds(usize),
    /// The grace after somebody's shift is over.
    GraceOver(usize),
    /// Somebody whom the desk set away is back at the console.
    Back(usize),
    /// Somebody looks at a ticket they were given.
    Accept {
        person: usize,
        number: TicketNumber,
    },
    AcceptDue {
        number: TicketNumber,
        due: Timestamp,
    },
    /// The end of a touch.
    Touched {
        person: usize,
        number: TicketNumber,
    },
    RequesterWrites(TicketNumber),
    StepDue {
        number: TicketNumber,
        due: Timestamp,
    },
    DispatchRound,
    Sample,
}

/// A person at work.
struct Staff {
    id: PersonId,
    actor: Arc<Actor>,
    speed: f64,
    /// Shifts they are in now.
    on_duty: u32,
    present: bool,
    present_since: Timestamp,
    working: Option<TicketNumber>,
    /// Tickets they hold that somebody has to act on.
    held: BTreeSet<TicketNumber>,
    /// Of these, the accepted ones: most urgent and oldest first.
    todo: BTreeSet<Rank>,
    /// Pools their rotas serve.
    pools: Vec<(usize, u8)>,
    rota: usize,
    busy_ms: i64,
    present_ms: i64,
    given: u32,
}

/// What the simulation remembers of a ticket beside its row.
struct Note {
    arrival: Arrival,
    touches: u32,
    accepts: u32,
    writes: u32,
    reopened: bool,
    first_assigned: Option<Timestamp>,
    first_reply: Option<Timestamp>,
    solved: Option<Timestamp>,
    /// The step for which an event is on its way.
    step_due: Option<Timestamp>,
}

#[derive(Default)]
struct Counts {
    open: u32,
    backlog_max: u32,
    backlog_end: u32,
    arrived_since: u32,
    returned: u32,
    reopened: u32,
    refused: u32,
    given_off_duty: u32,
    breaches: BTreeMap<String, u32>,
}

/// A variant being played.
pub(super) struct World<'a> {
    scenario: &'a Scenario,
    arrivals: &'a [Arrival],
    pub(super) desk: Desk,
    queues: HashMap<QueueId, usize>,
    channels: Vec<Arc<(Actor, IntakeChannel)>>,
    dispatcher: Actor,
    dispatch: Rounds,
    absence: f64,
    pub(super) now: Timestamp,
    /// When requests end, and when the run does.
    end: Timestamp,
    stop: Timestamp,
    heap: BinaryHeap<Reverse<(Timestamp, u64, Slot)>>,
    made: u64,
    staff: Vec<Staff>,
    people: HashMap<PersonId, usize>,
    notes: Vec<Note>,
    pools: BTreeMap<(usize, u8), BTreeSet<Rank>>,
    /// Pools in which something may be assigned now.
    dirty: BTreeSet<(usize, u8)>,
    counts: Counts,
    samples: Vec<Sample>,
    /// Who was given a ticket by the desk, and when.
    pub(super) given: Vec<(Timestamp, PersonId)>,
}

/// An event in the heap, which orders by instant and number alone.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Slot(Event);

impl PartialOrd for Slot {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Slot {
    fn cmp(&self, _: &Self) -> std::cmp::Ordering {
        std::cmp::Ordering::Equal
    }
}

/// Plays a variant to its end. The same arguments give the same report; `wall_ms` is left for the caller to fill.
#[must_use]
pub fn run(scenario: &Scenario, variant: &VariantSpec, arrivals: &[Arrival]) -> Report {
    play(scenario, variant, arrivals).report(variant)
}

/// As [`run`], with the desk as it stands at the end.
pub(super) fn play<'a>(scenario: &'a Scenario, variant: &VariantSpec, arrivals: &'a [Arrival]) -> World<'a> {
    let mut world = World::new(scenario, build(scenario, variant), arrivals);
    world.open();
    while let Some(Reverse((at, _, Slot(event)))) = world.heap.pop() {
        if at >= world.stop || (at > world.end && world.counts.open == 0) {
            break;
        }
        world.now = at;
        world.happen(event);
        world.drain();
    }
    world.close();
    world
}

impl<'a> World<'a> {
    fn new(scenario: &'a Scenario, built: Built, arrivals: &'a [Arrival]) -> Self {
        let (start, end) = span(scenario);
        let people: HashMap<PersonId, usize> = built.people.iter().enumerate().map(|(place, (id, _))| (*id, place)).collect();
        let channels = built.channels.into_iter().map(|channel| Arc::new((Actor::Intake(channel.clone()), channel))).collect();
        let mut world = Self {
            scenario,
            arrivals,
            queues: built.queues.iter().enumerate().map(|(place, id)| (*id, place)).collect(),
            channels,
            dispatcher: Actor::Person(built.dispatcher),
            dispatch: built.dispatch,
            absence: built.absence,
            now: start,
            end,
            stop: end + TimeDelta::days(scenario.scenario.run_out_days.into()),
            heap: BinaryHeap::new(),
            made: 0,
            staff: Vec::new(),
            people,
            notes: Vec::new(),
            pools: BTreeMap::new(),
            dirty: BTreeSet::new(),
            counts: Counts::default(),
            samples: Vec::new(),
            given: Vec::new(),
            desk: Desk::new(built.directory),
        };
        world.hire(&built.people);
        world
    }

    fn hire(&mut self, people: &[(PersonId, f64)]) {
        for (id, speed) in people {
            let person = self.desk.directory.people[id].clone();
            let mine = |rota: &&crate::domain::roster::Rota| rota.members.iter().any(|member| member.person == *id);
            let rota = self.desk.directory.rotas.values().find(mine);
            let pools = rota.into_iter().flat_map(|rota| rota.queues.iter().map(|queue| (self.queues[queue], rota.tier))).collect();
            let key = rota.map(|rota| rota.key.as_str()).unwrap_or_default();
            self.staff.push(Staff {
                id: *id,
                actor: Arc::new(Actor::Person(person)),
                speed: *speed,
                on_duty: 0,
                present: false,
                present_since: self.now,
                working: None,
                held: BTreeSet::new(),
                todo: BTreeSet::new(),
                pools,
                rota: self.scenario.rota.iter().position(|rota| rota.get_ref().key == key).unwrap_or_default(),
                busy_ms: 0,
                present_ms: 0,
                given: 0,
            });
        }
    }

    fn push(&mut self, at: Timestamp, event: Event) {
        self.made += 1;
        self.heap.push(Reverse((at, self.made, Slot(event))));
    }

    /// Puts the first events on the heap.
    fn open(&mut self) {
        self.push_shifts();
        if let Some(first) = self.arrivals.first() {
            self.push(first.at, Event::Arrive(0));
        }
        if self.dispatch.by == DispatchBy::Hand {
            self.push(self.now + TimeDelta::milliseconds(self.dispatch.first.ms()), Event::DispatchRound);
        }
        self.push(self.now, Event::Sample);
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Arrive(place) => self.arrive(place),
            Event::ShiftStarts { person, absent } => self.shift_starts(person, absent),
            Event::ShiftEnds(person) => self.shift_ends(person),
            Event::GraceOver(person) => self.grace_over(person),
            Event::Back(person) => self.back(person),
            Event::Accept { person, number } => self.accept(person, number),
            Event::AcceptDue { number, due } => self.accept_due(number, due),
            Event::Touched { person, number } => self.touched(person, number),
            Event::RequesterWrites(number) => self.requester_writes(number),
            Event::StepDue { number, due } => self.step_due(number, due),
            Event::DispatchRound => self.dispatch_round(),
            Event::Sample => self.sample(),
        }
    }

    /// Has a command decided and follows up what it changed; whether it was done.
    fn act(&mut self, actor: &Actor, command: &Command) -> bool {
        match self.desk.execute(self.now, actor, command) {
            Ok(done) => {
                for (number, before) in done.tickets {
                    self.settle(number, before.as_deref());
                }
                true
            }
            Err(_) => {
                self.counts.refused += 1;
                false
            }
        }
    }

    fn note(&mut self, number: TicketNumber) -> Option<&mut Note> {
        let place = usize::try_from(number.0 - 1).ok()?;
        self.notes.get_mut(place)
    }

    fn sample(&mut self) {
        let pool = self.pools.values().map(BTreeSet::len).sum::<usize>();
        let on_duty = self.staff.iter().filter(|staff| staff.present).count();
        let (start, _) = span(self.scenario);
        self.samples.push(Sample {
            minute: (self.now - start).num_minutes(),
            backlog: self.counts.open,
            pool: u32::try_from(pool).unwrap_or(u32::MAX),
            on_duty: u32::try_from(on_duty).unwrap_or(u32::MAX),
            arrived: std::mem::take(&mut self.counts.arrived_since),
        });
        let next = self.now + TimeDelta::minutes(SAMPLE_MINUTES);
        if self.now <= self.end {
            self.counts.backlog_end = self.counts.open;
        }
        if next <= self.end {
            self.push(next, Event::Sample);
        }
    }
}
