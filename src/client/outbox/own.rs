//! Versions of tickets that this person's own commands made: what one sees may be older than what one just did, and nobody shall be
//! told that a ticket has changed when they changed it themselves.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use crate::domain::command::Command;
use crate::domain::id::TicketNumber;
use crate::wire::command::Answer;

/// Tickets remembered; with more all are forgotten, which only asks people to look again.
const TICKETS_MAX: usize = 1_000;

/// See the module.
#[derive(Debug, Default)]
pub struct OwnEdits(Mutex<HashMap<TicketNumber, BTreeSet<i64>>>);

impl OwnEdits {
    /// Takes in what the server answered.
    pub fn note(&self, answers: &[Answer]) {
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if made.len() > TICKETS_MAX {
            made.clear();
        }
        for result in answers.iter().filter_map(|answer| answer.result.as_ref()).filter(|result| !result.unchanged) {
            if let (Some(number), Some(version)) = (result.ticket, result.version) {
                made.entry(number).or_default().insert(version);
            }
        }
    }

    /// What a command is compared against that was made from a screen that showed version `seen` of its ticket. One's own commands that
    /// still wait before it move that on as they are answered: [`record`](super::record).
    #[must_use]
    pub fn base(&self, command: &Command, seen: Option<i64>) -> Option<i64> {
        seen.map(|seen| command.ticket().map_or(seen, |number| self.beyond(number, seen)))
    }

    /// Forgets all: the versions of a restored desk are others.
    pub fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The version that follows from the one on screen by one's own commands alone.
    #[must_use]
    pub fn beyond(&self, number: TicketNumber, seen: i64) -> i64 {
        let made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = made.get(&number);
        (seen..).take_while(|version| *version == seen || own.is_some_and(|own| own.contains(version))).last().unwrap_or(seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::command::CommandResult;
    use crate::domain::id::CommandKey;

    fn answer(version: i64) -> Answer {
        let result = CommandResult { ticket: Some(TicketNumber(1)), version: Some(version), ..CommandResult::default() };
        Answer { key: CommandKey::default(), cursor: String::new(), result: Some(result), refusal: None, replayed: false }
    }

    #[test]
    fn ones_own_edits_are_no_surprise_and_others_are() {
        let own = OwnEdits::default();
        assert_eq!(own.beyond(TicketNumber(1), 4), 4);
        own.note(&[answer(5), answer(6), answer(8)]);
        assert_eq!(own.beyond(TicketNumber(1), 4), 6, "version 7 is somebody else's");
        assert_eq!(own.beyond(TicketNumber(1), 7), 8);
        assert_eq!(own.beyond(TicketNumber(2), 4), 4);
    }
}
