//! The console's client without a screen: counts and search in its cache, and catching up with what others did meanwhile.

use std::time::{Duration, Instant};

use dutydesk::base::clock::{Clock, new_id};
use dutydesk::client::desk::{DeskClient, DeskOptions, LinkTiming};
use dutydesk::client::view::{Anchor, TicketQuery, View};
use dutydesk::domain::command::{Command, Submission};
use dutydesk::domain::id::TicketNumber;
use dutydesk::wire::command::{Answers, Submissions};

use super::place::{Given, Place};
use crate::data::{DeskData, Mix, desk};
use crate::figures::{Goal, figure, percentile};

const TIMES: usize = 200;
/// Commands of one call.
const AT_ONCE: usize = 100;
const CHANGES: usize = 10_000;
/// What a wait must end within; a failure, not a measure.
const PATIENCE: Duration = Duration::from_secs(120);

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime")
}

async fn open(place: &Place, data: &DeskData, with_server: bool) -> DeskClient {
    DeskClient::open(DeskOptions {
        api: with_server.then(|| place.api(&data.keys.admin_token)),
        cache_path: place.cache(data),
        me: data.keys.admin.clone(),
        clock: Clock::System,
        timing: LinkTiming::default(),
    })
    .await
    .expect("the cache opens")
}

async fn timed<T, F: Future<Output = T>>(what: &str, read: impl Fn(usize) -> F) {
    let mut samples = Vec::with_capacity(TIMES);
    for n in 0..TIMES {
        let begun = Instant::now();
        read(n).await;
        samples.push(begun.elapsed());
    }
    figure(&format!("{what}: p50"), percentile(&mut samples, 0.5), "ms", Goal::None);
    figure(&format!("{what}: p99"), percentile(&mut samples, 0.99), "ms", Goal::None);
}

/// What a screen reads of the cache, where all tickets are open and where they are as a desk's are.
pub fn cache(sizes: &[usize]) {
    for (size, mix) in sizes.iter().flat_map(|size| [(*size, Mix::Open), (*size, Mix::Lived)]) {
        let Some(data) = desk(mix, size) else { continue };
        let place = Place::new(&data, Given { server: false, cache: true });
        let of = format!("{size} tickets, {}", if mix == Mix::Open { "all open" } else { "as a desk has them" });
        runtime().block_on(async {
            let client = &open(&place, &data, false).await;
            timed(&format!("counts of all queues and views, {of}"), |_| client.counts()).await;
            let query = &TicketQuery { view: View::All, ..TicketQuery::default() };
            let step = size / TIMES / 2;
            timed(&format!("a window of 60 anywhere in the list, {of}"), |n| client.tickets(query, Anchor::At(n * step), 60)).await;
            for words in ["pump", "\"price on the pump\"", "加油机"] {
                let what = format!("search in the cache for {words}, {of}");
                timed(&what, |_| client.search_here(words, None, None, 50)).await;
            }
            client.shutdown().await;
        });
    }
}

/// Ten thousand changes that others made while the console was closed.
pub fn catch_up(sizes: &[usize]) {
    for size in sizes.iter().filter(|size| **size >= CHANGES) {
        let Some(data) = desk(Mix::Open, *size) else { continue };
        let place = Place::new(&data, Given { server: true, cache: true });
        runtime().block_on(async {
            let api = place.api(&data.keys.admin_token);
            // So that nothing but these is between the cache and the server.
            let client = open(&place, &data, true).await;
            client.start();
            tokio::time::sleep(Duration::from_secs(2)).await;
            client.shutdown().await;
            let numbers: Vec<i64> = (1..=CHANGES as i64).collect();
            for some in numbers.chunks(AT_ONCE) {
                let commands = some.iter().map(|number| {
                    let command = Command::AddTag { number: TicketNumber(*number), tag: "caught-up".to_owned() };
                    Submission { key: new_id().into(), base_version: None, expires_at: None, command }
                });
                let body = Submissions { commands: commands.collect(), source: None };
                let _: Answers = api.post("/api/v1/commands", &body).await.expect("the server takes commands");
            }
            let begun = Instant::now();
            let client = open(&place, &data, true).await;
            let mut changes = client.changes();
            client.start();
            let last = TicketNumber(CHANGES as i64);
            let caught_up = async {
                loop {
                    match changes.recv().await {
                        Ok(changed) if changed.tickets.contains(&last) => return,
                        Ok(_) | Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {}
                        Err(tokio::sync::broadcast::error::RecvError::Closed) => return,
                    }
                }
            };
            tokio::time::timeout(PATIENCE, caught_up).await.expect("the last change arrives");
            let took = begun.elapsed().as_secs_f64();
            let goal = if sizes.last() == Some(size) { Goal::AtMost(1.0) } else { Goal::None };
            figure(&format!("catch-up of {CHANGES} changes, opening included, {size} open"), took, "s", goal);
            client.shutdown().await;
        });
    }
}
