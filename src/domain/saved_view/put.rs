//! Creating, changing and deleting saved views.

use super::{SavedView, SharedWith};
use crate::domain::access;
use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::filter;
use crate::domain::person::Person;
use crate::domain::row::Row;
use crate::domain::{Refusal, limits};

/// Saved views of one person.
pub const OWNED_MAX: usize = 100;

/// The owner of a new one is the actor; of an old one it stays.
///
/// # Errors
/// When the actor may not, or something about it is not acceptable: the filter is read with the names the desk knows.
pub fn put_saved_view(given: Given<'_>, view: &SavedView) -> Result<Outcome, Refusal> {
    let person = given.worker()?;
    let old = given.directory().saved_views.get(&view.id);
    match old {
        // The answer must not tell that it is there.
        Some(old) if !old.is_seen_by(person) && old.owner != person.id => return Err(Refusal::not_found("This view")),
        Some(old) if !old.may_change(person) => {
            return Err(Refusal::forbidden("This view is somebody else's: save one of your own, or ask a lead to change it."));
        }
        _ => {}
    }
    let new = SavedView {
        owner: old.map_or(person.id, |old| old.owner),
        name: view.name.trim().to_owned(),
        filter: view.filter.trim().to_owned(),
        version: given.facts.replaced_version + 1,
        ..view.clone()
    };
    if new.active {
        check(given, person, &new, old)?;
    }
    Ok(draft::put_row(given, old, &new, Change::Put(Row::SavedView(new.clone()))))
}

fn check(given: Given<'_>, person: &Person, new: &SavedView, old: Option<&SavedView>) -> Result<(), Refusal> {
    limits::length(&new.name, "name", limits::NAME_MAX)?;
    if let Err(error) = filter::parse(&new.filter, given.directory()).whole() {
        return Err(Refusal::invalid("filter_invalid", "filter", error.to_string()));
    }
    if let SharedWith::Queue { queue } = new.shared {
        given.queue(queue)?;
        if old.is_none_or(|old| old.shared != new.shared) && !access::sees_all_queues(person) && !person.queues.contains(&queue) {
            return Err(Refusal::forbidden("You do not work in that queue: share the view with a queue of yours, or keep it."));
        }
    }
    let others = || given.directory().saved_views.values().filter(|other| other.active && other.id != new.id);
    if others()
        .any(|other| other.name == new.name && other.shared == new.shared && (other.owner == new.owner || new.shared != SharedWith::Nobody))
    {
        return Err(Refusal::conflict("taken", format!("There is a view {:?} here already: choose another name.", new.name)));
    }
    if old.is_none_or(|old| !old.active) && others().filter(|other| other.owner == new.owner).count() >= OWNED_MAX {
        let message = format!("You have {OWNED_MAX} saved views already: delete one first.");
        return Err(Refusal::invalid("views_too_many", "name", message));
    }
    Ok(())
}
