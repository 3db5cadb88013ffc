//! A colleague asks somebody to swap shifts, so that a question waits for an answer from the first minute.

use chrono::Duration;

use super::{Colleagues, DriveError};
use crate::base::clock::new_id;
use crate::demo::SampleDesk;
use crate::domain::command::Command;
use crate::domain::directory::Directory;
use crate::domain::id::PersonId;
use crate::domain::roster::{ChangeState, RosterChange, RosterChangeKind, Shift, pattern};

/// How far ahead the two shifts lie.
const AHEAD_DAYS: i64 = 14;
/// Free before and after a shift that is taken.
const REST_HOURS: i64 = 11;

/// Somebody of `person`'s rota offers one of their shifts for one of `person`'s; nothing when no two fit.
///
/// # Errors
/// When the server refuses it, or does not answer.
pub async fn ask_to_swap(desk: &SampleDesk, colleagues: &Colleagues, person: PersonId) -> Result<(), DriveError> {
    let Some((theirs, mine)) = two_shifts(desk, person) else { return Ok(()) };
    let change = RosterChange {
        id: new_id().into(),
        version: 0,
        rota: theirs.rota,
        kind: RosterChangeKind::Swap,
        person: theirs.person,
        other: Some(person),
        from: theirs.from,
        to: theirs.to,
        other_from: Some(mine.from),
        other_to: Some(mine.to),
        state: ChangeState::Asked,
        reason: desk.content.words.swap_reason.clone(),
        asked_by: theirs.person,
        answered_by: None,
        answer: String::new(),
        cancelled: false,
        created_at: desk.now,
    };
    colleagues.command(theirs.person, Command::PutRosterChange(change)).await
}

/// A colleague's shift and one of `person`'s, with rest before and after for who would take it.
fn two_shifts(desk: &SampleDesk, person: PersonId) -> Option<(Shift, Shift)> {
    let directory = Directory {
        roster_changes: desk.roster_changes.iter().map(|change| (change.id, change.clone())).collect(),
        ..Directory::default()
    };
    let rota = desk.rotas.iter().find(|rota| rota.members.iter().any(|member| member.person == person))?;
    let from = desk.now + Duration::days(2);
    let shifts = pattern::shifts(&directory, rota, from, from + Duration::days(AHEAD_DAYS));
    let whole = |shift: &&Shift| shift.change.is_none() && shift.from > from;
    let free = |who: PersonId, around: &Shift| {
        let (start, end) = (around.from - Duration::hours(REST_HOURS), around.to + Duration::hours(REST_HOURS));
        !shifts.iter().any(|shift| shift.person == who && shift.from < end && start < shift.to)
    };
    let mine = shifts.iter().filter(whole).filter(|shift| shift.person == person);
    mine.flat_map(|mine| shifts.iter().filter(whole).map(move |theirs| (theirs, mine)))
        .find(|(theirs, mine)| theirs.person != person && free(person, theirs) && free(theirs.person, mine))
        .map(|(theirs, mine)| (theirs.clone(), mine.clone()))
}
