//! Creating and changing business calendars.

use chrono::TimeDelta;

use crate::domain::calendar::business::HORIZON_DAYS;
use crate::domain::calendar::{Calendar, Edition};
use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::row::Row;
use crate::domain::{Refusal, limits};

const HOURS_MAX: usize = 100;
const HOLIDAYS_MAX: usize = 2_000;
/// Beyond, the oldest is forgotten: time before it counts by the next.
const EDITIONS_MAX: usize = 50;

/// # Errors
/// When the actor may not, or something about the calendar is not acceptable.
pub fn put_calendar(given: Given<'_>, calendar: &Calendar) -> Result<Outcome, Refusal> {
    given.lead()?;
    limits::key(&calendar.key, "key", "-")?;
    limits::length(&calendar.name, "name", limits::NAME_MAX)?;
    limits::time_zone(&calendar.time_zone)?;
    if calendar.hours.len() > HOURS_MAX {
        let message = format!("A calendar has at most {HOURS_MAX} spans of hours: join some.");
        return Err(Refusal::invalid("too_many_hours", "hours", message));
    }
    if calendar.hours.iter().any(|hours| hours.weekdays.is_empty()) {
        return Err(Refusal::invalid("hours_invalid", "hours", "A span of hours names no weekday: name at least one."));
    }
    if calendar.holidays.len() > HOLIDAYS_MAX {
        let message = format!("A calendar has at most {HOLIDAYS_MAX} holidays: leave out those long past.");
        return Err(Refusal::invalid("too_many_holidays", "holidays", message));
    }
    for holiday in &calendar.holidays {
        limits::length(&holiday.name, "holiday", limits::NAME_MAX)?;
    }
    let mut new = Calendar { version: given.facts.replaced_version + 1, ..calendar.clone() };
    new.holidays.sort_by(|a, b| (a.date, &a.name).cmp(&(b.date, &b.name)));
    new.holidays.dedup_by_key(|holiday| holiday.date);
    let old = given.directory().calendars.get(&calendar.id);
    new.editions = old.map(|old| editions(given, old, &new)).unwrap_or_default();
    Ok(draft::put_row(given, old, &new, Change::Put(Row::Calendar(new.clone()))))
}

/// The hours before this edit join those before earlier ones, unless the edit leaves them as they are.
fn editions(given: Given<'_>, old: &Calendar, new: &Calendar) -> Vec<Edition> {
    let oldest = given.now() - TimeDelta::days(HORIZON_DAYS);
    let mut editions: Vec<Edition> = old.editions.iter().filter(|edition| edition.until > oldest).cloned().collect();
    if (&old.time_zone, &old.hours, &old.holidays) != (&new.time_zone, &new.hours, &new.holidays) {
        let Calendar { time_zone, hours, holidays, .. } = old.clone();
        editions.push(Edition { until: given.now(), time_zone, hours, holidays });
    }
    let excess = editions.len().saturating_sub(EDITIONS_MAX);
    editions.drain(..excess);
    editions
}
