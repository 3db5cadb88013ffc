//! Limits, fairness and cover with values reckoned by hand.

use chrono::{NaiveDate, TimeDelta};

use super::change;
use crate::domain::Timestamp;
use crate::domain::calendar::{Calendar, Holiday};
use crate::domain::directory::Directory;
use crate::domain::id::PersonId;
use crate::domain::person::Skill;
use crate::domain::roster::cover::candidates;
use crate::domain::roster::fairness::report;
use crate::domain::roster::limits::breaches;
use crate::domain::roster::{LimitRule, RosterChangeKind, Rota, RotaLimits};
use crate::domain::testing::{ANA, BEN, Desk, EVE, EXPERTS, LEA, OUT, PUMPS, VIC, WEB, at, id, main_rota, shift_type};

/// Ana and Ben by one pattern of early (06–14), late (14–22) and night (22–06) in Berlin, from Monday 2 March.
fn directory(pattern: &[&str], limits: RotaLimits) -> Directory {
    let mut directory = Desk::new().directory;
    let rota = directory.rotas.get_mut(&main_rota()).unwrap();
    rota.time_zone = "Europe/Berlin".into();
    rota.shift_types = vec![shift_type("E", (6, 0), (14, 0)), shift_type("L", (14, 0), (22, 0)), shift_type("N", (22, 0), (6, 0))];
    rota.shift_types[2].night = true;
    rota.pattern = pattern.iter().map(|code| (*code != "-").then(|| (*code).to_owned())).collect();
    rota.starts_on = date("2026-03-02");
    rota.members.truncate(1);
    rota.limits = limits;
    directory
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn found(directory: &Directory, from: &str, to: &str) -> Vec<(LimitRule, String, u32, u32)> {
    let rota = &directory.rotas[&main_rota()];
    let breaches = breaches(directory, rota, &[id(ANA), id(BEN)], at(from), at(to));
    breaches.into_iter().map(|one| (one.rule, one.at.format("%d %H:%M").to_string(), one.value, one.limit)).collect()
}

fn put(directory: &mut Directory, n: u128, kind: RosterChangeKind, person: u128, other: Option<u128>, from: &str, to: &str) {
    let change = change(n, kind, person, other, at(from), at(to));
    directory.roster_changes.insert(change.id, change);
}

#[test]
fn rest_lies_between_stretches_in_any_rota() {
    let mut directory = directory(&["L", "E", "-", "-", "-", "-", "-"], RotaLimits { min_rest_hours: Some(11), ..RotaLimits::default() });
    // Late until 22:00 (21:00 UTC), early at 06:00: eight hours.
    assert_eq!(found(&directory, "2026-03-02T00:00:00Z", "2026-03-08T00:00:00Z"), [(LimitRule::MinRest, "03 05:00".into(), 480, 660)]);
    // Who gives two hours in the middle away has not rested, nor begun a second shift.
    put(&mut directory, 1, RosterChangeKind::Cover, ANA, Some(BEN), "2026-03-03T07:00:00Z", "2026-03-03T09:00:00Z");
    assert_eq!(found(&directory, "2026-03-02T00:00:00Z", "2026-03-08T00:00:00Z").len(), 1);
    // A shift in another rota counts: early ends at 13:00 UTC, the extra one starts eight hours later; another touches the
    // early shift and is one with it.
    put(&mut directory, 2, RosterChangeKind::Extra, ANA, None, "2026-03-03T21:00:00Z", "2026-03-03T22:00:00Z");
    put(&mut directory, 3, RosterChangeKind::Extra, ANA, None, "2026-03-03T13:00:00Z", "2026-03-03T14:00:00Z");
    directory.roster_changes.get_mut(&id(2)).unwrap().rota = id(EXPERTS);
    directory.rotas.get_mut(&id(EXPERTS)).unwrap().members.clear();
    let expected = [(LimitRule::MinRest, "03 05:00".to_owned(), 480, 660), (LimitRule::MinRest, "03 21:00".into(), 420, 660)];
    assert_eq!(found(&directory, "2026-03-02T00:00:00Z", "2026-03-08T00:00:00Z"), expected);
}

#[test]
fn the_week_runs_from_monday_to_sunday_in_the_rotas_zone() {
    let pattern = ["N", "N", "N", "N", "N", "N", "N"];
    let directory = directory(&pattern, RotaLimits { max_week_hours: Some(40), ..RotaLimits::default() });
    // Monday 9 March: the night from Sunday ends at 06:00, six nights follow whole, two hours of Sunday's: 6 + 48 + 2.
    // The sixth piece of the week (Friday's night, 21:00 UTC) passes 40 hours: 6 + 4 × 8 = 38 before it.
    let expected = [(LimitRule::MaxWeek, "13 21:00".to_owned(), 56 * 60, 40 * 60)];
    assert_eq!(found(&directory, "2026-03-08T23:00:00Z", "2026-03-15T23:00:00Z"), expected);
    // In the week in which clocks go forward the night has seven hours.
    let expected = [(LimitRule::MaxWeek, "27 21:00".to_owned(), 55 * 60, 40 * 60)];
    assert_eq!(found(&directory, "2026-03-22T23:00:00Z", "2026-03-29T22:00:00Z"), expected);
}

#[test]
fn each_day_beyond_the_row_is_a_breach() {
    let pattern = ["N", "N", "N", "N", "E", "-", "-"];
    let limits = RotaLimits { max_nights_in_row: Some(3), max_days_in_row: Some(4), ..RotaLimits::default() };
    let directory = directory(&pattern, limits);
    let expected = [(LimitRule::NightsInRow, "05 21:00".to_owned(), 4, 3), (LimitRule::DaysInRow, "06 05:00".into(), 5, 4)];
    assert_eq!(found(&directory, "2026-03-02T00:00:00Z", "2026-03-09T00:00:00Z"), expected);
    // The row is counted from its start, also when that lies before what is asked for.
    assert_eq!(found(&directory, "2026-03-05T00:00:00Z", "2026-03-09T00:00:00Z"), expected);
    assert_eq!(found(&directory, "2026-03-06T00:00:00Z", "2026-03-09T00:00:00Z"), expected[1..]);
}

#[test]
fn a_day_on_duty_around_the_clock_counts_each_day() {
    let mut desk = Desk::new();
    let rota = desk.directory.rotas.get_mut(&main_rota()).unwrap();
    rota.time_zone = "Europe/Berlin".into();
    rota.pattern = ["D", "D", "D", "-"].iter().map(|code| (*code != "-").then(|| (*code).to_owned())).collect();
    rota.starts_on = date("2026-03-28");
    rota.limits = RotaLimits { max_days_in_row: Some(2), min_rest_hours: Some(11), ..RotaLimits::default() };
    rota.members.truncate(1);
    // Clocks go forward on the second of the three days; days that touch need no rest between them.
    let expected = [(LimitRule::DaysInRow, "29 22:00".to_owned(), 3, 2)];
    assert_eq!(found(&desk.directory, "2026-03-27T00:00:00Z", "2026-03-31T00:00:00Z"), expected);
}

#[test]
fn no_limit_no_breach() {
    let directory = directory(&["N"], RotaLimits { forbid: true, ..RotaLimits::default() });
    assert!(found(&directory, "2026-03-02T00:00:00Z", "2026-06-02T00:00:00Z").is_empty());
}

#[test]
fn fairness_against_the_mean() {
    let mut directory = directory(&["E", "N", "-", "-", "-", "L", "L"], RotaLimits::default());
    let rota = directory.rotas.get_mut(&main_rota()).unwrap();
    rota.members.push(crate::domain::roster::RotaMember { person: id(LEA), offset_days: 3 });
    rota.holidays = Some(id(90));
    let holidays = vec![Holiday { date: date("2026-03-03"), name: "Founding day".into() }];
    let calendar = Calendar {
        id: id(90),
        version: 1,
        key: "de".into(),
        name: "Germany".into(),
        time_zone: "Europe/Berlin".into(),
        hours: Vec::new(),
        holidays,
        active: true,
        editions: Vec::new(),
    };
    directory.calendars.insert(calendar.id, calendar);
    // Ana: E Mon, N Tue, L Sat, L Sun. Lea: - Mon, - Tue, L Wed, L Thu, E Fri, N Sat, - Sun; two hours of Ana's early are Out's.
    put(&mut directory, 1, RosterChangeKind::Cover, ANA, Some(OUT), "2026-03-02T07:00:00Z", "2026-03-02T09:00:00Z");
    let (from, to) = (at("2026-03-01T23:00:00Z"), at("2026-03-08T23:00:00Z"));
    let fairness = report(&directory, &[&directory.rotas[&main_rota()]], from, to);
    let rows: Vec<_> = fairness
        .rows
        .iter()
        .map(|row| (row.person, row.minutes, row.shifts, row.night_shifts, row.weekend_shifts, row.holiday_shifts, row.minutes_off_mean))
        .collect();
    let (ana, lea, out): (PersonId, PersonId, PersonId) = (id(ANA), id(LEA), id(OUT));
    assert_eq!(rows, [(lea, 1_920, 4, 1, 1, 0, 640), (ana, 1_800, 4, 1, 2, 1, 520), (out, 120, 1, 0, 0, 0, -1_160)]);
    assert_eq!(fairness.mean_minutes, 1_280);
    assert!((fairness.mean_weekend_shifts - 1.0).abs() < 1e-9 && (fairness.mean_night_shifts - 2.0 / 3.0).abs() < 1e-9);
    // (640² + 520² + 1160²) / 3 = 675,200.
    assert!((fairness.deviation_minutes - 675_200.0_f64.sqrt()).abs() < 1e-6);
    assert_eq!(report(&directory, &[], from, to).rows, []);
}

/// Ana early on Monday; Ben, Lea and Out can be asked: Ben works the night before, Lea nothing, Out late on the web queue.
fn desk_for_cover() -> Directory {
    let mut directory = directory(&["E", "-", "-", "-", "-", "-", "-"], RotaLimits { min_rest_hours: Some(11), ..RotaLimits::default() });
    directory.queues.get_mut(&id(PUMPS)).unwrap().skills = vec!["hydraulics".into()];
    let skill = Skill { name: "hydraulics".into(), level: 3 };
    for n in [ANA, BEN, LEA, EVE, OUT, VIC] {
        directory.people.get_mut(&id(n)).unwrap().skills = vec![skill.clone()];
    }
    directory.people.get_mut(&id(LEA)).unwrap().tier = 1;
    directory.people.get_mut(&id(LEA)).unwrap().queues = vec![id(PUMPS)];
    directory.people.get_mut(&id(OUT)).unwrap().queues = vec![id(WEB), id(PUMPS)];
    put(&mut directory, 1, RosterChangeKind::Extra, BEN, None, "2026-03-01T16:00:00Z", "2026-03-01T23:00:00Z");
    put(&mut directory, 2, RosterChangeKind::Extra, OUT, None, "2026-03-04T13:00:00Z", "2026-03-04T21:00:00Z");
    directory
}

fn span() -> (Timestamp, Timestamp) {
    (at("2026-03-02T05:00:00Z"), at("2026-03-02T13:00:00Z"))
}

#[test]
fn who_could_cover_best_first() {
    let mut directory = desk_for_cover();
    directory.rotas.get_mut(&id(EXPERTS)).unwrap().members.truncate(1);
    let rota: &Rota = &directory.rotas[&main_rota()].clone();
    let found = candidates(&directory, rota, Some(id(ANA)), span().0, span().1);
    let order: Vec<PersonId> = found.iter().map(|one| one.person).collect();
    // Eve (tier 2, of a rota for the same queue) is on duty around the clock. Ben would have six hours of rest.
    let wanted: Vec<PersonId> = [LEA, OUT, BEN, EVE].iter().map(|n| id(*n)).collect();
    assert_eq!(order, wanted);
    let (lea, out, ben, eve) = (&found[0], &found[1], &found[2], &found[3]);
    assert!(lea.eligible && lea.rested && lea.breaches.is_empty() && lea.minutes_in_period == 0);
    assert_eq!((lea.rest_before_minutes, lea.rest_after_minutes), (None, None));
    assert_eq!((out.minutes_in_period, out.rest_after_minutes), (480, Some(48 * 60)));
    assert!(ben.eligible && !ben.rested && !ben.member);
    assert_eq!((ben.rest_before_minutes, ben.minutes_in_period), (Some(360), 420));
    let breaks: Vec<_> = ben.breaches.iter().map(|breach| (breach.rule, breach.at, breach.value, breach.limit)).collect();
    assert_eq!(breaks, [(LimitRule::MinRest, span().0, 360, 660)]);
    assert!(!eve.eligible && eve.on_duty_elsewhere);
}

#[test]
fn who_cannot_cover_comes_last_and_says_why() {
    let mut directory = desk_for_cover();
    directory.people.get_mut(&id(LEA)).unwrap().skills.clear();
    put(&mut directory, 3, RosterChangeKind::Leave, OUT, None, "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z");
    directory.people.get_mut(&id(EVE)).unwrap().active = false;
    let rota = directory.rotas[&main_rota()].clone();
    let found = candidates(&directory, &rota, Some(id(ANA)), span().0, span().1);
    let of = |n: u128| found.iter().find(|one| one.person == id(n));
    assert_eq!(found[0].person, id(BEN), "unrested, but can");
    assert_eq!(of(LEA).unwrap().lacks_skills, ["hydraulics"]);
    assert!(of(OUT).unwrap().on_leave && !of(OUT).unwrap().eligible);
    assert!(of(EVE).is_none() && of(VIC).is_none() && of(ANA).is_none(), "who left, who only reads, and who asks");
    // Without somebody to stand in for, who is on duty already comes last.
    let beside = candidates(&directory, &rota, None, span().0, span().1);
    assert!(beside.iter().any(|one| one.person == id(ANA) && one.on_duty_elsewhere && !one.eligible && one.member));
    assert_eq!(candidates(&directory, &rota, None, span().1, span().0), []);
    assert_eq!(candidates(&directory, &rota, None, span().1 + TimeDelta::days(300), span().1 + TimeDelta::days(301)).len(), 4);
}
