//! What a rule is given, and the questions about rights that every rule asks first.
//!
//! Rights themselves are decided in [`access`] alone; this file only turns a "no" into a [`Refusal`].

use std::borrow::Cow;

use uuid::Uuid;

use super::{Actor, Context, Draft, Facts};
use crate::domain::directory::Directory;
use crate::domain::id::{PersonId, QueueId};
use crate::domain::person::Person;
use crate::domain::queue::Queue;
use crate::domain::roster::duty::DutyIndex;
use crate::domain::sla::promise::Promise;
use crate::domain::ticket::{Status, Ticket};
use crate::domain::{Refusal, Timestamp, access};

/// Facts, circumstances and the command's name: the first argument of every rule.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    pub facts: &'a Facts,
    pub context: &'a Context<'a>,
    /// The command's `type` word, for the audit.
    pub action: &'static str,
}

impl<'a> Given<'a> {
    #[must_use]
    pub fn now(self) -> Timestamp {
        self.context.now
    }

    #[must_use]
    pub fn directory(self) -> &'a Directory {
        self.context.directory
    }

    /// Who is on duty now.
    #[must_use]
    pub fn duty(self) -> Cow<'a, DutyIndex> {
        match self.context.duty.filter(|duty| duty.holds(self.now())) {
            Some(duty) => Cow::Borrowed(duty),
            None => Cow::Owned(DutyIndex::at(self.directory(), self.now())),
        }
    }

    /// A fresh id of any kind.
    #[must_use]
    pub fn fresh<T: From<Uuid>>(self) -> T {
        (self.context.new_id)().into()
    }

    #[must_use]
    pub fn actor_id(self) -> Option<PersonId> {
        self.context.actor.person().map(|person| person.id)
    }

    /// The acting person, whatever their role.
    ///
    /// # Errors
    /// When the desk or a channel acts, or somebody who left.
    pub fn person(self) -> Result<&'a Person, Refusal> {
        match self.context.actor {
            Actor::Person(person) if person.active => Ok(person),
            _ => Err(Refusal::forbidden("Only people who work at this desk do this: sign in as one.")),
        }
    }

    /// The acting person, who may change tickets.
    ///
    /// # Errors
    /// When they only may read, or no person acts.
    pub fn worker(self) -> Result<&'a Person, Refusal> {
        let person = self.person()?;
        if access::may_work(person) {
            Ok(person)
        } else {
            Err(Refusal::forbidden("Your role reads everything and changes nothing: ask an admin for the agent role."))
        }
    }

    /// Passes leads, admins and the desk itself.
    ///
    /// # Errors
    /// For everybody else.
    pub fn lead(self) -> Result<(), Refusal> {
        match self.context.actor {
            Actor::Desk { .. } => Ok(()),
            Actor::Person(person) if access::may_lead(person) => Ok(()),
            _ => Err(Refusal::forbidden("Only leads and admins do this: ask one of them.")),
        }
    }

    /// Passes admins and the desk itself.
    ///
    /// # Errors
    /// For everybody else.
    pub fn admin(self) -> Result<(), Refusal> {
        match self.context.actor {
            Actor::Desk { .. } => Ok(()),
            Actor::Person(person) if access::may_administer(person) => Ok(()),
            _ => Err(Refusal::forbidden("Only admins do this: ask one of them.")),
        }
    }

    /// Passes the desk's own jobs.
    ///
    /// # Errors
    /// For people and channels.
    pub fn desk(self) -> Result<(), Refusal> {
        match self.context.actor {
            Actor::Desk { .. } => Ok(()),
            _ => Err(Refusal::forbidden("Only the desk's own jobs do this; it needs nobody to start it.")),
        }
    }

    /// The ticket, for the desk's own jobs.
    ///
    /// # Errors
    /// When it does not exist.
    pub fn ticket(self) -> Result<&'a Ticket, Refusal> {
        self.facts.ticket.as_ref().ok_or_else(|| Refusal::not_found("The ticket"))
    }

    /// The ticket, when `person` sees it.
    ///
    /// # Errors
    /// The same for what does not exist and what is not theirs to see.
    pub fn visible_ticket(self, person: &Person) -> Result<&'a Ticket, Refusal> {
        self.ticket().ok().filter(|ticket| access::sees_ticket(person, ticket)).ok_or_else(|| Refusal::not_found("The ticket"))
    }

    /// The second ticket of a link or merge, when `person` sees it.
    ///
    /// # Errors
    /// As [`visible_ticket`](Self::visible_ticket).
    pub fn visible_other(self, person: &Person) -> Result<&'a Ticket, Refusal> {
        let other = self.facts.other.as_ref().filter(|ticket| access::sees_ticket(person, ticket));
        other.ok_or_else(|| Refusal::not_found("The other ticket"))
    }

    /// The acting person and a draft of the ticket they may change: seen by them and not closed.
    ///
    /// # Errors
    /// When they may not, or the ticket is closed.
    pub fn edit(self) -> Result<(&'a Person, Draft<'a>), Refusal> {
        let person = self.worker()?;
        let ticket = self.visible_ticket(person)?;
        refuse_closed(ticket)?;
        Ok((person, Draft::of(self, ticket)))
    }

    /// A queue of the directory.
    ///
    /// # Errors
    /// When there is none.
    pub fn queue(self, id: QueueId) -> Result<&'a Queue, Refusal> {
        self.directory().queues.get(&id).ok_or_else(|| Refusal::not_found("The queue"))
    }

    /// What a queue promises at this moment.
    ///
    /// # Errors
    /// When there is no such queue.
    pub fn promise(self, id: QueueId) -> Result<Promise<'a>, Refusal> {
        Ok(Promise::of(self.queue(id)?, self.directory()))
    }

    /// Somebody who can be given work.
    ///
    /// # Errors
    /// When unknown, gone, or only reading.
    pub fn colleague(self, id: PersonId, field: &str) -> Result<&'a Person, Refusal> {
        let Some(person) = self.directory().people.get(&id) else {
            return Err(Refusal::invalid("unknown_person", field, format!("There is no person {id}: choose somebody from the directory.")));
        };
        if access::may_work(person) {
            return Ok(person);
        }
        let why = if person.active { "only reads" } else { "no longer works here" };
        Err(Refusal::invalid("person_unavailable", field, format!("{} {why}: choose somebody else.", person.name)))
    }

    /// The compare of compare-and-set.
    ///
    /// # Errors
    /// `version_conflict` when the sender looked at another version.
    pub fn check_version(self, ticket: &Ticket) -> Result<(), Refusal> {
        match self.context.base_version {
            Some(base) if base != ticket.version => Err(Refusal::conflict(
                "version_conflict",
                format!("Ticket #{} has changed since you looked at it: look again, then repeat.", ticket.number),
            )),
            _ => Ok(()),
        }
    }
}

/// # Errors
/// `ticket_closed` when it is.
pub fn refuse_closed(ticket: &Ticket) -> Result<(), Refusal> {
    if ticket.status == Status::Closed {
        return Err(Refusal::conflict(
            "ticket_closed",
            format!("Ticket #{} is closed and cannot be changed: open a new ticket and link it.", ticket.number),
        ));
    }
    Ok(())
}

/// # Errors
/// `ticket_solved` or `ticket_closed` when the ticket is finished.
pub fn refuse_finished(ticket: &Ticket) -> Result<(), Refusal> {
    refuse_closed(ticket)?;
    if ticket.status == Status::Solved {
        return Err(Refusal::conflict("ticket_solved", format!("Ticket #{} is solved: set it to open first.", ticket.number)));
    }
    Ok(())
}
