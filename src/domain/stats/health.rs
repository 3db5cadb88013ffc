//! How each queue stands now.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::directory::Directory;
use crate::domain::id::QueueId;
use crate::domain::roster::duty::DutyIndex;

/// One queue now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QueueHealth {
    pub queue: QueueId,
    pub unsolved: u32,
    /// New and open without assignee.
    pub waiting: u32,
    /// Due within half an hour.
    pub breaching: u32,
    /// Past their due time.
    pub late: u32,
    /// When the ticket that waits longest for somebody arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest_waiting: Option<DateTime<Utc>>,
    /// The next due time that is not past.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_due: Option<DateTime<Utc>>,
    /// People on duty for it at its own tier.
    pub on_duty: u32,
}

/// How bad: what is late goes before what will be, and that before what only waits.
#[must_use]
pub fn urgency(queue: &QueueHealth) -> impl Ord + use<> {
    Reverse((queue.late, queue.breaching, queue.waiting, queue.unsolved))
}

/// Adds active queues that have nothing (`queues` alone, when given), tells how many are on duty, and puts the worst first.
pub fn complete(found: &mut Vec<QueueHealth>, queues: Option<&[QueueId]>, directory: &Directory, duty: &DutyIndex) {
    let wanted = |queue: QueueId| queues.is_none_or(|queues| queues.contains(&queue));
    for queue in directory.queues.values().filter(|queue| queue.active && wanted(queue.id)) {
        if found.iter().all(|known| known.queue != queue.id) {
            found.push(QueueHealth { queue: queue.id, ..QueueHealth::default() });
        }
    }
    for one in found.iter_mut() {
        let tier = directory.queues.get(&one.queue).map_or(1, |queue| queue.tier);
        one.on_duty = u32::try_from(duty.on_duty(one.queue, tier).len()).unwrap_or(u32::MAX);
    }
    let place = |queue: QueueId| directory.queues.get(&queue).map(|queue| (queue.position, queue.key.as_str()));
    found.sort_by(|a, b| urgency(a).cmp(&urgency(b)).then_with(|| place(a.queue).cmp(&place(b.queue))));
}
