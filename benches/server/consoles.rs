//! Thousands of connected consoles: memory, the processor while nothing happens, and while the desk works.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use dutydesk::domain::queue::Strategy;

use super::creations;
use super::desk::{Server, folder, head};
use super::figures::{Goal, figure, percentile};
use super::seed::{Shape, seed};

pub const CONSOLES: usize = 5_000;
const QUEUES: usize = 50;

pub async fn run() {
    let folder = folder();
    let shape = Shape { queues: QUEUES, agents: CONSOLES, on_duty: false, strategy: Strategy::Manual, ..Shape::plain() };
    let seeded = seed(folder.path(), &shape, async |_, _| {}).await;
    let server = Server::start(folder.path());
    let cursor = head(&server, &seeded.admin.token).await;
    figure("the server's memory before consoles", server.memory(), "MB", Goal::None);
    let (events, bytes) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let mut tasks = tokio::task::JoinSet::new();
    let begun = Instant::now();
    for who in &seeded.agents {
        let stream = server.wire(&who.token).await.stream(&cursor).await.expect("a stream");
        let mut stream = stream.unwrap_or_else(|answer| panic!("no stream: {}", answer.status));
        let (events, bytes) = (Arc::clone(&events), Arc::clone(&bytes));
        tasks.spawn(async move {
            while let Ok(heard) = stream.next().await {
                events.fetch_add(u64::from(heard.is_batch()), Ordering::Relaxed);
                bytes.fetch_add(heard.text.len() as u64, Ordering::Relaxed);
            }
        });
    }
    figure("opening 5,000 streams, one after the other", begun.elapsed().as_secs_f64(), "s", Goal::None);
    let share = async |span: Duration| {
        let (before, begun) = (server.processor(), Instant::now());
        tokio::time::sleep(span).await;
        (server.processor() - before).as_secs_f64() / begun.elapsed().as_secs_f64() * 100.0
    };
    figure("processor while nothing happens, heartbeats included", share(Duration::from_secs(15)).await, "% of a core", Goal::None);
    figure("memory with 5,000 consoles", server.memory(), "MB", Goal::AtMost(600.0));
    // A busy hour: 50 creations a second, each of one of fifty queues.
    let (before, begun) = (server.processor(), Instant::now());
    let (events_before, bytes_before) = (events.load(Ordering::Relaxed), bytes.load(Ordering::Relaxed));
    let mut wire = server.wire(&seeded.admin.token).await;
    let mut times = Vec::new();
    for number in 0..400u32 {
        let body = creations::body(u64::from(number), &format!("queue-{}", number as usize % QUEUES));
        let sent = Instant::now();
        let answer = wire.post("/api/v1/tickets", &body).await.expect("an answer");
        assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
        times.push(sent.elapsed());
        tokio::time::sleep_until((begun + Duration::from_millis(20) * (number + 1)).into()).await;
    }
    let span = begun.elapsed().as_secs_f64();
    figure("creations a second, 5,000 consoles connected", 400.0 / span, "/s", Goal::None);
    figure("a creation's time then, p99", percentile(&mut times, 0.99), "ms", Goal::None);
    figure("processor then", (server.processor() - before).as_secs_f64() / span * 100.0, "% of a core", Goal::None);
    figure("batches sent then", (events.load(Ordering::Relaxed) - events_before) as f64 / span, "/s", Goal::None);
    figure("bytes sent then", (bytes.load(Ordering::Relaxed) - bytes_before) as f64 / span / 1e3, "kB/s", Goal::None);
    figure("memory after it", server.memory(), "MB", Goal::AtMost(600.0));
}
