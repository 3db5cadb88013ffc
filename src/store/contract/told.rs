//! Reminders, promises and handovers: when they come due, and who reads them.

use chrono::Duration;

use super::fixtures::*;
use crate::domain::command::Change;
use crate::domain::handover::{Handover, HandoverState};
use crate::domain::id::TicketNumber;
use crate::domain::person::Role;
use crate::domain::reminder::{Reminder, ReminderState};
use crate::domain::row::{Row, RowKind};
use crate::domain::ticket::FollowUp;
use crate::store::Store;

pub(super) async fn what_is_due(store: &dyn Store) {
    let reminder = |number: u64, hours: i64, state| Reminder {
        id: id(20, number),
        version: 1,
        person: id(2, 1),
        at: now() + Duration::hours(hours),
        text: "ring".into(),
        ticket: None,
        conversation: None,
        state,
    };
    let rows = [reminder(1, 2, ReminderState::Waiting), reminder(2, 1, ReminderState::Told), reminder(3, 1, ReminderState::Cancelled)];
    execute(store, rows.map(|row| Change::Put(Row::Reminder(row))).into()).await;
    let mut promised = ticket(1, id(1, 1));
    let promise = |number: u64, hours: i64, done, told| FollowUp {
        id: id(21, number),
        at: now() + Duration::hours(hours),
        text: "call".into(),
        by: id(2, 1),
        message: None,
        done,
        told,
    };
    promised.follow_ups = vec![promise(1, 1, true, false), promise(2, 1, false, true), promise(3, 3, false, false)];
    execute(store, vec![ticket_put(None, &promised)]).await;
    let at = |hours| now() + Duration::hours(hours);
    assert_eq!(store.next_telling().await.unwrap(), Some(at(2)));
    assert_eq!(store.reminders_due(at(2) - Duration::milliseconds(1), 10).await.unwrap(), []);
    assert_eq!(store.reminders_due(at(2), 10).await.unwrap(), [id(20, 1)]);
    assert_eq!(store.follow_ups_due(at(2), 10).await.unwrap(), []);
    assert_eq!(store.follow_ups_due(at(3), 10).await.unwrap(), [TicketNumber(1)]);
}

pub(super) async fn handovers_and_their_readers(store: &dyn Store) {
    let handover = |number: u64, hours: i64| handover(number, now() + Duration::hours(hours));
    let rows = [handover(1, 1), handover(2, 2), handover(3, -24 * 90)];
    execute(store, rows.map(|row| Change::Put(Row::Handover(Box::new(row)))).into()).await;
    let (reader, other, lead) = (person(1, Role::Agent, &[]), person(2, Role::Agent, &[]), person(4, Role::Lead, &[]));
    let ids = async |viewer, rota, before| {
        let found = store.handovers(viewer, rota, before, 10).await.unwrap();
        found.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(&reader, None, None).await, [id(22, 2), id(22, 1), id(22, 3)], "newest first");
    assert_eq!(ids(&other, None, None).await, []);
    assert_eq!(ids(&lead, Some(id(23, 1)), None).await, [id(22, 1), id(22, 3)]);
    assert_eq!(ids(&lead, None, Some(now() + Duration::hours(2))).await, [id(22, 1), id(22, 3)]);
    assert_eq!(store.handover(id(22, 3)).await.unwrap().unwrap().id, id(22, 3));
    for (viewer, held) in [(&reader, 2), (&other, 0), (&lead, 2)] {
        let page = store.snapshot(viewer, RowKind::Handover, None, 10).await.unwrap();
        assert_eq!(page.rows.len(), held, "what is older than 60 days is history");
    }
}

/// A draft of a shift that ends at `to`.
pub(super) fn handover(number: u64, to: crate::domain::Timestamp) -> Handover {
    Handover {
        id: id(22, number),
        version: 1,
        rota: id(23, number % 2),
        from: now(),
        to,
        outgoing: vec![id(2, 1)],
        incoming: Vec::new(),
        work: Vec::new(),
        more_work: 0,
        promises: Vec::new(),
        escalations: Vec::new(),
        watch: Vec::new(),
        notes: String::new(),
        readers: vec![id(2, 1), id(2, 3)],
        state: HandoverState::Draft,
        signatures: Vec::new(),
        drafted_at: now(),
    }
}
