//! English times: `2h`, `within 24 hours`, `tomorrow at 3pm`, `by Friday 15:00`, `Nov 25`, `2026-11-25`.

use chrono::{NaiveTime, TimeDelta, Weekday};

use super::scan::{Scan, afternoon, span};
use super::{Day, Lead, Said, hm};

const LEADS: &[(&str, Lead)] = &[
    ("no later than", Lead::By),
    ("at the latest by", Lead::By),
    ("within the next", Lead::By),
    ("within", Lead::By),
    ("before", Lead::Before),
    ("until", Lead::By),
    ("till", Lead::By),
    ("by", Lead::By),
    ("in", Lead::After),
    ("at", Lead::Plain),
    ("on", Lead::Plain),
];
/// Minutes in a unit.
const UNITS: &[(&str, u32)] = &[
    ("minutes", 1),
    ("minute", 1),
    ("mins", 1),
    ("min", 1),
    ("m", 1),
    ("hours", 60),
    ("hour", 60),
    ("hrs", 60),
    ("hr", 60),
    ("h", 60),
    ("days", 1_440),
    ("day", 1_440),
    ("d", 1_440),
    ("weeks", 10_080),
    ("week", 10_080),
    ("w", 10_080),
];
const WEEKDAYS: &[(&str, Weekday)] = &[
    ("monday", Weekday::Mon),
    ("mon", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("tue", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("wed", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("thu", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("fri", Weekday::Fri),
    ("saturday", Weekday::Sat),
    ("sat", Weekday::Sat),
    ("sunday", Weekday::Sun),
    ("sun", Weekday::Sun),
];
const MONTHS: &[(&str, u32)] = &[
    ("january", 1),
    ("jan", 1),
    ("february", 2),
    ("feb", 2),
    ("march", 3),
    ("mar", 3),
    ("april", 4),
    ("apr", 4),
    ("may", 5),
    ("june", 6),
    ("jun", 6),
    ("july", 7),
    ("jul", 7),
    ("august", 8),
    ("aug", 8),
    ("september", 9),
    ("sept", 9),
    ("sep", 9),
    ("october", 10),
    ("oct", 10),
    ("november", 11),
    ("nov", 11),
    ("december", 12),
    ("dec", 12),
];
const COUNTS: &[(&str, f64)] = &[
    ("half an", 0.5),
    ("an", 1.0),
    ("a", 1.0),
    ("one", 1.0),
    ("two", 2.0),
    ("three", 3.0),
    ("four", 4.0),
    ("five", 5.0),
    ("six", 6.0),
    ("ten", 10.0),
];

pub(super) fn read(mut scan: Scan<'_>) -> Option<Said> {
    let lead = scan.one_word(LEADS).unwrap_or(Lead::Plain);
    scan.spaces();
    if let Some(span) = duration(&mut scan) {
        return Some(Said { day: None, clock: None, span: Some(span), lead, len: scan.at });
    }
    if lead == Lead::After {
        return None;
    }
    let mut clock = None;
    let mut day = None;
    // "tomorrow 15:00" and "15:00 tomorrow".
    for _ in 0..2 {
        let before = scan;
        between(&mut scan, clock.is_some() || day.is_some());
        if day.is_none()
            && let Some((found, at)) = named_day(&mut scan)
        {
            day = Some(found);
            clock = clock.or(at);
        } else if clock.is_none()
            && let Some(found) = clock_of(&mut scan)
        {
            clock = Some(found);
        } else {
            scan = before;
            break;
        }
    }
    (day.is_some() || clock.is_some()).then_some(Said { day, clock, span: None, lead, len: scan.at })
}

fn between(scan: &mut Scan<'_>, further: bool) {
    scan.spaces();
    if further {
        scan.take(",");
        scan.spaces();
        for word in ["at", "by", "before", "on", "around"] {
            if scan.word(word) {
                scan.spaces();
                break;
            }
        }
    }
}

/// `2h`, `1h30m`, `24 hours`, `half an hour`, `two days`.
fn duration(scan: &mut Scan<'_>) -> Option<TimeDelta> {
    let mut total: Option<TimeDelta> = None;
    loop {
        let before = *scan;
        let count = match scan.number() {
            Some(number) => Some(f64::from(number)),
            None if total.is_none() => scan.one_word(COUNTS),
            None => None,
        };
        scan.spaces();
        // `1h30m`: a unit may be followed by a number.
        let unit = UNITS.iter().find(|(word, _)| {
            let start = *scan;
            let found = scan.take(word) && !scan.peek().is_some_and(|next| next.is_ascii_alphabetic());
            if !found {
                *scan = start;
            }
            found
        });
        let part = count.zip(unit).and_then(|(count, (_, minutes))| span(count, *minutes));
        let Some(part) = part else {
            *scan = before;
            return total;
        };
        total = Some(total.map_or(part, |total| total + part));
    }
}

/// Days from today, and the hour and minute that the word brings along.
type NamedDay = (u64, Option<(u32, u32)>);

fn named_day(scan: &mut Scan<'_>) -> Option<(Day, Option<NaiveTime>)> {
    let named: &[(&str, NamedDay)] = &[
        ("the day after tomorrow", (2, None)),
        ("day after tomorrow", (2, None)),
        ("tomorrow morning", (1, Some((9, 0)))),
        ("tomorrow noon", (1, Some((12, 0)))),
        ("tomorrow afternoon", (1, Some((15, 0)))),
        ("tomorrow evening", (1, Some((20, 0)))),
        ("tomorrow", (1, None)),
        ("tonight", (0, Some((20, 0)))),
        ("end of day", (0, Some((18, 0)))),
        ("end of today", (0, Some((18, 0)))),
        ("eod", (0, Some((18, 0)))),
        ("today", (0, None)),
    ];
    if let Some((days, clock)) = scan.one_word(named) {
        return Some((Day::InDays(days), clock.map(hm)));
    }
    iso(scan).or_else(|| weekday(scan)).or_else(|| month_day(scan)).map(|day| (day, None))
}

fn weekday(scan: &mut Scan<'_>) -> Option<Day> {
    let before = *scan;
    let next = scan.word("next");
    if !next {
        scan.word("this");
    }
    scan.spaces();
    let found = scan.one_word(WEEKDAYS).map(|day| Day::Weekday { day, weeks: next.then_some(1) });
    if found.is_none() {
        *scan = before;
    }
    found
}

fn iso(scan: &mut Scan<'_>) -> Option<Day> {
    let before = *scan;
    let read = |scan: &mut Scan<'_>| {
        let year = scan.number().filter(|year| *year > 1_900)?;
        scan.take("-").then_some(())?;
        let month = scan.number()?;
        scan.take("-").then_some(())?;
        let day = scan.number()?;
        // `2026-11-25T09:00`
        scan.take("t");
        Some(Day::Date { year: i32::try_from(year).ok(), month, day })
    };
    let found = read(scan);
    if found.is_none() {
        *scan = before;
    }
    found
}

/// `Nov 25`, `November 25th`, `25 Nov`, `25th of November`, with a year or without.
fn month_day(scan: &mut Scan<'_>) -> Option<Day> {
    let before = *scan;
    let read = |scan: &mut Scan<'_>| {
        let (month, day) = match scan.one_word(MONTHS) {
            Some(month) => {
                scan.spaces();
                (month, ordinal(scan)?)
            }
            None => {
                let day = ordinal(scan)?;
                scan.spaces();
                if scan.word("of") {
                    scan.spaces();
                }
                (scan.one_word(MONTHS)?, day)
            }
        };
        let here = *scan;
        scan.take(",");
        scan.spaces();
        let year = scan.number().filter(|year| (2_000..=2_200).contains(year));
        if year.is_none() {
            *scan = here;
        }
        (1..=31).contains(&day).then_some(Day::Date { year: year.and_then(|year| i32::try_from(year).ok()), month, day })
    };
    let found = read(scan);
    if found.is_none() {
        *scan = before;
    }
    found
}

fn ordinal(scan: &mut Scan<'_>) -> Option<u32> {
    let number = scan.number()?;
    let _ = ["st", "nd", "rd", "th"].into_iter().any(|end| scan.word(end));
    (!scan.peek().is_some_and(|next| next.is_ascii_alphabetic())).then_some(number)
}

/// `15:00`, `3pm`, `3:30 pm`, `noon`; an hour alone is none: `Friday 3` says nothing.
fn clock_of(scan: &mut Scan<'_>) -> Option<NaiveTime> {
    if let Some(clock) = scan.one_word(&[("noon", (12, 0)), ("midday", (12, 0)), ("close of business", (18, 0))]) {
        return Some(hm(clock));
    }
    let before = *scan;
    let colon = scan.colon_clock();
    let clock = match colon {
        Some(clock) => Some(clock),
        None => scan.number().and_then(|hour| NaiveTime::from_hms_opt(hour, 0, 0)),
    };
    let after = *scan;
    scan.spaces();
    let half = scan.one_word(&[("a.m.", false), ("p.m.", true), ("am", false), ("pm", true), ("o'clock", false)]);
    use chrono::Timelike;
    let found = match (clock, half) {
        (Some(clock), Some(true)) if clock.hour() <= 12 => Some(afternoon(clock)),
        (Some(clock), Some(false)) if clock.hour() == 12 => Some(clock - TimeDelta::hours(12)),
        (Some(clock), Some(false)) if clock.hour() < 12 => Some(clock),
        (Some(clock), None) if colon.is_some() => {
            *scan = after;
            Some(clock)
        }
        _ => None,
    };
    if found.is_none() || (half.is_none() && scan.peek().is_some_and(|next| next.is_ascii_alphanumeric())) {
        *scan = before;
        return None;
    }
    found
}
