//! Calls webhooks with what is due to them: at least once each, under the same id; after failures later and later, and
//! in the end not at all. Each webhook is called in its own task, one call after the other.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::domain::Timestamp;
use crate::domain::id::WebhookId;
use crate::domain::webhook::DeliveryRecord;
use crate::server::state::Desk;
use crate::server::webhook::call::Failure;
use crate::store::StoreError;

/// Deliveries looked at in one run; the store gives each webhook a share of them.
const DUE_MAX: i64 = 200;
const PAUSE: Duration = Duration::from_secs(5);
/// While calls are made more may be due to the same webhooks.
const AGAIN: Duration = Duration::from_millis(200);
/// Waits after each failed attempt, in seconds; after the last one the delivery is given up.
const STEPS_SECS: [i64; 7] = [5, 30, 120, 600, 3_600, 21_600, 86_400];

pub async fn run(desk: Desk) -> Result<Duration, StoreError> {
    let mut due: BTreeMap<WebhookId, Vec<DeliveryRecord>> = BTreeMap::new();
    for record in desk.store.due_deliveries(desk.clock.now(), DUE_MAX).await? {
        due.entry(record.delivery.webhook).or_default().push(record);
    }
    for (webhook, records) in due {
        if desk.calls.begin(webhook) {
            let turn = Turn { desk: desk.clone(), webhook };
            tokio::spawn(async move {
                let shutdown = turn.desk.shutdown.clone();
                tokio::select! {
                    () = shutdown.cancelled() => {}
                    () = deliver_all(&turn, records) => {}
                }
            });
        }
    }
    Ok(if desk.calls.any() { AGAIN } else { PAUSE })
}

/// A webhook's turn, given back even when the task panics.
struct Turn {
    desk: Desk,
    webhook: WebhookId,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.desk.calls.end(self.webhook);
    }
}

async fn deliver_all(turn: &Turn, records: Vec<DeliveryRecord>) {
    for record in records {
        if let Err(error) = deliver(&turn.desk, &record).await {
            // Not on record: it will be delivered again, under the same id.
            tracing::error!(delivery = %record.delivery.id, %error, "what became of a delivery cannot be written");
            return;
        }
    }
}

async fn deliver(desk: &Desk, record: &DeliveryRecord) -> Result<(), StoreError> {
    let (delivery, now) = (&record.delivery, desk.clock.now());
    let directory = desk.directory();
    let outcome = match directory.webhooks.get(&delivery.webhook) {
        Some(webhook) if webhook.active => match desk.calls.clients() {
            Ok(clients) => clients.call(webhook, delivery, now).await,
            Err(why) => Err(Failure::again(why)),
        },
        Some(_) => Err(Failure::for_good("the webhook was switched off")),
        None => Err(Failure::for_good("there is no such webhook any more")),
    };
    match outcome {
        Ok(()) => desk.store.delivered(delivery.id, desk.clock.now()).await,
        Err(failure) => {
            let attempts = record.attempts + 1;
            let next_at = next_at(attempts, &failure, now);
            tracing::warn!(delivery = %delivery.id, webhook = %delivery.webhook, attempts, why = failure.why, "a webhook was not reached");
            desk.store.delivery_failed(delivery.id, attempts, next_at, &failure.why).await
        }
    }
}

/// When to try again after `attempts` failed ones; nothing when it is given up.
fn next_at(attempts: u32, failure: &Failure, now: Timestamp) -> Option<Timestamp> {
    let step = STEPS_SECS.get(usize::try_from(attempts.saturating_sub(1)).ok()?).filter(|_| !failure.for_good)?;
    let asked = i64::try_from(failure.after.as_secs()).unwrap_or_default();
    Some(now + chrono::Duration::seconds((*step).max(asked)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let now = Timestamp::from_timestamp_millis(0).unwrap();
        let secs = |attempts, failure: &Failure| next_at(attempts, failure, now).map(|at| at.timestamp());
        let failure = Failure::again("no");
        let waits: Vec<_> = (1..=8).map(|attempts| secs(attempts, &failure)).collect();
        let expected = [Some(5), Some(30), Some(120), Some(600), Some(3_600), Some(21_600), Some(86_400), None];
        assert_eq!(waits, expected);
        assert_eq!(secs(1, &Failure { after: Duration::from_secs(90), ..failure.clone() }), Some(90), "the receiver asked for it");
        assert_eq!(secs(4, &Failure { after: Duration::from_secs(90), ..failure }), Some(600));
        assert_eq!(secs(1, &Failure::for_good("gone")), None);
    }
}
