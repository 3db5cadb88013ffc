//! Dates and weekdays as people write them over a column.

use chrono::{Datelike, NaiveDate, Weekday};

/// `2026-12-01`, `2026/12/1`, `2026年12月1日`, and without the year `12/1` and `12月1日`: then the year that brings the date
/// nearest to `near`. Day before month is not read: it cannot be told apart.
pub(super) fn date(text: &str, near: NaiveDate) -> Option<NaiveDate> {
    let text = text.trim().trim_end_matches(['日', '号']);
    let parts: Vec<&str> = text.split(['-', '/', '.', '年', '月']).map(str::trim).collect();
    let number = |part: &str| if part.len() <= 4 { part.parse::<u32>().ok() } else { None };
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 => NaiveDate::from_ymd_opt(year.parse().ok()?, number(month)?, number(day)?),
        [month, day] => {
            let (month, day) = (number(month)?, number(day)?);
            let years = (near.year() - 4..=near.year() + 4).filter_map(|year| NaiveDate::from_ymd_opt(year, month, day));
            years.min_by_key(|date| (*date - near).num_days().abs())
        }
        _ => None,
    }
}

/// `Mon`, `monday`, `周一`, `星期一`, `礼拜一`, `一`.
pub(super) fn weekday(text: &str) -> Option<Weekday> {
    let text = text.trim();
    let short = ["周", "星期", "礼拜"].iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(text);
    match short {
        "一" => Some(Weekday::Mon),
        "二" => Some(Weekday::Tue),
        "三" => Some(Weekday::Wed),
        "四" => Some(Weekday::Thu),
        "五" => Some(Weekday::Fri),
        "六" => Some(Weekday::Sat),
        "日" | "天" => Some(Weekday::Sun),
        _ => text.parse().ok(),
    }
}
