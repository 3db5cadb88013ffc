//! A list of tickets with a cursor that stays on its ticket.

use std::sync::Arc;

use crate::client::view::TicketWindow;
use crate::console::widgets::list;
use crate::domain::id::TicketNumber;
use crate::domain::ticket::Ticket;

/// Tickets that were read, and the selected one.
#[derive(Debug, Default)]
pub struct TicketList {
    /// Absent until the first answer.
    pub window: Option<TicketWindow>,
    selected: Option<TicketNumber>,
}

impl TicketList {
    /// Takes newly read rows. When the selected ticket has gone, the one that stands in its place is selected.
    pub fn put(&mut self, window: TicketWindow) {
        let index = self.index().unwrap_or(0);
        let stays = self.selected.is_some_and(|number| window.rows.iter().any(|ticket| ticket.number == number));
        if !stays {
            self.selected = window.rows.get(index).or(window.rows.last()).map(|ticket| ticket.number);
        }
        self.window = Some(window);
    }

    /// Takes how many there are; the rows are read when somebody looks.
    pub fn count(&mut self, total: usize) {
        self.window.get_or_insert_default().total = total;
    }

    #[must_use]
    pub fn rows(&self) -> &[Arc<Ticket>] {
        self.window.as_ref().map_or(&[], |window| &window.rows)
    }

    #[must_use]
    pub fn index(&self) -> Option<usize> {
        let selected = self.selected?;
        self.rows().iter().position(|ticket| ticket.number == selected)
    }

    #[must_use]
    pub fn selected(&self) -> Option<&Arc<Ticket>> {
        self.index().and_then(|index| self.rows().get(index))
    }

    pub fn step(&mut self, by: isize) {
        let index = list::step(self.index(), by, self.rows().len());
        self.selected = index.and_then(|index| self.rows().get(index)).map(|ticket| ticket.number);
    }
}
