//! Storing and withdrawing deviations from the pattern: one's own, or anybody's by a lead.

use chrono::{Datelike, TimeDelta};

use super::{ChangeState, RosterChange, RosterChangeKind};
use crate::domain::command::{Actor, Change, Given, Outcome, draft};
use crate::domain::id::{PersonId, RosterChangeId};
use crate::domain::row::Row;
use crate::domain::{Refusal, access, limits};

const SPAN_MAX_DAYS: i64 = 366;

/// Oneself, leads, admins and the desk.
fn allow(given: Given<'_>, people: &[PersonId]) -> Result<(), Refusal> {
    if let Actor::Person(person) = given.context.actor
        && people.contains(&person.id)
        && access::may_work(person)
    {
        return Ok(());
    }
    given.lead().map_err(|_| Refusal::forbidden("You may change your own duty only: ask a lead to change somebody else's."))
}

fn check(given: Given<'_>, change: &RosterChange) -> Result<(), Refusal> {
    let directory = given.directory();
    if !directory.rotas.contains_key(&change.rota) {
        let message = format!("There is no rota {}: choose one from the roster.", change.rota);
        return Err(Refusal::invalid("unknown_rota", "rota", message));
    }
    given.colleague(change.person, "person")?;
    match (change.kind, change.other) {
        (RosterChangeKind::Cover | RosterChangeKind::Swap, None) => {
            return Err(Refusal::invalid("other_missing", "other", "A cover or swap needs the other person: name them."));
        }
        (RosterChangeKind::Cover | RosterChangeKind::Swap, Some(other)) if other == change.person => {
            return Err(Refusal::invalid("other_same", "other", "Somebody cannot cover for or swap with themselves: name another person."));
        }
        (RosterChangeKind::Cover | RosterChangeKind::Swap, Some(other)) => {
            given.colleague(other, "other")?;
        }
        (_, Some(_)) => {
            return Err(Refusal::invalid("other_unexpected", "other", "Only a cover or swap names another person: leave it out."));
        }
        (_, None) => {}
    }
    if change.from.year() < 1970 || change.to.year() > 2200 {
        return Err(Refusal::invalid("span_out_of_range", "from", "Give a span between the years 1970 and 2200."));
    }
    if change.from >= change.to {
        return Err(Refusal::invalid("span_empty", "to", "The span ends before it starts: give an end after the start."));
    }
    if change.to - change.from > TimeDelta::days(SPAN_MAX_DAYS) {
        let message = format!("The span is longer than {SPAN_MAX_DAYS} days: split it.");
        return Err(Refusal::invalid("span_too_long", "to", message));
    }
    if change.reason.is_empty() { Ok(()) } else { limits::length(&change.reason, "reason", limits::FIELD_VALUE_MAX) }
}

/// # Errors
/// When the change is not the actor's to make, or does not make sense.
pub fn put(given: Given<'_>, change: &RosterChange) -> Result<Outcome, Refusal> {
    let old = given.directory().roster_changes.get(&change.id);
    allow(given, &[change.person])?;
    if let Some(old) = old {
        allow(given, &[old.person, old.asked_by])?;
    }
    check(given, change)?;
    let new = RosterChange {
        version: given.facts.replaced_version + 1,
        asked_by: given.actor_id().unwrap_or(change.asked_by),
        cancelled: false,
        state: if change.kind == RosterChangeKind::Swap { ChangeState::Asked } else { ChangeState::InForce },
        answered_by: None,
        answer: String::new(),
        created_at: old.map_or_else(|| given.now(), |old| old.created_at),
        ..change.clone()
    };
    Ok(draft::put_row(given, old, &new, Change::Put(Row::RosterChange(new.clone()))))
}

/// # Errors
/// When there is no such change, or it is not the actor's to withdraw.
pub fn cancel(given: Given<'_>, id: RosterChangeId) -> Result<Outcome, Refusal> {
    let Some(old) = given.directory().roster_changes.get(&id) else {
        return Err(Refusal::not_found("The roster change"));
    };
    allow(given, &[old.person, old.asked_by])?;
    if old.cancelled {
        return Ok(draft::unchanged());
    }
    let version = given.facts.replaced_version.max(old.version) + 1;
    let new = RosterChange { cancelled: true, version, ..old.clone() };
    Ok(draft::put_row(given, Some(old), &new, Change::Put(Row::RosterChange(new.clone()))))
}

/// # Errors
/// When there is no such swap, it was answered, or it is not the actor's to answer.
pub fn answer(given: Given<'_>, id: RosterChangeId, accept: bool, reason: Option<&str>) -> Result<Outcome, Refusal> {
    let Some(old) = given.directory().roster_changes.get(&id) else {
        return Err(Refusal::not_found("The roster change"));
    };
    let approval = given.directory().rotas.get(&old.rota).is_some_and(|rota| rota.swap_approval);
    let next = match old.state {
        ChangeState::Asked => {
            if given.actor_id() != old.other {
                return Err(Refusal::forbidden("Only the person asked answers a swap: wait for their word."));
            }
            if approval { ChangeState::Accepted } else { ChangeState::InForce }
        }
        ChangeState::Accepted => {
            given.lead()?;
            ChangeState::InForce
        }
        ChangeState::InForce | ChangeState::Declined => {
            return Err(Refusal::conflict("already_answered", "This swap has been answered already: ask for another."));
        }
    };
    let new = RosterChange {
        state: if accept { next } else { ChangeState::Declined },
        answered_by: given.actor_id(),
        answer: reason.unwrap_or_default().to_owned(),
        version: given.facts.replaced_version.max(old.version) + 1,
        ..old.clone()
    };
    Ok(draft::put_row(given, Some(old), &new, Change::Put(Row::RosterChange(new.clone()))))
}
