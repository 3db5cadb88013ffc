//! What changed between two rows, field by field, for the audit.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::domain::audit::FieldChange;

/// Fields that say nothing about what somebody did.
const SILENT: [&str; 3] = ["version", "updated_at", "token_sha256"];
/// What the audit of a new ticket tells; the rest is in the row itself.
const OPENING: [&str; 5] = ["queue", "status", "priority", "assignee", "external"];

fn fields<T: Serialize>(row: &T) -> Map<String, Value> {
    match serde_json::to_value(row) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

/// The fields in which `after` differs from `before`.
#[must_use]
pub fn diff<T: Serialize>(before: &T, after: &T) -> Vec<FieldChange> {
    let mut from = fields(before);
    let mut changes = Vec::new();
    for (field, to) in fields(after) {
        let old = from.remove(&field).unwrap_or(Value::Null);
        if old != to && !SILENT.contains(&field.as_str()) {
            changes.push(FieldChange { field, from: old, to });
        }
    }
    for (field, old) in from {
        if !old.is_null() && !SILENT.contains(&field.as_str()) {
            changes.push(FieldChange { field, from: old, to: Value::Null });
        }
    }
    changes
}

/// The few fields by which a new ticket is known.
#[must_use]
pub fn opening<T: Serialize>(row: &T) -> Vec<FieldChange> {
    let mut all = fields(row);
    let pick = |field: &str| all.remove(field).map(|to| FieldChange { field: field.to_owned(), from: Value::Null, to });
    OPENING.into_iter().filter_map(pick).collect()
}

/// The fields by which a new row of the directory is known.
#[must_use]
pub fn naming<T: Serialize>(row: &T) -> Vec<FieldChange> {
    let mut all = fields(row);
    let pick = |field: &str| all.remove(field).map(|to| FieldChange { field: field.to_owned(), from: Value::Null, to });
    ["id", "key", "handle", "code", "external", "kind", "person", "title"].into_iter().filter_map(pick).collect()
}
