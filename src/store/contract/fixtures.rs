//! Rows and units as small as they can be.

use chrono::{DateTime, Duration};
use uuid::Uuid;

use crate::domain::Timestamp;
use crate::domain::access::ticket_audience;
use crate::domain::command::{Change, CommandResult, Needs, Outcome};
use crate::domain::conversation::{Author, Conversation, ConversationKind, Message, Visibility};
use crate::domain::id::{CommandKey, PersonId, QueueId, RequesterId, TicketNumber};
use crate::domain::person::{Person, Role};
use crate::domain::queue::{Queue, Strategy};
use crate::domain::requester::Requester;
use crate::domain::row::Row;
use crate::domain::ticket::{Kind, Priority, RequesterBrief, Status, Ticket};
use crate::store::{Idempotency, Receipt, Store, Work};

pub(crate) fn now() -> Timestamp {
    DateTime::from_timestamp_millis(1_780_000_000_000).unwrap()
}

/// The same id for the same room and number.
pub(crate) fn id<T: From<Uuid>>(room: u64, number: u64) -> T {
    Uuid::from_u64_pair(0x0190_0000_0000_7000 | room, 0x8000_0000_0000_0000 | number).into()
}

pub(crate) fn queue(number: u64) -> Queue {
    Queue {
        language_required: false,
        cap: None,
        expert_accept_within_secs: 120,
        accept_within_secs: 0,
        end_of_shift: crate::domain::queue::EndOfShift::Keep,
        grace_secs: 900,
        id: id(1, number),
        version: 1,
        key: format!("queue-{number}"),
        name: format!("Queue {number}"),
        department: None,
        tier: 1,
        skills: Vec::new(),
        strategy: Strategy::default(),
        sla: crate::domain::sla::policy::SlaPolicy::default(),
        lead: None,
        position: 0,
        active: true,
    }
}

pub(crate) fn person(number: u64, role: Role, queues: &[QueueId]) -> Person {
    Person {
        id: id(2, number),
        version: 1,
        handle: format!("person-{number}"),
        name: format!("Person {number}"),
        role,
        tier: 1,
        skills: Vec::new(),
        languages: Vec::new(),
        capacity: 3,
        time_zone: "UTC".into(),
        email: None,
        region: None,
        queues: queues.to_vec(),
        active: true,
    }
}

pub(crate) fn requester(number: u64) -> Requester {
    Requester {
        id: id(3, number),
        version: 1,
        external: format!("shop:{number}"),
        name: format!("Requester {number}"),
        email: None,
        phone: None,
        class: "customer".into(),
        site: None,
        language: None,
        created_at: now(),
    }
}

pub(crate) fn ticket(number: i64, queue: QueueId) -> Ticket {
    Ticket {
        accept_by: None,
        declined: Vec::new(),
        sla_mark: String::new(),
        number: TicketNumber(number),
        version: 1,
        queue,
        kind: Kind::Question,
        subject: format!("Pump {number} is silent"),
        priority: Priority::Normal,
        status: Status::New,
        tier: 1,
        requester: RequesterBrief { class: None, id: id::<RequesterId>(3, 1), name: "Zoë 加油".into(), site: None },
        assignee: None,
        assigned_at: None,
        accepted_at: None,
        waits: None,
        participants: Vec::new(),
        tags: Vec::new(),
        fields: std::collections::BTreeMap::new(),
        links: Vec::new(),
        merged_into: None,
        thread: None,
        status_key: String::new(),
        incident: None,
        major: None,
        looks_like: None,
        follow_ups: Vec::new(),
        rating: None,
        rating_asked_at: None,
        merged: Vec::new(),
        conversation: id(4, number.unsigned_abs()),
        channel: None,
        external: None,
        language: None,
        message_count: 1,
        clocks: Vec::new(),
        due_at: None,
        awaits_reply: false,
        created_at: now() + Duration::seconds(number),
        updated_at: now(),
        solved_at: None,
    }
}

pub(crate) fn message(ticket: &Ticket, seq: i64) -> Message {
    Message {
        id: id(5, ticket.number.0.unsigned_abs() * 1000 + seq.unsigned_abs()),
        version: 1,
        conversation: ticket.conversation,
        ticket: Some(ticket.number),
        seq,
        author: Author::System,
        visibility: Visibility::Public,
        text: format!("message {seq}"),
        line: None,
        attachments: Vec::new(),
        mentions: Vec::new(),
        reply_to: None,
        reactions: std::collections::BTreeMap::new(),
        pinned_by: None,
        edited_at: None,
        split_into: None,
        copy_of: None,
        withheld: false,
        created_at: now(),
    }
}

pub(crate) fn message_put(ticket: &Ticket, seq: i64) -> Change {
    Change::PutMessage { message: Box::new(message(ticket, seq)), audience: ticket_audience(ticket), external: None }
}

pub(crate) fn conversation(number: u64, kind: ConversationKind, members: &[PersonId]) -> Conversation {
    Conversation {
        id: id(6, number),
        version: 1,
        kind,
        title: format!("Conversation {number}"),
        topic: None,
        ticket: None,
        queue: None,
        incident: None,
        region: None,
        members: members.to_vec(),
        last_seq: 0,
        last_message_at: None,
        created_at: now(),
    }
}

pub(crate) fn ticket_put(before: Option<&Ticket>, after: &Ticket) -> Change {
    Change::PutTicket { before: before.cloned().map(Box::new), after: Box::new(after.clone()) }
}

/// The next version of a ticket, edited.
pub(crate) fn edit(ticket: &Ticket, change: impl FnOnce(&mut Ticket)) -> (Ticket, Change) {
    let mut after = ticket.clone();
    after.version += 1;
    change(&mut after);
    let put = ticket_put(Some(ticket), &after);
    (after, put)
}

/// A unit that writes `changes`, whatever the facts.
pub(crate) fn work(changes: Vec<Change>) -> Work {
    let outcome = Outcome { changes, audit: Vec::new(), result: CommandResult::default() };
    Work { idempotency: None, needs: Needs::default(), decide: Box::new(move |_| Ok(outcome.clone())), now: now() }
}

pub(crate) fn key(number: u64, fingerprint: u8) -> Option<Idempotency> {
    Some(Idempotency { key: id::<CommandKey>(7, number), fingerprint: [fingerprint; 32] })
}

/// A unit like those of imports: makes the next ticket of `queue`, with its message, unless the external id is known.
pub(crate) fn new_ticket(number: u64, external: &str, queue: QueueId) -> Work {
    let external = external.to_owned();
    let needs = Needs { ticket_external: Some(external.clone()), next_number: true, requester: Some("shop:1".into()), ..Needs::default() };
    let decide = move |facts: &crate::domain::command::Facts| {
        if let Some(known) = &facts.ticket {
            return Ok(Outcome {
                result: CommandResult { ticket: Some(known.number), unchanged: true, ..CommandResult::default() },
                ..Outcome::default()
            });
        }
        let mut made = ticket(facts.next_number.0, queue);
        made.external = Some(external.clone());
        let mut changes = vec![ticket_put(None, &made), message_put(&made, 1)];
        if facts.requester.is_none() {
            changes.push(Change::PutRequester(requester(1)));
        }
        let result = CommandResult { ticket: Some(made.number), version: Some(1), ..CommandResult::default() };
        Ok(Outcome { changes, audit: Vec::new(), result })
    };
    Work { idempotency: key(number, 1), needs, decide: Box::new(decide), now: now() }
}

/// Writes `changes`; panics when they are refused.
pub(crate) async fn execute(store: &dyn Store, changes: Vec<Change>) -> Receipt {
    let receipt = store.execute(work(changes)).await.unwrap();
    receipt.answer.as_ref().unwrap();
    receipt
}

pub(crate) async fn put(store: &dyn Store, row: Row) -> Receipt {
    execute(store, vec![Change::Put(row)]).await
}
