//! Durable creations of tickets over HTTP, by connections and by what the desk holds already; and what the disk allows.
//!
//! Each creation is one request: a ticket with its requester, first message, conversation, SLA clocks, audit, feed and stored
//! answer, on the disk before it is answered. Tickets wait in a queue of strategy `manual`, so that creation alone is measured.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use dutydesk::base::clock::new_id;
use sqlx::{ConnectOptions, Connection};

use super::desk::{Server, folder};
use super::figures::{Goal, figure, percentile};
use super::seed::{Shape, seed};

const SPAN: Duration = Duration::from_secs(5);

/// The body of the `number`th ticket of a bench.
pub fn body(number: u64, queue: &str) -> Vec<u8> {
    serde_json::json!({
        "queue": queue,
        "subject": format!("Pump {number} does not start"),
        "text": "The display stays dark after the morning's power cut, and the receipt printer is out of paper: 请尽快处理。",
        "requester": {"external": format!("shop:{}", number % 20_000), "name": format!("Customer {}", number % 20_000)},
        "tags": ["pump"],
        "fields": {"pump": number % 12, "product": "diesel"},
    })
    .to_string()
    .into_bytes()
}

/// Creates on so many connections for a while. Returns creations a second and the times of each.
pub async fn create(server: &Server, token: &str, connections: usize, span: Duration) -> (f64, Vec<Duration>) {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let mut tasks = tokio::task::JoinSet::new();
    let begun = Instant::now();
    for _ in 0..connections {
        let mut wire = server.wire(token).await;
        tasks.spawn(async move {
            let mut times = Vec::new();
            while begun.elapsed() < span {
                let key = format!("idempotency-key: {}", new_id());
                let sent = Instant::now();
                let body = body(NUMBER.fetch_add(1, Ordering::Relaxed), "queue-0");
                let answer = wire.ask("POST", "/api/v1/tickets", &[&key], &body).await.expect("an answer");
                assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
                times.push(sent.elapsed());
            }
            times
        });
    }
    let times: Vec<Duration> = tasks.join_all().await.into_iter().flatten().collect();
    (times.len() as f64 / begun.elapsed().as_secs_f64(), times)
}

/// Writes of 4 KiB a second, each on the disk before the next.
fn disk_floor(folder: &std::path::Path) -> f64 {
    let mut file = std::fs::File::create(folder.join("floor")).expect("a file");
    let begun = Instant::now();
    let mut writes = 0u32;
    while begun.elapsed() < Duration::from_secs(1) {
        file.write_all(&[7; 4_096]).and_then(|()| file.sync_data()).expect("a write");
        writes += 1;
    }
    f64::from(writes) / begun.elapsed().as_secs_f64()
}

/// Rows a second of the barest SQLite that is as durable: one table, one row of 1 kB, `rows` in each commit.
async fn sqlite_floor(folder: &std::path::Path, rows: u32) -> f64 {
    let path = folder.join(format!("floor-{rows}.sqlite"));
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal)
        .synchronous(sqlx::sqlite::SqliteSynchronous::Full);
    let mut connection = options.connect().await.expect("a database");
    sqlx::raw_sql("CREATE TABLE floor (id INTEGER PRIMARY KEY, data TEXT NOT NULL)").execute(&mut connection).await.expect("a table");
    let (begun, data, mut done) = (Instant::now(), "x".repeat(1_024), 0u32);
    while begun.elapsed() < Duration::from_secs(1) {
        sqlx::query("BEGIN IMMEDIATE").execute(&mut connection).await.expect("begun");
        for _ in 0..rows {
            sqlx::query("INSERT INTO floor (data) VALUES (?)").bind(&data).execute(&mut connection).await.expect("inserted");
        }
        sqlx::query("COMMIT").execute(&mut connection).await.expect("committed");
        done += rows;
    }
    let rate = f64::from(done) / begun.elapsed().as_secs_f64();
    connection.close().await.expect("closed");
    rate
}

pub async fn run() {
    let folder = folder();
    let fsync = disk_floor(folder.path());
    figure("floor: 4 KiB written and synced", fsync, "/s", Goal::None);
    figure("floor: bare SQLite, a row a commit", sqlite_floor(folder.path(), 1).await, "rows/s", Goal::None);
    let floor = sqlite_floor(folder.path(), 64).await;
    figure("floor: bare SQLite, 64 rows a commit", floor, "rows/s", Goal::None);
    let seeded = seed(folder.path(), &Shape::plain(), async |_, _| {}).await;
    let server = Arc::new(Server::start(folder.path()));
    for connections in [1, 8, 64, 256] {
        let before = server.processor();
        let (rate, mut times) = create(&server, &seeded.admin.token, connections, SPAN).await;
        let cpu = (server.processor() - before).as_secs_f64() * 1e6 / times.len() as f64;
        let goal = if connections == 64 { Goal::AtLeast(3_000.0) } else { Goal::None };
        figure(&format!("creations, {connections} connections"), rate, "/s", goal);
        let (half, most) = (percentile(&mut times, 0.5), percentile(&mut times, 0.99));
        figure(&format!("a creation's time, {connections} connections, p50"), half, "ms", Goal::None);
        figure(&format!("a creation's time, {connections} connections, p99"), most, "ms", Goal::None);
        figure("the server's processor, a creation", cpu, "us", Goal::None);
        if connections == 64 {
            figure("creations against bare rows of 64 a commit", rate / floor, "", Goal::None);
        }
    }
    figure("the server's memory after it", server.memory(), "MB", Goal::None);
}
