//! A new ticket, however it comes: by hand, by an intake channel or by an import.

use std::collections::BTreeMap;

use serde_json::Value;

use super::requester::{self, Resolved};
use super::{Kind, Priority, Status, Ticket, WaitReason};
use crate::domain::Timestamp;
use crate::domain::command::{Draft, Given};
use crate::domain::conversation::Author;
use crate::domain::id::IntakeChannelId;
use crate::domain::queue::{Queue, Strategy};
use crate::domain::sla::clock;
use crate::domain::sla::promise::Promise;

/// What is known of a ticket before it exists. Texts are checked by now.
pub struct Opening<'a> {
    pub queue: &'a Queue,
    pub subject: String,
    pub kind: Kind,
    pub priority: Priority,
    pub tags: Vec<String>,
    pub fields: BTreeMap<String, Value>,
    pub requester: Resolved,
    pub channel: Option<IntakeChannelId>,
    /// The channel's thread it answers to.
    pub thread: Option<String>,
    pub external: Option<String>,
    pub at: Timestamp,
}

/// The draft of a new ticket, without messages yet; its clocks run from `at`.
#[must_use]
pub fn open<'a>(given: Given<'a>, opening: Opening<'_>) -> (Draft<'a>, Author) {
    let Resolved { requester, change } = opening.requester;
    let author = Author::Requester { id: requester.id, name: requester.name.clone() };
    let mut ticket = Ticket {
        accept_by: None,
        declined: Vec::new(),
        sla_mark: String::new(),
        number: given.facts.next_number,
        version: 1,
        queue: opening.queue.id,
        kind: opening.kind,
        subject: opening.subject,
        priority: opening.priority,
        status: Status::New,
        tier: opening.queue.tier,
        requester: requester::brief(&requester, given.directory()),
        assignee: None,
        assigned_at: None,
        accepted_at: None,
        // Known at once: the assignment job need not look at it to say so.
        waits: (opening.queue.strategy == Strategy::Manual).then_some(WaitReason::Manual),
        participants: Vec::new(),
        tags: opening.tags,
        fields: opening.fields,
        links: Vec::new(),
        merged_into: None,
        thread: opening.thread,
        status_key: given.fresh::<uuid::Uuid>().simple().to_string(),
        incident: None,
        major: None,
        looks_like: None,
        follow_ups: Vec::new(),
        rating: None,
        rating_asked_at: None,
        merged: Vec::new(),
        conversation: given.fresh(),
        channel: opening.channel,
        external: opening.external,
        language: requester.language,
        message_count: 0,
        clocks: Vec::new(),
        due_at: None,
        awaits_reply: true,
        created_at: opening.at,
        updated_at: given.now(),
        solved_at: None,
    };
    clock::plan(&mut ticket, Promise::of(opening.queue, given.directory()), opening.at);
    let mut draft = Draft::new_ticket(given, ticket);
    if let Some(change) = change {
        draft.put_before(change);
    }
    (draft, author)
}
