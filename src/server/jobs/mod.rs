//! Reconcilers: each reads the desk as it is and brings it to what it should be; idempotent, woken by changes and by the
//! clock alike. One file a job, one line here.

mod accept;
mod assign;
mod broadcasts;
mod close_solved;
mod duty_notices;
mod escalations;
mod files;
mod handovers;
mod incidents;
mod presence;
mod replan;
mod shift_end;
mod sla_steps;
mod tellings;
mod token_uses;
mod trim_feed;
mod webhooks;

use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use rand::random;

use super::state::Desk;
use crate::base::backoff::Backoff;
use crate::base::clock::new_id;
use crate::domain::Timestamp;
use crate::domain::command::{Command, Submission};
use crate::store::{Receipt, StoreError};

/// What a run leaves behind: when to run again even if nothing changes.
type Run = fn(Desk) -> BoxFuture<'static, Result<Duration, StoreError>>;

/// How long changes gather before a job looks at them.
const SETTLE: Duration = Duration::from_millis(20);

struct Job {
    name: &'static str,
    /// Also run when the feed moves.
    follows_feed: bool,
    run: Run,
}

const JOBS: &[Job] = &[
    Job { name: "assign", follows_feed: true, run: |desk| assign::run(desk).boxed() },
    Job { name: "replan", follows_feed: true, run: |desk| replan::run(desk).boxed() },
    Job { name: "accept", follows_feed: true, run: |desk| accept::run(desk).boxed() },
    Job { name: "shift_end", follows_feed: false, run: |desk| shift_end::run(desk).boxed() },
    Job { name: "duty_notices", follows_feed: false, run: |desk| duty_notices::run(desk).boxed() },
    Job { name: "sla_steps", follows_feed: true, run: |desk| sla_steps::run(desk).boxed() },
    Job { name: "escalations", follows_feed: true, run: |desk| escalations::run(desk).boxed() },
    Job { name: "close_solved", follows_feed: false, run: |desk| close_solved::run(desk).boxed() },
    Job { name: "presence", follows_feed: false, run: |desk| presence::run(desk).boxed() },
    Job { name: "trim_feed", follows_feed: false, run: |desk| trim_feed::run(desk).boxed() },
    Job { name: "token_uses", follows_feed: false, run: |desk| token_uses::run(desk).boxed() },
    Job { name: "files", follows_feed: false, run: |desk| files::run(desk).boxed() },
    Job { name: "broadcasts", follows_feed: true, run: |desk| broadcasts::run(desk).boxed() },
    Job { name: "incidents", follows_feed: true, run: |desk| incidents::run(desk).boxed() },
    Job { name: "tellings", follows_feed: true, run: |desk| tellings::run(desk).boxed() },
    Job { name: "handovers", follows_feed: false, run: |desk| handovers::run(desk).boxed() },
    Job { name: "webhooks", follows_feed: true, run: |desk| webhooks::run(desk).boxed() },
];

/// Commands of a job, each under a fresh key.
fn submissions(commands: impl IntoIterator<Item = Command>) -> Vec<Submission> {
    let submission = |command| Submission { key: new_id().into(), base_version: None, expires_at: None, command };
    commands.into_iter().map(submission).collect()
}

/// How long to sleep until `next`, within bounds: a clock that was set forward is noticed, and nothing is tried without a breath.
fn until(desk: &Desk, next: Option<Timestamp>, least: Duration, most: Duration) -> Duration {
    let pause = next.map_or(most, |at| (at - desk.clock.now()).to_std().unwrap_or_default());
    pause.clamp(least, most)
}

/// One of the commands did something: looking again at once finds something else.
fn moved(receipts: &[Receipt]) -> bool {
    receipts.iter().any(|receipt| receipt.answer.as_ref().is_ok_and(|result| !result.unchanged))
}

/// One of the commands was refused: it stays due.
fn refused(receipts: &[Receipt]) -> bool {
    receipts.iter().any(|receipt| receipt.answer.is_err())
}

/// Starts every job; they end with the server.
pub fn start(desk: &Desk, tasks: &mut tokio::task::JoinSet<()>) {
    for job in JOBS {
        tasks.spawn(keep_running(desk.clone(), job));
    }
}

/// The names of all jobs.
pub fn names() -> impl Iterator<Item = &'static str> {
    JOBS.iter().map(|job| job.name)
}

/// One run of the job of this name: for a caller that is the clock itself. No such job: nothing is done.
///
/// # Errors
/// When the store fails; the next run tries again.
pub async fn run_once(desk: &Desk, name: &str) -> Result<(), StoreError> {
    match JOBS.iter().find(|job| job.name == name) {
        Some(job) => (job.run)(desk.clone()).await.map(drop),
        None => Ok(()),
    }
}

async fn keep_running(desk: Desk, job: &'static Job) {
    let mut head = desk.hub.subscribe();
    let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(60));
    loop {
        head.mark_unchanged();
        let outcome = std::panic::AssertUnwindSafe((job.run)(desk.clone())).catch_unwind().await;
        let (pause, failed) = match outcome {
            Ok(Ok(pause)) => {
                backoff.reset();
                (pause, false)
            }
            Ok(Err(error)) => {
                tracing::error!(job = job.name, %error, "the job failed; it will be tried again");
                (backoff.next(Duration::from_millis(100), random()), true)
            }
            Err(_) => {
                tracing::error!(job = job.name, "the job panicked; it will be tried again");
                (backoff.next(Duration::from_secs(1), random()), true)
            }
        };
        if failed {
            desk.metrics.job_failures.get_or_create(&vec![("job".to_owned(), job.name.to_owned())]).inc();
        }
        tokio::select! {
            () = desk.shutdown.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
            changed = head.changed(), if job.follows_feed && !failed => {
                if changed.is_err() {
                    return;
                }
                // One run for what comes in a burst.
                tokio::time::sleep(SETTLE).await;
            }
        }
    }
}
