//! How evenly a rota's burden lies on its people: hours, nights, weekends and holidays against the mean.
//!
//! A shift counts once, whoever has how much of it, on the local day on which a person's part of it starts; minutes are
//! those within the span, and time on duty in two rotas at once counts once.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{DateTime, Datelike, NaiveDate, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Rota;
use super::worked::{Piece, pieces, seconds_within, whole_shifts, worked};
use crate::domain::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::id::{PersonId, RotaId};

/// What one person carried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FairnessRow {
    pub person: PersonId,
    /// Minutes on duty.
    pub minutes: i64,
    pub shifts: u32,
    /// Shifts whose type counts as night.
    pub night_shifts: u32,
    /// Shifts that start on a Saturday or Sunday.
    pub weekend_shifts: u32,
    /// Shifts that start on a holiday of the rota's calendar.
    pub holiday_shifts: u32,
    /// Minutes more (or, below zero, fewer) than the mean.
    pub minutes_off_mean: i64,
}

/// The burden of some rotas in a span, most minutes first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Fairness {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    pub rotas: Vec<RotaId>,
    pub rows: Vec<FairnessRow>,
    /// Rounded to the nearest minute.
    pub mean_minutes: i64,
    pub mean_night_shifts: f64,
    pub mean_weekend_shifts: f64,
    pub mean_holiday_shifts: f64,
    /// Standard deviation of the minutes: 0 when all carry the same.
    pub deviation_minutes: f64,
}

/// What must be known of a rota to say what kind of day a shift starts on.
struct Days {
    zone: Tz,
    holidays: HashSet<NaiveDate>,
}

fn days_of(directory: &Directory, rota: &Rota) -> Option<Days> {
    let calendar = rota.holidays.and_then(|id| directory.calendars.get(&id));
    let holidays = calendar.into_iter().flat_map(|calendar| &calendar.holidays).map(|holiday| holiday.date).collect();
    Some(Days { zone: rota.time_zone.parse().ok()?, holidays })
}

fn row(person: PersonId, pieces: &[Piece], days: &BTreeMap<RotaId, Days>, from: Timestamp, to: Timestamp) -> FairnessRow {
    let minutes = seconds_within(&worked(pieces), (from, to)) / 60;
    let mut row = FairnessRow { person, minutes, shifts: 0, night_shifts: 0, weekend_shifts: 0, holiday_shifts: 0, minutes_off_mean: 0 };
    for shift in whole_shifts(pieces).into_iter().filter(|shift| from <= shift.from && shift.from < to) {
        let Some(days) = days.get(&shift.rota) else { continue };
        let day = shift.from.with_timezone(&days.zone).date_naive();
        row.shifts += 1;
        row.night_shifts += u32::from(shift.night);
        row.weekend_shifts += u32::from(matches!(day.weekday(), Weekday::Sat | Weekday::Sun));
        row.holiday_shifts += u32::from(days.holidays.contains(&day));
    }
    row
}

/// Mean over people; 0 when there are none.
#[expect(clippy::cast_precision_loss, reason = "minutes of people's shifts are far below 2^52")]
fn mean(rows: &[FairnessRow], of: impl Fn(&FairnessRow) -> i64) -> f64 {
    if rows.is_empty() { 0.0 } else { rows.iter().map(of).sum::<i64>() as f64 / rows.len() as f64 }
}

/// The burden of `rotas` in `[from, to)`: of their members who still work here, and of whoever stands in for them.
#[must_use]
pub fn report(directory: &Directory, rotas: &[&Rota], from: Timestamp, to: Timestamp) -> Fairness {
    let days: BTreeMap<RotaId, Days> = rotas.iter().filter_map(|rota| Some((rota.id, days_of(directory, rota)?))).collect();
    let all = pieces(directory, rotas.iter().copied(), from, to);
    let active = |person: &PersonId| directory.people.get(person).is_some_and(|person| person.active);
    let members = rotas.iter().filter(|rota| rota.active).flat_map(|rota| &rota.members).map(|member| member.person);
    let people: BTreeSet<PersonId> = members.chain(all.keys().copied()).filter(active).collect();
    let of = |person: PersonId| row(person, all.get(&person).map_or(&[], Vec::as_slice), &days, from, to);
    let mut rows: Vec<FairnessRow> = people.into_iter().map(of).collect();
    let exact = mean(&rows, |row| row.minutes);
    #[expect(clippy::cast_possible_truncation, reason = "a mean of minutes fits")]
    let mean_minutes = exact.round() as i64;
    for row in &mut rows {
        row.minutes_off_mean = row.minutes - mean_minutes;
    }
    rows.sort_by_key(|row| (std::cmp::Reverse(row.minutes), row.person));
    let square = |row: &FairnessRow| row.minutes_off_mean * row.minutes_off_mean;
    Fairness {
        from,
        to,
        rotas: rotas.iter().map(|rota| rota.id).collect(),
        mean_minutes,
        mean_night_shifts: mean(&rows, |row| row.night_shifts.into()),
        mean_weekend_shifts: mean(&rows, |row| row.weekend_shifts.into()),
        mean_holiday_shifts: mean(&rows, |row| row.holiday_shifts.into()),
        deviation_minutes: mean(&rows, square).sqrt(),
        rows,
    }
}
