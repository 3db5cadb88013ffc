//! Counts of queues and views. They are kept by the transactions that change tickets; only what moves with time is counted here.

use sqlx::{Row as _, SqliteConnection};
use uuid::Uuid;

use crate::client::error::CacheError;
use crate::client::view::Counts;
use crate::domain::Timestamp;

use super::Cache;
use super::lists::breaching_before;

impl Cache {
    /// Counts of all queues and views as cached.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn counts(&self, now: Timestamp) -> Result<Counts, CacheError> {
        let mut tx = self.readers().begin().await?;
        let mut counts = Counts::default();
        let kept = sqlx::query("SELECT queue, waiting, mine, unsolved, solved FROM counts").fetch_all(&mut *tx).await?;
        for row in kept {
            let number = |column: usize| usize::try_from(row.get::<i64, _>(column)).unwrap_or(0);
            let queue = counts.queues.entry(row.get::<Uuid, _>(0).into()).or_default();
            (queue.waiting, queue.mine, queue.unsolved) = (number(1), number(2), number(3));
            counts.unassigned += number(1);
            counts.mine += number(2);
            counts.all += number(3);
            counts.solved += number(4);
        }
        // A stretch of one index for each queue: nothing is sorted.
        let sql = "SELECT queue, (SELECT count(*) FROM tickets INDEXED BY queue_due WHERE unsolved = 1 AND queue = c.queue AND due <= ?)
                   FROM counts AS c";
        let late: Vec<(Uuid, i64)> = sqlx::query_as(sql).bind(breaching_before(now)).fetch_all(&mut *tx).await?;
        for (queue, late) in late {
            let late = usize::try_from(late).unwrap_or(0);
            counts.queues.entry(queue.into()).or_default().breaching = late;
            counts.breaching += late;
        }
        let escalated: i64 =
            sqlx::query_scalar("SELECT count(*) FROM tickets WHERE number IN (SELECT number FROM escalated)").fetch_one(&mut *tx).await?;
        counts.escalated = usize::try_from(escalated).unwrap_or(0);
        Ok(counts)
    }
}

/// Counts everything anew: after a snapshot.
pub(crate) async fn recount(connection: &mut SqliteConnection) -> Result<(), CacheError> {
    sqlx::query("DELETE FROM counts").execute(&mut *connection).await?;
    sqlx::query("INSERT INTO counts SELECT queue, sum(waiting), sum(mine), sum(unsolved), sum(solved) FROM tickets GROUP BY queue")
        .execute(connection)
        .await?;
    Ok(())
}
