//! Random histories of one ticket, decided by the real rules, against a plain model that walks every minute of them.
//!
//! The model knows no arithmetic of due times: it counts a minute where a clock runs and the office is open, and notes the minute
//! in which a share is reached. Everything happens on whole minutes. The job that fires steps does not run at every one of them,
//! as when the server is down; it then finds what it missed, and the model says how late that is.

use std::collections::BTreeMap;

use chrono::{Datelike, TimeDelta, Timelike};
use proptest::prelude::*;

use super::*;
use crate::domain::Timestamp;
use crate::domain::sla::clock::{BREACH, WARNING};
use crate::domain::sla::ledger::ClockEventKind;

const MINUTE: i64 = 60;

/// Minutes of each target, all multiples of 100 so that shares are whole minutes.
fn promise(variant: u8) -> SlaPolicy {
    let hundreds = |first: i64, next: i64, resolution: i64| targets(first * 100 * MINUTE, next * 100 * MINUTE, resolution * 100 * MINUTE);
    let (normal, high) = match variant % 4 {
        0 => (hundreds(2, 1, 12), hundreds(1, 1, 4)),
        1 => (hundreds(0, 2, 6), hundreds(1, 0, 0)),
        2 => (hundreds(1, 0, 20), hundreds(2, 2, 9)),
        _ => (hundreds(0, 0, 3), hundreds(0, 1, 30)),
    };
    let mut steps = vec![step("nine", StepAt::Share { percent: 90 }, &[StepAct::NotifyLead])];
    steps.push(step("later", StepAt::AfterBreach { secs: 70 * MINUTE }, &[StepAct::NotifyLead]));
    if variant.is_multiple_of(2) {
        steps.push(step("early", StepAt::Share { percent: 10 }, &[StepAct::NotifyLead]));
    }
    for step in &mut steps {
        step.clocks.clear();
    }
    let calendar = (variant / 4 % 2 == 1).then(|| id(OFFICE));
    SlaPolicy { targets: BTreeMap::from([(Priority::Normal, normal), (Priority::High, high)]), steps, calendar, ..policy(normal) }
}

/// The office's hours, which are edited to and fro.
const HOURS: [(u32, u32); 3] = [(9, 17), (6, 12), (10, 23)];

fn open(hours: usize, at: Timestamp) -> bool {
    let (from, to) = HOURS[hours];
    at.weekday().num_days_from_monday() < 5 && (from..to).contains(&at.hour())
}

/// A step of a clock in the model.
#[derive(Clone, Debug, Default, PartialEq)]
struct Step {
    /// The minute at which it came due.
    reached: Option<Timestamp>,
    fired: bool,
}

#[derive(Clone, Debug)]
struct Counter {
    target: i64,
    /// Minutes.
    spent: i64,
    paused: Option<Timestamp>,
    stopped: Option<Timestamp>,
    /// Since when it does not run.
    rest: Timestamp,
    steps: BTreeMap<String, Step>,
    /// Open minutes since the target ran out, whatever happens to the clock.
    over: i64,
}

#[derive(Debug)]
struct Model {
    now: Timestamp,
    created: Timestamp,
    hours: usize,
    /// Of the policy that planned the clocks.
    policy: SlaPolicy,
    priority: Priority,
    status: Status,
    awaits: bool,
    counters: BTreeMap<ClockKind, Counter>,
    /// Every minute since the ticket came, and whether the policy's hours at that time counted it.
    fired: Vec<(ClockKind, String, i64)>,
    /// The hours in force at each minute since creation.
    past: Vec<usize>,
    solved: Option<Timestamp>,
}

impl Model {
    fn counts(&self, at: Timestamp) -> bool {
        self.policy.calendar.is_none() || open(self.hours, at)
    }

    fn target(&self, kind: ClockKind) -> Option<i64> {
        self.policy.targets.get(&self.priority)?.of(kind).map(|secs| secs / MINUTE)
    }

    /// Minutes of the share at which a step of the policy is due; none for one after the breach.
    fn shares(&self, target: i64) -> Vec<(String, Option<i64>)> {
        let mut shares = vec![(WARNING.to_owned(), Some(target / 2)), (BREACH.to_owned(), Some(target))];
        for step in &self.policy.steps {
            let share = match step.at {
                StepAt::Share { percent } => Some(target / 100 * i64::from(percent)),
                StepAt::AfterBreach { .. } => None,
            };
            shares.push((step.key.clone(), share));
        }
        shares
    }

    /// Plans a clock's steps at `from`; those reached and not fired since `known` are due only now.
    fn arm(&self, counter: &mut Counter, from: Timestamp, known: Timestamp) {
        let old = std::mem::take(&mut counter.steps);
        let passed = |key: &str| {
            let step = old.get(key).cloned().unwrap_or_default();
            let stays = step.reached.is_some_and(|at| at <= from && (step.fired || at < known));
            if stays { step } else { Step { reached: Some(from), fired: step.fired } }
        };
        for (key, share) in self.shares(counter.target) {
            let step = match share {
                Some(share) if share > counter.spent => Step::default(),
                Some(_) => passed(&key),
                None => continue,
            };
            counter.steps.insert(key, step);
        }
        // After the breach: open minutes since then, by the hours as they are now.
        counter.over = 0;
        let mut later = Step::default();
        if let Some(due) = counter.steps[BREACH].reached {
            let mut at = due;
            while at < self.now {
                counter.over += i64::from(self.counts(at));
                let passes = counter.over == 70 && later.reached.is_none();
                at += TimeDelta::minutes(1);
                if passes {
                    later = if at <= from { passed("later") } else { Step { reached: Some(at), fired: false } };
                }
            }
        }
        counter.steps.insert("later".to_owned(), later);
    }

    fn begin(&mut self, kind: ClockKind, spent: i64) {
        let Some(target) = self.target(kind) else { return };
        let mut counter = Counter { target, spent, paused: None, stopped: None, rest: self.now, steps: BTreeMap::new(), over: 0 };
        self.arm(&mut counter, self.now, self.now);
        self.counters.insert(kind, counter);
    }

    fn minute(&mut self) {
        let counted = self.counts(self.now);
        self.past.push(self.hours);
        let end = self.now + TimeDelta::minutes(1);
        let shares: BTreeMap<ClockKind, _> = self.counters.iter().map(|(kind, one)| (*kind, self.shares(one.target))).collect();
        for (kind, counter) in &mut self.counters {
            if !counted || counter.stopped.is_some() {
                continue;
            }
            let overdue = counter.steps[BREACH].reached.is_some();
            if counter.paused.is_none() {
                counter.spent += 1;
                for (key, share) in &shares[kind] {
                    let step = counter.steps.get_mut(key).unwrap();
                    if step.reached.is_none() && *share == Some(counter.spent) {
                        step.reached = Some(end);
                    }
                }
            }
            if overdue {
                counter.over += 1;
                let later = counter.steps.get_mut("later").unwrap();
                if counter.over == 70 && later.reached.is_none() {
                    later.reached = Some(end);
                }
            }
        }
        self.now = end;
    }

    fn fire(&mut self) {
        for (kind, counter) in self.counters.iter_mut().filter(|(_, one)| one.paused.is_none() && one.stopped.is_none()) {
            let overdue = counter.steps[BREACH].reached.is_some();
            for (key, step) in counter.steps.iter_mut().filter(|(_, step)| step.reached.is_some() && !step.fired) {
                step.fired = true;
                if !(overdue && key == WARNING) {
                    self.fired.push((*kind, key.clone(), (self.now - step.reached.unwrap()).num_minutes()));
                }
            }
        }
    }

    fn replan(&mut self) {
        let mut counters = std::mem::take(&mut self.counters);
        counters.retain(|kind, one| one.stopped.is_some() || self.target(*kind).is_some());
        for (kind, one) in counters.iter_mut().filter(|(_, one)| one.stopped.is_none()) {
            one.target = self.target(*kind).unwrap();
            match one.paused {
                Some(at) => self.arm(one, at, at),
                None => self.arm(one, self.now, self.now + TimeDelta::milliseconds(1)),
            }
        }
        self.counters = counters;
        if !self.status.is_unsolved() {
            return;
        }
        let has = |kind| self.counters.contains_key(&kind);
        let unanswered = self.awaits && !has(ClockKind::FirstResponse) && !has(ClockKind::NextResponse);
        let resolves = !has(ClockKind::Resolution);
        let minutes = self.past.iter().enumerate().filter(|(place, hours)| {
            let at = self.created + TimeDelta::minutes(i64::try_from(*place).unwrap());
            let away = self.solved.is_some_and(|solved| solved <= at);
            !away && (self.policy.calendar.is_none() || open(**hours, at))
        });
        let spent = i64::try_from(minutes.count()).unwrap();
        if unanswered {
            self.begin(ClockKind::FirstResponse, spent);
        }
        if resolves {
            self.begin(ClockKind::Resolution, spent);
            let (now, active) = (self.now, self.status.is_active());
            if let Some(one) = self.counters.get_mut(&ClockKind::Resolution).filter(|_| !active) {
                (one.paused, one.rest) = (Some(now), now);
            }
        }
    }

    fn status(&mut self, to: Status) {
        let (from, now) = (self.status, self.now);
        if from == to {
            return;
        }
        self.status = to;
        if !to.is_unsolved() {
            for one in self.counters.values_mut().filter(|one| one.stopped.is_none()) {
                one.stopped = Some(now);
                // A rest that began with a pause goes on.
                one.rest = one.paused.take().unwrap_or(now);
            }
            (self.awaits, self.solved) = (false, Some(now));
            return;
        }
        let mut counters = std::mem::take(&mut self.counters);
        if let Some(one) = counters.get_mut(&ClockKind::Resolution) {
            let rested = if from.is_unsolved() { one.paused.is_some() && to.is_active() } else { one.stopped.is_some() };
            if rested {
                let rest = one.rest;
                (one.paused, one.stopped) = (None, None);
                self.arm(one, now, rest);
            }
        }
        self.counters = counters;
        if !from.is_unsolved() {
            self.replan();
            self.solved = None;
        }
        if let Some(one) = self.counters.get_mut(&ClockKind::Resolution).filter(|one| !to.is_active() && one.stopped.is_none())
            && one.paused.is_none()
        {
            (one.paused, one.rest) = (Some(now), now);
        }
    }

    fn answer(&mut self) {
        let now = self.now;
        for (_, one) in self.counters.iter_mut().filter(|(kind, one)| **kind != ClockKind::Resolution && one.stopped.is_none()) {
            one.stopped = Some(now);
        }
        self.awaits = false;
    }

    fn asked(&mut self) {
        if !self.status.is_active() {
            self.status(Status::Open);
        }
        self.awaits = true;
        if self.counters.iter().all(|(kind, one)| *kind == ClockKind::Resolution || one.stopped.is_some())
            && self.target(ClockKind::NextResponse).is_some()
        {
            self.begin(ClockKind::NextResponse, 0);
        }
    }

    /// When a running clock will be due: the model walks on alone until it is.
    fn due(&self, kind: ClockKind) -> Timestamp {
        let counter = &self.counters[&kind];
        if let Some(at) = counter.steps[BREACH].reached {
            return at;
        }
        let (mut at, mut left) = (self.now, counter.target - counter.spent);
        while left > 0 {
            left -= i64::from(self.counts(at));
            at += TimeDelta::minutes(1);
        }
        at
    }

    fn agree(&self, desk: &Desk) {
        let ticket = desk.ticket(1);
        assert_eq!(kinds(desk), self.counters.keys().copied().collect::<Vec<_>>());
        for one in &ticket.clocks {
            let counter = &self.counters[&one.kind];
            assert_eq!((one.paused_at, one.stopped_at), (counter.paused, counter.stopped), "{:?}", one.kind);
            let promise = crate::domain::sla::promise::calendar_of(&ticket.sla_mark, &desk.directory);
            assert_eq!(one.spent_by(promise, self.now), counter.spent * MINUTE * 1_000, "{one:?}");
            if one.is_running() {
                assert_eq!(one.due_at, self.due(one.kind), "{one:?}\n{self:#?}");
                for step in &one.steps {
                    let known = &counter.steps[&step.key];
                    assert_eq!(step.fired_at.is_some(), known.fired, "{step:?} {one:?}");
                    if let Some(reached) = known.reached {
                        assert_eq!(step.at, reached, "{step:?}");
                    }
                }
            }
        }
        let fired = desk.clock_events.iter().filter_map(|event| match &event.event {
            ClockEventKind::Fired { step, late_ms, .. } => Some((event.clock, step.clone(), late_ms / MINUTE / 1_000)),
            _ => None,
        });
        let (mut fired, mut known): (Vec<_>, Vec<_>) = (fired.collect(), self.fired.clone());
        fired.sort();
        known.sort();
        assert_eq!(fired, known);
    }
}

/// One thing that happens after a while.
#[derive(Clone, Debug)]
enum Act {
    Fire,
    Status(Status),
    Priority(Priority),
    Answer,
    Ask,
    Move,
    Policy(u8),
    Calendar(usize),
}

fn acts() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => Just(Act::Fire),
        4 => prop_oneof![Just(Status::Open), Just(Status::Pending), Just(Status::OnHold), Just(Status::Solved)].prop_map(Act::Status),
        2 => prop_oneof![Just(Priority::Normal), Just(Priority::High), Just(Priority::Low)].prop_map(Act::Priority),
        2 => Just(Act::Answer),
        2 => Just(Act::Ask),
        1 => Just(Act::Move),
        2 => (0u8..8).prop_map(Act::Policy),
        2 => (0usize..HOURS.len()).prop_map(Act::Calendar),
    ]
}

fn happen(desk: &mut Desk, model: &mut Model, act: &Act) {
    match act {
        Act::Fire => {
            fire(desk);
            model.fire();
        }
        Act::Status(status) => {
            set(desk, *status);
            model.status(*status);
        }
        Act::Priority(priority) => {
            let changes = desk.ticket(1).priority != *priority;
            prioritise(desk, *priority);
            if changes {
                model.priority = *priority;
                model.replan();
            }
        }
        Act::Answer => {
            reply(desk);
            model.answer();
            if model.status == Status::New {
                model.status = Status::Open;
            }
        }
        Act::Ask => {
            ask(desk, None);
            model.asked();
        }
        Act::Move => {
            let there = desk.ticket(1).queue == id(PUMPS);
            let queue = id(if there { WEB } else { PUMPS });
            person_does(desk, LEA, Command::MoveTicket { number: ONE, queue });
            model.policy = desk.directory.queues[&queue].sla.clone();
            model.replan();
        }
        Act::Policy(variant) => {
            let queue = desk.ticket(1).queue;
            edit_policy(desk, queue.0.as_u128(), |policy| *policy = promise(*variant));
            let new = desk.directory.queues[&queue].sla.clone();
            // Solved tickets are planned again when they are reopened.
            let changes = new.revision != model.policy.revision;
            model.policy = new;
            if changes && model.status.is_unsolved() {
                model.replan();
            }
        }
        Act::Calendar(hours) => {
            let (from, to) = HOURS[*hours];
            put(desk, Command::PutCalendar(Box::new(office(&format!("{from:02}:00:00"), &format!("{to:02}:00:00")))));
            replan(desk);
            model.hours = *hours;
            if model.policy.calendar.is_some() && model.status.is_unsolved() {
                model.replan();
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_histories_agree_with_a_walk_over_every_minute(
        variants in (0u8..8, 0u8..8),
        history in prop::collection::vec((0i64..700, acts()), 1..25),
    ) {
        let mut desk = desk_with(promise(variants.0));
        desk.directory.queues.get_mut(&id(WEB)).unwrap().sla = promise(variants.1);
        for person in [ANA, LEA] {
            desk.directory.people.get_mut(&id(person)).unwrap().queues = vec![id(PUMPS), id(WEB)];
        }
        ask(&mut desk, None);
        let mut model = Model {
            now: desk.now,
            created: desk.now,
            hours: 0,
            policy: promise(variants.0),
            priority: Priority::Normal,
            status: Status::New,
            awaits: true,
            counters: BTreeMap::new(),
            fired: Vec::new(),
            past: Vec::new(),
            solved: None,
        };
        model.begin(ClockKind::FirstResponse, 0);
        model.begin(ClockKind::Resolution, 0);
        for (minutes, act) in history {
            desk.pass(minutes * MINUTE);
            for _ in 0..minutes {
                model.minute();
            }
            happen(&mut desk, &mut model, &act);
            model.agree(&desk);
        }
    }
}
