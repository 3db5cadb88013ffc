//! Business time: how much of it lies between two instants, and when a given amount has run. Exact to the millisecond.
//!
//! A span of hours lasts from the instant its local start is first reached to the instant its local end is first reached, as
//! shifts do: on the night the clocks go back a span over it is an hour longer, on the night they go forward an hour shorter.
//! Walks days, never minutes.

use std::collections::HashSet;

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta, Weekday};
use chrono_tz::Tz;

use super::{BusinessHours, Calendar, Holiday};
use crate::domain::Timestamp;
use crate::domain::roster::pattern::instant;

/// How far ahead a due time is looked for; where business time does not come round by then, it is due at this distance.
pub const HORIZON_DAYS: i64 = 5 * 366;

/// The hours of one edition of a calendar.
struct Hours<'a> {
    zone: Tz,
    hours: &'a [BusinessHours],
    holidays: HashSet<NaiveDate>,
}

impl<'a> Hours<'a> {
    fn new(time_zone: &str, hours: &'a [BusinessHours], holidays: &[Holiday]) -> Self {
        // Calendars are checked when they are put; a zone that a newer database dropped counts as UTC.
        let zone = time_zone.parse().unwrap_or(Tz::UTC);
        Self { zone, hours, holidays: holidays.iter().map(|holiday| holiday.date).collect() }
    }

    fn of(calendar: &'a Calendar) -> Self {
        Self::new(&calendar.time_zone, &calendar.hours, &calendar.holidays)
    }

    /// The spans that start on `date`, in order of their start.
    fn spans(&self, date: NaiveDate, weekday: Weekday, into: &mut Vec<(Timestamp, Timestamp)>) {
        into.clear();
        if self.holidays.contains(&date) {
            return;
        }
        let mut push = |from: NaiveTime, to: NaiveTime| {
            let last = if to > from { Some(date) } else { date.checked_add_days(Days::new(1)) };
            let Some(last) = last else { return };
            let (from, to) = (instant(self.zone, date.and_time(from)), instant(self.zone, last.and_time(to)));
            if from < to {
                into.push((from, to));
            }
        };
        if self.hours.is_empty() {
            push(NaiveTime::MIN, NaiveTime::MIN);
        }
        for hours in self.hours.iter().filter(|hours| hours.weekdays.contains(&weekday)) {
            push(hours.from, hours.to);
        }
        into.sort_unstable();
    }

    /// Hands over every stretch of business time from `from` on, in order and without overlap, until `visit` says stop or
    /// stretches start at or after `end`.
    fn walk(&self, from: Timestamp, end: Timestamp, mut visit: impl FnMut(Timestamp, Timestamp) -> bool) {
        let first = from.with_timezone(&self.zone).date_naive();
        // A span of the day before may still run; where a zone skipped a day, the one before that.
        let mut date = first.checked_sub_days(Days::new(2)).unwrap_or(first);
        let mut reached = from;
        let mut spans = Vec::new();
        loop {
            self.spans(date, chrono::Datelike::weekday(&date), &mut spans);
            for (start, stop) in spans.iter().copied() {
                let start = start.max(reached);
                if start >= end {
                    return;
                }
                let stop = stop.min(end);
                if start < stop {
                    if !visit(start, stop) {
                        return;
                    }
                    reached = stop;
                }
            }
            let Some(next) = date.succ_opt() else { return };
            date = next;
            if instant(self.zone, date.and_time(NaiveTime::MIN)) >= end {
                return;
            }
        }
    }

    fn spent(&self, from: Timestamp, to: Timestamp) -> i64 {
        let mut total = 0;
        self.walk(from, to, |start, stop| {
            total += (stop - start).num_milliseconds();
            true
        });
        total
    }
}

/// Milliseconds of business time between two instants; 0 when `to` is not after `from`. Time before an edit of the calendar
/// counts by the hours that held then. Without a calendar all time counts.
#[must_use]
pub fn spent_ms(calendar: Option<&Calendar>, from: Timestamp, to: Timestamp) -> i64 {
    if to <= from {
        return 0;
    }
    let Some(calendar) = calendar else { return (to - from).num_milliseconds() };
    let mut total = 0;
    let mut from = from;
    for edition in &calendar.editions {
        if edition.until > from {
            let until = edition.until.min(to);
            total += Hours::new(&edition.time_zone, &edition.hours, &edition.holidays).spent(from, until);
            from = until;
        }
    }
    if from < to { total + Hours::of(calendar).spent(from, to) } else { total }
}

/// The first instant at which `ms` of business time has run since `from`, by the calendar as it is now: `from` itself when
/// `ms` is not above 0, and at most [`HORIZON_DAYS`] ahead.
#[must_use]
pub fn add_ms(calendar: Option<&Calendar>, from: Timestamp, ms: i64) -> Timestamp {
    if ms <= 0 {
        return from;
    }
    let horizon = from + TimeDelta::days(HORIZON_DAYS);
    let Some(calendar) = calendar else {
        return TimeDelta::try_milliseconds(ms).and_then(|by| from.checked_add_signed(by)).map_or(horizon, |at| at.min(horizon));
    };
    let mut left = ms;
    let mut reached = horizon;
    Hours::of(calendar).walk(from, horizon, |start, stop| {
        let run = (stop - start).num_milliseconds();
        if run >= left {
            reached = start + TimeDelta::milliseconds(left);
            return false;
        }
        left -= run;
        true
    });
    reached
}
