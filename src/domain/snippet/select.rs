//! Which snippet a key means for somebody, and in which language.

use super::Snippet;
use crate::domain::id::{PersonId, QueueId};

/// The language that is there when no other is.
const FALLBACK: &str = "en";

/// A person's own come first, then a queue's, then the desk's; within each, those for the queue before those for all.
fn rank(snippet: &Snippet) -> u8 {
    match (snippet.owner.is_some(), snippet.queue.is_some()) {
        (true, true) => 0,
        (true, false) => 1,
        (false, true) => 2,
        (false, false) => 3,
    }
}

fn usable(snippet: &Snippet, person: PersonId, queue: Option<QueueId>) -> bool {
    let own = snippet.owner.is_none_or(|owner| owner == person);
    let here = snippet.queue.is_none() || snippet.queue == queue;
    snippet.active && own && here
}

/// What `person` may use for a ticket of `queue`, by key: of each key the one that is nearest to them.
#[must_use]
pub fn usable_by<'a>(snippets: impl Iterator<Item = &'a Snippet>, person: PersonId, queue: Option<QueueId>) -> Vec<&'a Snippet> {
    let mut found: Vec<&Snippet> = snippets.filter(|snippet| usable(snippet, person, queue)).collect();
    found.sort_by(|a, b| (&a.key, rank(a), a.id).cmp(&(&b.key, rank(b), b.id)));
    found.dedup_by(|later, first| later.key == first.key);
    found
}

/// What `key` means for `person` and a ticket of `queue`.
#[must_use]
pub fn by_key<'a>(snippets: impl Iterator<Item = &'a Snippet>, key: &str, person: PersonId, queue: Option<QueueId>) -> Option<&'a Snippet> {
    snippets.filter(|snippet| snippet.key == key && usable(snippet, person, queue)).min_by_key(|snippet| (rank(snippet), snippet.id))
}

/// The text in the first of `wanted` languages that there is one in (`zh-CN` also as `zh`, and the other way round), else in English,
/// else in any; with its language.
#[must_use]
pub fn text<'a>(snippet: &'a Snippet, wanted: &[&str]) -> Option<(&'a str, &'a str)> {
    let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let entry = |(tag, text): (&'a String, &'a String)| (tag.as_str(), text.as_str());
    let exact = |tag: &str| snippet.texts.iter().find(|(known, _)| known.eq_ignore_ascii_case(tag)).map(entry);
    let near = |tag: &str| snippet.texts.iter().find(|(known, _)| primary(known) == primary(tag)).map(entry);
    let one = |tag: &&str| exact(tag).or_else(|| near(tag));
    wanted.iter().find_map(one).or_else(|| one(&FALLBACK)).or_else(|| snippet.texts.iter().next().map(entry))
}
