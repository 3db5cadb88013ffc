//! The period cut into spans within which neither what is required nor who can be on duty changes.
//!
//! Instants come from the rota's zone, so that a night of a clock change is as long as it is.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{Datelike, Days, NaiveDate};
use chrono_tz::Tz;

use crate::domain::id::PersonId;
use crate::domain::roster::pattern::{instant, span};
use crate::domain::roster::{Rota, Shift};

/// Seconds since 1970, first and first after.
pub(super) type Span = (i64, i64);

/// A span of the period with a fixed requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slice {
    pub from: i64,
    pub to: i64,
    pub required: i32,
    /// People there whatever is proposed: extra shifts, and shifts that began before or begin after.
    pub fixed: i32,
}

/// The slices, and for each day and shift type the slices it covers.
pub(super) struct Slices {
    pub list: Vec<Slice>,
    /// By `day * types + type`.
    pub covered: Vec<(u32, u32)>,
}

/// When each shift type lasts on each day, by `day * types + type`.
pub(super) fn spans(rota: &Rota, zone: Tz, first: NaiveDate, days: usize) -> Vec<Option<Span>> {
    first
        .iter_days()
        .take(days)
        .flat_map(|date| {
            rota.shift_types.iter().map(move |kind| span(zone, kind, date).map(|(from, to)| (from.timestamp(), to.timestamp())))
        })
        .collect()
}

/// A span of what is required.
struct Wanted {
    span: Span,
    people: i32,
    /// It started before the period.
    before: bool,
}

/// What is required: spans that start within the period, whole, and the rest of those that started before.
fn wanted(rota: &Rota, zone: Tz, first: NaiveDate, days: usize) -> Vec<Wanted> {
    let start = instant(zone, first.and_time(chrono::NaiveTime::MIN)).timestamp();
    let begin = first.checked_sub_days(Days::new(2)).unwrap_or(first);
    let mut found = Vec::new();
    for date in begin.iter_days().take(days + 2) {
        for requirement in rota.required.iter().filter(|requirement| requirement.weekdays.contains(&date.weekday())) {
            let last = if requirement.to > requirement.from { Some(date) } else { date.checked_add_days(Days::new(1)) };
            let Some(last) = last else { continue };
            let from = instant(zone, date.and_time(requirement.from)).timestamp().max(start);
            let to = instant(zone, last.and_time(requirement.to)).timestamp();
            if from < to {
                let people = i32::try_from(requirement.people).unwrap_or(i32::MAX);
                found.push(Wanted { span: (from, to), people, before: date < first });
            }
        }
    }
    found
}

/// Cuts the period. `fixed` are this rota's shifts that no proposal moves.
pub(super) fn cut(rota: &Rota, zone: Tz, first: NaiveDate, spans: &[Option<Span>], fixed: &[Shift]) -> Slices {
    let days = spans.len() / rota.shift_types.len().max(1);
    let wanted = wanted(rota, zone, first, days);
    let starts = wanted.iter().map(|wanted| wanted.span.0).chain(spans.iter().flatten().map(|(from, _)| *from));
    let ends = wanted.iter().map(|wanted| wanted.span.1).chain(spans.iter().flatten().map(|(_, to)| *to));
    let (Some(start), Some(end)) = (starts.clone().min(), ends.clone().max()) else {
        return Slices { list: Vec::new(), covered: vec![(0, 0); spans.len()] };
    };
    let mut edges: BTreeSet<i64> = starts.chain(ends).collect();
    let theirs = fixed.iter().flat_map(|shift| [shift.from.timestamp(), shift.to.timestamp()]);
    edges.extend(theirs.filter(|at| start < *at && *at < end));
    let edges: Vec<i64> = edges.into_iter().collect();
    let mut list: Vec<Slice> = edges.windows(2).map(|pair| Slice { from: pair[0], to: pair[1], required: 0, fixed: 0 }).collect();
    let place = |at: i64| edges.partition_point(|edge| *edge < at);
    let range = |span: &Option<Span>| span.map_or((0, 0), |(from, to)| (small(place(from)), small(place(to))));
    let covered: Vec<(u32, u32)> = spans.iter().map(range).collect();
    let first_shift = spans.iter().flatten().map(|(from, _)| *from).min();
    for Wanted { span: (from, to), people, before } in wanted {
        for slice in &mut list[place(from)..place(to)] {
            // What comes before the first shift of the period was for the last period to meet.
            if !before || first_shift.is_some_and(|first| first <= slice.from) {
                slice.required = slice.required.max(people);
            }
        }
    }
    let mut people: HashMap<usize, HashSet<PersonId>> = HashMap::new();
    for shift in fixed {
        let (from, to) = (place(shift.from.timestamp().max(start)), place(shift.to.timestamp().min(end)));
        for at in from..to.max(from) {
            people.entry(at).or_default().insert(shift.person);
        }
    }
    for (at, there) in people {
        list[at].fixed = i32::try_from(there.len()).unwrap_or(i32::MAX);
    }
    Slices { list, covered }
}

fn small(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
