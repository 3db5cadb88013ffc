//! Asking for a change of one's own duty, or ordering one as a lead.
//!
//! Leave is never refused for whom it leaves missing: it makes visible gaps. A swap asked by one of its people waits for the
//! other; one ordered by a lead is in force at once, unless the lead leaves it to the other (state `asked`).

use chrono::{Datelike, TimeDelta};

use super::{allow, ask_leads, effect, in_force, lead_acts, notify, refuse_ordered, tell_moved};
use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::notice::NoticeKind;
use crate::domain::roster::{ChangeState, RosterChange, RosterChangeKind, Rota};
use crate::domain::row::Row;
use crate::domain::{Refusal, Timestamp, limits};

const SPAN_MAX_DAYS: i64 = 366;

fn check_span(from: Timestamp, to: Timestamp, (from_field, to_field): (&str, &str)) -> Result<(), Refusal> {
    if from.year() < 1970 || to.year() > 2200 {
        return Err(Refusal::invalid("span_out_of_range", from_field, "Give a span between the years 1970 and 2200."));
    }
    if from >= to {
        return Err(Refusal::invalid("span_empty", to_field, "The span ends before it starts: give an end after the start."));
    }
    if to - from > TimeDelta::days(SPAN_MAX_DAYS) {
        let message = format!("The span is longer than {SPAN_MAX_DAYS} days: split it.");
        return Err(Refusal::invalid("span_too_long", to_field, message));
    }
    Ok(())
}

fn check_other(given: Given<'_>, change: &RosterChange) -> Result<(), Refusal> {
    let two = matches!(change.kind, RosterChangeKind::Cover | RosterChangeKind::Swap);
    match change.other {
        None if two => Err(Refusal::invalid("other_missing", "other", "A cover or swap needs the other person: name them.")),
        Some(other) if two && other == change.person => {
            Err(Refusal::invalid("other_same", "other", "Somebody cannot cover for or swap with themselves: name another person."))
        }
        Some(other) if two => given.colleague(other, "other").map(drop),
        Some(_) => Err(Refusal::invalid("other_unexpected", "other", "Only a cover or swap names another person: leave it out.")),
        None => Ok(()),
    }
}

/// The rota, when the change makes sense by itself.
fn check<'a>(given: Given<'a>, change: &RosterChange) -> Result<&'a Rota, Refusal> {
    let Some(rota) = given.directory().rotas.get(&change.rota) else {
        let message = format!("There is no rota {}: choose one from the roster.", change.rota);
        return Err(Refusal::invalid("unknown_rota", "rota", message));
    };
    given.colleague(change.person, "person")?;
    check_other(given, change)?;
    check_span(change.from, change.to, ("from", "to"))?;
    if change.kind == RosterChangeKind::Swap {
        let (Some(from), Some(to)) = (change.other_from, change.other_to) else {
            let message = "A swap needs the span of the other's duty as well: give its start and end.";
            return Err(Refusal::invalid("other_span_missing", "other_from", message));
        };
        check_span(from, to, ("other_from", "other_to"))?;
    }
    if change.kind == RosterChangeKind::Cancel && !lead_acts(given) {
        return Err(Refusal::forbidden("Only a lead says that somebody is not needed: ask one, or ask for leave."));
    }
    if !change.reason.is_empty() {
        limits::length(&change.reason, "reason", limits::FIELD_VALUE_MAX)?;
    }
    Ok(rota)
}

/// A swap waits for the other, unless a lead orders it; all else is in force at once.
fn state(given: Given<'_>, change: &RosterChange) -> ChangeState {
    let ordered = lead_acts(given) && change.state != ChangeState::Asked;
    if change.kind == RosterChangeKind::Swap && !ordered { ChangeState::Asked } else { ChangeState::InForce }
}

/// What may be rewritten: one's own that no lead ordered, and a swap only while nobody has answered it.
fn check_old(given: Given<'_>, old: &RosterChange) -> Result<(), Refusal> {
    allow(given, &[old.person, old.asked_by])?;
    if old.kind == RosterChangeKind::Swap && matches!(old.state, ChangeState::InForce | ChangeState::Accepted) && !lead_acts(given) {
        return Err(Refusal::conflict("already_answered", "This swap has been answered already: ask for another."));
    }
    refuse_ordered(given, old)
}

/// # Errors
/// When the change is not the actor's to make, does not make sense, would book somebody twice or while on leave, or breaks
/// a limit that the rota forbids to break.
pub fn put(given: Given<'_>, change: &RosterChange) -> Result<Outcome, Refusal> {
    let old = given.directory().roster_changes.get(&change.id);
    allow(given, &[change.person])?;
    if let Some(old) = old {
        check_old(given, old)?;
    }
    let rota = check(given, change)?;
    let swap = change.kind == RosterChangeKind::Swap;
    let new = RosterChange {
        version: given.facts.replaced_version + 1,
        asked_by: given.actor_id().unwrap_or(change.asked_by),
        other_from: change.other_from.filter(|_| swap),
        other_to: change.other_to.filter(|_| swap),
        cancelled: false,
        state: state(given, change),
        answered_by: None,
        answer: String::new(),
        created_at: old.map_or_else(|| given.now(), |old| old.created_at),
        ..change.clone()
    };
    let warnings = effect::check(given, rota, &new)?;
    let mut outcome = draft::put_row(given, old, &new, Change::Put(Row::RosterChange(new.clone())));
    outcome.result.warnings = warnings;
    if let Some(old) = old.filter(|old| in_force(old)) {
        // Whoever the old edition named is moved back.
        tell_moved(given, &mut outcome, old);
    }
    match (new.state, new.other) {
        (ChangeState::Asked, Some(other)) if given.actor_id() == Some(other) => ask_leads(given, &mut outcome, rota, &new),
        (ChangeState::Asked, Some(other)) => notify(given, &mut outcome, other, NoticeKind::SwapAsked { change: new.id }),
        _ => tell_moved(given, &mut outcome, &new),
    }
    Ok(outcome)
}
