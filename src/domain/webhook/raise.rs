//! Which webhooks are called for what an outcome tells: a pure function over it, run for every command.
//!
//! The calls are part of the same transaction: what was written is told, and nothing else.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Delivery, Webhook};
use crate::domain::access;
use crate::domain::command::{Change, Given, Outcome};
use crate::domain::escalation::{Escalation, EscalationState};
use crate::domain::id::{PersonId, TicketNumber};
use crate::domain::notice::deliver::may_sound;
use crate::domain::notice::settings::{EVENTS, NoticeSettings};
use crate::domain::row::Row;
use crate::domain::ticket::{Status, Ticket};

/// Events besides those that a person is told of. `escalation_left` is of both: the desk's is told first, and once.
pub const DESK_EVENTS: [&str; 4] = ["ticket_created", "ticket_solved", "escalation_passed", "escalation_joined"];

/// Whether a webhook can ask for `event`.
#[must_use]
pub fn is_event(event: &str) -> bool {
    EVENTS.contains(&event) || DESK_EVENTS.contains(&event)
}

/// Something that happened.
struct Event {
    word: String,
    /// Who is told of it; absent for what happens to the desk.
    person: Option<PersonId>,
    ticket: Option<TicketNumber>,
    /// The notice or the escalation.
    detail: Value,
}

/// Adds the calls for what `outcome` tells.
pub fn raise(given: Given<'_>, outcome: &mut Outcome) {
    let webhooks: Vec<&Webhook> =
        given.directory().webhooks.values().filter(|webhook| webhook.active && !webhook.events.is_empty()).collect();
    if webhooks.is_empty() {
        return;
    }
    let mut calls = Vec::new();
    let mut seen = BTreeSet::new();
    for event in events(given, outcome) {
        let ticket = event.ticket.and_then(|number| ticket_of(given, outcome, number));
        for webhook in &webhooks {
            // A group is told once, however many of the desk's people are; so is a person of what the desk is told too. What is
            // about no ticket is told apart by what it says.
            let about = event.ticket.map_or_else(|| event.detail.to_string(), |number| number.to_string());
            let key = (webhook.id, event.word.clone(), about);
            if wants(given, webhook, &event, ticket) && seen.insert(key) {
                calls.push(Change::PutDelivery(delivery(given, webhook, &event, ticket)));
            }
        }
    }
    outcome.changes.extend(calls);
}

fn events(given: Given<'_>, outcome: &Outcome) -> Vec<Event> {
    let was = |row: &Escalation| given.facts.escalations.iter().find(|old| old.id == row.id).map(|old| old.state);
    let mut events = Vec::new();
    let mut desk = |word: &str, ticket, detail| events.push(Event { word: word.to_owned(), person: None, ticket: Some(ticket), detail });
    for change in &outcome.changes {
        match change {
            Change::PutTicket { before: None, after } if after.external.is_none() => desk("ticket_created", after.number, Value::Null),
            Change::PutTicket { before: Some(before), after } if before.status.is_unsolved() && after.status == Status::Solved => {
                desk("ticket_solved", after.number, Value::Null);
            }
            Change::Put(Row::Escalation(row)) if was(row) != Some(row.state) => {
                let word = match row.state {
                    EscalationState::Unanswered => "escalation_passed",
                    EscalationState::Joined => "escalation_joined",
                    EscalationState::Left => "escalation_left",
                    _ => continue,
                };
                desk(word, row.ticket, serde_json::to_value(row).unwrap_or_default());
            }
            _ => {}
        }
    }
    for change in &outcome.changes {
        if let Change::Put(Row::Notice(notice)) = change
            && notice.version == 1
        {
            let (person, ticket) = (Some(notice.person), notice.ticket);
            events.push(Event { word: notice.kind.word(), person, ticket, detail: serde_json::to_value(&notice.kind).unwrap_or_default() });
        }
    }
    events
}

fn ticket_of<'a>(given: Given<'a>, outcome: &'a Outcome, number: TicketNumber) -> Option<&'a Ticket> {
    let written = outcome.changes.iter().rev().find_map(|change| match change {
        Change::PutTicket { after, .. } if after.number == number => Some(after.as_ref()),
        _ => None,
    });
    written.or_else(|| [&given.facts.ticket, &given.facts.other].into_iter().flatten().find(|ticket| ticket.number == number))
}

fn wants(given: Given<'_>, webhook: &Webhook, event: &Event, ticket: Option<&Ticket>) -> bool {
    if !webhook.events.contains(&event.word) {
        return false;
    }
    if let Some(queue) = webhook.queue
        && ticket.is_none_or(|ticket| ticket.queue != queue)
    {
        return false;
    }
    let Some(person) = webhook.person else {
        // What one person asked to be reminded of is nobody else's; so is what is about no ticket and no duty.
        return event.word != "reminder";
    };
    let Some(row) = given.directory().people.get(&person).filter(|row| row.active) else { return false };
    match event.person {
        // What the desk is told of reaches a person when the ticket is theirs to see.
        None if !ticket.is_some_and(|ticket| access::sees_ticket(row, ticket)) => return false,
        Some(told) if told != person => return false,
        _ => {}
    }
    let usual = NoticeSettings::usual(person);
    let settings = given.directory().notice_settings.get(&person).unwrap_or(&usual);
    may_sound(&event.word, settings, row.time_zone.parse().unwrap_or_default(), given.now())
}

fn delivery(given: Given<'_>, webhook: &Webhook, event: &Event, ticket: Option<&Ticket>) -> Delivery {
    let directory = given.directory();
    let handle = |id: PersonId| directory.people.get(&id).map(|person| person.handle.clone());
    let mut body = json!({ "event": event.word, "at": given.now() });
    if let Some(person) = event.person {
        body["person"] = json!(handle(person));
    }
    if !event.detail.is_null() {
        body["detail"] = event.detail.clone();
    }
    if let Some(ticket) = ticket {
        body["ticket"] = json!({
            "number": ticket.number,
            "subject": ticket.subject,
            "queue": directory.queues.get(&ticket.queue).map(|queue| queue.key.clone()),
            "priority": ticket.priority,
            "status": ticket.status,
            "assignee": ticket.assignee.and_then(handle),
        });
    }
    Delivery {
        id: given.fresh(),
        webhook: webhook.id,
        event: event.word.clone(),
        ticket: event.ticket,
        body: body.to_string(),
        created_at: given.now(),
    }
}
