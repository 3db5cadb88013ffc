//! How clocks start, pause, stop and are planned again. Counted around the clock.
//!
//! The time a clock stood still is not stored: it is what `due_at` lies beyond `started_at` plus target, and every
//! function here keeps it so.

use chrono::TimeDelta;

use super::{Clock, ClockKind};
use crate::domain::Timestamp;
use crate::domain::sla::policy::SlaPolicy;
use crate::domain::ticket::{Priority, Status, Ticket};

/// Targets are kept within this, so that no date overflows: five years.
pub const TARGET_MAX_SECS: i64 = 5 * 366 * 86_400;

impl Clock {
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.stopped_at.is_none() && self.paused_at.is_none()
    }

    /// How long it stood still so far.
    fn stood_still(&self) -> TimeDelta {
        self.due_at - self.started_at - TimeDelta::seconds(self.target_secs)
    }

    fn shift(&mut self, by: TimeDelta) {
        self.due_at += by;
        self.warn_at += by;
    }

    fn stop(&mut self, at: Timestamp) {
        if self.stopped_at.is_none() {
            self.resume(at);
            self.stopped_at = Some(at);
        }
    }

    fn resume(&mut self, at: Timestamp) {
        if let Some(paused_at) = self.paused_at.take() {
            self.shift((at - paused_at).max(TimeDelta::zero()));
        }
    }
}

/// A clock that starts at `at`; warns at `warn_percent` of the target.
#[must_use]
pub fn start(kind: ClockKind, target_secs: i64, warn_percent: u8, at: Timestamp) -> Clock {
    let target_secs = target_secs.clamp(1, TARGET_MAX_SECS);
    let (due_at, warn_at) = (at + TimeDelta::seconds(target_secs), at + warn_after(target_secs, warn_percent));
    Clock {
        spent_ms: 0,
        counted_to: Some(at),
        steps: Vec::new(),
        kind,
        target_secs,
        started_at: at,
        due_at,
        warn_at,
        paused_at: None,
        stopped_at: None,
        warned_at: None,
        breached_at: None,
    }
}

fn warn_after(target_secs: i64, warn_percent: u8) -> TimeDelta {
    TimeDelta::milliseconds(target_secs * 10 * i64::from(warn_percent.clamp(1, 99)))
}

fn target(sla: &SlaPolicy, priority: Priority, kind: ClockKind) -> Option<i64> {
    let targets = sla.targets.get(&priority)?;
    match kind {
        ClockKind::FirstResponse => targets.first_response_secs,
        ClockKind::NextResponse => targets.next_response_secs,
        ClockKind::Resolution => targets.resolution_secs,
    }
}

fn fresh(sla: &SlaPolicy, priority: Priority, kind: ClockKind, at: Timestamp) -> Option<Clock> {
    target(sla, priority, kind).map(|secs| start(kind, secs, sla.warn_percent, at))
}

/// The clocks of a ticket that arrives at `at`.
#[must_use]
pub fn plan(sla: &SlaPolicy, priority: Priority, at: Timestamp) -> Vec<Clock> {
    [ClockKind::FirstResponse, ClockKind::Resolution].into_iter().filter_map(|kind| fresh(sla, priority, kind, at)).collect()
}

/// The earliest due time of a running clock.
#[must_use]
pub fn due_at(clocks: &[Clock]) -> Option<Timestamp> {
    clocks.iter().filter(|clock| clock.is_running()).map(|clock| clock.due_at).min()
}

/// The requester was answered.
pub fn answered(clocks: &mut [Clock], at: Timestamp) {
    for clock in clocks.iter_mut().filter(|clock| clock.kind != ClockKind::Resolution) {
        clock.stop(at);
    }
}

/// The requester spoke: somebody owes an answer, counted from the first word not answered.
pub fn asked(clocks: &mut Vec<Clock>, sla: &SlaPolicy, priority: Priority, at: Timestamp) {
    if clocks.iter().any(|clock| clock.kind != ClockKind::Resolution && clock.stopped_at.is_none()) {
        return;
    }
    if let Some(clock) = fresh(sla, priority, ClockKind::NextResponse, at) {
        clocks.retain(|clock| clock.kind != ClockKind::NextResponse);
        clocks.push(clock);
    }
}

/// The ticket is finished.
pub fn stop_all(clocks: &mut [Clock], at: Timestamp) {
    for clock in clocks {
        clock.stop(at);
    }
}

/// The ticket waits for somebody outside.
pub fn pause(clocks: &mut [Clock], at: Timestamp) {
    for clock in clocks.iter_mut().filter(|clock| clock.kind == ClockKind::Resolution && clock.is_running()) {
        clock.paused_at = Some(at);
    }
}

/// The ticket waits no more.
pub fn resume(clocks: &mut [Clock], at: Timestamp) {
    for clock in clocks.iter_mut().filter(|clock| clock.stopped_at.is_none()) {
        clock.resume(at);
    }
}

/// A solved ticket is worked on again: the time it was solved does not count.
pub fn reopen(clocks: &mut [Clock], at: Timestamp) {
    for clock in clocks.iter_mut().filter(|clock| clock.kind == ClockKind::Resolution) {
        if let Some(stopped_at) = clock.stopped_at.take() {
            clock.shift((at - stopped_at).max(TimeDelta::zero()));
        }
    }
}

/// Another priority or queue: clocks not stopped get the new target and keep when they started and how long they
/// stood still. A step that now lies ahead again is armed again.
pub fn replan(ticket: &mut Ticket, sla: &SlaPolicy, now: Timestamp) {
    let priority = ticket.priority;
    ticket.clocks.retain(|clock| clock.stopped_at.is_some() || target(sla, priority, clock.kind).is_some());
    for clock in ticket.clocks.iter_mut().filter(|clock| clock.stopped_at.is_none()) {
        let Some(secs) = target(sla, priority, clock.kind) else { continue };
        let still = clock.stood_still();
        let mut new = start(clock.kind, secs, sla.warn_percent, clock.started_at);
        new.shift(still);
        new.paused_at = clock.paused_at;
        new.warned_at = clock.warned_at.filter(|_| new.warn_at <= now);
        new.breached_at = clock.breached_at.filter(|_| new.due_at <= now);
        *clock = new;
    }
    if !ticket.status.is_unsolved() {
        return;
    }
    let mut missing = vec![ClockKind::Resolution];
    if ticket.status == Status::New {
        missing.insert(0, ClockKind::FirstResponse);
    }
    for kind in missing {
        let absent = ticket.clocks.iter().all(|clock| clock.kind != kind);
        if let Some(clock) = fresh(sla, priority, kind, ticket.created_at).filter(|_| absent) {
            ticket.clocks.push(clock);
            if !ticket.status.is_active() {
                pause(&mut ticket.clocks, now);
            }
        }
    }
}

/// A step that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Warn,
    Breach,
}

/// Marks the due steps of running clocks as fired, and returns them. A clock found past its due time without
/// its warning only breaches: a warning would come too late to help.
pub fn fire(clocks: &mut [Clock], now: Timestamp) -> Vec<Step> {
    let mut fired = Vec::new();
    for clock in clocks.iter_mut().filter(|clock| clock.is_running()) {
        let breaches = now >= clock.due_at && clock.breached_at.is_none();
        if now >= clock.warn_at && clock.warned_at.is_none() {
            clock.warned_at = Some(now);
            if !breaches {
                fired.push(Step::Warn);
            }
        }
        if breaches {
            clock.breached_at = Some(now);
            fired.push(Step::Breach);
        }
    }
    fired
}

/// Steps that passed before the desk knew the ticket are recorded, and told to nobody.
pub fn settle(clocks: &mut [Clock], now: Timestamp) {
    for clock in clocks {
        let until = clock.stopped_at.or(clock.paused_at).unwrap_or(now);
        clock.warned_at = Some(clock.warn_at).filter(|at| *at <= until);
        clock.breached_at = Some(clock.due_at).filter(|at| *at <= until);
    }
}
