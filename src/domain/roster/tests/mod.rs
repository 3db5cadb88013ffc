//! Shifts by hand-reckoned examples; what holds for any roster is in [`reference`] and [`reckoned`].

use chrono::{NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

mod ahead;
mod limits;
mod plan;
mod reckoned;
mod reference;

use super::pattern::{instant, next_shift, on_duty, shifts};
use super::*;
use crate::domain::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::testing::{ANA, BEN, Desk, EVE, at, id, main_rota, rota, shift_type};

fn with(changes: &[RosterChange]) -> Directory {
    Directory { roster_changes: changes.iter().map(|change| (change.id, change.clone())).collect(), ..Directory::default() }
}

pub(in crate::domain) fn change(
    n: u128,
    kind: RosterChangeKind,
    person: u128,
    other: Option<u128>,
    from: Timestamp,
    to: Timestamp,
) -> RosterChange {
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
