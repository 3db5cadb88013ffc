//! Times in a filter: spans from now, days of the calendar, none at all; and which instants they mean.

use std::fmt;

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Tz;

use super::TimeField;
use super::text::fold;
use crate::domain::Timestamp;

/// The longest span, ten years in seconds.
const SPAN_MAX: i64 = 3660 * 86_400;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    Less,
    AtMost,
    AtLeast,
    More,
}

/// A day: of the calendar, or so many days from today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    Date(NaiveDate),
    FromToday(i8),
}

/// When something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Seconds back from now, or forward where the field lies ahead.
    Span(Compare, i64),
    /// From the start of a day to the end of one, in the zone of whoever looks.
    Days(Option<Day>, Option<Day>),
    /// There is none.
    Never,
    /// There is one.
    Ever,
}

/// The instants meant, in milliseconds since 1970, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bounds {
    Never,
    Between(i64, i64),
}

impl Day {
    fn shifted(self, by: i8) -> Option<Self> {
        match self {
            Self::FromToday(days) => Some(Self::FromToday(days.checked_add(by)?)),
            Self::Date(date) if by < 0 => date.checked_sub_days(Days::new(u64::from(by.unsigned_abs()))).map(Self::Date),
            Self::Date(date) => date.checked_add_days(Days::new(u64::from(by.unsigned_abs()))).map(Self::Date),
        }
    }

    fn date(self, now: Timestamp, zone: Tz) -> NaiveDate {
        match self {
            Self::Date(date) => date,
            Self::FromToday(days) => now.with_timezone(&zone).date_naive() + TimeDelta::days(i64::from(days)),
        }
    }
}

/// The first instant of a date.
fn start(date: NaiveDate, zone: Tz) -> i64 {
    let midnight = date.and_time(NaiveTime::MIN);
    let first = (0..=3).find_map(|hours| zone.from_local_datetime(&(midnight + TimeDelta::hours(hours))).earliest());
    first.map_or_else(|| midnight.and_utc().timestamp_millis(), |at| at.timestamp_millis())
}

impl When {
    /// Whether the instants it means change as time goes by.
    #[must_use]
    pub fn moves(self) -> bool {
        let relative = |day: Option<Day>| matches!(day, Some(Day::FromToday(_)));
        match self {
            Self::Span(..) => true,
            Self::Days(from, to) => relative(from) || relative(to),
            Self::Never | Self::Ever => false,
        }
    }

    /// Which instants of `field` are meant at `now`.
    #[must_use]
    pub fn bounds(self, field: TimeField, now: Timestamp, zone: Tz) -> Bounds {
        let (all, now_ms) = ((i64::MIN, i64::MAX - 1), now.timestamp_millis());
        let (from, to) = match self {
            Self::Never => return Bounds::Never,
            Self::Ever => all,
            Self::Span(compare, secs) if field.is_ahead() => {
                let at = now_ms + secs * 1000;
                match compare {
                    Compare::Less => (all.0, at - 1),
                    Compare::AtMost => (all.0, at),
                    Compare::AtLeast => (at, all.1),
                    Compare::More => (at + 1, all.1),
                }
            }
            Self::Span(compare, secs) => {
                let at = now_ms - secs * 1000;
                match compare {
                    Compare::Less => (at + 1, all.1),
                    Compare::AtMost => (at, all.1),
                    Compare::AtLeast => (all.0, at),
                    Compare::More => (all.0, at - 1),
                }
            }
            Self::Days(from, to) => {
                let from = from.map_or(all.0, |day| start(day.date(now, zone), zone));
                let after = to.and_then(|day| day.date(now, zone).checked_add_days(Days::new(1)));
                (from, after.map_or(all.1, |date| start(date, zone) - 1))
            }
        };
        Bounds::Between(from, to)
    }
}

impl Bounds {
    /// Whether an instant, or its absence, is meant.
    #[must_use]
    pub fn hold(self, at: Option<Timestamp>) -> bool {
        match (self, at) {
            (Self::Never, at) => at.is_none(),
            (Self::Between(from, to), Some(at)) => (from..=to).contains(&at.timestamp_millis()),
            (Self::Between(..), None) => false,
        }
    }
}

const UNITS: &[(i64, &[&str])] = &[
    (604_800, &["w", "周", "星期", "weeks", "week"]),
    (86_400, &["d", "天", "日", "days", "day"]),
    (3600, &["h", "小时", "时", "hours", "hour"]),
    (60, &["m", "分钟", "分", "min", "minutes", "minute"]),
    (1, &["s", "秒", "seconds", "second"]),
];

/// `2h`, `1h30m`, `90分钟`: seconds.
pub(super) fn span(text: &str) -> Option<i64> {
    let text = fold(text);
    let (mut rest, mut secs) = (text.as_str(), 0i64);
    while !rest.is_empty() {
        let digits = rest.find(|char: char| !char.is_ascii_digit())?;
        let count: i64 = rest[..digits].parse().ok()?;
        let unit_text = &rest[digits..];
        let words = UNITS.iter().flat_map(|(unit, words)| words.iter().map(move |word| (*unit, *word)));
        let (unit, word) = words.filter(|(_, word)| unit_text.starts_with(word)).max_by_key(|(_, word)| word.len())?;
        secs = secs.checked_add(count.checked_mul(unit)?)?;
        rest = &unit_text[word.len()..];
    }
    (!text.is_empty() && secs <= SPAN_MAX).then_some(secs)
}

fn day(text: &str) -> Option<Day> {
    match fold(text).as_str() {
        "today" | "今天" => Some(Day::FromToday(0)),
        "yesterday" | "昨天" => Some(Day::FromToday(-1)),
        "tomorrow" | "明天" => Some(Day::FromToday(1)),
        folded => {
            match folded.strip_prefix("today+").map(|days| (1, days)).or_else(|| folded.strip_prefix("today-").map(|days| (-1, days))) {
                Some((sign, days)) => days.parse::<i8>().ok().filter(|days| *days >= 0).map(|days| Day::FromToday(sign * days)),
                None => NaiveDate::parse_from_str(folded, "%Y-%m-%d").ok().filter(|date| within(*date)).map(Day::Date),
            }
        }
    }
}

fn within(date: NaiveDate) -> bool {
    use chrono::Datelike;
    (1971..=2999).contains(&date.year())
}

/// What stands before a value: `<`, `<=`, `>`, `>=`, also `≤` and `≥`.
pub(super) fn comparison(text: &str) -> (Option<Compare>, &str) {
    const SIGNS: &[(&str, Compare)] = &[
        ("<=", Compare::AtMost),
        ("≤", Compare::AtMost),
        (">=", Compare::AtLeast),
        ("≥", Compare::AtLeast),
        ("<", Compare::Less),
        (">", Compare::More),
    ];
    SIGNS.iter().find_map(|(sign, compare)| text.strip_prefix(sign).map(|rest| (Some(*compare), rest))).unwrap_or((None, text))
}

/// Reads a time as a field has it.
pub(super) fn when(text: &str) -> Option<When> {
    let folded = fold(text);
    match folded.as_str() {
        "none" | "无" | "never" => return Some(When::Never),
        "any" | "有" => return Some(When::Ever),
        _ => {}
    }
    if let Some((from, to)) = folded.split_once("..") {
        let side = |text: &str| if text.is_empty() { Some(None) } else { day(text).map(Some) };
        let (from, to) = (side(from)?, side(to)?);
        return (from.is_some() || to.is_some()).then_some(When::Days(from, to));
    }
    let (compare, rest) = comparison(&folded);
    if let Some(secs) = span(rest) {
        return Some(When::Span(compare.unwrap_or(Compare::AtMost), secs));
    }
    let day = day(rest)?;
    Some(match compare {
        None => When::Days(Some(day), Some(day)),
        Some(Compare::Less) => When::Days(None, Some(day.shifted(-1)?)),
        Some(Compare::AtMost) => When::Days(None, Some(day)),
        Some(Compare::AtLeast) => When::Days(Some(day), None),
        Some(Compare::More) => When::Days(Some(day.shifted(1)?), None),
    })
}

impl fmt::Display for Compare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::AtLeast => ">=",
            Self::More => ">",
        })
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(date) => write!(f, "{}", date.format("%Y-%m-%d")),
            Self::FromToday(0) => f.write_str("today"),
            Self::FromToday(1) => f.write_str("tomorrow"),
            Self::FromToday(-1) => f.write_str("yesterday"),
            Self::FromToday(days) => write!(f, "today{days:+}"),
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Never => f.write_str("none"),
            Self::Ever => f.write_str("any"),
            Self::Span(compare, secs) => {
                let unit = UNITS.iter().find(|(unit, _)| secs > 0 && secs % unit == 0).unwrap_or(&UNITS[3]);
                write!(f, "{compare}{}{}", secs / unit.0, unit.1[0])
            }
            Self::Days(Some(from), Some(to)) if from == to => write!(f, "{from}"),
            Self::Days(from, to) => {
                from.iter().try_for_each(|day| write!(f, "{day}"))?;
                f.write_str("..")?;
                to.iter().try_for_each(|day| write!(f, "{day}"))
            }
        }
    }
}
