//! The simplest console there could be: rows from a snapshot, changed by batches, compared with a fresh snapshot and the digest.

use std::collections::BTreeMap;

use dutydesk::domain::row::RowKind;
use dutydesk::wire::sync::{Batch, ChangeOp, Digest, KindDigest, SnapshotLine};
use eventsource_stream::Eventsource;
use futures::StreamExt;
use reqwest::Method;
use serde_json::Value;
use sha2::Digest as _;

use crate::desk::{TestDesk, Who};

type Rows = BTreeMap<(RowKind, String), (i64, Value)>;

/// Batches looked at before a replica counts as never catching up.
const BATCHES: usize = 200;

pub struct Replica {
    who: Who,
    pub rows: Rows,
    pub cursor: String,
    /// Follows by event stream; otherwise by polls.
    streams: bool,
    /// Rows that left, in all.
    pub left: usize,
}

async fn snapshot(who: &Who) -> (String, Rows) {
    let response = who.api.send(who.api.request(Method::GET, "/api/v1/snapshot")).await.unwrap();
    let text = response.text().await.unwrap();
    let (mut rows, mut cursor, mut ended) = (Rows::new(), None, None);
    for line in text.lines() {
        match serde_json::from_str(line).unwrap() {
            SnapshotLine::Start { cursor: start, .. } => cursor = Some(start),
            SnapshotLine::Row { kind, id, version, row } => {
                let row: Value = serde_json::from_str(row.get()).unwrap();
                assert_eq!(row["version"], version, "{kind:?} {id}");
                assert!(rows.insert((kind, id), (version, row)).is_none(), "a row came twice");
            }
            SnapshotLine::End { rows } => ended = Some(rows),
            SnapshotLine::Newer { .. } => panic!("the server knows what this version does not"),
        }
    }
    assert_eq!(ended, Some(rows.len() as u64), "the snapshot was cut off");
    (cursor.unwrap(), rows)
}

fn digest_of(rows: &Rows) -> BTreeMap<String, KindDigest> {
    let mut sums: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for kind in RowKind::ALL.into_iter().filter(|kind| *kind != RowKind::Message) {
        sums.entry(kind.as_str().to_owned()).or_default();
    }
    for ((kind, id), (version, _)) in rows.iter().filter(|((kind, _), _)| *kind != RowKind::Message) {
        let hash = sha2::Sha256::digest(format!("{id}:{version}"));
        let sum = sums.get_mut(kind.as_str()).unwrap();
        *sum = (sum.0 + 1, sum.1 ^ u64::from_be_bytes(hash[..8].try_into().unwrap()));
    }
    sums.into_iter().map(|(kind, (count, hash))| (kind, KindDigest { count, hash: format!("{hash:016x}") })).collect()
}

/// All but messages: of those a console also keeps what it opened.
fn held(rows: &Rows) -> BTreeMap<&(RowKind, String), &(i64, Value)> {
    rows.iter().filter(|((kind, _), _)| *kind != RowKind::Message).collect()
}

impl Replica {
    pub async fn new(who: &Who, streams: bool) -> Self {
        let (cursor, rows) = snapshot(who).await;
        Self { who: who.clone(), rows, cursor, streams, left: 0 }
    }

    /// Those of a desk who matter to scope, by poll and by stream.
    pub async fn of_all(desk: &TestDesk) -> Vec<Self> {
        let mut replicas = Vec::new();
        for who in [&desk.admin, &desk.lead, &desk.ann, &desk.bob, &desk.zoe, &desk.eve, &desk.vic] {
            replicas.push(Self::new(who, false).await);
        }
        for who in [&desk.lead, &desk.ann, &desk.zoe] {
            replicas.push(Self::new(who, true).await);
        }
        replicas
    }

    fn apply(&mut self, batch: Batch) {
        assert_eq!(batch.from, self.cursor, "batches chain");
        for change in batch.changes {
            let key = (change.kind, change.id);
            match (change.op, change.row) {
                (ChangeOp::Put, Some(row)) => {
                    let row: Value = serde_json::from_str(row.get()).unwrap();
                    assert_eq!(row["version"], change.version, "{key:?}");
                    if self.rows.get(&key).is_none_or(|(version, _)| *version <= change.version) {
                        self.rows.insert(key, (change.version, row));
                    }
                }
                (ChangeOp::Out, None) => self.left += usize::from(self.rows.remove(&key).is_some()),
                (op, row) => panic!("{op:?} with {row:?}"),
            }
        }
        self.cursor = batch.to;
    }

    async fn digest(&self) -> Digest {
        self.who.api.get("/api/v1/digest").await.unwrap()
    }

    /// Follows until the replica is where the desk is.
    pub async fn catch_up(&mut self) {
        if self.streams {
            return self.stream_up().await;
        }
        for _ in 0..BATCHES {
            let goal = self.digest().await.cursor;
            if self.cursor == goal {
                return;
            }
            let batch = self.who.api.get(&format!("/api/v1/sync?cursor={}&wait=10", self.cursor)).await.unwrap();
            self.apply(batch);
        }
        panic!("{} never catches up", self.who.person.handle);
    }

    async fn stream_up(&mut self) {
        if self.cursor == self.digest().await.cursor {
            return;
        }
        let request = self.who.api.request(Method::GET, &format!("/api/v1/sync?cursor={}", self.cursor));
        let response = self.who.api.send(request.header("accept", "text/event-stream")).await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut events = response.bytes_stream().eventsource();
        for _ in 0..BATCHES {
            let event = events.next().await.unwrap().unwrap();
            if event.event == "batch" {
                self.apply(serde_json::from_str(&event.data).unwrap());
                if self.cursor == self.digest().await.cursor {
                    return;
                }
            }
        }
        panic!("{} never catches up", self.who.person.handle);
    }

    /// Catches up, and compares with what a console that starts now is told, and with the digest.
    pub async fn check(&mut self, step: &str) {
        let name = format!("{} after {step}", self.who.person.handle);
        // The desk's jobs may move on between the questions: ask until they are about one instant.
        for _ in 0..BATCHES {
            self.catch_up().await;
            let (cursor, fresh) = snapshot(&self.who).await;
            let digest = self.digest().await;
            if cursor != self.cursor || digest.cursor != self.cursor {
                continue;
            }
            assert_eq!(held(&self.rows), held(&fresh), "{name}: replica and snapshot");
            assert_eq!(digest_of(&self.rows), digest.kinds, "{name}: replica and digest");
            for (key, row) in fresh.iter().filter(|((kind, _), _)| *kind == RowKind::Message) {
                assert_eq!(self.rows.get(key).or(Some(row)), Some(row), "{name}: a message differs");
            }
            return;
        }
        panic!("{name}: the desk never rests");
    }

    /// Whether it is this person's.
    pub fn is(&self, handle: &str) -> bool {
        self.who.person.handle == handle
    }

    pub fn holds(&self, kind: RowKind, id: &str) -> bool {
        self.rows.contains_key(&(kind, id.to_owned()))
    }
}

pub async fn check_all(replicas: &mut [Replica], step: &str) {
    for replica in replicas {
        replica.check(step).await;
    }
}
