//! What a reader gets of a message that is not for their tier: its place, and nothing of what was written.

use super::{Author, Message};
use crate::domain::access;
use crate::domain::person::Person;

impl Message {
    /// Whether `person`, who reads its conversation, reads this message too.
    #[must_use]
    pub fn is_for(&self, person: &Person) -> bool {
        let tier = self.visibility.tier();
        tier == 1 || access::reads_tier(person, tier)
    }

    /// The message as `person` gets it: whole, or with its place alone.
    #[must_use]
    pub fn as_read_by(self, person: &Person) -> Self {
        if self.is_for(person) { self } else { self.stub() }
    }

    /// Id, place, visibility and time; no author, no word, nothing that says who took notice of it.
    #[must_use]
    fn stub(self) -> Self {
        Self {
            author: Author::System,
            text: String::new(),
            line: None,
            attachments: Vec::new(),
            mentions: Vec::new(),
            reply_to: None,
            reactions: std::collections::BTreeMap::new(),
            pinned_by: None,
            edited_at: None,
            split_into: None,
            copy_of: None,
            withheld: true,
            ..self
        }
    }
}
