//! Telling one person something of the roster, once.

use super::{Notice, NoticeKind};
use crate::domain::Refusal;
use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::id::{NoticeId, PersonId};
use crate::domain::row::Row;

/// The notice's id is made from what is told: a second time changes nothing.
///
/// # Errors
/// When a person asks for it.
pub fn tell(given: Given<'_>, id: NoticeId, person: PersonId, kind: &NoticeKind) -> Result<Outcome, Refusal> {
    given.desk()?;
    let active = given.directory().people.get(&person).is_some_and(|person| person.active);
    if given.facts.notice.is_some() || !active {
        return Ok(draft::unchanged());
    }
    let notice = Notice { id, version: 1, person, kind: kind.clone(), ticket: None, conversation: None, at: given.now(), read: false };
    Ok(draft::put_row(given, None, &notice, Change::Put(Row::Notice(notice.clone()))))
}
