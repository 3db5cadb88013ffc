//! Snapshot, batches and digest: how a console comes to hold what it may see.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::domain::here::HereNews;
use crate::domain::row::RowKind;

/// What happened to a row, for this receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeOp {
    /// The row as it stands.
    Put,
    /// It left what this person holds.
    Out,
}

/// One row's change.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RowChange {
    pub kind: RowKind,
    pub id: String,
    pub version: i64,
    pub op: ChangeOp,
    /// The whole row, with `put`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub row: Option<Box<RawValue>>,
}

/// `GET /api/v1/sync?cursor=…&wait=25`, or one event of the stream. Batches chain: a console drops one whose `from` is not its cursor.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(from = "FlatBatch")]
pub struct Batch {
    pub from: String,
    pub to: String,
    /// More is ready now.
    pub more: bool,
    /// The server's time.
    pub now: DateTime<Utc>,
    pub changes: Vec<RowChange>,
    /// Who came to a ticket or left it, for long polls that ask by `here`; a stream tells it by events of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub here: Option<HereNews>,
    /// As read: changes that this version does not know and left out, of a kind or an act that a newer server has.
    #[serde(skip)]
    pub skipped: usize,
}

/// A batch as it is read: a kind of rows may be newer than this version.
#[derive(Deserialize)]
struct FlatBatch {
    from: String,
    to: String,
    more: bool,
    now: DateTime<Utc>,
    changes: Vec<FlatChange>,
    #[serde(default)]
    here: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct FlatChange {
    kind: String,
    id: String,
    version: i64,
    op: String,
    #[serde(default)]
    row: Option<Box<RawValue>>,
}

impl FlatChange {
    fn known(self) -> Option<RowChange> {
        let op = match self.op.as_str() {
            "put" => ChangeOp::Put,
            "out" => ChangeOp::Out,
            _ => return None,
        };
        Some(RowChange { kind: RowKind::parse(&self.kind)?, id: self.id, version: self.version, op, row: self.row })
    }
}

impl From<FlatBatch> for Batch {
    fn from(flat: FlatBatch) -> Self {
        let FlatBatch { from, to, more, now, changes, here } = flat;
        let all = changes.len();
        let changes: Vec<_> = changes.into_iter().filter_map(FlatChange::known).collect();
        // Who is where is told again soon; nothing else depends on it.
        let here = here.and_then(|news| serde_json::from_value(news).ok());
        Self { skipped: all - changes.len(), from, to, more, now, changes, here }
    }
}

/// A line of `GET /api/v1/snapshot` (JSON Lines): first `start`, then rows, last `end`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", try_from = "FlatLine")]
pub enum SnapshotLine {
    /// The cursor to sync from once the snapshot is applied.
    Start {
        cursor: String,
        now: DateTime<Utc>,
        /// Another one than before: the desk was restored from a backup, and versions may mean other rows. Absent: not told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        epoch: Option<i64>,
    },
    Row {
        kind: RowKind,
        id: String,
        version: i64,
        #[schema(value_type = Object)]
        row: Box<RawValue>,
    },
    /// Nothing was cut off.
    End { rows: u64 },
    /// As read: a line that a newer server has, or (`row`) a row of a kind that only it knows.
    #[serde(skip)]
    Newer { row: bool },
}

/// A line as it is read: serde buffers tagged enums, and a raw row does not survive that.
#[derive(Deserialize)]
struct FlatLine {
    #[serde(rename = "type")]
    word: String,
    cursor: Option<String>,
    now: Option<DateTime<Utc>>,
    epoch: Option<i64>,
    kind: Option<String>,
    id: Option<String>,
    version: Option<i64>,
    row: Option<Box<RawValue>>,
    rows: Option<u64>,
}

impl TryFrom<FlatLine> for SnapshotLine {
    type Error = String;

    fn try_from(line: FlatLine) -> Result<Self, String> {
        let read = match line.word.as_str() {
            "start" => line.cursor.zip(line.now).map(|(cursor, now)| Self::Start { cursor, now, epoch: line.epoch }),
            "row" => {
                line.kind.zip(line.id).zip(line.version.zip(line.row)).map(|((kind, id), (version, row))| match RowKind::parse(&kind) {
                    Some(kind) => Self::Row { kind, id, version, row },
                    None => Self::Newer { row: true },
                })
            }
            "end" => line.rows.map(|rows| Self::End { rows }),
            _ => Some(Self::Newer { row: false }),
        };
        read.ok_or_else(|| format!("a `{}` line of a snapshot lacks a field", line.word))
    }
}

/// Rows of one kind in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KindDigest {
    pub count: u64,
    /// XOR over the rows of the first 8 bytes of SHA-256 of `id:version`, hexadecimal: order does not matter.
    pub hash: String,
}

/// `GET /api/v1/digest`: what this person should hold, by kind, at `cursor`. Messages are left out: a console holds
/// those of the conversations it opened.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Digest {
    pub cursor: String,
    pub kinds: BTreeMap<String, KindDigest>,
}
