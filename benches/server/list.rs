//! Lists, filters, searches and figures, as one client asks for them, by the size of the desk.

use std::time::{Duration, Instant};

use super::data::{Mix, desk};
use super::desk::{Server, folder, full};
use super::figures::{Goal, figure, percentile};
use super::http::Wire;

/// Questions of one kind, at most so many and for so long.
const ASKED: usize = 400;
const SPAN: Duration = Duration::from_secs(2);

/// Asks again and again; returns the times.
async fn ask(wire: &mut Wire, path: &str) -> Vec<Duration> {
    let (mut times, begun) = (Vec::new(), Instant::now());
    while times.len() < ASKED && begun.elapsed() < SPAN {
        let sent = Instant::now();
        let answer = wire.get(path).await.expect("an answer");
        assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
        times.push(sent.elapsed());
    }
    times
}

fn tell(what: &str, size: usize, times: &mut [Duration], goal: Goal) {
    figure(&format!("{what}, {size} tickets, p50"), percentile(times, 0.5), "ms", Goal::None);
    figure(&format!("{what}, {size} tickets, p99"), percentile(times, 0.99), "ms", goal);
}

/// A server over a copy of the desk of so many tickets, when there is one.
async fn with(size: usize, work: impl AsyncFnOnce(&Server, &mut Wire)) {
    let Some(data) = desk(Mix::Lived, size) else { return };
    let folder = folder();
    data.copy_database(folder.path());
    // What a console has cached of it is for the console's figures.
    let _ = &data.cache;
    let server = Server::start(folder.path());
    let mut wire = server.wire(&data.keys.admin_token).await;
    // The jobs' first look at the desk is not what is measured.
    tokio::time::sleep(Duration::from_secs(2)).await;
    work(&server, &mut wire).await;
}

fn sizes() -> &'static [usize] {
    if full() { &[1_000, 10_000, 100_000, 1_000_000] } else { &[10_000, 100_000] }
}

pub async fn lists() {
    for &size in sizes() {
        with(size, async |_, wire| {
            let goal = if size == 10_000 { Goal::AtMost(3.0) } else { Goal::None };
            tell("list of 50 tickets with fields", size, &mut ask(wire, "/api/v1/tickets?limit=50").await, goal);
            let old = format!("/api/v1/tickets?limit=50&cursor={}", size / 2);
            tell("the same from the middle", size, &mut ask(wire, &old).await, Goal::None);
            tell("the same of one status", size, &mut ask(wire, "/api/v1/tickets?limit=50&status=open").await, Goal::None);
        })
        .await;
    }
}

pub async fn searches() {
    for &size in sizes() {
        with(size, async |_, wire| {
            for (what, words) in [
                ("search of a common word", "printer"),
                ("search of two Chinese characters", "%E9%80%80%E6%AC%BE"),
                ("search of one Chinese character", "%E6%9C%BA"),
                ("search of a rare word", "nowhere"),
            ] {
                let goal = if size == 1_000_000 { Goal::AtMost(300.0) } else { Goal::None };
                tell(what, size, &mut ask(wire, &format!("/api/v1/search?q={words}")).await, goal);
            }
            let filter = "/api/v1/tickets?limit=50&filter=status:open%20older:2h%20-%23refund%20pump";
            tell("list by a filter", size, &mut ask(wire, filter).await, Goal::None);
            let begun = Instant::now();
            let answer = wire.get("/api/v1/stats/overview?range=28d").await.expect("an answer");
            assert_eq!(answer.status, 200);
            figure(&format!("figures of 28 days, {size} tickets, the first time"), begun.elapsed().as_secs_f64() * 1e3, "ms", Goal::None);
            let begun = Instant::now();
            wire.get("/api/v1/digest").await.expect("an answer");
            figure(
                &format!("digest of all that a lead's console holds, {size} tickets"),
                begun.elapsed().as_secs_f64() * 1e3,
                "ms",
                Goal::None,
            );
        })
        .await;
    }
}

/// The server's own memory, after somebody has worked with it.
pub async fn memory() {
    for &size in sizes() {
        with(size, async |server, wire| {
            let fresh = server.memory();
            for path in ["/api/v1/tickets?limit=50", "/api/v1/search?q=printer", "/api/v1/stats/overview?range=28d", "/api/v1/digest"] {
                ask(wire, path).await;
            }
            wire.get("/api/v1/snapshot").await.expect("a snapshot");
            let goal = if size == 100_000 { Goal::AtMost(150.0) } else { Goal::None };
            figure(&format!("the server's memory, {size} tickets, just started"), fresh, "MB", Goal::None);
            figure(
                &format!("the server's memory, {size} tickets, after lists, searches, figures and a snapshot"),
                server.memory(),
                "MB",
                goal,
            );
        })
        .await;
    }
}
