//! The requests of a scenario in order of time: drawn by the hour, or replayed from a history.

use chrono::{DateTime, Datelike, Days, NaiveTime, TimeDelta, Weekday};
use chrono_tz::Tz;

use super::chance::{Draw, poisson, rng, share, weighted};
use super::history::Past;
use super::scenario::{ArrivalSpec, Scenario, VariantSpec};
use crate::domain::Timestamp;
use crate::domain::roster::pattern::instant;
use crate::domain::ticket::{Kind, Priority};

/// One request that comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    pub at: Timestamp,
    /// Place in the scenario's list of queues.
    pub queue: usize,
    pub kind: Kind,
    pub priority: Priority,
    pub requester: u32,
    /// What chance knows it by: the same in every variant.
    pub index: u64,
}

/// Weights of the hours from midnight.
pub const CURVES: [(&str, [f64; 24]); 4] = [
    ("flat", [1.0; 24]),
    ("office", [0.1, 0.1, 0.1, 0.1, 0.1, 0.2, 0.5, 1.5, 4.0, 7.0, 8.0, 7.0, 4.0, 5.5, 7.0, 6.5, 5.0, 3.0, 1.5, 0.8, 0.5, 0.3, 0.2, 0.1]),
    ("retail", [0.6, 0.4, 0.3, 0.3, 0.4, 0.7, 1.4, 2.4, 3.4, 4.2, 4.8, 5.0, 4.6, 4.4, 4.5, 4.6, 4.8, 5.0, 5.2, 5.0, 4.2, 3.0, 1.8, 1.0]),
    ("roadside", [2.0, 1.6, 1.4, 1.4, 1.8, 2.8, 4.2, 5.2, 5.0, 4.4, 4.2, 4.2, 4.2, 4.2, 4.2, 4.4, 5.0, 5.4, 5.0, 4.2, 3.6, 3.2, 2.8, 2.4]),
];

#[must_use]
pub fn curve(name: &str) -> Option<&'static [f64; 24]> {
    CURVES.iter().find(|(key, _)| *key == name).map(|(_, curve)| curve)
}

fn weight(spec: &ArrivalSpec, hour: usize) -> f64 {
    let named = || curve(spec.curve.as_deref().unwrap_or("flat")).unwrap_or(&CURVES[0].1);
    match &spec.hourly {
        Some(hourly) => hourly[hour] / hourly.iter().sum::<f64>(),
        None => named()[hour] / named().iter().sum::<f64>(),
    }
}

/// Requests against the scenario's own in this local hour.
fn volume(variant: &VariantSpec, hour: u32) -> f64 {
    let within = match variant.volume_hours {
        None => true,
        Some([from, to]) if from < to => (from..to).contains(&hour),
        Some([from, to]) => hour >= from || hour < to,
    };
    variant.volume.filter(|_| within).unwrap_or(1.0)
}

/// The scenario's time zone; UTC for one that was never checked.
#[must_use]
pub fn zone(scenario: &Scenario) -> Tz {
    scenario.scenario.time_zone.parse().unwrap_or(Tz::UTC)
}

/// From the scenario's first midnight to the one after its last day.
#[must_use]
pub fn span(scenario: &Scenario) -> (Timestamp, Timestamp) {
    let (zone, first) = (zone(scenario), scenario.scenario.start);
    let last = first.checked_add_days(Days::new(scenario.scenario.days.into())).unwrap_or(first);
    (instant(zone, first.and_time(NaiveTime::MIN)), instant(zone, last.and_time(NaiveTime::MIN)))
}

/// Requests drawn by the hour. A variant with another volume in some hours has the same requests in the others.
#[must_use]
pub fn drawn(scenario: &Scenario, variant: &VariantSpec) -> Vec<Arrival> {
    let (zone, (start, end)) = (zone(scenario), span(scenario));
    let seed = scenario.scenario.seed;
    let mut arrivals = Vec::new();
    for (stream, spec) in scenario.arrivals.iter().map(toml::Spanned::get_ref).enumerate() {
        let queue = scenario.queue.iter().position(|queue| queue.get_ref().key == spec.queue).unwrap_or_default();
        let mut hour_start = start;
        let mut place = 0_u64;
        while hour_start < end {
            let local = hour_start.with_timezone(&zone);
            let hour = chrono::Timelike::hour(&local);
            let weekend = matches!(local.weekday(), Weekday::Sat | Weekday::Sun);
            let mean = spec.per_day * weight(spec, hour as usize) * if weekend { spec.weekend } else { 1.0 } * volume(variant, hour);
            let mut hourly = rng(seed, Draw::Arrivals, stream as u64, place);
            for n in 0..u64::from(poisson(&mut hourly, mean)) {
                #[expect(clippy::cast_possible_truncation, reason = "less than an hour")]
                let offset = (share(&mut hourly) * 3_600_000.0) as i64;
                let index = ((stream as u64) << 48) | (place << 24) | n;
                let at = hour_start + TimeDelta::milliseconds(offset);
                arrivals.push(arrival(scenario, spec, at, queue, index));
            }
            hour_start += TimeDelta::hours(1);
            place += 1;
        }
    }
    arrivals.retain(|arrival| arrival.at < end);
    arrivals.sort_by_key(|arrival| (arrival.at, arrival.index));
    arrivals
}

fn arrival(scenario: &Scenario, spec: &ArrivalSpec, at: Timestamp, queue: usize, index: u64) -> Arrival {
    let mut ticket = rng(scenario.scenario.seed, Draw::Ticket, index, 0);
    let kind = weighted(&mut ticket, spec.kinds.iter().map(|(kind, weight)| (*kind, *weight)), Kind::default());
    let priority = weighted(&mut ticket, spec.priorities.iter().map(|(priority, weight)| (*priority, *weight)), Priority::default());
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below the number of requesters")]
    let requester = (share(&mut ticket) * f64::from(scenario.scenario.requesters)) as u32;
    Arrival { at, queue, kind, priority, requester, index }
}

/// The scenario's start and days follow the history, which is replayed instant for instant; requests of queues that the scenario
/// does not know go to its first.
#[must_use]
pub fn replayed(scenario: &mut Scenario, past: &[Past]) -> Vec<Arrival> {
    let zone = zone(scenario);
    let date = |at: DateTime<chrono::Utc>| at.with_timezone(&zone).date_naive();
    if let (Some(first), Some(last)) = (past.first(), past.last()) {
        scenario.scenario.start = date(first.created_at);
        let days = (date(last.created_at) - date(first.created_at)).num_days() + 1;
        scenario.scenario.days = u32::try_from(days).unwrap_or(1).clamp(1, 400);
    }
    let (start, end) = span(scenario);
    let arrival = |(place, past): (usize, &Past)| Arrival {
        at: past.created_at,
        queue: scenario.queue.iter().position(|queue| queue.get_ref().key == past.queue).unwrap_or_default(),
        kind: past.kind,
        priority: past.priority,
        requester: u32::try_from(place).unwrap_or_default() % scenario.scenario.requesters,
        index: place as u64,
    };
    past.iter().enumerate().map(arrival).filter(|arrival| start <= arrival.at && arrival.at < end).collect()
}
