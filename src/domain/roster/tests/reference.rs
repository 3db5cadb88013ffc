//! Shifts, gaps and the index of who is on duty against a reference that walks the clock minute by minute: a thousand rotas
//! with plans and changes, around clock changes, in half-hour zones, and where a country crossed the date line.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::change;
use crate::domain::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::id::PersonId;
use crate::domain::roster::duty::DutyIndex;
use crate::domain::roster::gap::gaps;
use crate::domain::roster::pattern::shifts;
use crate::domain::roster::{
    ChangeState, Gap, PlanRow, PlanState, Requirement, RosterChange, RosterChangeKind, RosterPlan, Rota, RotaMember, ShiftType,
};
use crate::domain::testing::{ANA, BEN, Desk, EVE, PUMPS, ROTA, at, id, rota, shift_type};

/// Zones with a day near which their clocks change, where they do.
const ZONES: [(&str, &str); 14] = [
    ("Europe/Berlin", "2026-03-29"),
    ("Europe/Berlin", "2026-10-25"),
    ("America/New_York", "2026-03-08"),
    ("America/New_York", "2026-11-01"),
    ("Australia/Lord_Howe", "2026-04-05"),
    ("Australia/Lord_Howe", "2026-10-04"),
    ("Asia/Kolkata", "2026-06-01"),
    ("Asia/Kathmandu", "2026-06-01"),
    ("Asia/Shanghai", "2026-06-01"),
    ("Asia/Shanghai", "1988-04-17"),
    ("Asia/Shanghai", "1991-09-15"),
    ("Pacific/Apia", "2011-12-30"),
    ("Pacific/Apia", "2012-04-01"),
    ("Pacific/Apia", "2026-06-01"),
];
const PEOPLE: [u128; 3] = [ANA, BEN, EVE];
const CODES: [&str; 2] = ["A", "B"];

/// Wall-clock readings of each minute, never running back: a time that comes twice counts when it comes first, and one that
/// is skipped counts as reached by the next reading.
fn readings(zone: Tz, from: Timestamp, minutes: i64) -> Vec<(Timestamp, NaiveDateTime)> {
    let mut latest = (from - TimeDelta::days(1)).with_timezone(&zone).naive_local();
    let mut readings = Vec::new();
    // No clock is put back by more than an hour or so.
    for minute in -180..minutes {
        let at = from + TimeDelta::minutes(minute);
        latest = latest.max(at.with_timezone(&zone).naive_local());
        if minute >= 0 {
            readings.push((at, latest));
        }
    }
    readings
}

fn within(reading: NaiveDateTime, date: NaiveDate, start: NaiveTime, end: NaiveTime) -> bool {
    let last = if end > start { date } else { date + Days::new(1) };
    date.and_time(start) <= reading && reading < last.and_time(end)
}

/// Who has which code on a day: by the plan made last, else by the pattern.
fn codes<'a>(rota: &'a Rota, plans: &'a [RosterPlan], date: NaiveDate) -> Vec<(PersonId, Option<&'a String>)> {
    let of_day = plans.iter().filter(|plan| plan.state == PlanState::Published && plan.from <= date && date < plan.to);
    if let Some(plan) = of_day.max_by_key(|plan| (plan.created_at, plan.id)) {
        let day = usize::try_from((date - plan.from).num_days()).unwrap();
        return plan.rows.iter().map(|row| (row.person, row.codes[day].as_ref())).collect();
    }
    let length = i64::try_from(rota.pattern.len()).unwrap();
    let code = |offset: i32| {
        let days = (date - rota.starts_on).num_days() + i64::from(offset);
        rota.pattern[usize::try_from(days.rem_euclid(length)).unwrap()].as_ref()
    };
    rota.members.iter().map(|member| (member.person, code(member.offset_days))).collect()
}

/// One change upon those on duty at an instant.
fn apply(people: &mut BTreeSet<PersonId>, change: &RosterChange, at: Timestamp) {
    let within = change.from <= at && at < change.to;
    match change.kind {
        RosterChangeKind::Extra if within => drop(people.insert(change.person)),
        RosterChangeKind::Leave | RosterChangeKind::Cancel if within => drop(people.remove(&change.person)),
        RosterChangeKind::Cover if within && people.remove(&change.person) => drop(people.insert(change.other.unwrap())),
        RosterChangeKind::Swap => {
            let (from, to, other) = (change.other_from.unwrap(), change.other_to.unwrap(), change.other.unwrap());
            let gives = within && people.contains(&change.person);
            let takes = from <= at && at < to && people.contains(&other);
            if gives != takes {
                let (giver, taker) = if gives { (change.person, other) } else { (other, change.person) };
                people.remove(&giver);
                people.insert(taker);
            }
        }
        _ => {}
    }
}

fn expected(rota: &Rota, plans: &[RosterPlan], changes: &[RosterChange], at: Timestamp, reading: NaiveDateTime) -> BTreeSet<PersonId> {
    let mut people = BTreeSet::new();
    for back in 0..3 {
        let date = reading.date() - Days::new(back);
        for (person, code) in codes(rota, plans, date) {
            let kind = rota.shift_types.iter().find(|kind| Some(&kind.code) == code);
            if kind.is_some_and(|kind| within(reading, date, kind.start, kind.end)) {
                people.insert(person);
            }
        }
    }
    let order: [&[RosterChangeKind]; 4] = [
        &[RosterChangeKind::Extra],
        &[RosterChangeKind::Swap],
        &[RosterChangeKind::Cover],
        &[RosterChangeKind::Leave, RosterChangeKind::Cancel],
    ];
    for kinds in order {
        let in_force = changes.iter().filter(|change| !change.cancelled && change.state == ChangeState::InForce);
        for change in in_force.filter(|change| kinds.contains(&change.kind)) {
            apply(&mut people, change, at);
        }
    }
    people
}

prop_compose! {
    fn rotas()(
        zone in 0..ZONES.len(),
        times in prop::collection::vec((0..24_u32, 0..4_u32, 0..24_u32, 0..4_u32), 1..3),
        pattern in prop::collection::vec(0..4_usize, 1..6),
        offsets in prop::collection::vec(-9..9_i32, 3),
        people in 1..4_u32,
    ) -> (Rota, NaiveDate) {
        let (name, day) = ZONES[zone];
        let kinds: Vec<ShiftType> =
            times.iter().zip(CODES).map(|((h, q, eh, eq), code)| shift_type(code, (*h, q * 15), (*eh, eq * 15))).collect();
        let mut row = rota(ROTA, 1, &[id(PUMPS)], &[]);
        row.time_zone = name.into();
        row.pattern = pattern.iter().map(|n| kinds.get(*n).map(|kind| kind.code.clone())).collect();
        row.members = PEOPLE.iter().zip(offsets).map(|(n, offset_days)| RotaMember { person: id(*n), offset_days }).collect();
        let (from, to) = (kinds[0].start, kinds[0].end);
        let weekdays = vec![Weekday::Sat, Weekday::Sun, Weekday::Mon];
        row.required = vec![Requirement { weekdays, from, to, people }];
        row.shift_types = kinds;
        (row, day.parse().unwrap())
    }
}

prop_compose! {
    /// A change of any kind near the epoch, some asked, declined or withdrawn.
    fn changes()(
        kind in 0..6_usize,
        person in 0..3_usize,
        step in 1..3_usize,
        start in -600..2_000_i64,
        minutes in 1..900_i64,
        other_start in -600..2_000_i64,
        other_minutes in 1..900_i64,
        state in prop::sample::select(vec![ChangeState::InForce, ChangeState::InForce, ChangeState::InForce, ChangeState::Asked, ChangeState::Accepted, ChangeState::Declined]),
        cancelled in prop::bool::weighted(0.1),
        created in 0..3_i64,
    ) -> RosterChange {
        let kinds = [
            RosterChangeKind::Leave, RosterChangeKind::Cover, RosterChangeKind::Extra, RosterChangeKind::Swap,
            RosterChangeKind::Swap, RosterChangeKind::Cancel,
        ];
        let kind = kinds[kind];
        let other = matches!(kind, RosterChangeKind::Cover | RosterChangeKind::Swap).then(|| PEOPLE[(person + step) % 3]);
        let near = Timestamp::UNIX_EPOCH;
        let from = near + TimeDelta::minutes(start);
        let other_from = (kind == RosterChangeKind::Swap).then(|| near + TimeDelta::minutes(other_start));
        RosterChange {
            other_from,
            other_to: other_from.map(|from| from + TimeDelta::minutes(other_minutes)),
            state,
            cancelled,
            created_at: near + TimeDelta::minutes(created),
            ..change(0, kind, PEOPLE[person], other, from, from + TimeDelta::minutes(minutes))
        }
    }
}

/// The change as if made near another instant.
fn near(change: &RosterChange, n: u128, instant: Timestamp) -> RosterChange {
    let moved = |at: Timestamp| at + (instant - Timestamp::UNIX_EPOCH);
    RosterChange {
        id: id(n),
        from: moved(change.from),
        to: moved(change.to),
        other_from: change.other_from.map(moved),
        other_to: change.other_to.map(moved),
        created_at: moved(change.created_at),
        ..change.clone()
    }
}

/// First day, days, and rows of whether proposed only, codes and whose: a plan once rota and day are known.
type Made = (i64, i64, Vec<(bool, Vec<usize>, Vec<usize>)>);

fn plans() -> impl Strategy<Value = Vec<Made>> {
    let rows = prop::collection::vec((any::<bool>(), prop::collection::vec(0..4_usize, 5), prop::collection::vec(0..3_usize, 1)), 0..3);
    prop::collection::vec((-3..3_i64, 1..6_i64, rows), 0..3)
}

fn plan(n: u128, rota: &Rota, day: NaiveDate, (start, days, rows): &Made) -> RosterPlan {
    let from = day + TimeDelta::days(*start);
    let mut seen = BTreeSet::new();
    let code = |n: &usize| rota.shift_types.get(*n).map(|kind| kind.code.clone());
    let row = |(_, codes, who): &(bool, Vec<usize>, Vec<usize>)| PlanRow {
        person: id(PEOPLE[who[0]]),
        codes: codes.iter().take(usize::try_from(*days).unwrap()).map(code).collect(),
    };
    let state = if rows.first().is_some_and(|row| row.0) { PlanState::Proposed } else { PlanState::Published };
    RosterPlan {
        id: id(n),
        version: 1,
        rota: rota.id,
        from,
        to: from + TimeDelta::days(*days),
        rows: rows.iter().map(row).filter(|row| seen.insert(row.person)).collect(),
        state,
        reason: String::new(),
        made_by: None,
        created_at: at("2010-01-01T00:00:00Z"),
    }
}

/// How many a rota asks for and has at a reading, where it lacks some.
fn lacking(rota: &Rota, reading: NaiveDateTime, on_duty: u32) -> Option<(u32, u32)> {
    let asks = |wanted: &&Requirement| {
        (0..3).any(|back| {
            let date = reading.date() - Days::new(back);
            wanted.weekdays.contains(&date.weekday()) && within(reading, date, wanted.from, wanted.to)
        })
    };
    let required = rota.required.iter().filter(asks).map(|wanted| wanted.people).max().unwrap_or(0);
    (on_duty < required).then_some((required, on_duty))
}

/// The gap of an instant; gaps are in order.
fn gap_at(gaps: &[Gap], at: Timestamp) -> Option<(u32, u32)> {
    gaps.iter().find(|gap| gap.from <= at && at < gap.to).map(|gap| (gap.required, gap.on_duty))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn shifts_and_gaps_are_what_the_wall_clock_says(
        (rota, day) in rotas(),
        begin in -2_160..1_440_i64,
        length in 1..1_300_i64,
        made in prop::collection::vec(changes(), 0..6),
        plans in plans(),
    ) {
        let zone: Tz = rota.time_zone.parse().unwrap();
        let from = day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::minutes(begin);
        let to = from + TimeDelta::minutes(length);
        let mut changes: Vec<RosterChange> = made.iter().zip(1..).map(|(change, n)| near(change, n, from)).collect();
        changes.sort_by_key(|change| (change.created_at, change.id));
        let plans: Vec<RosterPlan> = plans.iter().zip(50..).map(|(made, n)| plan(n, &rota, day, made)).collect();
        let directory = Directory {
            people: Desk::new().directory.people,
            rotas: [(rota.id, rota.clone())].into(),
            roster_plans: plans.iter().map(|plan| (plan.id, plan.clone())).collect(),
            roster_changes: changes.iter().map(|change| (change.id, change.clone())).collect(),
            ..Directory::default()
        };
        let found = shifts(&directory, &rota, from, to);
        prop_assert!(found.iter().all(|shift| shift.from < to && from < shift.to && shift.from < shift.to));
        let gaps = gaps(&directory, &rota, from, to);
        let mut index = DutyIndex::at(&directory, from);
        for (at, reading) in readings(zone, from, length) {
            let people: BTreeSet<PersonId> =
                found.iter().filter(|shift| shift.from <= at && at < shift.to).map(|shift| shift.person).collect();
            prop_assert_eq!(&people, &expected(&rota, &plans, &changes, at, reading), "at {}", at);
            prop_assert_eq!(gap_at(&gaps, at), lacking(&rota, reading, u32::try_from(people.len()).unwrap()), "gap at {}", at);
            if !index.holds(at) {
                index = DutyIndex::at(&directory, at);
            }
            prop_assert!(index.on_duty(id(PUMPS), 1).iter().eq(people.iter()), "index at {}", at);
        }
    }
}
