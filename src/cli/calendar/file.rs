//! A calendar as people write it. What `calendar show` prints, `calendar apply` takes.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::cli::spec::{Day, Mistakes, Time, Weekdays};
use crate::domain::calendar::{BusinessHours, Calendar, Holiday};
use crate::domain::id::CalendarId;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CalendarFile {
    pub(super) key: String,
    name: String,
    time_zone: String,
    #[serde(default = "yes")]
    active: bool,
    /// None: around the clock on all days but holidays.
    #[serde(default)]
    hours: Vec<HoursFile>,
    #[serde(default)]
    holiday: Vec<HolidayFile>,
}

fn yes() -> bool {
    true
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HoursFile {
    days: Weekdays,
    from: Time,
    to: Time,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HolidayFile {
    date: Day,
    name: String,
}

impl CalendarFile {
    pub(super) fn row(&self, id: CalendarId, mistakes: &mut Mistakes<'_>) -> Calendar {
        if self.time_zone.parse::<Tz>().is_err() {
            let why = format!("{:?} is no time zone: use an IANA name such as Asia/Shanghai.", self.time_zone);
            mistakes.push("time_zone", &self.time_zone, &why);
        }
        for (place, holiday) in self.holiday.iter().enumerate() {
            if self.holiday[..place].iter().any(|other| other.date == holiday.date) {
                let why = format!("{} is a holiday already: leave one out.", holiday.date.0);
                mistakes.push(&format!("holiday {}", place + 1), &holiday.name, &why);
            }
        }
        let hours = |hours: &HoursFile| BusinessHours { weekdays: hours.days.0.clone(), from: hours.from.0, to: hours.to.0 };
        let mut holidays: Vec<Holiday> =
            self.holiday.iter().map(|holiday| Holiday { date: holiday.date.0, name: holiday.name.clone() }).collect();
        holidays.sort_by_key(|holiday| holiday.date);
        Calendar {
            editions: Vec::new(),
            id,
            version: 0,
            key: self.key.clone(),
            name: self.name.clone(),
            time_zone: self.time_zone.clone(),
            hours: self.hours.iter().map(hours).collect(),
            holidays,
            active: self.active,
        }
    }

    pub(super) fn of(calendar: &Calendar) -> Self {
        let hours =
            |hours: &BusinessHours| HoursFile { days: Weekdays(hours.weekdays.clone()), from: Time(hours.from), to: Time(hours.to) };
        Self {
            key: calendar.key.clone(),
            name: calendar.name.clone(),
            time_zone: calendar.time_zone.clone(),
            active: calendar.active,
            hours: calendar.hours.iter().map(hours).collect(),
            holiday: calendar.holidays.iter().map(|holiday| HolidayFile { date: Day(holiday.date), name: holiday.name.clone() }).collect(),
        }
    }
}
