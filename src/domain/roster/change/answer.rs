//! Answers to a swap: first the other person's, then a lead's where the rota wants one.
//!
//! A lead who asked or answered has given their word already. The roster may have moved since a swap was asked: all that was
//! checked then is checked again.

use super::{ask_leads, effect, is_lead, notify, tell_moved};
use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::id::{PersonId, RosterChangeId};
use crate::domain::notice::NoticeKind;
use crate::domain::roster::{ChangeState, RosterChange, Rota};
use crate::domain::row::Row;
use crate::domain::{Refusal, limits};

/// What becomes of the swap when the actor accepts it.
fn accepted(given: Given<'_>, rota: &Rota, old: &RosterChange) -> Result<ChangeState, Refusal> {
    if old.cancelled {
        return Err(Refusal::conflict("change_withdrawn", "This swap has been withdrawn: ask for another."));
    }
    match old.state {
        ChangeState::Asked if given.actor_id() != old.other => {
            Err(Refusal::forbidden("Only the person asked answers a swap: wait for their word."))
        }
        ChangeState::Asked => {
            given.worker()?;
            let has_word = |person: PersonId| is_lead(given, person);
            let approved = !rota.swap_approval || has_word(old.asked_by) || old.other.is_some_and(has_word);
            Ok(if approved { ChangeState::InForce } else { ChangeState::Accepted })
        }
        ChangeState::Accepted => given.lead().map(|()| ChangeState::InForce),
        ChangeState::InForce | ChangeState::Declined => {
            Err(Refusal::conflict("already_answered", "This change needs no answer any more: look at the roster."))
        }
    }
}

/// What has begun cannot change hands by agreement any more.
fn refuse_begun(given: Given<'_>, change: &RosterChange) -> Result<(), Refusal> {
    let starts = change.other_from.map_or(change.from, |other| other.min(change.from));
    if starts <= given.now() {
        return Err(Refusal::conflict("span_begun", "One of the two shifts has begun already: decline, or ask for another swap."));
    }
    Ok(())
}

/// # Errors
/// When there is no such swap, it was answered or withdrawn, it is not the actor's to answer, or it can no longer be.
pub fn answer(given: Given<'_>, id: RosterChangeId, accept: bool, reason: Option<&str>) -> Result<Outcome, Refusal> {
    let directory = given.directory();
    let Some((old, rota)) = directory.roster_changes.get(&id).and_then(|old| Some((old, directory.rotas.get(&old.rota)?))) else {
        return Err(Refusal::not_found("The roster change"));
    };
    let next = accepted(given, rota, old)?;
    let answer = reason.unwrap_or_default().trim().to_owned();
    if !answer.is_empty() {
        limits::length(&answer, "reason", limits::FIELD_VALUE_MAX)?;
    }
    let new = RosterChange {
        state: if accept { next } else { ChangeState::Declined },
        answered_by: given.actor_id(),
        answer,
        version: given.facts.replaced_version.max(old.version) + 1,
        ..old.clone()
    };
    let warnings = if accept {
        refuse_begun(given, &new)?;
        effect::check(given, rota, &new)?
    } else {
        Vec::new()
    };
    let mut outcome = draft::put_row(given, Some(old), &new, Change::Put(Row::RosterChange(new.clone())));
    outcome.result.warnings = warnings;
    tell(given, &mut outcome, rota, old, &new);
    Ok(outcome)
}

fn tell(given: Given<'_>, outcome: &mut Outcome, rota: &Rota, old: &RosterChange, new: &RosterChange) {
    let answered = |accepted| NoticeKind::SwapAnswered { change: new.id, accepted };
    notify(given, outcome, new.asked_by, answered(new.state != ChangeState::Declined));
    match new.state {
        ChangeState::Accepted => ask_leads(given, outcome, rota, new),
        ChangeState::InForce => tell_moved(given, outcome, new),
        // A lead's no is news to the one who had agreed as well.
        ChangeState::Declined if old.state == ChangeState::Accepted => {
            for person in super::parties(new) {
                notify(given, outcome, person, answered(false));
            }
        }
        ChangeState::Declined | ChangeState::Asked => {}
    }
}
