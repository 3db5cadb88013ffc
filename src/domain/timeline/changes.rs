//! What an entry of the audit says happened, beyond what other records tell.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::What;
use crate::domain::audit::{AuditEntry, FieldChange};
use crate::domain::id::TicketNumber;
use crate::domain::ticket::{MergedTicket, Rating};

/// Fields that follow from others, or that other records tell better: messages, assignments, calls, clocks.
const TOLD: [&str; 19] = [
    "message_count",
    "clocks",
    "due_at",
    "assignee",
    "assigned_at",
    "accepted_at",
    "accept_by",
    "declined",
    "waits",
    "returned",
    "solved_at",
    "conversation",
    "awaits_reply",
    "updated_at",
    "status_key",
    "sla_mark",
    "open_tickets_of_assignee",
    "escalation",
    "expert",
];
/// Acts that a record of their own tells.
const OWN_RECORD: [&str; 9] = [
    "post_message",
    "escalate",
    "answer_escalation",
    "join_escalation",
    "leave_escalation",
    "withdraw_escalation",
    "pass_escalation",
    "fire_sla_steps",
    "react_to_message",
];
const OPENING: [&str; 4] = ["create_ticket", "receive_message", "import_ticket", "split_ticket"];

fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

/// What happened by `entry`, in the order of its fields.
pub(super) fn of(entry: &AuditEntry) -> Vec<What> {
    let mut whats = Vec::new();
    let mut rest = Vec::new();
    // Only a new ticket's status comes from nothing.
    let opens = OPENING.contains(&entry.action.as_str()) && entry.changes.iter().any(|one| one.field == "status" && one.from.is_null());
    if opens {
        let queue = entry.changes.iter().find(|one| one.field == "queue").and_then(|one| read(&one.to));
        whats.push(What::Opened { queue });
    }
    for change in &entry.changes {
        if opens && change.from.is_null() && ["queue", "status", "priority", "external"].contains(&change.field.as_str()) {
            continue;
        }
        match known(change) {
            Some(what) => whats.extend(what),
            None => rest.push(change.clone()),
        }
    }
    // The question follows from the status.
    whats.sort_by_key(|what| matches!(what, What::RatingAsked));
    let own_record = OWN_RECORD.contains(&entry.action.as_str());
    let bare = entry.changes.is_empty() && !own_record && whats.is_empty();
    // A merge's links and what joined follow from it.
    let follows =
        |what: &What| matches!(what, What::Merged { .. } | What::MergeUndone { .. } | What::TookIn { .. } | What::GaveBack { .. });
    if whats.iter().any(follows) {
        rest.retain(|one| one.field == "status");
    }
    if whats.iter().any(|what| matches!(what, What::Split { .. } | What::Opened { .. })) {
        rest.retain(|one| !["links", "messages", "split_from"].contains(&one.field.as_str()));
    }
    let reason = entry.reason.clone().filter(|_| !rest.is_empty() || (whats.is_empty() && !own_record));
    if !rest.is_empty() || bare || reason.is_some() {
        whats.push(What::Changed { action: entry.action.clone(), changes: rest, reason });
    }
    whats
}

/// What a change of this field is called; nothing in the list when another record tells of it, `None` when it has no name of its own.
fn known(change: &FieldChange) -> Option<Vec<What>> {
    let (from, to) = (&change.from, &change.to);
    let what = match change.field.as_str() {
        field if TOLD.contains(&field) => return Some(Vec::new()),
        "status" => What::Status { from: read(from)?, to: read(to)? },
        "merged_into" => match (read::<TicketNumber>(from), read::<TicketNumber>(to)) {
            (_, Some(into)) => What::Merged { into },
            (Some(from), None) => What::MergeUndone { from },
            (None, None) => return None,
        },
        "merged" => return Some(taken(from, to)),
        "split_into" => What::Split { into: read(to)? },
        "rating" => {
            let Rating { score, words, .. } = read(to)?;
            What::Rated { score, words }
        }
        "rating_asked_at" => What::RatingAsked,
        _ => return None,
    };
    Some(vec![what])
}

fn taken(from: &Value, to: &Value) -> Vec<What> {
    let numbers = |value| read::<Vec<MergedTicket>>(value).unwrap_or_default().into_iter().map(|one| one.number).collect::<Vec<_>>();
    let (before, after) = (numbers(from), numbers(to));
    let came = after.iter().filter(|number| !before.contains(number)).map(|number| What::TookIn { number: *number });
    let went = before.iter().filter(|number| !after.contains(number)).map(|number| What::GaveBack { number: *number });
    came.chain(went).collect()
}
