//! `@handle` in a text.

use crate::domain::directory::Directory;
use crate::domain::id::PersonId;

/// `@` signs looked at in one text.
const MENTIONS_MAX: usize = 200;

fn in_handle(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')
}

/// The people a text mentions, each once, in order. Those who left are not mentioned; an e-mail address mentions nobody.
#[must_use]
pub fn mentioned(text: &str, directory: &Directory) -> Vec<PersonId> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('@').take(MENTIONS_MAX) {
        let before = text[..at].chars().next_back();
        if before.is_some_and(in_handle) {
            continue;
        }
        let after = &text[at + 1..];
        let end = after.find(|c| !in_handle(c)).unwrap_or(after.len());
        let word = after[..end].to_ascii_lowercase();
        // A full stop after the handle belongs to the sentence.
        let trimmed = word.trim_end_matches(['.', '-', '_']);
        let person = directory.person_by_handle(&word).or_else(|| directory.person_by_handle(trimmed));
        if let Some(person) = person.filter(|person| person.active && !found.contains(&person.id)) {
            found.push(person.id);
        }
    }
    found
}
