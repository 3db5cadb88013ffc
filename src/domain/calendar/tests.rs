//! Business time against a reference that looks at every minute, or every second at the edges.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Weekday};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::business::{HORIZON_DAYS, add_ms, spent_ms};
use super::{BusinessHours, Calendar, Edition, Holiday};
use crate::domain::Timestamp;
use crate::domain::testing::{at, id};

const ZONES: [&str; 7] =
    ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo", "America/St_Johns", "UTC"];
/// Days around which zones change their clocks in 2026, and a plain one.
const DAYS: [&str; 8] = ["2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01", "2026-04-05", "2026-10-04", "2026-04-24", "2026-06-10"];
const WEEK: [Weekday; 7] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

fn time(text: &str) -> NaiveTime {
    text.parse().unwrap()
}

pub fn hours(weekdays: &[Weekday], from: &str, to: &str) -> BusinessHours {
    BusinessHours { weekdays: weekdays.to_vec(), from: time(from), to: time(to) }
}

pub fn calendar(time_zone: &str, hours: Vec<BusinessHours>, holidays: &[&str]) -> Calendar {
    let holidays = holidays.iter().map(|date| Holiday { date: date.parse().unwrap(), name: "holiday".into() }).collect();
    let (key, name) = ("office".to_owned(), "Office".to_owned());
    Calendar { id: id(60), version: 1, key, name, time_zone: time_zone.into(), hours, holidays, active: true, editions: Vec::new() }
}

fn office() -> Calendar {
    calendar("Europe/Berlin", vec![hours(&WEEK[..5], "09:00:00", "18:00:00")], &["2026-05-01"])
}

const HOUR: i64 = 3_600_000;

/// The spans that start on a day, found by watching the wall clock tick: a span begins when the wall clock first shows its start
/// (or, where it is skipped, first shows more), and ends alike.
struct Reference {
    /// Each tick with its local reading.
    ticks: Vec<(Timestamp, NaiveDateTime)>,
    spans: Vec<(Timestamp, Timestamp)>,
    step: TimeDelta,
}

impl Reference {
    fn new(calendar: &Calendar, from: Timestamp, to: Timestamp, step: TimeDelta) -> Self {
        let zone: Tz = calendar.time_zone.parse().unwrap();
        let mut ticks = Vec::new();
        let mut tick = from - TimeDelta::hours(60);
        while tick <= to + TimeDelta::hours(60) {
            ticks.push((tick, tick.with_timezone(&zone).naive_local()));
            tick += step;
        }
        let first_at = |local: NaiveDateTime| ticks.iter().find(|(_, shown)| *shown >= local).map(|(at, _)| *at);
        let mut spans = Vec::new();
        let mut date = ticks[0].1.date().succ_opt().unwrap();
        let last = ticks.last().unwrap().1.date();
        while date.succ_opt().unwrap() < last {
            let next = date.succ_opt().unwrap();
            if !calendar.holidays.iter().any(|holiday| holiday.date == date) {
                let all_day = BusinessHours { weekdays: WEEK.to_vec(), from: NaiveTime::MIN, to: NaiveTime::MIN };
                let hours = if calendar.hours.is_empty() { vec![all_day] } else { calendar.hours.clone() };
                for hours in hours.iter().filter(|hours| hours.weekdays.contains(&chrono::Datelike::weekday(&date))) {
                    let end = if hours.to > hours.from { date.and_time(hours.to) } else { next.and_time(hours.to) };
                    if let (Some(from), Some(to)) = (first_at(date.and_time(hours.from)), first_at(end)) {
                        spans.push((from, to));
                    }
                }
            }
            date = next;
        }
        Self { ticks, spans, step }
    }

    fn counts(&self, at: Timestamp) -> bool {
        self.spans.iter().any(|(from, to)| *from <= at && at < *to)
    }

    fn spent(&self, from: Timestamp, to: Timestamp) -> i64 {
        let ticks = self.ticks.iter().filter(|(at, _)| from <= *at && *at < to && self.counts(*at)).count();
        i64::try_from(ticks).unwrap() * self.step.num_milliseconds()
    }
}

fn spans() -> impl Strategy<Value = Vec<BusinessHours>> {
    let span = (1u8..128, 0u32..1440, 0u32..1440).prop_map(|(days, from, to)| {
        let weekdays = WEEK.iter().enumerate().filter(|(place, _)| days & (1 << place) != 0).map(|(_, day)| *day).collect();
        let time = |minute: u32| NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap();
        BusinessHours { weekdays, from: time(from), to: time(to) }
    });
    prop::collection::vec(span, 0..4)
}

fn any_calendar() -> impl Strategy<Value = (Calendar, Timestamp)> {
    (0..ZONES.len(), spans(), 0..DAYS.len(), prop::collection::vec(-2i64..3, 0..2), -2_000i64..2_000).prop_map(
        |(zone, hours, day, holidays, minute)| {
            let day: NaiveDate = DAYS[day].parse().unwrap();
            let mut calendar = calendar(ZONES[zone], hours, &[]);
            let holiday = |offset: &i64| Holiday { date: day + TimeDelta::days(*offset), name: "off".into() };
            calendar.holidays = holidays.iter().map(holiday).collect();
            (calendar, day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::minutes(minute))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_a_look_at_every_minute((calendar, from) in any_calendar(), minutes in 0i64..4_000) {
        let to = from + TimeDelta::minutes(minutes);
        let reference = Reference::new(&calendar, from, to, TimeDelta::minutes(1));
        prop_assert_eq!(spent_ms(Some(&calendar), from, to), reference.spent(from, to), "{:?} {} {}", calendar, from, to);
    }

    #[test]
    fn adding_is_the_inverse_of_counting((calendar, from) in any_calendar(), ms in 0i64..400 * HOUR) {
        let due = add_ms(Some(&calendar), from, ms);
        let capped = due == from + TimeDelta::days(HORIZON_DAYS);
        if !capped {
            prop_assert_eq!(spent_ms(Some(&calendar), from, due), ms);
            if ms > 0 {
                prop_assert_eq!(spent_ms(Some(&calendar), from, due - TimeDelta::milliseconds(1)), ms - 1, "not the first such instant");
            }
        }
    }

    #[test]
    fn parts_add_up((calendar, from) in any_calendar(), ms in 0i64..300 * HOUR, cut in 0i64..300 * HOUR) {
        let (middle, to) = (from + TimeDelta::milliseconds(cut.min(ms)), from + TimeDelta::milliseconds(ms));
        let whole = spent_ms(Some(&calendar), from, to);
        prop_assert_eq!(spent_ms(Some(&calendar), from, middle) + spent_ms(Some(&calendar), middle, to), whole);
        prop_assert!(whole <= ms);
    }
}

#[test]
fn exact_to_the_second_at_edges_and_clock_changes() {
    let night = hours(&WEEK, "22:00:07", "06:00:13");
    for (zone, day) in [("Europe/Berlin", "2026-10-25"), ("Europe/Berlin", "2026-03-29"), ("Australia/Lord_Howe", "2026-04-05")] {
        let calendar = calendar(zone, vec![night.clone(), hours(&WEEK, "02:30:30", "02:45:01")], &[]);
        let middle = at(&format!("{day}T00:00:00Z"));
        for (from, to) in [(-9_000, 9_000), (-1, 1), (-20_007, 30_001), (3_599, 12_345)] {
            let (from, to) = (middle + TimeDelta::seconds(from), middle + TimeDelta::seconds(to));
            let reference = Reference::new(&calendar, from, to, TimeDelta::seconds(1));
            assert_eq!(spent_ms(Some(&calendar), from, to), reference.spent(from, to), "{zone} {day} {from} {to}");
        }
    }
}

#[test]
fn eight_hours_from_friday_afternoon_are_over_on_monday() {
    // Friday 16:00 in Berlin: two hours are left of the day, six of Monday's.
    let due = add_ms(Some(&office()), at("2026-06-12T14:00:00Z"), 8 * HOUR);
    assert_eq!(due, at("2026-06-15T13:00:00Z"));
    // Two hours are over when the office closes, not when it opens again.
    assert_eq!(add_ms(Some(&office()), at("2026-06-12T14:00:00Z"), 2 * HOUR), at("2026-06-12T16:00:00Z"));
    assert_eq!(add_ms(Some(&office()), at("2026-06-12T14:00:00Z"), 0), at("2026-06-12T14:00:00Z"));
    // The first of May is a holiday, and a Friday.
    assert_eq!(add_ms(Some(&office()), at("2026-04-30T15:00:00Z"), 2 * HOUR), at("2026-05-04T08:00:00Z"));
}

#[test]
fn a_night_over_a_clock_change_is_longer_or_shorter() {
    let nights = calendar("Europe/Berlin", vec![hours(&WEEK, "23:00:00", "07:00:00")], &[]);
    let of = |from: &str, to: &str| spent_ms(Some(&nights), at(from), at(to)) / HOUR;
    assert_eq!(of("2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z"), 9);
    assert_eq!(of("2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z"), 7);
    assert_eq!(of("2026-06-28T12:00:00Z", "2026-06-29T12:00:00Z"), 8);
    // A holiday's night does not start; the night before still ends on it.
    let holiday = Calendar { holidays: vec![Holiday { date: "2026-06-29".parse().unwrap(), name: "off".into() }], ..nights };
    assert_eq!(spent_ms(Some(&holiday), at("2026-06-28T12:00:00Z"), at("2026-06-30T12:00:00Z")) / HOUR, 8);
}

#[test]
fn overlapping_spans_count_once_and_no_spans_count_always() {
    let twice = calendar("UTC", vec![hours(&WEEK, "08:00:00", "12:00:00"), hours(&WEEK, "10:00:00", "14:00:00")], &[]);
    assert_eq!(spent_ms(Some(&twice), at("2026-06-10T00:00:00Z"), at("2026-06-11T00:00:00Z")), 6 * HOUR);
    let always = calendar("Europe/Berlin", Vec::new(), &["2026-06-11"]);
    assert_eq!(spent_ms(Some(&always), at("2026-06-09T22:00:00Z"), at("2026-06-12T22:00:00Z")), 48 * HOUR);
    assert_eq!(spent_ms(None, at("2026-06-10T00:00:00Z"), at("2026-06-11T00:00:00Z")), 24 * HOUR);
    assert_eq!(spent_ms(None, at("2026-06-11T00:00:00Z"), at("2026-06-10T00:00:00Z")), 0);
}

#[test]
fn a_calendar_that_never_opens_ends_at_the_horizon() {
    let never = calendar("UTC", vec![BusinessHours { weekdays: Vec::new(), ..hours(&[], "09:00:00", "10:00:00") }], &[]);
    let from = at("2026-06-10T00:00:00Z");
    assert_eq!(add_ms(Some(&never), from, 1), from + TimeDelta::days(HORIZON_DAYS));
    assert_eq!(add_ms(None, from, i64::MAX), from + TimeDelta::days(HORIZON_DAYS));
    assert_eq!(spent_ms(Some(&never), from, from + TimeDelta::days(HORIZON_DAYS)), 0);
}

#[test]
fn time_before_an_edit_counts_by_the_hours_of_then() {
    let mut edited = calendar("UTC", vec![hours(&WEEK, "09:00:00", "17:00:00")], &[]);
    edited.editions.push(Edition { until: at("2026-06-10T12:00:00Z"), time_zone: "UTC".into(), hours: Vec::new(), holidays: Vec::new() });
    // Around the clock until noon of the 10th, then the five hours until 17:00.
    assert_eq!(spent_ms(Some(&edited), at("2026-06-10T00:00:00Z"), at("2026-06-11T00:00:00Z")), 17 * HOUR);
    assert_eq!(spent_ms(Some(&edited), at("2026-06-10T13:00:00Z"), at("2026-06-11T10:00:00Z")), 5 * HOUR);
    assert_eq!(at("2026-06-10T12:00:00Z").second(), 0);
}
