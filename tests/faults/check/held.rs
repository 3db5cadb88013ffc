//! What one person's console must hold, from the rows as they stand. Written anew, beside what the server does: who may see
//! what is the domain's ([`access`]), which rows a console keeps is told in docs/api.md.

use std::collections::BTreeMap;

use dutydesk::domain::access::{admits, conversation_audience, sees_all_queues, sees_ticket};
use dutydesk::domain::conversation::Conversation;
use dutydesk::domain::person::Person;
use dutydesk::domain::saved_view::{SavedView, SharedWith};
use dutydesk::domain::ticket::Status;
use serde_json::Value;

use super::desk::{Desk, Kept};

/// By kind and id: version and JSON, messages apart.
pub type Held<'a> = BTreeMap<(String, String), (i64, &'a str)>;

pub fn of<'a>(desk: &'a Desk, person: &Person) -> Held<'a> {
    let me = person.id.to_string();
    let mut held = Held::new();
    for (number, row) in &desk.tickets {
        if row.ticket.status != Status::Closed && sees_ticket(person, &row.ticket) {
            held.insert(("ticket".to_owned(), number.to_string()), (row.version, &row.data));
        }
    }
    for ((kind, id), kept) in &desk.rows {
        if holds(desk, person, &me, kind, kept) {
            held.insert((kind.clone(), id.clone()), (kept.version, &kept.data));
        }
    }
    held
}

fn holds(desk: &Desk, person: &Person, me: &str, kind: &str, kept: &Kept) -> bool {
    let row: Value = serde_json::from_str(&kept.data).expect("a row is JSON");
    let is_mine = |field: &str| row[field].as_str() == Some(me);
    // Roster changes, plans and handovers older than sixty days are history: a run is not as long as that.
    match kind {
        "person" | "queue" | "agent_state" | "calendar" | "rota" | "site" | "roster_plan" | "roster_change" => true,
        "conversation" => {
            let row: Conversation = serde_json::from_str(&kept.data).expect("a conversation");
            admits(&conversation_audience(&row), person)
        }
        "read_mark" | "notice_settings" => is_mine("person"),
        "notice" => is_mine("person") && row["read"] != Value::Bool(true),
        "reminder" => is_mine("person") && row["state"] == "waiting",
        "escalation" => {
            let ticket = row["ticket"].as_i64().and_then(|number| desk.tickets.get(&number));
            ticket.is_some_and(|row| row.ticket.status != Status::Closed && sees_ticket(person, &row.ticket))
        }
        "snippet" => row["owner"].is_null() || is_mine("owner"),
        "handover" => sees_all_queues(person) || row["readers"].as_array().is_some_and(|readers| readers.iter().any(|one| one == me)),
        "saved_view" => saved_view(person, kept),
        _ => false,
    }
}

fn saved_view(person: &Person, kept: &Kept) -> bool {
    let view: SavedView = serde_json::from_str(&kept.data).expect("a saved view");
    let shared = match view.shared {
        SharedWith::Nobody => false,
        SharedWith::Everybody => true,
        SharedWith::Queue { queue } => sees_all_queues(person) || person.queues.contains(&queue),
    };
    view.active && (shared || view.owner == person.id)
}
