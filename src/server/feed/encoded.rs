//! An entry of the feed as it is sent: encoded once, shared by all who receive it.

use bytes::Bytes;
use serde_json::json;

use crate::domain::access::{self, Audience};
use crate::domain::person::Person;
use crate::domain::row::RowKind;
use crate::store::{FeedEntry, Position};

/// What is kept of an entry. Its row is within `put` alone.
#[derive(Clone, Debug)]
pub(super) struct Encoded {
    pub position: Position,
    pub kind: RowKind,
    id: String,
    version: i64,
    before: Option<Audience>,
    after: Audience,
    /// The [`RowChange`](crate::wire::sync::RowChange) of those who see the row, as JSON.
    pub put: Bytes,
}

impl Encoded {
    pub fn of(entry: &FeedEntry) -> Self {
        let kind = entry.kind;
        let mut put = change(kind, &entry.id, entry.version, "put");
        put.pop();
        put.reserve_exact(entry.row.len() + 9);
        // The row is JSON of ours, kept as it was written: looking into it again, once for each receiver, was most of sending it.
        put.push_str(",\"row\":");
        put.push_str(&entry.row);
        put.push('}');
        Self {
            position: entry.position,
            kind,
            id: entry.id.clone(),
            version: entry.version,
            before: entry.before.clone(),
            after: entry.after.clone(),
            put: put.into(),
        }
    }

    /// What `viewer` is told of it, if anything.
    pub fn for_viewer(&self, viewer: &Person) -> Option<Bytes> {
        if access::admits(&self.after, viewer) {
            Some(self.put.clone())
        } else if self.before.as_ref().is_some_and(|before| access::admits(before, viewer)) {
            Some(change(self.kind, &self.id, self.version, "out").into())
        } else {
            None
        }
    }

    /// The viewer's own row was edited: rows may have come into sight, or gone, of which the feed says nothing.
    pub fn is_own_edit(&self, viewer: &Person) -> bool {
        self.kind == RowKind::Person && self.before.is_some() && self.id == viewer.id.to_string()
    }
}

fn change(kind: RowKind, id: &str, version: i64, op: &str) -> String {
    let (kind, id) = (json!(kind), json!(id));
    format!("{{\"kind\":{kind},\"id\":{id},\"version\":{version},\"op\":\"{op}\"}}")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::person::Role;
    use crate::domain::testing::{id, person};
    use crate::wire::sync::{ChangeOp, RowChange};

    fn entry(before: Option<Audience>, after: Audience) -> FeedEntry {
        let row: Arc<str> = r#"{"number":7,"subject":"a \"quoted\"\nline"}"#.into();
        FeedEntry { position: Position::default(), kind: RowKind::Ticket, id: "7".into(), version: 3, before, after, row }
    }

    #[test]
    fn what_is_sent_reads_as_the_change_it_is() {
        let (inside, outside) = (person(1, "ann", Role::Agent, 1, &[id(20)]), person(2, "zoe", Role::Agent, 1, &[id(21)]));
        let pumps = Audience::Queue { queue: id(20), people: Vec::new() };
        let moved = Encoded::of(&entry(Some(pumps), Audience::Queue { queue: id(21), people: Vec::new() }));
        let put: RowChange = serde_json::from_slice(&moved.for_viewer(&outside).unwrap()).unwrap();
        assert_eq!((put.kind, put.id.as_str(), put.version, put.op), (RowKind::Ticket, "7", 3, ChangeOp::Put));
        assert_eq!(put.row.unwrap().get(), &*entry(None, Audience::Desk).row);
        let out: RowChange = serde_json::from_slice(&moved.for_viewer(&inside).unwrap()).unwrap();
        assert!(out.op == ChangeOp::Out && out.row.is_none());
        assert!(Encoded::of(&entry(None, Audience::Nobody)).for_viewer(&inside).is_none());
    }
}
