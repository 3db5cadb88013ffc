//! What the jobs of SLA look for, and the clock ledger.

use chrono::Duration;

use super::fixtures::*;
use crate::domain::calendar::Calendar;
use crate::domain::command::Change;
use crate::domain::conversation::{Conversation, ConversationKind};
use crate::domain::id::TicketNumber;
use crate::domain::row::Row;
use crate::domain::sla::ledger::{ClockCause, ClockEvent, ClockEventKind};
use crate::domain::sla::policy::{SlaStep, StepAct, StepAt};
use crate::domain::sla::{Clock, ClockKind, ClockStep};
use crate::domain::ticket::{Status, Ticket};
use crate::store::{Store, Work};

fn clock(due: i64) -> Clock {
    Clock {
        kind: ClockKind::Resolution,
        target_secs: due,
        started_at: now(),
        spent_ms: 0,
        counted_to: Some(now()),
        due_at: now() + Duration::seconds(due),
        warn_at: now() + Duration::seconds(due),
        paused_at: None,
        stopped_at: None,
        warned_at: Some(now()),
        breached_at: None,
        steps: Vec::new(),
    }
}

fn marked(number: i64, queue: u64, mark: &str, status: Status) -> Ticket {
    let mut row = ticket(number, id(1, queue));
    row.sla_mark = mark.into();
    row.status = status;
    row
}

/// The marks that differ, in either direction, of tickets that are still worked on.
pub(super) async fn finds_stale_marks(store: &dyn Store) {
    let rows = [
        marked(1, 1, "", Status::New),
        marked(2, 1, "1", Status::Open),
        marked(3, 1, "2", Status::Pending),
        marked(4, 1, "10", Status::OnHold),
        marked(5, 1, "1", Status::Solved),
        marked(6, 1, "1", Status::Closed),
        marked(7, 2, "1", Status::Open),
    ];
    execute(store, rows.iter().map(|row| ticket_put(None, row)).collect()).await;
    let stale = async |queue, mark, limit| {
        let mut numbers: Vec<i64> =
            store.stale_marks(id(1, queue), mark, limit).await.unwrap().into_iter().map(|number| number.0).collect();
        numbers.sort_unstable();
        numbers
    };
    assert_eq!(stale(1, "2", 10).await, [1, 2, 4]);
    assert_eq!(stale(1, "", 10).await, [2, 3, 4]);
    assert_eq!(stale(1, "11", 10).await, [1, 2, 3, 4]);
    assert_eq!(stale(1, "2", 2).await.len(), 2);
    assert!(stale(2, "1", 10).await.is_empty());
}

/// A policy's step is found as warning and breach are, and so long as it did not fire.
pub(super) async fn finds_policy_steps(store: &dyn Store) {
    let mut row = ticket(1, id(1, 1));
    let step =
        |key: &str, secs: i64, fired: bool| ClockStep { key: key.into(), at: now() + Duration::seconds(secs), fired_at: fired.then(now) };
    row.clocks = vec![Clock { steps: vec![step("first", 10, true), step("second", 30, false)], ..clock(60) }];
    let mut waiting = ticket(2, id(1, 1));
    waiting.clocks = vec![Clock { paused_at: Some(now()), steps: vec![step("first", 1, false)], ..clock(60) }];
    execute(store, vec![ticket_put(None, &row), ticket_put(None, &waiting)]).await;
    assert_eq!(store.next_sla_step().await.unwrap(), Some(now() + Duration::seconds(30)));
    assert_eq!(store.sla_due(now() + Duration::seconds(29), 10).await.unwrap(), []);
    assert_eq!(store.sla_due(now() + Duration::seconds(30), 10).await.unwrap(), [TicketNumber(1)]);
}

/// Entries come back in the order they were written, a ticket's alone.
pub(super) async fn keeps_the_clock_ledger(store: &dyn Store) {
    let event = |ticket: i64, at: i64, event: ClockEventKind| ClockEvent {
        ticket: TicketNumber(ticket),
        clock: ClockKind::FirstResponse,
        at: now() + Duration::seconds(at),
        event,
        cause: ClockCause::Time,
        target_secs: 60,
        spent_ms: at * 1_000,
        due_at: now() + Duration::seconds(60),
        calendar: Some("office".into()),
    };
    let fired = ClockEventKind::Fired { step: "breach".into(), due_at: now(), late_ms: 7 };
    let events = [event(1, 5, ClockEventKind::Started), event(2, 1, ClockEventKind::Started), event(1, 3, fired)];
    execute(store, events.iter().cloned().map(Change::PutClockEvent).collect()).await;
    assert_eq!(store.clock_events(TicketNumber(1)).await.unwrap(), [events[0].clone(), events[2].clone()]);
    assert_eq!(store.clock_events(TicketNumber(3)).await.unwrap(), []);
}

/// Firing loads what the due steps name by the queue's policy, and nothing for steps that are not due.
pub(super) async fn loads_what_steps_want(store: &dyn Store) {
    let channel: Conversation = Conversation {
        id: id(5, 1),
        version: 1,
        kind: ConversationKind::Channel,
        title: "incidents".into(),
        topic: None,
        ticket: None,
        queue: None,
        incident: None,
        region: None,
        members: Vec::new(),
        last_seq: 3,
        last_message_at: None,
        created_at: now(),
    };
    let mut queue = queue(1);
    let act = StepAct::PostChannel { channel: channel.id };
    queue.sla.steps = vec![SlaStep { key: "page".into(), clocks: Vec::new(), at: StepAt::AfterBreach { secs: 0 }, acts: vec![act] }];
    let mut row = ticket(1, queue.id);
    let step = ClockStep { key: "page".into(), at: now() + Duration::seconds(60), fired_at: None };
    row.clocks = vec![Clock { steps: vec![step], ..clock(60) }];
    let calendar = Calendar {
        id: id(6, 1),
        version: 1,
        key: "office".into(),
        name: "Office".into(),
        time_zone: "UTC".into(),
        hours: Vec::new(),
        holidays: Vec::new(),
        active: true,
        editions: Vec::new(),
    };
    let rows = [Row::Queue(queue), Row::Calendar(calendar), Row::Conversation(channel.clone())].map(Change::Put);
    execute(store, rows.into_iter().chain([ticket_put(None, &row)]).collect()).await;
    for (secs, expected) in [(59, 0), (60, 1)] {
        let needs = crate::domain::command::needs(&crate::domain::command::Command::FireSlaSteps { number: row.number }, None);
        let decide = Box::new(move |facts: &crate::domain::command::Facts| {
            assert_eq!(facts.channels.len(), expected);
            Ok(crate::domain::command::Outcome::default())
        });
        let work = Work { idempotency: None, needs, decide, now: now() + Duration::seconds(secs) };
        store.execute(work).await.unwrap().answer.unwrap();
    }
}
