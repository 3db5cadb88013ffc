//! Creating and changing rotas.

use std::collections::HashSet;

use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::roster::pattern::EXTRA_CODE;
use crate::domain::roster::{Rota, RotaLimits, SHIFT_COLOURS};
use crate::domain::row::Row;
use crate::domain::{Refusal, limits, suggest};

const CODE_MAX: usize = 10;
const PATTERN_MAX: usize = 366;
const MEMBERS_MAX: usize = 5_000;
const REQUIRED_MAX: usize = 100;
/// Hours of a week.
const HOURS_MAX: u16 = 168;
/// Days in a row: as far back as rows are counted.
const ROW_MAX: u16 = 60;

fn check_pattern(rota: &Rota) -> Result<(), Refusal> {
    if rota.pattern.is_empty() || rota.pattern.len() > PATTERN_MAX {
        let message = format!("The pattern has {} days: give 1 to {PATTERN_MAX}.", rota.pattern.len());
        return Err(Refusal::invalid("pattern_invalid", "pattern", message));
    }
    let mut codes = HashSet::new();
    for shift_type in &rota.shift_types {
        limits::length(&shift_type.code, "code", CODE_MAX)?;
        limits::length(&shift_type.name, "name", limits::NAME_MAX)?;
        if shift_type.code == EXTRA_CODE || !codes.insert(shift_type.code.as_str()) {
            let message = format!("The shift type code {:?} is taken: give each its own.", shift_type.code);
            return Err(Refusal::invalid("code_taken", "shift_types", message));
        }
    }
    for (shift_type, colour) in rota.shift_types.iter().filter_map(|shift_type| Some((shift_type, shift_type.colour.as_deref()?))) {
        if !SHIFT_COLOURS.contains(&colour) {
            let (near, known) = (suggest::near(colour, SHIFT_COLOURS.into_iter()), SHIFT_COLOURS.join(", "));
            let message = format!("Shift type {:?} has the colour {colour:?}: use one of {known}.{near}", shift_type.code);
            return Err(Refusal::invalid("colour_unknown", "shift_types", message));
        }
    }
    if let Some(code) = rota.pattern.iter().flatten().find(|code| !codes.contains(code.as_str())) {
        let near = suggest::near(code, codes.iter().copied());
        let message = format!("The pattern names {code:?}, which is no shift type of this rota: add it or correct the pattern.{near}");
        return Err(Refusal::invalid("unknown_shift_type", "pattern", message));
    }
    Ok(())
}

fn check_people(given: Given<'_>, rota: &Rota) -> Result<(), Refusal> {
    let directory = given.directory();
    if rota.members.len() > MEMBERS_MAX {
        let message = format!("A rota has at most {MEMBERS_MAX} members: split it.");
        return Err(Refusal::invalid("too_many_members", "members", message));
    }
    if let Some(member) = rota.members.iter().find(|member| !directory.people.contains_key(&member.person)) {
        let message = format!("There is no person {}: choose members from the directory.", member.person);
        return Err(Refusal::invalid("unknown_person", "members", message));
    }
    if let Some(lead) = rota.lead.filter(|_| rota.active) {
        given.colleague(lead, "lead")?;
    }
    if let Some(calendar) = rota.holidays.filter(|calendar| !directory.calendars.contains_key(calendar)) {
        let message = format!("There is no calendar {calendar}: choose from the list of calendars, or leave it out.");
        return Err(Refusal::invalid("unknown_calendar", "holidays", message));
    }
    if let Some(queue) = rota.queues.iter().find(|queue| !directory.queues.contains_key(queue)) {
        let message = format!("There is no queue {queue}: choose from the list of queues.");
        return Err(Refusal::invalid("unknown_queue", "queues", message));
    }
    Ok(())
}

fn check_required(rota: &Rota) -> Result<(), Refusal> {
    if rota.required.len() > REQUIRED_MAX {
        let message = format!("A rota has at most {REQUIRED_MAX} requirements: join some.");
        return Err(Refusal::invalid("too_many_requirements", "required", message));
    }
    for requirement in &rota.required {
        if requirement.weekdays.is_empty() {
            return Err(Refusal::invalid("requirement_invalid", "required", "A requirement names no weekday: name at least one."));
        }
        if requirement.people == 0 || usize::try_from(requirement.people).unwrap_or(usize::MAX) > MEMBERS_MAX {
            let message = format!("A requirement asks for {} people: ask for 1 to {MEMBERS_MAX}.", requirement.people);
            return Err(Refusal::invalid("requirement_invalid", "required", message));
        }
    }
    Ok(())
}

/// A limit of 0 would forbid every shift, and one beyond these would never bind.
fn check_limits(limits: &RotaLimits) -> Result<(), Refusal> {
    let given = [
        ("min_rest_hours", limits.min_rest_hours, HOURS_MAX),
        ("max_week_hours", limits.max_week_hours, HOURS_MAX),
        ("max_nights_in_row", limits.max_nights_in_row, ROW_MAX),
        ("max_days_in_row", limits.max_days_in_row, ROW_MAX),
    ];
    for (name, value, max) in given.into_iter().filter_map(|(name, value, max)| Some((name, value?, max))) {
        if !(1..=max).contains(&value) {
            let message = format!("The limit {name} is {value}: give 1 to {max}, or leave it out.");
            return Err(Refusal::invalid("limit_invalid", "limits", message));
        }
    }
    Ok(())
}

/// # Errors
/// When the actor may not, or something about the rota is not acceptable.
pub fn put_rota(given: Given<'_>, rota: &Rota) -> Result<Outcome, Refusal> {
    given.lead()?;
    limits::key(&rota.key, "key", "-")?;
    limits::length(&rota.name, "name", limits::NAME_MAX)?;
    limits::time_zone(&rota.time_zone)?;
    limits::tier(rota.tier)?;
    check_pattern(rota)?;
    check_people(given, rota)?;
    check_required(rota)?;
    check_limits(&rota.limits)?;
    let new = Rota { version: given.facts.replaced_version + 1, ..rota.clone() };
    let old = given.directory().rotas.get(&rota.id);
    Ok(draft::put_row(given, old, &new, Change::Put(Row::Rota(new.clone()))))
}
