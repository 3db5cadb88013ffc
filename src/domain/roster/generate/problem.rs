//! What the search needs, as plain tables by person, day and shift type. Built once; the search never asks the directory.

use std::collections::{BTreeSet, HashMap};

use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Weekday};
use chrono_tz::Tz;

use super::slices::{self, Slice, Span};
use crate::domain::Timestamp;
use crate::domain::access;
use crate::domain::directory::Directory;
use crate::domain::id::PersonId;
use crate::domain::roster::fairness::Fairness;
use crate::domain::roster::pattern::{instant, shifts};
use crate::domain::roster::{ChangeState, PlanState, RosterChange, RosterChangeKind, RosterPlan, Rota, RotaLimits, Shift};

/// How many days before and after the period can matter to somebody's limits.
const AROUND_DAYS: u64 = 31;

/// A day off; shift types count from 1.
pub(super) const OFF: u8 = 0;

/// A shift that no proposal moves: an extra one, of another rota, or outside the period.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fixed {
    pub span: Span,
    /// Days from the first of the period, in the rota's zone.
    pub day: i64,
    pub night: bool,
    /// Of the rota in hand.
    pub ours: bool,
}

/// One member's givens.
#[derive(Clone, Debug, Default)]
pub(super) struct Member {
    /// In order of time.
    pub fixed: Vec<Fixed>,
    pub leave: Vec<Span>,
    /// Of `fixed`: those that touch the period, first and first after.
    pub inside: (usize, usize),
    /// Groups of skills that they have.
    pub groups: Vec<usize>,
    /// Minutes, night shifts and weekend shifts of the last period.
    pub before: [i64; 3],
    /// Days without any possible shift.
    pub days_away: u32,
}

pub(super) struct Problem {
    pub rota: Rota,
    pub first: NaiveDate,
    pub start: Timestamp,
    pub end: Timestamp,
    pub days: usize,
    /// Shift types.
    pub types: usize,
    pub people: Vec<PersonId>,
    pub members: Vec<Member>,
    /// By `day * types + type`.
    pub spans: Vec<Option<Span>>,
    pub covered: Vec<(u32, u32)>,
    pub list: Vec<Slice>,
    /// By type.
    pub night: Vec<bool>,
    /// Minutes after midnight at which a type starts.
    pub starts: Vec<u32>,
    /// By day.
    pub weekend: Vec<bool>,
    /// First instants of the weeks from Monday on that the period touches, and of the one after.
    pub weeks: Vec<i64>,
    /// By `(person * days + day) * (types + 1) + code`: not on leave and not elsewhere.
    allowed: Vec<bool>,
    /// Sets of skills that somebody on duty must have together.
    pub groups: Vec<Vec<String>>,
    pub limits: RotaLimits,
}

/// The rota's members who work here, each once, in its order.
fn people(directory: &Directory, rota: &Rota) -> Vec<PersonId> {
    let mut seen = BTreeSet::new();
    let works = |id: &PersonId| directory.people.get(id).is_some_and(|person| person.active && access::may_work(person));
    rota.members.iter().map(|member| member.person).filter(|id| works(id) && seen.insert(*id)).collect()
}

/// The directory with a published plan that counts before all others on its days.
pub(super) fn with_plan(directory: &Directory, plan: &RosterPlan) -> Directory {
    let latest = directory.roster_plans.values().map(|plan| plan.created_at).max();
    let created_at = latest.map_or(plan.created_at, |latest| latest.max(plan.created_at) + TimeDelta::milliseconds(1));
    let mut result = directory.clone();
    result.roster_plans.insert(plan.id, RosterPlan { state: PlanState::Published, created_at, ..plan.clone() });
    result
}

/// The groups of skills that the rota's queues need; repeats once.
fn groups(directory: &Directory, rota: &Rota) -> Vec<Vec<String>> {
    let queues = rota.queues.iter().filter_map(|id| directory.queues.get(id)).filter(|queue| queue.active && !queue.skills.is_empty());
    let sets: BTreeSet<Vec<String>> =
        queues.map(|queue| queue.skills.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect()).collect();
    sets.into_iter().collect()
}

/// Spans in which each person must not be given a shift: leave in any rota, and what they called off or gave away in this one.
fn leave(directory: &Directory, rota: &Rota) -> HashMap<PersonId, Vec<Span>> {
    let mut found: HashMap<PersonId, Vec<Span>> = HashMap::new();
    let mut add = |person: PersonId, from: Timestamp, to: Timestamp| {
        if from < to {
            found.entry(person).or_default().push((from.timestamp(), to.timestamp()));
        }
    };
    let holds = |change: &&RosterChange| !change.cancelled && change.state == ChangeState::InForce;
    for change in directory.roster_changes.values().filter(holds) {
        let ours = change.rota == rota.id;
        match change.kind {
            RosterChangeKind::Leave => add(change.person, change.from, change.to),
            RosterChangeKind::Cancel | RosterChangeKind::Cover if ours => add(change.person, change.from, change.to),
            RosterChangeKind::Swap if ours => {
                add(change.person, change.from, change.to);
                if let (Some(other), Some(from), Some(to)) = (change.other, change.other_from, change.other_to) {
                    add(other, from, to);
                }
            }
            _ => {}
        }
    }
    found
}

fn weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

fn overlaps(a: Span, b: Span) -> bool {
    a.0 < b.1 && b.0 < a.1
}

impl Problem {
    /// `blank` is the period's plan without any shift. The rota, its zone and the period were checked by the caller.
    pub(super) fn build(directory: &Directory, rota: &Rota, zone: Tz, blank: &RosterPlan, before: &Fairness) -> Self {
        let (first, last) = (blank.from, blank.to);
        let days = usize::try_from((last - first).num_days()).unwrap_or(0);
        let midnight = |date: NaiveDate| instant(zone, date.and_time(NaiveTime::MIN));
        let (start, end) = (midnight(first), midnight(last));
        let around = TimeDelta::days(i64::try_from(AROUND_DAYS).unwrap_or(31));
        let blank = with_plan(directory, blank);
        let ours = shifts(&blank, rota, start - around, end + around);
        let spans = slices::spans(rota, zone, first, days);
        let cut = slices::cut(rota, zone, first, &spans, &ours);
        let people = people(directory, rota);
        let groups = groups(directory, rota);
        let mut result = Self {
            first,
            start,
            end,
            days,
            types: rota.shift_types.len(),
            members: vec![Member::default(); people.len()],
            spans,
            covered: cut.covered,
            list: cut.list,
            night: rota.shift_types.iter().map(|kind| kind.night).collect(),
            starts: rota.shift_types.iter().map(|kind| chrono::Timelike::num_seconds_from_midnight(&kind.start) / 60).collect(),
            weekend: first.iter_days().take(days).map(weekend).collect(),
            weeks: weeks(first, last).into_iter().map(|monday| midnight(monday).timestamp()).collect(),
            allowed: Vec::new(),
            limits: rota.limits,
            rota: rota.clone(),
            people,
            groups,
        };
        result.fill_fixed(&blank, zone, ours, (start - around, end + around));
        result.fill_members(directory, before);
        result.fill_allowed();
        result
    }

    /// Shifts that stay as they are, of this rota and of others.
    fn fill_fixed(&mut self, blank: &Directory, zone: Tz, ours: Vec<Shift>, (from, to): (Timestamp, Timestamp)) {
        let place: HashMap<PersonId, usize> = self.people.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        let mut all = ours;
        for rota in blank.rotas.values().filter(|rota| rota.id != self.rota.id) {
            all.extend(shifts(blank, rota, from, to));
        }
        all.sort_by_key(|shift| (shift.from, shift.to, shift.rota));
        for shift in all {
            let Some(at) = place.get(&shift.person) else { continue };
            let rota = blank.rotas.get(&shift.rota);
            let night = rota.is_some_and(|rota| rota.shift_types.iter().any(|kind| kind.night && kind.code == shift.code));
            let day = (shift.from.with_timezone(&zone).date_naive() - self.first).num_days();
            self.members[*at].fixed.push(Fixed {
                span: (shift.from.timestamp(), shift.to.timestamp()),
                day,
                night,
                ours: shift.rota == self.rota.id,
            });
        }
        let (start, end) = (self.start.timestamp(), self.end.timestamp());
        for member in &mut self.members {
            member.inside.0 = member.fixed.partition_point(|fixed| fixed.span.0 < start);
            member.inside.1 = member.fixed.partition_point(|fixed| fixed.span.0 < end);
        }
    }

    fn fill_members(&mut self, directory: &Directory, before: &Fairness) {
        let leave = leave(directory, &self.rota);
        for (id, member) in self.people.iter().zip(&mut self.members) {
            if let Some(row) = before.rows.iter().find(|row| row.person == *id) {
                member.before = [row.minutes, row.night_shifts.into(), row.weekend_shifts.into()];
            }
            member.leave = leave.get(id).cloned().unwrap_or_default();
            let has = |skill: &String| directory.people.get(id).is_some_and(|person| person.skills.iter().any(|one| one.name == *skill));
            member.groups = (0..self.groups.len()).filter(|at| self.groups[*at].iter().all(has)).collect();
        }
    }

    fn fill_allowed(&mut self) {
        let mut allowed = Vec::with_capacity(self.people.len() * self.days * (self.types + 1));
        for member in &mut self.members {
            for day in 0..self.days {
                let first = allowed.len();
                allowed.push(true);
                for kind in 0..self.types {
                    let free = self.spans[day * self.types + kind].is_some_and(|span| {
                        let elsewhere = member.fixed.iter().any(|fixed| overlaps(fixed.span, span));
                        !elsewhere && !member.leave.iter().any(|leave| overlaps(*leave, span))
                    });
                    allowed.push(free);
                }
                member.days_away += u32::from(!allowed[first + 1..].contains(&true));
            }
        }
        self.allowed = allowed;
    }

    /// When `code` lasts on `day`; none for a day off, and for a shift that a clock change swallows.
    pub(super) fn span(&self, day: usize, code: u8) -> Option<Span> {
        if code == OFF { None } else { self.spans[day * self.types + usize::from(code) - 1] }
    }

    /// The slices that `code` covers on `day`.
    pub(super) fn slices(&self, day: usize, code: u8) -> std::ops::Range<usize> {
        if code == OFF {
            return 0..0;
        }
        let (from, to) = self.covered[day * self.types + usize::from(code) - 1];
        from as usize..to as usize
    }

    /// Whether somebody is neither on leave nor elsewhere.
    pub(super) fn allows(&self, person: usize, day: usize, code: u8) -> bool {
        self.allowed[(person * self.days + day) * (self.types + 1) + usize::from(code)]
    }

    /// Whether two shifts on days in a row overlap.
    pub(super) fn clash(&self, day: usize, code: u8, next: u8) -> bool {
        day + 1 < self.days && self.span(day, code).zip(self.span(day + 1, next)).is_some_and(|(a, b)| overlaps(a, b))
    }

    /// Codes of shift types, from 1.
    pub(super) fn codes(&self) -> std::ops::RangeInclusive<u8> {
        1..=u8::try_from(self.types).unwrap_or(u8::MAX)
    }

    /// Whether leave, and whether another duty, rules out a shift.
    pub(super) fn away(&self, person: usize, span: Span) -> (bool, bool) {
        let member = &self.members[person];
        let leave = member.leave.iter().any(|leave| overlaps(*leave, span));
        (leave, member.fixed.iter().any(|fixed| overlaps(fixed.span, span)))
    }
}

/// Mondays from that of the first day to the first one at or after the last.
fn weeks(first: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
    let back = u64::from(first.weekday().num_days_from_monday());
    let monday = first.checked_sub_days(Days::new(back)).unwrap_or(first);
    let mut mondays: Vec<NaiveDate> = monday.iter_days().step_by(7).take_while(|day| *day <= last).collect();
    if let Some(next) = mondays.last().and_then(|day| day.checked_add_days(Days::new(7))) {
        mondays.push(next);
    }
    mondays
}
