//! One run: writers and consoles at work, the killer at them, then peace, and what is left is checked.

use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::console::Job;
use super::desk::{STEPS_OVER, TestDesk};
use super::dice::Dice;
use super::killer::{self, Roughness, Toll};
use super::writer::{self, Shared};
use crate::check::{self, ConsoleEnd, Evidence, Findings};
use crate::history::History;

/// Rounds in which all consoles are to stand where the desk stands.
const SETTLE_ROUNDS: usize = 20;

/// What a run is to be.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub seed: u64,
    pub writers: usize,
    pub consoles: usize,
    /// Largest batch of a writer.
    pub batch: usize,
    /// How it is disturbed, if at all.
    pub roughness: Option<Roughness>,
    /// The run goes on until all of these are reached …
    pub at_least: Goals,
    /// … but no longer than this.
    pub at_most: Duration,
}

/// What a run must reach to count.
#[derive(Clone, Copy, Debug, Default)]
pub struct Goals {
    pub span: Duration,
    pub acknowledged: usize,
}

/// What a run came to.
pub struct Ran {
    pub findings: Findings,
    pub evidence: Evidence,
    pub toll: Toll,
    pub failures: usize,
    pub replays: usize,
    pub span: Duration,
    pub seed: u64,
    /// Keeps the files while it is looked at.
    _desk: TestDesk,
}

/// Runs a plan and checks what it left. The server is dead at the end.
pub async fn run(plan: Plan) -> Ran {
    let mut dice = Dice::new(plan.seed);
    let desk = TestDesk::new(plan.writers + plan.consoles).await;
    let folder = desk.folder.path().to_owned();
    let url = desk.server.url.clone();
    let TestDesk { folder: kept, server, admin, lead, agents, queues } = desk;
    let (server, stop, shared) = (Arc::new(Mutex::new(server)), Arc::new(AtomicBool::new(false)), Arc::new(Shared::default()));
    let began = Instant::now();
    let (writing, watching) = agents.split_at(plan.writers);
    let writers = writer::start(writing, queues, &folder, &url, &shared, &mut dice, plan.batch);
    let colleagues: Vec<_> = agents.iter().map(|who| who.person.id).collect();
    let job = |who: &super::desk::Who| Job::new(format!("{}/console", who.person.handle), who, &folder, &url, queues, colleagues.clone());
    let jobs: Vec<Job> = watching.iter().map(job).collect();
    let mut tormentors = Vec::new();
    if let Some(roughness) = plan.roughness {
        let (server, stop, dice) = (Arc::clone(&server), Arc::clone(&stop), dice.split());
        tormentors.push(std::thread::spawn(move || killer::strike(&server, &stop, dice, roughness)));
    }
    for job in jobs.clone() {
        let (stop, dice) = (Arc::clone(&stop), dice.split());
        tormentors.push(std::thread::spawn(move || job.torment(&stop, dice)));
    }
    let reached = || began.elapsed() >= plan.at_least.span && shared.acknowledged.load(Ordering::SeqCst) >= plan.at_least.acknowledged;
    while !reached() && began.elapsed() < plan.at_most {
        writer::pace(Duration::from_millis(50)).await;
    }
    // Peace first, so that what is on its way is answered; then no more writing.
    stop.store(true, Ordering::SeqCst);
    let mut toll = Toll::default();
    for tormentor in tormentors {
        let one = tokio::task::spawn_blocking(|| tormentor.join()).await.expect("waited for").expect("a tormentor does not fail");
        toll.server_kills += one.server_kills;
        toll.client_kills += one.client_kills;
        toll.stops += one.stops;
    }
    shared.stop.store(true, Ordering::SeqCst);
    let mut histories: Vec<(String, PathBuf)> = Vec::new();
    for (client, writer) in writers {
        histories.push((client, writer.await.expect("a writer does not fail")));
    }
    let span = began.elapsed();
    let server = Arc::into_inner(server).expect("nobody else holds it").into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut desk = TestDesk { folder: kept, server, admin, lead, agents, queues };
    settle(&desk, &jobs).await;
    desk.server.kill();
    histories.extend(jobs.iter().map(|job| (job.client.clone(), job.history())));
    let evidence = Evidence {
        database: desk.database(),
        histories: histories.iter().map(|(client, path)| History::read(client, path)).collect(),
        consoles: jobs.iter().map(|job| ConsoleEnd { client: job.client.clone(), cache: job.cache() }).collect(),
    };
    let findings = check::run(&evidence).await;
    let (failures, replays) = (shared.failures.load(Ordering::SeqCst), shared.replays.load(Ordering::SeqCst));
    Ran { findings, evidence, toll, failures, replays, span, seed: plan.seed, _desk: desk }
}

/// Lets every console catch up, until all stand where the desk stands. Clocks that run out soon do so first: they move the feed.
async fn settle(desk: &TestDesk, jobs: &[Job]) {
    if jobs.is_empty() {
        return;
    }
    writer::pace(STEPS_OVER).await;
    for _ in 0..SETTLE_ROUNDS {
        let before = desk.cursor().await;
        let children: Vec<_> = jobs.iter().map(|job| (job, job.settle())).collect();
        for (job, mut child) in children {
            let ended = tokio::task::spawn_blocking(move || child.wait()).await.expect("waited for").expect("a console");
            assert!(ended.success(), "{} did not settle:\n{}", job.client, job.log());
        }
        if before == desk.cursor().await {
            return;
        }
    }
    panic!("the desk does not come to rest");
}

impl fmt::Display for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { findings, toll, failures, replays, span, seed, .. } = self;
        writeln!(
            f,
            "operations {}, acknowledged {}, refused {}, unknown {}, kills {} (server {}, clients {}), stops {}, failed requests {failures}, \
             replays {replays}, seconds {:.0}, violations {}, seed {seed}",
            findings.operations,
            findings.acknowledged,
            findings.refused,
            findings.unknown,
            toll.server_kills + toll.client_kills,
            toll.server_kills,
            toll.client_kills,
            toll.stops,
            span.as_secs_f64(),
            findings.violations.len()
        )?;
        write!(f, "{findings}")
    }
}
