//! One person's row: what its days come to, which limits it breaks, and what it costs in wishes.
//!
//! Walked from end to end for every change of the row: a row is short, and a walk cannot drift from the truth.

use super::problem::{Fixed, OFF, Problem};
use super::slices::Span;
use crate::domain::roster::LimitRule;

/// Points of a broken limit where limits warn, and for each minute beyond it; a day in a row counts as an hour.
const WARN: (i64, i64) = (60_000, 100);
/// The same where they forbid: more than any coverage is worth.
const FORBID: (i64, i64) = (50_000_000, 1_000);
const SINGLE_OFF: i64 = 300;
const SINGLE_ON: i64 = 200;
const EARLY_AFTER_LATE: i64 = 600;
const OTHER_SHIFT: i64 = 60;
const DAY_MINUTES: i64 = 60;
/// Where no limit asks for rest, one shift after another is still to be avoided.
const SHORT_REST: i64 = 5_000;
const SHORT_REST_SECS: i64 = 8 * 3_600;

/// What a row comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub minutes: i64,
    pub nights: i64,
    pub weekends: i64,
    pub limits: i64,
    pub wishes: i64,
}

/// A broken limit of a row: the instant of the shift, what it comes to, and what is allowed, as in `LimitBreach`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken {
    pub rule: LimitRule,
    pub at: i64,
    pub value: i64,
    pub limit: i64,
}

/// The walk along a row, with what it has seen.
struct Walk<'a, F> {
    problem: &'a Problem,
    broken: F,
    last_end: Option<i64>,
    /// The last day on which a shift, and on which a night, started, and how many days in a row it was.
    worked: (i64, i64),
    nights: (i64, i64),
    weeks: Vec<i64>,
}

impl<F: FnMut(Broken)> Walk<'_, F> {
    fn shift(&mut self, Fixed { span: (from, to), day, night, .. }: Fixed, told: bool) {
        let limits = self.problem.limits;
        if let (Some(hours), Some(end)) = (limits.min_rest_hours, self.last_end) {
            let (rest, limit) = ((from - end) / 60, i64::from(hours) * 60);
            if told && (0..limit).contains(&rest) {
                (self.broken)(Broken { rule: LimitRule::MinRest, at: from, value: rest, limit });
            }
        }
        self.last_end = Some(self.last_end.map_or(to, |end| end.max(to)));
        let days = run(&mut self.worked, day);
        self.in_row(LimitRule::DaysInRow, days, limits.max_days_in_row, from, told);
        if night {
            let days = run(&mut self.nights, day);
            self.in_row(LimitRule::NightsInRow, days, limits.max_nights_in_row, from, told);
        }
        if limits.max_week_hours.is_some() {
            self.week((from, to), told);
        }
    }

    /// `days` is none for a second shift of a day.
    fn in_row(&mut self, rule: LimitRule, days: Option<i64>, limit: Option<u16>, at: i64, told: bool) {
        if let (Some(value), Some(limit)) = (days, limit.map(i64::from))
            && told
            && value > limit
        {
            (self.broken)(Broken { rule, at, value, limit });
        }
    }

    /// Minutes by week; told once a week, by the shift that goes beyond, and again by each that adds to it.
    fn week(&mut self, (from, to): Span, told: bool) {
        let limit = i64::from(self.problem.limits.max_week_hours.unwrap_or(u16::MAX)) * 60;
        for (at, pair) in self.problem.weeks.windows(2).enumerate() {
            let minutes = (to.min(pair[1]) - from.max(pair[0])) / 60;
            if minutes <= 0 {
                continue;
            }
            self.weeks[at] += minutes;
            if told && self.weeks[at] > limit {
                (self.broken)(Broken { rule: LimitRule::MaxWeek, at: from, value: self.weeks[at], limit });
            }
        }
    }
}

/// Days in a row up to `day`; none when the day was seen.
fn run(last: &mut (i64, i64), day: i64) -> Option<i64> {
    if last.0 == day && last.1 > 0 {
        return None;
    }
    *last = (day, if last.1 > 0 && last.0 + 1 == day { last.1 + 1 } else { 1 });
    Some(last.1)
}

/// Tells every limit that the row breaks, in order of time. Limits broken before the period are not told.
pub(super) fn broken(problem: &Problem, person: usize, cells: &[u8], tell: impl FnMut(Broken)) {
    let member = &problem.members[person];
    let weeks = vec![0; problem.weeks.len()];
    let mut walk = Walk { problem, broken: tell, last_end: None, worked: (0, 0), nights: (0, 0), weeks };
    let (inside, after) = member.inside;
    for fixed in &member.fixed[..inside] {
        walk.shift(*fixed, false);
    }
    let mut next = inside;
    for (day, code) in cells.iter().enumerate() {
        let Some(span) = problem.span(day, *code) else { continue };
        while next < after && member.fixed[next].span.0 < span.0 {
            walk.shift(member.fixed[next], true);
            next += 1;
        }
        let day = i64::try_from(day).unwrap_or(i64::MAX);
        walk.shift(Fixed { span, day, night: problem.night[usize::from(*code) - 1], ours: true }, true);
    }
    for fixed in &member.fixed[next..] {
        walk.shift(*fixed, true);
    }
}

/// Costs of a broken limit.
fn price(problem: &Problem, broken: Broken) -> i64 {
    let (each, by) = if problem.limits.forbid { FORBID } else { WARN };
    let beyond = (broken.value - broken.limit).abs();
    let minutes = matches!(broken.rule, LimitRule::MinRest | LimitRule::MaxWeek);
    each + by * if minutes { beyond } else { beyond * DAY_MINUTES }
}

fn wishes(problem: &Problem, cells: &[u8]) -> i64 {
    let mut cost = 0;
    for (day, pair) in cells.windows(2).enumerate() {
        let (Some((_, end)), Some((next, _))) = (problem.span(day, pair[0]), problem.span(day + 1, pair[1])) else { continue };
        if problem.limits.min_rest_hours.is_none() && next - end < SHORT_REST_SECS {
            cost += SHORT_REST;
        }
        if pair[0] != pair[1] {
            let start = |code: u8| problem.starts[usize::from(code) - 1];
            cost += if start(pair[1]) < start(pair[0]) { EARLY_AFTER_LATE } else { OTHER_SHIFT };
        }
    }
    for three in cells.windows(3) {
        match [three[0] == OFF, three[1] == OFF, three[2] == OFF] {
            [false, true, false] => cost += SINGLE_OFF,
            [true, false, true] => cost += SINGLE_ON,
            _ => {}
        }
    }
    cost
}

/// What the row comes to.
pub(super) fn tally(problem: &Problem, person: usize, cells: &[u8]) -> Tally {
    let mut tally = Tally { wishes: wishes(problem, cells), ..Tally::default() };
    for (day, code) in cells.iter().enumerate() {
        let Some((from, to)) = problem.span(day, *code) else { continue };
        tally.minutes += (to - from) / 60;
        tally.nights += i64::from(problem.night[usize::from(*code) - 1]);
        tally.weekends += i64::from(problem.weekend[day]);
    }
    broken(problem, person, cells, |broken| tally.limits += price(problem, broken));
    tally
}
