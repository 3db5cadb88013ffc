//! Other people's calendars as events: when each begins and ends, its name and UID. What cannot be read is told event by
//! event; a calendar that is no calendar is refused whole.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;
use icalendar::parser::{Component, Property, read_calendar, unfold};

use crate::domain::roster::pattern::instant;

/// When an event begins or ends, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    Date(NaiveDate),
    At(DateTime<Utc>),
    /// A wall-clock time of no zone: whoever reads it says which.
    Floating(NaiveDateTime),
    Zoned(NaiveDateTime, Tz),
}

impl When {
    /// The instant, with `zone` for dates and floating times.
    #[must_use]
    pub fn instant(self, zone: Tz) -> DateTime<Utc> {
        match self {
            Self::Date(date) => instant(zone, date.and_time(NaiveTime::MIN)),
            Self::At(at) => at,
            Self::Floating(local) => instant(zone, local),
            Self::Zoned(local, own) => instant(own, local),
        }
    }

    /// The day on which it falls, on its own calendar; instants in `zone`.
    #[must_use]
    pub fn date(self, zone: Tz) -> NaiveDate {
        match self {
            Self::Date(date) => date,
            Self::At(at) => at.with_timezone(&zone).date_naive(),
            Self::Floating(local) | Self::Zoned(local, _) => local.date(),
        }
    }
}

/// One event of a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its place in the file, from 1.
    pub place: usize,
    pub uid: String,
    pub summary: String,
    pub from: When,
    /// The first instant or day after.
    pub to: When,
}

/// An event that cannot be used, and what to do: one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadEvent {
    pub place: usize,
    pub summary: String,
    pub reason: String,
}

/// The events of a calendar file, in its order; cancelled ones are left out.
///
/// # Errors
/// One sentence when the text is no calendar.
pub fn events(text: &str) -> Result<Vec<Result<Event, BadEvent>>, String> {
    let text = unfold(text.trim_start_matches('\u{feff}').trim());
    if !text.lines().any(|line| line.trim_end().eq_ignore_ascii_case("BEGIN:VCALENDAR")) {
        return Err("The file is no calendar: it has no BEGIN:VCALENDAR. Export it again as iCalendar (.ics).".to_owned());
    }
    let calendar = read_calendar(&text).map_err(|error| {
        let line = error.lines().find(|line| line.contains("at line")).unwrap_or("its lines do not fit together").trim();
        format!("The calendar cannot be read ({}): export it again as iCalendar (.ics).", line.trim_end_matches(':'))
    })?;
    let found = calendar.components.iter().filter(|component| component.name.as_str().eq_ignore_ascii_case("VEVENT"));
    let live = found.zip(1..).filter(|(component, _)| !text_of(component, "STATUS").eq_ignore_ascii_case("CANCELLED"));
    Ok(live.map(|(component, place)| event(component, place)).collect())
}

fn text_of(component: &Component<'_>, name: &str) -> String {
    component.find_prop(name).map(|property| property.val.clone().unescape_text().as_str().trim().to_owned()).unwrap_or_default()
}

fn event(component: &Component<'_>, place: usize) -> Result<Event, BadEvent> {
    let summary = text_of(component, "SUMMARY");
    let bad = |reason: String| BadEvent { place, summary: summary.clone(), reason };
    if let Some(rule) = ["RRULE", "RDATE", "RECURRENCE-ID"].into_iter().find(|name| component.find_prop(name).is_some()) {
        let reason = format!("It repeats ({rule}), which is not taken: export single events, or write each day as an event of its own.");
        return Err(bad(reason));
    }
    let start = component.find_prop("DTSTART").ok_or_else(|| bad("It has no DTSTART: say when it begins.".to_owned()))?;
    let from = when(start).map_err(|why| bad(format!("Its DTSTART {why}")))?;
    let to = match (component.find_prop("DTEND"), from) {
        (Some(end), _) => when(end).map_err(|why| bad(format!("Its DTEND {why}")))?,
        // RFC 5545, 3.6.1: a date without an end is that day.
        (None, When::Date(date)) => When::Date(date.checked_add_days(Days::new(1)).unwrap_or(date)),
        (None, _) => return Err(bad("It has no DTEND: say when it ends.".to_owned())),
    };
    if matches!(from, When::Date(_)) != matches!(to, When::Date(_)) {
        return Err(bad("One of DTSTART and DTEND is a date and the other a time: write both alike.".to_owned()));
    }
    let uid = text_of(component, "UID");
    // Without a UID the event is known again by what it says.
    let uid = if uid.is_empty() { format!("{summary} {from:?} {to:?}") } else { uid };
    Ok(Event { place, uid, summary, from, to })
}

fn when(property: &Property<'_>) -> Result<When, String> {
    let text = property.val.as_str().trim();
    let parameter = |name: &str| {
        let found = property.params.iter().find(|one| one.key.as_str().eq_ignore_ascii_case(name));
        found.and_then(|one| one.val.as_ref()).map(|value| value.as_str().trim_matches('"').to_owned())
    };
    if parameter("VALUE").is_some_and(|kind| kind.eq_ignore_ascii_case("DATE")) || text.len() == 8 {
        let date = NaiveDate::parse_from_str(text, "%Y%m%d");
        return date.map(When::Date).map_err(|_| format!("{text:?} is no date: write it as 20261121."));
    }
    let wrong = |_| format!("{text:?} is no time: write it as 20261121T080000, with Z for UTC.");
    if let Some(utc) = text.strip_suffix(['Z', 'z']) {
        return NaiveDateTime::parse_from_str(utc, "%Y%m%dT%H%M%S").map(|at| When::At(at.and_utc())).map_err(wrong);
    }
    let local = NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").map_err(wrong)?;
    match parameter("TZID") {
        None => Ok(When::Floating(local)),
        Some(name) => zone(&name).map(|zone| When::Zoned(local, zone)),
    }
}

/// The zone of a TZID: an IANA name, also at the end of a vendor's prefix (`/example.org/Europe/Berlin`).
fn zone(name: &str) -> Result<Tz, String> {
    let parts: Vec<&str> = name.split('/').filter(|part| !part.is_empty()).collect();
    let ends = [parts.len(), 3, 2, 1].into_iter().filter(|count| *count <= parts.len());
    let found = ends.filter_map(|count| parts[parts.len() - count..].join("/").parse::<Tz>().ok()).next();
    found.ok_or_else(|| format!("is in the zone {name:?}, which is no IANA name: export it with a zone such as Europe/Berlin, or in UTC."))
}
