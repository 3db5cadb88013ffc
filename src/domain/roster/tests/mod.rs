//! Shifts and gaps against a reference that walks the clock minute by minute, around clock changes and in half-hour zones.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;

mod ahead;
mod limits;
mod plan;

use super::gap::gaps;
use super::pattern::{instant, next_shift, on_duty, shifts};
use super::*;
use crate::domain::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::testing::{ANA, BEN, Desk, EVE, at, id, main_rota, rota, shift_type};

/// Zones with a day near which their clocks change.
const ZONES: [(&str, &str); 8] = [
    ("Europe/Berlin", "2026-03-29"),
    ("Europe/Berlin", "2026-10-25"),
    ("America/New_York", "2026-03-08"),
    ("America/New_York", "2026-11-01"),
    ("Australia/Lord_Howe", "2026-04-05"),
    ("Australia/Lord_Howe", "2026-10-04"),
    ("Asia/Kolkata", "2026-06-01"),
    ("Asia/Kathmandu", "2026-06-01"),
];

/// Wall-clock readings of each minute, never running back: a time that comes twice counts when it comes first, and one that
/// is skipped counts as reached by the next reading.
fn readings(zone: Tz, from: Timestamp, minutes: i64) -> Vec<(Timestamp, NaiveDateTime)> {
    let mut latest = (from - TimeDelta::days(1)).with_timezone(&zone).naive_local();
    let mut readings = Vec::new();
    for minute in -1_440..minutes {
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

fn expected(rota: &Rota, changes: &[RosterChange], at: Timestamp, reading: NaiveDateTime) -> BTreeSet<PersonId> {
    let mut people = BTreeSet::new();
    for back in 0..3 {
        let date = reading.date() - Days::new(back);
        for member in &rota.members {
            let days = (date - rota.starts_on).num_days() + i64::from(member.offset_days);
            let code = &rota.pattern[usize::try_from(days.rem_euclid(i64::try_from(rota.pattern.len()).unwrap())).unwrap()];
            let kind = rota.shift_types.iter().find(|kind| Some(&kind.code) == code.as_ref());
            if kind.is_some_and(|kind| within(reading, date, kind.start, kind.end)) {
                people.insert(member.person);
            }
        }
    }
    for wanted in [RosterChangeKind::Extra, RosterChangeKind::Cover, RosterChangeKind::Leave] {
        let active = changes.iter().filter(|change| change.kind == wanted && change.from <= at && at < change.to && !change.cancelled);
        for change in active {
            match wanted {
                RosterChangeKind::Extra => drop(people.insert(change.person)),
                RosterChangeKind::Leave | RosterChangeKind::Cancel => drop(people.remove(&change.person)),
                RosterChangeKind::Swap => unreachable!(),
                RosterChangeKind::Cover => {
                    if people.remove(&change.person) {
                        people.insert(change.other.unwrap());
                    }
                }
            }
        }
    }
    people
}

fn with(changes: &[RosterChange]) -> Directory {
    Directory { roster_changes: changes.iter().map(|change| (change.id, change.clone())).collect(), ..Directory::default() }
}

pub(super) fn change(n: u128, kind: RosterChangeKind, person: u128, other: Option<u128>, from: Timestamp, to: Timestamp) -> RosterChange {
    RosterChange {
        other_from: None,
        other_to: None,
        state: crate::domain::roster::ChangeState::InForce,
        answered_by: None,
        answer: String::new(),
        id: id(n),
        version: 1,
        rota: main_rota(),
        kind,
        person: id(person),
        other: other.map(id),
        from,
        to,
        reason: String::new(),
        asked_by: id(person),
        cancelled: false,
        created_at: from,
    }
}

prop_compose! {
    fn rotas()(
        zone in 0..ZONES.len(),
        times in prop::collection::vec((0..24_u32, 0..4_u32, 0..24_u32, 0..4_u32), 1..3),
        pattern in prop::collection::vec(0..4_usize, 1..6),
        offsets in prop::collection::vec(-9..9_i32, 3),
        people in 1..4_u32,
    ) -> (Rota, Timestamp) {
        let (name, day) = ZONES[zone];
        let codes = ["A", "B"];
        let kinds: Vec<ShiftType> =
            times.iter().zip(codes).map(|((h, q, eh, eq), code)| shift_type(code, (*h, q * 15), (*eh, eq * 15))).collect();
        let mut row = rota(crate::domain::testing::ROTA, 1, &[], &[]);
        row.time_zone = name.into();
        row.pattern = pattern.iter().map(|n| kinds.get(*n).map(|kind| kind.code.clone())).collect();
        row.members = [ANA, BEN, EVE].iter().zip(offsets).map(|(n, offset_days)| RotaMember { person: id(*n), offset_days }).collect();
        let (from, to) = (kinds[0].start, kinds[0].end);
        let weekdays = vec![Weekday::Sat, Weekday::Sun, Weekday::Mon];
        row.required = vec![Requirement { weekdays, from, to, people }];
        row.shift_types = kinds;
        (row, at(&format!("{day}T00:00:00Z")))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn shifts_and_gaps_are_what_the_wall_clock_says(
        (rota, day) in rotas(),
        begin in -2_160..1_440_i64,
        length in 1..2_880_i64,
        spans in prop::collection::vec((0..3_usize, 0..3_usize, -600..2_000_i64, 1..900_i64), 0..4),
    ) {
        let zone: Tz = rota.time_zone.parse().unwrap();
        let from = day + TimeDelta::minutes(begin);
        let to = from + TimeDelta::minutes(length);
        let kinds = [RosterChangeKind::Leave, RosterChangeKind::Cover, RosterChangeKind::Extra];
        let mut changes: Vec<RosterChange> = spans.iter().enumerate().map(|(n, (kind, person, start, minutes))| {
            let start = from + TimeDelta::minutes(*start);
            let people = [ANA, BEN, EVE];
            let other = (kinds[*kind] == RosterChangeKind::Cover).then(|| people[(person + 1) % 3]);
            change(n as u128, kinds[*kind], people[*person], other, start, start + TimeDelta::minutes(*minutes))
        }).collect();
        changes.sort_by_key(|change| (change.created_at, change.id));
        let directory = with(&changes);
        let found = shifts(&directory, &rota, from, to);
        prop_assert!(found.iter().all(|shift| shift.from < to && from < shift.to && shift.from < shift.to));
        let gaps = gaps(&directory, &rota, from, to);
        for (at, reading) in readings(zone, from, length) {
            let people: BTreeSet<PersonId> =
                found.iter().filter(|shift| shift.from <= at && at < shift.to).map(|shift| shift.person).collect();
            prop_assert_eq!(&people, &expected(&rota, &changes, at, reading), "at {}", at);
            let required = rota.required.iter().filter(|wanted| (0..3).any(|back| {
                let date = reading.date() - Days::new(back);
                wanted.weekdays.contains(&date.weekday()) && within(reading, date, wanted.from, wanted.to)
            })).map(|wanted| wanted.people).max().unwrap_or(0);
            let on_duty = u32::try_from(people.len()).unwrap();
            let gap = gaps.iter().find(|gap| gap.from <= at && at < gap.to);
            let wanted = (on_duty < required).then_some((required, on_duty));
            prop_assert_eq!(gap.map(|gap| (gap.required, gap.on_duty)), wanted, "gap at {}", at);
        }
    }
}

#[test]
fn local_times_that_do_not_exist_or_come_twice() {
    let zone: Tz = "Europe/Berlin".parse().unwrap();
    let local = |text: &str| text.parse::<NaiveDateTime>().unwrap();
    assert_eq!(instant(zone, local("2026-03-29T02:30:00")), at("2026-03-29T01:00:00Z"));
    assert_eq!(instant(zone, local("2026-10-25T02:30:00")), at("2026-10-25T00:30:00Z"));
    // Samoa skipped a whole day.
    let apia: Tz = "Pacific/Apia".parse().unwrap();
    assert_eq!(instant(apia, local("2011-12-30T12:00:00")), Utc.with_ymd_and_hms(2011, 12, 30, 10, 0, 0).unwrap());
}

#[test]
fn a_night_shift_keeps_its_wall_clock_over_the_change() {
    let mut row = rota(crate::domain::testing::ROTA, 1, &[], &[ANA]);
    row.time_zone = "Europe/Berlin".into();
    row.shift_types = vec![shift_type("D", (23, 0), (7, 0))];
    let found = shifts(&Directory::default(), &row, at("2026-03-29T00:00:00Z"), at("2026-03-29T00:01:00Z"));
    assert_eq!((found[0].from, found[0].to), (at("2026-03-28T22:00:00Z"), at("2026-03-29T05:00:00Z")));
    assert_eq!(found.len(), 1);
}

#[test]
fn leave_can_be_covered_whichever_was_entered_first() {
    let row = rota(crate::domain::testing::ROTA, 1, &[], &[ANA]);
    let (from, to) = (at("2026-03-02T09:00:00Z"), at("2026-03-02T12:00:00Z"));
    let mut leave = change(1, RosterChangeKind::Leave, ANA, None, from, to);
    let cover = change(2, RosterChangeKind::Cover, ANA, Some(BEN), from, to);
    leave.created_at = from - TimeDelta::days(1);
    let found = shifts(&with(&[leave, cover.clone()]), &row, from, to);
    assert_eq!(
        found.iter().map(|shift| (shift.person, shift.from, shift.to, shift.change)).collect::<Vec<_>>(),
        [(id(BEN), from, to, Some(cover.id))]
    );
}

#[test]
fn who_is_on_duty_and_when_next() {
    let mut desk = Desk::new();
    let row = desk.directory.rotas.get_mut(&main_rota()).unwrap();
    row.shift_types = vec![shift_type("D", (8, 0), (16, 0))];
    row.pattern = vec![Some("D".into()), None, None];
    row.members[1].offset_days = -1;
    let now = at("2026-01-01T10:00:00Z");
    let people: Vec<_> = on_duty(&desk.directory, now).into_iter().map(|shift| shift.person).collect();
    assert_eq!(people, [id(ANA), id(EVE)]);
    assert_eq!(next_shift(&desk.directory, id(BEN), now).unwrap().from, at("2026-01-02T08:00:00Z"));
    assert_eq!(next_shift(&desk.directory, id(ANA), now).unwrap().from, at("2026-01-04T08:00:00Z"));
    desk.directory.people.get_mut(&id(ANA)).unwrap().active = false;
    assert_eq!(on_duty(&desk.directory, now).len(), 1);
}
