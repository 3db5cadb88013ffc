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
    Uuid::now_v7()
}
