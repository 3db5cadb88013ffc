//! What figures are counted from: by queue, over the span that was asked for, and as of rows changed again.

use chrono::Duration;

use super::fixtures::*;
use crate::domain::Timestamp;
use crate::domain::command::Change;
use crate::domain::id::{QueueId, SiteId};
use crate::domain::row::Row;
use crate::domain::sla::{Clock, ClockKind};
use crate::domain::stats::{SiteTally, StatsFacts, StatsScope, Tally};
use crate::domain::ticket::{SiteBrief, Status, Ticket};
use crate::store::Store;

fn ago(minutes: i64) -> Timestamp {
    now() - Duration::minutes(minutes)
}

fn answered(minutes: i64, met: bool) -> Clock {
    Clock {
        kind: ClockKind::FirstResponse,
        target_secs: 60,
        started_at: ago(minutes + 5),
        spent_ms: 0,
        counted_to: None,
        due_at: if met { ago(minutes) } else { ago(minutes + 1) },
        warn_at: ago(minutes),
        paused_at: None,
        stopped_at: Some(ago(minutes)),
        warned_at: None,
        breached_at: None,
        steps: Vec::new(),
    }
}

fn made(number: i64, queue: QueueId, minutes: i64) -> Ticket {
    Ticket { created_at: ago(minutes), ..ticket(number, queue) }
}

fn at_site(mut row: Ticket, site: SiteId) -> Ticket {
    row.requester.site = Some(SiteBrief { id: site, code: "ST-1".into(), name: "Station 1".into(), region: "north".into() });
    row
}

fn scope(queues: Option<Vec<QueueId>>) -> StatsScope {
    StatsScope { queues, from: ago(24 * 60), heat_from: ago(28 * 24 * 60), now: now() }
}

fn sum(tallies: &[Tally]) -> u32 {
    tallies.iter().map(|tally| tally.count).sum()
}

pub(super) async fn counts_by_queue_and_span(store: &dyn Store) {
    let (one, two, site) = (queue(1), queue(2), id::<SiteId>(8, 1));
    let open = at_site(Ticket { due_at: Some(ago(1)), ..made(1, one.id, 30) }, site);
    let soon = Ticket {
        due_at: Some(now() + Duration::minutes(10)),
        assignee: Some(id(2, 1)),
        clocks: vec![answered(20, false)],
        ..made(2, one.id, 60)
    };
    let done = Ticket { status: Status::Solved, solved_at: Some(ago(10)), clocks: vec![answered(15, true)], ..made(3, one.id, 120) };
    let old = at_site(Ticket { status: Status::Closed, solved_at: Some(ago(3_000)), ..made(4, one.id, 4_000) }, site);
    let other = made(5, two.id, 45);
    let mut changes = vec![Change::Put(Row::Queue(one.clone())), Change::Put(Row::Queue(two.clone()))];
    changes.extend([&open, &soon, &done, &old, &other].map(|row| ticket_put(None, row)));
    execute(store, changes).await;

    let facts = store.stats(&scope(Some(vec![one.id]))).await.unwrap();
    assert_eq!(sum(&facts.arrived), 4, "all of the last 28 days");
    assert!(facts.arrived.is_sorted_by_key(|tally| tally.quarter));
    assert_eq!(sum(&facts.solved), 1, "of the range alone");
    let mut waits: Vec<_> = facts.answered.iter().map(|wait| (wait.at, wait.secs, wait.met)).collect();
    waits.sort_unstable();
    assert_eq!(waits, [(ago(20), 300, Some(false)), (ago(15), 300, Some(true))]);
    assert_eq!(facts.resolved.iter().map(|wait| (wait.secs, wait.met)).collect::<Vec<_>>(), [(110 * 60, None)]);
    let health = facts.queues[0];
    assert_eq!((facts.queues.len(), health.queue), (1, one.id));
    assert_eq!((health.unsolved, health.waiting, health.late, health.breaching), (2, 1, 1, 1));
    assert_eq!((health.oldest_waiting, health.next_due), (Some(open.created_at), soon.due_at));
    assert_eq!(facts.sites, [SiteTally { site, open: 1, late: 1, day: 1, month: 2 }]);

    let all = store.stats(&scope(None)).await.unwrap();
    assert_eq!((sum(&all.arrived), all.queues.len()), (5, 2));
    assert_eq!(store.stats(&scope(Some(Vec::new()))).await.unwrap(), StatsFacts::default(), "who sees no queue is told nothing");

    // Reopened, it is not solved any more.
    let (_, again) = edit(&done, |row| (row.status, row.solved_at) = (Status::Open, None));
    execute(store, vec![again]).await;
    let facts = store.stats(&scope(Some(vec![one.id]))).await.unwrap();
    assert_eq!((sum(&facts.solved), facts.queues[0].unsolved), (0, 3));
}
