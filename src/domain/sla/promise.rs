//! What a queue promises at this moment: its policy with the calendar that it counts in, and the mark by which a ticket's
//! clocks know which edition of both planned them.

use uuid::Uuid;

use super::policy::SlaPolicy;
use crate::domain::calendar::Calendar;
use crate::domain::directory::Directory;
use crate::domain::queue::Queue;
use crate::domain::ticket::Ticket;

/// A policy and its calendar.
#[derive(Clone, Copy)]
pub struct Promise<'a> {
    pub policy: &'a SlaPolicy,
    /// Around the clock when absent.
    pub calendar: Option<&'a Calendar>,
    directory: &'a Directory,
}

impl<'a> Promise<'a> {
    #[must_use]
    pub fn of(queue: &'a Queue, directory: &'a Directory) -> Self {
        let calendar = queue.sla.calendar.and_then(|id| directory.calendars.get(&id));
        Self { policy: &queue.sla, calendar, directory }
    }

    /// Names the edition: the policy's revision, the calendar and its version. Empty for a policy never edited that counts
    /// around the clock, as in rows of the first schema.
    #[must_use]
    pub fn mark(self) -> String {
        match self.calendar {
            None if self.policy.revision == 0 => String::new(),
            None => self.policy.revision.to_string(),
            Some(calendar) => format!("{}@{}.{}", self.policy.revision, calendar.id, calendar.version),
        }
    }

    /// The calendar in which the ticket's clocks were planned, which counts their time up to now.
    #[must_use]
    pub fn counted(self, ticket: &Ticket) -> Option<&'a Calendar> {
        calendar_of(&ticket.sla_mark, self.directory)
    }

    /// Whether the ticket's clocks were planned by another edition.
    #[must_use]
    pub fn is_stale(self, ticket: &Ticket) -> bool {
        ticket.sla_mark != self.mark()
    }
}

/// The calendar that a mark names.
#[must_use]
pub fn calendar_of<'a>(mark: &str, directory: &'a Directory) -> Option<&'a Calendar> {
    let (id, _version) = calendar_part(mark)?.split_once('.')?;
    let id: Uuid = id.parse().ok()?;
    directory.calendars.get(&id.into())
}

/// Calendar and version of a mark, as text: the same text means the same hours.
#[must_use]
pub fn calendar_part(mark: &str) -> Option<&str> {
    mark.split_once('@').map(|(_, calendar)| calendar)
}
