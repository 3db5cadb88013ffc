//! Rows that a newer server words in a way that this version does not know.
//!
//! A word that has a safe neighbour is read as that neighbour (an unknown status as open: the ticket stays in sight, and the server
//! decides what may be done with it). What cannot be read even so is set aside: not shown, but counted by the digest, so that sync
//! goes on. Both are written down, and read anew once this console is updated.

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;
use sqlx::SqliteConnection;

use crate::client::cache::Cache;
use crate::client::error::CacheError;
use crate::domain::conversation::{Author, ConversationKind, DeskLine, Message, Visibility};
use crate::domain::person::{Presence, Role};
use crate::domain::queue::{EndOfShift, Strategy};
use crate::domain::row::{Row, RowKind};
use crate::domain::sla::Clock;
use crate::domain::ticket::{Kind, Link, MajorIncident, Priority, Status, WaitReason};

use super::apply::{Incoming, Session};

/// Rows whose word was read as its neighbour: their place in the cache's `rows`.
pub(super) const MENDED: &str = "mended:";
/// Rows that were set aside.
pub(super) const ASIDE: &str = "aside:";

/// The row in words that this version knows, or `None` when it cannot be read.
pub(super) fn mend(kind: RowKind, json: &str) -> Option<String> {
    let mut row: Value = serde_json::from_str(json).ok()?;
    let fields = row.as_object_mut()?;
    for (field, known, instead) in neighbours(kind) {
        match fields.get_mut(*field) {
            Some(Value::Array(items)) if instead.is_null() => items.retain(known),
            Some(value) if !value.is_null() && !known(value) => *value = instead.clone(),
            _ => {}
        }
    }
    let mended = row.to_string();
    Row::from_json(kind, &mended).is_ok().then_some(mended)
}

/// A message out of a page of them; `None` when it cannot be read even so.
/// And whether it was mended.
pub(super) fn message(row: Value) -> Option<(Message, bool)> {
    match serde_json::from_value(row.clone()) {
        Ok(message) => Some((message, false)),
        Err(_) => Some((serde_json::from_str(&mend(RowKind::Message, &row.to_string())?).ok()?, true)),
    }
}

/// Writes down which messages of a fetched page were mended, so that they are read anew after an update.
pub(super) async fn note_mended(cache: &Cache, page: &[(Message, bool)]) -> Result<(), CacheError> {
    if page.iter().all(|(_, mended)| !mended) {
        return Ok(());
    }
    let mut writing = cache.write_rows().await?;
    for (message, _) in page.iter().filter(|(_, mended)| *mended) {
        let sql = "INSERT OR REPLACE INTO rows(kind, id, version, data) VALUES ('mended:message', ?, ?, 'null')";
        sqlx::query(sql).bind(message.id.to_string()).bind(message.version).execute(writing.connection()).await?;
    }
    writing.commit().await
}

impl Session<'_> {
    /// Whether a newer version of this row was set aside already.
    pub(super) async fn is_passed(&mut self, incoming: &Incoming<'_>) -> Result<bool, CacheError> {
        let force = self.force;
        let marks = self.marks().await?;
        if marks.is_empty() || force {
            return Ok(false);
        }
        let aside = marks.get(&(format!("{ASIDE}{}", incoming.kind.as_str()), incoming.id.to_owned()));
        Ok(aside.is_some_and(|version| *version >= incoming.version))
    }

    async fn marks(&mut self) -> Result<&mut HashMap<(String, String), i64>, CacheError> {
        if self.marks.is_none() {
            let sql = "SELECT kind, id, version FROM rows WHERE kind BETWEEN 'aside:' AND 'aside;' OR kind BETWEEN 'mended:' AND 'mended;'";
            let found: Vec<(String, String, i64)> = sqlx::query_as(sql).fetch_all(&mut *self.connection).await?;
            self.marks = Some(found.into_iter().map(|(kind, id, version)| ((kind, id), version)).collect());
        }
        Ok(self.marks.get_or_insert_default())
    }

    /// Mends a row or sets it aside, and writes down which.
    pub(super) async fn put_newer(&mut self, incoming: Incoming<'_>, why: &serde_json::Error) -> Result<(), CacheError> {
        let Incoming { kind, id, version, row } = incoming;
        if !self.force && self.held_version(kind, id).await?.is_some_and(|held| held >= version) {
            return Ok(());
        }
        self.newer.push(format!("{} {id}: {why}", kind.as_str()));
        if let Some(mended) = mend(kind, row.get()) {
            let mended = RawValue::from_string(mended)?;
            self.put_known(Incoming { row: &mended, ..incoming }).await?;
            return self.mark(MENDED, kind, id, version).await;
        }
        // What is held is older, and would be taken for how things are.
        self.out_known(kind, id).await?;
        self.mark(ASIDE, kind, id, version).await
    }

    async fn held_version(&mut self, kind: RowKind, id: &str) -> Result<Option<i64>, CacheError> {
        let sql = match kind {
            RowKind::Ticket => "SELECT version FROM tickets WHERE number = CAST(?2 AS INTEGER) AND ?1 <> ''",
            RowKind::Message => "SELECT version FROM messages WHERE id = ?2 AND ?1 <> ''",
            _ => "SELECT version FROM rows WHERE kind = ?1 AND id = ?2",
        };
        Ok(sqlx::query_scalar(sql).bind(kind.as_str()).bind(id).fetch_optional(&mut *self.connection).await?)
    }

    async fn mark(&mut self, how: &str, kind: RowKind, id: &str, version: i64) -> Result<(), CacheError> {
        self.unmark(kind, id).await?;
        let place = format!("{how}{}", kind.as_str());
        let sql = "INSERT OR REPLACE INTO rows(kind, id, version, data) VALUES (?, ?, ?, 'null')";
        sqlx::query(sql).bind(&place).bind(id).bind(version).execute(&mut *self.connection).await?;
        self.marks().await?.insert((place, id.to_owned()), version);
        Ok(())
    }

    /// The row is read as it is, or gone.
    pub(super) async fn unmark(&mut self, kind: RowKind, id: &str) -> Result<(), CacheError> {
        if self.marks().await?.is_empty() {
            return Ok(());
        }
        for how in [MENDED, ASIDE] {
            let key = (format!("{how}{}", kind.as_str()), id.to_owned());
            if self.marks().await?.remove(&key).is_some() {
                sqlx::query("DELETE FROM rows WHERE kind = ? AND id = ?").bind(&key.0).bind(id).execute(&mut *self.connection).await?;
            }
        }
        Ok(())
    }
}

/// The rows of a kind that were set aside.
pub(super) async fn set_aside(connection: &mut SqliteConnection, kind: RowKind) -> Result<Vec<String>, CacheError> {
    let place = format!("{ASIDE}{}", kind.as_str());
    Ok(sqlx::query_scalar("SELECT id FROM rows WHERE kind = ?").bind(place).fetch_all(connection).await?)
}

fn is<T: DeserializeOwned>(value: &Value) -> bool {
    T::deserialize(value).is_ok()
}

type Neighbour = (&'static str, fn(&Value) -> bool, Value);

/// Fields with words of ours, and what stands for one that is not known. In lists, what is not known is left out.
fn neighbours(kind: RowKind) -> &'static [Neighbour] {
    use std::sync::LazyLock;
    static TICKET: LazyLock<Vec<Neighbour>> = LazyLock::new(|| {
        vec![
            ("status", is::<Status>, "open".into()),
            ("kind", is::<Kind>, "question".into()),
            ("priority", is::<Priority>, "normal".into()),
            ("waits", is::<WaitReason>, Value::Null),
            ("major", is::<MajorIncident>, Value::Null),
            ("links", is::<Link>, Value::Null),
            ("clocks", is::<Clock>, Value::Null),
        ]
    });
    static MESSAGE: LazyLock<Vec<Neighbour>> = LazyLock::new(|| {
        vec![
            ("author", is::<Author>, serde_json::json!({ "type": "system" })),
            // Never wider than it may be.
            ("visibility", is::<Visibility>, "internal".into()),
            ("line", is::<DeskLine>, Value::Null),
        ]
    });
    static PERSON: LazyLock<Vec<Neighbour>> = LazyLock::new(|| vec![("role", is::<Role>, "viewer".into())]);
    static AGENT_STATE: LazyLock<Vec<Neighbour>> = LazyLock::new(|| vec![("presence", is::<Presence>, "away".into())]);
    static CONVERSATION: LazyLock<Vec<Neighbour>> = LazyLock::new(|| vec![("kind", is::<ConversationKind>, "channel".into())]);
    static QUEUE: LazyLock<Vec<Neighbour>> =
        LazyLock::new(|| vec![("strategy", is::<Strategy>, "manual".into()), ("end_of_shift", is::<EndOfShift>, "keep".into())]);
    match kind {
        RowKind::Ticket => &TICKET,
        RowKind::Message => &MESSAGE,
        RowKind::Person => &PERSON,
        RowKind::AgentState => &AGENT_STATE,
        RowKind::Conversation => &CONVERSATION,
        RowKind::Queue => &QUEUE,
        // A notice, an escalation, a rota or a shift read as something else would mislead.
        _ => &[],
    }
}
