//! `GET /api/v1/sync`: a batch now or when there is one (long poll), or all batches as they come (event stream).

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::{Stream, StreamExt};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{batch, cursor};
use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::extract::Query;
use crate::server::presence::Connected;
use crate::server::protocol::Protocol;
use crate::server::state::Desk;
use crate::store::Position;
use crate::wire::problem::Problem;
use crate::wire::sync::Batch;

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
    (status = 200, description = "What changed after the cursor, for this person", body = Batch,
     example = json!({"from": "MS4wLjE", "to": "MS4wLjI", "more": false, "now": "2026-11-21T03:00:00Z", "changes": []})),
    (status = 400, description = "Not a cursor", body = Problem),
    (status = 401, description = "Not signed in", body = Problem),
    (status = 410, description = "The cursor is too old: start over with a snapshot", body = Problem)))]
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
    if streams {
        // The first batch is read before answering, so that a cursor too old is an error and not a stream that ends.
        batch::read(&desk, &who.person, protocol, from).await?;
        return Ok(stream(desk, (who, protocol), from, connected));
    }
    let wait = Duration::from_secs(query.wait.min(WAIT_MAX));
    let (mut head, mut here) = (desk.hub.subscribe(), desk.here.subscribe());
    let deadline = tokio::time::sleep(wait);
    tokio::pin!(deadline);
    loop {
        head.mark_unchanged();
        here.mark_unchanged();
        let (mut batch, _) = batch::read(&desk, &who.person, protocol, from).await?;
        let news = query.here.map(|mark| desk.here.news(&who.person, Some(mark)));
        batch.here = news.filter(|news| !news.tickets.is_empty());
        if batch.from != batch.to || batch.here.is_some() || wait.is_zero() || deadline.is_elapsed() {
            return Ok(([(header::CACHE_CONTROL, "no-store")], Json(batch)).into_response());
        }
        tokio::select! {
            _ = head.changed() => {}
            _ = here.changed(), if query.here.is_some() => {}
            () = &mut deadline => {}
            () = who.revoked.cancelled() => return Err(ApiProblem::not_signed_in()),
            () = desk.shutdown.cancelled() => return Ok(Json(batch).into_response()),
        }
    }
}

fn stream(desk: Desk, who: (SignedIn, Protocol), from: Position, connected: Connected) -> Response {
    desk.metrics.streams.inc();
    let events = batches(desk, who, from, connected);
    // A first byte at once: the headers wait for one, and until they come the console does not know that it is connected.
    let hello = futures::stream::once(std::future::ready(Ok(Event::default().comment("here"))));
    let sse = Sse::new(hello.chain(events)).keep_alive(KeepAlive::new().interval(HEARTBEAT).text("still here"));
    let unbuffered = [(HeaderName::from_static("x-accel-buffering"), "no"), (header::CACHE_CONTROL, "no-store")];
    (unbuffered, sse).into_response()
}

/// Counts a stream for as long as it lives.
struct Open(Desk, #[expect(dead_code, reason = "held for its drop")] Connected);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.metrics.streams.dec();
    }
}

fn batches(
    desk: Desk,
    (who, protocol): (SignedIn, Protocol),
    from: Position,
    connected: Connected,
) -> impl Stream<Item = Result<Event, Infallible>> {
    let (head, here) = (desk.hub.subscribe(), desk.here.subscribe());
    let open = Open(desk, connected);
    let state = (open, who, from, head, (here, None));
    futures::stream::unfold(state, move |(open, who, from, mut head, (mut here, mark))| async move {
        let mut mark: Option<i64> = mark;
        let desk = &open.0;
        loop {
            head.mark_unchanged();
            here.mark_unchanged();
            // Rights may have changed since the stream was opened.
            let person = desk.directory().people.get(&who.person.id).filter(|person| person.active).cloned()?;
            let (batch, to) = batch::read(desk, &person, protocol, from).await.ok()?;
            if to != from {
                let event = Event::default().event("batch").json_data(&batch).ok()?;
                return Some((Ok(event), (open, who, to, head, (here, mark))));
            }
            let news = desk.here.news(&person, mark);
            mark = Some(news.mark);
            if !news.tickets.is_empty() {
                let event = Event::default().event("here").json_data(&news).ok()?;
                return Some((Ok(event), (open, who, from, head, (here, mark))));
            }
            tokio::select! {
                changed = head.changed() => changed.ok()?,
                changed = here.changed() => changed.ok()?,
                () = who.revoked.cancelled() => return None,
                () = desk.shutdown.cancelled() => return None,
            }
        }
    })
}
