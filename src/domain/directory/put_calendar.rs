//! Creating and changing business calendars.

use crate::domain::calendar::Calendar;
use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::row::Row;
use crate::domain::{Refusal, limits};

const HOURS_MAX: usize = 100;
const HOLIDAYS_MAX: usize = 2_000;

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
    Ok(draft::put_row(given, old, &new, Change::Put(Row::Calendar(new.clone()))))
}
