//! Chinese times: `明天下午三点前`, `24小时内`, `周五之前`, `11月25日`, `半小时后`.

use chrono::{NaiveTime, TimeDelta, Weekday};

use super::scan::{Scan, afternoon, span};
use super::{Day, Lead, Said, hm};

const UNITS: &[(&str, u32)] = &[
    ("分钟", 1),
    ("个小时", 60),
    ("小时", 60),
    ("个钟头", 60),
    ("钟头", 60),
    ("个工作日", 1_440),
    ("工作日", 1_440),
    ("天", 1_440),
    ("个星期", 10_080),
    ("星期", 10_080),
    ("周", 10_080),
];
const WEEKDAYS: &[(&str, Weekday)] = &[
    ("一", Weekday::Mon),
    ("二", Weekday::Tue),
    ("三", Weekday::Wed),
    ("四", Weekday::Thu),
    ("五", Weekday::Fri),
    ("六", Weekday::Sat),
    ("日", Weekday::Sun),
    ("天", Weekday::Sun),
];
const ENDS: &[(&str, Lead)] = &[
    ("之前", Lead::Before),
    ("以前", Lead::Before),
    ("前", Lead::Before),
    ("之内", Lead::By),
    ("以内", Lead::By),
    ("内", Lead::By),
    ("之后", Lead::After),
    ("以后", Lead::After),
    ("后", Lead::After),
];

/// The part of the day said before a clock, and its hour when it stands alone.
#[derive(Clone, Copy)]
struct Part {
    pm: bool,
    alone: (u32, u32),
}

const fn part(pm: bool, hour: u32) -> Part {
    Part { pm, alone: (hour, 0) }
}

const PARTS: &[(&str, Part)] = &[
    ("凌晨", part(false, 2)),
    ("早上", part(false, 9)),
    ("早晨", part(false, 8)),
    ("上午", part(false, 10)),
    ("中午", part(true, 12)),
    ("下午", part(true, 15)),
    ("傍晚", part(true, 18)),
    ("晚上", part(true, 20)),
];

pub(super) fn read(mut scan: Scan<'_>) -> Option<Said> {
    // Latin text is the other file's, but for digits and ISO dates before Chinese.
    if scan.peek().is_some_and(|next| next.is_ascii_alphabetic()) {
        return None;
    }
    for word in ["最晚", "最迟", "将在", "在"] {
        if scan.take(word) {
            break;
        }
    }
    scan.spaces();
    if let Some(span) = duration(&mut scan) {
        scan.spaces();
        let lead = scan.one(ENDS).unwrap_or(Lead::Plain);
        // 三天前 is the past.
        return (lead != Lead::Before).then_some(Said { day: None, clock: None, span: Some(span), lead, len: scan.at });
    }
    let start = scan.at;
    let (day, part_of_day) = day(&mut scan).map_or((None, None), |(day, part)| (Some(day), part));
    scan.spaces();
    let said_part = scan.one(PARTS).or(part_of_day);
    scan.spaces();
    let clock = clock(&mut scan, said_part, day.is_some()).or_else(|| said_part.map(|part| hm(part.alone)));
    if scan.at == start || (day.is_none() && clock.is_none()) {
        return None;
    }
    let here = scan;
    scan.spaces();
    let lead = scan.one(ENDS);
    if lead.is_none() {
        scan = here;
    }
    Some(Said { day, clock, span: None, lead: lead.unwrap_or(Lead::Plain), len: scan.at })
}

/// `24`, `三`, `十二`, `二十四`, `两`; up to ninety-nine in words.
fn number(scan: &mut Scan<'_>) -> Option<u32> {
    if let Some(number) = scan.number() {
        return Some(number);
    }
    let digit = |scan: &mut Scan<'_>| {
        let found = scan.peek().and_then(|next| {
            ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九']
                .iter()
                .position(|digit| *digit == next)
                .or((next == '两').then_some(2))
        });
        if found.is_some() {
            scan.at += 1;
        }
        found.and_then(|digit| u32::try_from(digit).ok())
    };
    let first = digit(scan);
    if scan.take("十") {
        let second = digit(scan).unwrap_or(0);
        return Some(first.unwrap_or(1) * 10 + second);
    }
    first
}

fn duration(scan: &mut Scan<'_>) -> Option<TimeDelta> {
    let before = *scan;
    let count = if scan.take("半") { Some(0.5) } else { number(scan).map(f64::from) };
    scan.spaces();
    // 一个半小时
    let half = scan.take("个半");
    let found = count.zip(scan.one(UNITS)).and_then(|(count, minutes)| span(count + if half { 0.5 } else { 0.0 }, minutes));
    if found.is_none() {
        *scan = before;
    }
    found
}

fn day(scan: &mut Scan<'_>) -> Option<(Day, Option<Part>)> {
    let named: &[(&str, (u64, Option<Part>))] = &[
        ("大后天", (3, None)),
        ("后天", (2, None)),
        ("明天", (1, None)),
        ("明日", (1, None)),
        ("明早", (1, Some(part(false, 9)))),
        ("明晚", (1, Some(part(true, 20)))),
        ("今天", (0, None)),
        ("今日", (0, None)),
        ("今晚", (0, Some(part(true, 20)))),
    ];
    if let Some((days, part)) = scan.one(named) {
        return Some((Day::InDays(days), part));
    }
    weekday(scan).or_else(|| date(scan)).map(|day| (day, None))
}

fn weekday(scan: &mut Scan<'_>) -> Option<Day> {
    let before = *scan;
    let weeks = scan.one(&[("下下个", 2), ("下下", 2), ("下个", 1), ("下", 1), ("本", 0), ("这个", 0), ("这", 0)]);
    let named = scan.take("星期") || scan.take("礼拜") || scan.take("周");
    let found = if named { scan.one(WEEKDAYS).map(|day| Day::Weekday { day, weeks }) } else { None };
    if found.is_none() {
        *scan = before;
    }
    found
}

/// `11月25日`, `2026年11月25号`, `25号`, `2026-11-25`.
fn date(scan: &mut Scan<'_>) -> Option<Day> {
    let before = *scan;
    let read = |scan: &mut Scan<'_>| {
        let first = number(scan)?;
        let iso = scan.take("-");
        let year = if iso || scan.take("年") { Some(i32::try_from(first).ok().filter(|year| *year > 1_900)?) } else { None };
        let month = if year.is_some() { number(scan)? } else { first };
        if year.is_none() && (scan.take("号") || scan.take("日")) {
            return (1..=31).contains(&first).then_some(Day::OfMonth(first));
        }
        (scan.take("月") || (iso && scan.take("-"))).then_some(())?;
        let day = number(scan)?;
        let _ = scan.take("日") || scan.take("号");
        ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some(Day::Date { year, month, day })
    };
    let found = read(scan);
    if found.is_none() {
        *scan = before;
    }
    found
}

/// `三点`, `9点半`, `15点30分`, `三点一刻`; after a day or a part of it also `15:00`.
fn clock(scan: &mut Scan<'_>, part: Option<Part>, after_day: bool) -> Option<NaiveTime> {
    let before = *scan;
    let colon =
        if part.is_some() || after_day || scan.peek().is_some_and(|next| next.is_ascii_digit()) { scan.colon_clock() } else { None };
    let read = |scan: &mut Scan<'_>| {
        let hour = number(scan)?;
        (scan.take("点钟") || scan.take("点") || scan.take("时")).then_some(())?;
        let minute = if scan.take("半") {
            30
        } else if scan.take("一刻") {
            15
        } else if scan.take("三刻") {
            45
        } else {
            let here = *scan;
            match number(scan) {
                Some(minute) if scan.take("分") || minute >= 10 => minute,
                _ => {
                    *scan = here;
                    0
                }
            }
        };
        NaiveTime::from_hms_opt(hour, minute, 0)
    };
    let found = colon.or_else(|| read(scan));
    match found {
        Some(clock) if part.is_some_and(|part| part.pm) => Some(afternoon(clock)),
        Some(clock) => Some(clock),
        None => {
            *scan = before;
            None
        }
    }
}
