//! The audit replays to the same tickets: every `from` is what stood before, and the last `to` is what stands.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use dutydesk::domain::audit::{AuditActor, AuditEntry};
use futures::TryStreamExt;
use serde_json::{Map, Value};
use sqlx::Row;

use super::Findings;
use super::desk::{Desk, open};

const RULE: &str = "audit";
/// Fields of a ticket of which the audit tells; `version` and `updated_at` follow from it, and details of an act are no fields.
const FIELDS: [&str; 35] = [
    "number",
    "queue",
    "kind",
    "subject",
    "priority",
    "status",
    "tier",
    "requester",
    "assignee",
    "assigned_at",
    "accepted_at",
    "accept_by",
    "declined",
    "waits",
    "participants",
    "tags",
    "fields",
    "links",
    "merged_into",
    "merged",
    "incident",
    "major",
    "looks_like",
    "follow_ups",
    "rating",
    "rating_asked_at",
    "conversation",
    "channel",
    "thread",
    "status_key",
    "external",
    "language",
    "message_count",
    "clocks",
    "sla_mark",
];
/// More fields, derived ones.
const DERIVED: [&str; 4] = ["due_at", "awaits_reply", "created_at", "solved_at"];

/// One version of a ticket, as the audit tells it.
#[derive(Clone, Debug)]
pub struct Step {
    pub action: String,
    pub actor: AuditActor,
    pub at: i64,
    /// The new values of what changed, clocks apart: they are large, and folded already.
    pub to: Map<String, Value>,
}

/// Versions of tickets in order, from 1.
pub type Steps = BTreeMap<i64, Vec<Step>>;

/// A ticket as far as the audit was folded.
#[derive(Default)]
struct Folded {
    known: HashMap<String, Value>,
    steps: Vec<Step>,
}

pub async fn check(desk: &Desk, database: &Path, findings: &mut Findings) -> Steps {
    let mut connection = open(database).await;
    let mut rows = sqlx::query("SELECT ticket, data, at FROM audit WHERE ticket IS NOT NULL ORDER BY ticket, seq").fetch(&mut connection);
    let mut steps = Steps::new();
    let mut current: Option<(i64, Folded)> = None;
    while let Some(row) = rows.try_next().await.expect("the audit can be read") {
        let (number, data, at): (i64, String, i64) = (row.get(0), row.get(1), row.get(2));
        let entry: AuditEntry = serde_json::from_str(&data).expect("an entry of the audit");
        if current.as_ref().is_some_and(|(before, _)| *before != number) {
            close(desk, current.take(), &mut steps, findings);
        }
        let (_, folded) = current.get_or_insert_with(|| (number, Folded::default()));
        folded.take(number, entry, at, findings);
    }
    close(desk, current, &mut steps, findings);
    for number in desk.tickets.keys() {
        findings.holds(RULE, steps.contains_key(number), || format!("ticket #{number} has no entry in the audit"));
    }
    steps
}

impl Folded {
    fn take(&mut self, number: i64, entry: AuditEntry, at: i64, findings: &mut Findings) {
        let (mut to, mut moved) = (Map::new(), false);
        for change in entry.changes {
            if !FIELDS.contains(&change.field.as_str()) && !DERIVED.contains(&change.field.as_str()) {
                continue;
            }
            if let Some(standing) = self.known.get(&change.field) {
                findings.holds(RULE, *standing == change.from, || {
                    let (field, action, from) = (&change.field, &entry.action, &change.from);
                    format!("ticket #{number}: {action} changed {field} from {from}, but it was {standing}")
                });
            }
            moved = true;
            if change.field != "clocks" {
                to.insert(change.field.clone(), change.to.clone());
            }
            self.known.insert(change.field, change.to);
        }
        if moved || self.steps.is_empty() {
            self.steps.push(Step { action: entry.action, actor: entry.actor, at, to });
        }
    }
}

/// The ticket as folded must be the ticket as it stands.
fn close(desk: &Desk, folded: Option<(i64, Folded)>, steps: &mut Steps, findings: &mut Findings) {
    let Some((number, folded)) = folded else { return };
    let Some(row) = desk.tickets.get(&number) else {
        findings.fact(RULE, Some(format!("the audit tells of ticket #{number}, which is not there")));
        return;
    };
    let standing: Value = serde_json::from_str(&row.data).expect("parsed before");
    for (field, value) in &folded.known {
        let is = standing.get(field).unwrap_or(&Value::Null);
        findings.holds(RULE, is == value, || format!("ticket #{number}: by the audit {field} is {value}, but the row says {is}"));
    }
    let version = i64::try_from(folded.steps.len()).unwrap_or(0);
    findings.holds(RULE, version == row.version, || {
        format!("ticket #{number} is in version {}, but the audit tells of {version} changes", row.version)
    });
    let columns = (standing["version"].as_i64(), standing["status"].as_str(), standing["assignee"].as_str());
    findings.holds(RULE, columns == (Some(row.version), Some(&row.status), row.assignee.as_deref()), || {
        format!("ticket #{number}: its columns say other than its row ({columns:?})")
    });
    steps.insert(number, folded.steps);
}
