//! What is written can be read back, and what other programs write is read as they mean it.

use chrono::{DateTime, Duration, NaiveDate, Utc};

use super::read::{When, events};
use super::write::{Window, of_person, of_rota};
use crate::domain::roster::Requirement;
use crate::domain::testing::{ANA, Desk, at, id, main_rota, shift_type};

fn desk() -> Desk {
    let mut desk = Desk::new();
    let rota = desk.directory.rotas.get_mut(&main_rota()).unwrap();
    rota.name = "First, line; \"A\"".into();
    rota.time_zone = "Europe/Berlin".into();
    rota.shift_types = vec![shift_type("N", (23, 0), (7, 0))];
    rota.pattern = vec![Some("N".into())];
    desk
}

fn window() -> Window {
    let from = at("2026-03-27T00:00:00Z");
    Window { from, to: from + Duration::days(4), stamp: from }
}

fn calendar(event: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nBEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
}

fn one(event: &str) -> super::read::Event {
    events(&calendar(event)).unwrap().remove(0).unwrap()
}

fn refused(event: &str) -> String {
    events(&calendar(event)).unwrap().remove(0).unwrap_err().reason
}

fn instant(when: When) -> DateTime<Utc> {
    when.instant(chrono_tz::Asia::Shanghai)
}

#[test]
fn shifts_are_read_back_at_their_instants_over_a_clock_change() {
    let desk = desk();
    let text = of_person(&desk.directory, &desk.directory.people[&id(ANA)], window());
    let read: Vec<_> = events(&text).unwrap().into_iter().map(Result::unwrap).collect();
    let nights: Vec<_> = read.iter().map(|event| (instant(event.from), instant(event.to))).collect();
    // The night of the change is an hour shorter.
    assert!(nights.contains(&(at("2026-03-27T22:00:00Z"), at("2026-03-28T06:00:00Z"))));
    assert!(nights.contains(&(at("2026-03-28T22:00:00Z"), at("2026-03-29T05:00:00Z"))), "{nights:?}");
    assert!(read.iter().all(|event| event.summary.ends_with("· First, line; \"A\"")), "{read:?}");
    assert!(text.lines().all(|line| line.len() <= 75), "folded");
    assert!(!text.contains("LOCATION"));
}

#[test]
fn the_same_roster_gives_the_same_bytes_and_uids_outlive_the_window() {
    let desk = desk();
    let ana = &desk.directory.people[&id(ANA)];
    assert_eq!(of_person(&desk.directory, ana, window()), of_person(&desk.directory, ana, window()));
    let uids = |window| -> Vec<String> {
        events(&of_person(&desk.directory, ana, window)).unwrap().into_iter().map(|event| event.unwrap().uid).collect()
    };
    let later = Window { from: window().from + Duration::days(1), ..window() };
    let (all, fewer) = (uids(window()), uids(later));
    assert!(fewer.len() < all.len() && fewer.iter().all(|uid| all.contains(uid)), "{all:?} {fewer:?}");
    let mut once = all.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), all.len());
}

#[test]
fn a_rota_names_people_and_shows_gaps_as_free_time() {
    let mut desk = desk();
    let rota = desk.directory.rotas.get_mut(&main_rota()).unwrap();
    let (from, to) = (rota.shift_types[0].start, rota.shift_types[0].end);
    rota.required = vec![Requirement { weekdays: vec![chrono::Weekday::Sat], from, to, people: 9 }];
    let on_duty = rota.members.len();
    let text = of_rota(&desk.directory, &desk.directory.rotas[&main_rota()], window());
    let read: Vec<_> = events(&text).unwrap().into_iter().map(Result::unwrap).collect();
    let name = &desk.directory.people[&id(ANA)].name;
    assert!(read.iter().any(|event| event.summary.starts_with(&format!("{name} · "))));
    let gaps: Vec<_> = read.iter().filter(|event| event.summary.starts_with(&format!("Gap: {on_duty} of 9"))).collect();
    assert_eq!(gaps.len(), 1, "{read:?}");
    assert_eq!(text.matches("TRANSP:TRANSPARENT").count(), 1);
}

#[test]
fn names_cannot_break_out_of_their_line() {
    let mut desk = desk();
    desk.directory.people.get_mut(&id(ANA)).unwrap().name = "Ana\r\nEND:VEVENT\nX-EVIL:1".into();
    let text = of_rota(&desk.directory, &desk.directory.rotas[&main_rota()], window());
    assert!(!text.lines().any(|line| line.starts_with("X-EVIL")), "{text}");
    assert_eq!(text.matches("\r\nEND:VEVENT\r\n").count(), events(&text).unwrap().len());
}

#[test]
fn dates_times_and_zones_as_programs_write_them() {
    let day = one("UID:a\r\nSUMMARY:Leave\\, at last\r\nDTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261227");
    assert_eq!((day.uid.as_str(), day.summary.as_str()), ("a", "Leave, at last"));
    assert_eq!((instant(day.from), instant(day.to)), (at("2026-12-23T16:00:00Z"), at("2026-12-26T16:00:00Z")));
    assert_eq!(day.to.date(chrono_tz::UTC), "2026-12-27".parse::<NaiveDate>().unwrap());
    let single = one("UID:b\r\nDTSTART;VALUE=DATE:20261224");
    assert_eq!(single.to, When::Date("2026-12-25".parse().unwrap()));
    let zoned =
        one("UID:c\r\nDTSTART;TZID=Europe/Berlin:20260329T013000\r\nDTEND;TZID=\"/citadel.org/20210210_1/Europe/Berlin\":20260329T040000");
    assert_eq!((instant(zoned.from), instant(zoned.to)), (at("2026-03-29T00:30:00Z"), at("2026-03-29T02:00:00Z")));
    let floating = one("UID:d\r\nDTSTART:20261224T080000\r\nDTEND:20261224T160000");
    assert_eq!(instant(floating.from), at("2026-12-24T00:00:00Z"));
    let utc = one("UID:e\r\nDTSTART:20261224T080000Z\r\nDTEND:20261224T160000Z");
    assert_eq!(instant(utc.from), at("2026-12-24T08:00:00Z"));
    // Bare line feeds, a mark of order, folded lines.
    let loose = calendar("UID:f\r\nSUMMARY:A long na\r\n me\r\nDTSTART:20261224T080000Z\r\nDTEND:20261224T160000Z").replace("\r\n", "\n");
    assert_eq!(events(&format!("\u{feff}{loose}")).unwrap().remove(0).unwrap().summary, "A long name");
}

#[test]
fn what_cannot_be_used_says_why_event_by_event() {
    assert!(refused("UID:a\r\nDTSTART;VALUE=DATE:20261224\r\nRRULE:FREQ=YEARLY").contains("repeats (RRULE)"));
    assert!(refused("UID:a\r\nSUMMARY:x").contains("no DTSTART"));
    assert!(refused("UID:a\r\nDTSTART:20261224T080000Z").contains("no DTEND"));
    assert!(refused("UID:a\r\nDTSTART;TZID=China Standard Time:20261224T080000\r\nDTEND:20261224T090000Z").contains("no IANA name"));
    assert!(refused("UID:a\r\nDTSTART;VALUE=DATE:20261324").contains("no date"));
    assert!(refused("UID:a\r\nDTSTART;VALUE=DATE:20261224\r\nDTEND:20261224T090000Z").contains("write both alike"));
    assert!(events(&calendar("UID:a\r\nSTATUS:CANCELLED\r\nSUMMARY:x")).unwrap().is_empty());
    assert!(events("handle,name\nli.na,Li Na\n").unwrap_err().contains("no calendar"));
    assert!(events("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\n").unwrap_err().contains("cannot be read"));
}
