//! Whether armed SLA steps scale: `cargo test --release --lib store::sqlite::bench_steps -- --ignored --nocapture`.
//!
//! What it prints: how long a look at the index takes with 1,000 and with 100,000 tickets armed (the cost must not follow their
//! number; it is also all that a restart does), and how late 2,000 steps that come due in the same instant are fired.

use std::sync::Arc;
use std::time::{Duration as Span, Instant};

use chrono::Duration;

use super::open;
use crate::base::clock::{Clock, new_id};
use crate::domain::Timestamp;
use crate::domain::command::{Actor, Change, Command, Context, decide, needs};
use crate::domain::directory::Directory;
use crate::domain::id::TicketNumber;
use crate::domain::person::Role;
use crate::domain::row::Row;
use crate::domain::sla::{Clock as SlaClock, ClockKind};
use crate::store::contract::{execute, now, person, queue, ticket, ticket_put};
use crate::store::{Store, Work};

const TOGETHER: i64 = 2_000;
const CHUNK: usize = 100;

fn armed(number: i64) -> SlaClock {
    // The first come due together, in an hour; the others one by one after it.
    let due_at = now() + Duration::seconds(3_600 + (number - TOGETHER).max(0));
    SlaClock {
        kind: ClockKind::Resolution,
        target_secs: 3_600,
        started_at: now(),
        spent_ms: 0,
        counted_to: Some(now()),
        due_at,
        warn_at: due_at,
        paused_at: None,
        stopped_at: None,
        warned_at: Some(now()),
        breached_at: None,
        steps: Vec::new(),
    }
}

async fn arm(store: &dyn Store, from: i64, to: i64) {
    for first in (from..to).step_by(1_000) {
        let puts = (first..(first + 1_000).min(to)).map(|number| {
            let mut row = ticket(number, queue(1).id);
            row.clocks = vec![armed(number)];
            ticket_put(None, &row)
        });
        execute(store, puts.collect()).await;
    }
}

fn fire(number: TicketNumber, directory: &Arc<Directory>, at: Timestamp) -> Work {
    let command = Command::FireSlaSteps { number };
    let directory = Arc::clone(directory);
    Work {
        idempotency: None,
        needs: needs(&command, None),
        now: at,
        decide: Box::new(move |facts| {
            let actor = Actor::Desk { job: "sla_steps" };
            let context =
                Context { now: at, actor: &actor, source: "job", base_version: None, directory: &directory, duty: None, new_id: &new_id };
            decide(&command, facts, &context)
        }),
    }
}

/// The median of a hundred looks.
async fn look(store: &dyn Store) -> Span {
    let mut spans = Vec::new();
    for _ in 0..100 {
        let start = Instant::now();
        store.next_sla_step().await.unwrap();
        assert!(store.sla_due(now(), 1_000).await.unwrap().is_empty());
        spans.push(start.elapsed());
    }
    spans.sort_unstable();
    spans[50]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn armed_steps() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let store = open(&path, Clock::manual(now())).await.unwrap();
    execute(&*store, vec![Change::Put(Row::Queue(queue(1))), Change::Put(Row::Person(person(1, Role::Admin, &[])))]).await;
    let directory = Arc::new(store.directory().await.unwrap());
    arm(&*store, 1, 1_001).await;
    println!("look at the next step, 1,000 armed: {:.0?}", look(&*store).await);
    arm(&*store, 1_001, 100_001).await;
    println!("look at the next step, 100,000 armed: {:.0?}", look(&*store).await);
    store.close().await;
    let start = Instant::now();
    let store = open(&path, Clock::manual(now())).await.unwrap();
    store.next_sla_step().await.unwrap();
    println!("restart, opened and the next step known: {:.0?}", start.elapsed());
    let at = now() + Duration::seconds(3_600);
    let start = Instant::now();
    let mut late = Vec::new();
    loop {
        let due = store.sla_due(at, 1_000).await.unwrap();
        if due.is_empty() {
            break;
        }
        for chunk in due.chunks(CHUNK) {
            let receipts = store.execute_all(chunk.iter().map(|number| fire(*number, &directory, at)).collect()).await.unwrap();
            assert!(receipts.iter().all(|receipt| receipt.answer.is_ok()));
            late.extend(std::iter::repeat_n(start.elapsed(), chunk.len()));
        }
    }
    assert_eq!(late.len(), usize::try_from(TOGETHER).unwrap(), "each once");
    println!(
        "{TOGETHER} due together: p50 {:.0?}, p99 {:.0?}, last {:.0?}",
        late[late.len() / 2],
        late[late.len() * 99 / 100],
        late[late.len() - 1]
    );
}
