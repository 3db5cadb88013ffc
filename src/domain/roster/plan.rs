//! Proposing, publishing and withdrawing written-out rosters.

use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::roster::RosterPlan;
use crate::domain::row::Row;
use crate::domain::{Refusal, limits, suggest};

const DAYS_MAX: i64 = 366;
const ROWS_MAX: usize = 5_000;

fn check(given: Given<'_>, plan: &RosterPlan) -> Result<(), Refusal> {
    let Some(rota) = given.directory().rotas.get(&plan.rota) else {
        let message = format!("There is no rota {}: choose one from the roster.", plan.rota);
        return Err(Refusal::invalid("unknown_rota", "rota", message));
    };
    let days = (plan.to - plan.from).num_days();
    if !(1..=DAYS_MAX).contains(&days) {
        let message = format!("The plan covers {days} days: give 1 to {DAYS_MAX}.");
        return Err(Refusal::invalid("plan_span_invalid", "to", message));
    }
    if plan.rows.len() > ROWS_MAX {
        return Err(Refusal::invalid("too_many_rows", "rows", format!("A plan has at most {ROWS_MAX} people: split it.")));
    }
    let codes: Vec<&str> = rota.shift_types.iter().map(|shift_type| shift_type.code.as_str()).collect();
    for (place, row) in plan.rows.iter().enumerate() {
        let Some(person) = given.directory().people.get(&row.person) else {
            let message = format!("There is no person {}: choose from the directory.", row.person);
            return Err(Refusal::invalid("unknown_person", "rows", message));
        };
        if plan.rows[..place].iter().any(|other| other.person == row.person) {
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
    }
    if plan.reason.is_empty() { Ok(()) } else { limits::length(&plan.reason, "reason", limits::FIELD_VALUE_MAX) }
}

/// # Errors
/// When the actor is no lead, or the plan does not make sense.
pub fn put(given: Given<'_>, plan: &RosterPlan) -> Result<Outcome, Refusal> {
    given.lead()?;
    check(given, plan)?;
    let old = given.directory().roster_plans.get(&plan.id);
    let new = RosterPlan {
        version: given.facts.replaced_version + 1,
        made_by: old.map_or_else(|| given.actor_id(), |old| old.made_by),
        created_at: old.map_or_else(|| given.now(), |old| old.created_at),
        ..plan.clone()
    };
    Ok(draft::put_row(given, old, &new, Change::Put(Row::RosterPlan(Box::new(new.clone())))))
}
