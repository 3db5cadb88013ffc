//! Spans in which fewer people are on duty than a rota requires, found ahead.

use std::collections::BTreeSet;

use chrono::{Datelike, Days};
use chrono_tz::Tz;

use super::pattern::{days, instant, shifts};
use super::{Gap, Requirement, Rota, Shift};
use crate::domain::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::id::PersonId;

struct Wanted {
    from: Timestamp,
    to: Timestamp,
    people: u32,
}

fn wanted(rota: &Rota, zone: Tz, from: Timestamp, to: Timestamp) -> Vec<Wanted> {
    let mut spans = Vec::new();
    for date in days(zone, from, to) {
        for requirement in rota.required.iter().filter(|requirement| requirement.weekdays.contains(&date.weekday())) {
            let Requirement { from: start, to: end, people, .. } = requirement;
            let last = if end > start { Some(date) } else { date.checked_add_days(Days::new(1)) };
            let Some(last) = last else { continue };
            let start = instant(zone, date.and_time(*start)).max(from);
            let end = instant(zone, last.and_time(*end)).min(to);
            if start < end {
                spans.push(Wanted { from: start, to: end, people: *people });
            }
        }
    }
    spans
}

/// Shifts of people who left are nobody's. Who the directory does not know (yet) counts.
fn manned(directory: &Directory, rota: &Rota, from: Timestamp, to: Timestamp) -> Vec<Shift> {
    let mut found = shifts(directory, rota, from, to);
    found.retain(|shift| directory.people.get(&shift.person).is_none_or(|person| person.active));
    found
}

fn count(shifts: &[Shift], at: Timestamp) -> u32 {
    let people: BTreeSet<PersonId> = shifts.iter().filter(|shift| shift.from <= at && at < shift.to).map(|shift| shift.person).collect();
    u32::try_from(people.len()).unwrap_or(u32::MAX)
}

/// The gaps of a rota within `[from, to)`, in order, cut at the span's ends. Where requirements overlap the highest counts.
#[must_use]
pub fn gaps(directory: &Directory, rota: &Rota, from: Timestamp, to: Timestamp) -> Vec<Gap> {
    let Ok(zone) = rota.time_zone.parse::<Tz>() else { return Vec::new() };
    if from >= to || !rota.active {
        return Vec::new();
    }
    let (wanted, shifts) = (wanted(rota, zone, from, to), manned(directory, rota, from, to));
    let mut edges: BTreeSet<Timestamp> = wanted.iter().flat_map(|span| [span.from, span.to]).collect();
    edges.extend(shifts.iter().flat_map(|shift| [shift.from, shift.to]).filter(|at| from < *at && *at < to));
    let edges: Vec<Timestamp> = edges.into_iter().collect();
    let mut gaps: Vec<Gap> = Vec::new();
    for pair in edges.windows(2) {
        let (start, end) = (pair[0], pair[1]);
        let required = wanted.iter().filter(|span| span.from <= start && start < span.to).map(|span| span.people).max().unwrap_or(0);
        let on_duty = count(&shifts, start);
        if on_duty >= required {
            continue;
        }
        match gaps.last_mut() {
            Some(last) if last.to == start && last.required == required && last.on_duty == on_duty => last.to = end,
            _ => gaps.push(Gap { rota: rota.id, from: start, to: end, required, on_duty }),
        }
    }
    gaps
}
