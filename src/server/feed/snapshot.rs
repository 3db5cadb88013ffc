//! `GET /api/v1/snapshot`: all that this person's console holds, as JSON Lines, in pages read while they are sent.

use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::stream::try_unfold;
use serde_json::value::RawValue;

use super::cursor;
use crate::domain::person::Person;
use crate::domain::row::RowKind;
use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::state::Desk;
use crate::store::StoreError;
use crate::wire::problem::Problem;
use crate::wire::sync::SnapshotLine;

const PAGE_ROWS: i64 = 1_000;

enum Stage {
    Start,
    Rows { kind: usize, after: Option<String> },
    Ended,
}

struct Reading {
    desk: Desk,
    viewer: Person,
    stage: Stage,
    sent: u64,
    _permit: tokio::sync::OwnedSemaphorePermit,
}

/// Everything this person's console holds, to begin with.
#[utoipa::path(get, path = "/api/v1/snapshot", tag = "sync", responses(
    (status = 200, description = "JSON Lines: `start`, rows, `end`; without `end` it was cut off", body = SnapshotLine, content_type = "application/jsonl",
     example = json!({"type": "start", "cursor": "MS4wLjI", "now": "2026-11-21T03:00:00Z"})),
    (status = 401, description = "Not signed in", body = Problem),
    (status = 503, description = "Too many at once: come back after `Retry-After`", body = Problem)))]
pub async fn snapshot(State(desk): State<Desk>, who: SignedIn) -> ApiResult<Response> {
    let permit = std::sync::Arc::clone(&desk.snapshots).try_acquire_owned().map_err(|_| {
        ApiProblem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "Many consoles load at once: try again shortly.").retry_after(2)
    })?;
    let reading = Reading { desk, viewer: who.person, stage: Stage::Start, sent: 0, _permit: permit };
    let pages = try_unfold(reading, |mut reading| async move {
        let page = next_page(&mut reading).await.inspect_err(|error| tracing::error!(%error, "a snapshot was cut off"))?;
        Ok::<_, StoreError>(page.map(|page| (page, reading)))
    });
    Ok(([(header::CONTENT_TYPE, "application/jsonl"), (header::CACHE_CONTROL, "no-store")], Body::from_stream(pages)).into_response())
}

/// The next piece of the body; absent after the last.
async fn next_page(reading: &mut Reading) -> Result<Option<Bytes>, StoreError> {
    let mut text = Vec::new();
    match &reading.stage {
        Stage::Start => {
            let head = reading.desk.store.head().await?;
            push(&mut text, &SnapshotLine::Start { cursor: cursor::encode(head), now: reading.desk.clock.now(), epoch: Some(head.epoch) });
            reading.stage = Stage::Rows { kind: 0, after: None };
        }
        Stage::Rows { kind, .. } if *kind == RowKind::ALL.len() => {
            push(&mut text, &SnapshotLine::End { rows: reading.sent });
            reading.stage = Stage::Ended;
        }
        Stage::Rows { kind: at, after } => {
            let (at, kind) = (*at, RowKind::ALL[*at]);
            let page = reading.desk.store.snapshot(&reading.viewer, kind, after.as_deref(), PAGE_ROWS).await?;
            for (id, version, row) in page.rows {
                let row = RawValue::from_string(row.to_string()).map_err(StoreError::Corrupt)?;
                push(&mut text, &SnapshotLine::Row { kind, id, version, row });
                reading.sent += 1;
            }
            reading.stage = match page.next {
                Some(after) => Stage::Rows { kind: at, after: Some(after) },
                None => Stage::Rows { kind: at + 1, after: None },
            };
        }
        Stage::Ended => return Ok(None),
    }
    Ok(Some(text.into()))
}

fn push(text: &mut Vec<u8>, line: &SnapshotLine) {
    serde_json::to_writer(&mut *text, line).expect("lines are plain data");
    text.push(b'\n');
}
