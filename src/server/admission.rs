//! How much of what a herd asks for is done at once. Thousands of consoles come back together after a restart: so many are served
//! beside each other, so many wait in line, and the others are told when to come again, each at another time. Commands pass no
//! gate: a desk works on while its consoles load.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use axum::http::StatusCode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::error::{ApiProblem, ApiResult};

/// Nobody is sent away for longer, in seconds: a client's own backoff ends at 30 as well.
const AWAY_MAX: u64 = 30;

/// One kind of work.
pub struct Gate {
    permits: Arc<Semaphore>,
    /// Those who may wait in line.
    line: usize,
    waiting: AtomicUsize,
    /// About how many are served in a second, on two cores: how far apart those who are sent away come again.
    rate: u64,
    /// Sent away since somebody was last let in without waiting: they will all come again.
    away: AtomicU64,
    /// For `/metrics`.
    pub waits: Gauge,
    pub sent_away: Counter,
}

/// Every gate.
pub struct Gates {
    /// Snapshots: seconds of reading each.
    pub snapshots: Gate,
    /// Streams being opened, until their first batch is read.
    pub streams: Gate,
    /// Batches that are no longer in memory: all of them share the store's few readers with people's lists.
    pub catch_up: Gate,
}

impl Default for Gates {
    fn default() -> Self {
        Self { snapshots: Gate::new(8, 32, 20), streams: Gate::new(64, 1_024, 1_000), catch_up: Gate::new(2, 1_024, 100) }
    }
}

/// Counts one who waits until they are in, or gave up.
struct InLine<'a>(&'a Gate);

impl Drop for InLine<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
        self.0.waits.dec();
    }
}

impl Gate {
    fn new(permits: usize, line: usize, rate: u64) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(permits)),
            line,
            waiting: AtomicUsize::new(0),
            rate,
            away: AtomicU64::new(0),
            waits: Gauge::default(),
            sent_away: Counter::default(),
        }
    }

    /// Lets one in, at once or after those who came before.
    ///
    /// # Errors
    /// 503 with `Retry-After` when the line is full.
    pub async fn enter(&self) -> ApiResult<OwnedSemaphorePermit> {
        if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
            self.away.store(0, Ordering::SeqCst);
            return Ok(permit);
        }
        let place = self.waiting.fetch_add(1, Ordering::SeqCst);
        self.waits.inc();
        let _in_line = InLine(self);
        if place >= self.line {
            return Err(self.refuse(rand::random()));
        }
        // The semaphore is never closed; if it were, the server would be ending.
        Arc::clone(&self.permits).acquire_owned().await.map_err(|_| self.refuse(0.0))
    }

    /// Sends one away, to come again among all who were: `chance` is uniform in 0..1.
    fn refuse(&self, chance: f64) -> ApiProblem {
        let away = self.away.fetch_add(1, Ordering::SeqCst) + 1;
        self.sent_away.inc();
        let span = ((away + self.line as u64) / self.rate).clamp(1, AWAY_MAX - 1);
        let seconds = 1 + (span as f64 * chance) as u64;
        ApiProblem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", format!("Many consoles load at once: come back in {seconds} seconds."))
            .retry_after(seconds)
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[test]
    fn so_many_are_served_so_many_wait_and_the_others_come_again() {
        let gate = Gate::new(2, 3, 1);
        let inside: Vec<_> = (0..2).map(|_| gate.enter().now_or_never().unwrap().unwrap()).collect();
        let mut waiting: Vec<_> = (0..3).map(|_| Box::pin(gate.enter())).collect();
        assert!(waiting.iter_mut().all(|one| one.now_or_never().is_none()));
        let refused = gate.enter().now_or_never().unwrap().unwrap_err();
        assert_eq!((refused.status, refused.code.as_str()), (StatusCode::SERVICE_UNAVAILABLE, "busy"));
        assert!(refused.retry_after.is_some_and(|seconds| (1..=AWAY_MAX).contains(&seconds)));
        assert_eq!((gate.waiting.load(Ordering::SeqCst), gate.sent_away.get()), (3, 1), "who was sent away does not wait");
        drop(waiting.pop());
        assert_eq!(gate.waiting.load(Ordering::SeqCst), 2, "nor who gave up");
        drop(inside);
        assert!(
            waiting.iter_mut().all(|one| one.now_or_never().is_some_and(|entered| entered.is_ok())),
            "in their order, without asking again"
        );
    }

    #[test]
    fn the_more_were_sent_away_the_further_apart_they_come() {
        let gate = Gate::new(1, 0, 10);
        let inside = gate.enter().now_or_never().unwrap().unwrap();
        let first = gate.refuse(0.999).retry_after.unwrap();
        for _ in 0..200 {
            gate.refuse(0.5);
        }
        assert!(gate.refuse(0.999).retry_after.unwrap() >= first + 15, "two hundred at ten a second");
        assert_eq!(gate.refuse(0.0).retry_after, Some(1), "but some of them at once");
        drop(inside);
        drop(gate.enter().now_or_never().unwrap().unwrap());
        assert_eq!(gate.refuse(0.999).retry_after.unwrap(), first, "the herd is over");
    }
}
