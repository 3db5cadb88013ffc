//! Full-text search in what the cache holds: the same terms, ranks and lines as the server's, so that its answer to the same
//! words only adds to this one. Everything here may be read: what may not is not in the cache.

use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::base::terms::{Query, fts5};
use crate::client::error::CacheError;
use crate::client::search::FoundHits;
use crate::domain::Timestamp;
use crate::domain::conversation::{Conversation, Message};
use crate::domain::row::RowKind;
use crate::domain::search::{Found, RANGES_MAX, SearchHit, SearchIn, candidates_of, is_note, rank, searched};
use crate::domain::ticket::Ticket;

use super::Cache;

/// Matches that are ranked: those that came into the cache last.
const WINDOW: i64 = 2_000;
impl Cache {
    /// Cached tickets and messages that hold the words, best first, after the first `skip`, at most `limit`.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn search(
        &self,
        words: &str,
        within: Option<SearchIn>,
        skip: usize,
        limit: usize,
        now: Timestamp,
    ) -> Result<FoundHits, CacheError> {
        let query = Query::parse(words);
        let Some(expression) = fts5::expression(&query) else { return Ok(FoundHits { complete: true, ..FoundHits::default() }) };
        let mut tx = self.readers().begin().await?;
        let mut candidates = Vec::new();
        if matches!(within, None | Some(SearchIn::Tickets)) {
            let sql = "SELECT t.number, s.rank, -t.fresh FROM search_tickets s CROSS JOIN tickets t ON t.number = s.rowid
                       WHERE s.search_tickets MATCH ? ORDER BY s.rowid DESC LIMIT ?";
            let found = sqlx::query_as(sql).bind(&expression).bind(WINDOW).fetch_all(&mut *tx).await?;
            candidates.extend(candidates_of(&found, Found::Ticket));
        }
        if within != Some(SearchIn::Tickets) {
            let sql = "SELECT d.doc, s.rank, d.at FROM search_messages s CROSS JOIN message_docs d ON d.doc = s.rowid
                       WHERE s.search_messages MATCH ?1 AND (?2 IS NULL OR d.note = ?2) ORDER BY s.rowid DESC LIMIT ?3";
            let note = within.map(|within| within == SearchIn::Notes);
            let found = sqlx::query_as(sql).bind(&expression).bind(note).bind(WINDOW).fetch_all(&mut *tx).await?;
            candidates.extend(candidates_of(&found, Found::Message));
        }
        let ranked = rank(candidates, now);
        let find = |text: &str| query.ranges(text, RANGES_MAX);
        let mut hits = Vec::new();
        for key in ranked.iter().skip(skip).take(limit) {
            hits.extend(match key {
                Found::Ticket(number) => ticket(&mut tx, *number).await?.map(|row| SearchHit::of_ticket(&row, &find)),
                Found::Message(doc) => message(&mut tx, *doc, &find).await?,
            });
        }
        let next = (skip + limit < ranked.len()).then(|| (skip + limit).to_string());
        Ok(FoundHits { hits, next, complete: true })
    }
}

async fn ticket(connection: &mut SqliteConnection, number: i64) -> Result<Option<Ticket>, CacheError> {
    let found: Option<String> =
        sqlx::query_scalar("SELECT data FROM ticket_data WHERE number = ?").bind(number).fetch_optional(connection).await?;
    Ok(found.map(|json| serde_json::from_str(&json)).transpose()?)
}

async fn message(
    connection: &mut SqliteConnection,
    doc: i64,
    find: &(dyn Fn(&str) -> Vec<(usize, usize)> + Sync),
) -> Result<Option<SearchHit>, CacheError> {
    let sql = "SELECT m.data FROM message_docs d JOIN messages m ON m.id = d.message WHERE d.doc = ?";
    let found: Option<String> = sqlx::query_scalar(sql).bind(doc).fetch_optional(&mut *connection).await?;
    let Some(row) = found.map(|json| serde_json::from_str::<Message>(&json)).transpose()? else { return Ok(None) };
    let of = match row.ticket {
        Some(number) => ticket(connection, number.0).await?,
        None => None,
    };
    let place: Option<String> = match row.ticket {
        Some(_) => None,
        None => {
            let sql = "SELECT data FROM rows WHERE kind = ? AND id = ?";
            let query = sqlx::query_scalar(sql).bind(RowKind::Conversation.as_str()).bind(row.conversation.to_string());
            query.fetch_optional(connection).await?
        }
    };
    let place: Option<Conversation> = place.map(|json| serde_json::from_str(&json)).transpose()?;
    Ok(Some(SearchHit::of_message(&row, of.as_ref(), place.as_ref(), find)))
}

/// Takes tickets that were written into the index, in one statement; at least one, at most some hundred.
pub(crate) async fn put_tickets<'a>(connection: &mut SqliteConnection, rows: impl Iterator<Item = &'a Ticket>) -> Result<(), CacheError> {
    let mut sql = QueryBuilder::<Sqlite>::new("INSERT INTO search_ticket_put (number, mark, terms, exact) ");
    sql.push_values(rows, |mut put, row| {
        let texts = searched(row);
        let columns = fts5::Columns::of(texts.iter().map(String::as_str));
        put.push_bind(row.number.0).push_bind(columns.mark()).push_bind(columns.terms).push_bind(columns.exact);
    });
    sql.build().execute(connection).await?;
    Ok(())
}

/// Takes a message that was written into the index; a withheld one has no words.
pub(crate) async fn put_message(connection: &mut SqliteConnection, row: &Message) -> Result<(), CacheError> {
    let columns = fts5::Columns::of([row.text.as_str()]);
    sqlx::query("INSERT INTO search_message_put (message, note, at, mark, terms, exact) VALUES (?, ?, ?, ?, ?, ?)")
        .bind(row.id.to_string())
        .bind(is_note(row))
        .bind(row.created_at.timestamp_millis())
        .bind(columns.mark())
        .bind(columns.terms)
        .bind(columns.exact)
        .execute(connection)
        .await?;
    Ok(())
}
