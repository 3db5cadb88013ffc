//! What becomes of an open call by time alone: the accept clock, and the end of the expert's shift. The desk's job asks to
//! find calls, the rule asks again before it acts.

use chrono::TimeDelta;

use super::{Escalation, EscalationState};
use crate::domain::directory::Directory;
use crate::domain::id::PersonId;
use crate::domain::roster::duty::DutyIndex;
use crate::domain::roster::{ChangeState, RosterChangeKind, pattern};
use crate::domain::{Timestamp, access};

/// How far back a shift's end is looked for: whoever was called longer ago is off duty for good.
const LOOK_BACK: TimeDelta = TimeDelta::days(3);

/// What the desk does about an open call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// No answer in time: the next one is asked.
    NoAnswer,
    /// The expert went off duty, or left the desk, before answering: the next one is asked.
    OffDuty,
    /// The expert is in the ticket and their shift is over: they stay, those concerned are told, a relief is asked.
    Beyond,
    /// The expert was in and works here no more: the call ends, the next one is asked.
    Gone,
}

/// What is due about a call at `now`; `None` for those that are over or in order.
#[must_use]
pub fn due(directory: &Directory, duty: &DutyIndex, call: &Escalation, now: Timestamp) -> Option<Due> {
    if !call.state.is_open() {
        return None;
    }
    let asked = call.state == EscalationState::Asked;
    if !directory.people.get(&call.expert).is_some_and(access::may_work) {
        return Some(if asked { Due::OffDuty } else { Due::Gone });
    }
    if asked && call.accept_by.is_some_and(|by| by <= now) {
        return Some(Due::NoAnswer);
    }
    if (!asked && call.off_duty_at.is_some()) || duty.is_on_duty(call.expert) || !went_off(directory, call, now) {
        return None;
    }
    Some(if asked { Due::OffDuty } else { Due::Beyond })
}

/// Whether somebody off duty now was on duty after they were called. Whoever was called by name outside their shift was not.
fn went_off(directory: &Directory, call: &Escalation, now: Timestamp) -> bool {
    let from = call.asked_at.max(now - LOOK_BACK);
    let ended = |rota| pattern::shifts(directory, rota, from, now).iter().any(|shift| shift.person == call.expert && shift.to <= now);
    directory.rotas.values().any(ended) || called_off(directory, call.expert, call.asked_at, now)
}

/// Leave entered, a shift covered, swapped or cancelled after the call leaves no shift behind that could end.
fn called_off(directory: &Directory, expert: PersonId, asked_at: Timestamp, now: Timestamp) -> bool {
    directory.roster_changes.values().any(|change| {
        let takes =
            matches!(change.kind, RosterChangeKind::Leave | RosterChangeKind::Cancel | RosterChangeKind::Cover | RosterChangeKind::Swap);
        let in_force = !change.cancelled && change.state == ChangeState::InForce;
        let here = change.from <= now && now < change.to && asked_at <= change.created_at;
        change.person == expert && takes && in_force && here
    })
}
