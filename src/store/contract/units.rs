//! Units of work: once, whole, in order.

use std::sync::Arc;

use super::fixtures::*;
use crate::domain::Refusal;
use crate::domain::access::Audience;
use crate::domain::assignment::{Assignment, AssignmentReason, EndReason};
use crate::domain::command::{Change, Needs, Outcome, Replaces};
use crate::domain::conversation::{ConversationKind, Message, ReadMark};
use crate::domain::id::{IntakeChannelId, TicketNumber};
use crate::domain::person::{AgentState, Role};
use crate::domain::row::{Row, RowKind};
use crate::store::{Store, StoreError, Work};

fn assignment(number: u64, ticket: i64) -> Assignment {
    Assignment {
        id: id(8, number),
        ticket: TicketNumber(ticket),
        person: id(2, number),
        reason: AssignmentReason::Claimed,
        by: None,
        decision: None,
        started_at: now(),
        ended_at: None,
        end_reason: None,
    }
}

pub(super) async fn replays_a_known_key(store: &dyn Store) {
    let first = store.execute(new_ticket(1, "a", id(1, 1))).await.unwrap();
    let again = store.execute(new_ticket(1, "a", id(1, 1))).await.unwrap();
    assert!(!first.replayed && again.replayed);
    assert_eq!(first.answer, again.answer);
    assert_eq!(first.position, again.position);
    assert_eq!(store.counts().await.unwrap().tickets, 1);
    assert_eq!(store.head().await.unwrap(), first.position);
    // In one call, too.
    let both = store.execute_all(vec![new_ticket(2, "b", id(1, 1)), new_ticket(2, "b", id(1, 1))]).await.unwrap();
    assert!(!both[0].replayed && both[1].replayed);
    assert_eq!(both[0].answer, both[1].answer);
}

pub(super) async fn refuses_a_reused_key(store: &dyn Store) {
    store.execute(new_ticket(1, "a", id(1, 1))).await.unwrap();
    let other = Work { idempotency: key(1, 2), ..new_ticket(1, "b", id(1, 1)) };
    let refusal = store.execute(other).await.unwrap().answer.unwrap_err();
    assert_eq!(refusal.code, "key_reused");
    assert_eq!(store.counts().await.unwrap().tickets, 1);
}

pub(super) async fn survives_a_rule_that_panics(store: &dyn Store) {
    let broken = Work { decide: Box::new(|_| panic!("a rule with a fault")), ..new_ticket(1, "a", id(1, 1)) };
    let failed = store.execute(broken).await.unwrap_err();
    assert!(matches!(failed, StoreError::RuleFailed));
    // Its key is free, and the store goes on.
    store.execute(new_ticket(1, "a", id(1, 1))).await.unwrap().answer.unwrap();
    assert_eq!(store.counts().await.unwrap().tickets, 1);
}

pub(super) async fn stores_refusals(store: &dyn Store) {
    let refuse = || Work { decide: Box::new(|_| Err(Refusal::forbidden("no"))), idempotency: key(1, 1), ..work(Vec::new()) };
    let first = store.execute(refuse()).await.unwrap();
    assert_eq!(first.answer.unwrap_err().code, "forbidden");
    // The rule would say yes now; the answer given stands.
    let again = store.execute(Work { idempotency: key(1, 1), ..work(Vec::new()) }).await.unwrap();
    assert!(again.replayed);
    assert_eq!(again.answer.unwrap_err().code, "forbidden");
}

pub(super) async fn keeps_one_open_assignment(store: &dyn Store) {
    execute(store, vec![ticket_put(None, &ticket(1, id(1, 1))), Change::PutAssignment(assignment(1, 1))]).await;
    let second = store.execute(work(vec![Change::PutAssignment(assignment(2, 1))])).await.unwrap();
    let refusal = second.answer.unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.field.as_deref()), ("taken", Some("assignee")));
    // Ending one and opening another is one act, in whichever order the rule says it.
    let ended = Assignment { ended_at: Some(now()), end_reason: Some(EndReason::Reassigned), ..assignment(1, 1) };
    execute(store, vec![Change::PutAssignment(assignment(2, 1)), Change::PutAssignment(ended)]).await;
    let all = store.assignments(TicketNumber(1)).await.unwrap();
    assert_eq!(all.iter().filter(|assignment| assignment.ended_at.is_none()).count(), 1);
    assert_eq!(all.len(), 2);
}

pub(super) async fn names_the_field_that_is_taken(store: &dyn Store) {
    put(store, Row::Person(person(1, Role::Agent, &[]))).await;
    let mut twin = person(2, Role::Agent, &[]);
    twin.handle = "person-1".into();
    let refused = Work { idempotency: key(1, 1), ..work(vec![Change::Put(Row::Queue(queue(1))), Change::Put(Row::Person(twin))]) };
    let receipt = store.execute(refused).await.unwrap();
    let refusal = receipt.answer.unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.field.as_deref()), ("taken", Some("handle")));
    assert!(store.directory().await.unwrap().queues.is_empty(), "half a unit was written");
    assert!(store.execute(Work { idempotency: key(1, 1), ..work(Vec::new()) }).await.unwrap().replayed);
    assert_eq!(store.head().await.unwrap(), receipt.position);

    let held = ticket(1, id(1, 1));
    execute(store, vec![ticket_put(None, &held), message_put(&held, 1)]).await;
    for (same, field) in [((1, 2), "message"), ((2, 1), "seq")] {
        let message = Message { id: message(&held, same.0).id, ..message(&held, same.1) };
        let put = Change::PutMessage { message: Box::new(message), audience: Audience::Desk, external: None };
        let refusal = store.execute(work(vec![put])).await.unwrap().answer.unwrap_err();
        assert_eq!(refusal.field.as_deref(), Some(field));
    }
}

pub(super) async fn a_failing_unit_takes_nothing_with_it(store: &dyn Store) {
    let mut units = vec![work(vec![Change::Put(Row::Queue(queue(1)))])];
    let mut twin = queue(3);
    twin.key = "queue-1".into();
    units.push(work(vec![Change::Put(Row::Queue(queue(2))), Change::Put(Row::Queue(twin))]));
    units.push(work(vec![Change::Put(Row::Queue(queue(4)))]));
    let receipts = store.execute_all(units).await.unwrap();
    assert!(receipts[0].answer.is_ok() && receipts[1].answer.is_err() && receipts[2].answer.is_ok());
    let queues = store.directory().await.unwrap().queues;
    let mut kept: Vec<_> = queues.values().map(|queue| queue.key.clone()).collect();
    kept.sort();
    assert_eq!(kept, ["queue-1", "queue-4"]);
    let feed = store.feed(crate::store::Position::default(), 100).await.unwrap();
    assert_eq!(feed.len(), 2);
    assert_eq!(feed[1].position, receipts[2].position);
}

pub(super) async fn alike_units_see_each_other(store: &dyn Store) {
    let mut units: Vec<Work> = (0..600).map(|n| new_ticket(n, &format!("old:{n}"), id(1, 1))).collect();
    // The same external id again, in this call, under another key: nothing to do.
    units.push(new_ticket(1000, "old:7", id(1, 1)));
    let receipts = store.execute_all(units).await.unwrap();
    let last = receipts.last().unwrap().answer.clone().unwrap();
    assert!(last.unchanged);
    assert_eq!(last.ticket, receipts[7].answer.as_ref().unwrap().ticket);
    let numbers: Vec<_> = receipts[..600].iter().map(|receipt| receipt.answer.as_ref().unwrap().ticket.unwrap().0).collect();
    assert_eq!(numbers, (1..=600).collect::<Vec<i64>>());
    assert_eq!(store.requesters("", 10).await.unwrap().len(), 1);
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.tickets, counts.messages), (600, 600));
    assert_eq!(receipts[599].position, store.head().await.unwrap());
}

pub(super) async fn alike_units_fail_alone(store: &dyn Store) {
    // The rule of unit 5 forgets to look: its external id is taken by unit 2.
    let blind = Work {
        needs: Needs { next_number: true, ..Needs::default() },
        decide: Box::new(|facts| {
            let mut made = ticket(facts.next_number.0, id(1, 1));
            made.external = Some("old:2".into());
            Ok(Outcome { changes: vec![ticket_put(None, &made)], ..Outcome::default() })
        }),
        ..work(Vec::new())
    };
    let mut units: Vec<Work> = (0..10).map(|n| new_ticket(n, &format!("old:{n}"), id(1, 1))).collect();
    units.insert(5, blind);
    let receipts = store.execute_all(units).await.unwrap();
    for (place, receipt) in receipts.iter().enumerate() {
        assert_eq!(receipt.answer.is_ok(), place != 5, "unit {place}");
    }
    assert_eq!(receipts[5].answer.as_ref().unwrap_err().field.as_deref(), Some("external"));
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.tickets, counts.messages), (10, 10));
    // Numbers have no gap where the refused unit was.
    assert_eq!(receipts[10].answer.as_ref().unwrap().ticket, Some(TicketNumber(10)));
}

pub(super) async fn concurrent_units_all_land(store: Arc<dyn Store>) {
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..200 {
        let store = Arc::clone(&store);
        tasks.spawn(async move { store.execute(new_ticket(n, &format!("at-once:{n}"), id(1, 1))).await.unwrap() });
    }
    let mut numbers: Vec<_> = tasks.join_all().await.iter().map(|receipt| receipt.answer.as_ref().unwrap().ticket.unwrap().0).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=200).collect::<Vec<i64>>());
}

pub(super) async fn loads_what_is_needed(store: &dyn Store) {
    let mut held = ticket(1, id(1, 1));
    held.assignee = Some(id(2, 1));
    let state = AgentState { version: 3, ..AgentState::unseen(id(2, 1), now()) };
    let mut own = conversation(1, ConversationKind::Escalation, &[id(2, 1)]);
    own.id = held.conversation;
    let mark = ReadMark { person: id(2, 1), conversation: own.id, version: 1, seq: 1, muted: false };
    let changes = vec![
        ticket_put(None, &held),
        message_put(&held, 1),
        Change::PutAssignment(assignment(1, 1)),
        Change::PutRequester(requester(1)),
        Change::Put(Row::AgentState(state.clone())),
        Change::Put(Row::Conversation(own.clone())),
        Change::Put(Row::ReadMark(mark.clone())),
        Change::Put(Row::Queue(queue(1))),
    ];
    execute(store, changes).await;
    let needs = Needs {
        ticket: Some(TicketNumber(1)),
        other: Some(TicketNumber(2)),
        next_number: true,
        ticket_conversation: true,
        read_mark: Some((id(2, 1), own.id)),
        requester: Some("shop:1".into()),
        message: Some(message(&held, 1).id),
        replaces: Some((Replaces::Row(RowKind::Queue), queue(1).id.to_string())),
        ..Needs::default()
    };
    let expected = (held.clone(), state, own.clone(), mark, requester(1));
    let decide = move |facts: &crate::domain::command::Facts| {
        let (ticket, state, own, mark, requester) = &expected;
        assert_eq!(facts.ticket.as_ref(), Some(ticket));
        assert_eq!(facts.other, None);
        assert_eq!(facts.next_number, TicketNumber(2));
        assert_eq!(facts.assignment.as_ref().map(|row| row.person), ticket.assignee);
        assert_eq!(facts.agent_states.get(&state.person), Some(state));
        assert_eq!(facts.conversation.as_ref(), Some(own));
        assert_eq!(facts.read_mark.as_ref(), Some(mark));
        assert_eq!(facts.requester.as_ref(), Some(requester));
        assert!(facts.message.is_some());
        assert_eq!(facts.replaced_version, 1);
        Ok(Outcome::default())
    };
    store.execute(Work { needs, decide: Box::new(decide), ..work(Vec::new()) }).await.unwrap();
    // By its conversation, the ticket comes along.
    let needs = Needs { conversation: Some(own.id), ..Needs::default() };
    let decide = move |facts: &crate::domain::command::Facts| {
        assert_eq!(facts.ticket.as_ref(), Some(&held));
        assert!(facts.assignment.is_some() && facts.conversation.is_some());
        Ok(Outcome::default())
    };
    store.execute(Work { needs, decide: Box::new(decide), ..work(Vec::new()) }).await.unwrap();
}

pub(super) async fn follows_merged_threads(store: &dyn Store) {
    let channel: IntakeChannelId = id(9, 1);
    let map = Change::MapThread { channel, thread: "t".into(), ticket: TicketNumber(1) };
    let chain: Vec<_> = (1..=3).map(|number| ticket(number, id(1, 1))).collect();
    execute(store, chain.iter().map(|ticket| ticket_put(None, ticket)).chain([map]).collect()).await;
    assert_eq!(store.thread(channel, "t").await.unwrap(), Some(TicketNumber(1)));
    for number in 0..2 {
        let (_, put) = edit(&chain[number], |ticket| ticket.merged_into = Some(chain[number + 1].number));
        execute(store, vec![put]).await;
    }
    assert_eq!(store.thread(channel, "t").await.unwrap(), Some(TicketNumber(3)));
    let needs = Needs { thread: Some((channel, "t".into())), ..Needs::default() };
    let decide = |facts: &crate::domain::command::Facts| {
        assert_eq!(facts.ticket.as_ref().map(|ticket| ticket.number), Some(TicketNumber(3)));
        Ok(Outcome::default())
    };
    store.execute(Work { needs, decide: Box::new(decide), ..work(Vec::new()) }).await.unwrap();
    assert_eq!(store.thread(channel, "other").await.unwrap(), None);
}
