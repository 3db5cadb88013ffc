//! Figures as the console shows them: the server's, and the last ones kept in the cache while there is no link; how the queues
//! stand now, from the cache alone.

use std::sync::Arc;

use sqlx::Row as _;
use uuid::Uuid;

use super::api::ApiError;
use super::cache::Cache;
use super::desk::DeskClient;
use super::error::{CacheError, ClientError};
use super::sync::apply::NEVER_DUE;
use crate::domain::Timestamp;
use crate::domain::filter::BREACHING_SECS;
use crate::domain::id::QueueId;
use crate::domain::stats::{Overview, QueueHealth, Range};

/// Figures, and why they are not fresh.
#[derive(Clone, Debug)]
pub struct Figures {
    pub overview: Arc<Overview>,
    /// The server did not answer: these are the ones of `overview.at`.
    pub stale: Option<String>,
}

fn name(range: Range, queue: Option<QueueId>) -> String {
    format!("stats:{range}:{}", queue.map(|queue| queue.to_string()).unwrap_or_default())
}

impl Cache {
    async fn kept_figures(&self, name: &str) -> Result<Option<Overview>, CacheError> {
        let kept: Option<String> =
            sqlx::query_scalar("SELECT value FROM meta WHERE key = ?").bind(name).fetch_optional(self.readers()).await?;
        // Of another version of this program: as good as none.
        Ok(kept.and_then(|json| serde_json::from_str(&json).ok()))
    }

    async fn keep_figures(&self, name: &str, overview: &Overview) -> Result<(), CacheError> {
        let Ok(json) = serde_json::to_string(overview) else { return Ok(()) };
        let mut writing = self.write_rows().await?;
        sqlx::query("INSERT OR REPLACE INTO meta VALUES (?, ?)").bind(name).bind(json).execute(writing.connection()).await?;
        writing.commit().await
    }

    async fn forget_figures(&self, name: &str) -> Result<(), CacheError> {
        let mut writing = self.write_rows().await?;
        sqlx::query("DELETE FROM meta WHERE key = ?").bind(name).execute(writing.connection()).await?;
        writing.commit().await
    }

    /// How each queue with unsolved tickets stands, as cached; nobody is counted as on duty.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn queue_health(&self, now: Timestamp) -> Result<Vec<QueueHealth>, CacheError> {
        let (now_ms, soon) = (now.timestamp_millis(), now.timestamp_millis() + BREACHING_SECS * 1000);
        let rows = sqlx::query(
            "SELECT queue, count(*), sum(waiting), sum(due > ? AND due <= ?), sum(due <= ?), min(CASE WHEN due > ? AND due < ? THEN due END), \
             min(CASE WHEN waiting = 1 THEN -newest END) FROM tickets WHERE unsolved = 1 GROUP BY queue",
        )
        .bind(now_ms)
        .bind(soon)
        .bind(now_ms)
        .bind(now_ms)
        .bind(NEVER_DUE)
        .fetch_all(self.readers())
        .await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            let count = |column: usize| u32::try_from(row.get::<i64, _>(column)).unwrap_or(0);
            let instant = |ms: Option<i64>| ms.and_then(chrono::DateTime::from_timestamp_millis);
            let oldest: Option<i64> = row.get(6);
            found.push(QueueHealth {
                queue: row.get::<Uuid, _>(0).into(),
                unsolved: count(1),
                waiting: count(2),
                breaching: count(3),
                late: count(4),
                next_due: instant(row.get(5)),
                oldest_waiting: match oldest {
                    // Numbers rise with time: the lowest one that waits has waited longest.
                    Some(number) => self.created_at(number).await?,
                    None => None,
                },
                on_duty: 0,
            });
        }
        Ok(found)
    }

    async fn created_at(&self, number: i64) -> Result<Option<Timestamp>, CacheError> {
        let sql = "SELECT json_extract(data, '$.created_at') FROM ticket_data WHERE number = ?";
        let at: Option<String> = sqlx::query_scalar(sql).bind(number).fetch_optional(self.readers()).await?;
        Ok(at.and_then(|at| at.parse().ok()))
    }
}

fn refused(error: &ClientError) -> bool {
    matches!(error, ClientError::Api(ApiError::Problem(problem, _)) if matches!(problem.status, 401 | 403 | 404 | 422))
}

impl DeskClient {
    /// Figures of a range, in the person's own zone: the server's, else the last ones it gave.
    ///
    /// # Errors
    /// When the server does not answer and never did, or refuses.
    pub async fn figures(&self, range: Range, queue: Option<QueueId>) -> Result<Figures, ClientError> {
        let name = name(range, queue);
        match self.ask_figures(range, queue).await {
            Ok(overview) => {
                if let Err(error) = self.cache().keep_figures(&name, &overview).await {
                    tracing::warn!(%error, "the figures could not be kept");
                }
                Ok(Figures { overview: Arc::new(overview), stale: None })
            }
            // The server has answered: what it refuses is not shown from memory either.
            Err(error) if refused(&error) => {
                self.cache().forget_figures(&name).await?;
                Err(error)
            }
            Err(error) => match self.cache().kept_figures(&name).await? {
                Some(overview) => Ok(Figures { overview: Arc::new(overview), stale: Some(error.to_string()) }),
                None => Err(error),
            },
        }
    }

    async fn ask_figures(&self, range: Range, queue: Option<QueueId>) -> Result<Overview, ClientError> {
        let directory = self.directory();
        let key = match queue {
            Some(queue) => format!("&queue={}", directory.queues.get(&queue).map_or_else(|| queue.to_string(), |queue| queue.key.clone())),
            None => String::new(),
        };
        Ok(self.api()?.get(&format!("/api/v1/stats/overview?range={range}{key}")).await?)
    }

    /// How each queue with unsolved tickets stands, from the cache.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn queue_health(&self) -> Result<Vec<QueueHealth>, ClientError> {
        Ok(self.cache().queue_health(self.core().clock.now()).await?)
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;
    use crate::client::cache::tests::{batch, fresh, id, me, now, put, ticket};
    use crate::client::sync::apply::apply;
    use crate::domain::row::Row;
    use crate::domain::stats::Response;
    use crate::domain::ticket::{Status, Ticket};

    #[tokio::test]
    async fn queues_stand_as_their_tickets_do() {
        let folder = tempfile::tempdir().unwrap();
        let cache = fresh(folder.path()).await;
        let old = Ticket { created_at: now() - Duration::hours(9), due_at: Some(now()), ..ticket(1, 1) };
        let soon = Ticket { assignee: Some(me()), due_at: Some(now() + Duration::minutes(30)), ..ticket(2, 2) };
        let later = Ticket { due_at: Some(now() + Duration::minutes(31)), status: Status::Pending, ..ticket(3, 3) };
        let never = Ticket { queue: id(2).into(), ..ticket(4, 4) };
        let done = Ticket { status: Status::Solved, ..ticket(5, 5) };
        let rows = [&old, &soon, &later, &never, &done].map(|row| put(&Row::Ticket(Box::new(row.clone()))));
        apply(&cache, &batch(0, 1, Vec::from(rows))).await.unwrap();
        let mut told = cache.queue_health(now()).await.unwrap();
        told.sort_by_key(|row| row.queue);
        let first = QueueHealth {
            queue: id(1).into(),
            unsolved: 3,
            waiting: 1,
            breaching: 1,
            late: 1,
            oldest_waiting: Some(old.created_at),
            next_due: soon.due_at,
            on_duty: 0,
        };
        let second = QueueHealth { queue: id(2).into(), unsolved: 1, waiting: 1, oldest_waiting: Some(now()), ..QueueHealth::default() };
        assert_eq!(told, [first, second]);
    }

    #[tokio::test]
    async fn figures_are_kept_by_range_and_queue() {
        let folder = tempfile::tempdir().unwrap();
        let cache = fresh(folder.path()).await;
        let of = |range| Overview {
            at: now(),
            range,
            zone: "UTC".into(),
            queue: None,
            steps: Vec::new(),
            first_response: Response::default(),
            resolution: Response::default(),
            heat: vec![0; 168],
            regions: Vec::new(),
            places: Vec::new(),
            people: Vec::new(),
            queues: Vec::new(),
        };
        for range in [Range::Day, Range::Week] {
            cache.keep_figures(&name(range, None), &of(range)).await.unwrap();
        }
        assert_eq!(cache.kept_figures(&name(Range::Week, None)).await.unwrap(), Some(of(Range::Week)));
        assert_eq!(cache.kept_figures(&name(Range::Week, Some(id(1).into()))).await.unwrap(), None);
        assert_eq!(cache.cursor().await.unwrap().as_deref(), Some("0"), "the place in the feed is not theirs");
    }
}
