//! Both sides sign: who goes that it is complete, who comes that it was read.

use super::put::tell;
use super::{Handover, HandoverState, Side, Signature};
use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::notice::NoticeKind;
use crate::domain::row::Row;
use crate::domain::{Refusal, access};

/// The side follows from who signs; a lead signs for the side that is missing.
///
/// # Errors
/// When the actor is of neither side and leads nobody, or those who go have not signed.
pub fn sign_handover(given: Given<'_>) -> Result<Outcome, Refusal> {
    let person = given.worker()?;
    let old = given.facts.handover.as_ref().filter(|row| access::admits(&row.audience(), person));
    let old = old.ok_or_else(|| Refusal::not_found("The handover"))?;
    let side = if old.outgoing.contains(&person.id) {
        Side::Out
    } else if old.incoming.contains(&person.id) {
        Side::In
    } else if access::may_lead(person) {
        if old.signed(Side::Out).is_none() { Side::Out } else { Side::In }
    } else {
        return Err(Refusal::forbidden("Those who go and those who come sign the handover, or a lead for them."));
    };
    if old.signatures.iter().any(|one| one.person == person.id && one.side == side) {
        return Ok(draft::unchanged());
    }
    if side == Side::In && old.signed(Side::Out).is_none() {
        let message = "Those who go have not signed yet: ask one of them to, or a lead to sign for them.";
        return Err(Refusal::conflict("handover_not_signed_out", message));
    }
    let mut new = Handover { version: old.version + 1, ..old.clone() };
    new.signatures.push(Signature { person: person.id, side, at: given.now() });
    new.state = if new.signed(Side::In).is_some() { HandoverState::Accepted } else { HandoverState::SignedOut };
    let mut outcome = draft::put_row(given, Some(old), &new, Change::Put(Row::Handover(Box::new(new.clone()))));
    if old.state == HandoverState::Draft {
        tell(given, &mut outcome, &new, Side::In, &NoticeKind::HandoverSigned { rota: new.rota, handover: new.id });
    }
    Ok(outcome)
}
