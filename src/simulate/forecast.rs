//! What a history says of the load by weekday and hour, against what the people whom the roster puts on duty can handle.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, TimeDelta, Timelike};
use serde::Serialize;

use super::arrivals::{span, zone};
use super::build::build;
use super::engine::mean_work_ms;
use super::history::Past;
use super::scenario::{Scenario, VariantSpec};
use super::words::Words;
use crate::base::text::fit;
use crate::domain::roster::pattern;

/// Days of roster looked at: enough for patterns of weeks.
const ROSTER_DAYS: i64 = 56;

/// One hour of the week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Cell {
    /// Monday is 0.
    pub weekday: u32,
    pub hour: u32,
    /// Requests in this hour, over the weeks of the history.
    pub mean: f64,
    pub p90: u32,
    /// People on duty, mean over the roster.
    pub on_duty: f64,
    /// Requests an hour they can handle.
    pub handles: f64,
}

impl Cell {
    /// Nine times in ten more comes in than can be handled, in the tenth even more.
    #[must_use]
    pub fn is_short(&self) -> bool {
        f64::from(self.p90) > self.handles
    }

    fn use_of(&self) -> f64 {
        if self.handles > 0.0 {
            f64::from(self.p90) / self.handles
        } else if self.p90 > 0 {
            f64::INFINITY
        } else {
            0.0
        }
    }
}

/// A week's load against the roster.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Forecast {
    pub tickets: usize,
    pub days: i64,
    /// Requests a person on duty can handle in an hour, by the scenario's handling.
    pub per_person_hour: f64,
    /// From Monday 00:00, 168 of them.
    pub hours: Vec<Cell>,
}

fn place(weekday: u32, hour: u32) -> usize {
    (weekday * 24 + hour) as usize
}

/// Counts requests by hour, those without any included, from the first day of the history to its last.
fn counted(scenario: &Scenario, past: &[Past]) -> (Vec<Vec<u32>>, i64) {
    let zone = zone(scenario);
    let local = |past: &Past| past.created_at.with_timezone(&zone);
    let mut counts: BTreeMap<(NaiveDate, u32), u32> = BTreeMap::new();
    for past in past {
        *counts.entry((local(past).date_naive(), local(past).hour())).or_default() += 1;
    }
    let mut by_hour = vec![Vec::new(); 168];
    let (Some(first), Some(last)) = (past.first().map(local), past.last().map(local)) else { return (by_hour, 0) };
    let days = (last.date_naive() - first.date_naive()).num_days() + 1;
    for date in first.date_naive().iter_days().take(usize::try_from(days).unwrap_or(0)) {
        for hour in 0..24 {
            let count = counts.get(&(date, hour)).copied().unwrap_or(0);
            by_hour[place(date.weekday().num_days_from_monday(), hour)].push(count);
        }
    }
    (by_hour, days)
}

/// People on duty by hour of the week in rotas whose queues requests come into, mean over the roster's weeks.
fn on_duty(scenario: &Scenario, queues: &BTreeSet<usize>) -> Vec<f64> {
    let built = build(scenario, &VariantSpec::default());
    let (zone, (start, _)) = (zone(scenario), span(scenario));
    let wanted: BTreeSet<_> = queues.iter().map(|queue| built.queues[*queue]).collect();
    let end = start + TimeDelta::days(ROSTER_DAYS);
    let mut hours = vec![0.0; 168];
    let serves = |rota: &&crate::domain::roster::Rota| {
        rota.queues.iter().any(|queue| wanted.contains(queue) && built.directory.queues[queue].tier == rota.tier)
    };
    for rota in built.directory.rotas.values().filter(serves) {
        for shift in pattern::shifts(&built.directory, rota, start, end) {
            let mut at = shift.from.max(start);
            while at < shift.to.min(end) {
                let local = at.with_timezone(&zone);
                // Half hours, so that shifts at half past count half.
                hours[place(local.weekday().num_days_from_monday(), local.hour())] += 0.5;
                at += TimeDelta::minutes(30);
            }
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "weeks of a roster")]
    let weeks = ROSTER_DAYS as f64 / 7.0;
    hours.into_iter().map(|people| people / weeks).collect()
}

/// The load of a history by weekday and hour, and what the scenario's roster makes of it. Requests in queues the scenario does
/// not know count as its first queue's.
#[must_use]
pub fn forecast(scenario: &Scenario, past: &[Past]) -> Forecast {
    let (by_hour, days) = counted(scenario, past);
    let place_of = |past: &Past| scenario.queue.iter().position(|queue| queue.get_ref().key == past.queue).unwrap_or(0);
    let queues: BTreeSet<usize> = past.iter().map(place_of).collect();
    // What the history holds of each queue and kind weighs the work in a request.
    let mut mix: BTreeMap<(usize, crate::domain::ticket::Kind), u32> = BTreeMap::new();
    for past in past {
        *mix.entry((place_of(past), past.kind)).or_default() += 1;
    }
    let total: f64 = mix.values().map(|count| f64::from(*count)).sum();
    let work =
        mix.iter().map(|((queue, kind), count)| mean_work_ms(scenario, *queue, *kind) * f64::from(*count)).sum::<f64>() / total.max(1.0);
    let per_person_hour = if work > 0.0 { 3_600_000.0 / work } else { 0.0 };
    let people = on_duty(scenario, &queues);
    let cell = |(at, counts): (usize, Vec<u32>)| {
        let mut sorted = counts;
        sorted.sort_unstable();
        let p90 = sorted.get((sorted.len() * 9).div_ceil(10).max(1) - 1).copied().unwrap_or(0);
        #[expect(clippy::cast_precision_loss, reason = "hours of a history")]
        let mean = sorted.iter().map(|count| f64::from(*count)).sum::<f64>() / sorted.len().max(1) as f64;
        let hour = u32::try_from(at).unwrap_or_default();
        Cell { weekday: hour / 24, hour: hour % 24, mean, p90, on_duty: people[at], handles: people[at] * per_person_hour }
    };
    Forecast { tickets: past.len(), days, per_person_hour, hours: by_hour.into_iter().enumerate().map(cell).collect() }
}

/// The week as a table of weekdays and hours, shaded by how much of what can be handled comes in, and the spans that are short.
/// Days stand in one row where `width` cells hold it, else in halves.
#[must_use]
pub fn draw(forecast: &Forecast, words: &Words, width: usize) -> Vec<String> {
    let (label, column) = (5, 5);
    let mut lines = vec![words.load.to_owned(), format!("░ <50 % ▒ <75 % ▓ <100 % █ {} · {}", words.short, words.legend)];
    let shade = |cell: &Cell| match cell.use_of() {
        share if share < 0.5 => '░',
        share if share < 0.75 => '▒',
        share if share <= 1.0 => '▓',
        _ => '█',
    };
    let hours = if width >= label + 24 * column { 24 } else { 12 };
    for from in (0..24).step_by(hours) {
        let heads: String = (from..from + hours).map(|hour| format!("{hour:>column$}")).collect();
        lines.push(format!("{}{heads}", fit("", label)));
        for (weekday, cells) in forecast.hours.chunks(24).enumerate() {
            let texts: String = cells.iter().skip(from).take(hours).map(|cell| format!("{:>4.0}{}", cell.mean, shade(cell))).collect();
            lines.push(format!("{}{texts}", fit(words.weekdays[weekday], label)));
        }
    }
    let mut short = Vec::new();
    let mut from = 0;
    while from < forecast.hours.len() {
        let run = forecast.hours[from..].iter().take_while(|cell| cell.is_short()).count();
        // A span does not pass midnight: people are rostered by the day.
        let run = run.min(24 - from % 24);
        if run > 0 {
            short.push(short_line(&forecast.hours[from..from + run], words));
        }
        from += run.max(1);
    }
    lines.push(String::new());
    if short.is_empty() {
        lines.push(words.nowhere_short.to_owned());
    }
    lines.extend(short);
    lines
}

fn short_line(cells: &[Cell], words: &Words) -> String {
    let (first, last) = (&cells[0], &cells[cells.len() - 1]);
    let p90 = cells.iter().map(|cell| cell.p90).max().unwrap_or(0);
    let least = cells.iter().map(|cell| cell.on_duty).fold(f64::INFINITY, f64::min);
    let handles = cells.iter().map(|cell| cell.handles).fold(f64::INFINITY, f64::min);
    let day = words.weekdays[first.weekday as usize];
    format!(
        "{} {day} {:02}:00–{:02}:00  {} {p90}/h · {} {least:.1} · {} {handles:.1}/h",
        words.short,
        first.hour,
        last.hour + 1,
        words.busiest,
        words.on_duty,
        words.handles
    )
}
