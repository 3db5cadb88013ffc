//! Creating and changing snippets.

use super::{Snippet, expand};
use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::row::Row;
use crate::domain::{Refusal, limits};

/// # Errors
/// When it is somebody else's, the desk's and the actor does not lead, or something about it is not acceptable.
pub fn put_snippet(given: Given<'_>, snippet: &Snippet) -> Result<Outcome, Refusal> {
    let person = given.worker()?;
    let old = given.directory().snippets.get(&snippet.id);
    let foreign = |owner: Option<crate::domain::id::PersonId>| owner.is_some_and(|owner| owner != person.id);
    if foreign(snippet.owner) || old.is_some_and(|old| foreign(old.owner)) {
        return Err(Refusal::forbidden("This snippet is somebody else's: make one of your own."));
    }
    if snippet.owner.is_none() || old.is_some_and(|old| old.owner.is_none()) {
        given.lead()?;
    }
    limits::key(&snippet.key, "key", "-")?;
    limits::length(&snippet.title, "title", limits::NAME_MAX)?;
    if let Some(queue) = snippet.queue {
        given.queue(queue)?;
    }
    if snippet.texts.is_empty() {
        return Err(Refusal::invalid("texts_empty", "texts", "A snippet needs a text in at least one language."));
    }
    for text in snippet.texts.values() {
        limits::text(text)?;
        expand::check(text)?;
    }
    let same_place = |other: &&Snippet| {
        other.id != snippet.id && other.active && other.key == snippet.key && other.owner == snippet.owner && other.queue == snippet.queue
    };
    if snippet.active && given.directory().snippets.values().any(|other| same_place(&other)) {
        let message = format!("There is a snippet {:?} here already: choose another key.", snippet.key);
        return Err(Refusal::conflict("taken", message));
    }
    let new = Snippet { version: given.facts.replaced_version + 1, ..snippet.clone() };
    Ok(draft::put_row(given, old, &new, Change::Put(Row::Snippet(new.clone()))))
}
