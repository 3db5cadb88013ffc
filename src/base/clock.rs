//! The edge where real time and fresh ids enter; everything inside is told.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A source of the current instant, in whole milliseconds.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's.
    System,
    /// Stands still until moved: milliseconds since 1970.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    #[must_use]
    pub fn manual(at: DateTime<Utc>) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(at.timestamp_millis())))
    }

    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let millis = match self {
            #[expect(clippy::disallowed_methods, reason = "the one place where real time enters")]
            Self::System => Utc::now().timestamp_millis(),
            Self::Manual(millis) => millis.load(Ordering::SeqCst),
        };
        DateTime::from_timestamp_millis(millis).unwrap_or_default()
    }

    /// Moves a manual clock forward; the system's clock ignores it.
    pub fn advance(&self, by: chrono::Duration) {
        if let Self::Manual(millis) = self {
            millis.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
        }
    }
}

/// A fresh id that orders by time.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place where fresh ids enter")]
pub fn new_id() -> Uuid {
    #[cfg(debug_assertions)]
    if let Some(id) = seeded::next() {
        return id;
    }
    Uuid::now_v7()
}

/// Ids from a seed, for simulations that are to run alike twice; in debug builds only.
#[cfg(debug_assertions)]
pub mod seeded {
    use std::cell::RefCell;

    use rand::rngs::ChaCha8Rng;
    use rand::{RngExt, SeedableRng};
    use uuid::{Builder, Uuid};

    thread_local! {
        static SOURCE: RefCell<Option<(ChaCha8Rng, u64)>> = const { RefCell::new(None) };
    }

    /// From here on this thread's ids follow from `seed`, and order as they are made after `millis` since 1970; `None`: fresh ones again.
    pub fn seed(seed: Option<u64>, millis: u64) {
        SOURCE.set(seed.map(|seed| (ChaCha8Rng::seed_from_u64(seed), millis)));
    }

    pub(super) fn next() -> Option<Uuid> {
        SOURCE.with_borrow_mut(|source| {
            let (random, millis) = source.as_mut()?;
            *millis += 1;
            Some(Builder::from_unix_timestamp_millis(*millis, &random.random()).into_uuid())
        })
    }
}

#[cfg(all(test, debug_assertions))]
mod tests {
    use super::*;

    #[test]
    fn seeded_ids_are_alike_and_in_order() {
        let ids = |seed| {
            seeded::seed(Some(seed), 1_000);
            let ids: Vec<Uuid> = (0..50).map(|_| new_id()).collect();
            seeded::seed(None, 0);
            ids
        };
        assert_eq!(ids(7), ids(7));
        assert_ne!(ids(7), ids(8));
        assert!(ids(7).is_sorted());
        assert_ne!(new_id(), new_id());
    }
}
