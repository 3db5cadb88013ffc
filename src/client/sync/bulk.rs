//! Many tickets of a snapshot at once: one statement for some hundred rows instead of four for each.

use std::collections::HashMap;

use sqlx::query_builder::Separated;
use sqlx::{FromRow, QueryBuilder, Sqlite};

use crate::client::cache::facts::push_facts;
use crate::client::cache::search;
use crate::client::error::CacheError;
use crate::domain::ticket::Ticket;

use super::apply::{Incoming, NEVER_DUE, Session, rank};
use super::tally::Share;

/// Rows of one statement: twenty-eight values each stay below SQLite's limit of 32,766.
const AT_ONCE: usize = 500;

#[derive(FromRow)]
struct Held {
    number: i64,
    version: i64,
    #[sqlx(flatten)]
    share: Share,
}

/// One row of the narrow table.
pub(super) fn push_ticket(row: &mut Separated<'_, Sqlite, &'static str>, ticket: &Ticket, share: Share, queue: Option<&str>) {
    row.push_bind(ticket.number.0).push_bind(ticket.version).push_bind(share.queue).push_bind(share.unsolved);
    row.push_bind(share.waiting).push_bind(share.mine).push_bind(share.solved).push_bind(rank(ticket.priority));
    row.push_bind(ticket.due_at.map_or(NEVER_DUE, |due| due.timestamp_millis()));
    row.push_bind(-ticket.updated_at.timestamp_millis()).push_bind(-ticket.number.0);
    row.push_bind(ticket.assignee.map(|person| person.0)).push_bind(ticket.conversation.0);
    push_facts(row, ticket, queue);
}

impl Session<'_> {
    /// Writes the tickets of a snapshot: whatever version is there gives way to another. No number comes twice.
    pub async fn put_tickets(&mut self, incoming: &[Incoming<'_>]) -> Result<(), CacheError> {
        for some in incoming.chunks(AT_ONCE) {
            self.put_some_tickets(some).await?;
        }
        Ok(())
    }

    async fn put_some_tickets(&mut self, incoming: &[Incoming<'_>]) -> Result<(), CacheError> {
        let mut tickets: Vec<(Ticket, &str)> = Vec::with_capacity(incoming.len());
        for one in incoming {
            match serde_json::from_str(one.row.get()) {
                Ok(ticket) => {
                    self.unmark(one.kind, one.id).await?;
                    tickets.push((ticket, one.row.get()));
                }
                Err(error) => self.put_newer(*one, &error).await?,
            }
        }
        let held = self.held(&tickets).await?;
        let anew = self.anew;
        tickets.retain(|(ticket, _)| anew || held.get(&ticket.number.0).is_none_or(|held| held.version != ticket.version));
        if tickets.is_empty() {
            return Ok(());
        }
        let mut rows = Vec::with_capacity(tickets.len());
        for (ticket, _) in &tickets {
            if let Some(held) = held.get(&ticket.number.0) {
                self.tally.remove(held.share);
            }
            let share = Share::of(ticket, self.me);
            self.tally.add(share);
            self.tickets.insert(ticket.number);
            rows.push((share, self.queue_name(ticket.queue).await?));
        }
        let mut sql = QueryBuilder::<Sqlite>::new("INSERT OR REPLACE INTO tickets ");
        sql.push_values(tickets.iter().zip(rows), |mut row, ((ticket, _), (share, queue))| {
            push_ticket(&mut row, ticket, share, queue.as_deref());
        });
        sql.build().execute(&mut *self.connection).await?;
        let mut sql = QueryBuilder::<Sqlite>::new("INSERT OR REPLACE INTO ticket_data ");
        sql.push_values(&tickets, |mut row, (ticket, json)| {
            row.push_bind(ticket.number.0).push_bind(*json);
        });
        sql.build().execute(&mut *self.connection).await?;
        search::put_tickets(self.connection, tickets.iter().map(|(ticket, _)| ticket)).await
    }

    /// Which of these are in the cache, and what they count for there.
    async fn held(&mut self, tickets: &[(Ticket, &str)]) -> Result<HashMap<i64, Held>, CacheError> {
        let numbers: Vec<i64> = tickets.iter().map(|(ticket, _)| ticket.number.0).collect();
        let sql = "SELECT number, version, queue, waiting, mine, unsolved, solved FROM tickets
                   WHERE number IN (SELECT value FROM json_each(?))";
        let found: Vec<Held> = sqlx::query_as(sql).bind(serde_json::to_string(&numbers)?).fetch_all(&mut *self.connection).await?;
        Ok(found.into_iter().map(|held| (held.number, held)).collect())
    }
}
