//! One file a resource. A handler extracts, does one command or one read, and answers.

pub mod admin;
pub mod assignment;
pub mod briefing;
pub mod calendars;
pub mod clocks;
pub mod commands;
pub mod conversations;
pub mod craft;
pub mod desk;
pub mod directory;
pub mod escalations;
pub mod files;
pub mod handovers;
pub mod here;
pub mod ical;
pub mod import;
pub mod incidents;
pub mod intake;
pub mod messages;
pub mod notices;
pub mod people;
pub mod ratings;
pub mod reminders;
pub mod requesters;
pub mod roster;
pub mod roster_plans;
pub mod rota_reports;
pub mod search;
pub mod sessions;
pub mod snippets;
pub mod stats;
pub mod status;
pub mod ticket_acts;
pub mod tickets;
pub mod views;
pub mod webhooks;

use crate::domain::command::Actor;
use crate::domain::id::TicketNumber;
use crate::domain::ticket::Ticket;
use crate::domain::{access, person::Person};

use super::error::{ApiProblem, ApiResult};
use super::state::Desk;
use crate::store::{SnapshotPage, StoreError};

/// The ticket, when it exists and `person` may see it.
async fn visible_ticket(desk: &Desk, person: &Person, number: TicketNumber) -> ApiResult<Ticket> {
    let ticket = desk.store.ticket(number).await?;
    ticket.filter(|ticket| access::sees_ticket(person, ticket)).ok_or_else(|| ApiProblem::not_found(&format!("Ticket {number}")))
}

/// As [`visible_ticket`]; who may see the ticket it was merged into reads it as well.
async fn readable_ticket(desk: &Desk, person: &Person, number: TicketNumber) -> ApiResult<Ticket> {
    let ticket = desk.store.ticket(number).await?;
    let Some(into) = ticket.as_ref().filter(|ticket| !access::sees_ticket(person, ticket)).and_then(|ticket| ticket.merged_into) else {
        return visible_ticket(desk, person, number).await;
    };
    visible_ticket(desk, person, into).await.map_err(|_| ApiProblem::not_found(&format!("Ticket {number}")))?;
    ticket.ok_or_else(|| ApiProblem::not_found(&format!("Ticket {number}")))
}

/// The rows of a page, read.
fn rows_of<T: serde::de::DeserializeOwned>(page: SnapshotPage) -> Result<Vec<T>, StoreError> {
    page.rows.into_iter().map(|(_, _, row)| serde_json::from_str(&row).map_err(StoreError::Corrupt)).collect()
}

fn acting(person: Person) -> Actor {
    Actor::Person(person)
}
