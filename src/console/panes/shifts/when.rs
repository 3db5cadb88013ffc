//! Times as people type them: `22:00`, `tomorrow 03:00`, `2026-12-01 03:00`, `明天 03:00`, `Mon 09:00-11:00 dentist`.
//!
//! Pure: now and the zone are passed in. What cannot be read is given back as the part that is wrong.

use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Weekday};
use chrono_tz::Tz;

use crate::base::text::fold;
use crate::console::panes::times;
use crate::domain::Timestamp;
use crate::domain::roster::pattern;

/// The part of what was typed that is no time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotATime(pub String);

/// A span with the words after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: Timestamp,
    pub to: Timestamp,
    /// What followed the times: the reason.
    pub rest: String,
}

const DAY_WORDS: &[(&str, i64)] = &[("today", 0), ("tomorrow", 1), ("yesterday", -1), ("今天", 0), ("明天", 1), ("后天", 2), ("昨天", -1)];
const WEEKDAYS: &[(&str, Weekday)] = &[
    ("monday", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("saturday", Weekday::Sat),
    ("sunday", Weekday::Sun),
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("sun", Weekday::Sun),
    ("周一", Weekday::Mon),
    ("周二", Weekday::Tue),
    ("周三", Weekday::Wed),
    ("周四", Weekday::Thu),
    ("周五", Weekday::Fri),
    ("周六", Weekday::Sat),
    ("周日", Weekday::Sun),
    ("周天", Weekday::Sun),
];

/// The weekday of a word in English or Chinese.
#[must_use]
pub fn weekday(word: &str) -> Option<Weekday> {
    let word = fold(word);
    WEEKDAYS.iter().find(|(name, _)| *name == word).map(|(_, day)| *day)
}

/// `07:00`, `7`, `24:00` (midnight at the end of a day).
#[must_use]
pub fn time(text: &str) -> Option<NaiveTime> {
    let text = text.replace('：', ":");
    let (hour, minute) = text.split_once(':').unwrap_or((&text, "00"));
    let digits = |part: &str, most: usize| !part.is_empty() && part.len() <= most && part.chars().all(|char| char.is_ascii_digit());
    if !digits(hour, 2) || !digits(minute, 2) || minute.len() != 2 {
        return None;
    }
    match (hour.parse().ok()?, minute.parse().ok()?) {
        (24, 0) => Some(NaiveTime::MIN),
        (hour, minute) => NaiveTime::from_hms_opt(hour, minute, 0),
    }
}

/// `07:00-15:00`; an end at or before the start means the next day.
#[must_use]
pub fn times_of(text: &str) -> Option<(NaiveTime, NaiveTime)> {
    let text = text.replace(['–', '—', '~', '～'], "-");
    let (from, to) = text.split_once('-')?;
    Some((time(from)?, time(to)?))
}

/// A day: a word, a weekday (the next one, today included), `2026-12-01`, `12-01`, `12月1日`.
#[must_use]
pub fn date(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let word = fold(text);
    if let Some((_, days)) = DAY_WORDS.iter().find(|(name, _)| *name == word) {
        return today.checked_add_signed(TimeDelta::days(*days));
    }
    if let Some(wanted) = weekday(&word) {
        let days = (wanted.num_days_from_monday() + 7 - today.weekday().num_days_from_monday()) % 7;
        return today.checked_add_days(Days::new(u64::from(days)));
    }
    let word = word.replace(['年', '月', '/'], "-").replace('日', "");
    let parts: Option<Vec<u32>> = word.split('-').map(|part| part.parse().ok()).collect();
    let found = match parts?[..] {
        [year, month, day] => NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?,
        [month, day] => {
            let this_year = NaiveDate::from_ymd_opt(today.year(), month, day)?;
            // In December, `01-05` is next month.
            if (today - this_year).num_days() > 183 { NaiveDate::from_ymd_opt(today.year() + 1, month, day)? } else { this_year }
        }
        _ => return None,
    };
    (1970..2200).contains(&found.year()).then_some(found)
}

/// The words of a text, with a space between a day word and what is written right behind it (`明天03:00`).
fn words(text: &str) -> Vec<String> {
    let mut text = text.trim().to_owned();
    for (name, _) in DAY_WORDS.iter().filter(|(name, _)| !name.is_ascii()) {
        if let Some(rest) = text.strip_prefix(name) {
            text = format!("{name} {rest}");
            break;
        }
    }
    text.split_whitespace().map(str::to_owned).collect()
}

/// An instant: `now`, `22:00` (today), a day (its midnight), or a day and a time.
///
/// # Errors
/// With the part that is no time.
pub fn instant(text: &str, now: Timestamp, zone: Tz) -> Result<Timestamp, NotATime> {
    let today = times::date_of(now, zone);
    let words = words(text);
    let wrong = |word: &str| NotATime(word.to_owned());
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => Ok(now),
        [word] if matches!(fold(word).as_str(), "now" | "现在") => Ok(now),
        [word] => match (time(word).filter(|_| word.contains([':', '：']) || word.len() <= 2), date(word, today)) {
            (Some(time), _) => Ok(pattern::instant(zone, today.and_time(time))),
            (None, Some(date)) => Ok(times::midnight(date, zone)),
            (None, None) => Err(wrong(word)),
        },
        [day, clock] => {
            let date = date(day, today).ok_or_else(|| wrong(day))?;
            let time = time(clock).ok_or_else(|| wrong(clock))?;
            Ok(pattern::instant(zone, date.and_time(time)))
        }
        [.., last] => Err(wrong(last)),
    }
}

/// A span: `[day] 07:00-15:00`, `day`, `day..day` (both included), each with a reason behind. Without a day, `on` is meant.
///
/// # Errors
/// With the part that is no time, or ends before it starts.
pub fn span(text: &str, on: NaiveDate, now: Timestamp, zone: Tz) -> Result<Span, NotATime> {
    let today = times::date_of(now, zone);
    let words = words(text);
    let Some(first) = words.first() else { return Err(NotATime(String::new())) };
    let rest = |from: usize| words.get(from..).map(|words| words.join(" ")).unwrap_or_default();
    if let Some((a, b)) = first.split_once("..") {
        let from = date(a, today).ok_or_else(|| NotATime(a.to_owned()))?;
        let last = date(b, today).filter(|last| *last >= from).ok_or_else(|| NotATime(b.to_owned()))?;
        return Ok(Span { from: times::midnight(from, zone), to: times::midnight(last + TimeDelta::days(1), zone), rest: rest(1) });
    }
    let (on, times_at) = date(first, today).map_or((on, 0), |date| (date, 1));
    match words.get(times_at).and_then(|word| times_of(word)) {
        Some((start, end)) => {
            let last = if end > start { on } else { on + TimeDelta::days(1) };
            let (from, to) = (pattern::instant(zone, on.and_time(start)), pattern::instant(zone, last.and_time(end)));
            if from < to { Ok(Span { from, to, rest: rest(times_at + 1) }) } else { Err(NotATime(words[times_at].clone())) }
        }
        None if times_at == 1 => {
            // A digit there was meant as a time.
            if let Some(wrong) = words.get(1).filter(|word| word.starts_with(|char: char| char.is_ascii_digit())) {
                return Err(NotATime(wrong.clone()));
            }
            Ok(Span { from: times::midnight(on, zone), to: times::midnight(on + TimeDelta::days(1), zone), rest: rest(1) })
        }
        None => Err(NotATime(first.clone())),
    }
}

/// A span as it is typed: `2026-11-22 07:00-15:00`.
#[must_use]
pub fn typed(from: Timestamp, to: Timestamp, zone: Tz) -> String {
    format!("{} {}", times::date_of(from, zone), times::span(from, to, zone))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{TimeZone, Utc};

    const ZONE: Tz = Tz::Asia__Shanghai;

    fn now() -> Timestamp {
        Utc.with_ymd_and_hms(2026, 11, 21, 2, 10, 0).unwrap()
    }

    fn local(at: Timestamp) -> String {
        at.with_timezone(&ZONE).format("%Y-%m-%d %H:%M").to_string()
    }

    #[test]
    fn instants_are_read_in_both_languages() {
        for (text, meant) in [
            ("", "2026-11-21 10:10"),
            ("now", "2026-11-21 10:10"),
            ("22:00", "2026-11-21 22:00"),
            ("22：00", "2026-11-21 22:00"),
            ("3", "2026-11-21 03:00"),
            ("tomorrow 03:00", "2026-11-22 03:00"),
            ("Tomorrow", "2026-11-22 00:00"),
            ("明天 03:00", "2026-11-22 03:00"),
            ("明天03:00", "2026-11-22 03:00"),
            ("后天 3:30", "2026-11-23 03:30"),
            ("2026-12-01 03:00", "2026-12-01 03:00"),
            ("12-01", "2026-12-01 00:00"),
            ("12月1日 08:00", "2026-12-01 08:00"),
            ("01-05", "2027-01-05 00:00"),
            ("mon 09:00", "2026-11-23 09:00"),
            ("周六 09:00", "2026-11-21 09:00"),
        ] {
            assert_eq!(instant(text, now(), ZONE).map(local), Ok(meant.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_named() {
        for (text, part) in
            [("25:00", "25:00"), ("tomorow 03:00", "tomorow"), ("tomorrow 3h", "3h"), ("a b c", "c"), ("2026-13-01", "2026-13-01")]
        {
            assert_eq!(instant(text, now(), ZONE), Err(NotATime(part.to_owned())), "{text}");
        }
    }

    #[test]
    fn spans_have_a_day_times_and_a_reason() {
        let on = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        for (text, from, to, rest) in [
            ("07:00-11:00 dentist visit", "2026-11-24 07:00", "2026-11-24 11:00", "dentist visit"),
            ("23:00-07:00", "2026-11-24 23:00", "2026-11-25 07:00", ""),
            ("tomorrow 20:00-24:00", "2026-11-22 20:00", "2026-11-23 00:00", ""),
            ("2026-12-01 wedding", "2026-12-01 00:00", "2026-12-02 00:00", "wedding"),
            ("12-01..12-05 holiday", "2026-12-01 00:00", "2026-12-06 00:00", "holiday"),
            ("明天 09:00-12:00 看牙", "2026-11-22 09:00", "2026-11-22 12:00", "看牙"),
        ] {
            let span = span(text, on, now(), ZONE).unwrap();
            assert_eq!((local(span.from), local(span.to), span.rest), (from.to_owned(), to.to_owned(), rest.to_owned()), "{text}");
        }
        for (text, part) in
            [("", ""), ("dentist", "dentist"), ("12-05..12-01", "12-01"), ("12-01 7:0-8:00", "7:0-8:00"), ("9-11:60 x", "9-11:60")]
        {
            assert_eq!(span(text, on, now(), ZONE), Err(NotATime(part.to_owned())), "{text}");
        }
    }

    #[test]
    fn what_is_offered_reads_back() {
        let span = span("23:00-07:00", NaiveDate::from_ymd_opt(2026, 11, 24).unwrap(), now(), ZONE).unwrap();
        assert_eq!(super::span(&typed(span.from, span.to, ZONE), now().date_naive(), now(), ZONE), Ok(span));
    }
}
