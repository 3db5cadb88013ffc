//! The sample desk's rotas, around the clock, and the changes that make its roster worth looking at.

use chrono::{DateTime, Datelike, Duration, NaiveTime, TimeZone, Utc, Weekday};

use super::content::{Content, Words};
use super::people::{PAIRS, pair_of, pair_queues, side_of};
use super::seed::id_for;
use super::{DemoLanguage, duty};
use crate::domain::id::{PersonId, QueueId};
use crate::domain::person::{Person, Role};
use crate::domain::queue::Queue;
use crate::domain::roster::{Requirement, RosterChange, RosterChangeKind, Rota, RotaLimits, RotaMember, ShiftType};

/// What the rotas are made from.
pub(super) struct Planning<'a> {
    pub language: DemoLanguage,
    pub content: &'a Content,
    pub seed: u64,
    pub people: &'a [Person],
    pub queues: &'a [Queue],
    pub now: DateTime<Utc>,
}

/// Full hours of the local day: from, to (the next day when not later).
type Hours = (u32, u32);

pub(super) const WEEK: [Weekday; 7] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// Four tier-1 rotas (one per pair of queues), then two of tier 2, then two of tier 3.
pub(super) fn generate(planning: &Planning) -> Vec<Rota> {
    let mut rotas = Vec::new();
    rotas.extend((0..PAIRS).map(|pair| tier_1(planning, pair)));
    rotas.extend((0..2).map(|side| tier_2(planning, side)));
    rotas.extend((0..2).map(|side| tier_3(planning, side)));
    rotas
}

/// Early, late and night; the eight-day pattern puts at least two members on each shift of each day.
fn tier_1(planning: &Planning, pair: usize) -> Rota {
    let words = &planning.content.words;
    let [early, late, night] = [&words.shifts.early, &words.shifts.late, &words.shifts.night];
    let members = members(planning, |index, person| person.role == Role::Agent && pair_of(index) == pair);
    let mut rota = bare(planning, pair, &format!("desk-{}", pair + 1), &words.tier1_rotas[pair], 1);
    rota.queues = pair_queues(pair).map(|queue| planning.queues[queue].id).to_vec();
    rota.shift_types = vec![shift(early, (7, 15)), shift(late, (15, 23)), shift(night, (23, 7))];
    rota.pattern = [Some(early), Some(early), Some(late), Some(late), Some(night), Some(night), None, None].map(code).to_vec();
    rota.members = spread(&members, 8, 1);
    rota.required = vec![require((7, 15), 2), require((15, 23), 2), require((23, 7), 1)];
    rota
}

/// Twelve hours each, day and night, two members on each.
fn tier_2(planning: &Planning, side: usize) -> Rota {
    let words = &planning.content.words;
    let [day, night] = [&words.shifts.day12, &words.shifts.night12];
    let members =
        members(planning, |index, person| person.tier == 2 && matches!(person.role, Role::Expert | Role::Lead) && side_of(index) == side);
    let mut rota = bare(planning, PAIRS + side, &format!("experts-{}", side + 1), &words.tier2_rotas[side], 2);
    rota.queues = side_queues(planning, side);
    rota.shift_types = vec![shift(day, (7, 19)), shift(night, (19, 7))];
    rota.pattern = [Some(day), Some(day), Some(night), Some(night), None, None].map(code).to_vec();
    rota.members = spread(&members, 6, 1);
    rota.required = vec![require((7, 19), 1), require((19, 7), 1)];
    rota
}

/// A week on call for each of three in turn, changing on Mondays at nine.
fn tier_3(planning: &Planning, side: usize) -> Rota {
    let words = &planning.content.words;
    let members = members(planning, |index, person| person.tier == 3 && side_of(index) == side);
    let weeks = members.len().max(1);
    let mut rota = bare(planning, PAIRS + 2 + side, &format!("on-call-{}", side + 1), &words.tier3_rotas[side], 3);
    rota.queues = side_queues(planning, side);
    rota.shift_types = vec![shift(&words.shifts.week, (9, 9))];
    rota.pattern = (0..weeks * 7).map(|day| code((day < 7).then_some(&words.shifts.week))).collect();
    rota.members = spread(&members, weeks, 7);
    rota.required = vec![require((9, 9), 1)];
    rota
}

fn side_queues(planning: &Planning, side: usize) -> Vec<QueueId> {
    planning.queues[side * 4..side * 4 + 4].iter().map(|queue| queue.id).collect()
}

/// A rota with nobody and nothing in it yet; it starts on a Monday four to five weeks ago.
fn bare(planning: &Planning, index: usize, key: &str, name: &str, tier: u8) -> Rota {
    let zone = planning.language.time_zone();
    let today = planning.now.with_timezone(&zone).date_naive();
    let monday = today - Duration::days(i64::from(today.weekday().num_days_from_monday()) + 28);
    let side = if tier == 1 { index / 2 } else { index % 2 };
    let lead =
        planning.people.iter().enumerate().find(|(place, person)| {
            person.role == Role::Lead && if tier == 1 { pair_of(*place) == index } else { side_of(*place) == side }
        });
    Rota {
        limits: if tier == 3 { RotaLimits::default() } else { duty::limits() },
        // Two who agree need nobody else, but for the experts.
        swap_approval: tier == 2,
        holidays: Some(duty::holidays_id(planning.seed)),
        id: id_for(planning.seed, "rota", index as u64).into(),
        version: 1,
        key: key.to_string(),
        name: name.to_string(),
        time_zone: zone.name().to_string(),
        queues: Vec::new(),
        tier,
        shift_types: Vec::new(),
        pattern: Vec::new(),
        starts_on: monday,
        members: Vec::new(),
        required: Vec::new(),
        lead: lead.map(|(_, person)| person.id),
        active: true,
    }
}

fn members<'a>(planning: &Planning<'a>, belongs: impl Fn(usize, &Person) -> bool) -> Vec<&'a Person> {
    planning.people.iter().enumerate().filter(|(index, person)| belongs(*index, person)).map(|(_, person)| person).collect()
}

/// Members one `step` of days apart, `places` of them, then from the first again.
fn spread(members: &[&Person], places: usize, step: usize) -> Vec<RotaMember> {
    let offset = |index: usize| i32::try_from((index % places) * step).unwrap_or_default();
    members.iter().enumerate().map(|(index, person)| RotaMember { person: person.id, offset_days: offset(index) }).collect()
}

fn shift((code, name): &(String, String), (from, to): Hours) -> ShiftType {
    let night = to < from;
    let colour = match from {
        7 => "yellow",
        9 | 15 => "blue",
        _ => "magenta",
    };
    ShiftType { colour: Some(colour.to_owned()), code: code.clone(), name: name.clone(), start: at_hour(from), end: at_hour(to), night }
}

fn require((from, to): Hours, people: u32) -> Requirement {
    Requirement { weekdays: WEEK.to_vec(), from: at_hour(from), to: at_hour(to), people }
}

fn code(shift: Option<&(String, String)>) -> Option<String> {
    shift.map(|(code, _)| code.clone())
}

fn at_hour(hour: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default()
}

/// The code that the pattern gives a member on a day of the rota's zone.
fn code_on(rota: &Rota, member: RotaMember, day: chrono::NaiveDate) -> Option<&str> {
    let days = (day - rota.starts_on).num_days() + i64::from(member.offset_days);
    let length = i64::try_from(rota.pattern.len()).ok().filter(|&length| length > 0)?;
    rota.pattern[usize::try_from(days.rem_euclid(length)).ok()?].as_deref()
}

type Span = (DateTime<Utc>, DateTime<Utc>);

/// Leave in the first rota that leaves a gap the day after tomorrow, in the second a duty that somebody covers,
/// in the third an extra shift.
pub(super) fn changes(planning: &Planning, rotas: &[Rota]) -> Vec<RosterChange> {
    let words: &Words = &planning.content.words;
    let mut changes = Vec::new();
    if let Some((on, span)) = early_shift(planning, &rotas[0], 2) {
        let required = usize::try_from(rotas[0].required[0].people).unwrap_or_default();
        for person in on.iter().take((on.len() + 1).saturating_sub(required)) {
            let index = changes.len() as u64;
            changes.push(change(planning, index, &rotas[0], RosterChangeKind::Leave, (*person, None), span, &words.leave_reason));
        }
    }
    if let Some((on, span)) = early_shift(planning, &rotas[1], 1)
        && let (Some(person), Some(other)) = (on.first(), free_member(planning, &rotas[1], span.0))
    {
        let index = changes.len() as u64;
        changes.push(change(planning, index, &rotas[1], RosterChangeKind::Cover, (*person, Some(other)), span, &words.cover_reason));
    }
    if let Some((_, span)) = early_shift(planning, &rotas[2], 1)
        && let Some(other) = free_member(planning, &rotas[2], span.0)
    {
        let index = changes.len() as u64;
        changes.push(change(planning, index, &rotas[2], RosterChangeKind::Extra, (other, None), span, &words.extra_reason));
    }
    changes
}

/// Who has the early shift some days ahead, and its span.
fn early_shift(planning: &Planning, rota: &Rota, days_ahead: i64) -> Option<(Vec<PersonId>, Span)> {
    let zone = planning.language.time_zone();
    let day = planning.now.with_timezone(&zone).date_naive() + Duration::days(days_ahead);
    let shift = rota.shift_types.first()?;
    let on = rota.members.iter().filter(|member| code_on(rota, **member, day) == Some(shift.code.as_str()));
    let from = zone.from_local_datetime(&day.and_time(shift.start)).earliest()?.to_utc();
    let to = zone.from_local_datetime(&day.and_time(shift.end)).earliest()?.to_utc();
    Some((on.map(|member| member.person).collect(), (from, to)))
}

/// A member whose day is free, the day before as well.
fn free_member(planning: &Planning, rota: &Rota, from: DateTime<Utc>) -> Option<PersonId> {
    let day = from.with_timezone(&planning.language.time_zone()).date_naive();
    let free = |member: &&RotaMember| [day - Duration::days(1), day].iter().all(|day| code_on(rota, **member, *day).is_none());
    rota.members.iter().find(free).map(|member| member.person)
}

fn change(
    planning: &Planning,
    index: u64,
    rota: &Rota,
    kind: RosterChangeKind,
    (person, other): (PersonId, Option<PersonId>),
    (from, to): Span,
    reason: &str,
) -> RosterChange {
    RosterChange {
        other_from: None,
        other_to: None,
        state: crate::domain::roster::ChangeState::InForce,
        answered_by: None,
        answer: String::new(),
        id: id_for(planning.seed, "change", index).into(),
        version: 1,
        rota: rota.id,
        kind,
        person,
        other,
        from,
        to,
        reason: reason.to_string(),
        asked_by: person,
        cancelled: false,
        created_at: planning.now - Duration::hours(20),
    }
}
