//! A notice its reader is done with.

use crate::domain::Refusal;
use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::notice::Notice;
use crate::domain::row::Row;

/// # Errors
/// When it is not the actor's notice.
pub fn dismiss(given: Given<'_>) -> Result<Outcome, Refusal> {
    let person = given.person()?;
    let notice = given.facts.notice.as_ref().filter(|notice| notice.person == person.id);
    let notice = notice.ok_or_else(|| Refusal::not_found("The notice"))?;
    if notice.read {
        return Ok(draft::unchanged());
    }
    let read = Notice { read: true, version: notice.version + 1, ..notice.clone() };
    Ok(Outcome { changes: vec![Change::Put(Row::Notice(read))], ..Outcome::default() })
}
