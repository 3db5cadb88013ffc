//! Withdrawing a change: it stays for the record and moves the roster no longer.
//!
//! What a lead ordered for somebody else, and a swap that both agreed on, only a lead takes back. Whoever a colleague named
//! as their cover may decline by withdrawing it.

use super::{allow, effect, in_force, is_lead, lead_acts, refuse_ordered, tell_moved};
use crate::domain::Refusal;
use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::id::RosterChangeId;
use crate::domain::roster::{ChangeState, RosterChange, RosterChangeKind};
use crate::domain::row::Row;

fn check(given: Given<'_>, old: &RosterChange) -> Result<(), Refusal> {
    let ordered = old.asked_by != old.person && is_lead(given, old.asked_by);
    let mut people = vec![old.person, old.asked_by];
    if old.kind == RosterChangeKind::Cover && !ordered {
        people.extend(old.other);
    }
    allow(given, &people)?;
    if lead_acts(given) {
        return Ok(());
    }
    if old.kind == RosterChangeKind::Swap && old.state == ChangeState::InForce {
        return Err(Refusal::forbidden("Both have agreed on this swap: ask for one back, or ask a lead to withdraw it."));
    }
    refuse_ordered(given, old)
}

/// Limits that the roster breaks without the change are told and do not hold it back.
///
/// # Errors
/// When there is no such change, or it is not the actor's to withdraw.
pub fn cancel(given: Given<'_>, id: RosterChangeId) -> Result<Outcome, Refusal> {
    let Some(old) = given.directory().roster_changes.get(&id) else {
        return Err(Refusal::not_found("The roster change"));
    };
    check(given, old)?;
    if old.cancelled {
        return Ok(draft::unchanged());
    }
    let version = given.facts.replaced_version.max(old.version) + 1;
    let new = RosterChange { cancelled: true, version, ..old.clone() };
    let mut outcome = draft::put_row(given, Some(old), &new, Change::Put(Row::RosterChange(new.clone())));
    if in_force(old) {
        outcome.result.warnings = effect::warnings_without(given, old);
        tell_moved(given, &mut outcome, old);
    }
    Ok(outcome)
}
