//! Sign-in attempts: at most [`FAILURES_MAX`] failures per handle and per address within [`WINDOW_SECS`].

use std::collections::HashMap;
use std::sync::Mutex;

use crate::domain::Timestamp;

const FAILURES_MAX: usize = 10;
const WINDOW_SECS: i64 = 300;
/// Names watched at once; beyond it the stale ones go first.
const WATCHED_MAX: usize = 10_000;

/// Failures by name (a handle or an address).
#[derive(Default)]
pub struct Attempts(Mutex<HashMap<String, Vec<Timestamp>>>);

impl Attempts {
    /// Seconds until another attempt is allowed, when too many failed.
    #[must_use]
    pub fn blocked(&self, names: &[&str], now: Timestamp) -> Option<u64> {
        let failures = self.0.lock().expect("nothing panics while it holds the attempts");
        let waits = names.iter().filter_map(|name| {
            let recent: Vec<_> = failures.get(*name)?.iter().filter(|at| (now - **at).num_seconds() < WINDOW_SECS).collect();
            let first = recent.first()?;
            (recent.len() >= FAILURES_MAX).then(|| WINDOW_SECS - (now - **first).num_seconds())
        });
        waits.max().and_then(|secs| u64::try_from(secs.max(1)).ok())
    }

    pub fn failed(&self, names: &[&str], now: Timestamp) {
        let mut failures = self.0.lock().expect("nothing panics while it holds the attempts");
        if failures.len() >= WATCHED_MAX {
            failures.retain(|_, times| times.last().is_some_and(|at| (now - *at).num_seconds() < WINDOW_SECS));
        }
        for name in names {
            let times = failures.entry((*name).to_owned()).or_default();
            times.retain(|at| (now - *at).num_seconds() < WINDOW_SECS);
            times.push(now);
        }
    }

    pub fn succeeded(&self, names: &[&str]) {
        let mut failures = self.0.lock().expect("nothing panics while it holds the attempts");
        for name in names {
            failures.remove(*name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_failures_block_for_the_rest_of_the_window() {
        let attempts = Attempts::default();
        let start = Timestamp::UNIX_EPOCH;
        for second in 0..10 {
            assert_eq!(attempts.blocked(&["li.na"], start + chrono::Duration::seconds(second)), None);
            attempts.failed(&["li.na"], start + chrono::Duration::seconds(second));
        }
        assert_eq!(attempts.blocked(&["wang.wei", "li.na"], start + chrono::Duration::seconds(60)), Some(240));
        assert_eq!(attempts.blocked(&["li.na"], start + chrono::Duration::seconds(301)), None);
        attempts.succeeded(&["li.na"]);
        assert_eq!(attempts.blocked(&["li.na"], start), None);
    }
}
