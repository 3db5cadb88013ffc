//! The live panes: one folder and one line here each.

pub mod assignment;
pub mod chats;
pub mod overview;
pub mod queues;
pub mod shifts;
pub mod ticket;

pub mod duty;
pub mod presence;
pub mod times;

#[cfg(test)]
pub mod sample;

use super::pane::Pane;

/// Every pane, in the order of their number keys. `page_wise`: lists scroll by pages, which costs a slow link less.
#[must_use]
pub fn all(page_wise: bool) -> Vec<Box<dyn Pane>> {
    vec![
        Box::new(queues::Queues::new(page_wise)),
        Box::new(ticket::TicketPane::default()),
        Box::new(assignment::AssignmentPane::default()),
        Box::new(shifts::ShiftsPane::default()),
        Box::new(chats::ChatsPane::default()),
        Box::new(overview::OverviewPane::default()),
    ]
}
