//! Proposing, publishing and withdrawing written-out rosters.
//!
//! A plan moves nothing until it is published: then its people's shifts are held against the rota's limits, and refused or
//! told as the rota says. Nobody is told of plans one by one: a plan is everybody's.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;

use super::change::without;
use super::limits::{added, breaches, refuse};
use super::pattern::instant;
use super::{LimitBreach, PlanState, RosterPlan, Rota};
use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::id::PersonId;
use crate::domain::row::Row;
use crate::domain::{Refusal, access, limits, suggest};

const DAYS_MAX: i64 = 366;
const ROWS_MAX: usize = 5_000;

fn check_rows(given: Given<'_>, rota: &Rota, plan: &RosterPlan, days: i64) -> Result<(), Refusal> {
    let codes: Vec<&str> = rota.shift_types.iter().map(|shift_type| shift_type.code.as_str()).collect();
    let mut seen = HashMap::new();
    for (place, row) in plan.rows.iter().enumerate() {
        let Some(person) = given.directory().people.get(&row.person) else {
            let message = format!("There is no person {}: choose from the directory.", row.person);
            return Err(Refusal::invalid("unknown_person", "rows", message));
        };
        if seen.insert(row.person, place).is_some() {
            let message = format!("{} has two rows in the plan: join them.", person.name);
            return Err(Refusal::invalid("person_twice", "rows", message));
        }
        if i64::try_from(row.codes.len()) != Ok(days) {
            let message = format!("{} has {} days in a plan of {days}: give one entry a day.", person.name, row.codes.len());
            return Err(Refusal::invalid("plan_row_length", "rows", message));
        }
        if let Some(code) = row.codes.iter().flatten().find(|code| !codes.contains(&code.as_str())) {
            let near = suggest::near(code, codes.iter().copied());
            let message = format!("{} has {code:?}, which is no shift type of {}: correct the cell.{near}", person.name, rota.key);
            return Err(Refusal::invalid("unknown_shift_type", "rows", message));
        }
        if plan.state == PlanState::Published && !access::may_work(person) && row.codes.iter().any(Option::is_some) {
            let why = if person.active { "only reads" } else { "no longer works here" };
            let message = format!("{} has shifts in the plan and {why}: give them to somebody else.", person.name);
            return Err(Refusal::invalid("person_unavailable", "rows", message));
        }
    }
    Ok(())
}

fn check<'a>(given: Given<'a>, plan: &RosterPlan) -> Result<&'a Rota, Refusal> {
    let Some(rota) = given.directory().rotas.get(&plan.rota) else {
        let message = format!("There is no rota {}: choose one from the roster.", plan.rota);
        return Err(Refusal::invalid("unknown_rota", "rota", message));
    };
    // Far off, a calendar ends; and local times are reckoned for these years only.
    let years = NaiveDate::from_ymd_opt(1970, 1, 1).zip(NaiveDate::from_ymd_opt(2200, 12, 31));
    if years.is_none_or(|(first, last)| plan.from < first || plan.to > last) {
        return Err(Refusal::invalid("span_out_of_range", "from", "Give days between the years 1970 and 2200."));
    }
    let days = (plan.to - plan.from).num_days();
    if !(1..=DAYS_MAX).contains(&days) {
        let message = format!("The plan covers {days} days: give 1 to {DAYS_MAX}.");
        return Err(Refusal::invalid("plan_span_invalid", "to", message));
    }
    if plan.rows.len() > ROWS_MAX {
        return Err(Refusal::invalid("too_many_rows", "rows", format!("A plan has at most {ROWS_MAX} people: split it.")));
    }
    check_rows(given, rota, plan, days)?;
    if !plan.reason.is_empty() {
        limits::length(&plan.reason, "reason", limits::FIELD_VALUE_MAX)?;
    }
    Ok(rota)
}

/// The limits that the plan's people break on its days by what it gives them, and those newly broken just after it. What
/// their other rotas break alone no plan of this one can heal, and so it does not stand in the way.
fn breaks(given: Given<'_>, rota: &Rota, plan: &RosterPlan) -> Vec<LimitBreach> {
    let Some(zone) = rota.time_zone.parse::<Tz>().ok().filter(|_| rota.limits.any()) else { return Vec::new() };
    let midnight = |date: NaiveDate| instant(zone, date.and_time(NaiveTime::MIN));
    let (from, to) = (midnight(plan.from), midnight(plan.to));
    let people: Vec<PersonId> = plan.rows.iter().map(|row| row.person).collect();
    let mut directory = without(given.directory(), None);
    let end = super::cover::looked(rota, (from, to)).1;
    let before = breaches(&directory, rota, &people, to, end);
    directory.roster_plans.insert(plan.id, RosterPlan { rows: Vec::new(), ..plan.clone() });
    let blank = breaches(&directory, rota, &people, from, to);
    directory.roster_plans.insert(plan.id, plan.clone());
    let mut found = added(&blank, breaches(&directory, rota, &people, from, to), zone);
    found.extend(added(&before, breaches(&directory, rota, &people, to, end), zone));
    found
}

/// # Errors
/// When the actor is no lead, the plan does not make sense, or publishing it would break a limit that the rota forbids to
/// break.
pub fn put(given: Given<'_>, plan: &RosterPlan) -> Result<Outcome, Refusal> {
    given.lead()?;
    let rota = check(given, plan)?;
    let old = given.directory().roster_plans.get(&plan.id);
    let new = RosterPlan {
        version: given.facts.replaced_version + 1,
        made_by: old.map_or_else(|| given.actor_id(), |old| old.made_by),
        created_at: old.map_or_else(|| given.now(), |old| old.created_at),
        ..plan.clone()
    };
    let mut warnings = Vec::new();
    if new.state == PlanState::Published {
        warnings = breaks(given, rota, &new);
        if rota.limits.forbid {
            refuse(given.directory(), rota, &warnings)?;
        }
    }
    let mut outcome = draft::put_row(given, old, &new, Change::Put(Row::RosterPlan(Box::new(new.clone()))));
    outcome.result.warnings = warnings;
    Ok(outcome)
}
