//! `GET /api/v1/sync`: a batch now or when there is one (long poll), or all batches as they come (event stream).

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::StreamExt;
use serde::Deserialize;
use utoipa::IntoParams;

use super::batch::{self, Batch, Reader};
use super::cursor;
use super::receivers::{CHANGES, CURSOR, HERE, Listening};
use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::extract::Query;
use crate::server::presence::Connected;
use crate::server::protocol::Protocol;
use crate::server::state::Desk;
use crate::store::Position;
use crate::wire::problem::Problem;
use crate::wire::sync;

/// Longest wait of a long poll, in seconds.
const WAIT_MAX: u64 = 30;
const HEARTBEAT: Duration = Duration::from_secs(15);

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct SyncQuery {
    /// From a snapshot, or the last batch's `to`.
    cursor: String,
    /// Seconds to wait for news, 0 to 30.
    #[serde(default)]
    wait: u64,
    /// With a long poll: the `mark` of the last news of who is where, 0 at first. Absent: not told.
    here: Option<i64>,
}

/// Follow changes: a batch, or with `Accept: text/event-stream` a stream of them (`event: batch`), with who is at which ticket between them (`event: here`).
#[utoipa::path(get, path = "/api/v1/sync", tag = "sync", params(SyncQuery), responses(
    (status = 200, description = "What changed after the cursor, for this person", body = sync::Batch,
     example = json!({"from": "MS4wLjE", "to": "MS4wLjI", "more": false, "now": "2026-11-21T03:00:00Z", "changes": []})),
    (status = 400, description = "Not a cursor", body = Problem),
    (status = 401, description = "Not signed in", body = Problem),
    (status = 410, description = "The cursor is too old: start over with a snapshot", body = Problem),
    (status = 503, description = "Too many at once: come back after `Retry-After`", body = Problem)))]
pub async fn sync(
    State(desk): State<Desk>,
    who: SignedIn,
    protocol: Protocol,
    headers: HeaderMap,
    Query(query): Query<SyncQuery>,
) -> ApiResult<Response> {
    let from = cursor::decode(&query.cursor)?;
    let streams =
        headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|kinds| kinds.contains("text/event-stream"));
    let connected = desk.presences.connect(who.person.id, &desk.clock);
    let listening = desk.hub.receivers.listen(&who.person);
    if streams {
        let _permit = desk.gates.streams.enter().await?;
        // The first batch is read before answering, so that a cursor too old is an error and not a stream that ends.
        let first = batch::read(&desk, Reader { viewer: &who.person, protocol }, from).await?;
        return Ok(stream(desk, (who, protocol), first, listening, connected));
    }
    poll(&desk, (&who, protocol), from, &query, &listening).await
}

/// A batch now, or when there is one, or after the wait.
async fn poll(
    desk: &Desk,
    (who, protocol): (&SignedIn, Protocol),
    from: Position,
    query: &SyncQuery,
    listening: &Listening,
) -> ApiResult<Response> {
    let wait = Duration::from_secs(query.wait.min(WAIT_MAX));
    let deadline = tokio::time::sleep(wait);
    tokio::pin!(deadline);
    let mut said = CHANGES | CURSOR | HERE;
    loop {
        let batch = batch::read(desk, Reader { viewer: &who.person, protocol }, from).await?;
        let news = query.here.map(|mark| desk.here.news(&who.person, Some(mark))).filter(|news| !news.tickets.is_empty());
        // An empty batch that only says how far the feed is comes when it is this receiver's turn.
        let moved = tells(&batch, said);
        if moved || news.is_some() || wait.is_zero() || deadline.is_elapsed() || desk.shutdown.is_cancelled() {
            let body = batch.write("", desk.clock.now(), news.as_ref(), "");
            return Ok(([(header::CACHE_CONTROL, "no-store"), (header::CONTENT_TYPE, "application/json")], body).into_response());
        }
        said = tokio::select! {
            said = listening.said() => said,
            () = &mut deadline => CURSOR,
            () = who.revoked.cancelled() => return Err(ApiProblem::not_signed_in()),
            () = desk.shutdown.cancelled() => CURSOR,
        };
    }
}

fn stream(desk: Desk, (who, protocol): (SignedIn, Protocol), first: Batch, listening: Listening, connected: Connected) -> Response {
    desk.metrics.streams.inc();
    // A first byte at once: the headers wait for one, and until they come the console does not know that it is connected.
    let mut hello = vec![Bytes::from_static(b": here\n\n")];
    let from = first.to;
    if first.moves() {
        hello.push(event(&desk, &first));
    }
    // From the second batch on at once as well, when there is one.
    let said = HERE | if first.more { CHANGES | CURSOR } else { 0 };
    let events = Events { desk: Open(desk, connected), who, protocol, from, listening, said, mark: None };
    let rest = futures::stream::unfold(events, async |mut events| events.next().await.map(|text| (text, events)));
    let all = futures::stream::iter(hello).chain(rest).map(Ok::<_, Infallible>);
    let told = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (HeaderName::from_static("x-accel-buffering"), "no"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (told, Body::from_stream(all)).into_response()
}

/// Whether a batch is worth sending: an empty one is when it is the receiver's turn to learn how far the feed is, or when it takes
/// several to get there.
fn tells(batch: &Batch, said: u8) -> bool {
    !batch.changes.is_empty() || (batch.moves() && (batch.more || said & CURSOR != 0))
}

fn event(desk: &Desk, batch: &Batch) -> Bytes {
    batch.write("event: batch\ndata: ", desk.clock.now(), None, "\n\n")
}

/// Counts a stream for as long as it lives.
struct Open(Desk, #[expect(dead_code, reason = "held for its drop")] Connected);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.metrics.streams.dec();
    }
}

/// An open stream.
struct Events {
    desk: Open,
    who: SignedIn,
    protocol: Protocol,
    /// How far the console was told.
    from: Position,
    listening: Listening,
    /// What is to be looked at.
    said: u8,
    /// The last news of who is where.
    mark: Option<i64>,
}

impl Events {
    /// The next event, or a sign of life; absent at the end.
    async fn next(&mut self) -> Option<Bytes> {
        let desk = &self.desk.0;
        loop {
            if self.said != 0 {
                // Rights may have changed since the stream was opened.
                let directory = desk.directory();
                let person = directory.people.get(&self.who.person.id).filter(|person| person.active)?;
                if self.said & (CHANGES | CURSOR) != 0 {
                    let batch = batch::read(desk, Reader { viewer: person, protocol: self.protocol }, self.from).await.ok()?;
                    let told = tells(&batch, self.said);
                    if !batch.more {
                        self.said &= !(CHANGES | CURSOR);
                    }
                    if told {
                        self.from = batch.to;
                        return Some(event(desk, &batch));
                    }
                }
                self.said &= !HERE;
                let news = desk.here.news(person, self.mark);
                self.mark = Some(news.mark);
                if !news.tickets.is_empty() {
                    let text = serde_json::to_string(&news).expect("news are plain data");
                    return Some(format!("event: here\ndata: {text}\n\n").into());
                }
            }
            tokio::select! {
                said = self.listening.said() => self.said |= said,
                () = tokio::time::sleep(HEARTBEAT) => return Some(Bytes::from_static(b": still here\n\n")),
                () = self.who.revoked.cancelled() => return None,
                () = desk.shutdown.cancelled() => return None,
            }
        }
    }
}
