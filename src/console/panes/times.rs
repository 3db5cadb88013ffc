//! Instants in the viewer's zone and in words. Zones are named by IANA name or offset, never by letters such as `CST`.

use chrono::{Datelike, NaiveDate, Offset, Timelike};
use chrono_tz::Tz;

use crate::console::locale::Locale;
use crate::domain::Timestamp;

/// `07:00`.
#[must_use]
pub fn clock(at: Timestamp, zone: Tz) -> String {
    at.with_timezone(&zone).format("%H:%M").to_string()
}

/// `07:00-15:00`.
#[must_use]
pub fn span(from: Timestamp, to: Timestamp, zone: Tz) -> String {
    format!("{}-{}", clock(from, zone), clock(to, zone))
}

#[must_use]
pub fn date_of(at: Timestamp, zone: Tz) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

/// The first instant of a local day; where midnight is skipped by a clock change, one hour on.
#[must_use]
pub fn midnight(date: NaiveDate, zone: Tz) -> Timestamp {
    let naive = date.and_time(chrono::NaiveTime::MIN);
    let local = naive.and_local_timezone(zone).earliest();
    local
        .or_else(|| (naive + chrono::Duration::hours(1)).and_local_timezone(zone).earliest())
        .map_or_else(|| naive.and_utc(), |local| local.with_timezone(&chrono::Utc))
}

/// The local hour, 0 to 23.
#[must_use]
pub fn hour(at: Timestamp, zone: Tz) -> u32 {
    at.with_timezone(&zone).hour()
}

/// `Sat`, `周六`.
#[must_use]
pub fn weekday(locale: &Locale, date: NaiveDate) -> String {
    locale.text(&format!("duty-weekday-{}", date.weekday().number_from_monday())).into_owned()
}

/// `Sat 21 Nov`, `11月21日 周六`.
#[must_use]
pub fn date(locale: &Locale, date: NaiveDate) -> String {
    let month = locale.text(&format!("duty-month-{}", date.month()));
    let (weekday, day) = (weekday(locale, date), date.day().to_string());
    locale.with("duty-date", &[("weekday", &weekday), ("day", &day), ("month", &month)])
}

/// `today`, `tomorrow`, `yesterday`, else the date.
#[must_use]
pub fn day(locale: &Locale, on: NaiveDate, today: NaiveDate) -> String {
    match (on - today).num_days() {
        0 => locale.text("duty-today").into_owned(),
        1 => locale.text("duty-tomorrow").into_owned(),
        -1 => locale.text("duty-yesterday").into_owned(),
        _ => date(locale, on),
    }
}

/// `15:00` today, `tomorrow 07:00` else.
#[must_use]
pub fn moment(locale: &Locale, at: Timestamp, now: Timestamp, zone: Tz) -> String {
    let (on, today) = (date_of(at, zone), date_of(now, zone));
    if on == today { clock(at, zone) } else { format!("{} {}", day(locale, on, today), clock(at, zone)) }
}

/// `+08`, `+05:30`.
#[must_use]
pub fn offset(at: Timestamp, zone: Tz) -> String {
    let seconds = at.with_timezone(&zone).offset().fix().local_minus_utc();
    let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.abs() / 60);
    if minutes % 60 == 0 { format!("{sign}{:02}", minutes / 60) } else { format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60) }
}

/// `Asia/Shanghai +08`.
#[must_use]
pub fn zone(at: Timestamp, zone: Tz) -> String {
    format!("{} {}", zone.name(), offset(at, zone))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::locale::Language;
    use chrono::TimeZone;

    fn at(text: &str) -> Timestamp {
        chrono::Utc.from_utc_datetime(&chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap())
    }

    #[test]
    fn moments_are_said_as_people_do() {
        let (english, chinese) = (Locale::new(Language::English), Locale::new(Language::Chinese));
        let now = at("2026-11-21 02:10");
        let zone = Tz::Asia__Shanghai;
        assert_eq!(moment(&english, at("2026-11-21 07:00"), now, zone), "15:00");
        assert_eq!(moment(&english, at("2026-11-21 23:00"), now, zone), "tomorrow 07:00");
        assert_eq!(moment(&chinese, at("2026-11-21 23:00"), now, zone), "明天 07:00");
        assert_eq!(moment(&english, at("2026-11-23 23:00"), now, zone), "Tue 24 Nov 07:00");
        assert_eq!(date(&chinese, date_of(now, zone)), "11月21日 周六");
    }

    #[test]
    fn zones_are_never_three_letters() {
        assert_eq!(zone(at("2026-11-21 02:10"), Tz::Asia__Shanghai), "Asia/Shanghai +08");
        assert_eq!(offset(at("2026-11-21 02:10"), Tz::Asia__Kolkata), "+05:30");
        assert_eq!(offset(at("2026-07-21 02:10"), Tz::America__New_York), "-04");
    }

    #[test]
    fn a_day_without_midnight_starts_an_hour_later() {
        let date = NaiveDate::from_ymd_opt(2026, 9, 6).unwrap();
        assert_eq!(clock(midnight(date, Tz::America__Santiago), Tz::America__Santiago), "01:00");
    }
}
