//! Creating and changing queues. What a queue promises is checked in [`check_policy`].

use super::check_policy;
use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::queue::Queue;
use crate::domain::row::Row;
use crate::domain::sla::policy::SlaPolicy;
use crate::domain::{Refusal, limits};

fn check(given: Given<'_>, queue: &Queue) -> Result<(), Refusal> {
    limits::key(&queue.key, "key", "-")?;
    limits::length(&queue.name, "name", limits::NAME_MAX)?;
    limits::tier(queue.tier)?;
    for skill in &queue.skills {
        limits::length(skill, "skill", limits::TAG_MAX)?;
    }
    if let Some(lead) = queue.lead.filter(|_| queue.active) {
        given.colleague(lead, "lead")?;
    }
    check_policy::check(given, &queue.sla, queue.active)
}

/// A policy that promises something else than before gets the next revision: open tickets are then planned again.
///
/// # Errors
/// When the actor may not, or something about the queue is not acceptable.
pub fn put_queue(given: Given<'_>, queue: &Queue) -> Result<Outcome, Refusal> {
    given.lead()?;
    check(given, queue)?;
    let old = given.directory().queues.get(&queue.id);
    let revision = old.map_or(0, |old| old.sla.revision + i64::from(!old.sla.promises_as(&queue.sla)));
    let sla = SlaPolicy { revision, ..queue.sla.clone() };
    let new = Queue { version: given.facts.replaced_version + 1, sla, ..queue.clone() };
    Ok(draft::put_row(given, old, &new, Change::Put(Row::Queue(new.clone()))))
}
