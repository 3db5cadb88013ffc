//! Figures, counted at most once a minute for each question: a wall of screens that all ask the same costs one count. Who may
//! see the same queues shares the answer; nobody gets one that was counted over other queues.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono_tz::Tz;

use super::state::Desk;
use crate::domain::Timestamp;
use crate::domain::access::sees_all_queues;
use crate::domain::id::QueueId;
use crate::domain::person::Person;
use crate::domain::stats::{Overview, Range, StatsScope, overview, range};
use crate::store::StoreError;

/// Answers kept; a desk asks few different questions in one minute.
const KEPT_MAX: usize = 256;

/// What is asked, by whom as far as it matters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Question {
    /// In order; all when absent.
    queues: Option<Vec<QueueId>>,
    queue: Option<QueueId>,
    range: Range,
    zone: Tz,
}

/// Answers of this minute.
#[derive(Default)]
pub struct StatsBoard {
    known: Mutex<(i64, HashMap<Question, Arc<Overview>>)>,
    /// One count at a time: the second who asks the same waits for the first, and the store keeps its readers for others.
    counting: tokio::sync::Mutex<()>,
}

impl StatsBoard {
    fn known(&self, question: &Question, now: Timestamp) -> Option<Arc<Overview>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        (known.0 == minute(now)).then(|| known.1.get(question).cloned()).flatten()
    }

    fn keep(&self, question: Question, now: Timestamp, answer: &Arc<Overview>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.0 != minute(now) || known.1.len() >= KEPT_MAX {
            *known = (minute(now), HashMap::new());
        }
        known.1.insert(question, Arc::clone(answer));
    }
}

fn minute(at: Timestamp) -> i64 {
    at.timestamp().div_euclid(60)
}

/// The queues that `person` sees all tickets of; absent: every one. Tickets of other queues that they take part in do not count:
/// figures must not tell how much others have to do.
fn visible(person: &Person) -> Option<Vec<QueueId>> {
    if sees_all_queues(person) {
        return None;
    }
    let mut queues = person.queues.clone();
    queues.sort_unstable();
    queues.dedup();
    Some(queues)
}

/// Whether figures about `queue` may be told to `person`.
#[must_use]
pub fn may_ask(person: &Person, queue: QueueId) -> bool {
    visible(person).is_none_or(|queues| queues.contains(&queue))
}

/// The figures as `person` may see them: of one queue that they [`may_ask`] for, or of all theirs.
///
/// # Errors
/// When the store cannot be read.
pub async fn figures(desk: &Desk, person: &Person, queue: Option<QueueId>, range: Range, zone: Tz) -> Result<Arc<Overview>, StoreError> {
    let queues = queue.map_or_else(|| visible(person), |queue| Some(vec![queue]));
    let question = Question { queues, queue, range, zone };
    if let Some(answer) = desk.stats.known(&question, desk.clock.now()) {
        return Ok(answer);
    }
    let _turn = desk.stats.counting.lock().await;
    let now = desk.clock.now();
    if let Some(answer) = desk.stats.known(&question, now) {
        return Ok(answer);
    }
    let from = range::edges(range, zone, now).first().copied().unwrap_or(now);
    let heat_from = range::heat_from(zone, now).min(from);
    let scope = StatsScope { queues: question.queues.clone(), from, heat_from, now };
    let (facts, states) = (desk.store.stats(&scope).await?, desk.store.agent_states().await?);
    let directory = desk.directory();
    let duty = desk.duty(&directory, now);
    let answer = Arc::new(overview((range, zone, queue), &scope, facts, (&directory, &states, &duty)));
    desk.stats.keep(question, now, &answer);
    Ok(answer)
}
