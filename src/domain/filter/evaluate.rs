//! Whether a ticket is meant by a filter. The time, who looks and who was called are passed in.

use chrono_tz::Tz;

use super::text::{facets, fold, queue_text, search_text, site_text};
use super::{BREACHING_SECS, Filter, Flag, NumberField, Test, TextField, Tie, TimeField, Who};
use crate::domain::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::id::{PersonId, TicketNumber};
use crate::domain::ticket::{Status, Ticket};

/// What a filter is compared with besides the ticket.
#[derive(Clone, Copy)]
pub struct Env<'a> {
    pub now: Timestamp,
    /// In which days of the calendar begin.
    pub zone: Tz,
    /// Whoever looks.
    pub me: PersonId,
    pub directory: &'a Directory,
    /// Who was called into which ticket and has neither declined nor left; those of [`Filter::experts`].
    pub calls: &'a [(TicketNumber, PersonId)],
}

impl Env<'_> {
    /// Whom a word means; absent for nobody.
    #[must_use]
    pub fn person(&self, who: &Who) -> Option<PersonId> {
        who.person(self.me)
    }

    /// Tickets into which somebody is called.
    #[must_use]
    pub fn called(&self, person: PersonId) -> Vec<TicketNumber> {
        self.calls.iter().filter(|(_, expert)| *expert == person).map(|(number, _)| *number).collect()
    }
}

/// The instant of a ticket that a field speaks of.
#[must_use]
pub fn instant(ticket: &Ticket, field: TimeField) -> Option<Timestamp> {
    match field {
        TimeField::Created => Some(ticket.created_at),
        TimeField::Updated => Some(ticket.updated_at),
        TimeField::Assigned => ticket.assigned_at,
        TimeField::Solved => ticket.solved_at,
        TimeField::Due => ticket.due_at,
        TimeField::FollowUp => ticket.follow_ups.iter().filter(|promise| !promise.done).map(|promise| promise.at).min(),
    }
}

/// What of [`Flag`] is the ticket's own, as bits: what time or whoever looks decides is left out.
#[must_use]
pub fn bits(ticket: &Ticket) -> i64 {
    const OWN: [Flag; 7] = [Flag::Unaccepted, Flag::Unanswered, Flag::Major, Flag::Tied, Flag::Alike, Flag::Merged, Flag::Rated];
    OWN.into_iter().filter(|flag| own(ticket, *flag)).filter_map(bit).sum()
}

/// The bit of a flag in [`bits`]; absent for those that are not there.
#[must_use]
pub fn bit(flag: Flag) -> Option<i64> {
    match flag {
        Flag::Unaccepted => Some(1),
        Flag::Unanswered => Some(2),
        Flag::Major => Some(4),
        Flag::Tied => Some(8),
        Flag::Alike => Some(16),
        Flag::Merged => Some(32),
        Flag::Rated => Some(64),
        _ => None,
    }
}

fn own(ticket: &Ticket, flag: Flag) -> bool {
    match flag {
        Flag::Unaccepted => ticket.assignee.is_some() && ticket.accepted_at.is_none(),
        Flag::Unanswered => ticket.awaits_reply,
        Flag::Major => ticket.major.is_some(),
        Flag::Tied => ticket.incident.is_some(),
        Flag::Alike => ticket.looks_like.is_some(),
        Flag::Merged => ticket.merged_into.is_some(),
        Flag::Rated => ticket.rating.is_some(),
        _ => false,
    }
}

fn is(ticket: &Ticket, flag: Flag, env: &Env<'_>) -> bool {
    let due_before = |secs| ticket.due_at.is_some_and(|due| due.timestamp_millis() <= env.now.timestamp_millis() + secs * 1000);
    match flag {
        Flag::Unassigned => ticket.assignee.is_none(),
        Flag::Mine => ticket.assignee == Some(env.me),
        Flag::Waiting => ticket.status.is_active() && ticket.assignee.is_none(),
        Flag::Unsolved => ticket.status.is_unsolved(),
        Flag::Paused => matches!(ticket.status, Status::Pending | Status::OnHold),
        Flag::Breaching => ticket.status.is_unsolved() && due_before(BREACHING_SECS),
        Flag::Late => ticket.status.is_unsolved() && due_before(0),
        Flag::Escalated => env.calls.contains(&(ticket.number, env.me)),
        Flag::Promised => instant(ticket, TimeField::FollowUp).is_some(),
        _ => own(ticket, flag),
    }
}

/// What is looked for in [`facets`], one of them; absent for fields that are not there.
#[must_use]
pub fn facet(field: TextField, value: &str) -> Option<Vec<String>> {
    let value = fold(value);
    match field {
        TextField::Tag => Some(vec![format!("\nt:{value}\n")]),
        TextField::TagStart => Some(vec![format!("\nt:{value}")]),
        TextField::Region => Some(vec![format!("\nr:{value}\n")]),
        TextField::Class => Some(vec![format!("\nc:{value}\n")]),
        TextField::Language => Some(vec![format!("\nl:{value}\n"), format!("\nl:{value}-")]),
        TextField::Requester | TextField::Site => None,
    }
}

fn text_holds(ticket: &Ticket, field: TextField, value: &str) -> bool {
    match (field, facet(field, value)) {
        (_, Some(wanted)) => {
            let facets = facets(ticket);
            wanted.iter().any(|one| facets.contains(one.as_str()))
        }
        (TextField::Site, None) => site_text(ticket).contains(&fold(value)),
        (_, None) => fold(&ticket.requester.name).contains(&fold(value)),
    }
}

fn number(ticket: &Ticket, field: NumberField) -> Option<i64> {
    match field {
        NumberField::Number => Some(ticket.number.0),
        NumberField::Messages => Some(ticket.message_count),
        NumberField::Rating => ticket.rating.as_ref().map(|rating| i64::from(rating.score)),
    }
}

impl Test {
    fn holds(&self, ticket: &Ticket, env: &Env<'_>) -> bool {
        match self {
            Self::Words(text) => {
                let queue = queue_text(env.directory, ticket.queue);
                search_text(ticket, queue.as_deref()).contains(&fold(text))
            }
            Self::Status(all) => all.contains(&ticket.status),
            Self::Priority(all) => all.contains(&ticket.priority),
            Self::Kind(all) => all.contains(&ticket.kind),
            Self::Queue(all) => all.iter().any(|queue| queue.id == ticket.queue),
            Self::Tier(all) => all.contains(&ticket.tier),
            Self::Assignee(all) => all.iter().any(|who| env.person(who) == ticket.assignee),
            Self::With(all) => all.iter().any(|who| match env.person(who) {
                Some(person) => ticket.participants.contains(&person),
                None => ticket.participants.is_empty(),
            }),
            Self::Expert(all) => all.iter().any(|who| env.person(who).is_some_and(|person| env.calls.contains(&(ticket.number, person)))),
            Self::Incident(all) => all.iter().any(|tie| match tie {
                Tie::None => ticket.incident.is_none(),
                Tie::Any => ticket.incident.is_some(),
                Tie::To(number) => ticket.incident == Some(*number),
            }),
            Self::Text(field, values) => values.iter().any(|value| text_holds(ticket, *field, value)),
            Self::Number(field, from, to) => {
                number(ticket, *field).is_some_and(|value| from.is_none_or(|from| value >= from) && to.is_none_or(|to| value <= to))
            }
            Self::Time(field, when) => when.bounds(*field, env.now, env.zone).hold(instant(ticket, *field)),
            Self::Is(flags) => flags.iter().any(|flag| is(ticket, *flag, env)),
        }
    }
}

impl Filter {
    /// Whether the ticket is meant.
    #[must_use]
    pub fn admits(&self, ticket: &Ticket, env: &Env<'_>) -> bool {
        self.terms.iter().all(|term| term.test.holds(ticket, env) != term.negated)
    }
}
