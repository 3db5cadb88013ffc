//! Figures of a large desk: `cargo test --release --lib store::sqlite::bench_stats -- --ignored --nocapture`.

use std::time::Instant;

use chrono::Duration;

use super::open;
use crate::base::clock::Clock;
use crate::domain::command::Change;
use crate::domain::row::Row;
use crate::domain::sla::{Clock as SlaClock, ClockKind};
use crate::domain::stats::StatsScope;
use crate::domain::ticket::{SiteBrief, Status, Ticket};
use crate::store::Store;
use crate::store::contract::{execute, now, queue, ticket, ticket_put, work};

const TICKETS: i64 = 100_000;

/// The `number`th ticket: they spread over 28 days, ten queues and a thousand sites; one of ten is open.
fn row(number: i64) -> Ticket {
    let created_at = now() - Duration::seconds(28 * 86_400 * number / TICKETS);
    let open = number % 10 == 0;
    let site = uuid::Uuid::from_u128(u128::try_from(number % 1_000).unwrap()).into();
    let clock = SlaClock {
        kind: ClockKind::FirstResponse,
        target_secs: 900,
        started_at: created_at,
        spent_ms: 0,
        counted_to: None,
        due_at: created_at + Duration::minutes(15),
        warn_at: created_at + Duration::minutes(12),
        paused_at: None,
        stopped_at: Some(created_at + Duration::seconds(number % 1_800)),
        warned_at: None,
        breached_at: None,
        steps: Vec::new(),
    };
    let mut row = Ticket {
        created_at,
        status: if open { Status::Open } else { Status::Closed },
        solved_at: (!open).then(|| created_at + Duration::hours(number % 48)),
        due_at: open.then(|| now() + Duration::minutes(number % 600 - 60)),
        clocks: vec![clock],
        ..ticket(number, queue(u64::try_from(number % 10).unwrap()).id)
    };
    row.requester.site =
        Some(SiteBrief { id: site, code: format!("ST-{}", number % 1_000), name: "Station".into(), region: "north".into() });
    row
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn figures_of_a_large_desk() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("desk.db"), Clock::manual(now())).await.unwrap();
    execute(&*store, (0..10).map(|n| Change::Put(Row::Queue(queue(n)))).collect()).await;
    let start = Instant::now();
    for first in (1..=TICKETS).step_by(5_000) {
        let units = (first..first + 5_000).map(|number| work(vec![ticket_put(None, &row(number))])).collect();
        store.execute_all(units).await.unwrap();
    }
    println!("written: {TICKETS} tickets in {:.1?}", start.elapsed());
    for (name, days, queues) in
        [("28 days, all queues", 28, None), ("28 days, one queue", 28, Some(vec![queue(3).id])), ("24 hours, all queues", 1, None)]
    {
        let scope = StatsScope { queues, from: now() - Duration::days(days), heat_from: now() - Duration::days(28), now: now() };
        let mut best = std::time::Duration::MAX;
        for _ in 0..5 {
            let start = Instant::now();
            let facts = store.stats(&scope).await.unwrap();
            assert!(!facts.arrived.is_empty() && !facts.sites.is_empty());
            best = best.min(start.elapsed());
        }
        println!("{name}: {best:.1?}");
    }
}
