//! Reads what a handover is drafted from, and drafts it. Nothing is stored here.

use super::state::Desk;
use crate::base::stable_id::stable_id;
use crate::domain::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::escalation::Escalation;
use crate::domain::handover::Handover;
use crate::domain::handover::draft::{Change, Known, changes, draft};
use crate::domain::id::{HandoverId, PersonId};
use crate::domain::person::{Person, Role};
use crate::domain::roster::Rota;
use crate::domain::row::RowKind;
use crate::domain::ticket::{Status, Ticket};
use crate::store::{StoreError, TicketFilter};

/// Open tickets of one queue looked at.
const TICKETS_MAX: i64 = 500;
/// Of these so many are looked through for promises.
const READ_MAX: usize = 150;
/// Last messages of each.
const MESSAGES_MAX: i64 = 20;
/// How far ahead a person's own draft looks for the end of a shift.
const AHEAD: chrono::TimeDelta = chrono::TimeDelta::hours(14);

/// The handover of a rota's change of shift.
#[must_use]
pub fn id_of(rota: &Rota, change: &Change) -> HandoverId {
    stable_id(&format!("handover {} {}", rota.id, change.to.timestamp_millis())).into()
}

/// The rota's next change of shift; where `person` goes at one of them, that one.
#[must_use]
pub fn next_change(directory: &Directory, rota: &Rota, person: Option<PersonId>, now: Timestamp) -> Option<Change> {
    let all = changes(directory, rota, now, now + AHEAD);
    let mine = person.and_then(|person| all.iter().find(|change| change.outgoing.contains(&person)));
    mine.or(all.first()).cloned()
}

/// The desk itself reads: it sees every queue.
fn reader() -> Person {
    Person {
        id: PersonId::default(),
        version: 0,
        handle: String::new(),
        name: String::new(),
        role: Role::Viewer,
        tier: 3,
        skills: Vec::new(),
        languages: Vec::new(),
        capacity: 0,
        time_zone: "UTC".to_owned(),
        email: None,
        region: None,
        queues: Vec::new(),
        active: true,
    }
}

/// Drafts the handover of a change of shift from the rows as they are.
///
/// # Errors
/// When the store cannot be read.
pub async fn make(desk: &Desk, rota: &Rota, change: &Change, now: Timestamp) -> Result<Handover, StoreError> {
    let reader = reader();
    let mut tickets: Vec<Ticket> = Vec::new();
    for queue in &rota.queues {
        let statuses = vec![Status::New, Status::Open, Status::Pending, Status::OnHold];
        let filter = TicketFilter { queue: Some(*queue), statuses, ..TicketFilter::default() };
        tickets.extend(desk.store.tickets(&reader, &filter, None, TICKETS_MAX).await?.tickets);
    }
    tickets.retain(|ticket| ticket.tier == rota.tier || ticket.assignee.is_some_and(|person| change.outgoing.contains(&person)));
    tickets.sort_by_key(|ticket| (ticket.priority, ticket.due_at.is_none(), ticket.due_at, ticket.number));
    let mut escalations = running(desk, &reader).await?;
    let mut known = Vec::with_capacity(tickets.len());
    for (place, ticket) in tickets.into_iter().enumerate() {
        let theirs = ticket.assignee.is_none_or(|person| change.outgoing.contains(&person));
        let messages = if theirs && place < READ_MAX {
            desk.store.messages(ticket.conversation, (ticket.message_count - MESSAGES_MAX).max(0), MESSAGES_MAX).await?
        } else {
            Vec::new()
        };
        let (of_ticket, others) = escalations.into_iter().partition(|row: &Escalation| row.ticket == ticket.number);
        escalations = others;
        known.push(Known { ticket, messages, escalations: of_ticket });
    }
    Ok(draft(id_of(rota, change), rota, change, &known, now))
}

async fn running(desk: &Desk, reader: &Person) -> Result<Vec<Escalation>, StoreError> {
    let mut found = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = desk.store.snapshot(reader, RowKind::Escalation, after.as_deref(), 1_000).await?;
        for (_, _, row) in &page.rows {
            let row: Escalation = serde_json::from_str(row).map_err(StoreError::Corrupt)?;
            if row.state.is_open() {
                found.push(row);
            }
        }
        after = page.next;
        if after.is_none() {
            return Ok(found);
        }
    }
}

/// Handovers of all rotas whose shifts ended last.
///
/// # Errors
/// When the store cannot be read.
pub async fn latest(desk: &Desk, limit: i64) -> Result<Vec<Handover>, StoreError> {
    desk.store.handovers(&reader(), None, None, limit).await
}
