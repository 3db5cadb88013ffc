//! `dutydesk calendar`: business hours and holidays.

mod file;

use std::path::{Path, PathBuf};

use chrono::{Datelike, Days, NaiveDate};
use chrono_tz::Tz;
use clap::Subcommand;
use serde_json::json;

use self::file::CalendarFile;
use super::Global;
use super::error::CliError;
use super::names;
use super::spec::{self, Mistakes};
use super::submit::submit;
use crate::base::clock::new_id;
use crate::client::api::Api;
use crate::domain::calendar::{Calendar, Holiday};
use crate::domain::command::Command;
use crate::wire::ical::read::{Event, events};

/// A longer event is no holiday but a mistake.
const HOLIDAY_DAYS_MAX: i64 = 31;

/// Business hours and holidays.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// List the calendars.
    List,
    /// Show a calendar as a file that `calendar apply` takes.
    Show {
        /// A calendar's key.
        key: String,
    },
    /// Create or change a calendar from a TOML or JSON file, as `calendar show` prints it; leads.
    #[command(visible_alias = "put")]
    Apply {
        /// TOML or JSON, in UTF-8.
        file: PathBuf,
        /// Read and check only.
        #[arg(long)]
        dry_run: bool,
    },
    /// Add the days of an iCalendar file as holidays; leads. Days that are holidays already stay as they are.
    ImportHolidays {
        /// A calendar's key.
        key: String,
        /// An .ics file.
        file: PathBuf,
        /// Show what would be added.
        #[arg(long)]
        dry_run: bool,
    },
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    match args.act {
        Act::List => {
            let calendars = names::calendars(&api).await?;
            global.out.list(&calendars, &["KEY", "NAME", "ZONE", "HOURS", "HOLIDAYS", "ACTIVE"], |calendar| {
                vec![
                    calendar.key.clone(),
                    calendar.name.clone(),
                    calendar.time_zone.clone(),
                    if calendar.hours.is_empty() { "24/7".to_owned() } else { calendar.hours.len().to_string() },
                    calendar.holidays.len().to_string(),
                    if calendar.active { "yes" } else { "no" }.to_owned(),
                ]
            })
        }
        Act::Show { key } => show(&names::calendar(&api, &key).await?, global),
        Act::Apply { file, dry_run } => apply(&api, &file, dry_run, global).await,
        Act::ImportHolidays { key, file, dry_run } => import(&api, &key, &file, dry_run, global).await,
    }
}

fn show(calendar: &Calendar, global: &Global) -> Result<(), CliError> {
    if global.json {
        return global.out.json(calendar);
    }
    let text = toml::to_string(&CalendarFile::of(calendar));
    let text = text.map_err(|error| CliError::failed(format!("The calendar cannot be written as TOML: {error}.")))?;
    global.out.raw(&crate::base::text::clean_lines(&text))
}

async fn apply(api: &Api, path: &Path, dry_run: bool, global: &Global) -> Result<(), CliError> {
    let (file, text): (CalendarFile, String) = spec::read(path)?;
    let old = names::calendars(api).await?.into_iter().find(|calendar| calendar.key == file.key);
    let mut mistakes = Mistakes::new(&text);
    let row = file.row(old.as_ref().map_or_else(|| new_id().into(), |old| old.id), &mut mistakes);
    mistakes.settle(path, global)?;
    let what = match &old {
        Some(old) if Calendar { version: old.version, editions: old.editions.clone(), ..row.clone() } == *old => {
            return global.out.done(&row, &format!("{} is as the file says already: nothing was changed.", row.key));
        }
        Some(_) => "changed",
        None => "made",
    };
    if dry_run {
        return global.out.done(&row, &format!("{} would be {what}.", row.key));
    }
    submit(api, None, Command::PutCalendar(Box::new(row.clone()))).await?;
    global.out.done(&row, &format!("{} is {what}.", row.key))
}

async fn import(api: &Api, key: &str, path: &Path, dry_run: bool, global: &Global) -> Result<(), CliError> {
    let mut calendar = names::calendar(api, key).await?;
    let text = std::fs::read_to_string(path).map_err(|error| CliError::usage(format!("{} cannot be read: {error}.", path.display())))?;
    let found = events(&text).map_err(|why| CliError::usage(format!("{}: {why}", path.display())))?;
    let zone: Tz = calendar.time_zone.parse().unwrap_or(chrono_tz::UTC);
    let (mut mistakes, mut days) = (Vec::new(), Vec::new());
    for event in found {
        match event.map_err(|bad| format!("event {} ({}): {}", bad.place, bad.summary, bad.reason)).and_then(|event| holidays(&event, zone))
        {
            Ok(found) => days.extend(found),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    spec::refuse(path, &mistakes, global)?;
    let (mut added, mut known) = (Vec::new(), 0);
    for day in days {
        if calendar.holidays.iter().any(|holiday| holiday.date == day.date) {
            known += 1;
        } else {
            added.push(day.clone());
            calendar.holidays.push(day);
        }
    }
    let sentence = |verb: &str| format!("{} holidays {verb} to {key}, {known} known already.", added.len());
    let report = json!({ "calendar": key, "added": added, "known": known, "dry_run": dry_run });
    if dry_run {
        for day in &added {
            global.out.note(&format!("{} {}", day.date, day.name));
        }
        return global.out.done(&report, &sentence("would be added"));
    }
    if !added.is_empty() {
        submit(api, None, Command::PutCalendar(Box::new(calendar))).await?;
    }
    global.out.done(&report, &sentence("added"))
}

/// Each day of an event; of one with times, the days it touches.
fn holidays(event: &Event, zone: Tz) -> Result<Vec<Holiday>, String> {
    let wrong = |why: &str| format!("event {} ({}): {why}", event.place, event.summary);
    let (from, to) = (event.from.instant(zone), event.to.instant(zone));
    if from >= to {
        return Err(wrong("It ends before it begins: correct its DTEND."));
    }
    let first = event.from.date(zone);
    // The end is the first instant after: midnight belongs to the day before.
    let last: NaiveDate = (to - chrono::TimeDelta::milliseconds(1)).with_timezone(&zone).date_naive().max(first);
    let count = (last - first).num_days() + 1;
    if count > HOLIDAY_DAYS_MAX || !(1970..=2200).contains(&first.year()) {
        return Err(wrong(&format!("It lasts {count} days from {first}: a holiday lasts at most {HOLIDAY_DAYS_MAX}, split it.")));
    }
    let name = if event.summary.is_empty() { "Holiday".to_owned() } else { event.summary.chars().take(80).collect() };
    let days = (0..count).filter_map(|day| first.checked_add_days(Days::new(day.unsigned_abs())));
    Ok(days.map(|date| Holiday { date, name: name.clone() }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(event: &str) -> Event {
        let text = format!("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Day\r\n{event}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
        events(&text).unwrap().remove(0).unwrap()
    }

    fn dates(event: &str) -> Vec<String> {
        holidays(&read(event), chrono_tz::Asia::Shanghai).unwrap().iter().map(|day| day.date.to_string()).collect()
    }

    #[test]
    fn an_event_gives_each_of_its_days() {
        assert_eq!(dates("DTSTART;VALUE=DATE:20261001"), ["2026-10-01"]);
        assert_eq!(dates("DTSTART;VALUE=DATE:20261001\r\nDTEND;VALUE=DATE:20261003"), ["2026-10-01", "2026-10-02"]);
        assert_eq!(dates("DTSTART:20260930T160000Z\r\nDTEND:20261001T160000Z"), ["2026-10-01"]);
    }

    #[test]
    fn what_is_no_holiday_is_refused() {
        let refused = |event: &str| holidays(&read(event), chrono_tz::UTC).unwrap_err();
        assert!(refused("DTSTART;VALUE=DATE:20261001\r\nDTEND;VALUE=DATE:20261201").contains("at most 31"));
        assert!(refused("DTSTART;VALUE=DATE:20261001\r\nDTEND;VALUE=DATE:20261001").contains("ends before"));
    }
}
