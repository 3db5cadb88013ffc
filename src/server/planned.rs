//! By which editions of policies and calendars every open ticket was last found planned. Kept so that the job that plans again
//! asks the store only after a change of the directory, and now and then.

use std::sync::{Mutex, PoisonError};

use chrono::Duration;

use crate::domain::Timestamp;
use crate::domain::id::QueueId;

/// How long a look is good for while the directory stays as it is.
const GOOD_FOR_SECS: i64 = 10;

type Marks = Vec<(QueueId, String)>;

/// The marks of all queues when no ticket differed from them, and when that was.
#[derive(Default)]
pub struct Planned(Mutex<Option<(Marks, Timestamp)>>);

impl Planned {
    #[must_use]
    pub fn is_recent(&self, marks: &Marks, now: Timestamp) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().is_some_and(|(known, at)| known == marks && (now - *at).abs() < Duration::seconds(GOOD_FOR_SECS))
    }

    pub fn remember(&self, marks: Marks, now: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((marks, now));
    }
}
