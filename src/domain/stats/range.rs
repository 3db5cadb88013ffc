//! Spans that figures are about, and the steps they are cut into: whole hours and days of a zone.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Days, Duration, NaiveDateTime, NaiveTime, Timelike};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::Timestamp;
use crate::domain::roster::pattern::instant;

/// Days of the heat map, today among them.
pub const HEAT_DAYS: u64 = 28;

/// A span up to now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub enum Range {
    /// Since midnight, by the hour.
    #[serde(rename = "today")]
    Today,
    /// The last 24 hours, by the hour.
    #[default]
    #[serde(rename = "24h")]
    Day,
    /// Today and the six days before, by six hours.
    #[serde(rename = "7d")]
    Week,
    /// Today and the 27 days before, by the day.
    #[serde(rename = "28d")]
    Month,
}

impl Range {
    pub const ALL: [Self; 4] = [Self::Today, Self::Day, Self::Week, Self::Month];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Day => "24h",
            Self::Week => "7d",
            Self::Month => "28d",
        }
    }

    /// The range `by` places further in [`Range::ALL`], or the last one there is.
    #[must_use]
    pub fn step(self, by: i64) -> Self {
        let here = Self::ALL.iter().position(|range| *range == self).unwrap_or(0);
        let last = Self::ALL.len() - 1;
        let there = i64::try_from(here).unwrap_or(0).saturating_add(by).clamp(0, i64::try_from(last).unwrap_or(0));
        Self::ALL[usize::try_from(there).unwrap_or(0)]
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Range {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|range| range.as_str() == text).ok_or_else(|| "the ranges are today, 24h, 7d and 28d".to_owned())
    }
}

/// Where each step of `range` begins, in order; the last one is the one that `now` is in.
#[must_use]
pub fn edges(range: Range, zone: Tz, now: Timestamp) -> Vec<Timestamp> {
    let local = now.with_timezone(&zone).naive_local();
    let midnight = local.date().and_time(NaiveTime::MIN);
    let mut edges: Vec<Timestamp> = match range {
        Range::Today => hours(instant(zone, midnight), now),
        Range::Day => hours(hour_of(now, zone) - Duration::hours(23), now),
        Range::Week => {
            days_back(midnight, 6).flat_map(|day| (0..4).map(move |part| instant(zone, day + Duration::hours(part * 6)))).collect()
        }
        Range::Month => days_back(midnight, HEAT_DAYS - 1).map(|day| instant(zone, day)).collect(),
    };
    edges.retain(|edge| *edge <= now);
    // Local hours that do not exist fall together.
    edges.dedup();
    edges
}

/// Where the heat map begins.
#[must_use]
pub fn heat_from(zone: Tz, now: Timestamp) -> Timestamp {
    edges(Range::Month, zone, now).first().copied().unwrap_or(now)
}

/// The start of the local hour that `at` is in.
fn hour_of(at: Timestamp, zone: Tz) -> Timestamp {
    let local: DateTime<Tz> = at.with_timezone(&zone);
    let into = Duration::seconds(i64::from(local.minute()) * 60 + i64::from(local.second()))
        + Duration::nanoseconds(i64::from(local.nanosecond()));
    at - into
}

fn hours(from: Timestamp, now: Timestamp) -> Vec<Timestamp> {
    std::iter::successors(Some(from), |at| Some(*at + Duration::hours(1))).take_while(|at| *at <= now).collect()
}

/// Local midnights from `days` ago up to the given one.
fn days_back(midnight: NaiveDateTime, days: u64) -> impl Iterator<Item = NaiveDateTime> {
    (0..=days).rev().filter_map(move |back| midnight.checked_sub_days(Days::new(back)))
}
