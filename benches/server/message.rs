//! From sending a message to its arrival in the event stream of everybody else who may read it.

use std::time::{Duration, Instant};

use dutydesk::base::clock::new_id;
use dutydesk::domain::queue::Strategy;

use super::creations;
use super::desk::{Server, folder, head};
use super::figures::{Goal, figure, percentile};
use super::http::Events;
use super::seed::{Seeded, Shape, seed};

/// Messages of one round, and how far apart.
const MESSAGES: u32 = 200;
const APART: Duration = Duration::from_millis(25);
/// Nobody waits longer for one.
const LONGEST: Duration = Duration::from_secs(30);

async fn streams(server: &Server, seeded: &Seeded) -> Vec<Events> {
    let cursor = head(server, &seeded.admin.token).await;
    let mut streams = Vec::new();
    for who in &seeded.agents {
        let stream = server.wire(&who.token).await.stream(&cursor).await.expect("a stream");
        streams.push(stream.unwrap_or_else(|answer| panic!("no stream: {} {}", answer.status, String::from_utf8_lossy(&answer.body))));
    }
    streams
}

/// Times from sending to each reader's arrival.
async fn arrivals(readers: usize, queues: usize) -> (Vec<Duration>, f64) {
    let folder = folder();
    let shape = Shape { queues, agents: readers, on_duty: false, strategy: Strategy::Manual, ..Shape::plain() };
    let seeded = seed(folder.path(), &shape, async |_, _| {}).await;
    let server = Server::start(folder.path());
    let mut wire = server.wire(&seeded.admin.token).await;
    let made = wire.post("/api/v1/tickets", &creations::body(0, "queue-0")).await.expect("an answer").json();
    let number = made["ticket"].as_i64().expect("a number");
    let mut tasks = tokio::task::JoinSet::new();
    let marks: Vec<String> = (0..MESSAGES).map(|place| format!("mark-{place}-{}", new_id())).collect();
    // Only those of the ticket's queue hear of it.
    let concerned = move |place: usize| place.is_multiple_of(queues);
    for (place, mut events) in streams(&server, &seeded).await.into_iter().enumerate() {
        let marks = marks.clone();
        tasks.spawn(async move {
            let mut times = Vec::new();
            while times.len() < marks.len() && concerned(place) {
                let heard = tokio::time::timeout(LONGEST, events.next()).await.expect("the message comes").expect("the stream lasts");
                while times.len() < marks.len() && heard.holds(marks[times.len()].as_bytes()) {
                    times.push(heard.at);
                }
            }
            // The others' streams stay open until the round is over.
            (times, events)
        });
    }
    let before = server.processor();
    let mut sent = Vec::new();
    for mark in &marks {
        let body = serde_json::json!({"text": format!("The pump runs again. {mark}"), "visibility": "internal"}).to_string();
        sent.push(Instant::now());
        let answer = wire.post(&format!("/api/v1/tickets/{number}/messages"), body.as_bytes()).await.expect("an answer");
        assert!(answer.status < 300, "{}", String::from_utf8_lossy(&answer.body));
        tokio::time::sleep(APART).await;
    }
    let all = tasks.join_all().await;
    let spent = (server.processor() - before).as_secs_f64() * 1e3 / f64::from(MESSAGES);
    (all.iter().flat_map(|(times, _)| times.iter().zip(&sent).map(|(at, sent)| at.duration_since(*sent))).collect(), spent)
}

pub async fn run() {
    for (readers, queues, what, goal) in [
        (8, 1, "8 readers", Goal::AtMost(15.0)),
        (1_000, 10, "1,000 consoles, 100 of them the queue's", Goal::AtMost(150.0)),
        (1_000, 1, "1,000 consoles, all of them the queue's", Goal::AtMost(150.0)),
    ] {
        let (mut times, spent) = arrivals(readers, queues).await;
        let half = percentile(&mut times, 0.5);
        figure(&format!("message sent -> received, {what}, p50"), half, "ms", Goal::None);
        figure(&format!("message sent -> received, {what}, p99"), percentile(&mut times, 0.99), "ms", goal);
        figure(&format!("the server's processor a message, {what}"), spent, "ms", Goal::None);
    }
}
