//! Marks: tickets chosen for an act on all of them, kept by number whatever the list does.

use std::collections::BTreeSet;

use super::list::TicketList;
use crate::client::view::TicketQuery;
use crate::console::effect::{Effect, Load};
use crate::domain::bulk::BULK_MAX;
use crate::domain::id::TicketNumber;

impl TicketList {
    pub fn marked(&self) -> &BTreeSet<TicketNumber> {
        &self.marked
    }

    /// Where a range was started, if one was.
    pub fn range_start(&self) -> Option<usize> {
        self.range
    }

    /// Marks the selected ticket, or takes its mark; then the cursor moves on by as many lines as this says.
    pub fn toggle_mark(&mut self) -> i64 {
        let Some(number) = self.selected().map(|ticket| ticket.number) else { return 0 };
        if !self.marked.remove(&number) {
            self.marked.insert(number);
        }
        1
    }

    pub fn unmark_all(&mut self) {
        self.marked.clear();
        self.range = None;
    }

    /// The first time: a range starts here. The second time: all between are marked.
    pub fn mark_range(&mut self) -> Vec<Effect> {
        let here = self.index();
        match self.range.take() {
            None => {
                self.range = Some(here);
                Vec::new()
            }
            Some(start) => self.ask(start.min(here), start.abs_diff(here) + 1),
        }
    }

    /// All of the list, not only what is on screen.
    pub fn mark_all(&mut self) -> Vec<Effect> {
        self.range = None;
        // One more than may be, so that too many are seen.
        self.ask(0, BULK_MAX + 1)
    }

    fn ask(&self, start: usize, most: usize) -> Vec<Effect> {
        vec![Effect::Load(Load::Numbers { query: self.query().clone(), start, most })]
    }

    /// Marks what was read; an answer for another list is dropped.
    pub fn mark_these(&mut self, query: &TicketQuery, numbers: Vec<TicketNumber>) -> Vec<Effect> {
        if query != self.query() {
            return Vec::new();
        }
        if numbers.len() > BULK_MAX {
            return vec![Effect::Toast { key: "toast-bulk-too-many", args: vec![("most", BULK_MAX.to_string())] }];
        }
        self.marked.extend(numbers);
        Vec::new()
    }
}
