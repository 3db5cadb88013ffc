//! 5,000 consoles lose their server at once, and come back to the one that starts in its place.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use dutydesk::base::backoff::Backoff;
use dutydesk::base::clock::new_id;
use dutydesk::domain::queue::Strategy;

use super::consoles::CONSOLES;
use super::creations;
use super::desk::{Server, folder, head};
use super::figures::{Goal, figure, percentile};
use super::http::{Events, Wire};
use super::seed::{Shape, Who, seed};

/// Longer than this nobody tries.
const LONGEST: Duration = Duration::from_secs(90);

/// What all saw.
#[derive(Default)]
struct Seen {
    /// Streams open and caught up.
    live: AtomicUsize,
    told_to_wait: AtomicUsize,
    /// Answers of 500 and more that do not say when to come back.
    failed: AtomicUsize,
    unreachable: AtomicUsize,
}

/// A console's link: the stream, and when it ends the client's own backoff. Returns how long it was away, and the stream.
async fn console(address: String, who: Who, cursor: Arc<str>, seen: Arc<Seen>) -> (Duration, Events) {
    let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(30));
    let mut lost: Option<Instant> = None;
    loop {
        let opened = match Wire::open(&address, &who.token).await {
            Ok(wire) => wire.stream(&cursor).await,
            Err(error) => Err(error),
        };
        let mut floor = Duration::ZERO;
        match opened {
            Ok(Ok(mut events)) => {
                if let Some(lost) = lost {
                    if caught_up(&mut events).await {
                        return (lost.elapsed(), events);
                    }
                } else if events.next().await.is_ok() {
                    seen.live.fetch_add(1, Ordering::SeqCst);
                    while events.next().await.is_ok() {}
                    lost = Some(Instant::now());
                    backoff.reset();
                }
            }
            Ok(Err(answer)) => match answer.retry_after {
                Some(seconds) => {
                    seen.told_to_wait.fetch_add(1, Ordering::SeqCst);
                    floor = Duration::from_secs(seconds);
                }
                None => drop(seen.failed.fetch_add(1, Ordering::SeqCst)),
            },
            Err(_) => drop(seen.unreachable.fetch_add(1, Ordering::SeqCst)),
        }
        tokio::time::sleep(backoff.next(floor, rand::random())).await;
    }
}

/// Hears all that was missed.
async fn caught_up(events: &mut Events) -> bool {
    while let Ok(heard) = events.next().await {
        if heard.is_batch() && heard.holds(b"\"more\":false") {
            return true;
        }
    }
    false
}

/// Creates a ticket again and again until told to stop, from the moment that the server takes connections; returns the times
/// of those that went through, and how many did not.
async fn writer(address: String, token: String, stop: Arc<AtomicBool>) -> (Vec<Duration>, usize) {
    let (mut times, mut failed, mut number) = (Vec::new(), 0, 0);
    let mut wire = None;
    while !stop.load(Ordering::SeqCst) {
        if wire.is_none() {
            wire = Wire::open(&address, &token).await.ok();
        }
        if let Some(open) = &mut wire {
            let key = format!("idempotency-key: {}", new_id());
            let sent = Instant::now();
            match open.ask("POST", "/api/v1/tickets", &[&key], &creations::body(number, "queue-0")).await {
                Ok(answer) if answer.status == 201 => times.push(sent.elapsed()),
                Ok(_) => failed += 1,
                Err(_) => (wire, failed) = (None, failed + 1),
            }
        }
        number += 1;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    (times, failed)
}

pub async fn run() {
    let folder = folder();
    let shape = Shape { queues: 50, agents: CONSOLES, on_duty: false, strategy: Strategy::Manual, ..Shape::plain() };
    let seeded = seed(folder.path(), &shape, async |_, _| {}).await;
    let mut server = Server::start(folder.path());
    let cursor: Arc<str> = head(&server, &seeded.admin.token).await.into();
    let seen = Arc::new(Seen::default());
    let mut tasks = tokio::task::JoinSet::new();
    for who in &seeded.agents {
        tasks.spawn(console(server.address.clone(), who.clone(), Arc::clone(&cursor), Arc::clone(&seen)));
    }
    let begun = Instant::now();
    while seen.live.load(Ordering::SeqCst) < CONSOLES && begun.elapsed() < LONGEST {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    figure("5,000 streams opened at once, the first time", begun.elapsed().as_secs_f64(), "s", Goal::AtMost(60.0));
    // What they will have missed: some of it on the disk alone once the server is killed.
    creations::create(&server, &seeded.admin.token, 16, Duration::from_secs(1)).await;
    for count in [&seen.told_to_wait, &seen.failed, &seen.unreachable] {
        count.store(0, Ordering::SeqCst);
    }
    let killed = Instant::now();
    server.kill_and_start();
    let up = Instant::now();
    figure("kill -9 to the server's next start", (up - killed).as_secs_f64(), "s", Goal::None);
    let stop = Arc::new(AtomicBool::new(false));
    let write = tokio::spawn(writer(server.address.clone(), seeded.admin.token.clone(), Arc::clone(&stop)));
    let (mut away, mut open) = (Vec::new(), Vec::new());
    while let Ok(Some(Ok(back))) = tokio::time::timeout(LONGEST.saturating_sub(up.elapsed()), tasks.join_next()).await {
        away.push(back.0);
        open.push(back.1);
    }
    let last = up.elapsed().as_secs_f64();
    let peak = server.memory();
    stop.store(true, Ordering::SeqCst);
    let (mut times, failed) = write.await.expect("the writer ends");
    figure("consoles back", away.len() as f64, "of 5,000", Goal::AtLeast(CONSOLES as f64));
    figure("all back after the start", last, "s", Goal::AtMost(60.0));
    figure("away, p50", percentile(&mut away, 0.5) / 1e3, "s", Goal::None);
    figure("away, p99", percentile(&mut away, 0.99) / 1e3, "s", Goal::None);
    figure("told to come back later", seen.told_to_wait.load(Ordering::SeqCst) as f64, "answers", Goal::None);
    figure("failed otherwise (5xx without Retry-After)", seen.failed.load(Ordering::SeqCst) as f64, "answers", Goal::AtMost(0.0));
    figure("connections that came to nothing", seen.unreachable.load(Ordering::SeqCst) as f64, "", Goal::None);
    figure("creations meanwhile", times.len() as f64, "", Goal::None);
    figure("creations that failed", failed as f64, "", Goal::AtMost(0.0));
    figure("a creation's time meanwhile, p50", percentile(&mut times, 0.5), "ms", Goal::None);
    figure("a creation's time meanwhile, p99", percentile(&mut times, 0.99), "ms", Goal::AtMost(500.0));
    figure("memory at the end", peak, "MB", Goal::AtMost(600.0));
}
