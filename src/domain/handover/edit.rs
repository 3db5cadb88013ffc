//! Those who go write what the data does not know: notes, and what to keep an eye on.

use super::put::signed_already;
use super::{Handover, HandoverState, Watch};
use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::row::Row;
use crate::domain::{Refusal, access, limits};

const WATCH_MAX: usize = 50;
const NOTE_MAX: usize = 300;

/// Absent parts stay.
///
/// # Errors
/// When the actor neither goes nor leads, it was signed already, or something is too long.
pub fn edit_handover(given: Given<'_>, notes: Option<&str>, watch: Option<&[Watch]>) -> Result<Outcome, Refusal> {
    let person = given.worker()?;
    let old = given.facts.handover.as_ref().filter(|row| access::admits(&row.audience(), person));
    let old = old.ok_or_else(|| Refusal::not_found("The handover"))?;
    if !(access::may_lead(person) || old.outgoing.contains(&person.id)) {
        return Err(Refusal::forbidden("Those whose shift ends write the handover, or a lead: tell one of them what is missing."));
    }
    if old.state != HandoverState::Draft {
        return Err(signed_already());
    }
    let mut new = Handover { version: old.version + 1, ..old.clone() };
    if let Some(notes) = notes {
        if !notes.trim().is_empty() {
            limits::text(notes)?;
        }
        new.notes = notes.trim().to_owned();
    }
    if let Some(watch) = watch {
        if watch.len() > WATCH_MAX {
            let message = format!("The watch list has {} tickets: keep at most {WATCH_MAX}.", watch.len());
            return Err(Refusal::invalid("too_many", "watch", message));
        }
        for one in watch.iter().filter(|one| !one.note.is_empty()) {
            limits::length(&one.note, "note", NOTE_MAX)?;
        }
        new.watch = watch.to_vec();
    }
    if new.notes == old.notes && new.watch == old.watch {
        return Ok(draft::unchanged());
    }
    Ok(draft::put_row(given, Some(old), &new, Change::Put(Row::Handover(Box::new(new.clone())))))
}
