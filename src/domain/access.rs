//! Who may see what: the one place that REST, sync and search ask.
//!
//! The directory (people, queues, sites, rotas, agent states) is open to everybody signed in. Leads, admins and
//! viewers see every ticket; agents and experts see the tickets of their queues and those they take part in.
//! Conversations with members are their members' alone, leads and admins included; notices and read marks
//! are one person's.

use serde::{Deserialize, Serialize};

use super::conversation::{Conversation, ConversationKind, Visibility};
use super::id::{PersonId, QueueId};
use super::person::{Person, Role};
use super::ticket::{Status, Ticket};

/// Who may see a row, kept beside each feed entry so that leaving an audience can be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Everybody signed in.
    Desk,
    /// Those who see the queue's tickets, and these people.
    Queue { queue: QueueId, people: Vec<PersonId> },
    /// These people alone.
    People(Vec<PersonId>),
    /// Of another audience, those of a tier and above, with leads and admins.
    Tier { tier: u8, of: Box<Audience> },
    /// No console holds it: a closed ticket is history, found on the server.
    Nobody,
}

/// Whether `person` sees every queue's tickets.
#[must_use]
pub fn sees_all_queues(person: &Person) -> bool {
    matches!(person.role, Role::Lead | Role::Admin | Role::Viewer)
}

/// Whether `person` belongs to `audience`.
#[must_use]
pub fn admits(audience: &Audience, person: &Person) -> bool {
    match audience {
        Audience::Desk => true,
        Audience::Queue { queue, people } => sees_all_queues(person) || person.queues.contains(queue) || people.contains(&person.id),
        Audience::People(people) => people.contains(&person.id),
        Audience::Tier { tier, of } => reads_tier(person, *tier) && admits(of, person),
        Audience::Nobody => false,
    }
}

/// Whether `person` reads what is for `tier` and above.
#[must_use]
pub fn reads_tier(person: &Person, tier: u8) -> bool {
    person.tier >= tier || may_lead(person)
}

/// Who of `audience` reads a message of this visibility.
#[must_use]
pub fn message_audience(audience: Audience, visibility: Visibility) -> Audience {
    match visibility.tier() {
        1 => audience,
        tier => Audience::Tier { tier, of: Box::new(audience) },
    }
}

/// Who may read a ticket and its messages (over REST; sync drops closed tickets, see [`sync_audience`]).
#[must_use]
pub fn ticket_audience(ticket: &Ticket) -> Audience {
    let mut people = ticket.participants.clone();
    people.extend(ticket.assignee);
    Audience::Queue { queue: ticket.queue, people }
}

/// Who holds a ticket in their console: its audience while it is not closed.
#[must_use]
pub fn sync_audience(ticket: &Ticket) -> Audience {
    if ticket.status == Status::Closed { Audience::Nobody } else { ticket_audience(ticket) }
}

/// Who may read a conversation that is not a ticket's alone. Escalations follow their ticket as well:
/// ask [`ticket_audience`] for those who are not members.
#[must_use]
pub fn conversation_audience(conversation: &Conversation) -> Audience {
    match (conversation.kind, conversation.queue) {
        (ConversationKind::Channel, Some(queue)) => Audience::Queue { queue, people: conversation.members.clone() },
        (ConversationKind::Channel, None) if conversation.members.is_empty() => Audience::Desk,
        _ => Audience::People(conversation.members.clone()),
    }
}

/// Whether `person` may see `ticket`.
#[must_use]
pub fn sees_ticket(person: &Person, ticket: &Ticket) -> bool {
    admits(&ticket_audience(ticket), person)
}

/// Whether `person` may change tickets at all.
#[must_use]
pub fn may_work(person: &Person) -> bool {
    person.active && person.role != Role::Viewer
}

/// Whether `person` may change queues, rotas and roster changes of others.
#[must_use]
pub fn may_lead(person: &Person) -> bool {
    person.active && matches!(person.role, Role::Lead | Role::Admin)
}

/// Whether `person` may change people, intake channels and tokens, and import.
#[must_use]
pub fn may_administer(person: &Person) -> bool {
    person.active && person.role == Role::Admin
}
