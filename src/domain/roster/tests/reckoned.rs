//! Limits, fairness and cover against plain references that count quarters of an hour and days.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, TimeDelta};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::change;
use crate::domain::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::id::PersonId;
use crate::domain::roster::cover::{candidates, looked};
use crate::domain::roster::fairness::report;
use crate::domain::roster::limits::{added, breaches};
use crate::domain::roster::pattern::{instant, shifts};
use crate::domain::roster::{LimitRule, RosterChangeKind, Rota, RotaLimits, RotaMember, Shift};
use crate::domain::testing::{ANA, BEN, Desk, EVE, EXPERTS, PUMPS, ROTA, at, id, main_rota, rota, shift_type};

const ZONES: [(&str, &str); 5] = [
    ("Europe/Berlin", "2026-03-29T01:00:00Z"),
    ("America/New_York", "2026-11-01T06:00:00Z"),
    ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"),
    ("Asia/Kolkata", "2026-06-01T00:00:00Z"),
    ("Asia/Kathmandu", "2026-06-01T00:00:00Z"),
];
const PEOPLE: [u128; 3] = [ANA, BEN, EVE];
const STEP: TimeDelta = TimeDelta::minutes(15);

prop_compose! {
    fn one(n: u128)(
        zone in 0..ZONES.len(),
        times in prop::collection::vec((0..24_u32, 0..4_u32, 0..24_u32, 0..4_u32, any::<bool>()), 1..3),
        pattern in prop::collection::vec(0..4_usize, 1..9),
        offsets in prop::collection::vec(-9..9_i32, 2),
        (rest, week, nights, days) in (0..16_u16, 0..60_u16, 0..4_u16, 0..7_u16),
    ) -> (Rota, usize) {
        let mut row = rota(n, 1, &[id(PUMPS)], &[]);
        let codes = ["A", "B"];
        row.shift_types = times.iter().zip(codes).map(|((h, q, eh, eq, _), code)| shift_type(code, (*h, q * 15), (*eh, eq * 15))).collect();
        for (kind, time) in row.shift_types.iter_mut().zip(&times) {
            kind.night = time.4;
        }
        row.time_zone = ZONES[zone].0.into();
        row.pattern = pattern.iter().map(|n| row.shift_types.get(*n).map(|kind| kind.code.clone())).collect();
        row.members = PEOPLE.iter().zip(offsets).map(|(n, offset_days)| RotaMember { person: id(*n), offset_days }).collect();
        let some = |value: u16| (value > 0).then_some(value);
        row.limits = RotaLimits {
            min_rest_hours: some(rest),
            max_week_hours: some(week),
            max_nights_in_row: some(nights),
            max_days_in_row: some(days),
            forbid: false,
        };
        (row, zone)
    }
}

/// Two rotas that share Ana and Ben, with extra shifts near the day on which the first one's clocks change.
fn directories() -> impl Strategy<Value = (Directory, Timestamp)> {
    let extras = prop::collection::vec((0..3_usize, -700..700_i64, 1..60_i64), 0..5);
    (one(ROTA), one(EXPERTS), extras).prop_map(|((first, zone), (second, _), extras)| {
        let day = at(ZONES[zone].1);
        let mut directory = Desk::new().directory;
        directory.rotas = [(first.id, first), (second.id, second)].into();
        for ((person, start, length), n) in extras.into_iter().zip(1..) {
            let from = day + STEP * i32::try_from(start).unwrap();
            let extra = change(n, RosterChangeKind::Extra, PEOPLE[person], None, from, from + STEP * i32::try_from(length).unwrap());
            directory.roster_changes.insert(extra.id, extra);
        }
        (directory, day)
    })
}

fn all(directory: &Directory, person: PersonId, from: Timestamp, to: Timestamp) -> Vec<Shift> {
    let found = directory.rotas.values().flat_map(|rota| shifts(directory, rota, from, to));
    found.filter(|shift| shift.person == person).collect()
}

/// Each quarter of an hour from an instant, and whether somebody is on duty in it.
fn quarters(directory: &Directory, person: PersonId, from: Timestamp, to: Timestamp) -> Vec<(Timestamp, bool)> {
    let shifts = all(directory, person, from, to);
    let instants = std::iter::successors(Some(from), |at| Some(*at + STEP)).take_while(|at| *at < to);
    instants.map(|at| (at, shifts.iter().any(|shift| shift.from <= at && at < shift.to))).collect()
}

type Found = BTreeSet<(LimitRule, Timestamp, u32, u32)>;

fn rest(quarters: &[(Timestamp, bool)], hours: u16, found: &mut Found) {
    let mut free: Option<u32> = None;
    for (at, on) in quarters {
        match (on, free) {
            (true, Some(rest)) if rest > 0 && rest < u32::from(hours) * 60 => {
                found.insert((LimitRule::MinRest, *at, rest, u32::from(hours) * 60));
            }
            _ => {}
        }
        // What lies before the first shift is no rest between two.
        free = if *on { Some(0) } else { free.map(|rest| rest + 15) };
    }
}

fn week(quarters: &[(Timestamp, bool)], zone: Tz, hours: u16, found: &mut Found) {
    let limit = u32::from(hours) * 60;
    let weeks: BTreeSet<_> = quarters.iter().map(|(at, _)| at.with_timezone(&zone).date_naive().iso_week()).collect();
    for week in weeks {
        let of_week = quarters.iter().filter(|(at, _)| at.with_timezone(&zone).date_naive().iso_week() == week);
        let (mut sum, mut start, mut passes) = (0, None, None);
        for (at, on) in of_week {
            start = if *on { start.or(Some(*at)) } else { None };
            sum += if *on { 15 } else { 0 };
            if sum > limit && passes.is_none() {
                passes = start;
            }
        }
        if let Some(at) = passes {
            found.insert((LimitRule::MaxWeek, at, sum, limit));
        }
    }
}

/// Each shift here is of one piece. It counts for the day on which it starts, and, where the clocks of two zones change on
/// different days and it lasts longer than a day of this zone's wall clock, for the next from the same time of day on.
fn row(shifts: &[Shift], zone: Tz, first: NaiveDate, rule: LimitRule, limit: u16, found: &mut Found) {
    let mut days: BTreeMap<NaiveDate, Timestamp> = BTreeMap::new();
    for shift in shifts {
        let (start, end) = (shift.from.with_timezone(&zone).naive_local(), shift.to.with_timezone(&zone).naive_local());
        let mut begins = vec![(start.date(), shift.from)];
        if end - start > TimeDelta::days(1) {
            let next = start + TimeDelta::days(1);
            begins.push((next.date(), instant(zone, next)));
        }
        for (day, at) in begins {
            days.entry(day).and_modify(|first| *first = at.min(*first)).or_insert(at);
        }
    }
    for (day, at) in days.range(first..) {
        let row = std::iter::successors(Some(*day), NaiveDate::pred_opt).take_while(|day| *day >= first && days.contains_key(day)).count();
        if row > usize::from(limit) {
            found.insert((rule, *at, u32::try_from(row).unwrap(), limit.into()));
        }
    }
}

fn expected(directory: &Directory, rota: &Rota, person: PersonId, from: Timestamp, to: Timestamp) -> Found {
    let zone: Tz = rota.time_zone.parse().unwrap();
    let quarters = quarters(directory, person, from - TimeDelta::days(9), to + TimeDelta::days(9));
    let mut found = Found::new();
    if let Some(hours) = rota.limits.min_rest_hours {
        rest(&quarters, hours, &mut found);
    }
    if let Some(hours) = rota.limits.max_week_hours {
        week(&quarters, zone, hours, &mut found);
    }
    let shifts = all(directory, person, from - TimeDelta::days(70), to);
    let first = (from - TimeDelta::days(62)).with_timezone(&zone).date_naive();
    if let Some(limit) = rota.limits.max_days_in_row {
        row(&shifts, zone, first, LimitRule::DaysInRow, limit, &mut found);
    }
    if let Some(limit) = rota.limits.max_nights_in_row {
        let night = |shift: &&Shift| directory.rotas[&shift.rota].shift_types.iter().any(|kind| kind.code == shift.code && kind.night);
        let nights: Vec<Shift> = shifts.iter().filter(night).cloned().collect();
        row(&nights, zone, first, LimitRule::NightsInRow, limit, &mut found);
    }
    found.retain(|(_, at, _, _)| from <= *at && *at < to);
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn limits_are_what_counting_says((directory, day) in directories(), start in -20..20_i64, length in 1..60_i64) {
        let rota = &directory.rotas[&main_rota()];
        let from = day + TimeDelta::hours(start * 6);
        let to = from + TimeDelta::hours(length * 6);
        for person in PEOPLE.map(id) {
            let found: Found = breaches(&directory, rota, &[person], from, to)
                .into_iter()
                .map(|breach| (breach.rule, breach.at, breach.value, breach.limit))
                .collect();
            prop_assert_eq!(found, expected(&directory, rota, person, from, to));
        }
    }

    #[test]
    fn fairness_counts_every_minute((directory, day) in directories(), length in 1..60_i64) {
        let rotas: Vec<&Rota> = directory.rotas.values().collect();
        let (from, to) = (day, day + TimeDelta::hours(length * 6));
        let fairness = report(&directory, &rotas, from, to);
        for person in PEOPLE.map(id) {
            let minutes = 15 * i64::try_from(quarters(&directory, person, from, to).iter().filter(|(_, on)| *on).count()).unwrap();
            let row = fairness.rows.iter().find(|row| row.person == person);
            prop_assert_eq!(row.map_or(0, |row| row.minutes), minutes);
        }
        let off: i64 = fairness.rows.iter().map(|row| row.minutes_off_mean).sum();
        prop_assert!(off.abs() <= i64::try_from(fairness.rows.len()).unwrap(), "they lie around the mean");
    }

    #[test]
    fn a_cover_breaks_what_was_foretold((directory, day) in directories(), start in -20..20_i64, quarters in 1..48_i32, instead in any::<bool>()) {
        let rota = &directory.rotas[&main_rota()];
        let zone: Tz = rota.time_zone.parse().unwrap();
        let from = day + TimeDelta::hours(start);
        let to = from + STEP * quarters;
        let instead_of = instead.then(|| id(ANA));
        let span = looked(rota, (from, to));
        for one in candidates(&directory, rota, instead_of, from, to).into_iter().filter(|one| !one.on_duty_elsewhere) {
            let kind = if instead { RosterChangeKind::Cover } else { RosterChangeKind::Extra };
            let mut made = change(99, kind, ANA, None, from, to);
            if instead {
                made.other = Some(one.person);
            } else {
                made.person = one.person;
            }
            let mut after = directory.clone();
            after.roster_changes.insert(made.id, made);
            let of = |directory: &Directory| breaches(directory, rota, &[one.person], span.0, span.1);
            prop_assert_eq!(&one.breaches, &added(&of(&directory), of(&after), zone), "{:?}", one.person);
        }
    }
}
