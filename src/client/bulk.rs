//! Many tickets at once: which a list holds, how they stand, and commands for all of them in one durable write.

use std::sync::Arc;

use super::desk::DeskClient;
use super::error::ClientError;
use super::view::{Changed, TicketQuery};
use super::{outbox, overlay};
use crate::base::clock::new_id;
use crate::domain::command::Command;
use crate::domain::id::{CommandKey, TicketNumber};
use crate::domain::ticket::Ticket;

impl DeskClient {
    /// Numbers of a list's tickets from an index on, in order.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn ticket_numbers(&self, query: &TicketQuery, start: usize, most: usize) -> Result<Vec<TicketNumber>, ClientError> {
        let core = self.core();
        Ok(core.cache.ticket_numbers(query, start, most, &core.asking()).await?)
    }

    /// How many of all tickets each filter admits; unsolved ones where it does not say which statuses it means.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn count_filters(&self, filters: &[String]) -> Result<Vec<usize>, ClientError> {
        let core = self.core();
        Ok(core.cache.count_filters(filters, &core.asking()).await?)
    }

    /// Tickets by number, with pending edits shown; those the cache does not hold are left out.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn tickets_of(&self, numbers: &[TicketNumber]) -> Result<Vec<Arc<Ticket>>, ClientError> {
        let core = self.core();
        let pending = outbox::entries(&core.cache, None).await?;
        let rows = core.cache.tickets_of(numbers).await?;
        Ok(if pending.is_empty() { rows } else { rows.iter().map(|row| overlay::ticket(row, &pending)).collect() })
    }

    /// Queues commands in order: all on disk when this returns. Their keys come in the same order.
    ///
    /// # Errors
    /// When the cache cannot be written: nothing is queued then.
    pub async fn submit_all(&self, commands: Vec<(Command, Option<i64>)>) -> Result<Vec<CommandKey>, ClientError> {
        let core = self.core();
        let now = core.clock.now();
        let made = |(command, base): (Command, Option<i64>)| {
            let base = core.own_edits.base(&command, base);
            outbox::submission(CommandKey(new_id()), command, base, core.server_now())
        };
        let submissions: Vec<_> = commands.into_iter().map(made).collect();
        outbox::queue_all(&core.cache, &submissions, now).await?;
        core.outbox_wake.notify_one();
        let tickets = submissions.iter().filter_map(|submission| submission.command.ticket()).collect();
        core.outbox_changed(Changed { outbox: true, tickets, ..Changed::default() }).await;
        Ok(submissions.into_iter().map(|submission| submission.key).collect())
    }
}
