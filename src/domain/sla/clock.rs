//! How clocks start, pause, stop and are planned again, in business time.
//!
//! A clock knows how much of its target is spent and up to when that was counted. While it runs, time goes on from there in the
//! calendar named by the ticket's mark; whatever touches a clock counts first, by that calendar, and then plans what is left.

use super::promise::{Promise, calendar_part};
use super::{Clock, ClockKind, ClockStep};
use crate::domain::Timestamp;
use crate::domain::calendar::Calendar;
use crate::domain::calendar::business::{add_ms, spent_ms};
use crate::domain::sla::policy::StepAt;
use crate::domain::ticket::Ticket;

/// Targets are kept within this, so that no date overflows: five years.
pub const TARGET_MAX_SECS: i64 = 5 * 366 * 86_400;

impl Clock {
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.stopped_at.is_none() && self.paused_at.is_none()
    }

    #[must_use]
    pub fn target_ms(&self) -> i64 {
        self.target_secs * 1_000
    }

    /// Business time that has run by `now`, in milliseconds, when `calendar` counts it.
    #[must_use]
    pub fn spent_by(&self, calendar: Option<&Calendar>, now: Timestamp) -> i64 {
        let mut clock = self.clone();
        clock.count(calendar, now);
        clock.spent_ms
    }

    /// Rows of the first schema counted around the clock, and kept what had stood still as the distance of `due_at` from
    /// start plus target.
    fn modernize(&mut self, now: Timestamp) {
        if self.counted_to.is_none() {
            let still = (self.due_at - self.started_at).num_milliseconds() - self.target_ms();
            let to = self.stopped_at.or(self.paused_at).unwrap_or(now).max(self.started_at);
            self.spent_ms = ((to - self.started_at).num_milliseconds() - still).max(0);
            self.counted_to = Some(to);
        }
    }

    /// Adds what ran since the last count.
    fn count(&mut self, calendar: Option<&Calendar>, now: Timestamp) {
        self.modernize(now);
        let from = self.counted_to.unwrap_or(now);
        if self.is_running() && now > from {
            self.spent_ms += spent_ms(calendar, from, now);
            self.counted_to = Some(now);
        }
    }

    fn stop(&mut self, calendar: Option<&Calendar>, at: Timestamp) {
        if self.stopped_at.is_none() {
            self.count(calendar, at);
            self.paused_at = None;
            self.stopped_at = Some(at);
        }
    }

    /// Goes on after a rest, which began when time was last counted: what is left runs from `at`.
    fn go_on(&mut self, promise: Promise<'_>, at: Timestamp) {
        let rested_since = self.counted_to.replace(at).unwrap_or(at);
        self.arm(promise, at, rested_since);
    }

    /// Plans all that lies ahead of `from` by what is left. What is spent already and fired stays where it was. What is spent
    /// and did not fire is due at `from`, never before; except where it was due before `known`, and only waits to be fired.
    fn arm(&mut self, promise: Promise<'_>, from: Timestamp, known: Timestamp) {
        let (spent, target) = (self.spent_ms, self.target_ms());
        let passed =
            |old: Option<(Timestamp, bool)>| old.filter(|(at, fired)| *at <= from && (*fired || *at < known)).map_or(from, |(at, _)| at);
        let reach = |share: i64, old: Option<(Timestamp, bool)>| {
            if share > spent { add_ms(promise.calendar, from, share - spent) } else { passed(old) }
        };
        let share = |percent: u8| (target / 100) * i64::from(percent.clamp(1, 99)) + (target % 100) * i64::from(percent.clamp(1, 99)) / 100;
        self.due_at = reach(target, Some((self.due_at, self.breached_at.is_some())));
        self.warn_at = reach(share(promise.policy.warn_percent), Some((self.warn_at, self.warned_at.is_some())));
        self.breached_at = self.breached_at.filter(|_| self.due_at <= from);
        self.warned_at = self.warned_at.filter(|_| self.warn_at <= from);
        let (due_at, old) = (self.due_at, std::mem::take(&mut self.steps));
        let step = |step: &super::policy::SlaStep| {
            let old = old.iter().find(|old| old.key == step.key);
            let before = old.map(|old| (old.at, old.fired_at.is_some()));
            let at = match step.at {
                StepAt::Share { percent } => reach(share(percent), before),
                StepAt::AfterBreach { secs } => {
                    let at = add_ms(promise.calendar, due_at, secs.saturating_mul(1_000));
                    if at > from { at } else { passed(before) }
                }
            };
            ClockStep { key: step.key.clone(), at, fired_at: old.and_then(|old| old.fired_at).filter(|_| at <= from) }
        };
        self.steps = promise.policy.steps_of(self.kind).map(step).collect();
    }

    /// Whether the other is planned alike, however far each was counted.
    fn plans_as(&self, other: &Self) -> bool {
        Self { spent_ms: other.spent_ms, counted_to: other.counted_to, ..self.clone() } == *other && other.counted_to.is_some()
    }
}

/// A clock that starts at `at`, with `spent` milliseconds of its target gone by `from`.
fn begin(kind: ClockKind, target_secs: i64, promise: Promise<'_>, at: Timestamp, (from, spent): (Timestamp, i64)) -> Clock {
    let mut clock = Clock {
        kind,
        target_secs: target_secs.clamp(1, TARGET_MAX_SECS),
        started_at: at,
        spent_ms: spent,
        counted_to: Some(from),
        due_at: from,
        warn_at: from,
        paused_at: None,
        stopped_at: None,
        warned_at: None,
        breached_at: None,
        steps: Vec::new(),
    };
    clock.arm(promise, from, from);
    clock
}

/// Gives a ticket that arrives at `at` its clocks and its mark.
pub fn plan(ticket: &mut Ticket, promise: Promise<'_>, at: Timestamp) {
    let targets = promise.policy.targets_for(ticket);
    let kinds = [ClockKind::FirstResponse, ClockKind::Resolution].into_iter();
    ticket.clocks = kinds.filter_map(|kind| Some(begin(kind, targets.of(kind)?, promise, at, (at, 0)))).collect();
    ticket.sla_mark = promise.mark();
}

/// The earliest due time of a running clock.
#[must_use]
pub fn due_at(clocks: &[Clock]) -> Option<Timestamp> {
    clocks.iter().filter(|clock| clock.is_running()).map(|clock| clock.due_at).min()
}

/// The requester was answered: nobody owes a response.
pub fn answered(ticket: &mut Ticket, promise: Promise<'_>, at: Timestamp) {
    let calendar = promise.counted(ticket);
    for clock in ticket.clocks.iter_mut().filter(|clock| clock.kind != ClockKind::Resolution) {
        clock.stop(calendar, at);
    }
}

/// The requester spoke: somebody owes an answer, counted from the first word not answered.
pub fn asked(ticket: &mut Ticket, promise: Promise<'_>, at: Timestamp) {
    keep_up(ticket, promise, at);
    if ticket.clocks.iter().any(|clock| clock.kind != ClockKind::Resolution && clock.stopped_at.is_none()) {
        return;
    }
    if let Some(secs) = promise.policy.targets_for(ticket).next_response_secs {
        ticket.clocks.retain(|clock| clock.kind != ClockKind::NextResponse);
        ticket.clocks.push(begin(ClockKind::NextResponse, secs, promise, at, (at, 0)));
    }
}

/// The ticket is finished.
pub fn stop_all(ticket: &mut Ticket, promise: Promise<'_>, at: Timestamp) {
    let calendar = promise.counted(ticket);
    for clock in &mut ticket.clocks {
        clock.stop(calendar, at);
    }
}

/// The ticket waits for somebody outside: nobody here can solve it meanwhile. Answers are still owed.
pub fn pause(ticket: &mut Ticket, promise: Promise<'_>, at: Timestamp) {
    let calendar = promise.counted(ticket);
    for clock in ticket.clocks.iter_mut().filter(|clock| clock.kind == ClockKind::Resolution && clock.is_running()) {
        clock.count(calendar, at);
        clock.paused_at = Some(at);
    }
}

/// The ticket waits no more: what is left of a target runs from now.
pub fn resume(ticket: &mut Ticket, promise: Promise<'_>, at: Timestamp) {
    for clock in ticket.clocks.iter_mut().filter(|clock| clock.stopped_at.is_none()) {
        clock.modernize(at);
        if clock.paused_at.take().is_some() {
            clock.go_on(promise, at);
        }
    }
    keep_up(ticket, promise, at);
}

/// A solved ticket is worked on again: the time it was solved does not count.
pub fn reopen(ticket: &mut Ticket, promise: Promise<'_>, at: Timestamp) {
    for clock in ticket.clocks.iter_mut().filter(|clock| clock.kind == ClockKind::Resolution) {
        clock.modernize(at);
        if clock.stopped_at.take().is_some() {
            clock.go_on(promise, at);
        }
    }
    // Targets may have changed meanwhile: solved tickets are not planned again before.
    replan(ticket, promise, at);
}

/// A merge is undone: clocks that it stopped, `stopped` as they are since, go on with what was left; the time between does not count.
pub fn revive(ticket: &mut Ticket, stopped: &[Clock], promise: Promise<'_>, at: Timestamp) {
    for clock in ticket.clocks.iter_mut().filter(|clock| clock.stopped_at.is_none()) {
        let Some(since) = stopped.iter().find(|since| since.kind == clock.kind && since.stopped_at.is_some()) else { continue };
        (clock.spent_ms, clock.counted_to) = (since.spent_ms, since.counted_to);
        clock.go_on(promise, at);
        clock.paused_at = clock.paused_at.map(|_| at);
    }
    keep_up(ticket, promise, at);
}

/// Plans again when policy or calendar have another edition than the clocks.
pub fn keep_up(ticket: &mut Ticket, promise: Promise<'_>, now: Timestamp) {
    if promise.is_stale(ticket) {
        replan(ticket, promise, now);
    }
}

/// Another priority, queue, policy or calendar. Time spent so far, by the calendar that counted it, stays spent; the new target
/// holds from the start; what is left of it runs in the new calendar from now. A target that is spent already is due now, and
/// where it was due before, it stays due then. Steps that fired and lie in the past stay fired; those ahead are armed again.
pub fn replan(ticket: &mut Ticket, promise: Promise<'_>, now: Timestamp) {
    let counted = promise.counted(ticket);
    let targets = promise.policy.targets_for(ticket);
    let mark = promise.mark();
    let same_calendar = calendar_part(&ticket.sla_mark) == calendar_part(&mark);
    ticket.clocks.retain(|clock| clock.stopped_at.is_some() || targets.of(clock.kind).is_some());
    for clock in ticket.clocks.iter_mut().filter(|clock| clock.stopped_at.is_none()) {
        let Some(secs) = targets.of(clock.kind) else { continue };
        let mut new = clock.clone();
        new.count(counted, now);
        new.target_secs = secs.clamp(1, TARGET_MAX_SECS);
        match new.paused_at {
            // Planned as if it went on from where it paused; when it does, it is planned from there.
            Some(paused_at) => new.arm(promise, paused_at, paused_at),
            None => new.arm(promise, now, now + chrono::TimeDelta::milliseconds(1)),
        }
        if !(same_calendar && new.plans_as(clock)) {
            *clock = new;
        }
    }
    add_missing(ticket, promise, now);
    ticket.sla_mark = mark;
}

/// Targets that the ticket had no clock for count from its creation, less the time it was solved.
fn add_missing(ticket: &mut Ticket, promise: Promise<'_>, now: Timestamp) {
    if !ticket.status.is_unsolved() {
        return;
    }
    let targets = promise.policy.targets_for(ticket);
    let absent = |kind: ClockKind| ticket.clocks.iter().all(|clock| clock.kind != kind);
    // Nobody has answered while the first word waits for one, and no clock says that one was given.
    let unanswered = ticket.awaits_reply && absent(ClockKind::FirstResponse) && absent(ClockKind::NextResponse);
    let missing = [(ClockKind::FirstResponse, unanswered), (ClockKind::Resolution, absent(ClockKind::Resolution))];
    let solved = ticket.solved_at.map_or(0, |at| spent_ms(promise.calendar, at, now));
    let spent = (spent_ms(promise.calendar, ticket.created_at, now) - solved).max(0);
    for (kind, missing) in missing {
        let Some(secs) = targets.of(kind).filter(|_| missing) else { continue };
        let mut clock = begin(kind, secs, promise, ticket.created_at, (now.max(ticket.created_at), spent));
        if kind == ClockKind::Resolution && !ticket.status.is_active() {
            clock.paused_at = clock.counted_to;
        }
        ticket.clocks.push(clock);
    }
}

/// What a console shows of a change of status before the server has counted: what runs and what stands still.
pub fn sketch(ticket: &mut Ticket, reopened: bool, at: Timestamp) {
    let status = ticket.status;
    for clock in &mut ticket.clocks {
        let resolution = clock.kind == ClockKind::Resolution;
        if !status.is_unsolved() {
            clock.paused_at = None;
            clock.stopped_at = clock.stopped_at.or(Some(at));
            continue;
        }
        if reopened && resolution {
            clock.stopped_at = None;
        }
        if status.is_active() {
            clock.paused_at = None;
        } else if resolution && clock.is_running() {
            clock.paused_at = Some(at);
        }
    }
}

/// A step that fell due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub clock: ClockKind,
    /// [`WARNING`], [`BREACH`] or a key of the policy.
    pub step: String,
    pub at: Timestamp,
}

/// The step that every clock has at the policy's `warn_percent`.
pub const WARNING: &str = "warning";
/// The step that every clock has when its target has run out.
pub const BREACH: &str = "breach";

/// Marks the due steps of running clocks as fired, and returns them in the order they fell due. A clock found past its due time
/// without its warning only breaches: a warning would come too late to help.
pub fn fire(clocks: &mut [Clock], now: Timestamp) -> Vec<Due> {
    let mut fired = Vec::new();
    for clock in clocks.iter_mut().filter(|clock| clock.is_running()) {
        let kind = clock.kind;
        let due = |step: &str, at: Timestamp| Due { clock: kind, step: step.to_owned(), at };
        let breaches = now >= clock.due_at && clock.breached_at.is_none();
        if now >= clock.warn_at && clock.warned_at.is_none() {
            clock.warned_at = Some(now);
            if now < clock.due_at {
                fired.push(due(WARNING, clock.warn_at));
            }
        }
        if breaches {
            clock.breached_at = Some(now);
            fired.push(due(BREACH, clock.due_at));
        }
        for step in clock.steps.iter_mut().filter(|step| now >= step.at && step.fired_at.is_none()) {
            step.fired_at = Some(now);
            fired.push(due(&step.key, step.at));
        }
    }
    fired.sort_by_key(|due| due.at);
    fired
}

/// When the next step of a running clock is due.
#[must_use]
pub fn next_step_at(clocks: &[Clock]) -> Option<Timestamp> {
    let ahead = |clock: &Clock| {
        let own = [clock.warned_at.is_none().then_some(clock.warn_at), clock.breached_at.is_none().then_some(clock.due_at)];
        let steps = clock.steps.iter().filter(|step| step.fired_at.is_none()).map(|step| step.at);
        own.into_iter().flatten().chain(steps).min()
    };
    clocks.iter().filter(|clock| clock.is_running()).filter_map(ahead).min()
}

/// Steps that passed before the desk knew the ticket are recorded, and told to nobody.
pub fn settle(clocks: &mut [Clock], now: Timestamp) {
    for clock in clocks {
        let until = clock.stopped_at.or(clock.paused_at).unwrap_or(now);
        clock.warned_at = Some(clock.warn_at).filter(|at| *at <= until);
        clock.breached_at = Some(clock.due_at).filter(|at| *at <= until);
        for step in &mut clock.steps {
            step.fired_at = Some(step.at).filter(|at| *at <= until);
        }
    }
}
