//! Which tickets leave their assignee when a shift is over, and when.

use chrono::TimeDelta;

use crate::domain::directory::Directory;
use crate::domain::id::PersonId;
use crate::domain::queue::{EndOfShift, Queue};
use crate::domain::roster::duty::DutyIndex;
use crate::domain::roster::{ChangeState, RosterChangeKind, Rota, pattern};
use crate::domain::ticket::Ticket;
use crate::domain::{Timestamp, access};

/// When the person's last shift that serves the queue at the tier ended.
fn last_end(directory: &Directory, person: PersonId, queue: &Queue, tier: u8, now: Timestamp) -> Option<Timestamp> {
    let serving = |rota: &&Rota| rota.active && rota.tier == tier && rota.queues.contains(&queue.id);
    let rotas: Vec<&Rota> = directory.rotas.values().filter(serving).collect();
    pattern::last_shift_end(directory, person, &rotas, now)
}

/// When a shift that the person had at `given` was taken from them, after that instant: leave entered for all of a day leaves
/// no shift behind that could end.
fn called_off(directory: &Directory, person: PersonId, queue: &Queue, tier: u8, given: Timestamp) -> Option<Timestamp> {
    let serving = |rota: &Rota| rota.active && rota.tier == tier && rota.queues.contains(&queue.id);
    let ends = directory.roster_changes.values().filter(|change| {
        let takes = matches!(change.kind, RosterChangeKind::Leave | RosterChangeKind::Cancel | RosterChangeKind::Cover);
        let in_force = !change.cancelled && change.state == ChangeState::InForce;
        let held = change.from <= given && given < change.to && given <= change.created_at;
        change.person == person && takes && in_force && held && directory.rotas.get(&change.rota).is_some_and(serving)
    });
    ends.map(|change| change.created_at).max()
}

/// Whether the ticket leaves its assignee now: they do not work here any more, or the queue takes tickets back (or hands
/// them to the relief), the shift they had it in ended a grace ago, and they are not on duty.
#[must_use]
pub fn is_over(directory: &Directory, duty: &DutyIndex, queue: &Queue, ticket: &Ticket, now: Timestamp) -> bool {
    let Some(assignee) = ticket.assignee.filter(|_| ticket.status.is_active()) else { return false };
    if !directory.people.get(&assignee).is_some_and(access::may_work) {
        return true;
    }
    if queue.end_of_shift == EndOfShift::Keep || duty.is_on_duty(assignee) {
        return false;
    }
    let given = ticket.assigned_at.unwrap_or(ticket.created_at);
    let end = last_end(directory, assignee, queue, ticket.tier, now).max(called_off(directory, assignee, queue, ticket.tier, given));
    end.is_some_and(|end| end >= given && now >= end + TimeDelta::seconds(i64::from(queue.grace_secs)))
}
