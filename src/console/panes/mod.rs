//! The live panes: one folder and one line here each.

pub mod queues;
pub mod ticket;

use super::pane::Pane;

/// Every pane, in the order of their number keys. `over_ssh`: lists scroll by pages, which costs a slow link less.
#[must_use]
pub fn all(over_ssh: bool) -> Vec<Box<dyn Pane>> {
    vec![Box::new(queues::Queues::new(over_ssh)), Box::new(ticket::TicketPane::default())]
}
