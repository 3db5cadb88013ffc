//! Deviations from the pattern, one rule a file: asking for and ordering them, answering swaps, withdrawing.
//!
//! What all of them share is here: whose a change is, and whom a change tells.

mod answer;
mod cancel;
mod effect;
mod put;
#[cfg(test)]
mod tests;

pub use answer::answer;
pub use cancel::cancel;
pub(super) use effect::without;
pub use put::put;

use super::{ChangeState, RosterChange, RosterChangeKind, Rota};
use crate::domain::command::{Actor, Change, Given, Outcome};
use crate::domain::id::PersonId;
use crate::domain::notice::{Notice, NoticeKind};
use crate::domain::row::Row;
use crate::domain::{Refusal, access};

/// Somebody of `people`, leads, admins and the desk.
fn allow(given: Given<'_>, people: &[PersonId]) -> Result<(), Refusal> {
    if let Actor::Person(person) = given.context.actor
        && people.contains(&person.id)
        && access::may_work(person)
    {
        return Ok(());
    }
    given.lead().map_err(|_| Refusal::forbidden("You may change your own duty only: ask a lead to change somebody else's."))
}

fn is_lead(given: Given<'_>, person: PersonId) -> bool {
    given.directory().people.get(&person).is_some_and(access::may_lead)
}

/// Whether a lead, an admin or the desk acts.
fn lead_acts(given: Given<'_>) -> bool {
    given.lead().is_ok()
}

/// What a lead ordered for somebody else only a lead takes back or rewrites. Leave is one's own, whoever entered it.
fn refuse_ordered(given: Given<'_>, old: &RosterChange) -> Result<(), Refusal> {
    let ordered = old.asked_by != old.person && is_lead(given, old.asked_by);
    if !lead_acts(given) && (old.kind == RosterChangeKind::Cancel || (ordered && old.kind != RosterChangeKind::Leave)) {
        return Err(Refusal::forbidden("A lead ordered this: ask one to withdraw it."));
    }
    Ok(())
}

/// Whether the change moves the roster.
fn in_force(change: &RosterChange) -> bool {
    !change.cancelled && change.state == ChangeState::InForce
}

/// Whose duty a change moves.
fn parties(change: &RosterChange) -> impl Iterator<Item = PersonId> {
    std::iter::once(change.person).chain(change.other)
}

/// Tells `person` of a change, beside what the outcome writes: not the actor, nobody who left, and once.
fn notify(given: Given<'_>, outcome: &mut Outcome, person: PersonId, kind: NoticeKind) {
    let active = given.directory().people.get(&person).is_some_and(|person| person.active);
    let told = |change: &Change| matches!(change, Change::Put(Row::Notice(notice)) if notice.person == person);
    if !active || given.actor_id() == Some(person) || outcome.changes.iter().any(told) {
        return;
    }
    let (id, at) = (given.fresh(), given.now());
    let notice = Notice { id, version: 1, person, kind, ticket: None, conversation: None, at, read: false };
    outcome.changes.push(Change::Put(Row::Notice(notice)));
}

/// Tells those whose duty somebody else has moved.
fn tell_moved(given: Given<'_>, outcome: &mut Outcome, change: &RosterChange) {
    for person in parties(change) {
        notify(given, outcome, person, NoticeKind::DutyChanged { change: change.id });
    }
}

/// Asks for a lead's word: the rota's lead where they may give it, else all leads and admins.
fn ask_leads(given: Given<'_>, outcome: &mut Outcome, rota: &Rota, change: &RosterChange) {
    let mut leads: Vec<PersonId> = match rota.lead.filter(|lead| is_lead(given, *lead)) {
        Some(lead) => vec![lead],
        None => given.directory().people.values().filter(|person| access::may_lead(person)).map(|person| person.id).collect(),
    };
    leads.sort_unstable();
    for lead in leads {
        notify(given, outcome, lead, NoticeKind::SwapAsked { change: change.id });
    }
}
