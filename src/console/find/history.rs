//! What was typed before in prompts, filters and searches, so that it need not be typed twice: up and down bring it back. Kept
//! in the session.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Most entries of one kind.
pub const ENTRIES_MAX: usize = 50;
/// Longer texts are not kept: they are no searches.
const CHARS_MAX: usize = 500;

/// Prompts whose answers are kept, by the id of their question. What is said about a ticket or a person is not: it would lie
/// on this machine long after it mattered.
const KEPT: &[&str] = &["talk-find", "talk-find-everywhere", "ticket-merge", "ticket-link-number", "reminder"];

/// Texts by what they were typed for, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct History(BTreeMap<String, Vec<String>>);

impl History {
    /// What was typed for this before, oldest first.
    #[must_use]
    pub fn of(&self, what: &str) -> &[String] {
        self.0.get(what).map(Vec::as_slice).unwrap_or_default()
    }

    /// Keeps a text as the newest of its kind; false when nothing changed.
    pub fn push(&mut self, what: &str, text: &str) -> bool {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > CHARS_MAX || self.of(what).last().is_some_and(|last| last == text) {
            return false;
        }
        let entries = self.0.entry(what.to_owned()).or_default();
        entries.retain(|old| old != text);
        entries.push(text.to_owned());
        let over = entries.len().saturating_sub(ENTRIES_MAX);
        entries.drain(..over);
        true
    }
}

/// Whether the answers to a question are kept.
#[must_use]
pub fn keeps(question: &str) -> bool {
    KEPT.contains(&question)
}

/// Going back and forth among what was typed before. What stood there first comes back at the end.
#[derive(Clone, Debug, Default)]
pub struct Recall {
    entries: Vec<String>,
    /// Where one is, counted from the newest; absent: at what is being typed.
    at: Option<usize>,
    begun: String,
}

impl Recall {
    #[must_use]
    pub fn new(entries: &[String]) -> Self {
        Self { entries: entries.to_vec(), at: None, begun: String::new() }
    }

    /// One further back, among those that start with what was begun; `now` is what stands there.
    pub fn back(&mut self, now: &str) -> Option<String> {
        if self.at.is_none() {
            now.clone_into(&mut self.begun);
        }
        let fits: Vec<&String> = self.fitting().collect();
        let next = self.at.map_or(0, |at| at + 1);
        let text = fits.get(next).map(|text| (*text).clone())?;
        self.at = Some(next);
        Some(text)
    }

    /// One forward; at the end what was begun.
    pub fn forth(&mut self) -> Option<String> {
        match self.at? {
            0 => {
                self.at = None;
                Some(std::mem::take(&mut self.begun))
            }
            at => {
                self.at = Some(at - 1);
                self.fitting().nth(at - 1).cloned()
            }
        }
    }

    /// Whether an older text stands there.
    #[must_use]
    pub fn is_back(&self) -> bool {
        self.at.is_some()
    }

    /// Something was typed: where one was is left.
    pub fn rest(&mut self) {
        self.at = None;
    }

    fn fitting(&self) -> impl Iterator<Item = &String> {
        self.entries.iter().rev().filter(|text| text.starts_with(&self.begun) && **text != self.begun)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(texts: &[&str]) -> History {
        let mut history = History::default();
        for text in texts {
            history.push("filter", text);
        }
        history
    }

    #[test]
    fn the_newest_is_kept_last_and_once() {
        let mut kept = history(&["pump", "退款", " pump ", "", "  "]);
        assert_eq!(kept.of("filter"), ["退款", "pump"]);
        assert!(!kept.push("filter", "pump") && !kept.push("filter", &"x".repeat(501)));
        assert!(kept.of("search").is_empty());
        for n in 0..99 {
            kept.push("filter", &n.to_string());
        }
        assert_eq!((kept.of("filter").len(), kept.of("filter")[0].as_str()), (ENTRIES_MAX, "49"));
        let text = serde_json::to_string(&kept).unwrap();
        assert_eq!(serde_json::from_str::<History>(&text).unwrap(), kept);
    }

    #[test]
    fn back_and_forth_end_where_they_began() {
        let mut recall = Recall::new(history(&["older", "newer"]).of("filter"));
        assert_eq!(recall.back("").as_deref(), Some("newer"));
        assert_eq!(recall.back("newer").as_deref(), Some("older"));
        assert_eq!(recall.back("older"), None);
        assert_eq!(recall.forth().as_deref(), Some("newer"));
        assert_eq!(recall.forth().as_deref(), Some(""));
        assert_eq!(recall.forth(), None);
    }

    #[test]
    fn what_was_begun_chooses_among_them() {
        let mut recall = Recall::new(history(&["queue:one", "text", "queue:two"]).of("filter"));
        assert_eq!(recall.back("queue:").as_deref(), Some("queue:two"));
        assert_eq!(recall.back("queue:two").as_deref(), Some("queue:one"));
        assert_eq!(recall.back("queue:one"), None);
        recall.rest();
        assert!(!recall.is_back());
        assert_eq!(recall.back("te").as_deref(), Some("text"));
        assert_eq!(recall.forth().as_deref(), Some("te"));
    }
}
