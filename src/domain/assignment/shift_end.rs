//! Which tickets leave their assignee when a shift is over, and when.

use chrono::TimeDelta;

use super::on_duty::OnDuty;
use crate::domain::directory::Directory;
use crate::domain::id::PersonId;
use crate::domain::queue::{EndOfShift, Queue};
use crate::domain::roster::pattern;
use crate::domain::ticket::Ticket;
use crate::domain::{Timestamp, access};

/// Shifts that ended longer ago are not looked for: a grace of a day after a shift of a day.
const BACK: TimeDelta = TimeDelta::days(4);

/// When the person's last shift that serves the queue at the tier ended.
fn last_end(directory: &Directory, person: PersonId, queue: &Queue, tier: u8, now: Timestamp) -> Option<Timestamp> {
    let serving = directory.rotas.values().filter(|rota| rota.active && rota.tier == tier && rota.queues.contains(&queue.id));
    let shifts = serving.flat_map(|rota| pattern::shifts(directory, rota, now - BACK, now));
    shifts.filter(|shift| shift.person == person && shift.to <= now).map(|shift| shift.to).max()
}

/// Whether the ticket leaves its assignee now: they do not work here any more, or the queue takes tickets back (or hands
/// them to the relief), the shift they had it in ended a grace ago, and they are not on duty.
#[must_use]
pub fn is_over(directory: &Directory, duty: &OnDuty, queue: &Queue, ticket: &Ticket, now: Timestamp) -> bool {
    let Some(assignee) = ticket.assignee.filter(|_| ticket.status.is_active()) else { return false };
    if !directory.people.get(&assignee).is_some_and(access::may_work) {
        return true;
    }
    if queue.end_of_shift == EndOfShift::Keep || duty.includes(assignee) {
        return false;
    }
    let end = last_end(directory, assignee, queue, ticket.tier, now);
    let given = ticket.assigned_at.unwrap_or(ticket.created_at);
    end.is_some_and(|end| end >= given && now >= end + TimeDelta::seconds(i64::from(queue.grace_secs)))
}
