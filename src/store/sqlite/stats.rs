//! What figures are made of. Every question is answered by an index alone (`0012_stats.sql`): tickets are not read.

use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::SqliteStore;
use super::errors::database;
use crate::domain::Timestamp;
use crate::domain::filter::BREACHING_SECS;
use crate::domain::stats::{QUARTER_MS, QueueHealth, SiteTally, StatsFacts, StatsScope, Tally, Timed};
use crate::store::StoreError;

const DAY_MS: i64 = 86_400_000;

/// All of it as of one moment.
pub(super) async fn stats(store: &SqliteStore, scope: &StatsScope) -> Result<StatsFacts, StoreError> {
    let mut tx = store.readers.begin().await.map_err(database)?;
    let facts = read(&mut tx, scope).await.map_err(database)?;
    tx.rollback().await.map_err(database)?;
    Ok(facts)
}

async fn read(connection: &mut SqliteConnection, scope: &StatsScope) -> Result<StatsFacts, sqlx::Error> {
    if scope.queues.as_ref().is_some_and(Vec::is_empty) {
        // Nothing is asked of no queue: SQLite plans no such question with the indices named.
        return Ok(StatsFacts::default());
    }
    let from = scope.from.timestamp_millis();
    let heat_from = scope.heat_from.timestamp_millis();
    Ok(StatsFacts {
        arrived: tallies(connection, scope, "created_at", "tickets_arrived", heat_from).await?,
        solved: tallies(connection, scope, "done_at", "tickets_solved_at", from).await?,
        answered: waits(connection, scope, "answered_at, answer_secs, answer_met", "tickets_answered", "answered_at", from).await?,
        resolved: waits(connection, scope, "done_at, (done_at - created_at) / 1000, done_met", "tickets_solved_at", "done_at", from)
            .await?,
        queues: health(connection, scope).await?,
        sites: sites(connection, scope).await?,
    })
}

/// Adds that the ticket belongs to the scope's queues.
fn push_queues(query: &mut QueryBuilder<Sqlite>, scope: &StatsScope) {
    let Some(queues) = &scope.queues else { return };
    query.push(" AND queue IN (");
    let mut list = query.separated(", ");
    for queue in queues {
        list.push_bind(queue.to_string());
    }
    query.push(")");
}

fn count(value: i64) -> u32 {
    u32::try_from(value.max(0)).unwrap_or(u32::MAX)
}

fn instant(ms: Option<i64>) -> Option<Timestamp> {
    ms.and_then(chrono::DateTime::from_timestamp_millis)
}

/// How many by quarter of an hour of a column.
async fn tallies(
    connection: &mut SqliteConnection,
    scope: &StatsScope,
    column: &'static str,
    index: &'static str,
    from: i64,
) -> Result<Vec<Tally>, sqlx::Error> {
    let mut query =
        QueryBuilder::<Sqlite>::new(format!("SELECT {column} / {QUARTER_MS}, count(*) FROM tickets INDEXED BY {index} WHERE {column} >= "));
    query.push_bind(from);
    query.push(format!(" AND {column} <= ")).push_bind(scope.now.timestamp_millis());
    push_queues(&mut query, scope);
    query.push(" GROUP BY 1 ORDER BY 1");
    let rows: Vec<(i64, i64)> = query.build_query_as().fetch_all(connection).await?;
    Ok(rows.into_iter().map(|(quarter, many)| Tally { quarter, count: count(many) }).collect())
}

async fn waits(
    connection: &mut SqliteConnection,
    scope: &StatsScope,
    columns: &'static str,
    index: &'static str,
    at: &'static str,
    from: i64,
) -> Result<Vec<Timed>, sqlx::Error> {
    let mut query = QueryBuilder::<Sqlite>::new(format!("SELECT {columns} FROM tickets INDEXED BY {index} WHERE {at} >= "));
    query.push_bind(from);
    query.push(format!(" AND {at} <= ")).push_bind(scope.now.timestamp_millis());
    push_queues(&mut query, scope);
    let rows: Vec<(i64, i64, Option<bool>)> = query.build_query_as().fetch_all(connection).await?;
    let timed = |(at, secs, met): (i64, i64, Option<bool>)| Some(Timed { at: instant(Some(at))?, secs, met });
    Ok(rows.into_iter().filter_map(timed).collect())
}

/// The words after WHERE are those of the index `tickets_unsolved`: others would not find it.
async fn health(connection: &mut SqliteConnection, scope: &StatsScope) -> Result<Vec<QueueHealth>, sqlx::Error> {
    let now = scope.now.timestamp_millis();
    let waits = "assignee IS NULL AND status IN ('new', 'open')";
    let mut query = QueryBuilder::<Sqlite>::new(format!("SELECT queue, count(*), sum({waits}), sum(due_at > "));
    query.push_bind(now).push(" AND due_at <= ").push_bind(now + BREACHING_SECS * 1000);
    query.push("), sum(due_at <= ").push_bind(now);
    query.push(format!("), min(CASE WHEN {waits} THEN created_at END), min(CASE WHEN due_at > ")).push_bind(now);
    query.push(" THEN due_at END) FROM tickets INDEXED BY tickets_unsolved WHERE status NOT IN ('solved', 'closed')");
    push_queues(&mut query, scope);
    query.push(" GROUP BY queue");
    type Counts = (String, i64, i64, Option<i64>, Option<i64>, Option<i64>, Option<i64>);
    let rows: Vec<Counts> = query.build_query_as().fetch_all(connection).await?;
    let of = |(queue, unsolved, waiting, breaching, late, oldest, next): Counts| {
        Some(QueueHealth {
            queue: queue.parse().ok()?,
            unsolved: count(unsolved),
            waiting: count(waiting),
            breaching: count(breaching.unwrap_or(0)),
            late: count(late.unwrap_or(0)),
            oldest_waiting: instant(oldest),
            next_due: instant(next),
            on_duty: 0,
        })
    };
    Ok(rows.into_iter().filter_map(of).collect())
}

/// Unsolved tickets and arrivals by site.
async fn sites(connection: &mut SqliteConnection, scope: &StatsScope) -> Result<Vec<SiteTally>, sqlx::Error> {
    let now = scope.now.timestamp_millis();
    let mut query = QueryBuilder::<Sqlite>::new(
        "SELECT site, sum(open), sum(late), sum(day), sum(month) FROM (SELECT site, count(*) AS open, sum(due_at <= ",
    );
    query.push_bind(now);
    query.push(
        ") AS late, 0 AS day, 0 AS month FROM tickets INDEXED BY tickets_unsolved WHERE status NOT IN ('solved', 'closed') AND site IS NOT NULL",
    );
    push_queues(&mut query, scope);
    query.push(" GROUP BY site UNION ALL SELECT site, 0, 0, sum(created_at > ").push_bind(now - DAY_MS);
    query.push("), count(*) FROM tickets INDEXED BY tickets_arrived WHERE created_at >= ");
    query.push_bind(scope.heat_from.timestamp_millis());
    query.push(" AND created_at <= ").push_bind(now).push(" AND site IS NOT NULL");
    push_queues(&mut query, scope);
    query.push(" GROUP BY site) GROUP BY site");
    type Counts = (String, i64, Option<i64>, i64, i64);
    let rows: Vec<Counts> = query.build_query_as().fetch_all(connection).await?;
    let of = |(site, open, late, day, month): Counts| {
        let late = count(late.unwrap_or(0));
        Some(SiteTally { site: site.parse().ok()?, open: count(open), late, day: count(day), month: count(month) })
    };
    Ok(rows.into_iter().filter_map(of).collect())
}
