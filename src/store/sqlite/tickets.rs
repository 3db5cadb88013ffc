//! Tickets and what is on record about each: audit, assignments, decisions, clocks.

use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::errors::database;
use super::facts::parse_all;
use super::read::{anywhere, many};
use super::scope::push_visible;
use super::tables::status_word;
use super::{SqliteStore, facts, packed};
use crate::domain::assignment::{Assignment, Decision};
use crate::domain::audit::AuditEntry;
use crate::domain::id::{PersonId, QueueId, RequesterId, SiteId, TicketNumber};
use crate::domain::person::Person;
use crate::domain::sla::ledger::ClockEvent;
use crate::domain::ticket::Ticket;
use crate::store::{StoreError, TicketFilter, TicketPage};

/// A requester's tickets in which who last served them is looked for.
const LAST_SERVED: i64 = 20;

pub(super) async fn ticket(store: &SqliteStore, number: TicketNumber) -> Result<Option<Ticket>, StoreError> {
    let mut reader = store.readers.acquire().await.map_err(database)?;
    facts::ticket(&mut reader, number).await
}

pub(super) async fn tickets(
    store: &SqliteStore,
    viewer: &Person,
    filter: &TicketFilter,
    before: Option<TicketNumber>,
    limit: i64,
) -> Result<TicketPage, StoreError> {
    let limit = limit.max(1);
    let mut query = QueryBuilder::<Sqlite>::new("SELECT t.data FROM tickets t WHERE ");
    push_visible(&mut query, viewer);
    push_filter(&mut query, filter);
    if let Some(before) = before {
        query.push(" AND t.number < ").push_bind(before.0);
    }
    // One more than asked for tells whether there is a next page.
    query.push(" ORDER BY t.number DESC LIMIT ").push_bind(limit.saturating_add(1));
    let mut tickets: Vec<Ticket> = parse_all(query.build_query_scalar().fetch_all(&store.readers).await.map_err(database)?)?;
    let asked = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = tickets.len() > asked;
    tickets.truncate(asked);
    let next = tickets.last().filter(|_| more).map(|ticket| ticket.number);
    Ok(TicketPage { tickets, next })
}

fn push_filter(query: &mut QueryBuilder<Sqlite>, filter: &TicketFilter) {
    if let Some(queue) = filter.queue {
        query.push(" AND t.queue = ").push_bind(queue.to_string());
    }
    if !filter.statuses.is_empty() {
        query.push(" AND t.status IN (");
        let mut list = query.separated(", ");
        for status in &filter.statuses {
            list.push_bind(status_word(*status));
        }
        query.push(")");
    }
    if let Some(priority) = filter.priority {
        query.push(" AND t.priority = ").push_bind(i64::from(priority as u8));
    }
    match filter.assignee {
        Some(Some(person)) => drop(query.push(" AND t.assignee = ").push_bind(person.to_string())),
        Some(None) => drop(query.push(" AND t.assignee IS NULL")),
        None => {}
    }
    if let Some(person) = filter.participant {
        query.push(" AND t.number IN (SELECT p.ticket FROM ticket_people p WHERE p.person = ").push_bind(person.to_string()).push(")");
    }
    if let Some(requester) = filter.requester {
        query.push(" AND t.requester = ").push_bind(requester.to_string());
    }
    if let Some(tag) = &filter.tag {
        // LIKE folds case; the tag itself does not, so both are asked.
        let escaped = tag.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
        query.push(" AND t.tags LIKE ").push_bind(format!("%\n{escaped}\n%")).push(r" ESCAPE '\'");
    }
    if let Some(text) = filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        query.push(" AND (t.search LIKE ").push_bind(anywhere(text)).push(r" ESCAPE '\'");
        if let Ok(number) = text.parse::<TicketNumber>() {
            query.push(" OR t.number = ").push_bind(number.0);
        }
        query.push(")");
    }
}

/// The words are those of the index `tickets_done`: bound values would not find it.
pub(super) async fn solved_lately(store: &SqliteStore, viewer: &Person, queue: QueueId, limit: i64) -> Result<Vec<Ticket>, StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new("SELECT t.data FROM tickets t INDEXED BY tickets_done WHERE t.queue = ");
    query.push_bind(queue.to_string()).push(" AND t.status IN ('solved', 'closed') AND ");
    push_visible(&mut query, viewer);
    query.push(" ORDER BY t.number DESC LIMIT ").push_bind(limit);
    parse_all(query.build_query_scalar().fetch_all(&store.readers).await.map_err(database)?)
}

pub(super) async fn of_site(store: &SqliteStore, viewer: &Person, site: SiteId, limit: i64) -> Result<Vec<Ticket>, StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new("SELECT t.data FROM tickets t WHERE t.site IS NOT NULL AND t.site = ");
    query.push_bind(site.to_string()).push(" AND ");
    push_visible(&mut query, viewer);
    query.push(" ORDER BY t.number DESC LIMIT ").push_bind(limit);
    parse_all(query.build_query_scalar().fetch_all(&store.readers).await.map_err(database)?)
}

pub(super) async fn audit(store: &SqliteStore, ticket: TicketNumber, limit: i64) -> Result<Vec<AuditEntry>, StoreError> {
    many(store, "SELECT data FROM audit WHERE ticket = ? ORDER BY seq LIMIT ?", ticket.0, limit).await
}

pub(super) async fn assignments(store: &SqliteStore, ticket: TicketNumber) -> Result<Vec<Assignment>, StoreError> {
    many(store, "SELECT data FROM assignments WHERE ticket = ? ORDER BY started_at, id LIMIT ?", ticket.0, i64::MAX).await
}

pub(super) async fn clock_events(store: &SqliteStore, ticket: TicketNumber) -> Result<Vec<ClockEvent>, StoreError> {
    many(store, "SELECT data FROM clock_events WHERE ticket = ? ORDER BY seq LIMIT ?", ticket.0, i64::MAX).await
}

pub(super) async fn decisions(store: &SqliteStore, ticket: TicketNumber, limit: i64) -> Result<Vec<Decision>, StoreError> {
    let sql = "SELECT CAST(data AS BLOB) FROM decisions WHERE ticket = ? ORDER BY at DESC, id DESC LIMIT ?";
    let rows: Vec<Vec<u8>> = sqlx::query_scalar(sql).bind(ticket.0).bind(limit).fetch_all(&store.readers).await.map_err(database)?;
    rows.iter().map(|row| packed::unpack(row)).collect()
}

/// Who was given one of the requester's [`LAST_SERVED`] latest tickets last, `ticket` apart.
pub(super) async fn last_served(
    connection: &mut SqliteConnection,
    requester: RequesterId,
    ticket: TicketNumber,
) -> Result<Option<PersonId>, StoreError> {
    let sql = "SELECT a.person FROM assignments a WHERE a.ticket IN \
               (SELECT number FROM tickets WHERE requester = ? AND number <> ? ORDER BY number DESC LIMIT ?) \
               ORDER BY a.started_at DESC, a.id DESC LIMIT 1";
    let person: Option<String> = sqlx::query_scalar(sql)
        .bind(requester.to_string())
        .bind(ticket.0)
        .bind(LAST_SERVED)
        .fetch_optional(connection)
        .await
        .map_err(database)?;
    Ok(person.and_then(|person| person.parse().ok()))
}
