//! What one ticket counts for, and the sums of a transaction that changes many.

use std::collections::HashMap;

use sqlx::{FromRow, SqliteConnection};
use uuid::Uuid;

use crate::client::error::CacheError;
use crate::domain::id::PersonId;
use crate::domain::ticket::Ticket;

/// What a ticket counts for: flags as 0 or 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub(super) struct Share {
    pub queue: Uuid,
    pub waiting: i64,
    pub mine: i64,
    pub unsolved: i64,
    pub solved: i64,
}

impl Share {
    pub fn of(ticket: &Ticket, me: PersonId) -> Self {
        let unsolved = ticket.status.is_unsolved();
        Self {
            queue: ticket.queue.0,
            waiting: i64::from(ticket.status.is_active() && ticket.assignee.is_none()),
            mine: i64::from(unsolved && ticket.assignee == Some(me)),
            unsolved: i64::from(unsolved),
            solved: i64::from(ticket.status == crate::domain::ticket::Status::Solved),
        }
    }
}

/// Differences of counts by queue: waiting, mine, unsolved, solved.
#[derive(Debug, Default)]
pub(super) struct Tally {
    queues: HashMap<Uuid, [i64; 4]>,
}

impl Tally {
    pub fn add(&mut self, share: Share) {
        self.shift(share, 1);
    }

    pub fn remove(&mut self, share: Share) {
        self.shift(share, -1);
    }

    fn shift(&mut self, share: Share, by: i64) {
        let sums = self.queues.entry(share.queue).or_default();
        for (sum, part) in sums.iter_mut().zip([share.waiting, share.mine, share.unsolved, share.solved]) {
            *sum += by * part;
        }
    }

    /// Writes the differences, and forgets them.
    pub async fn write(&mut self, connection: &mut SqliteConnection) -> Result<(), CacheError> {
        for (queue, [waiting, mine, unsolved, solved]) in self.queues.drain() {
            if [waiting, mine, unsolved, solved] == [0; 4] {
                continue;
            }
            sqlx::query(
                "INSERT INTO counts VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT(queue) DO UPDATE SET
                 waiting = waiting + ?2, mine = mine + ?3, unsolved = unsolved + ?4, solved = solved + ?5",
            )
            .bind(queue)
            .bind(waiting)
            .bind(mine)
            .bind(unsolved)
            .bind(solved)
            .execute(&mut *connection)
            .await?;
        }
        Ok(())
    }
}
