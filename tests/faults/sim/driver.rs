//! Many worlds on a few threads, each on a runtime of its own.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures::FutureExt;

use super::client::End;
use super::template::Template;
use super::world::World;

/// One world that broke a promise.
#[derive(Debug)]
pub struct Failure {
    pub seed: u64,
    pub why: String,
    pub tail: Vec<String>,
}

/// What came of some worlds.
#[derive(Debug, Default)]
pub struct Report {
    pub seeds: u64,
    pub steps: u64,
    pub commands: u64,
    pub done: u64,
    pub refused: u64,
    /// Facts that the common checker compared.
    pub compared: usize,
    /// Where the threads' time went: making worlds, living, healing, looking.
    pub spent: [Duration; 4],
    pub counts: BTreeMap<&'static str, u64>,
    /// Traces by seed.
    pub hashes: BTreeMap<u64, u64>,
    pub failures: Vec<Failure>,
    pub took: Duration,
}

impl Report {
    pub fn print(&self, what: &str) {
        println!(
            "simulation | {what} | {} seeds | {} steps | {} commands ({} done, {} refused) | {:.1} s | {} violations",
            self.seeds,
            self.steps,
            self.commands,
            self.done,
            self.refused,
            self.took.as_secs_f64(),
            self.failures.len()
        );
        println!(
            "simulation | spent making, living, healing, looking: {:.1?} | {} facts compared by the checker",
            self.spent, self.compared
        );
        println!("simulation | events | {:?}", self.counts);
    }

    /// Prints each failure with how to see it again, and panics when there is one.
    pub fn assert_none(&self) {
        for failure in &self.failures {
            println!("seed {} broke a promise: {}", failure.seed, failure.why);
            failure.tail.iter().for_each(|line| println!("  {line}"));
            println!("  again: DUTYDESK_SEED={} cargo test --test faults sim::replay -- --nocapture", failure.seed);
        }
        assert!(self.failures.is_empty(), "{} worlds broke a promise; see above", self.failures.len());
    }
}

/// A runtime of one thread: what runs on it runs in one order.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Runs the worlds of these seeds, for at most `most`, until so many `failures`.
pub fn run(seeds: std::ops::Range<u64>, most: Duration, failures: usize, loud: bool) -> Report {
    let begun = Instant::now();
    let template = runtime().block_on(Template::make());
    let (next, stop) = (AtomicU64::new(seeds.start), AtomicBool::new(false));
    let report = Mutex::new(Report::default());
    let threads = if loud { 1 } else { std::thread::available_parallelism().map_or(2, std::num::NonZero::get).min(4) };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let runtime = runtime();
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if seed >= seeds.end || stop.load(Ordering::SeqCst) || begun.elapsed() > most {
                        return;
                    }
                    runtime.block_on(live(&template, seed, loud, &report));
                    if report.lock().unwrap().failures.len() >= failures {
                        stop.store(true, Ordering::SeqCst);
                    }
                }
            });
        }
    });
    let mut report = report.into_inner().unwrap();
    report.took = begun.elapsed();
    report
}

async fn live(template: &Template, seed: u64, loud: bool, report: &Mutex<Report>) {
    let mut world = World::new(template, seed, loud).await;
    let lived = AssertUnwindSafe(world.live()).catch_unwind().await;
    let lived = lived.unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|&words| words.to_owned()));
        Err(format!("panic: {}", words.unwrap_or_default()))
    });
    {
        let mut report = report.lock().unwrap();
        report.seeds += 1;
        report.steps += world.trace.steps;
        report.compared += world.compared;
        for (sum, spent) in report.spent.iter_mut().zip(world.spent) {
            *sum += spent;
        }
        for (kind, count) in &world.trace.counts {
            *report.counts.entry(kind).or_default() += count;
        }
        for op in world.clients.iter().flat_map(|client| &client.ops) {
            report.commands += 1;
            report.done += u64::from(matches!(op.end, End::Done(_)));
            report.refused += u64::from(matches!(op.end, End::Refused(_)));
        }
        report.hashes.insert(seed, world.trace.hash());
        if let Err(why) = lived {
            report.failures.push(Failure { seed, why, tail: world.trace.tail() });
        }
    }
    world.end().await;
}
