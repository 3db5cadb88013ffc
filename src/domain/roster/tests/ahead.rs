//! The index of who is on duty, the last one leaving and the gaps to come.

use chrono::TimeDelta;

use crate::domain::directory::Directory;
use crate::domain::id::PersonId;
use crate::domain::roster::ahead::{gaps_ahead, last_leaving};
use crate::domain::roster::duty::DutyIndex;
use crate::domain::roster::pattern::{last_shift_end, on_duty, serving};
use crate::domain::roster::{Requirement, RosterChangeKind};
use crate::domain::testing::{ANA, BEN, Desk, EVE, EXPERTS, OUT, PUMPS, WEB, at, id, main_rota, shift_type};
use chrono::Weekday;

use super::change;

/// Ana by day (08–16) and Ben late (16–23) on pumps, Eve around the clock at tier 2.
fn directory() -> Directory {
    let mut directory = Desk::new().directory;
    let rota = directory.rotas.get_mut(&main_rota()).unwrap();
    rota.shift_types = vec![shift_type("D", (8, 0), (16, 0)), shift_type("L", (16, 0), (23, 0))];
    rota.pattern = vec![Some("D".into()), Some("L".into())];
    // The pattern began 1 January: on 2 March (day 60) it stands at its first entry for offset 0.
    rota.members[1].offset_days = 1;
    directory
}

fn people(ids: &[u128]) -> Vec<PersonId> {
    ids.iter().map(|n| id(*n)).collect()
}

#[test]
fn the_index_says_who_is_on_duty_until_the_next_edge() {
    let directory = directory();
    let now = at("2026-03-02T10:00:00Z");
    let index = DutyIndex::at(&directory, now);
    assert_eq!(index.on_duty(id(PUMPS), 1), people(&[ANA]));
    assert_eq!(index.members(id(PUMPS), 1), people(&[ANA, BEN]));
    assert_eq!(index.on_duty(id(PUMPS), 2), people(&[EVE]));
    assert_eq!(index.on_duty(id(WEB), 1), []);
    assert_eq!(index.in_rota(main_rota()), people(&[ANA]));
    assert!(index.is_on_duty(id(ANA)) && !index.is_on_duty(id(BEN)));
    assert_eq!(index.valid_until(), at("2026-03-02T16:00:00Z"));
    assert!(index.holds(now) && index.holds(at("2026-03-02T15:59:59Z")));
    assert!(!index.holds(at("2026-03-02T16:00:00Z")) && !index.holds(at("2026-03-02T09:59:59Z")));
}

#[test]
fn the_index_agrees_with_the_roster_through_a_week_of_changes() {
    let mut directory = directory();
    let start = at("2026-03-02T00:00:00Z");
    let hours = |n: i64| start + TimeDelta::hours(n);
    let changes = [
        change(1, RosterChangeKind::Cover, ANA, Some(OUT), hours(10), hours(12)),
        change(2, RosterChangeKind::Leave, BEN, None, hours(30), hours(60)),
        change(3, RosterChangeKind::Extra, BEN, None, hours(70), hours(73)),
    ];
    directory.roster_changes = changes.into_iter().map(|change| (change.id, change)).collect();
    directory.people.get_mut(&id(EVE)).unwrap().active = false;
    let mut index = DutyIndex::at(&directory, start);
    let mut made = 1;
    for minute in (0..7 * 1_440).step_by(15) {
        let now = start + TimeDelta::minutes(minute);
        if !index.holds(now) {
            (index, made) = (DutyIndex::at(&directory, now), made + 1);
        }
        let mut expected: Vec<PersonId> = on_duty(&directory, now).into_iter().map(|shift| shift.person).collect();
        expected.sort_unstable();
        expected.dedup();
        assert_eq!(index.on_duty(id(PUMPS), 1), expected, "at {now}");
        assert!(directory.people.keys().all(|person| index.is_on_duty(*person) == expected.contains(person)));
        let covers = (hours(10)..hours(12)).contains(&now);
        assert_eq!(index.members(id(PUMPS), 1).contains(&id(OUT)), covers, "who stands in is among the people");
    }
    assert!(made < 40, "made {made} times");
}

#[test]
fn the_last_one_leaving_is_known_ahead() {
    let mut directory = directory();
    let now = at("2026-03-02T12:00:00Z");
    // Late shifts end at 23:00 and nobody has nights; tier 2 is never alone.
    let late = (main_rota(), at("2026-03-02T23:00:00Z"));
    assert_eq!(last_leaving(&directory, now, TimeDelta::hours(11)), [late]);
    assert_eq!(last_leaving(&directory, now, TimeDelta::hours(10)), []);
    assert_eq!(last_leaving(&directory, late.1, TimeDelta::hours(1)), [], "it has happened");
    assert_eq!(last_leaving(&directory, now, TimeDelta::hours(35)), [late, (main_rota(), at("2026-03-03T23:00:00Z"))]);
    // Ben on leave: Ana's end is the last, unless somebody covers from that very instant.
    let (from, to) = (at("2026-03-02T00:00:00Z"), at("2026-03-03T00:00:00Z"));
    directory.roster_changes.insert(id(1), change(1, RosterChangeKind::Leave, BEN, None, from, to));
    assert_eq!(last_leaving(&directory, now, TimeDelta::hours(11)), [(main_rota(), at("2026-03-02T16:00:00Z"))]);
    directory.roster_changes.insert(id(2), change(2, RosterChangeKind::Extra, OUT, None, at("2026-03-02T16:00:00Z"), to));
    assert_eq!(last_leaving(&directory, now, TimeDelta::hours(4)), []);
    // Another rota of the same queue and tier follows as well as one's own.
    directory.roster_changes.remove(&id(2));
    directory.rotas.get_mut(&id(EXPERTS)).unwrap().tier = 1;
    assert_eq!(last_leaving(&directory, now, TimeDelta::hours(11)), []);
    directory.people.get_mut(&id(EVE)).unwrap().active = false;
    assert_eq!(last_leaving(&directory, now, TimeDelta::hours(11)).len(), 1);
}

#[test]
fn gaps_ahead_are_the_same_whenever_asked_for() {
    let mut directory = directory();
    let time = |hour| chrono::NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    let weekdays = vec![Weekday::Mon, Weekday::Tue];
    let required = vec![Requirement { weekdays, from: time(20), to: time(2), people: 1 }];
    directory.rotas.get_mut(&main_rota()).unwrap().required = required;
    // Late shifts end at 23:00: three hours lack somebody.
    let gap = (at("2026-03-02T23:00:00Z"), at("2026-03-03T02:00:00Z"));
    for now in ["2026-03-02T12:00:00Z", "2026-03-02T23:30:00Z", "2026-03-03T01:59:00Z"] {
        let found = gaps_ahead(&directory, at(now), TimeDelta::hours(12));
        assert_eq!(found.iter().map(|gap| (gap.from, gap.to, gap.required, gap.on_duty)).collect::<Vec<_>>(), [(gap.0, gap.1, 1, 0)]);
    }
    assert_eq!(gaps_ahead(&directory, at("2026-03-03T02:00:00Z"), TimeDelta::hours(12)), []);
    // A shift of somebody who left is a gap.
    directory.people.get_mut(&id(BEN)).unwrap().active = false;
    let found = gaps_ahead(&directory, at("2026-03-02T12:00:00Z"), TimeDelta::hours(12));
    assert_eq!(found[0].from, at("2026-03-02T20:00:00Z"));
}

#[test]
fn when_the_last_shift_ended() {
    let mut directory = directory();
    let end = |directory: &Directory, n: u128, before: &str| {
        last_shift_end(directory, id(n), &serving(directory, id(PUMPS)), at(before)).map(|at| at.to_rfc3339())
    };
    let ana = Some("2026-03-02T16:00:00+00:00".to_owned());
    assert_eq!(end(&directory, ANA, "2026-03-02T16:00:00Z"), ana);
    assert_eq!(end(&directory, ANA, "2026-03-02T15:59:00Z"), Some("2026-03-01T23:00:00+00:00".to_owned()));
    assert_eq!(end(&directory, ANA, "2026-03-03T20:00:00Z"), ana);
    assert_eq!(end(&directory, OUT, "2026-03-03T20:00:00Z"), None);
    // Leave cuts a shift short: it ends when the leave begins.
    let leave = change(1, RosterChangeKind::Leave, ANA, None, at("2026-03-02T14:00:00Z"), at("2026-03-02T18:00:00Z"));
    directory.roster_changes.insert(leave.id, leave);
    assert_eq!(end(&directory, ANA, "2026-03-02T20:00:00Z"), Some("2026-03-02T14:00:00+00:00".to_owned()));
    assert!(serving(&directory, id(WEB)).is_empty());
}
