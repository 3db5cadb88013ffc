//! A console that has caught up holds what its person may see, row by row: the digests agree, and so does the JSON behind them.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use super::desk::{Desk, all, open};
use super::effects::Effect;
use super::held;
use super::{ConsoleEnd, Findings};

const RULE: &str = "replicas";

pub async fn check(desk: &Desk, console: &ConsoleEnd, effects: &[Effect<'_>], findings: &mut Findings) {
    let client = &console.client;
    let mut connection = open(&console.cache).await;
    let meta = meta(&mut connection).await;
    let Some(person) = meta.get("person").and_then(|id| desk.people.get(id)) else {
        findings.fact(RULE, Some(format!("{client}: its cache is of {:?}, whom the desk does not know", meta.get("person"))));
        return;
    };
    let wanted = format!("{}.0.{}", desk.epoch, desk.head);
    let cursor = meta.get("cursor").and_then(|text| URL_SAFE_NO_PAD.decode(text).ok()).and_then(|bytes| String::from_utf8(bytes).ok());
    findings.holds(RULE, cursor.as_deref() == Some(&wanted), || format!("{client} stands at {cursor:?}, the desk at {wanted}"));
    let theirs = held::of(desk, person);
    let ours = rows(&mut connection).await;
    let digest = |rows: &mut dyn Iterator<Item = (&(String, String), i64)>| {
        let mut sums: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        for ((kind, id), version) in rows {
            let sum = sums.entry(kind.clone()).or_default();
            let hash = Sha256::digest(format!("{id}:{version}"));
            *sum = (sum.0 + 1, sum.1 ^ u64::from_be_bytes(hash[..8].try_into().expect("32 bytes")));
        }
        sums
    };
    let desks = digest(&mut theirs.iter().map(|(id, row)| (id, row.0)));
    let caches = digest(&mut ours.iter().map(|(id, row)| (id, row.0)));
    let kinds: BTreeSet<_> = desks.keys().chain(caches.keys()).collect();
    for kind in kinds {
        findings.holds(RULE, desks.get(kind) == caches.get(kind), || {
            format!("{client}: the digest of kind {kind} is {:?}, the desk's is {:?}", caches.get(kind), desks.get(kind))
        });
    }
    for ((kind, id), (version, data)) in &theirs {
        findings.fact(RULE, differs(client, kind, id, (*version, data), ours.get(&(kind.clone(), id.clone()))));
    }
    for (kind, id) in ours.keys().filter(|id| !theirs.contains_key(*id)) {
        findings.fact(RULE, Some(format!("{client} holds {kind} {id}, which {} may not see or which is gone", person.handle)));
    }
    messages(desk, client, &mut connection, findings).await;
    outbox(client, &mut connection, effects, findings).await;
}

/// How the cache's row differs from the desk's.
fn differs(client: &str, kind: &str, id: &str, (version, data): (i64, &str), ours: Option<&(i64, String)>) -> Option<String> {
    let Some((own_version, own)) = ours else { return Some(format!("{client} lacks {kind} {id} in version {version}")) };
    if *own_version != version {
        return Some(format!("{client} holds {kind} {id} in version {own_version}, the desk in {version}"));
    }
    (own != data && json(own) != json(data))
        .then(|| format!("{client} holds {kind} {id} in version {version} with other content: {own} for {data}"))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

async fn meta(connection: &mut SqliteConnection) -> BTreeMap<String, String> {
    all(connection, "SELECT key, value FROM meta").await.iter().map(|row| (row.get(0), row.get(1))).collect()
}

async fn rows(connection: &mut SqliteConnection) -> BTreeMap<(String, String), (i64, String)> {
    let sql = "SELECT kind, id, version, data FROM rows UNION ALL
               SELECT 'ticket', CAST(t.number AS TEXT), t.version, d.data FROM tickets t LEFT JOIN ticket_data d ON d.number = t.number";
    let row = |row: &sqlx::sqlite::SqliteRow| {
        let data: Option<String> = row.get(3);
        ((row.get(0), row.get(1)), (row.get(2), data.unwrap_or_default()))
    };
    all(connection, sql).await.iter().map(row).collect()
}

/// Of messages a console holds those it was told or fetched; each is the desk's, or its place alone.
async fn messages(desk: &Desk, client: &str, connection: &mut SqliteConnection, findings: &mut Findings) {
    for row in all(connection, "SELECT id, version, withheld, data FROM messages").await {
        let (id, version, withheld, data): (String, i64, bool, String) = (row.get(0), row.get(1), row.get(2), row.get(3));
        let Some(theirs) = desk.message_rows.get(&id) else {
            findings.fact(RULE, Some(format!("{client} holds message {id}, which the desk does not know")));
            continue;
        };
        if !withheld {
            findings.fact(RULE, differs(client, "message", &id, (theirs.version, &theirs.data), Some(&(version, data))));
        }
    }
}

/// What was queued was sent and answered, or waits still; what was refused is in the tray with its reason.
async fn outbox(client: &str, connection: &mut SqliteConnection, effects: &[Effect<'_>], findings: &mut Findings) {
    let entry = |row: &sqlx::sqlite::SqliteRow| (row.get::<String, _>(0), row.get::<String, _>(1));
    let entries: BTreeMap<_, _> = all(connection, "SELECT key, state FROM outbox").await.iter().map(entry).collect();
    // Written down once before it was queued, and once more when it was: only then it must not be lost.
    for effect in effects.iter().filter(|effect| effect.client == client && effect.operation.invoked > 1) {
        let state = entries.get(&effect.submission().key.to_string()).map(String::as_str);
        let kept = match effect.stored {
            Some(Ok(_)) => state != Some("refused"),
            Some(Err(_)) => matches!(state, Some("refused" | "waiting")),
            None => state.is_some(),
        };
        findings.holds(RULE, kept, || {
            format!("{} was queued and is lost: answered {:?}, in the outbox {state:?}", effect.words(), effect.stored)
        });
    }
}
