//! Windows over lists of tickets. They are index scans with an offset from the nearer end; those that a filter narrows are in
//! [`filtered`](super::filtered).

use std::sync::Arc;
use std::sync::atomic::Ordering;

use chrono_tz::Tz;
use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, Row as _, SqliteConnection};
use uuid::Uuid;

use crate::client::error::CacheError;
use crate::client::view::{Anchor, BREACHING_SECS, Sort, TicketQuery, TicketWindow, View};
use crate::domain::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::filter::{self, Env, Filter};
use crate::domain::id::{PersonId, QueueId, TicketNumber};
use crate::domain::ticket::Ticket;

use super::Cache;
use super::narrow::{Condition, Value};

/// Between the rows that one statement puts together.
const BETWEEN: char = '\u{1e}';
/// Most rows of one window; screens ask for a few more than they show.
const WINDOW_MAX: usize = 1000;

/// Who asks for a list, and when: names in filters are the directory's, days begin in the zone.
#[derive(Clone, Debug)]
pub struct Asking {
    pub now: Timestamp,
    pub zone: Tz,
    pub directory: Arc<Directory>,
}

impl Asking {
    /// A filter without what cannot be read of it: the screen says what that is.
    pub(super) fn read(&self, text: &str) -> Filter {
        filter::parse(text, &self.directory).filter
    }
}

/// The SQL of one list. All text in it comes from constants; values are bound.
pub(super) struct List {
    index: Option<&'static str>,
    pub(super) view: View,
    filter: &'static str,
    order: &'static [&'static str],
    queue: Option<Uuid>,
    before: Option<i64>,
}

const DUE: &[&str] = &["due", "number"];
const PRIORITY: &[&str] = &["rank", "due", "number"];
const UPDATED: &[&str] = &["fresh", "number"];
const NEWEST: &[&str] = &["newest"];

/// Tickets count as breaching when due at or before this instant.
pub(super) fn breaching_before(now: Timestamp) -> i64 {
    (now + chrono::Duration::seconds(BREACHING_SECS)).timestamp_millis()
}

impl List {
    pub(super) fn new(view: View, sort: Sort, now: Timestamp) -> Self {
        // Nothing solved is due, so there the default order is the last change first.
        let sort = if view == View::Solved && sort == Sort::Due { Sort::Updated } else { sort };
        let order = match sort {
            Sort::Due => DUE,
            Sort::Priority => PRIORITY,
            Sort::Updated => UPDATED,
            Sort::Newest => NEWEST,
        };
        let pick = |due, priority, updated, newest| {
            Some(match sort {
                Sort::Due => due,
                Sort::Priority => priority,
                Sort::Updated => updated,
                Sort::Newest => newest,
            })
        };
        let (filter, index) = match view {
            View::Mine => ("mine = 1", Some("mine_due")),
            View::Unassigned => ("waiting = 1", pick("waiting_due", "waiting_priority", "waiting_updated", "waiting_newest")),
            View::Breaching => ("unsolved = 1 AND due <= ?2", pick("all_due", "all_priority", "all_updated", "all_newest")),
            View::Escalated => ("number IN (SELECT number FROM escalated)", None),
            View::All => ("unsolved = 1", pick("all_due", "all_priority", "all_updated", "all_newest")),
            View::Queue(_) => ("unsolved = 1 AND queue = ?1", pick("queue_due", "queue_priority", "queue_updated", "queue_newest")),
            View::Solved => ("solved = 1", pick("solved_updated", "solved_priority", "solved_updated", "solved_newest")),
        };
        let queue = if let View::Queue(queue) = view { Some(queue.0) } else { None };
        let before = (view == View::Breaching).then(|| breaching_before(now));
        Self { index, view, filter, order, queue, before }
    }

    /// The tickets among which a filter looks: where it says itself which statuses it means, the views of unsolved tickets leave
    /// that to it.
    fn among(&self, filter: &Filter) -> &'static str {
        match self.view {
            View::All if filter.speaks_of_status() => "1 = 1",
            View::Queue(_) if filter.speaks_of_status() => "queue = ?1",
            _ => self.filter,
        }
    }

    fn from(&self) -> String {
        self.index.map_or_else(|| "tickets".to_owned(), |index| format!("tickets INDEXED BY {index}"))
    }

    fn order_by(&self, backwards: bool) -> String {
        let direction = if backwards { " DESC" } else { "" };
        self.order.iter().map(|column| format!("{column}{direction}")).collect::<Vec<_>>().join(", ")
    }

    /// Binds ?1 and ?2, which every statement numbers alike.
    fn bind<'q>(&self, sql: String) -> sqlx::query::Query<'q, sqlx::Sqlite, SqliteArguments> {
        sqlx::query(AssertSqlSafe(sql)).bind(self.queue).bind(self.before)
    }

    /// The length of the list as it is kept; absent where it must be counted.
    fn kept_total(&self) -> Option<&'static str> {
        Some(match self.view {
            View::Mine => "SELECT coalesce(sum(mine), 0) FROM counts",
            View::Unassigned => "SELECT coalesce(sum(waiting), 0) FROM counts",
            View::All => "SELECT coalesce(sum(unsolved), 0) FROM counts",
            View::Solved => "SELECT coalesce(sum(solved), 0) FROM counts",
            View::Queue(_) => "SELECT coalesce(sum(unsolved), 0) FROM counts WHERE queue = ?1",
            View::Breaching | View::Escalated => return None,
        })
    }

    async fn total(&self, connection: &mut SqliteConnection) -> Result<usize, CacheError> {
        let sql = match (self.kept_total(), self.view) {
            (Some(kept), _) => kept.to_owned(),
            (None, View::Breaching) => "SELECT count(*) FROM tickets INDEXED BY all_due WHERE unsolved = 1 AND due <= ?2".to_owned(),
            (None, _) => format!("SELECT count(*) FROM tickets WHERE {}", self.filter),
        };
        let total: i64 = self.bind(sql).fetch_one(connection).await?.get(0);
        Ok(usize::try_from(total).unwrap_or(0))
    }

    /// How many rows stand before a ticket; absent when the list does not hold it.
    async fn place(&self, connection: &mut SqliteConnection, number: TicketNumber) -> Result<Option<usize>, CacheError> {
        let columns = self.order.join(", ");
        let sql = format!("SELECT {columns} FROM tickets WHERE number = ?3 AND {}", self.filter);
        let Some(row) = self.bind(sql).bind(number.0).fetch_optional(&mut *connection).await? else { return Ok(None) };
        let marks = (0..self.order.len()).map(|n| format!("?{}", n + 3)).collect::<Vec<_>>().join(", ");
        let sql = format!("SELECT count(*) FROM {} WHERE {} AND ({columns}) < ({marks})", self.from(), self.filter);
        let mut query = self.bind(sql);
        for column in 0..self.order.len() {
            query = query.bind(row.get::<i64, _>(column));
        }
        let before: i64 = query.fetch_one(connection).await?.get(0);
        Ok(usize::try_from(before).ok())
    }

    /// The SQL of a stretch of rows, as one text.
    fn stretch(&self, backwards: bool, limit: &str, offset: &str) -> String {
        format!(
            "SELECT group_concat(data, char(30)) FROM
             (SELECT (SELECT data FROM ticket_data AS d WHERE d.number = t.number) AS data
              FROM {} WHERE {} ORDER BY {} LIMIT {limit} OFFSET {offset})",
            self.from().replacen("tickets", "tickets AS t", 1),
            self.filter,
            self.order_by(backwards)
        )
    }

    /// A window that stands at an index or at the end, with the list's length: one statement, so that nobody waits for three. `far`: from
    /// the end on, because it is likely to be nearer.
    async fn at_once(
        &self,
        connection: &mut SqliteConnection,
        total: &str,
        (index, rows): (Option<usize>, usize),
        far: bool,
    ) -> Result<TicketWindow, CacheError> {
        let start = format!("max(min(?4, ({total}) - 1), 0)");
        let stretch = match index {
            None => self.stretch(true, "?3", "?4"),
            Some(_) if far => {
                let count = format!("min(?3, ({total}) - {start})");
                self.stretch(true, &count, &format!("({total}) - {start} - {count}"))
            }
            Some(_) => self.stretch(false, "?3", &start),
        };
        let sql = format!("SELECT ({total}), ({stretch})");
        let found = self.bind(sql).bind(to_i64(rows)).bind(to_i64(index.unwrap_or(0))).fetch_one(connection).await?;
        let total = usize::try_from(found.get::<i64, _>(0)).unwrap_or(0);
        let mut rows = decode_all(found.get(1))?;
        if far || index.is_none() {
            rows.reverse();
        }
        let start = index.map_or_else(|| total.saturating_sub(rows.len()), |index| index.min(total.saturating_sub(1)));
        Ok(TicketWindow { start, rows, total })
    }

    /// `rows` rows from `start`, read from whichever end is nearer.
    async fn rows(
        &self,
        connection: &mut SqliteConnection,
        start: usize,
        rows: usize,
        total: usize,
    ) -> Result<Vec<Arc<Ticket>>, CacheError> {
        let rows = rows.min(total.saturating_sub(start));
        if rows == 0 {
            return Ok(Vec::new());
        }
        let backwards = start > total / 2;
        let offset = if backwards { total - start - rows } else { start };
        let sql = self.stretch(backwards, "?3", "?4");
        let found = self.bind(sql).bind(to_i64(rows)).bind(to_i64(offset)).fetch_one(connection).await?;
        let mut tickets = decode_all(found.get(0))?;
        if backwards {
            tickets.reverse();
        }
        Ok(tickets)
    }

    /// Numbers of all tickets that a filter admits, in order.
    pub(super) async fn search(&self, connection: &mut SqliteConnection, filter: &Filter, env: &Env<'_>) -> Result<Vec<i64>, CacheError> {
        let order = self.order_by(false);
        let found: String = self.look(connection, filter, env, "json_group_array(number)", &format!(" ORDER BY {order}")).await?;
        Ok(serde_json::from_str(&found)?)
    }

    /// Numbers of all tickets of the list, in order, from its index alone.
    pub(super) async fn whole(&self, connection: &mut SqliteConnection) -> Result<Vec<i64>, CacheError> {
        let (from, order) = (self.from(), self.order_by(false));
        let sql = format!("SELECT json_group_array(number) FROM (SELECT number FROM {from} WHERE {} ORDER BY {order})", self.filter);
        let found: String = self.bind(sql).fetch_one(connection).await?.try_get(0)?;
        Ok(serde_json::from_str(&found)?)
    }

    /// How many tickets a filter admits.
    async fn count(&self, connection: &mut SqliteConnection, filter: &Filter, env: &Env<'_>) -> Result<usize, CacheError> {
        let found: i64 = self.look(connection, filter, env, "count(*)", "").await?;
        Ok(usize::try_from(found).unwrap_or(0))
    }

    async fn look<T>(
        &self,
        connection: &mut SqliteConnection,
        filter: &Filter,
        env: &Env<'_>,
        what: &str,
        order: &str,
    ) -> Result<T, CacheError>
    where
        T: for<'r> sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
    {
        let condition = Condition::of(filter, env, 3);
        // Found by scanning the narrow table once: an index would only add a look-up per row.
        let index = if self.view == View::Mine { " INDEXED BY mine_due" } else { " NOT INDEXED" };
        let sql = format!("SELECT {what} FROM (SELECT number FROM tickets{index} WHERE {}{}{order})", self.among(filter), condition.sql);
        let mut query = self.bind(sql);
        for value in condition.values {
            query = match value {
                Value::Text(text) => query.bind(text),
                Value::Id(id) => query.bind(id),
            };
        }
        Ok(query.fetch_one(connection).await?.try_get(0)?)
    }
}

fn to_i64(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(super) fn decode(json: &str) -> Result<Arc<Ticket>, CacheError> {
    Ok(Arc::new(serde_json::from_str(json)?))
}

/// Tickets that came as one text: a row of its own for each would go through the connection's channel one by one. What stands between
/// them is in no JSON.
fn decode_all(joined: Option<String>) -> Result<Vec<Arc<Ticket>>, CacheError> {
    joined.iter().flat_map(|joined| joined.split(BETWEEN)).map(decode).collect()
}

/// Where a window of `rows` rows starts. `place` is the index of the ticket to hold, if the list has it.
pub(crate) fn start(anchor: Anchor, place: Option<usize>, rows: usize, total: usize) -> usize {
    let last = total.saturating_sub(1);
    match (anchor, place) {
        (Anchor::End, _) => total.saturating_sub(rows),
        (Anchor::At(index), _) | (Anchor::Around(_, index), None) => index.min(last),
        (Anchor::Around(_, index), Some(place)) if place < index => place,
        (Anchor::Around(_, index), Some(place)) if place >= index + rows => (place + 1).saturating_sub(rows.max(1)),
        (Anchor::Around(_, index), Some(_)) => index.min(last),
    }
}

impl Cache {
    /// A window of a list of tickets as cached, without pending edits. `rows` is at most 1,000.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn tickets(&self, query: &TicketQuery, anchor: Anchor, rows: usize, asking: &Asking) -> Result<TicketWindow, CacheError> {
        let rows = rows.min(WINDOW_MAX);
        let list = List::new(query.view, query.sort, asking.now);
        let filter = asking.read(&query.filter);
        if !filter.is_empty() {
            return self.filtered(query, &list, &filter, (anchor, rows), asking).await;
        }
        self.words_unused();
        let stands = match anchor {
            Anchor::At(index) => Some(Some(index)),
            Anchor::End => Some(None),
            Anchor::Around(..) => None,
        };
        if let Some((index, total)) = stands.zip(list.kept_total()) {
            let far = index.is_some_and(|index| index > self.inner.last_total.load(Ordering::Relaxed) / 2);
            let mut connection = self.readers().acquire().await?;
            let window = list.at_once(&mut connection, total, (index, rows), far).await?;
            self.inner.last_total.store(window.total, Ordering::Relaxed);
            return Ok(window);
        }
        let mut tx = self.readers().begin().await?;
        let total = list.total(&mut tx).await?;
        let place = match anchor {
            Anchor::Around(number, _) => list.place(&mut tx, number).await?,
            _ => None,
        };
        let start = start(anchor, place, rows, total);
        let rows = list.rows(&mut tx, start, rows, total).await?;
        Ok(TicketWindow { start, rows, total })
    }

    /// Numbers of a list's tickets from an index on, in order, at most `most`.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn ticket_numbers(
        &self,
        query: &TicketQuery,
        start: usize,
        most: usize,
        asking: &Asking,
    ) -> Result<Vec<TicketNumber>, CacheError> {
        let list = List::new(query.view, query.sort, asking.now);
        // What is acted on is what was asked for, or nothing.
        let Ok(filter) = filter::parse(&query.filter, &asking.directory).whole() else { return Ok(Vec::new()) };
        let calls = self.calls(&filter).await?;
        let mut connection = self.readers().acquire().await?;
        let numbers = list.search(&mut connection, &filter, &self.env(asking, &calls)).await?;
        Ok(numbers.into_iter().skip(start).take(most).map(TicketNumber).collect())
    }

    /// How many of all tickets each filter admits.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn count_filters(&self, filters: &[String], asking: &Asking) -> Result<Vec<usize>, CacheError> {
        let list = List::new(View::All, Sort::Due, asking.now);
        let mut counts = Vec::with_capacity(filters.len());
        for filter in filters {
            // One that cannot be read any more holds nothing: without its wrong term it would hold too much.
            let Ok(filter) = filter::parse(filter, &asking.directory).whole() else {
                counts.push(0);
                continue;
            };
            let calls = self.calls(&filter).await?;
            let mut connection = self.readers().acquire().await?;
            counts.push(list.count(&mut connection, &filter, &self.env(asking, &calls)).await?);
        }
        Ok(counts)
    }

    pub(super) fn env<'a>(&self, asking: &'a Asking, calls: &'a [(TicketNumber, PersonId)]) -> Env<'a> {
        Env { now: asking.now, zone: asking.zone, me: self.me(), directory: &asking.directory, calls }
    }

    /// Who is called into which ticket, when the filter asks for it.
    pub(super) async fn calls(&self, filter: &Filter) -> Result<Vec<(TicketNumber, PersonId)>, CacheError> {
        if filter.experts(self.me()).is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.open_escalations().await?.into_iter().map(|call| (call.ticket, call.expert)).collect())
    }

    /// Tickets by number, in the order asked for; those the cache does not hold are left out.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn tickets_of(&self, numbers: &[TicketNumber]) -> Result<Vec<Arc<Ticket>>, CacheError> {
        let numbers: Vec<i64> = numbers.iter().map(|number| number.0).collect();
        self.tickets_by_number(&numbers).await
    }

    /// Tickets in the order of their numbers' list; those that are gone are left out.
    pub(super) async fn tickets_by_number(&self, numbers: &[i64]) -> Result<Vec<Arc<Ticket>>, CacheError> {
        let wanted = serde_json::to_string(numbers)?;
        let found: Option<String> = sqlx::query_scalar(
            "SELECT group_concat(data, char(30)) FROM
             (SELECT d.data FROM json_each(?) AS wanted CROSS JOIN ticket_data AS d ON d.number = wanted.value ORDER BY wanted.key)",
        )
        .bind(wanted)
        .fetch_one(self.readers())
        .await?;
        decode_all(found)
    }

    /// New and open tickets without assignee, most urgent first; without `rows` only how many there are.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn pool(&self, queue: Option<QueueId>, rows: usize) -> Result<TicketWindow, CacheError> {
        let queue = queue.map(|queue| queue.0);
        let mut tx = self.readers().begin().await?;
        let total: i64 = sqlx::query_scalar("SELECT coalesce(sum(waiting), 0) FROM counts WHERE ?1 IS NULL OR queue = ?1")
            .bind(queue)
            .fetch_one(&mut *tx)
            .await?;
        if rows == 0 {
            return Ok(TicketWindow { total: usize::try_from(total).unwrap_or(0), ..TicketWindow::default() });
        }
        let found: Option<String> = sqlx::query_scalar(
            "SELECT group_concat(data, char(30)) FROM
             (SELECT (SELECT data FROM ticket_data AS d WHERE d.number = t.number) AS data FROM tickets AS t INDEXED BY waiting_priority
              WHERE waiting = 1 AND (?1 IS NULL OR queue = ?1) ORDER BY rank, due, number LIMIT ?2)",
        )
        .bind(queue)
        .bind(to_i64(rows.min(WINDOW_MAX)))
        .fetch_one(&mut *tx)
        .await?;
        let rows = decode_all(found)?;
        Ok(TicketWindow { start: 0, rows, total: usize::try_from(total).unwrap_or(0) })
    }

    /// Unsolved tickets a person holds, soonest due first.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn holding(&self, person: PersonId) -> Result<TicketWindow, CacheError> {
        let found: Option<String> = sqlx::query_scalar(
            "SELECT group_concat(data, char(30)) FROM
             (SELECT (SELECT data FROM ticket_data AS d WHERE d.number = t.number) AS data FROM tickets AS t INDEXED BY held
              WHERE unsolved = 1 AND assignee = ?1 ORDER BY due, number LIMIT ?2)",
        )
        .bind(person.0)
        .bind(to_i64(WINDOW_MAX))
        .fetch_one(self.readers())
        .await?;
        let rows = decode_all(found)?;
        Ok(TicketWindow { start: 0, total: rows.len(), rows })
    }
}
