//! What full-text search costs: `cargo test --lib store::sqlite::bench_search -- --ignored --nocapture`, `BENCH_TICKETS` of 4
//! messages each (100,000). Prints queries' p50 and p99, the indices' share of the file, and what a write costs with them.

use std::fmt::Write;
use std::time::{Duration as Span, Instant};

use sqlx::{ConnectOptions, Connection};

use super::open;
use crate::base::clock::Clock;
use crate::domain::command::Change;
use crate::domain::conversation::Message;
use crate::domain::person::{Person, Role};
use crate::domain::row::Row;
use crate::domain::ticket::Ticket;
use crate::store::contract::{execute, message, message_put, now, person, queue, ticket, ticket_put};
use crate::store::{Search, Store};

const WORDS: [&str; 24] = [
    "printer",
    "pump",
    "receipt",
    "paper",
    "refund",
    "customer",
    "waiting",
    "screen",
    "dark",
    "restarted",
    "please",
    "quickly",
    "加油机",
    "无法启动",
    "请退款",
    "顾客",
    "等候",
    "屏幕",
    "黑屏",
    "已重启",
    "尽快",
    "处理",
    "小票",
    "打印机",
];

/// The same for the same number, of words that are common and one that is rare.
fn text(number: i64) -> String {
    let mut at = number.unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut text = String::new();
    for _ in 0..14 {
        at ^= at >> 29;
        at = at.wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let place = usize::try_from(at >> 33).unwrap();
        text.push_str(WORDS[(place % 24).min(place / 7 % 24)]);
        text.push(' ');
    }
    let _ = write!(text, "PO-{number}");
    text
}

async fn fill(store: &dyn Store, from: i64, to: i64) {
    for first in (from..to).step_by(250) {
        let changes = (first..(first + 250).min(to)).flat_map(|number| {
            let row = Ticket { subject: text(number * 5), queue: queue(1 + number.unsigned_abs() % 10).id, ..ticket(number, queue(1).id) };
            let mut changes = vec![ticket_put(None, &row)];
            changes.extend((1..=4).map(|seq| {
                let said = Message { text: text(number * 5 + seq), ..message(&row, seq) };
                let Change::PutMessage { audience, external, .. } = message_put(&row, seq) else { unreachable!("a message is put") };
                Change::PutMessage { message: Box::new(said), audience, external }
            }));
            changes
        });
        execute(store, changes.collect()).await;
    }
}

async fn ask(store: &dyn Store, viewer: &Person, words: &str) -> (Span, Span, usize) {
    let mut spans = Vec::new();
    let mut hits = 0;
    for _ in 0..40 {
        let start = Instant::now();
        hits = store.search(viewer, &Search { words: words.into(), within: None }, None, 50).await.unwrap().hits.len();
        spans.push(start.elapsed());
    }
    spans.sort_unstable();
    (spans[20], spans[39], hits)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn search_in_a_hundred_thousand_tickets() {
    let tickets: i64 = std::env::var("BENCH_TICKETS").ok().and_then(|number| number.parse().ok()).unwrap_or(100_000);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let store = open(&path, Clock::manual(now())).await.unwrap();
    execute(&*store, (1..=10).map(|number| Change::Put(Row::Queue(queue(number)))).collect()).await;
    let start = Instant::now();
    fill(&*store, 1, tickets + 1).await;
    println!("{tickets} tickets of 4 messages written in {:.0?}", start.elapsed());
    let (lead, agent) = (person(1, Role::Lead, &[]), person(2, Role::Agent, &[queue(3).id]));
    for (name, viewer) in [("lead", &lead), ("agent of one queue of ten", &agent)] {
        for words in ["PO-77777", "PO-777", "printer", "prin", "无法启动", "机", "退款 顾客", "\"dark please\"", "nowhere"] {
            let (half, last, hits) = ask(&*store, viewer, words).await;
            println!("{name}: {words:14} p50 {half:>8.1?} p99 {last:>8.1?} ({hits} on the page)");
        }
    }
    let alone = Instant::now();
    for number in 0..300 {
        fill(&*store, tickets + 1 + number, tickets + 2 + number).await;
    }
    println!("a ticket with 4 messages, durable: {:.2?}", alone.elapsed() / 300);
    store.close().await;
    let mut raw = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
    let pages: i64 =
        sqlx::query_scalar("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").fetch_one(&mut raw).await.unwrap();
    let index: i64 = sqlx::query_scalar(
        "SELECT (SELECT SUM(LENGTH(block)) FROM search_tickets_data) + (SELECT SUM(LENGTH(block)) FROM search_messages_data)",
    )
    .fetch_one(&mut raw)
    .await
    .unwrap();
    println!("file {} MB, of it the indices' blocks {} MB", pages >> 20, index >> 20);
    let drop = "DROP TRIGGER search_message_put; DROP TRIGGER search_ticket_put; \
                CREATE TRIGGER search_message_put INSTEAD OF INSERT ON search_message_put BEGIN SELECT 1; END; \
                CREATE TRIGGER search_ticket_put INSTEAD OF INSERT ON search_ticket_put BEGIN SELECT 1; END;";
    sqlx::raw_sql(drop).execute(&mut raw).await.unwrap();
    raw.close().await.unwrap();
    let store = open(&path, Clock::manual(now())).await.unwrap();
    let alone = Instant::now();
    for number in 300..600 {
        fill(&*store, tickets + 1 + number, tickets + 2 + number).await;
    }
    println!("the same without the indices: {:.2?}", alone.elapsed() / 300);
}
