//! A drafted handover is kept: by the desk before the shift ends, or by somebody of the rota who wants it fresh.

use super::{Handover, HandoverState, Side};
use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::id::PersonId;
use crate::domain::notice::{Notice, NoticeKind};
use crate::domain::row::Row;
use crate::domain::{Refusal, access};

/// The desk's draft never takes the place of one that stands; a person's keeps the notes and the watch list.
///
/// # Errors
/// When a person of neither side nor a lead asks for it, or it was signed already.
pub fn put_handover(given: Given<'_>, handover: &Handover) -> Result<Outcome, Refusal> {
    let old = given.facts.handover.as_ref();
    if let Some(person) = given.context.actor.person() {
        let person = given.worker().map(|_| person)?;
        // Of one that is there already, what it says itself counts, not what would replace it.
        let theirs = |row: &Handover| row.rota == handover.rota && row.outgoing.contains(&person.id);
        if !(access::may_lead(person) || (theirs(handover) && old.is_none_or(theirs))) {
            return Err(Refusal::forbidden("Those whose shift ends draft the handover, or a lead: ask one of them."));
        }
    } else {
        given.desk()?;
        if old.is_some() {
            return Ok(draft::unchanged());
        }
    }
    if !given.directory().rotas.contains_key(&handover.rota) {
        return Err(Refusal::not_found("The rota"));
    }
    if old.is_some_and(|old| old.state != HandoverState::Draft) {
        return Err(signed_already());
    }
    let new = Handover {
        version: old.map_or(0, |old| old.version) + 1,
        state: HandoverState::Draft,
        signatures: Vec::new(),
        watch: old.map_or_else(|| handover.watch.clone(), |old| old.watch.clone()),
        notes: old.map_or_else(|| handover.notes.clone(), |old| old.notes.clone()),
        drafted_at: given.now(),
        ..handover.clone()
    };
    let mut outcome = draft::put_row(given, old, &new, Change::Put(Row::Handover(Box::new(new.clone()))));
    if old.is_none() {
        tell(given, &mut outcome, &new, Side::Out, &NoticeKind::HandoverDrafted { rota: new.rota, handover: new.id });
    }
    Ok(outcome)
}

pub(super) fn signed_already() -> Refusal {
    Refusal::conflict(
        "handover_signed",
        "The handover is signed and stays as it is: tell what is new in a message, or in the next handover.",
    )
}

/// Tells one side, but for who acts.
pub(super) fn tell(given: Given<'_>, outcome: &mut Outcome, handover: &Handover, side: Side, kind: &NoticeKind) {
    let people: &[PersonId] = match side {
        Side::Out => &handover.outgoing,
        Side::In => &handover.incoming,
    };
    for person in people.iter().copied().filter(|person| given.actor_id() != Some(*person)) {
        if given.directory().people.get(&person).is_some_and(|person| person.active) {
            let (id, kind, at) = (given.fresh(), kind.clone(), given.now());
            let notice = Notice { id, version: 1, person, kind, ticket: None, conversation: None, at, read: false };
            outcome.changes.push(Change::Put(Row::Notice(notice)));
        }
    }
}
