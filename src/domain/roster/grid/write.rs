//! Writing a roster as a grid.

use std::cmp::Reverse;

use chrono::{Datelike, Days, NaiveDate};
use chrono_tz::Tz;

use super::{GIVEN, GridLanguage, NOT_WORKED, given, shifts_of};
use crate::domain::directory::Directory;
use crate::domain::id::PersonId;
use crate::domain::roster::pattern::span;
use crate::domain::roster::{ChangeState, PlanState, RosterChangeKind, RosterPlan, Rota, Shift};

/// The published plans of a rota, the one that counts first.
fn plans<'a>(directory: &'a Directory, rota: &Rota) -> Vec<&'a RosterPlan> {
    let ours = |plan: &&RosterPlan| plan.rota == rota.id && plan.state == PlanState::Published;
    let mut plans: Vec<&RosterPlan> = directory.roster_plans.values().filter(ours).collect();
    plans.sort_by_key(|plan| Reverse((plan.created_at, plan.id)));
    plans
}

/// What is planned for somebody on a day, before changes.
fn planned<'a>(plans: &[&'a RosterPlan], rota: &'a Rota, person: PersonId, date: NaiveDate) -> Option<&'a str> {
    if let Some(plan) = plans.iter().find(|plan| plan.from <= date && date < plan.to) {
        let day = usize::try_from((date - plan.from).num_days()).ok()?;
        let mut rows = plan.rows.iter().filter(|row| row.person == person);
        return rows.find_map(|row| row.codes.get(day)?.as_deref());
    }
    let length = i64::try_from(rota.pattern.len()).ok().filter(|length| *length > 0)?;
    rota.members.iter().filter(|member| member.person == person).find_map(|member| {
        let days = (date - rota.starts_on).num_days() + i64::from(member.offset_days);
        rota.pattern.get(usize::try_from(days.rem_euclid(length)).ok()?)?.as_deref()
    })
}

/// The rota's members, and after them by handle whoever else has a shift in the span.
fn people(directory: &Directory, rota: &Rota, plans: &[&RosterPlan], shifts: &[Shift], from: NaiveDate, to: NaiveDate) -> Vec<PersonId> {
    let mut people: Vec<PersonId> = Vec::new();
    for member in &rota.members {
        let active = directory.people.get(&member.person).is_some_and(|person| person.active);
        let works = || shifts.iter().any(|shift| shift.person == member.person);
        if !people.contains(&member.person) && (active || works()) {
            people.push(member.person);
        }
    }
    let rows = plans.iter().filter(|plan| plan.from < to && from < plan.to).flat_map(|plan| &plan.rows);
    let planned = rows.filter(|row| row.codes.iter().any(Option::is_some)).map(|row| row.person);
    let mut others: Vec<PersonId> = planned.chain(shifts.iter().map(|shift| shift.person)).filter(|id| !people.contains(id)).collect();
    others.sort_by_cached_key(|id| (handle(directory, *id), *id));
    others.dedup();
    people.extend(others);
    people
}

fn handle(directory: &Directory, id: PersonId) -> String {
    directory.people.get(&id).map_or_else(|| id.to_string(), |person| person.handle.clone())
}

/// Whether leave takes the whole of a local day.
fn on_leave(directory: &Directory, rota: &Rota, zone: Tz, person: PersonId, date: NaiveDate) -> bool {
    let midnight = |date: NaiveDate| crate::domain::roster::pattern::instant(zone, date.and_time(chrono::NaiveTime::MIN));
    let Some(next) = date.checked_add_days(Days::new(1)) else { return false };
    directory.roster_changes.values().any(|change| {
        change.kind == RosterChangeKind::Leave
            && change.rota == rota.id
            && change.person == person
            && change.state == ChangeState::InForce
            && !change.cancelled
            && change.from <= midnight(date)
            && midnight(next) <= change.to
    })
}

struct Sheet<'a> {
    directory: &'a Directory,
    rota: &'a Rota,
    zone: Tz,
    plans: Vec<&'a RosterPlan>,
    shifts: Vec<Shift>,
    language: GridLanguage,
}

impl Sheet<'_> {
    fn cell(&self, person: PersonId, date: NaiveDate) -> String {
        let mut cell = String::new();
        if let Some(code) = planned(&self.plans, self.rota, person, date) {
            cell.push_str(code);
            let kind = self.rota.shift_types.iter().find(|kind| kind.code == code);
            let works = kind.and_then(|kind| span(self.zone, kind, date)).is_none_or(|(from, to)| {
                let own = |shift: &Shift| shift.person == person && shift.change.is_none() && shift.code == code;
                self.shifts.iter().any(|shift| own(shift) && shift.from < to && from < shift.to)
            });
            if !works {
                cell.push(NOT_WORKED);
            }
        } else if on_leave(self.directory, self.rota, self.zone, person, date) {
            cell.push_str(match self.language {
                GridLanguage::En => "leave",
                GridLanguage::Zh => "休假",
            });
        }
        for code in given(&self.shifts, self.zone, person, date) {
            cell.push(GIVEN);
            cell.push_str(code);
        }
        cell
    }
}

/// The roster of `days` days from `from`: a row of headings, one of weekdays, then a row a person. Cells as the module says;
/// a day off is empty. Empty for a rota with an unknown time zone.
#[must_use]
pub fn to_grid(directory: &Directory, rota: &Rota, from: NaiveDate, days: u32, language: GridLanguage) -> Vec<Vec<String>> {
    let Ok(zone) = rota.time_zone.parse::<Tz>() else { return Vec::new() };
    let dates: Vec<NaiveDate> = from.iter_days().take(days as usize).collect();
    let to = from.checked_add_days(Days::new(days.into())).unwrap_or(from);
    let (plans, mut shifts) = (plans(directory, rota), shifts_of(directory, rota, zone, from, to));
    // A shift belongs to the day on which it starts.
    shifts.retain(|shift| (from..to).contains(&shift.from.with_timezone(&zone).date_naive()));
    let people = people(directory, rota, &plans, &shifts, from, to);
    let sheet = Sheet { directory, rota, zone, plans, shifts, language };
    let (person, handle_word) = match language {
        GridLanguage::En => ("person", "handle"),
        GridLanguage::Zh => ("姓名", "账号"),
    };
    let mut heading = vec![person.to_owned(), handle_word.to_owned()];
    heading.extend(dates.iter().map(ToString::to_string));
    let mut weekdays = vec![String::new(), String::new()];
    weekdays.extend(dates.iter().map(|date| language.weekday(date.weekday()).to_owned()));
    let mut rows = vec![heading, weekdays];
    for id in people {
        let mut row = vec![directory.person_name(id), handle(directory, id)];
        row.extend(dates.iter().map(|date| sheet.cell(id, *date)));
        rows.push(row);
    }
    rows
}
