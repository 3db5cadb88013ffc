//! Shifts from a rota's pattern and its changes. Local times keep their wall-clock value across daylight-saving changes:
//! a time that does not exist becomes the first instant after, one that exists twice the earlier.
//!
//! Covers apply before leave, so that leave entered first can still be covered; leave of who covers wins.

use chrono::{DateTime, Days, LocalResult, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

use super::{ChangeState, PlanState, RosterChange, RosterChangeKind, RosterPlan, Rota, Shift, ShiftType};
use crate::domain::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::id::{PersonId, QueueId, RosterChangeId, RotaId};

/// The code of an extra shift.
pub const EXTRA_CODE: &str = "+";
/// How far ahead [`next_shift`] looks.
const HORIZON_DAYS: i64 = 62;

/// The instant of a local time in `zone`.
#[must_use]
pub fn instant(zone: Tz, local: NaiveDateTime) -> Timestamp {
    let mut local = local;
    // A gap is an hour or so, and a whole day where a country crossed the date line.
    for _ in 0..=2 * 1440 {
        match zone.from_local_datetime(&local) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => return at.with_timezone(&Utc),
            LocalResult::None => {
                let minute = local.with_second(0).and_then(|local| local.with_nanosecond(0)).unwrap_or(local);
                local = minute + TimeDelta::minutes(1);
            }
        }
    }
    DateTime::from_naive_utc_and_offset(local, Utc)
}

/// When a shift of this type that starts on `date` lasts; none where a clock change swallows it whole.
pub(super) fn span(zone: Tz, shift_type: &ShiftType, date: NaiveDate) -> Option<(Timestamp, Timestamp)> {
    let last = if shift_type.end > shift_type.start { date } else { date.checked_add_days(Days::new(1))? };
    let (from, to) = (instant(zone, date.and_time(shift_type.start)), instant(zone, last.and_time(shift_type.end)));
    (from < to).then_some((from, to))
}

/// The days on which a shift that touches the span can start.
pub(super) fn days(zone: Tz, from: Timestamp, to: Timestamp) -> impl Iterator<Item = NaiveDate> {
    let first = from.with_timezone(&zone).date_naive();
    let last = to.with_timezone(&zone).date_naive();
    let first = first.checked_sub_days(Days::new(2)).unwrap_or(first);
    first.iter_days().take_while(move |day| *day <= last)
}

/// The index into the pattern of a member with `offset` on `date`.
fn index(rota: &Rota, date: NaiveDate, offset: i32) -> usize {
    let length = i64::try_from(rota.pattern.len()).unwrap_or(i64::MAX).max(1);
    let days = (date - rota.starts_on).num_days() + i64::from(offset);
    usize::try_from(days.rem_euclid(length)).unwrap_or(0)
}

fn touches(shift: &Shift, from: Timestamp, to: Timestamp) -> bool {
    shift.from < to && from < shift.to
}

/// Where a day's shift of somebody comes from: the published plan created last that covers the day.
fn plan_of<'a>(plans: &[&'a RosterPlan], date: NaiveDate) -> Option<&'a RosterPlan> {
    plans.iter().copied().find(|plan| plan.from <= date && date < plan.to)
}

/// Shifts of plans and pattern, before changes.
fn planned_shifts(directory: &Directory, rota: &Rota, zone: Tz, from: Timestamp, to: Timestamp) -> Vec<Shift> {
    let mut plans: Vec<&RosterPlan> =
        directory.roster_plans.values().filter(|plan| plan.rota == rota.id && plan.state == PlanState::Published).collect();
    plans.sort_by_key(|plan| std::cmp::Reverse((plan.created_at, plan.id)));
    let place = |code: &str| rota.shift_types.iter().position(|shift_type| shift_type.code == code);
    let by_day: Vec<Option<usize>> = rota.pattern.iter().map(|code| code.as_deref().and_then(place)).collect();
    let mut shifts = Vec::new();
    for date in days(zone, from, to) {
        // Each type's span once a day, not once a member.
        let spans: Vec<Option<(Timestamp, Timestamp)>> = rota
            .shift_types
            .iter()
            .map(|shift_type| span(zone, shift_type, date).filter(|(start, end)| *start < to && from < *end))
            .collect();
        if spans.iter().all(Option::is_none) {
            continue;
        }
        let mut push = |person: PersonId, place: Option<usize>| {
            if let Some((place, (from, to))) = place.and_then(|place| Some((place, spans[place]?))) {
                let code = rota.shift_types[place].code.clone();
                shifts.push(Shift { rota: rota.id, person, code, from, to, change: None });
            }
        };
        if let Some(plan) = plan_of(&plans, date) {
            let day = usize::try_from((date - plan.from).num_days()).unwrap_or(usize::MAX);
            for row in &plan.rows {
                push(row.person, row.codes.get(day).and_then(Option::as_deref).and_then(place));
            }
        } else if !by_day.is_empty() {
            for member in &rota.members {
                push(member.person, by_day[index(rota, date, member.offset_days)]);
            }
        }
    }
    shifts
}

/// The parts of `shift` outside the span, and the part inside.
fn cut(shift: Shift, (from, to): (Timestamp, Timestamp)) -> (Vec<Shift>, Option<Shift>) {
    if !touches(&shift, from, to) {
        return (vec![shift], None);
    }
    let mut outside = Vec::new();
    if shift.from < from {
        outside.push(Shift { to: from, ..shift.clone() });
    }
    if to < shift.to {
        outside.push(Shift { from: to, ..shift.clone() });
    }
    let inside = Shift { from: shift.from.max(from), to: shift.to.min(to), ..shift };
    (outside, Some(inside))
}

/// Takes the duty of `person` in `[from, to)` away, and gives it to `taker` when there is one.
fn take(shifts: Vec<Shift>, id: RosterChangeId, person: PersonId, taker: Option<PersonId>, span: (Timestamp, Timestamp)) -> Vec<Shift> {
    let mut result = Vec::with_capacity(shifts.len() + 2);
    for shift in shifts {
        if shift.person != person {
            result.push(shift);
            continue;
        }
        let (outside, inside) = cut(shift, span);
        result.extend(outside);
        if let Some((inside, taker)) = inside.zip(taker) {
            result.push(Shift { person: taker, change: Some(id), ..inside });
        }
    }
    result
}

fn apply(shifts: Vec<Shift>, change: &RosterChange) -> Vec<Shift> {
    let span = (change.from, change.to);
    match change.kind {
        RosterChangeKind::Cover => take(shifts, change.id, change.person, change.other, span),
        RosterChangeKind::Swap => swap(shifts, change),
        _ => take(shifts, change.id, change.person, None, span),
    }
}

/// Both spans change hands at once: what one gives is not what they have just been given.
fn swap(shifts: Vec<Shift>, change: &RosterChange) -> Vec<Shift> {
    let (Some(other), Some(from), Some(to)) = (change.other, change.other_from, change.other_to) else { return shifts };
    let (mine, rest): (Vec<Shift>, Vec<Shift>) = shifts.into_iter().partition(|shift| shift.person == change.person);
    let (theirs, mut result): (Vec<Shift>, Vec<Shift>) = rest.into_iter().partition(|shift| shift.person == other);
    result.extend(take(mine, change.id, change.person, Some(other), (change.from, change.to)));
    result.extend(take(theirs, change.id, other, Some(change.person), (from, to)));
    result
}

/// Whether a change can move duty within the span.
fn reaches(change: &RosterChange, first: Timestamp, last: Timestamp) -> bool {
    let meets = |from: Timestamp, to: Timestamp| from < last && first < to;
    meets(change.from, change.to) || change.other_from.zip(change.other_to).is_some_and(|(from, to)| meets(from, to))
}

fn rank(kind: RosterChangeKind) -> u8 {
    match kind {
        RosterChangeKind::Extra => 0,
        RosterChangeKind::Swap => 1,
        RosterChangeKind::Cover => 2,
        RosterChangeKind::Cancel | RosterChangeKind::Leave => 3,
    }
}

/// The shifts of a rota that touch `[from, to)`, whole, in order of time: published plans or else the pattern, then extra
/// shifts, swaps, covers, cancellations and leave, as the directory has them. The rota itself may be a draft of another
/// edition. Empty for a rota with an unknown time zone.
#[must_use]
pub fn shifts(directory: &Directory, rota: &Rota, from: Timestamp, to: Timestamp) -> Vec<Shift> {
    let Ok(zone) = rota.time_zone.parse::<Tz>() else { return Vec::new() };
    if from >= to || !rota.active {
        return Vec::new();
    }
    let mut result = planned_shifts(directory, rota, zone, from, to);
    let mut changes: Vec<&RosterChange> = directory
        .roster_changes
        .values()
        .filter(|change| change.rota == rota.id && !change.cancelled && change.state == ChangeState::InForce && change.from < change.to)
        .collect();
    changes.sort_by_key(|change| (rank(change.kind), change.created_at, change.id));
    // A desk keeps its changes for years; only those that reach into what is asked for are worth applying.
    let (mut first, mut last) = (Timestamp::MAX_UTC, Timestamp::MIN_UTC);
    for shift in &result {
        (first, last) = (first.min(shift.from), last.max(shift.to));
    }
    for change in changes {
        if change.kind == RosterChangeKind::Extra {
            let (code, person, change_id) = (EXTRA_CODE.to_owned(), change.person, Some(change.id));
            let extra = Shift { rota: rota.id, person, code, from: change.from, to: change.to, change: change_id };
            if touches(&extra, from, to) {
                (first, last) = (first.min(extra.from), last.max(extra.to));
                result.push(extra);
            }
        } else if reaches(change, first, last) {
            result = apply(result, change);
        }
    }
    result.retain(|shift| touches(shift, from, to));
    result.sort_by(|a, b| (a.from, a.person, a.to, &a.code).cmp(&(b.from, b.person, b.to, &b.code)));
    result
}

/// The shifts of one rota at an instant, of people who still work here.
#[must_use]
pub fn on_duty_in(directory: &Directory, rota: &Rota, at: Timestamp) -> Vec<Shift> {
    let mut found = shifts(directory, rota, at, at + TimeDelta::milliseconds(1));
    found.retain(|shift| shift.from <= at && directory.people.get(&shift.person).is_some_and(|person| person.active));
    found
}

/// Everybody on duty at an instant, by rota and then by person; somebody on duty in two rotas is there twice.
#[must_use]
pub fn on_duty(directory: &Directory, at: Timestamp) -> Vec<Shift> {
    let mut rotas: Vec<(&String, RotaId)> = directory.rotas.values().map(|rota| (&rota.key, rota.id)).collect();
    rotas.sort_unstable();
    rotas.into_iter().flat_map(|(_, id)| on_duty_in(directory, &directory.rotas[&id], at)).collect()
}

/// Whether somebody has a shift at an instant, in any rota.
#[must_use]
pub fn is_on_duty(directory: &Directory, person: PersonId, at: Timestamp) -> bool {
    directory.rotas.values().any(|rota| on_duty_in(directory, rota, at).iter().any(|shift| shift.person == person))
}

/// The person's first shift that starts after `now`, within two months.
#[must_use]
pub fn next_shift(directory: &Directory, person: PersonId, now: Timestamp) -> Option<Shift> {
    let mut from = now;
    let end = now + TimeDelta::days(HORIZON_DAYS);
    while from < end {
        let to = from + TimeDelta::days(7);
        let found = directory.rotas.values().flat_map(|rota| shifts(directory, rota, from, to));
        let found = found.filter(|shift| shift.person == person && shift.from > now);
        if let Some(shift) = found.min_by_key(|shift| (shift.from, shift.to, shift.rota)) {
            return Some(shift);
        }
        from = to;
    }
    None
}

/// The active rotas that serve a queue, at whichever tier.
#[must_use]
pub fn serving(directory: &Directory, queue: QueueId) -> Vec<&Rota> {
    directory.rotas.values().filter(|rota| rota.active && rota.queues.contains(&queue)).collect()
}

/// When the person's last shift in `rotas` ended, at or before `before` and within the two months before it. Where shifts
/// touch, the later one counts: somebody still on duty may have an end behind them as well.
#[must_use]
pub fn last_shift_end(directory: &Directory, person: PersonId, rotas: &[&Rota], before: Timestamp) -> Option<Timestamp> {
    let mut to = before;
    let start = before - TimeDelta::days(HORIZON_DAYS);
    while to > start {
        let from = to - TimeDelta::days(7);
        let found = rotas.iter().flat_map(|rota| shifts(directory, rota, from, to));
        let ends = found.filter(|shift| shift.person == person && shift.to <= before).map(|shift| shift.to);
        if let Some(end) = ends.max() {
            return Some(end);
        }
        to = from;
    }
    None
}
