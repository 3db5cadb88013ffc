//! Calls to webhooks: due, delivered, failed, given up, forgotten.

use chrono::Duration;
use uuid::Uuid;

use super::fixtures::*;
use crate::domain::command::Change;
use crate::domain::webhook::Delivery;
use crate::store::{DUE_EACH_MAX, Store};

fn delivery(webhook: u64, number: u64) -> Delivery {
    Delivery {
        id: id(30 + webhook, number),
        webhook: id(30, webhook),
        event: "sla_step".into(),
        ticket: None,
        body: format!("{{\"number\":{number}}}"),
        created_at: now() + Duration::milliseconds(number.cast_signed()),
    }
}

async fn due(store: &dyn Store, seconds: i64, limit: i64) -> Vec<Uuid> {
    let due = store.due_deliveries(now() + Duration::seconds(seconds), limit).await.unwrap();
    due.into_iter().map(|record| record.delivery.id).collect()
}

pub(super) async fn gives_each_webhook_its_share(store: &dyn Store) {
    let each = DUE_EACH_MAX.unsigned_abs();
    let mut changes: Vec<_> = (0..each + 5).map(|number| Change::PutDelivery(delivery(1, number))).collect();
    changes.push(Change::PutDelivery(delivery(2, 500)));
    execute(store, changes).await;
    let first = due(store, 1, 100).await;
    assert_eq!(first.len() as u64, each + 1, "a share of the long one, and the other's");
    assert_eq!(first[..2], [delivery(1, 0).id, delivery(1, 1).id], "oldest first");
    assert_eq!(first.last(), Some(&delivery(2, 500).id));
    assert_eq!(due(store, 1, 3).await.len(), 3);
    assert!(due(store, -1, 100).await.is_empty(), "not yet");
    assert_eq!(store.deliveries(id(30, 2), 10).await.unwrap()[0].delivery, delivery(2, 500));
    let newest = store.deliveries(id(30, 1), 2).await.unwrap();
    assert_eq!(newest.iter().map(|record| record.delivery.id).collect::<Vec<_>>(), [delivery(1, each + 4).id, delivery(1, each + 3).id]);
}

pub(super) async fn notes_every_attempt(store: &dyn Store) {
    execute(store, vec![Change::PutDelivery(delivery(1, 1))]).await;
    let (call, again) = (delivery(1, 1).id, now() + Duration::seconds(5));
    store.delivery_failed(call, 1, Some(again), "it answered 500").await.unwrap();
    let record = store.deliveries(id(30, 1), 10).await.unwrap().remove(0);
    assert_eq!((record.attempts, record.next_at, record.delivered_at), (1, Some(again), None));
    assert_eq!(record.last_error.as_deref(), Some("it answered 500"));
    assert!(due(store, 4, 10).await.is_empty());
    assert_eq!(due(store, 5, 10).await, [call]);
    assert_eq!(store.due_deliveries(again, 1).await.unwrap(), [record]);
    store.delivered(call, again).await.unwrap();
    let record = store.deliveries(id(30, 1), 10).await.unwrap().remove(0);
    assert_eq!((record.attempts, record.next_at, record.delivered_at, record.last_error), (2, None, Some(again), None));
    // An answer that comes late does not undo a delivery.
    store.delivery_failed(call, 3, Some(again), "late").await.unwrap();
    assert!(due(store, 100, 10).await.is_empty());
    // Given up.
    execute(store, vec![Change::PutDelivery(delivery(1, 2))]).await;
    store.delivery_failed(delivery(1, 2).id, 8, None, "no answer").await.unwrap();
    assert!(due(store, 1_000_000, 10).await.is_empty());
    // What is done with is forgotten in time; what is still due is not.
    execute(store, vec![Change::PutDelivery(delivery(1, 3))]).await;
    store.trim(now() + Duration::days(1)).await.unwrap();
    let left: Vec<_> = store.deliveries(id(30, 1), 10).await.unwrap().into_iter().map(|record| record.delivery.id).collect();
    assert_eq!(left, [delivery(1, 3).id]);
}

pub(super) async fn keeps_each_line_in_order(store: &dyn Store) {
    // Later ones were put down with earlier times: the order in which they were written counts.
    let said = |number: u64| Delivery {
        event: "message".into(),
        ticket: Some(crate::domain::id::TicketNumber(i64::try_from(number / 10).unwrap())),
        created_at: now() - Duration::milliseconds(number.cast_signed()),
        ..delivery(1, number)
    };
    execute(store, vec![Change::PutDelivery(said(10)), Change::PutDelivery(said(20))]).await;
    execute(store, vec![Change::PutDelivery(said(11)), Change::PutDelivery(delivery(1, 5))]).await;
    let ids = |numbers: &[Delivery]| numbers.iter().map(|one| one.id).collect::<std::collections::BTreeSet<_>>();
    let due_now = async |seconds| due(store, seconds, 100).await.into_iter().collect::<std::collections::BTreeSet<_>>();
    assert_eq!(due_now(1).await, ids(&[said(10), said(20), delivery(1, 5)]), "the first of each line, and what waits for nobody");
    store.delivery_failed(said(10).id, 1, Some(now() + Duration::seconds(60)), "no").await.unwrap();
    assert!(!due_now(30).await.contains(&said(11).id), "it waits for the one that failed");
    store.delivered(said(10).id, now()).await.unwrap();
    assert!(due_now(30).await.contains(&said(11).id));
    store.delivery_failed(said(11).id, 8, None, "gone").await.unwrap();
    assert_eq!(due_now(30).await, ids(&[said(20), delivery(1, 5)]), "what is given up holds up nobody");
}
