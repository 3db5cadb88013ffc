//! What the sample desk promises and when: business calendars, SLA policies, how each queue is assigned, limits of the rotas.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};

use super::content::Words;
use super::rotas::WEEK;
use super::seed::id_for;
use crate::domain::calendar::{BusinessHours, Calendar, Holiday};
use crate::domain::id::{CalendarId, ConversationId};
use crate::domain::queue::{EndOfShift, Queue, Strategy};
use crate::domain::roster::RotaLimits;
use crate::domain::sla::ClockKind;
use crate::domain::sla::policy::{SlaPolicy, SlaRule, SlaStep, SlaTargets, StepAct, StepAt};
use crate::domain::ticket::{Kind, Priority};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// The id of the calendar whose holidays rotas count.
pub(super) fn holidays_id(seed: u64) -> CalendarId {
    id_for(seed, "calendar", 0).into()
}

fn office_id(seed: u64) -> CalendarId {
    id_for(seed, "calendar", 1).into()
}

/// Around the clock less nothing but with the year's holidays, and office hours.
pub(super) fn calendars(words: &Words, seed: u64, time_zone: &str, today: NaiveDate) -> Vec<Calendar> {
    let date = |year: i32, (month, day): (u32, u32)| NaiveDate::from_ymd_opt(year, month, day);
    let holidays: Vec<Holiday> = [today.year(), today.year() + 1]
        .into_iter()
        .flat_map(|year| words.holidays.iter().filter_map(move |(month, day, name)| Some((date(year, (*month, *day))?, name))))
        .map(|(date, name)| Holiday { date, name: name.clone() })
        .collect();
    let hours = |weekdays: &[Weekday], from: u32, to: u32| BusinessHours {
        weekdays: weekdays.to_vec(),
        from: NaiveTime::from_hms_opt(from, 0, 0).unwrap_or_default(),
        to: NaiveTime::from_hms_opt(to, 0, 0).unwrap_or_default(),
    };
    let calendar = |id, key: &str, name: &str, hours| Calendar {
        id,
        version: 1,
        key: key.to_owned(),
        name: name.to_owned(),
        time_zone: time_zone.to_owned(),
        hours,
        holidays: holidays.clone(),
        editions: Vec::new(),
        active: true,
    };
    let office = vec![hours(&WEEK[..5], 9, 12), hours(&WEEK[..5], 13, 18), hours(&[Weekday::Sat], 10, 16)];
    let [always_name, office_name] = &words.calendars;
    vec![calendar(holidays_id(seed), "holidays", always_name, Vec::new()), calendar(office_id(seed), "office", office_name, office)]
}

/// Rest of 11 hours, 48 hours a week, three nights and six days in a row; breaches are told and not refused.
pub(super) fn limits() -> RotaLimits {
    RotaLimits { min_rest_hours: Some(11), max_week_hours: Some(48), max_nights_in_row: Some(3), max_days_in_row: Some(6), forbid: false }
}

/// Gives the `index`th queue its ways: neighbours differ, so that every strategy and end of shift can be seen.
pub(super) fn settle(queue: &mut Queue, index: usize, seed: u64, channel: Option<ConversationId>) {
    queue.strategy = match index % 4 {
        0 => Strategy::LeastLoaded,
        1 => Strategy::SkillFirst,
        2 => Strategy::Sticky,
        _ => Strategy::RoundRobin,
    };
    queue.end_of_shift = match index % 3 {
        0 => EndOfShift::Relief,
        1 => EndOfShift::Return,
        _ => EndOfShift::Keep,
    };
    queue.cap = (index % 2 == 1).then_some(6);
    // The last two are worked in office hours.
    queue.sla = policy((index >= 6).then(|| office_id(seed)), channel);
}

fn targets(first: i64, resolution: i64) -> SlaTargets {
    SlaTargets { first_response_secs: Some(first), next_response_secs: Some(first * 3), resolution_secs: Some(resolution) }
}

/// First response and resolution by priority: urgent 5 min and 4 h, high 15 min and 8 h, normal 30 min and 24 h, low 2 h and
/// 72 h; complaints are resolved within 60 h of the calendar. Answers after the first have three times as long as it.
fn policy(calendar: Option<CalendarId>, channel: Option<ConversationId>) -> SlaPolicy {
    let step = |key: &str, clock: ClockKind, at: StepAt, acts: Vec<StepAct>| SlaStep { key: key.to_owned(), clocks: vec![clock], at, acts };
    let after = |secs| StepAt::AfterBreach { secs };
    let mut late = vec![StepAct::NotifyLead];
    late.extend(channel.map(|channel| StepAct::PostChannel { channel }));
    SlaPolicy {
        calendar,
        rules: vec![SlaRule {
            kind: Some(Kind::Complaint),
            priority: Some(Priority::Normal),
            class: None,
            targets: targets(30 * MINUTE, 60 * HOUR),
        }],
        targets: BTreeMap::from([
            (Priority::Urgent, targets(5 * MINUTE, 4 * HOUR)),
            (Priority::High, targets(15 * MINUTE, 8 * HOUR)),
            (Priority::Normal, targets(30 * MINUTE, 24 * HOUR)),
            (Priority::Low, targets(2 * HOUR, 72 * HOUR)),
        ]),
        steps: vec![
            step("half-time", ClockKind::FirstResponse, StepAt::Share { percent: 50 }, vec![StepAct::NotifyAssignee]),
            step("late-10m", ClockKind::FirstResponse, after(10 * MINUTE), late),
            step("unresolved-1h", ClockKind::Resolution, after(HOUR), vec![StepAct::RaisePriority, StepAct::NotifyLead]),
        ],
        ..SlaPolicy::default()
    }
}
