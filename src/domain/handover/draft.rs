//! A handover drafted from the data. Pure: the server reads the rows, this chooses and orders them.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use chrono_tz::Tz;

use super::{Handover, HandoverEscalation, HandoverItem, HandoverPromise, HandoverState};
use crate::domain::Timestamp;
use crate::domain::conversation::Message;
use crate::domain::directory::Directory;
use crate::domain::escalation::Escalation;
use crate::domain::follow_up;
use crate::domain::id::{HandoverId, PersonId};
use crate::domain::roster::{Rota, pattern};
use crate::domain::ticket::Ticket;

/// Tickets told one by one.
pub const WORK_MAX: usize = 100;
const PROMISES_MAX: usize = 100;
const SUBJECT_MAX: usize = 200;
/// A target that falls within this after the shift is told as breaching soon.
const SOON: TimeDelta = TimeDelta::hours(2);
/// Who comes a little earlier or later than the others go still comes.
const OVERLAP: TimeDelta = TimeDelta::minutes(60);

/// A change of shift: who goes and who comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub from: Timestamp,
    pub to: Timestamp,
    pub outgoing: BTreeSet<PersonId>,
    pub incoming: BTreeSet<PersonId>,
}

/// The changes of shift of a rota that happen after `now` and not after `until`, soonest first. Who has the next shift too goes on,
/// and hands nothing over.
#[must_use]
pub fn changes(directory: &Directory, rota: &Rota, now: Timestamp, until: Timestamp) -> Vec<Change> {
    let shifts = pattern::shifts(directory, rota, now - OVERLAP, until + OVERLAP);
    let ends: BTreeSet<Timestamp> = shifts.iter().map(|shift| shift.to).filter(|to| now < *to && *to <= until).collect();
    let goes_on = |person: PersonId, to: Timestamp| shifts.iter().any(|shift| shift.person == person && shift.from <= to && shift.to > to);
    let change = |to: Timestamp| {
        let going = || shifts.iter().filter(move |shift| shift.to == to && !goes_on(shift.person, to));
        let outgoing: BTreeSet<PersonId> = going().map(|shift| shift.person).collect();
        let coming = shifts.iter().filter(|shift| shift.from >= to - OVERLAP && shift.from <= to + OVERLAP && shift.to > to);
        let incoming = coming.map(|shift| shift.person).filter(|person| !outgoing.contains(person)).collect();
        Change { from: going().map(|shift| shift.from).min().unwrap_or(to), to, outgoing, incoming }
    };
    ends.into_iter().map(change).filter(|change| !change.outgoing.is_empty()).collect()
}

/// A ticket with what is known of it.
pub struct Known {
    pub ticket: Ticket,
    /// Its last messages.
    pub messages: Vec<Message>,
    pub escalations: Vec<Escalation>,
}

/// The draft: most pressing work first, promises by time.
#[must_use]
pub fn draft(id: HandoverId, rota: &Rota, change: &Change, known: &[Known], now: Timestamp) -> Handover {
    let zone: Tz = rota.time_zone.parse().unwrap_or_default();
    let mut work: Vec<&Ticket> = known.iter().map(|one| &one.ticket).filter(|ticket| is_work(ticket, change)).collect();
    work.sort_by_key(|ticket| (!breaching(ticket, change.to), ticket.priority, ticket.due_at.is_none(), ticket.due_at, ticket.number));
    let numbers: BTreeSet<_> = work.iter().map(|ticket| ticket.number).collect();
    let kept = || known.iter().filter(|one| numbers.contains(&one.ticket.number));
    let mut promises: Vec<HandoverPromise> = kept().flat_map(|one| promises_of(one, zone, now)).collect();
    promises.sort_by_key(|one| (one.at, one.ticket));
    promises.truncate(PROMISES_MAX);
    let escalations = kept().flat_map(|one| &one.escalations).filter(|row| row.state.is_open());
    let escalations = escalations.map(|row| HandoverEscalation {
        escalation: row.id,
        ticket: row.ticket,
        expert: row.expert,
        tier: row.tier,
        state: row.state,
    });
    let members = rota.members.iter().map(|member| member.person);
    let readers: BTreeSet<PersonId> = members.chain(rota.lead).chain(change.outgoing.iter().chain(&change.incoming).copied()).collect();
    Handover {
        id,
        version: 0,
        rota: rota.id,
        from: change.from,
        to: change.to,
        outgoing: change.outgoing.iter().copied().collect(),
        incoming: change.incoming.iter().copied().collect(),
        more_work: u32::try_from(work.len().saturating_sub(WORK_MAX)).unwrap_or(u32::MAX),
        work: work.into_iter().take(WORK_MAX).map(|ticket| item(ticket, change.to)).collect(),
        promises,
        escalations: escalations.collect(),
        watch: Vec::new(),
        notes: String::new(),
        readers: readers.into_iter().collect(),
        state: HandoverState::Draft,
        signatures: Vec::new(),
        drafted_at: now,
    }
}

/// What those who go leave behind: what is theirs, and what nobody has.
fn is_work(ticket: &Ticket, change: &Change) -> bool {
    ticket.status.is_unsolved() && ticket.assignee.is_none_or(|assignee| change.outgoing.contains(&assignee))
}

fn breaching(ticket: &Ticket, end: Timestamp) -> bool {
    ticket.due_at.is_some_and(|due| due <= end + SOON)
}

fn item(ticket: &Ticket, end: Timestamp) -> HandoverItem {
    HandoverItem {
        ticket: ticket.number,
        subject: ticket.subject.chars().take(SUBJECT_MAX).collect(),
        priority: ticket.priority,
        status: ticket.status,
        assignee: ticket.assignee,
        due_at: ticket.due_at,
        breaching: breaching(ticket, end),
        awaits_reply: ticket.awaits_reply,
    }
}

/// Those set by hand that are not kept, and those found in replies that nobody confirmed.
fn promises_of(known: &Known, zone: Tz, now: Timestamp) -> Vec<HandoverPromise> {
    let number = known.ticket.number;
    let set = known.ticket.follow_ups.iter().filter(|one| !one.done);
    let set = set.map(|one| HandoverPromise { ticket: number, at: one.at, text: one.text.clone(), found: None });
    let found = follow_up::proposals(&known.ticket, &known.messages, zone).into_iter().filter(|one| one.at > now - TimeDelta::hours(12));
    let found = found.map(|one| HandoverPromise { ticket: number, at: one.at, text: one.text, found: Some(one.confidence) });
    set.chain(found).collect()
}
