//! Proposals: what must hold for all of them, and what small desks can be promised.

use chrono::{NaiveTime, TimeDelta, Weekday};
use chrono_tz::Tz;
use proptest::prelude::*;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use super::cost::{Edit, State};
use super::problem::{Problem, with_plan};
use super::*;
use crate::domain::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::id::QueueId;
use crate::domain::person::{Role, Skill};
use crate::domain::roster::gap::gaps;
use crate::domain::roster::pattern::{instant, shifts};
use crate::domain::roster::tests::change;
use crate::domain::roster::{PlanRow, PlanState, Requirement, RosterChange, RosterChangeKind, Rota, RotaLimits, RotaMember, fairness};
use crate::domain::testing::{self, at, id, shift_type};

const ROTA: u128 = 40;
const OTHER: u128 = 41;
const PLAN: u128 = 900;
const ALL: [Weekday; 7] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

fn time(hour: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour % 24, 0, 0).unwrap()
}

fn need(from: u32, to: u32, people: u32) -> Requirement {
    Requirement { weekdays: ALL.to_vec(), from: time(from), to: time(to), people }
}

fn now() -> Timestamp {
    at("2026-11-20T12:00:00Z")
}

/// Persons 100, 101 … in a rota of early, late and night shifts around the clock; its pattern has nobody on duty.
fn desk(people: u128, each: u32, limits: RotaLimits) -> Directory {
    let mut row = testing::rota(ROTA, 1, &[], &[]);
    row.time_zone = "Europe/Berlin".into();
    row.shift_types = vec![shift_type("E", (7, 0), (15, 0)), shift_type("L", (15, 0), (23, 0)), shift_type("N", (23, 0), (7, 0))];
    row.shift_types[2].night = true;
    row.pattern = vec![None];
    row.members = (0..people).map(|n| RotaMember { person: id(100 + n), offset_days: 0 }).collect();
    row.required = vec![need(7, 15, each), need(15, 23, each), need(23, 7, each)];
    row.limits = limits;
    let person = |n: u128| testing::person(100 + n, &format!("p{n}"), Role::Agent, 1, &[]);
    Directory { people: (0..people).map(|n| (id(100 + n), person(n))).collect(), rotas: [(row.id, row)].into(), ..Directory::default() }
}

fn strict() -> RotaLimits {
    RotaLimits { min_rest_hours: Some(11), max_week_hours: Some(48), max_nights_in_row: Some(4), max_days_in_row: Some(6), forbid: true }
}

fn rota(directory: &mut Directory) -> &mut Rota {
    directory.rotas.get_mut(&id(ROTA)).unwrap()
}

fn wanted(weeks: u8, rounds: u32) -> Generate {
    Generate { rota: id(ROTA), from: "2026-11-30".parse().unwrap(), weeks, seed: 7, rounds }
}

fn proposal(directory: &Directory, wanted: &Generate) -> Proposal {
    propose(directory, wanted, id(PLAN), now()).unwrap()
}

fn leave(n: u128, rota: u128, person: u128, from: &str, to: &str) -> RosterChange {
    RosterChange { rota: id(rota), created_at: now(), ..change(n, RosterChangeKind::Leave, person, None, at(from), at(to)) }
}

fn period(directory: &Directory, plan: &RosterPlan) -> (Timestamp, Timestamp) {
    let zone: Tz = directory.rotas[&plan.rota].time_zone.parse().unwrap();
    (instant(zone, plan.from.and_time(NaiveTime::MIN)), instant(zone, plan.to.and_time(NaiveTime::MIN)))
}

/// When the first shift that the plan may have begins: what comes before is for the last period.
fn first_shift(directory: &Directory, plan: &RosterPlan) -> Timestamp {
    let row = &directory.rotas[&plan.rota];
    let spans = super::slices::spans(row, row.time_zone.parse().unwrap(), plan.from, 2);
    let first = spans.iter().flatten().map(|(from, _)| *from).min().unwrap();
    chrono::DateTime::from_timestamp(first, 0).unwrap()
}

/// What the desk itself says of the plan: the gaps of the period.
fn told(directory: &Directory, plan: &RosterPlan) -> Vec<super::super::Gap> {
    let to = period(directory, plan).1;
    gaps(&with_plan(directory, plan), &directory.rotas[&plan.rota], first_shift(directory, plan), to)
}

#[test]
fn what_other_rotas_break_alone_is_not_the_proposals() {
    let mut directory = desk(6, 1, RotaLimits { max_days_in_row: Some(3), ..RotaLimits::default() });
    let mut other = testing::rota(OTHER, 1, &[], &[101]);
    other.pattern = vec![Some("M".into())];
    other.shift_types = vec![shift_type("M", (9, 0), (10, 0))];
    directory.rotas.insert(other.id, other);
    let proposal = proposal(&directory, &wanted(1, 0));
    let worked = |person: u128| proposal.plan.rows.iter().any(|row| row.person == id(person) && row.codes.iter().any(Option::is_some));
    assert!(worked(101) || proposal.breaches.iter().all(|breach| breach.person != id(101)), "{:?}", proposal.breaches);
    let held = with_plan(&directory, &proposal.plan);
    let (from, to) = period(&directory, &proposal.plan);
    let all = super::super::limits::breaches(&held, &held.rotas[&id(ROTA)], &[id(101)], from, to);
    assert!(all.len() >= 7 && proposal.breaches.len() < all.len(), "{all:?}");
}

#[test]
fn what_no_shift_reaches_is_told_also_of_the_night_before() {
    let mut directory = desk(4, 1, RotaLimits::default());
    rota(&mut directory).shift_types = vec![shift_type("A", (0, 0), (4, 0))];
    rota(&mut directory).required = vec![Requirement { weekdays: vec![Weekday::Sun], ..need(21, 5, 1) }];
    let proposal = proposal(&directory, &wanted(1, 0));
    // Of Sunday's night the hour from 04:00 on Monday, though it was required from before the period on.
    let first = &proposal.unmet[0];
    assert_eq!((first.from, first.to, first.why), (at("2026-11-30T03:00:00Z"), at("2026-11-30T04:00:00Z"), UnmetWhy::NoShiftType));
}

#[test]
fn coverage_and_limits_are_met_where_they_can_be() {
    let directory = desk(10, 2, strict());
    let proposal = proposal(&directory, &wanted(2, 60_000));
    assert_eq!((proposal.unmet.len(), proposal.breaches.len()), (0, 0), "{:?} {:?}", proposal.unmet, proposal.breaches);
    assert_eq!(told(&directory, &proposal.plan), []);
    assert_eq!((proposal.cost.coverage, proposal.cost.limits, proposal.cost.surplus), (0, 0, 0));
    assert!(proposal.people_needed <= 10);
    assert_eq!((proposal.plan.state, proposal.plan.id, proposal.plan.rows.len()), (PlanState::Proposed, id(PLAN), 10));
    assert!(proposal.plan.rows.iter().all(|row| row.codes.len() == 14));
    let minutes: i64 = proposal.fairness.rows.iter().map(|row| row.minutes).sum();
    // The last night ends after the period.
    assert_eq!(minutes, 14 * 48 * 60 - 2 * 7 * 60);
}

#[test]
fn leave_holds_in_whichever_rota_it_was_entered() {
    let mut directory = desk(6, 1, RotaLimits::default());
    let mut other = testing::rota(OTHER, 1, &[], &[]);
    other.pattern = vec![None];
    directory.rotas.insert(other.id, other);
    for change in [
        leave(1, ROTA, 100, "2026-12-01T00:00:00Z", "2026-12-07T12:00:00Z"),
        leave(2, OTHER, 101, "2026-12-05T10:00:00Z", "2026-12-05T11:00:00Z"),
    ] {
        directory.roster_changes.insert(change.id, change);
    }
    let proposal = proposal(&directory, &wanted(2, 20_000));
    let mut planned = with_plan(&directory, &proposal.plan);
    planned.roster_changes.clear();
    let (from, to) = period(&directory, &proposal.plan);
    let found = shifts(&planned, &directory.rotas[&id(ROTA)], from, to);
    for change in directory.roster_changes.values() {
        let during = found.iter().find(|shift| shift.person == change.person && shift.from < change.to && change.from < shift.to);
        assert_eq!(during, None);
    }
    assert_eq!(proposal.unmet, []);
    assert_eq!(proposal.away, [Away { person: id(100), days: 6 }]);
    // Who was away half the time has about half the hours, not the same hours in half the time.
    let minutes = |n: u128| proposal.fairness.rows.iter().find(|row| row.person == id(n)).unwrap().minutes;
    assert!(minutes(100) < minutes(102), "{} {}", minutes(100), minutes(102));
}

#[test]
fn three_people_cannot_be_there_around_the_clock() {
    let directory = desk(3, 1, RotaLimits { max_week_hours: Some(40), ..strict() });
    let proposal = proposal(&directory, &wanted(1, 20_000));
    assert_eq!(proposal.breaches, [], "a limit that forbids is not broken for coverage");
    assert!(!proposal.unmet.is_empty());
    for unmet in &proposal.unmet {
        assert_eq!((unmet.why, unmet.required, unmet.on_duty), (UnmetWhy::Limits, 1, 0), "{unmet:?}");
        assert!(!unmet.rules.is_empty() && unmet.others.limits > 0 && unmet.others.free == 0);
    }
    assert_eq!(proposal.people_needed, 5, "168 hours at 40 each");
    // 120 of 168 hours can be worked, and are.
    let missing: i64 = proposal.unmet.iter().map(|unmet| (unmet.to - unmet.from).num_hours()).sum();
    assert_eq!(missing, 48);
    // Where limits only warn, coverage is worth more.
    let directory = desk(3, 1, RotaLimits { max_week_hours: Some(40), min_rest_hours: Some(11), ..RotaLimits::default() });
    let proposal = self::proposal(&directory, &wanted(1, 20_000));
    assert_eq!(proposal.unmet, []);
    assert!(proposal.breaches.iter().all(|breach| breach.person >= id(100) && breach.rota == id(ROTA)));
    assert!(proposal.breaches.iter().any(|breach| breach.rule == LimitRule::MaxWeek));
}

#[test]
fn what_is_unmet_says_why() {
    // Nobody but two, of whom one is on leave and one works elsewhere on the first day.
    let mut directory = desk(2, 1, RotaLimits::default());
    rota(&mut directory).required = vec![need(7, 15, 1)];
    rota(&mut directory).required.push(Requirement { weekdays: vec![Weekday::Wed], from: time(7), to: time(15), people: 3 });
    let away = leave(1, ROTA, 100, "2026-11-30T00:00:00Z", "2026-12-01T00:00:00Z");
    directory.roster_changes.insert(away.id, away);
    let away = leave(2, ROTA, 101, "2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z");
    directory.roster_changes.insert(away.id, away);
    let away = leave(3, ROTA, 100, "2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z");
    directory.roster_changes.insert(away.id, away);
    let mut other = testing::rota(OTHER, 1, &[], &[101]);
    other.pattern = vec![Some("D".into()), None, None, None, None, None, None];
    other.starts_on = "2026-11-30".parse().unwrap();
    directory.rotas.insert(other.id, other);
    let unmet = proposal(&directory, &wanted(1, 2_000)).unmet;
    let why: Vec<(Timestamp, UnmetWhy, u32)> = unmet.iter().map(|one| (one.from, one.why, one.on_duty)).collect();
    assert_eq!(
        why,
        [
            (at("2026-11-30T06:00:00Z"), UnmetWhy::OtherDuty, 0),
            (at("2026-12-01T06:00:00Z"), UnmetWhy::AllOnLeave, 0),
            (at("2026-12-02T06:00:00Z"), UnmetWhy::NotEnoughPeople, 2),
        ]
    );
    assert_eq!(unmet[0].others, Others { other_duty: 1, leave: 1, ..Others::default() });
    // No shift reaches the hour before midday: nobody could be there.
    rota(&mut directory).shift_types[0].end = time(11);
    let unmet = proposal(&directory, &wanted(1, 0)).unmet;
    assert!(unmet.iter().any(|one| one.why == UnmetWhy::NoShiftType && one.from == at("2026-11-30T10:00:00Z")), "{unmet:?}");
}

#[test]
fn somebody_skilled_is_always_there() {
    let mut directory = desk(8, 2, strict());
    let pumps: QueueId = id(20);
    let queue = crate::domain::queue::Queue { skills: vec!["pumps".into(), "german".into()], ..testing::queue(20, "pumps") };
    directory.queues.insert(pumps, queue);
    rota(&mut directory).queues = vec![pumps];
    for n in [100, 101, 102, 103, 104] {
        let skill = |name: &str| Skill { name: name.into(), level: 3 };
        directory.people.get_mut(&id(n)).unwrap().skills = vec![skill("german"), skill("pumps")];
    }
    let proposal = proposal(&directory, &Generate { rounds: 60_000, ..wanted(1, 0) });
    assert_eq!(proposal.cost.skills, 0, "{:?}", proposal.unmet);
    directory.people.get_mut(&id(104)).unwrap().skills.clear();
    for n in [101, 102, 103] {
        directory.people.get_mut(&id(n)).unwrap().skills.pop();
    }
    let proposal = propose(&directory, &wanted(1, 5_000), id(PLAN), now()).unwrap();
    let lacking = proposal.unmet.iter().find(|unmet| unmet.why == UnmetWhy::MissingSkill).unwrap();
    assert_eq!(lacking.skills, ["german", "pumps"]);
    assert!(lacking.on_duty > 0);
}

#[test]
fn a_seed_gives_the_same_proposal() {
    let directory = desk(7, 1, strict());
    let first = proposal(&directory, &wanted(2, 5_000));
    assert_eq!(first, proposal(&directory, &wanted(2, 5_000)));
    let other = proposal(&directory, &Generate { seed: 8, ..wanted(2, 5_000) });
    assert_ne!(first.plan.rows, other.plan.rows);
    let text = serde_json::to_string(&first).unwrap();
    assert_eq!(serde_json::from_str::<Proposal>(&text).unwrap(), first);
}

#[test]
fn the_search_betters_the_start() {
    let directory = desk(9, 2, RotaLimits { max_week_hours: None, ..strict() });
    let start = proposal(&directory, &wanted(2, 0));
    let better = proposal(&directory, &wanted(2, 40_000));
    assert_eq!(start.cost, start.start_cost);
    assert_eq!(better.start_cost, start.cost);
    assert!(better.cost.total() < start.cost.total());
    assert!(better.cost.coverage <= start.cost.coverage && better.cost.limits <= start.cost.limits);
    assert!(better.cost.fairness < start.cost.fairness, "{:?} {:?}", better.cost, start.cost);
    assert!(better.fairness.deviation_minutes <= 400.0, "{}", better.fairness.deviation_minutes);
    assert!(better.moves_kept > 0 && better.moves_tried == 40_000);
}

#[test]
fn who_carried_more_before_carries_less_now() {
    let mut directory = desk(8, 1, strict());
    // In the four weeks before, one worked all nights and another nothing.
    let codes = |code: Option<&str>| vec![code.map(str::to_owned); 28];
    let before = RosterPlan {
        id: id(901),
        version: 1,
        rota: id(ROTA),
        from: "2026-11-02".parse().unwrap(),
        to: "2026-11-30".parse().unwrap(),
        rows: (0..8)
            .map(|n| PlanRow {
                person: id(100 + n),
                codes: codes(if n == 0 {
                    Some("N")
                } else if n < 4 {
                    Some("E")
                } else {
                    None
                }),
            })
            .collect(),
        state: PlanState::Published,
        reason: String::new(),
        made_by: None,
        created_at: at("2026-10-01T00:00:00Z"),
    };
    directory.roster_plans.insert(before.id, before);
    let proposal = proposal(&directory, &wanted(4, 60_000));
    let row = |fairness: &fairness::Fairness, n: u128| fairness.rows.iter().find(|row| row.person == id(100 + n)).unwrap().clone();
    assert_eq!(row(&proposal.fairness_before, 0).night_shifts, 28);
    let (most, none) = (row(&proposal.fairness, 0), row(&proposal.fairness, 7));
    assert!(most.minutes < none.minutes, "{most:?} {none:?}");
    assert!(f64::from(most.night_shifts) < proposal.fairness.mean_night_shifts, "{most:?}");
}

#[test]
fn extra_shifts_count_and_the_days_around_are_minded() {
    let mut directory = desk(6, 1, strict());
    let extra = RosterChange { kind: RosterChangeKind::Extra, ..leave(1, ROTA, 105, "2026-12-02T06:00:00Z", "2026-12-02T14:00:00Z") };
    directory.roster_changes.insert(extra.id, extra);
    let before = RosterPlan {
        id: id(901),
        version: 1,
        rota: id(ROTA),
        from: "2026-11-29".parse().unwrap(),
        to: "2026-12-10".parse().unwrap(),
        rows: vec![PlanRow { person: id(100), codes: [vec![Some("N".to_owned())], vec![None; 10]].concat() }],
        state: PlanState::Published,
        reason: String::new(),
        made_by: None,
        created_at: now(),
    };
    directory.roster_plans.insert(before.id, before);
    let proposal = proposal(&directory, &wanted(1, 20_000));
    assert_eq!((proposal.unmet.as_slice(), proposal.breaches.as_slice()), (&[][..], &[][..]));
    // The night before lasts into the first day: no early or late shift after it.
    let codes = |n: usize| proposal.plan.rows[n].codes.iter().map(|code| code.as_deref().unwrap_or("-")).collect::<String>();
    assert!(!codes(0).starts_with(['E', 'L']), "{}", codes(0));
    // One is there already on the third day: an early shift beside them is one too many.
    let early = proposal.plan.rows.iter().filter(|row| row.codes[2].as_deref() == Some("E")).count();
    assert_eq!(early, 0);
    assert_eq!(told(&directory, &proposal.plan), []);
}

#[test]
fn what_cannot_be_proposed_says_so() {
    let code = |directory: &Directory, wanted: Generate| propose(directory, &wanted, id(PLAN), now()).unwrap_err().code;
    let directory = desk(3, 1, RotaLimits::default());
    assert_eq!(code(&directory, Generate { rota: id(1), ..wanted(1, 0) }), "not_found");
    assert_eq!(code(&directory, wanted(0, 0)), "weeks_out_of_range");
    assert_eq!(code(&directory, wanted(13, 0)), "weeks_out_of_range");
    assert_eq!(code(&directory, wanted(1, ROUNDS_MAX + 1)), "too_many_rounds");
    assert_eq!(code(&directory, Generate { from: "2300-01-01".parse().unwrap(), ..wanted(1, 0) }), "span_out_of_range");
    let with = |change: fn(&mut Rota)| {
        let mut directory = desk(3, 1, RotaLimits::default());
        change(rota(&mut directory));
        code(&directory, wanted(1, 0))
    };
    assert_eq!(with(|rota| rota.active = false), "not_found");
    assert_eq!(with(|rota| rota.required.clear()), "requirements_missing");
    assert_eq!(with(|rota| rota.shift_types.clear()), "shift_types_missing");
    assert_eq!(with(|rota| rota.members.clear()), "members_missing");
    assert_eq!(with(|rota| rota.time_zone = "Mars".into()), "time_zone_unknown");
}

/// Random desks near clock changes.
fn desks() -> impl Strategy<Value = (Directory, Generate)> {
    let zones = prop::sample::select(vec![
        ("Europe/Berlin", "2026-03-23"),
        ("America/New_York", "2026-10-26"),
        ("Australia/Lord_Howe", "2026-04-01"),
        ("Asia/Kathmandu", "2026-06-03"),
    ]);
    let kinds = prop::collection::vec((0..24_u32, 0..4_u32, 4..25_u32), 1..4);
    let needs = prop::collection::vec((0..24_u32, 0..24_u32, 1..3_u32, 0..7_usize), 1..4);
    let away = prop::collection::vec((0..4_u128, 0..200_i64, 1..60_i64), 0..4);
    let limits = (any::<bool>(), prop::option::of(6..14_u16), prop::option::of(20..60_u16), prop::option::of(1..5_u16));
    (zones, kinds, needs, away, limits, any::<u64>()).prop_map(
        |((zone, from), kinds, needs, away, (forbid, rest, hours, row_days), seed)| {
            let mut directory = desk(4, 1, RotaLimits::default());
            let row = rota(&mut directory);
            row.time_zone = zone.into();
            let kinds = kinds.iter().zip(["A", "B", "C"]);
            row.shift_types = kinds
                .map(|((hour, quarter, long), code)| shift_type(code, (*hour, quarter * 15), ((hour + long) % 24, quarter * 15)))
                .collect();
            let days = |start: usize| (0..4).map(|n| ALL[(start + n) % 7]).collect();
            row.required =
                needs.iter().map(|(from, to, people, start)| Requirement { weekdays: days(*start), ..need(*from, *to, *people) }).collect();
            row.limits =
                RotaLimits { min_rest_hours: rest, max_week_hours: hours, max_nights_in_row: None, max_days_in_row: row_days, forbid };
            let start = at(&format!("{from}T00:00:00Z"));
            for (n, (person, hour, long)) in away.iter().enumerate() {
                let mut change = leave(n as u128, ROTA, 100 + person, "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
                change.from = start + TimeDelta::hours(*hour);
                change.to = change.from + TimeDelta::hours(*long);
                directory.roster_changes.insert(change.id, change);
            }
            (directory, Generate { from: from.parse().unwrap(), seed, ..wanted(1, 600) })
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_proposal_is_what_the_desk_would_make_of_it((directory, wanted) in desks()) {
        let proposal = proposal(&directory, &wanted);
        let row = &directory.rotas[&id(ROTA)];
        let (from, to) = period(&directory, &proposal.plan);
        let gaps = told(&directory, &proposal.plan);
        let short: Vec<&Unmet> = proposal.unmet.iter().filter(|unmet| unmet.on_duty < unmet.required && unmet.skills.is_empty()).collect();
        let mut minute = first_shift(&directory, &proposal.plan);
        // On the first day, what no shift of the period reaches may be for the last period to meet.
        let spans = super::slices::spans(row, row.time_zone.parse().unwrap(), proposal.plan.from, 2);
        let reached = |minute: Timestamp| spans.iter().flatten().any(|(from, to)| (*from..*to).contains(&minute.timestamp()));
        let second_day = from + TimeDelta::days(1);
        while minute < to {
            if minute < second_day && !reached(minute) {
                minute += TimeDelta::minutes(15);
                continue;
            }
            let gap = gaps.iter().find(|gap| gap.from <= minute && minute < gap.to).map(|gap| (gap.required, gap.on_duty));
            let unmet = short.iter().find(|unmet| unmet.from <= minute && minute < unmet.to).map(|unmet| (unmet.required, unmet.on_duty));
            prop_assert_eq!(gap, unmet, "at {}", minute);
            minute += TimeDelta::minutes(15);
        }
        // Without its leave the plan has nobody on duty then: nothing was left to be cut away.
        let mut bare = with_plan(&directory, &proposal.plan);
        bare.roster_changes.clear();
        let found = shifts(&bare, row, from, to);
        for change in directory.roster_changes.values() {
            prop_assert!(!found.iter().any(|shift| shift.person == change.person && shift.from < change.to && change.from < shift.to));
        }
        for (n, shift) in found.iter().enumerate() {
            let twice = |other: &super::super::Shift| other.person == shift.person && other.from < shift.to && shift.from < other.to;
            prop_assert!(!found[n + 1..].iter().any(twice), "nobody is there twice");
        }
        if row.limits.forbid {
            prop_assert_eq!(proposal.breaches, vec![]);
        }
    }

    #[test]
    fn costs_are_the_same_however_a_roster_came_about((directory, wanted) in desks(), seed in any::<u64>()) {
        let row = &directory.rotas[&id(ROTA)];
        let plan = propose(&directory, &Generate { rounds: 0, ..wanted }, id(PLAN), now()).unwrap().plan;
        let blank = RosterPlan { rows: Vec::new(), ..plan };
        let before = fairness::report(&directory, &[row], now(), now() + TimeDelta::days(1));
        let problem = Problem::build(&directory, row, row.time_zone.parse().unwrap(), &blank, &before);
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut state = State::new(&problem);
        for _ in 0..40 {
            let mut edits: Vec<Edit> = (0..3)
                .map(|_| Edit {
                    person: random.random_range(0..4),
                    day: random.random_range(0..7),
                    code: random.random_range(0..=u8::try_from(problem.types).unwrap()),
                })
                .collect();
            if !state.all_legal(&edits) {
                continue;
            }
            let (total, cells) = (state.total(), state.cells.clone());
            state.apply(&mut edits);
            let (after, changed) = (state.total(), state.cells.clone());
            prop_assert_eq!(after, state.parts().total());
            state.apply(&mut edits);
            prop_assert_eq!((state.total(), &state.cells), (total, &cells));
            state.restore(&changed);
            prop_assert_eq!(state.total(), after);
        }
        let mut fresh = State::new(&problem);
        fresh.restore(&state.cells);
        prop_assert_eq!(fresh.total(), state.total());
    }
}

/// Not a test of time: run by hand, in release, to see what a large desk gets.
#[test]
#[ignore = "large; run by hand in release"]
fn sixty_people_for_four_weeks() {
    let mut directory = desk(60, 10, RotaLimits { max_week_hours: Some(42), ..strict() });
    for n in 0..12_u128 {
        let from = at("2026-11-30T00:00:00Z") + TimeDelta::days(i64::try_from(n).unwrap() * 2);
        let mut change = leave(n, ROTA, 100 + n * 5, "2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z");
        (change.from, change.to) = (from, from + TimeDelta::days(5));
        directory.roster_changes.insert(change.id, change);
    }
    let rounds = std::env::var("ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or_else(default_rounds);
    let proposal = proposal(&directory, &wanted(4, rounds));
    let nights: Vec<u32> = proposal.fairness.rows.iter().map(|row| row.night_shifts).collect();
    println!("{:?}\n{:?}", proposal.start_cost, proposal.cost);
    println!("unmet {} breaches {} deviation {}", proposal.unmet.len(), proposal.breaches.len(), proposal.fairness.deviation_minutes);
    println!("nights {:?} to {:?}, kept {} of {}", nights.iter().min(), nights.iter().max(), proposal.moves_kept, proposal.moves_tried);
    for row in proposal.plan.rows.iter().take(12) {
        println!("{}", row.codes.iter().map(|code| code.as_deref().unwrap_or(".")).collect::<String>());
    }
}
