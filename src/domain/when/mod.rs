//! Times as people write them, in English and Chinese: `2h`, `tomorrow 15:00`, `by Friday`, `明天下午三点前`, `24小时内`.
//!
//! [`read`] recognises one at the start of a text, [`prefix`] reads it for a reminder. Relative to an instant and a zone that
//! are passed in; local times resolve as shifts do.

mod chinese;
mod english;
mod scan;
#[cfg(test)]
mod tests;

use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Weekday};
use chrono_tz::Tz;

use super::Timestamp;
use super::roster::pattern::instant;
use scan::Scan;

/// A day, as it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    InDays(u64),
    /// The next such day; with `weeks` in that week after the present one.
    Weekday {
        day: Weekday,
        weeks: Option<u32>,
    },
    Date {
        year: Option<i32>,
        month: u32,
        day: u32,
    },
    OfMonth(u32),
}

/// What stands with a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lead {
    /// Nothing, or "at", "on".
    Plain,
    /// "in 2 hours", "两小时后".
    After,
    /// "by", "until", "within", "内".
    By,
    /// "before", "前", "之前".
    Before,
}

/// A time as it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    pub day: Option<Day>,
    pub clock: Option<NaiveTime>,
    /// From now on; then neither day nor clock.
    pub span: Option<TimeDelta>,
    pub lead: Lead,
    /// Characters it takes.
    pub len: usize,
}

/// Why a text is no time for a reminder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WhenError {
    #[error("{0:?} does not begin with a time: write one such as 2h, 30m, 15:00, tomorrow 9:00, friday, 明天9点 or 2小时后, then the text")]
    NoTime(String),
    #[error("that time has passed: choose a later one, such as 30m or tomorrow 9:00")]
    Past,
    #[error("that is more than a year away: choose a time within a year")]
    Far,
    #[error("there is no such day in the calendar: check day and month")]
    NoDay,
}

/// When a day alone is meant for a reminder.
const MORNING: (u32, u32) = (9, 0);
/// When a day alone ends, as a promise.
const EVENING: (u32, u32) = (18, 0);
const FAR: TimeDelta = TimeDelta::days(366);

fn hm((hour, minute): (u32, u32)) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or(NaiveTime::MIN)
}

/// Recognises a time at the start of `text`, as folded by [`fold`].
#[must_use]
pub fn read(text: &[char]) -> Option<Said> {
    let found = [chinese::read(Scan::new(text)), english::read(Scan::new(text))];
    // `15:00 tomorrow` is read by both, and by one of them to its end.
    found.into_iter().flatten().max_by_key(|said| said.len)
}

/// Lower case and half width, one character for each: places stay the same.
#[must_use]
pub fn fold(text: &str) -> Vec<char> {
    text.chars()
        .map(|char| match char {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(char as u32 - 0xfee0).unwrap_or(char).to_ascii_lowercase(),
            '\u{3000}' | '\t' | '\u{a0}' => ' ',
            '’' => '\'',
            _ => char.to_ascii_lowercase(),
        })
        .collect()
}

impl Said {
    /// The instant that was meant, said at `now`; absent where the calendar has no such day. A day without a clock is its morning
    /// for a reminder, and as a promise its evening, or its beginning after "before".
    #[must_use]
    pub fn resolve(&self, now: Timestamp, zone: Tz, promise: bool) -> Option<Timestamp> {
        if let Some(span) = self.span {
            return now.checked_add_signed(span);
        }
        let local = now.with_timezone(&zone).naive_local();
        let today = local.date();
        let Some(day) = self.day else {
            let clock = self.clock?;
            let at = instant(zone, today.and_time(clock));
            return Some(if at > now { at } else { instant(zone, today.checked_add_days(Days::new(1))?.and_time(clock)) });
        };
        let clock = self.clock.unwrap_or(match (promise, self.lead) {
            (false, _) => hm(MORNING),
            (true, Lead::Before) => NaiveTime::MIN,
            (true, _) => hm(EVENING),
        });
        Some(instant(zone, date(day, today)?.and_time(clock)))
    }
}

fn date(day: Day, today: NaiveDate) -> Option<NaiveDate> {
    match day {
        Day::InDays(days) => today.checked_add_days(Days::new(days)),
        Day::Weekday { day, weeks } => {
            let (from, to) = (u64::from(today.weekday().num_days_from_monday()), u64::from(day.num_days_from_monday()));
            match weeks {
                // Today's own name means in a week.
                None => today.checked_add_days(Days::new(if to > from { to - from } else { to + 7 - from })),
                Some(weeks) => today.checked_sub_days(Days::new(from))?.checked_add_days(Days::new(u64::from(weeks) * 7 + to)),
            }
        }
        Day::Date { year: Some(year), month, day } => NaiveDate::from_ymd_opt(year, month, day),
        Day::Date { year: None, month, day } => {
            let this = NaiveDate::from_ymd_opt(today.year(), month, day);
            match this {
                Some(this) if this >= today => Some(this),
                // 29 February waits for its year.
                _ => (1..=8).find_map(|years| NaiveDate::from_ymd_opt(today.year() + years, month, day)),
            }
        }
        Day::OfMonth(day) => (0..=12)
            .filter_map(|months| today.with_day(1)?.checked_add_months(chrono::Months::new(months))?.with_day(day))
            .find(|date| *date >= today),
    }
}

/// Reads the time a text begins with, and gives the rest of it.
///
/// # Errors
/// When it begins with none, or with one that has passed or is very far away.
pub fn prefix(text: &str, now: Timestamp, zone: Tz) -> Result<(Timestamp, String), WhenError> {
    let text = text.trim();
    let chars = fold(text);
    let said = read(&chars).ok_or_else(|| WhenError::NoTime(text.chars().take(40).collect()))?;
    let at = said.resolve(now, zone, false).ok_or(WhenError::NoDay)?;
    if at <= now {
        return Err(WhenError::Past);
    }
    if at - now > FAR {
        return Err(WhenError::Far);
    }
    let rest: String = text.chars().skip(said.len).collect();
    Ok((at, rest.trim_start_matches([' ', ',', '，', ':', '：', '、']).trim().to_owned()))
}
