//! What happened, in short lines: from messages and audit, the most telling ones kept.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{EXCERPT_CHARS, Material, TIMELINE_MAX, excerpt};
use crate::domain::audit::{AuditActor, AuditEntry, FieldChange};
use crate::domain::conversation::{Author, Message, Visibility};
use crate::domain::directory::Directory;
use crate::domain::id::PersonId;

/// What kind of thing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimelineWhat {
    /// The requester wrote.
    Asked,
    /// Somebody answered the requester.
    Replied,
    /// Somebody wrote to colleagues.
    Noted,
    /// It changed hands.
    Assigned,
    Status,
    Priority,
    Queue,
    /// An expert was called, answered, or left.
    Escalation,
    /// A step of the SLA policy fired.
    Sla,
    Merged,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TimelineLine {
    pub at: DateTime<Utc>,
    pub what: TimelineWhat,
    /// A person's name, the requester's, a channel, or `desk`.
    pub who: String,
    /// An excerpt of a message, or `from -> to`.
    pub text: String,
    /// The message it is from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<i64>,
}

struct Weighed {
    weight: u32,
    line: TimelineLine,
}

/// The lines in order of time, and how many were left out.
pub(super) fn digest(material: &Material<'_>, messages: &[&Message]) -> (Vec<TimelineLine>, usize) {
    let mut all: Vec<Weighed> = from_messages(messages, material.directory);
    all.extend(material.audit.iter().flat_map(|entry| from_audit(entry, material.directory)));
    // The most telling, of equals the latest.
    all.sort_by_key(|one| (Reverse(one.weight), Reverse(one.line.at), Reverse(one.line.seq)));
    let left_out = all.len().saturating_sub(TIMELINE_MAX);
    all.truncate(TIMELINE_MAX);
    all.sort_by_key(|one| (one.line.at, one.line.seq));
    (all.into_iter().map(|one| one.line).collect(), left_out)
}

fn from_messages(messages: &[&Message], directory: &Directory) -> Vec<Weighed> {
    let asks = |message: &&&Message| matches!(message.author, Author::Requester { .. });
    let answers = |message: &&&Message| matches!(message.author, Author::Person { .. }) && message.visibility == Visibility::Public;
    let first_asked = messages.iter().find(asks).map(|message| message.id);
    let last_asked = messages.iter().rfind(asks).map(|message| message.id);
    let last_answer = messages.iter().rfind(answers).map(|message| message.id);
    let weigh = |message: &&Message| {
        let (what, who, plain) = match &message.author {
            Author::Requester { name, .. } => (TimelineWhat::Asked, name.clone(), 40),
            Author::Person { id } if message.visibility == Visibility::Public => (TimelineWhat::Replied, directory.person_name(*id), 50),
            Author::Person { id } => (TimelineWhat::Noted, directory.person_name(*id), 45),
            // The audit tells it better.
            Author::System => return None,
        };
        let id = Some(message.id);
        let weight = match () {
            () if id == first_asked => 100,
            () if message.pinned_by.is_some() => 95,
            () if id == last_asked => 90,
            () if id == last_answer => 80,
            () => plain,
        };
        let text = excerpt(&message.text, EXCERPT_CHARS);
        Some(Weighed { weight, line: TimelineLine { at: message.created_at, what, who, text, seq: Some(message.seq) } })
    };
    messages.iter().filter_map(weigh).collect()
}

fn from_audit(entry: &AuditEntry, directory: &Directory) -> Vec<Weighed> {
    let who = match &entry.actor {
        AuditActor::Person { id } => directory.person_name(*id),
        AuditActor::Intake { channel } => channel.clone(),
        AuditActor::Desk { .. } => "desk".to_owned(),
    };
    let line = |weight, what, text: &str| {
        let at = entry.at;
        Weighed { weight, line: TimelineLine { at, what, who: who.clone(), text: excerpt(text, EXCERPT_CHARS), seq: None } }
    };
    if entry.action == "fire_sla_steps" {
        return vec![line(65, TimelineWhat::Sla, "a step fired")];
    }
    let call = |name: &str| entry.changes.iter().find(|change| change.field == name).map(|change| word(&change.to, directory));
    if let Some(expert) = call("expert").filter(|_| call("escalation").is_none()) {
        return vec![line(70, TimelineWhat::Escalation, &format!("called {expert}: {}", entry.reason.as_deref().unwrap_or_default()))];
    }
    let told = |change: &FieldChange| {
        let (weight, what) = match change.field.as_str() {
            "status" if !change.from.is_null() => (60, TimelineWhat::Status),
            "assignee" => (55, TimelineWhat::Assigned),
            "priority" if !change.from.is_null() => (50, TimelineWhat::Priority),
            "queue" if !change.from.is_null() => (55, TimelineWhat::Queue),
            "escalation" => (70, TimelineWhat::Escalation),
            "merged_into" => (75, TimelineWhat::Merged),
            _ => return None,
        };
        let (from, to) = (word(&change.from, directory), word(&change.to, directory));
        let mut text = if what == TimelineWhat::Escalation { to } else { format!("{from} -> {to}") };
        if let Some(reason) = &entry.reason {
            text.push_str(&format!(": {reason}"));
        }
        Some(line(weight, what, &text))
    };
    entry.changes.iter().filter_map(told).collect()
}

/// A value for people: names for ids.
fn word(value: &Value, directory: &Directory) -> String {
    let Value::String(text) = value else { return if value.is_null() { "-".to_owned() } else { value.to_string() } };
    let person = text.parse::<PersonId>().ok().and_then(|id| directory.people.get(&id)).map(|person| person.name.clone());
    let queue = || text.parse().ok().and_then(|id| directory.queues.get(&id)).map(|queue| queue.name.clone());
    person.or_else(queue).unwrap_or_else(|| text.clone())
}
