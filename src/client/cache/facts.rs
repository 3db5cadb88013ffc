//! What the narrow table keeps of a ticket for filters, beside what sorts and counts it.

use sqlx::Sqlite;
use sqlx::query_builder::Separated;

use super::narrow::status_rank;
use crate::domain::Timestamp;
use crate::domain::filter::TimeField;
use crate::domain::filter::evaluate::{bits, instant};
use crate::domain::filter::text::{facets, fold, search_text, site_text};
use crate::domain::ticket::Ticket;

/// Binds the columns from `status` on, in their order. `queue`: the key and name of the ticket's queue.
pub(crate) fn push_facts(row: &mut Separated<'_, Sqlite, &'static str>, ticket: &Ticket, queue: Option<&str>) {
    let ms = |at: Option<Timestamp>| at.map_or(0, |at| at.timestamp_millis());
    row.push_bind(status_rank(ticket.status));
    row.push_bind(i64::from(ticket.kind as u8));
    row.push_bind(i64::from(ticket.tier));
    row.push_bind(bits(ticket));
    row.push_bind(ms(Some(ticket.created_at)));
    row.push_bind(ms(ticket.assigned_at));
    row.push_bind(ms(ticket.solved_at));
    row.push_bind(ms(instant(ticket, TimeField::FollowUp)));
    row.push_bind(ticket.rating.as_ref().map_or(0, |rating| i64::from(rating.score)));
    row.push_bind(ticket.message_count);
    row.push_bind(ticket.incident.map_or(0, |number| number.0));
    row.push_bind(search_text(ticket, queue));
    row.push_bind(fold(&ticket.requester.name));
    row.push_bind(site_text(ticket));
    row.push_bind(facets(ticket));
}
