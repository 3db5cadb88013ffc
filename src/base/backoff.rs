//! How long to wait before trying again: full jitter, so that a thousand clients do not come back together.

use std::time::Duration;

/// Doubles from `base` to `cap` with each failure; the wait is a random part of that.
#[derive(Clone, Debug)]
pub struct Backoff {
    base: Duration,
    cap: Duration,
    failures: u32,
}

impl Backoff {
    #[must_use]
    pub fn new(base: Duration, cap: Duration) -> Self {
        Self { base, cap, failures: 0 }
    }

    /// The next wait: `floor` (a server's `Retry-After`) and a random part of the span on top, for a thousand clients are told the same
    /// second. `chance` is uniform in 0..1, passed in.
    pub fn next(&mut self, floor: Duration, chance: f64) -> Duration {
        let span = self.base.saturating_mul(2u32.saturating_pow(self.failures)).min(self.cap);
        self.failures = self.failures.saturating_add(1);
        floor.saturating_add(span.mul_f64(chance.clamp(0.0, 1.0)))
    }

    /// After a success.
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_to_the_cap_and_honours_the_floor() {
        let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(30));
        let waits: Vec<_> = (0..7).map(|_| backoff.next(Duration::ZERO, 1.0).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30]);
        assert_eq!(backoff.next(Duration::from_secs(60), 0.0), Duration::from_secs(60));
        assert_eq!(backoff.next(Duration::from_secs(60), 0.5), Duration::from_secs(75), "not all in the same moment");
        backoff.reset();
        assert_eq!(backoff.next(Duration::ZERO, 0.5), Duration::from_millis(500));
    }
}
