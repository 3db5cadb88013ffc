//! Unsent texts as the screen knows them, and which of them are still to be written down. Writing waits a moment, so that
//! typing is not slowed by the disk; a killed console loses at most that moment.

use std::collections::{HashMap, HashSet};

use chrono::Duration;

use crate::client::drafts::Draft;
use crate::domain::Timestamp;
use crate::domain::conversation::Visibility;
use crate::domain::id::ConversationId;

type Place = (ConversationId, Visibility);

/// See the module.
#[derive(Debug, Default)]
pub struct Drafts {
    held: HashMap<Place, Draft>,
    /// Changed since they were last handed out to be written down.
    changed: HashSet<Place>,
    /// When the oldest of these changes was made.
    since: Option<Timestamp>,
}

/// How long a change may wait to be written down, in milliseconds.
const WAIT_MS: i64 = 400;

impl Drafts {
    #[must_use]
    pub fn get(&self, conversation: ConversationId, visibility: Visibility) -> Option<&Draft> {
        self.held.get(&(conversation, visibility))
    }

    /// Whether anything unsent is there.
    #[must_use]
    pub fn any(&self, conversation: ConversationId) -> bool {
        self.held.keys().any(|(place, _)| *place == conversation)
    }

    /// Takes what was written down earlier; what was typed meanwhile is newer.
    pub fn load(&mut self, drafts: Vec<Draft>) {
        for draft in drafts {
            let place = (draft.conversation, draft.visibility);
            if !self.changed.contains(&place) {
                self.held.entry(place).or_insert(draft);
            }
        }
    }

    /// Takes what a composer holds now; an empty text forgets.
    pub fn put(&mut self, draft: Draft, now: Timestamp) {
        let place = (draft.conversation, draft.visibility);
        let known = self.held.get(&place);
        let same = |known: &Draft| (&known.text, known.written_as, known.reply_to) == (&draft.text, draft.written_as, draft.reply_to);
        if known.map_or(draft.text.is_empty(), same) {
            return;
        }
        if draft.text.is_empty() {
            self.held.remove(&place);
        } else {
            self.held.insert(place, draft);
        }
        self.changed.insert(place);
        self.since.get_or_insert(now);
    }

    /// When changes are to be written down at the latest.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        self.since.map(|since| since + Duration::milliseconds(WAIT_MS))
    }

    /// What changed since the last time, to be written down; forgotten ones as empty texts.
    pub fn take_changed(&mut self, now: Timestamp) -> Vec<Draft> {
        self.since = None;
        let held = &self.held;
        let forgotten = |(conversation, visibility)| Draft {
            conversation,
            visibility,
            text: String::new(),
            written_as: visibility,
            reply_to: None,
            changed_at: now,
        };
        self.changed.drain().map(|place| held.get(&place).cloned().unwrap_or_else(|| forgotten(place))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(text: &str) -> Draft {
        Draft {
            conversation: uuid::Uuid::from_u128(1).into(),
            visibility: Visibility::Public,
            text: text.into(),
            written_as: Visibility::Public,
            reply_to: None,
            changed_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn changes_wait_from_the_first_and_are_told_once() {
        let start = Timestamp::UNIX_EPOCH;
        let mut drafts = Drafts::default();
        drafts.put(draft(""), start);
        assert_eq!(drafts.due(), None, "nothing is nothing new");
        drafts.put(draft("a"), start);
        drafts.put(draft("ab"), start + Duration::milliseconds(300));
        assert_eq!(drafts.due(), Some(start + Duration::milliseconds(WAIT_MS)), "typing on does not put it off");
        assert_eq!(drafts.take_changed(start), [draft("ab")]);
        drafts.put(draft("ab"), start);
        assert_eq!((drafts.due(), drafts.take_changed(start)), (None, Vec::new()));
        drafts.put(draft(""), start);
        assert_eq!(drafts.take_changed(start), [draft("")]);
        assert!(!drafts.any(draft("").conversation));
    }

    #[test]
    fn what_was_typed_before_the_answer_came_wins() {
        let mut drafts = Drafts::default();
        drafts.put(draft("new"), Timestamp::UNIX_EPOCH);
        drafts.load(vec![draft("old")]);
        assert_eq!(drafts.get(draft("").conversation, Visibility::Public).unwrap().text, "new");
        drafts.put(draft(""), Timestamp::UNIX_EPOCH);
        drafts.load(vec![draft("old")]);
        assert!(!drafts.any(draft("").conversation), "what was sent does not come back");
    }
}
