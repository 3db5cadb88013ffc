//! What a rota asks of people's shifts, held against what they work in all rotas.
//!
//! Rest lies between stretches (see [`worked`](super::worked)); the week counts from Monday to Sunday in the rota's zone; a
//! row of days or nights is counted on the local days on which shifts start, and each day beyond the limit is a breach of its
//! own, so that giving duty away never makes one. Rows are counted back two months at most.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta, Weekday};
use chrono_tz::Tz;

use super::pattern::instant;
use super::worked::{Piece, Span, days_of, pieces, rotas_with, seconds_within, stretches, whole_shifts, worked};
use super::{LimitBreach, LimitRule, Rota, RotaLimits};
use crate::domain::directory::Directory;
use crate::domain::id::PersonId;
use crate::domain::refusal::RefusalKind;
use crate::domain::{Refusal, Timestamp};

/// How far back a row of days is counted.
const ROW_BACK_DAYS: i64 = 62;
/// No shift is longer, and a week fits.
const SLACK_DAYS: i64 = 9;
/// How many breaches a refusal spells out.
const LISTED_MAX: usize = 3;

impl RotaLimits {
    /// Whether anything binds.
    #[must_use]
    pub fn any(&self) -> bool {
        self.min_rest_hours.is_some() || self.max_week_hours.is_some() || self.max_nights_in_row.is_some() || self.max_days_in_row.is_some()
    }
}

/// What must be known to tell the breaches of `[from, to)`: weeks whole, rows from their start.
pub(super) fn reach(limits: &RotaLimits, from: Timestamp, to: Timestamp) -> Span {
    let rows = limits.max_nights_in_row.is_some() || limits.max_days_in_row.is_some();
    let rest = TimeDelta::hours(limits.min_rest_hours.unwrap_or(0).into());
    let back = rest + TimeDelta::days(SLACK_DAYS + if rows { ROW_BACK_DAYS } else { 0 });
    (from - back, to + TimeDelta::days(SLACK_DAYS))
}

/// One person's duty, held against one rota's limits.
struct Check<'a> {
    rota: &'a Rota,
    zone: Tz,
    person: PersonId,
    span: Span,
    found: Vec<LimitBreach>,
}

impl Check<'_> {
    fn push(&mut self, rule: LimitRule, at: Timestamp, value: i64, limit: i64) {
        if self.span.0 <= at && at < self.span.1 {
            let number = |value: i64| u32::try_from(value).unwrap_or(u32::MAX);
            self.found.push(LimitBreach { rota: self.rota.id, person: self.person, rule, at, value: number(value), limit: number(limit) });
        }
    }

    fn rest(&mut self, pieces: &[Piece], hours: u16) {
        for pair in stretches(pieces).windows(2) {
            let rest = pair[1].0 - pair[0].1;
            if rest < TimeDelta::hours(hours.into()) {
                self.push(LimitRule::MinRest, pair[1].0, rest.num_minutes(), i64::from(hours) * 60);
            }
        }
    }

    fn weeks(&mut self, pieces: &[Piece], hours: u16) {
        let spans = worked(pieces);
        let limit = i64::from(hours) * 3_600;
        let mut monday = self.span.0.with_timezone(&self.zone).date_naive().week(Weekday::Mon).first_day();
        loop {
            let next = monday + Days::new(7);
            let week = (instant(self.zone, monday.and_time(NaiveTime::MIN)), instant(self.zone, next.and_time(NaiveTime::MIN)));
            if week.0 >= self.span.1 {
                return;
            }
            let total = seconds_within(&spans, week);
            if total > limit {
                let mut sum = 0;
                let passes = spans.iter().find(|span| {
                    sum += seconds_within(std::slice::from_ref(span), week);
                    sum > limit
                });
                let at = passes.map_or(week.0, |span| span.0.max(week.0));
                self.push(LimitRule::MaxWeek, at, total / 60, limit / 60);
            }
            monday = next;
        }
    }

    fn rows(&mut self, pieces: &[Piece], rule: LimitRule, limit: u16) {
        let mut days: BTreeMap<NaiveDate, Timestamp> = BTreeMap::new();
        for shift in whole_shifts(pieces) {
            for (day, at) in days_of((shift.from, shift.to), self.zone) {
                days.entry(day).and_modify(|first| *first = at.min(*first)).or_insert(at);
            }
        }
        let first = (self.span.0 - TimeDelta::days(ROW_BACK_DAYS)).with_timezone(&self.zone).date_naive();
        let (mut row, mut before) = (0_i64, None);
        for (day, at) in days.range(first..) {
            row = if before.and_then(|day: NaiveDate| day.succ_opt()) == Some(*day) { row + 1 } else { 1 };
            before = Some(*day);
            if row > i64::from(limit) {
                self.push(rule, *at, row, limit.into());
            }
        }
    }
}

/// The breaches of one person whose pieces are known as far as [`reach`] says.
pub(super) fn of_pieces(rota: &Rota, zone: Tz, person: PersonId, pieces: &[Piece], span: Span) -> Vec<LimitBreach> {
    let mut check = Check { rota, zone, person, span, found: Vec::new() };
    if let Some(hours) = rota.limits.min_rest_hours {
        check.rest(pieces, hours);
    }
    if let Some(hours) = rota.limits.max_week_hours {
        check.weeks(pieces, hours);
    }
    if let Some(limit) = rota.limits.max_nights_in_row {
        let nights: Vec<Piece> = pieces.iter().copied().filter(|piece| piece.night).collect();
        check.rows(&nights, LimitRule::NightsInRow, limit);
    }
    if let Some(limit) = rota.limits.max_days_in_row {
        check.rows(pieces, LimitRule::DaysInRow, limit);
    }
    check.found.sort_by_key(|breach| (breach.at, breach.rule));
    check.found
}

/// The limits of `rota` that the shifts of `people` in all rotas break, by instant, for shifts that start in `[from, to)`.
/// The rota itself may be a draft of another edition. Empty for a rota with an unknown time zone.
#[must_use]
pub fn breaches(directory: &Directory, rota: &Rota, people: &[PersonId], from: Timestamp, to: Timestamp) -> Vec<LimitBreach> {
    let Ok(zone) = rota.time_zone.parse::<Tz>() else { return Vec::new() };
    if !rota.limits.any() || from >= to {
        return Vec::new();
    }
    let (start, end) = reach(&rota.limits, from, to);
    let all = pieces(directory, rotas_with(directory, rota), start, end);
    let mut people = people.to_vec();
    people.sort_unstable();
    people.dedup();
    let known = people.iter().filter_map(|person| Some((*person, all.get(person)?)));
    let mut found: Vec<LimitBreach> = known.flat_map(|(person, pieces)| of_pieces(rota, zone, person, pieces, (from, to))).collect();
    found.sort_by_key(|breach| (breach.at, breach.person, breach.rule));
    found
}

/// What a breach is of: the same before and after a change that makes it worse or better.
fn about(breach: &LimitBreach, zone: Tz) -> (PersonId, LimitRule, NaiveDate, Option<Timestamp>) {
    let day = breach.at.with_timezone(&zone).date_naive();
    let (day, at) = match breach.rule {
        LimitRule::MinRest => (day, Some(breach.at)),
        LimitRule::MaxWeek => (day.week(Weekday::Mon).first_day(), None),
        LimitRule::NightsInRow | LimitRule::DaysInRow => (day, None),
    };
    (breach.person, breach.rule, day, at)
}

/// The breaches of `after` that were not there before, or not as bad. Both of the same rota, in `zone`.
#[must_use]
pub fn added(before: &[LimitBreach], after: Vec<LimitBreach>, zone: Tz) -> Vec<LimitBreach> {
    let mut old = BTreeMap::new();
    for breach in before {
        old.insert(about(breach, zone), breach.value);
    }
    let worse = |breach: &LimitBreach| match old.get(&about(breach, zone)) {
        None => true,
        Some(value) if breach.rule == LimitRule::MinRest => breach.value < *value,
        Some(value) => breach.value > *value,
    };
    after.into_iter().filter(worse).collect()
}

fn hours(minutes: u32) -> String {
    if minutes.is_multiple_of(60) { format!("{} h", minutes / 60) } else { format!("{} h {} min", minutes / 60, minutes % 60) }
}

/// One breach in words: who, which limit, when, what it comes to and what is allowed.
#[must_use]
pub fn words(directory: &Directory, rota: &Rota, breach: &LimitBreach) -> String {
    let zone = rota.time_zone.parse().unwrap_or(Tz::UTC);
    let (name, key, at) = (directory.person_name(breach.person), &rota.key, breach.at.with_timezone(&zone));
    let (value, limit) = (breach.value, breach.limit);
    match breach.rule {
        LimitRule::MinRest => {
            let when = at.format("%Y-%m-%d %H:%M");
            format!("{name} would rest {} before the shift at {when} ({zone}), and {key} asks for {}", hours(value), hours(limit))
        }
        LimitRule::MaxWeek => {
            let monday = at.date_naive().week(Weekday::Mon).first_day();
            format!("{name} would work {} in the week of {monday}, and {key} allows {}", hours(value), hours(limit))
        }
        LimitRule::NightsInRow => format!("{name} would have {value} nights in a row on {}, and {key} allows {limit}", at.date_naive()),
        LimitRule::DaysInRow => format!("{name} would have {value} days in a row on {}, and {key} allows {limit}", at.date_naive()),
    }
}

/// # Errors
/// `limit_broken`, with the first breaches in words, when there are any.
pub(super) fn refuse(directory: &Directory, rota: &Rota, breaches: &[LimitBreach]) -> Result<(), Refusal> {
    if breaches.is_empty() {
        return Ok(());
    }
    let mut listed: Vec<String> = breaches.iter().take(LISTED_MAX).map(|breach| words(directory, rota, breach)).collect();
    if breaches.len() > LISTED_MAX {
        listed.push(format!("and {} more", breaches.len() - LISTED_MAX));
    }
    let message = format!("{}: choose somebody else or another span, or change the rota's limits.", listed.join("; "));
    Err(Refusal::new(RefusalKind::Invalid, "limit_broken", message))
}
