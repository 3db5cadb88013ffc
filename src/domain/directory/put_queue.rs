//! Creating and changing queues.

use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::queue::Queue;
use crate::domain::row::Row;
use crate::domain::sla::clock::TARGET_MAX_SECS;
use crate::domain::{Refusal, limits};

fn check(given: Given<'_>, queue: &Queue) -> Result<(), Refusal> {
    limits::key(&queue.key, "key", "-")?;
    limits::length(&queue.name, "name", limits::NAME_MAX)?;
    limits::tier(queue.tier)?;
    for skill in &queue.skills {
        limits::length(skill, "skill", limits::TAG_MAX)?;
    }
    if !(1..=99).contains(&queue.sla.warn_percent) {
        let message = format!("A warning at {} % makes no sense: use 1 to 99.", queue.sla.warn_percent);
        return Err(Refusal::invalid("warn_percent_invalid", "sla.warn_percent", message));
    }
    let targets = queue.sla.targets.values();
    let mut seconds = targets.flat_map(|one| [one.first_response_secs, one.next_response_secs, one.resolution_secs]).flatten();
    if let Some(wrong) = seconds.find(|secs| !(1..=TARGET_MAX_SECS).contains(secs)) {
        let message = format!("A target of {wrong} seconds is out of range: use 1 to {TARGET_MAX_SECS}, or none.");
        return Err(Refusal::invalid("target_invalid", "sla.targets", message));
    }
    if let Some(lead) = queue.lead.filter(|_| queue.active) {
        given.colleague(lead, "lead")?;
    }
    Ok(())
}

/// # Errors
/// When the actor may not, or something about the queue is not acceptable.
pub fn put_queue(given: Given<'_>, queue: &Queue) -> Result<Outcome, Refusal> {
    given.lead()?;
    check(given, queue)?;
    let new = Queue { version: given.facts.replaced_version + 1, ..queue.clone() };
    let old = given.directory().queues.get(&queue.id);
    Ok(draft::put_row(given, old, &new, Change::Put(Row::Queue(new.clone()))))
}
