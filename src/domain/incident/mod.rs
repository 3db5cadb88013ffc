//! Major incidents: many tickets tied to one, their requesters answered all at once.
//!
//! A major incident is a ticket with [`MajorIncident`](super::ticket::MajorIncident) set. Others are tied to it by hand; those that
//! look alike are proposed ([`alike`]) and never tied by themselves. What all requesters are told goes out as a [`Broadcast`]: one
//! row for it and one [`Target`] for each ticket, whose state changes in the same transaction in which the message is written.

pub mod alike;
pub mod broadcast;
pub mod channel;
pub mod declare;
pub mod deliver;
pub mod due;
pub mod preview;
pub mod tie;
pub mod variables;
pub mod view;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access;
use super::command::Given;
use super::id::{BroadcastId, MessageId, PersonId, TicketNumber};
use super::person::Person;
use super::refusal::Refusal;
use super::ticket::{Status, Ticket};

/// Tickets tied to one incident, at most: a broadcast's rows are written in one transaction.
pub const TIED_MAX: usize = 5_000;
/// Open major incidents that a new ticket is compared with.
pub const MAJORS_MAX: usize = 20;
/// Shortest and longest time between status updates.
pub const UPDATE_SECS: std::ops::RangeInclusive<u32> = 60..=86_400;

/// One text for the requesters of all tickets of an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Broadcast {
    pub id: BroadcastId,
    pub incident: TicketNumber,
    pub by: PersonId,
    /// With variables; empty when only the status is set.
    pub text: String,
    /// The text in other languages, by tag; a ticket's language chooses.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub texts: BTreeMap<String, String>,
    /// Set on each ticket that is not solved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Solves the incident and all that is tied to it.
    #[serde(default)]
    pub solves: bool,
    pub created_at: DateTime<Utc>,
}

/// How far one ticket of a broadcast is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TargetState {
    Waiting,
    Sent,
    Refused,
}

impl TargetState {
    /// The word used in SQL and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Refused => "refused",
        }
    }
}

/// Why a ticket gets no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Excluded {
    /// Closed tickets cannot be changed.
    Closed,
    /// Merged tickets are answered where they went.
    Merged,
    /// Nothing was to be said, and it is solved already.
    Solved,
    /// No longer tied when its turn came.
    Untied,
    /// Taken out by who sent it.
    LeftOut,
}

/// One ticket of a broadcast.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Target {
    pub broadcast: BroadcastId,
    pub ticket: TicketNumber,
    /// Its turn: by place, from 0.
    pub place: u32,
    pub state: TargetState,
    /// The id of its message, made with the broadcast: sent twice, it would be the same.
    pub message: MessageId,
    /// Why it is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Excluded>,
    /// When it was sent or refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
}

/// Whether `ticket` is a major incident that still runs.
#[must_use]
pub fn is_open(ticket: &Ticket) -> bool {
    ticket.major.is_some() && ticket.status.is_unsolved()
}

/// Whether `person` may speak for the incident: who leads, declared it, has it or takes part in it.
#[must_use]
pub fn may_run(person: &Person, incident: &Ticket) -> bool {
    access::may_lead(person)
        || incident.assignee == Some(person.id)
        || incident.participants.contains(&person.id)
        || incident.major.as_ref().is_some_and(|major| major.declared_by == person.id)
}

/// The acting person and the major incident of the facts that they may run.
///
/// # Errors
/// When it is no major incident, or theirs only to see.
pub fn run_by<'a>(given: Given<'a>) -> Result<(&'a Person, &'a Ticket), Refusal> {
    let person = given.worker()?;
    let incident = given.visible_ticket(person)?;
    refuse_plain(incident)?;
    if !may_run(person, incident) {
        let message = format!("Incident #{} is run by who has it, takes part or leads: ask one of them.", incident.number);
        return Err(Refusal::forbidden(message));
    }
    Ok((person, incident))
}

/// # Errors
/// `not_major` when the ticket is no major incident.
pub fn refuse_plain(ticket: &Ticket) -> Result<(), Refusal> {
    if ticket.major.is_none() {
        let message = format!("Ticket #{} is no major incident: declare it first.", ticket.number);
        return Err(Refusal::conflict("not_major", message));
    }
    Ok(())
}
