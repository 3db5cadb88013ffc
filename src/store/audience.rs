//! Who is told of a change: the audience before and after, for every engine alike.
//!
//! It must agree with what the snapshot holds for a person: a row that a fresh snapshot would not hold has left.
//! `before` may name too many (an `out` for a row one does not hold does nothing), never too few.

use std::collections::HashMap;

use chrono::Duration;

use crate::domain::Timestamp;
use crate::domain::access::{Audience, conversation_audience, message_audience, sync_audience, ticket_audience};
use crate::domain::command::{Change, Outcome};
use crate::domain::conversation::Conversation;
use crate::domain::escalation::Escalation;
use crate::domain::id::{ConversationId, TicketNumber};
use crate::domain::reminder::ReminderState;
use crate::domain::row::Row;
use crate::domain::ticket::Ticket;

/// Roster changes that ended longer ago are history: no console holds them.
pub const ROSTER_CHANGE_KEPT_DAYS: i64 = 60;

/// Roster changes that ended before this instant are history.
#[must_use]
pub fn roster_changes_since(now: Timestamp) -> Timestamp {
    now - Duration::days(ROSTER_CHANGE_KEPT_DAYS)
}

/// Standing rows that an outcome's audiences depend on, read in its transaction before it is written.
#[derive(Debug, Default)]
pub struct Standing {
    pub conversations: HashMap<ConversationId, Conversation>,
    /// Tickets named by [`needed`] and not written by the outcome itself.
    pub tickets: HashMap<TicketNumber, Ticket>,
    /// All escalations of tickets whose audience changes.
    pub escalations: HashMap<TicketNumber, Vec<Escalation>>,
}

/// What to read into [`Standing`].
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Needed {
    pub conversations: Vec<ConversationId>,
    pub tickets: Vec<TicketNumber>,
    pub escalations: Vec<TicketNumber>,
}

impl Needed {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.conversations.is_empty() && self.tickets.is_empty() && self.escalations.is_empty()
    }
}

/// Which standing rows the audiences of `outcome` depend on.
#[must_use]
pub fn needed(outcome: &Outcome) -> Needed {
    let mut needed = Needed::default();
    for change in &outcome.changes {
        match change {
            Change::Put(Row::Conversation(row)) => needed.conversations.push(row.id),
            Change::Put(Row::Escalation(row)) if written_ticket(outcome, row.ticket).is_none() => needed.tickets.push(row.ticket),
            Change::Put(Row::Ticket(row)) => {
                needed.tickets.push(row.number);
                needed.escalations.push(row.number);
            }
            Change::Put(Row::Message(row)) => match row.ticket {
                Some(ticket) if written_ticket(outcome, ticket).is_none() => needed.tickets.push(ticket),
                Some(_) => {}
                None => needed.conversations.push(row.conversation),
            },
            Change::PutTicket { before: Some(before), after } if sync_audience(before) != sync_audience(after) => {
                needed.escalations.push(after.number);
            }
            _ => {}
        }
    }
    needed
}

/// A row's audiences, and what the feed needs to name it.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// Absent when the row was created.
    pub before: Option<Audience>,
    pub after: Audience,
}

impl Told {
    fn steady(version: i64, audience: Audience) -> Self {
        Self { before: (version > 1).then(|| audience.clone()), after: audience }
    }
}

/// Who is told of `change`, a part of `outcome`; `None` for what is not synced.
#[must_use]
pub fn audience_of(change: &Change, outcome: &Outcome, standing: &Standing, now: Timestamp) -> Option<Told> {
    Some(match change {
        Change::Put(row) => put_audience(row, outcome, standing, now),
        Change::PutTicket { before, after } => Told { before: before.as_deref().map(sync_audience), after: sync_audience(after) },
        Change::PutMessage { message, audience, .. } => Told::steady(message.version, audience.clone()),
        _ => return None,
    })
}

fn put_audience(row: &Row, outcome: &Outcome, standing: &Standing, now: Timestamp) -> Told {
    match row {
        Row::Person(_) | Row::Queue(_) | Row::AgentState(_) | Row::Calendar(_) | Row::Rota(_) | Row::Site(_) => {
            Told::steady(row.version(), Audience::Desk)
        }
        Row::RosterPlan(plan) => Told {
            before: (plan.version > 1).then_some(Audience::Desk),
            after: if plan.to < roster_changes_since(now).date_naive() { Audience::Nobody } else { Audience::Desk },
        },
        Row::RosterChange(change) => Told {
            before: (change.version > 1).then_some(Audience::Desk),
            after: if change.to < roster_changes_since(now) { Audience::Nobody } else { Audience::Desk },
        },
        Row::Conversation(conversation) => Told {
            before: standing.conversations.get(&conversation.id).map(conversation_audience),
            after: conversation_audience(conversation),
        },
        Row::ReadMark(mark) => Told::steady(mark.version, Audience::People(vec![mark.person])),
        Row::Notice(notice) => {
            let own = Audience::People(vec![notice.person]);
            Told { before: (notice.version > 1).then(|| own.clone()), after: if notice.read { Audience::Nobody } else { own } }
        }
        Row::Escalation(escalation) => escalation_audience(escalation, outcome, standing),
        // It may have been everybody's before.
        Row::Snippet(snippet) => Told {
            before: (snippet.version > 1).then_some(Audience::Desk),
            after: snippet.owner.map_or(Audience::Desk, |owner| Audience::People(vec![owner])),
        },
        Row::NoticeSettings(settings) => Told::steady(settings.version, Audience::People(vec![settings.person])),
        Row::Reminder(reminder) => {
            let own = Audience::People(vec![reminder.person]);
            let waits = reminder.state == ReminderState::Waiting;
            Told { before: (reminder.version > 1).then(|| own.clone()), after: if waits { own } else { Audience::Nobody } }
        }
        // It may have been everybody's before, or another queue's.
        Row::SavedView(view) => Told { before: (view.version > 1).then_some(Audience::Desk), after: view.audience() },
        // Who reads it may have grown with a new draft, and never shrinks below what it was told: whoever left the rota is told "out".
        Row::Handover(handover) => Told {
            before: (handover.version > 1).then_some(Audience::Desk),
            after: if handover.to < roster_changes_since(now) { Audience::Nobody } else { handover.audience() },
        },
        Row::Ticket(ticket) => Told { before: standing.tickets.get(&ticket.number).map(sync_audience), after: sync_audience(ticket) },
        Row::Message(message) => {
            let within = match message.ticket {
                Some(number) => ticket_after(outcome, standing, number).map(ticket_audience),
                None => standing.conversations.get(&message.conversation).map(conversation_audience),
            };
            Told::steady(message.version, message_audience(within.unwrap_or(Audience::Nobody), message.visibility))
        }
    }
}

/// An escalation is held by those who hold its ticket.
fn escalation_audience(escalation: &Escalation, outcome: &Outcome, standing: &Standing) -> Told {
    let before = written_ticket(outcome, escalation.ticket)
        .map_or_else(|| standing.tickets.get(&escalation.ticket), |(before, _)| before)
        .map(sync_audience)
        .filter(|_| escalation.version > 1);
    let after = ticket_after(outcome, standing, escalation.ticket).map_or(Audience::Nobody, sync_audience);
    Told { before, after }
}

/// Escalations that change hands because their ticket's audience does, and are not themselves written by `outcome`.
#[must_use]
pub fn followers<'a>(outcome: &Outcome, standing: &'a Standing) -> Vec<(&'a Escalation, Told)> {
    let mut found = Vec::new();
    for (number, escalations) in &standing.escalations {
        let before = written_ticket(outcome, *number).and_then(|(before, _)| before).or_else(|| standing.tickets.get(number));
        let Some(after) = ticket_after(outcome, standing, *number) else { continue };
        for escalation in escalations {
            let written =
                outcome.changes.iter().any(|change| matches!(change, Change::Put(Row::Escalation(row)) if row.id == escalation.id));
            if !written {
                found.push((escalation, Told { before: before.map(sync_audience), after: sync_audience(after) }));
            }
        }
    }
    found.sort_by_key(|(escalation, _)| escalation.id);
    found
}

/// The ticket as `outcome` writes it, with what it replaces.
fn written_ticket(outcome: &Outcome, number: TicketNumber) -> Option<(Option<&Ticket>, &Ticket)> {
    let mut first_before = None;
    let mut last = None;
    for change in &outcome.changes {
        let Change::PutTicket { before, after } = change else { continue };
        if after.number == number {
            if last.is_none() {
                first_before = before.as_deref();
            }
            last = Some(after.as_ref());
        }
    }
    last.map(|after| (first_before, after))
}

fn ticket_after<'a>(outcome: &'a Outcome, standing: &'a Standing, number: TicketNumber) -> Option<&'a Ticket> {
    let put = outcome.changes.iter().rev().find_map(|change| match change {
        Change::PutTicket { after, .. } if after.number == number => Some(after.as_ref()),
        Change::Put(Row::Ticket(row)) if row.number == number => Some(row.as_ref()),
        _ => None,
    });
    put.or_else(|| standing.tickets.get(&number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::snippet::Snippet;

    #[test]
    fn a_snippet_that_somebody_keeps_to_themselves_leaves_the_others() {
        let (id, owner) = (uuid::Uuid::from_u128(1).into(), Some(uuid::Uuid::from_u128(2).into()));
        let (key, title, texts) = ("hi".to_owned(), "Hi".to_owned(), std::collections::BTreeMap::new());
        let row = Row::Snippet(Snippet { id, version: 2, key, title, owner, queue: None, texts, active: true });
        let told = put_audience(&row, &Outcome::default(), &Standing::default(), Timestamp::UNIX_EPOCH);
        assert_eq!((told.before, told.after), (Some(Audience::Desk), Audience::People(owner.into_iter().collect())));
    }
}
