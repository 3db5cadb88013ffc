//! What the pane remembers.

use std::cell::Cell;
use std::sync::Arc;

use super::moves::Moves;
use super::roll::{Group, Grouping, Row};
use super::settings::Settings;
use super::tickets::TicketList;
use crate::client::view::TicketHistory;
use crate::domain::assignment::Decision;
use crate::domain::id::{PersonId, QueueId, TicketNumber};
use crate::domain::ticket::Ticket;

/// Which half has the cursor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Focus {
    People,
    #[default]
    Tickets,
}

/// What is shown over the pool; escape takes the top away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// What a person holds.
    Holding(PersonId),
    /// Why the desk chose for a ticket.
    Why(TicketNumber),
    /// Who would get a ticket now.
    WhoNow(TicketNumber),
    /// How a queue's load might be evened out.
    Rebalance(QueueId),
    /// How a queue gives out its tickets.
    Settings(QueueId),
}

/// Who is on duty, what waits, and why.
#[derive(Debug, Default)]
pub struct AssignmentPane {
    pub(super) focus: Focus,
    pub(super) grouping: Grouping,
    pub(super) roll: Vec<Row>,
    /// Whether `roll` was derived at all.
    pub(super) known: bool,
    pub(super) person: Option<(Group, PersonId)>,
    pub(super) pool: TicketList,
    pub(super) layers: Vec<Layer>,
    pub(super) held: TicketList,
    /// The answer for the top [`Layer::Why`].
    pub(super) history: Option<(TicketNumber, Result<Arc<TicketHistory>, String>)>,
    /// The answer for the top [`Layer::WhoNow`].
    pub(super) who_now: Option<(TicketNumber, Result<Arc<Decision>, String>)>,
    pub(super) moves: Moves,
    pub(super) settings: Option<Settings>,
    /// First line of the explanation on screen.
    pub(super) why_top: usize,
    /// The ticket a picker was opened for, with the version seen.
    pub(super) asked_for: Option<(TicketNumber, i64)>,
    /// Rows of each half as last drawn, for paging.
    pub(super) page: Cell<usize>,
    /// Lines of the explanation beyond its area as last drawn.
    pub(super) why_rest: Cell<usize>,
    /// It was drawn since tickets changed last: somebody looks.
    pub(super) seen: Cell<bool>,
    /// Tickets changed while nobody looked: only their number was read.
    pub(super) outdated: bool,
}

impl AssignmentPane {
    /// Selectable lines of the roll.
    pub(super) fn people(&self) -> Vec<(Group, PersonId)> {
        let people = self.roll.iter().filter_map(|row| match row {
            Row::Person { group, person, .. } => Some((*group, *person)),
            _ => None,
        });
        people.collect()
    }

    /// The ticket under the cursor of the right half, or the one being explained.
    pub(super) fn ticket(&self) -> Option<&Arc<Ticket>> {
        match self.layers.last() {
            None => self.pool.selected(),
            Some(Layer::Holding(_)) => self.held.selected(),
            Some(Layer::Rebalance(_) | Layer::Settings(_)) => None,
            Some(Layer::Why(number) | Layer::WhoNow(number)) => {
                let rows = self.pool.rows().iter().chain(self.held.rows());
                rows.into_iter().find(|ticket| ticket.number == *number)
            }
        }
    }

    /// Whether space marks a proposal.
    pub(super) fn on_moves(&self) -> bool {
        self.focus == Focus::Tickets && matches!(self.layers.last(), Some(Layer::Rebalance(_)))
    }

    /// The queue that keys are about: of the selected person's group, else of the selected ticket.
    pub(super) fn queue(&self) -> Option<QueueId> {
        let group = match (self.focus, self.person) {
            (Focus::People, Some((Group::Queue(queue), _))) => Some(queue),
            _ => None,
        };
        group.or_else(|| self.ticket().map(|ticket| ticket.queue))
    }

    pub(super) fn nothing_to_explain(&self) -> bool {
        match self.focus {
            Focus::People => self.person.is_none(),
            Focus::Tickets => self.ticket().is_none(),
        }
    }

    /// Puts a newly derived roll; a person who left it hands the cursor to whoever stands in their place.
    pub(super) fn put_roll(&mut self, roll: Vec<Row>) {
        let index = self.person.and_then(|person| self.people().iter().position(|other| *other == person)).unwrap_or(0);
        self.roll = roll;
        self.known = true;
        let people = self.people();
        if !self.person.is_some_and(|person| people.contains(&person)) {
            self.person = people.get(index).or(people.last()).copied();
        }
    }
}
