//! Figures against what one would count by hand.

use std::collections::HashMap;

use chrono::{DateTime, Duration, TimeZone, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::counted::Counted;
use super::places::{arrange, is_hot};
use super::range::edges;
use super::response::{response, share};
use super::series::{put_responses, steps};
use super::*;
use crate::domain::id::QueueId;
use crate::domain::person::Person;
use crate::domain::person::{Presence, Role};
use crate::domain::queue::Queue;
use crate::domain::requester::Site;
use crate::domain::sla::{Clock, ClockKind};
use crate::domain::testing::{self, Desk};
use crate::domain::ticket::Status;
use crate::domain::ticket::Ticket;

const SHANGHAI: Tz = chrono_tz::Asia::Shanghai;
const BERLIN: Tz = chrono_tz::Europe::Berlin;

fn person(n: u64, role: Role, queues: &[QueueId]) -> Person {
    Person { capacity: 3, ..testing::person(u128::from(n), &format!("person-{n}"), role, 1, queues) }
}

fn queue(n: u64) -> Queue {
    testing::queue(100 + u128::from(n), &format!("queue-{n}"))
}

fn ticket() -> Ticket {
    let mut desk = Desk::new();
    let number = desk.create();
    let made = desk.ticket(number.0).clone();
    Ticket { clocks: Vec::new(), ..made }
}

fn utc(month: u32, day: u32, hour: u32, minute: u32) -> Timestamp {
    Utc.with_ymd_and_hms(2026, month, day, hour, minute, 0).unwrap()
}

fn tally(at: Timestamp, count: u32) -> Tally {
    Tally { quarter: at.timestamp_millis().div_euclid(QUARTER_MS), count }
}

#[test]
fn ranges_are_whole_hours_and_days_of_their_zone() {
    // 10:10 in Shanghai.
    let now = utc(11, 21, 2, 10);
    let today = edges(Range::Today, SHANGHAI, now);
    assert_eq!((today[0], today.len()), (utc(11, 20, 16, 0), 11), "from local midnight to the hour that runs");
    let day = edges(Range::Day, SHANGHAI, now);
    assert_eq!((day[0], day[23], day.len()), (utc(11, 20, 3, 0), utc(11, 21, 2, 0), 24));
    let week = edges(Range::Week, SHANGHAI, now);
    assert_eq!((week[0], week.len()), (utc(11, 14, 16, 0), 6 * 4 + 2), "six days by four, and today's two so far");
    let month = edges(Range::Month, SHANGHAI, now);
    assert_eq!((month[0], month.len()), (utc(10, 24, 16, 0), 28));
}

#[test]
fn a_day_with_another_clock_is_still_one_day() {
    // Berlin set its clocks back on 25 October 2026.
    let month = edges(Range::Month, BERLIN, utc(11, 1, 12, 0));
    assert_eq!(month.len(), 28);
    let place = month.iter().position(|edge| *edge == utc(10, 24, 22, 0)).unwrap();
    assert_eq!(month[place + 1] - month[place], Duration::hours(25));
    assert_eq!(edges(Range::Today, BERLIN, utc(10, 25, 22, 30)).len(), 25);
    // A zone off by three quarters of an hour has its own hours.
    let kathmandu: Tz = "Asia/Kathmandu".parse().unwrap();
    assert_eq!(edges(Range::Day, kathmandu, utc(11, 21, 2, 10))[23], utc(11, 21, 1, 15));
}

#[test]
fn ranges_have_names_and_ends() {
    for range in Range::ALL {
        assert_eq!(range.to_string().parse(), Ok(range));
        assert_eq!(serde_json::to_value(range).unwrap(), range.as_str());
    }
    assert_eq!("week".parse::<Range>(), Err("the ranges are today, 24h, 7d and 28d".to_owned()));
    assert_eq!((Range::Today.step(-1), Range::Today.step(9)), (Range::Today, Range::Month));
}

#[test]
fn the_backlog_is_told_backwards_from_what_is_left() {
    let now = utc(11, 21, 2, 10);
    let edges = vec![utc(11, 21, 0, 0), utc(11, 21, 1, 0), utc(11, 21, 2, 0)];
    let arrived = [tally(utc(11, 20, 9, 0), 50), tally(utc(11, 21, 0, 15), 4), tally(utc(11, 21, 2, 0), 1)];
    let solved = [tally(utc(11, 21, 1, 30), 3)];
    let told: Vec<(u32, u32, u32)> =
        steps(&edges, &arrived, &solved, 10, now).iter().map(|step| (step.arrived, step.solved, step.backlog)).collect();
    assert_eq!(told, [(4, 0, 12), (0, 3, 9), (1, 0, 10)], "what came before the range is in no step");
}

proptest! {
    /// Whatever arrived and was solved when: the backlog at each step's end is the number of tickets that were there then.
    #[test]
    fn the_backlog_is_what_was_there(lives in prop::collection::vec((0i64..40_000, prop::option::of(0i64..40_000)), 0..60)) {
        let now = utc(11, 21, 2, 0);
        let edges = edges(Range::Day, SHANGHAI, now);
        // Whole quarters before now, so that none falls on an edge's other side.
        let at = |minutes: i64| now - Duration::minutes(minutes / 15 * 15 + 15);
        let lives: Vec<(Timestamp, Option<Timestamp>)> = lives.iter().map(|(born, lived)| {
            let born = at(*born);
            (born, lived.map(|lived| born + Duration::minutes(lived / 15 * 15)).filter(|done| *done < now))
        }).collect();
        let from = edges[0];
        let arrived: Vec<Tally> = lives.iter().map(|(born, _)| *born).filter(|born| *born >= from).map(|born| tally(born, 1)).collect();
        let solved: Vec<Tally> = lives.iter().filter_map(|(_, done)| *done).filter(|done| *done >= from).map(|done| tally(done, 1)).collect();
        let unsolved = lives.iter().filter(|(_, done)| done.is_none()).count();
        let told = steps(&edges, &arrived, &solved, u32::try_from(unsolved).unwrap(), now);
        for (place, step) in told.iter().enumerate() {
            let end = edges.get(place + 1).copied().unwrap_or(now);
            let there = lives.iter().filter(|(born, done)| *born < end && done.is_none_or(|done| done >= end)).count();
            prop_assert_eq!(step.backlog as usize, there, "at {}", end);
        }
    }

    /// By nearest rank: at least that share does not exceed the value, and the value is one of them.
    #[test]
    fn a_percentile_is_one_of_the_values(mut values in prop::collection::vec(0i64..1000, 1..80), percent in 1usize..=100) {
        values.sort_unstable();
        let value = share(&values, percent).unwrap();
        let below = values.iter().filter(|one| **one <= value).count();
        prop_assert!(values.contains(&value) && below * 100 >= percent * values.len());
        let less = values.iter().filter(|one| **one < value).count();
        prop_assert!(less * 100 < percent * values.len(), "and no smaller one does");
    }
}

fn timed(secs: i64, met: Option<bool>) -> Timed {
    Timed { at: utc(11, 21, 1, 30), secs, met }
}

#[test]
fn waits_are_told_with_their_goals() {
    let waits: Vec<Timed> = (1..=10).map(|n| timed(n * 60, (n > 2).then_some(n < 10))).collect();
    let told = response(&waits);
    assert_eq!((told.count, told.p50_secs, told.p90_secs), (10, Some(300), Some(540)));
    assert_eq!((told.with_goal, told.within, told.percent()), (8, 7, Some(87)));
    assert_eq!(response(&[]), Response::default());
    assert_eq!(Response::default().percent(), None);
    let mut steps = steps(&[utc(11, 21, 0, 0), utc(11, 21, 1, 0)], &[], &[], 0, utc(11, 21, 2, 0));
    put_responses(&mut steps, &waits);
    assert_eq!((steps[0].first_response_secs, steps[1].first_response_secs), (None, Some(300)));
}

#[test]
fn the_heat_map_counts_in_its_zone() {
    // Saturday 00:30 in Shanghai, still Friday in UTC.
    let arrived = [tally(utc(11, 20, 16, 30), 3), tally(utc(11, 13, 16, 45), 2)];
    let heat = heat::heat(&arrived, SHANGHAI);
    assert_eq!((heat.len(), heat[heat::cell(5, 0)], heat.iter().sum::<u32>()), (168, 5, 5));
    assert_eq!(heat::heat(&arrived, Tz::UTC)[heat::cell(4, 16)], 5);
}

#[test]
fn a_place_is_hot_by_its_own_measure() {
    assert!(is_hot(3, 3), "the first ever");
    assert!(!is_hot(2, 2), "two are no hot spot");
    assert!(is_hot(10, 140) && !is_hot(10, 141), "twice a usual day");
}

fn site(n: u64, region: &str, at: Option<(f64, f64)>) -> Site {
    let id = uuid::Uuid::from_u128(u128::from(n)).into();
    let (latitude, longitude) = at.unzip();
    Site { id, version: 1, code: format!("ST-{n}"), name: format!("Station {n}"), region: region.into(), latitude, longitude }
}

#[test]
fn regions_are_their_sites_together() {
    let mut directory = Directory::default();
    for one in [site(1, "north", Some((40.0, 116.0))), site(2, "north", Some((42.0, 118.0))), site(3, "south", None), site(4, "east", None)]
    {
        directory.sites.insert(one.id, one);
    }
    let of = |n: u64, open, late, day, month| SiteTally { site: site(n, "", None).id, open, late, day, month };
    let unknown = of(99, 9, 9, 9, 9);
    let (regions, places) =
        arrange(vec![of(1, 5, 0, 2, 40), of(2, 4, 1, 8, 10), of(3, 1, 0, 20, 20), of(4, 0, 0, 0, 7), unknown], &directory);
    let told: Vec<_> = regions.iter().map(|one| (one.region.as_str(), one.sites, one.open, one.late, one.arrived, one.hot)).collect();
    assert_eq!(told, [("north", 2, 9, 1, 10, true), ("south", 1, 1, 0, 20, true), ("east", 1, 0, 0, 0, false)]);
    assert_eq!((regions[0].latitude, regions[0].longitude, regions[1].latitude), (Some(41.0), Some(117.0), None));
    let codes: Vec<_> = places.iter().map(|one| (one.code.as_str(), one.hot)).collect();
    assert_eq!(codes, [("ST-2", true), ("ST-3", true), ("ST-1", false)], "a site with nothing now is left out");
}

#[test]
fn load_counts_who_works_here_and_carries_something() {
    let mut directory = Directory::default();
    let (one, two) = (queue(1).id, queue(2).id);
    for person in [
        person(1, Role::Agent, &[one]),
        person(2, Role::Agent, &[one]),
        person(3, Role::Agent, &[two]),
        person(4, Role::Viewer, &[one]),
        person(5, Role::Agent, &[one]),
    ] {
        directory.people.insert(person.id, person);
    }
    let now = utc(11, 21, 2, 0);
    let state = |n: u64, load: i64| AgentState {
        load,
        open_tickets: 2,
        presence: Presence::Busy,
        ..AgentState::unseen(person(n, Role::Agent, &[]).id, now)
    };
    let states = [state(1, 150), state(3, 900)];
    let map: HashMap<_, _> = states.iter().map(|state| (state.person, state)).collect();
    let on_duty = |id| id == person(2, Role::Agent, &[]).id;
    let told: Vec<_> =
        load::people(&directory, &map, Some(&[one]), on_duty).iter().map(|one| (one.person, one.on_duty, one.percent())).collect();
    let id = |n: u64| person(n, Role::Agent, &[]).id;
    assert_eq!(told, [(id(1), false, 50), (id(2), true, 0)], "capacity is three: 1.5 of it is half");
    assert_eq!(load::people(&directory, &map, None, |_| false).len(), 2, "everybody who holds something");
}

#[test]
fn the_worst_queue_is_first_and_quiet_ones_are_there() {
    let mut directory = Directory::default();
    for n in 1..=3 {
        directory.queues.insert(queue(n).id, queue(n));
    }
    let row = |n: u64, late, breaching, waiting| QueueHealth { queue: queue(n).id, late, breaching, waiting, ..QueueHealth::default() };
    let mut rows = vec![row(1, 0, 9, 9), row(2, 1, 0, 0)];
    let duty = DutyIndex::at(&directory, utc(11, 21, 2, 0));
    health::complete(&mut rows, None, &directory, &duty);
    assert_eq!(rows.iter().map(|row| row.queue).collect::<Vec<_>>(), [queue(2).id, queue(1).id, queue(3).id]);
    let mut rows = vec![row(1, 0, 0, 0)];
    health::complete(&mut rows, Some(&[queue(1).id]), &directory, &duty);
    assert_eq!(rows.len(), 1, "queues that were not asked for stay out");
}

fn clock(kind: ClockKind, stopped: Option<i64>, due: i64) -> Clock {
    let at = |secs: i64| DateTime::from_timestamp(1_780_000_000 + secs, 0).unwrap();
    Clock {
        kind,
        target_secs: due,
        started_at: at(0),
        spent_ms: 0,
        counted_to: None,
        due_at: at(due),
        warn_at: at(due),
        paused_at: None,
        stopped_at: stopped.map(at),
        warned_at: None,
        breached_at: None,
        steps: Vec::new(),
    }
}

#[test]
fn a_ticket_is_counted_by_its_clocks() {
    let mut row = ticket();
    assert_eq!(Counted::of(&row), Counted { done_at: None, done_met: None, answer: None });
    row.clocks = vec![clock(ClockKind::FirstResponse, Some(90), 60), clock(ClockKind::Resolution, Some(300), 600)];
    let counted = Counted::of(&row);
    assert_eq!(counted.answer.map(|answer| (answer.secs, answer.met)), Some((90, Some(false))));
    assert_eq!((counted.done_at, counted.done_met), (None, None), "it is not solved: its clock may run again");
    (row.status, row.solved_at) = (Status::Solved, row.clocks[1].stopped_at);
    assert_eq!((Counted::of(&row).done_at, Counted::of(&row).done_met), (row.solved_at, Some(true)));
    (row.status, row.solved_at) = (Status::Closed, None);
    assert_eq!(Counted::of(&row).done_at, Some(row.updated_at), "an old import says no more");
}
