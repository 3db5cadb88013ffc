//! Batches as a server might send them that is newer, broken, or none of ours: applied whole or not at all.

use dutydesk::client::cache::Cache;
use dutydesk::client::sync::apply::{Applied, apply};
use dutydesk::client::sync::digest;
use dutydesk::wire::sync::Batch;
use serde_json::json;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::{Mutator, Replay, inputs};
use crate::kill::desk::folder;
use crate::kill::dice::{Dice, seed};

fn id(n: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(n)
}

fn ticket(number: i64, version: i64) -> serde_json::Value {
    json!({
        "number": number, "version": version, "queue": id(1), "kind": "question", "subject": format!("Pump {number}"), "priority": "normal",
        "status": "open", "tier": 1, "requester": {"id": id(3), "name": "Ann"}, "conversation": id(1_000_000 + number.unsigned_abs() as u128),
        "message_count": 1, "created_at": "2026-11-21T03:00:00Z", "updated_at": "2026-11-21T03:00:00Z"
    })
}

/// Batches that this version would be sent.
fn samples() -> Vec<String> {
    let now = "2026-11-21T03:00:00Z";
    let message = json!({
        "id": id(77), "version": 1, "conversation": id(1_000_007), "ticket": 7, "seq": 1, "author": {"type": "person", "id": id(7)},
        "visibility": "internal", "text": "It stands still", "attachments": [], "mentions": [id(7)], "created_at": now
    });
    let person = json!({
        "id": id(7), "version": 2, "handle": "ann", "name": "Ann", "role": "agent", "tier": 1, "capacity": 5, "time_zone": "UTC", "active": true
    });
    let state = json!({"person": id(7), "version": 3, "presence": "available", "since": now, "open_tickets": 1});
    let put = |kind: &str, id: String, row: serde_json::Value| json!({"kind": kind, "id": id, "version": row["version"], "op": "put", "row": row});
    let batch =
        |changes: Vec<serde_json::Value>| json!({"from": "a", "to": "b", "more": false, "now": now, "changes": changes}).to_string();
    vec![
        batch(vec![
            put("ticket", "7".into(), ticket(7, 3)),
            put("message", id(77).to_string(), message),
            put("ticket", "8".into(), ticket(8, 1)),
        ]),
        batch(vec![put("person", id(7).to_string(), person), put("agent_state", id(7).to_string(), state)]),
        batch(vec![
            json!({"kind": "ticket", "id": "7", "version": 4, "op": "out"}),
            json!({"kind": "weather", "id": "1", "version": 1, "op": "put", "row": {}}),
        ]),
        batch(vec![]),
    ]
}

/// All that is held, in short.
async fn held(cache: &Cache) -> (String, String) {
    let digest = digest::of(cache).await.unwrap();
    let cursor = digest.cursor.clone();
    (cursor, format!("{:?}", digest.kinds))
}

#[tokio::test]
async fn a_batch_is_applied_whole_or_not_at_all() {
    let folder = folder();
    let path = folder.path().join("cache.sqlite");
    let cache = Cache::open(&path, id(7).into()).await.unwrap();
    let mut file = SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
    sqlx::query("INSERT OR REPLACE INTO meta VALUES ('cursor', 'a')").execute(&mut file).await.unwrap();
    let seed = seed();
    let mut mutator = Mutator { dice: Dice::new(seed) };
    let samples = samples();
    let samples: Vec<&str> = samples.iter().map(String::as_str).collect();
    let mut replay = Replay { target: "batch", seed, input: Vec::new() };
    let (mut applied, mut failed) = (0, 0);
    for round in 0..inputs() / 2 {
        replay.input = mutator.input(&samples);
        let Ok(mut batch) = serde_json::from_slice::<Batch>(&replay.input) else { continue };
        let before = held(&cache).await;
        if round % 3 > 0 {
            batch.from.clone_from(&before.0);
            batch.to = format!("c{round}");
        }
        match apply(&cache, &batch).await {
            Ok(Applied::Done { .. }) => {
                applied += 1;
                assert_eq!(held(&cache).await.0, batch.to, "the cursor moves on with the rows");
            }
            Ok(Applied::Unchained) => assert_eq!(held(&cache).await, before),
            Err(error) => {
                failed += 1;
                assert_eq!(held(&cache).await, before, "half a batch was kept: {error}");
            }
        }
    }
    assert!(applied > 20 || inputs() < 500, "{applied} batches were applied");
    println!("batches: {applied} applied, {failed} failed, seed {seed}");
    // What was taken in can be read by the screen.
    let read: Vec<String> = sqlx::query_scalar("SELECT data FROM ticket_data").fetch_all(&mut file).await.unwrap();
    assert!(read.iter().all(|row| serde_json::from_str::<dutydesk::domain::ticket::Ticket>(row).is_ok()));
    let integrity: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&mut file).await.unwrap();
    assert_eq!(integrity, ["ok"]);
    file.close().await.unwrap();
    cache.close().await;
}
