//! Full-text search in history: matches by FTS5 newest first in windows, rights in the same statement, the best of a window
//! first. Nothing of what a person may not read is counted or told.

use std::collections::HashMap;
use std::sync::atomic::Ordering;

use sqlx::{QueryBuilder, Row, Sqlite};

use super::SqliteStore;
use super::errors::database;
use super::facts::parse_all;
use super::scope::{highest_tier, push_admitted, push_visible};
use crate::base::terms::{Query, fts5};
use crate::domain::access::sees_all_queues;
use crate::domain::conversation::{Conversation, Message};
use crate::domain::person::Person;
use crate::domain::search::{Found, RANGES_MAX, SearchHit, SearchIn, candidates_of, rank};
use crate::domain::ticket::Ticket;
use crate::store::{MessageSearch, Search, SearchFound, SearchPlace, StoreError};

/// The newest matches that are ranked together.
const TICKET_WINDOW: i64 = 200;
const MESSAGE_WINDOW: i64 = 400;
/// Messages of one conversation that are looked through: its newest.
const CONVERSATION_MAX: i64 = 20_000;
/// See [`Store::search`](crate::store::Store::search).
pub(super) async fn search(
    store: &SqliteStore,
    viewer: &Person,
    search: &Search,
    place: Option<SearchPlace>,
    limit: usize,
) -> Result<SearchFound, StoreError> {
    let complete = store.searchable.load(Ordering::Acquire);
    let query = Query::parse(&search.words);
    let Some(expression) = fts5::expression(&query) else { return Ok(SearchFound { complete, ..SearchFound::default() }) };
    let SearchPlace([tickets_below, messages_below, skip]) = place.unwrap_or(SearchPlace([i64::MAX, i64::MAX, 0]));
    let tickets = match search.within {
        None | Some(SearchIn::Tickets) => ticket_window(store, viewer, &expression, tickets_below).await?,
        _ => Vec::new(),
    };
    let messages = match search.within {
        Some(SearchIn::Tickets) => Vec::new(),
        within => message_window(store, viewer, &expression, within, messages_below).await?,
    };
    let top = |rows: &[(i64, f64, i64)]| rows.first().map_or(i64::MIN, |row| row.0.saturating_add(1));
    let bottom =
        |rows: &[(i64, f64, i64)], full: i64| if rows.len() as i64 >= full { rows.last().map_or(i64::MIN, |row| row.0) } else { i64::MIN };
    let next_window = (bottom(&tickets, TICKET_WINDOW), bottom(&messages, MESSAGE_WINDOW));
    let this_window = (top(&tickets), top(&messages));
    let mut candidates = candidates_of(&tickets, Found::Ticket);
    candidates.extend(candidates_of(&messages, Found::Message));
    let ranked = rank(candidates, store.clock.now());
    let skip = usize::try_from(skip).unwrap_or(0);
    let page: Vec<Found> = ranked.iter().copied().skip(skip).take(limit).collect();
    let next = if skip + limit < ranked.len() {
        Some(SearchPlace([this_window.0, this_window.1, i64::try_from(skip + limit).unwrap_or(i64::MAX)]))
    } else if next_window != (i64::MIN, i64::MIN) {
        Some(SearchPlace([next_window.0, next_window.1, 0]))
    } else {
        None
    };
    let find = |text: &str| query.ranges(text, RANGES_MAX);
    let hits = hits(store, &page, &find).await?;
    Ok(SearchFound { hits, next, complete })
}

/// Messages that `viewer` may read, newest first: those that hold the words, where there are any.
pub(super) async fn messages(store: &SqliteStore, viewer: &Person, search: &MessageSearch, limit: i64) -> Result<Vec<Message>, StoreError> {
    let words = Query::parse(&search.text);
    // One conversation is short and has an index of its own: it is read, and its words are compared here.
    let read = search.text.trim().is_empty() || search.conversation.is_some();
    let mut query;
    if read {
        query = QueryBuilder::<Sqlite>::new("SELECT m.data FROM messages m ");
        push_places(&mut query, "m.conversation");
        query.push(" WHERE 1 = 1");
    } else {
        let Some(expression) = fts5::expression(&words) else { return Ok(Vec::new()) };
        query = QueryBuilder::<Sqlite>::new(
            "SELECT m.data FROM search_messages s CROSS JOIN message_docs d ON d.doc = s.rowid CROSS JOIN messages m ON m.id = d.message ",
        );
        push_places(&mut query, "m.conversation");
        query.push(" WHERE s.search_messages MATCH ").push_bind(expression);
    }
    query.push(" AND m.tier <= ").push_bind(highest_tier(viewer));
    if let Some(conversation) = search.conversation {
        query.push(" AND m.conversation = ").push_bind(conversation.to_string());
    }
    if let Some(author) = search.author {
        query.push(" AND json_extract(m.data, '$.author.type') = 'person' AND json_extract(m.data, '$.author.id') = ");
        query.push_bind(author.to_string());
    }
    if search.pinned {
        query.push(" AND json_extract(m.data, '$.pinned_by') IS NOT NULL");
    }
    push_readable(&mut query, viewer);
    query.push(if read { " ORDER BY m.rowid DESC LIMIT " } else { " ORDER BY s.rowid DESC LIMIT " });
    let compared = read && !words.is_empty();
    query.push_bind(if compared { CONVERSATION_MAX } else { limit.max(1) });
    let mut found: Vec<Message> = parse_all(query.build_query_scalar().fetch_all(&store.readers).await.map_err(database)?)?;
    if compared {
        found.retain(|message| words.finds(&message.text));
        found.truncate(usize::try_from(limit.max(1)).unwrap_or(usize::MAX));
    }
    Ok(found)
}

/// Joins the ticket `t` or the conversation `c` that a message stands in.
fn push_places(query: &mut QueryBuilder<Sqlite>, conversation: &'static str) {
    query.push(format!(
        "LEFT JOIN tickets t ON t.conversation = {conversation} LEFT JOIN conversations c ON c.id = {conversation} AND c.kind <> 'escalation'"
    ));
}

/// Adds the condition that `viewer` may read what stands in `t` or `c`: their ticket, one merged into it, their conversation.
fn push_readable(query: &mut QueryBuilder<Sqlite>, viewer: &Person) {
    query.push(" AND ((t.number IS NOT NULL AND (");
    push_visible(query, viewer);
    if !sees_all_queues(viewer) {
        // The number is unique to the outer ticket, so that the inner one may be called `t` as well.
        query.push(
            " OR t.number IN (SELECT g.ticket FROM merges g JOIN tickets o ON o.number = g.ticket JOIN tickets t ON t.number = g.target ",
        );
        query.push("WHERE json_extract(o.data, '$.merged_into') = g.target AND ");
        push_visible(query, viewer);
        query.push(")");
    }
    query.push(")) OR (c.id IS NOT NULL AND ");
    push_admitted(query, viewer, "c");
    query.push("))");
}

/// Numbers, fits and times of the newest tickets below a number.
async fn ticket_window(store: &SqliteStore, viewer: &Person, expression: &str, below: i64) -> Result<Vec<(i64, f64, i64)>, StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new(
        "SELECT t.number, s.rank, t.updated_at FROM search_tickets s CROSS JOIN tickets t ON t.number = s.rowid WHERE s.search_tickets MATCH ",
    );
    query.push_bind(expression.to_owned()).push(" AND s.rowid < ").push_bind(below).push(" AND ");
    push_visible(&mut query, viewer);
    query.push(" ORDER BY s.rowid DESC LIMIT ").push_bind(TICKET_WINDOW);
    query.build_query_as().fetch_all(&store.readers).await.map_err(database)
}

async fn message_window(
    store: &SqliteStore,
    viewer: &Person,
    expression: &str,
    within: Option<SearchIn>,
    below: i64,
) -> Result<Vec<(i64, f64, i64)>, StoreError> {
    let mut query =
        QueryBuilder::<Sqlite>::new("SELECT d.doc, s.rank, d.at FROM search_messages s CROSS JOIN message_docs d ON d.doc = s.rowid ");
    push_places(&mut query, "d.conversation");
    query.push(" WHERE s.search_messages MATCH ").push_bind(expression.to_owned()).push(" AND s.rowid < ").push_bind(below);
    query.push(" AND d.tier <= ").push_bind(highest_tier(viewer));
    if let Some(within) = within {
        query.push(" AND d.note = ").push_bind(within == SearchIn::Notes);
    }
    push_readable(&mut query, viewer);
    query.push(" ORDER BY s.rowid DESC LIMIT ").push_bind(MESSAGE_WINDOW);
    query.build_query_as().fetch_all(&store.readers).await.map_err(database)
}

/// The hits of a page, in its order.
async fn hits(
    store: &SqliteStore,
    page: &[Found],
    find: &(dyn Fn(&str) -> Vec<(usize, usize)> + Sync),
) -> Result<Vec<SearchHit>, StoreError> {
    let numbers = page.iter().filter_map(|key| if let Found::Ticket(number) = key { Some(*number) } else { None });
    let docs = page.iter().filter_map(|key| if let Found::Message(doc) = key { Some(*doc) } else { None });
    let mut found: HashMap<(bool, i64), SearchHit> = HashMap::new();
    let mut query = listed("SELECT number, data FROM tickets WHERE number IN (", numbers);
    for row in query.build().fetch_all(&store.readers).await.map_err(database)? {
        let ticket: Ticket = parse(row.try_get(1).map_err(database)?)?;
        found.insert((true, row.try_get(0).map_err(database)?), SearchHit::of_ticket(&ticket, find));
    }
    let sql = "SELECT d.doc, m.data, t.data, c.data FROM message_docs d JOIN messages m ON m.id = d.message \
               LEFT JOIN tickets t ON t.conversation = d.conversation LEFT JOIN conversations c ON c.id = d.conversation WHERE d.doc IN (";
    let mut query = listed(sql, docs);
    for row in query.build().fetch_all(&store.readers).await.map_err(database)? {
        let message: Message = parse(row.try_get(1).map_err(database)?)?;
        let ticket: Option<Ticket> = row.try_get::<Option<String>, _>(2).map_err(database)?.map(parse).transpose()?;
        let conversation: Option<Conversation> = row.try_get::<Option<String>, _>(3).map_err(database)?.map(parse).transpose()?;
        let hit = SearchHit::of_message(&message, ticket.as_ref(), conversation.as_ref(), find);
        found.insert((false, row.try_get(0).map_err(database)?), hit);
    }
    let take = |key: &Found| match key {
        Found::Ticket(number) => found.remove(&(true, *number)),
        Found::Message(doc) => found.remove(&(false, *doc)),
    };
    Ok(page.iter().filter_map(take).collect())
}

fn listed(sql: &'static str, values: impl Iterator<Item = i64>) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::<Sqlite>::new(sql);
    let mut list = query.separated(", ");
    for value in values {
        list.push_bind(value);
    }
    query.push(")");
    query
}

fn parse<T: serde::de::DeserializeOwned>(data: String) -> Result<T, StoreError> {
    serde_json::from_str(&data).map_err(StoreError::Corrupt)
}
