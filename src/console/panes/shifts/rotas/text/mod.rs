//! A rota's parts as one line of text each, both ways: `E 07:00-15:00 Early, N 23:00-07:00 Night*`, `E E N N - -`,
//! `ana+0 ben+2`, `Mon-Fri 07:00-23:00 2`, `rest 11h, week 48h, forbid`. What is wrong names its part.

#[cfg(test)]
mod tests;

use chrono::{NaiveTime, Weekday};

use crate::base::text::{clean, fold};
use crate::console::locale::Language;
use crate::console::panes::shifts::when;
use crate::domain::directory::Directory;
use crate::domain::id::QueueId;
use crate::domain::roster::{Requirement, RotaLimits, RotaMember, ShiftType};

/// What cannot be read: the part, and the message key of why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub part: String,
    pub why: &'static str,
}

fn wrong<T>(part: &str, why: &'static str) -> Result<T, Wrong> {
    Err(Wrong { part: clean(part), why })
}

const WEEK_CHINESE: [char; 7] = ['一', '二', '三', '四', '五', '六', '日'];

/// What the readers below take in either language is shown in the viewer's.
fn pick(language: Language, english: &'static str, chinese: &'static str) -> &'static str {
    match language {
        Language::English => english,
        Language::Chinese => chinese,
    }
}

const WEEK: [Weekday; 7] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// Entries between commas, Chinese ones too.
fn entries(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '，', '、']).map(str::trim).filter(|entry| !entry.is_empty())
}

/// `E 07:00-15:00 Early, N 23:00-07:00 Night*`: code, times, name; a star at the end marks night work. Colours stay as they
/// were in `old`.
///
/// # Errors
/// With the entry or its times.
pub fn shift_types(text: &str, old: &[ShiftType]) -> Result<Vec<ShiftType>, Wrong> {
    let mut types: Vec<ShiftType> = Vec::new();
    for entry in entries(text) {
        let (entry, night) = entry.strip_suffix('*').map_or((entry, false), |entry| (entry, true));
        let mut words = entry.split_whitespace();
        let (Some(code), Some(times)) = (words.next(), words.next()) else { return wrong(entry, "shifts-wrong-type") };
        let Some((start, end)) = when::times_of(times) else { return wrong(times, "shifts-wrong-times") };
        if types.iter().any(|kind| kind.code == code) {
            return wrong(code, "shifts-wrong-code-twice");
        }
        let name = words.collect::<Vec<_>>().join(" ");
        let name = if name.is_empty() { code.to_owned() } else { name };
        let colour = old.iter().find(|kind| kind.code == code).and_then(|kind| kind.colour.clone());
        types.push(ShiftType { code: code.to_owned(), name, start, end, night, colour });
    }
    if types.is_empty() { wrong(text, "shifts-wrong-no-type") } else { Ok(types) }
}

fn clock(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

#[must_use]
pub fn show_shift_types(types: &[ShiftType]) -> String {
    let one = |kind: &ShiftType| {
        let star = if kind.night { "*" } else { "" };
        format!("{} {}-{} {}{star}", kind.code, clock(kind.start), clock(kind.end), kind.name)
    };
    types.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Whether a word means a day off.
fn is_off(word: &str) -> bool {
    matches!(word, "-" | "–" | "—" | "." | "·" | "休")
}

/// `E E L L N N - -`: a code or a day off each day.
///
/// # Errors
/// With the code that is no shift type.
pub fn pattern(text: &str, types: &[ShiftType]) -> Result<Vec<Option<String>>, Wrong> {
    let words: Vec<&str> = text.split([' ', ',', '，', '\u{3000}']).filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return wrong(text, "shifts-wrong-no-pattern");
    }
    let mut days = Vec::new();
    for word in words {
        if types.iter().any(|kind| kind.code == word) {
            days.push(Some(word.to_owned()));
        } else if is_off(word) {
            days.push(None);
        } else {
            return wrong(word, "shifts-wrong-code");
        }
    }
    Ok(days)
}

#[must_use]
pub fn show_pattern(pattern: &[Option<String>]) -> String {
    pattern.iter().map(|code| code.as_deref().unwrap_or("-")).collect::<Vec<_>>().join(" ")
}

/// `ana+0 ben+2 @chen`: handles, each with the days its pattern runs ahead.
///
/// # Errors
/// With the handle nobody has, or the offset that is no number.
pub fn members(text: &str, directory: &Directory) -> Result<Vec<RotaMember>, Wrong> {
    let mut members: Vec<RotaMember> = Vec::new();
    for word in text.split([' ', ',', '，', '\u{3000}']).filter(|word| !word.is_empty()) {
        let word = word.trim_start_matches('@');
        let (handle, offset_days) = match (directory.person_by_handle(word), word.rsplit_once('+')) {
            (Some(_), _) | (None, None) => (word, 0),
            (None, Some((handle, offset))) => match offset.parse() {
                Ok(offset) => (handle, offset),
                Err(_) => return wrong(word, "shifts-wrong-offset"),
            },
        };
        let Some(person) = directory.person_by_handle(handle) else { return wrong(handle, "shifts-wrong-handle") };
        if members.iter().any(|member| member.person == person.id) {
            return wrong(handle, "shifts-wrong-member-twice");
        }
        members.push(RotaMember { person: person.id, offset_days });
    }
    Ok(members)
}

#[must_use]
pub fn show_members(members: &[RotaMember], directory: &Directory) -> String {
    let handle = |member: &RotaMember| {
        let handle = directory.people.get(&member.person).map_or_else(|| member.person.to_string(), |person| person.handle.clone());
        format!("{handle}+{}", member.offset_days)
    };
    members.iter().map(handle).collect::<Vec<_>>().join(" ")
}

/// `Mon-Fri`, `Sat,Sun`, `daily`, `周一-周五`, `每天`.
fn weekdays(text: &str) -> Option<Vec<Weekday>> {
    if matches!(fold(text).as_str(), "daily" | "every" | "每天" | "*") {
        return Some(WEEK.to_vec());
    }
    let mut days = Vec::new();
    for part in text.split([',', '，', '、']).filter(|part| !part.is_empty()) {
        let (first, last) = part.split_once(['-', '–', '~', '至']).unwrap_or((part, part));
        let (mut day, last) = (when::weekday(first)?, when::weekday(last)?);
        loop {
            if !days.contains(&day) {
                days.push(day);
            }
            if day == last {
                break;
            }
            day = day.succ();
        }
    }
    days.sort_by_key(Weekday::num_days_from_monday);
    (!days.is_empty()).then_some(days)
}

/// `Mon-Fri 07:00-23:00 2; Sat,Sun 08:00-20:00 1`: days, times, how many people.
///
/// # Errors
/// With the days, times or number that cannot be read.
pub fn requirements(text: &str) -> Result<Vec<Requirement>, Wrong> {
    let mut found = Vec::new();
    for entry in text.split([';', '；']).map(str::trim).filter(|entry| !entry.is_empty()) {
        let [days, times, people] = entry.split_whitespace().collect::<Vec<_>>()[..] else {
            return wrong(entry, "shifts-wrong-requirement");
        };
        let Some(weekdays) = weekdays(days) else { return wrong(days, "shifts-wrong-weekdays") };
        let Some((from, to)) = when::times_of(times) else { return wrong(times, "shifts-wrong-times") };
        let Some(people) = people.parse().ok().filter(|people| (1..=5_000).contains(people)) else {
            return wrong(people, "shifts-wrong-people");
        };
        found.push(Requirement { weekdays, from, to, people });
    }
    Ok(found)
}

#[must_use]
pub fn show_requirements(required: &[Requirement], language: Language) -> String {
    let one = |one: &Requirement| {
        let to = if one.to == NaiveTime::MIN { "24:00".to_owned() } else { clock(one.to) };
        format!("{} {}-{to} {}", show_weekdays(&one.weekdays, language), clock(one.from), one.people)
    };
    required.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// `Mon-Fri,Sun`, `周一-周五,周日`.
fn show_weekdays(days: &[Weekday], language: Language) -> String {
    let mut days = days.to_vec();
    days.sort_by_key(Weekday::num_days_from_monday);
    days.dedup();
    if days.len() == 7 {
        return pick(language, "daily", "每天").to_owned();
    }
    let name = |day: &Weekday| match language {
        Language::English => day.to_string(),
        Language::Chinese => format!("周{}", WEEK_CHINESE[day.num_days_from_monday() as usize]),
    };
    let runs = days.chunk_by(|a, b| a.succ() == *b && *b != Weekday::Mon);
    let run = |run: &[Weekday]| match run {
        [one] => name(one),
        [one, two] => format!("{},{}", name(one), name(two)),
        _ => format!("{}-{}", name(&run[0]), name(&run[run.len() - 1])),
    };
    runs.map(run).collect::<Vec<_>>().join(",")
}

/// `rest 11h, week 48h, nights 4, days 6, forbid`.
///
/// # Errors
/// With the limit that cannot be read.
pub fn limits(text: &str) -> Result<RotaLimits, Wrong> {
    let mut limits = RotaLimits::default();
    for entry in entries(text) {
        let words: Vec<String> = entry.split_whitespace().map(fold).collect();
        let number = |unit: &str| {
            let text = words.get(1)?;
            text.strip_suffix(unit).unwrap_or(text).parse().ok().filter(|number| *number > 0 && words.len() == 2)
        };
        let read = match words.first().map(String::as_str) {
            Some("rest" | "休息") => limits.min_rest_hours.insert(number("h").unwrap_or(0)),
            Some("week" | "每周") => limits.max_week_hours.insert(number("h").unwrap_or(0)),
            Some("nights" | "连夜") => limits.max_nights_in_row.insert(number("").unwrap_or(0)),
            Some("days" | "连班") => limits.max_days_in_row.insert(number("").unwrap_or(0)),
            Some("forbid" | "禁止") if words.len() == 1 => {
                limits.forbid = true;
                continue;
            }
            _ => return wrong(entry, "shifts-wrong-limit"),
        };
        if *read == 0 {
            return wrong(entry, "shifts-wrong-limit");
        }
    }
    Ok(limits)
}

#[must_use]
pub fn show_limits(limits: &RotaLimits, language: Language) -> String {
    let hours = |word: &str, hours: Option<u16>| hours.map(|hours| format!("{word} {hours}h"));
    let count = |word: &str, count: Option<u16>| count.map(|count| format!("{word} {count}"));
    let parts = [
        hours(pick(language, "rest", "休息"), limits.min_rest_hours),
        hours(pick(language, "week", "每周"), limits.max_week_hours),
        count(pick(language, "nights", "连夜"), limits.max_nights_in_row),
        count(pick(language, "days", "连班"), limits.max_days_in_row),
        limits.forbid.then(|| pick(language, "forbid", "禁止").to_owned()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// `payments, vip`: keys of queues.
///
/// # Errors
/// With the key no queue has.
pub fn queues(text: &str, directory: &Directory) -> Result<Vec<QueueId>, Wrong> {
    let keys = text.split([',', '，', '、', ' ']).filter(|key| !key.is_empty());
    keys.map(|key| directory.queue_by_key(key).map(|queue| queue.id).ok_or_else(|| Wrong { part: clean(key), why: "shifts-wrong-queue" }))
        .collect()
}

#[must_use]
pub fn show_queues(queues: &[QueueId], directory: &Directory) -> String {
    let key = |id: &QueueId| directory.queues.get(id).map_or_else(|| id.to_string(), |queue| queue.key.clone());
    queues.iter().map(key).collect::<Vec<_>>().join(", ")
}

#[must_use]
pub fn show_yes(on: bool, language: Language) -> String {
    if on { pick(language, "yes", "是") } else { pick(language, "no", "否") }.to_owned()
}

/// `yes`, `no`, `是`, `否`.
///
/// # Errors
/// With any other word.
pub fn yes(text: &str) -> Result<bool, Wrong> {
    match fold(text.trim()).as_str() {
        "yes" | "y" | "true" | "on" | "是" => Ok(true),
        "no" | "n" | "false" | "off" | "" | "否" => Ok(false),
        _ => wrong(text, "shifts-wrong-yes"),
    }
}
