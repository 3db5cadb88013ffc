//! `GET /api/v1/snapshot`: all that this person's console holds, as JSON Lines, in pages read while they are sent.

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::stream::try_unfold;

use super::{cursor, hub};
use crate::domain::person::Person;
use crate::domain::row::RowKind;
use crate::server::auth::SignedIn;
use crate::server::error::ApiResult;
use crate::server::protocol::Protocol;
use crate::server::state::Desk;
use crate::store::StoreError;
use crate::wire::problem::Problem;
use crate::wire::protocol::knows;
use crate::wire::sync::SnapshotLine;

const PAGE_ROWS: i64 = 1_000;

enum Stage {
    Start,
    Rows { kind: usize, after: Option<String> },
    Ended,
}

struct Reading {
    desk: Desk,
    /// As they stand at the cursor. If they were older, what an edit of them in between brought into sight would never be told.
    viewer: Person,
    kinds: Vec<RowKind>,
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
pub async fn snapshot(State(desk): State<Desk>, who: SignedIn, protocol: Protocol) -> ApiResult<Response> {
    let permit = desk.gates.snapshots.enter().await?;
    let kinds = RowKind::ALL.into_iter().filter(|kind| knows(protocol.0, *kind)).collect();
    let reading = Reading { desk, viewer: who.person, kinds, stage: Stage::Start, sent: 0, _permit: permit };
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
            // The hub's head first: the directory is never older than that. As new as can be, so that an edit of the viewer that brought
            // them here is not told once more.
            hub::catch_up(&reading.desk).await?;
            let head = reading.desk.hub.head();
            let directory = reading.desk.directory();
            let Some(viewer) = directory.people.get(&reading.viewer.id).filter(|person| person.active) else {
                // Shut out meanwhile: cut off without an end.
                return Ok(None);
            };
            reading.viewer = viewer.clone();
            push(&mut text, &SnapshotLine::Start { cursor: cursor::encode(head), now: reading.desk.clock.now(), epoch: Some(head.epoch) });
            reading.stage = Stage::Rows { kind: 0, after: None };
        }
        Stage::Rows { kind, .. } if *kind == reading.kinds.len() => {
            push(&mut text, &SnapshotLine::End { rows: reading.sent });
            reading.stage = Stage::Ended;
        }
        Stage::Rows { kind: at, after } => {
            let (at, kind) = (*at, reading.kinds[*at]);
            let page = reading.desk.store.snapshot(&reading.viewer, kind, after.as_deref(), PAGE_ROWS).await?;
            for (id, version, row) in page.rows {
                push_row(&mut text, kind, &id, version, &row);
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

/// A [`SnapshotLine::Row`]; the row is JSON of ours, and goes out as it was written.
fn push_row(text: &mut Vec<u8>, kind: RowKind, id: &str, version: i64, row: &str) {
    let head = serde_json::json!({ "type": "row", "kind": kind, "id": id, "version": version }).to_string();
    text.reserve(head.len() + row.len() + 9);
    text.extend_from_slice(&head.as_bytes()[..head.len() - 1]);
    text.extend_from_slice(b",\"row\":");
    text.extend_from_slice(row.as_bytes());
    text.extend_from_slice(b"}\n");
}

fn push(text: &mut Vec<u8>, line: &SnapshotLine) {
    serde_json::to_writer(&mut *text, line).expect("lines are plain data");
    text.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_reads_as_the_line_it_is() {
        let mut text = Vec::new();
        push_row(&mut text, RowKind::Ticket, "7", 3, r#"{"subject":"a \"b\""}"#);
        let SnapshotLine::Row { kind, id, version, row } = serde_json::from_slice(&text).unwrap() else { panic!("no row") };
        assert_eq!((kind, id.as_str(), version, row.get()), (RowKind::Ticket, "7", 3, r#"{"subject":"a \"b\""}"#));
        assert!(text.ends_with(b"}\n") && text.iter().filter(|byte| **byte == b'\n').count() == 1);
    }
}
