//! In turn: who was given a ticket of this queue longest ago. Of those given one at the same instant, who has least to do.

use super::About;
use crate::domain::assignment::ScorePart;

pub(super) fn score(about: About<'_>) -> Vec<ScorePart> {
    let at = about.state.queues.get(&about.queue.id).and_then(|queue| queue.last_assigned_at);
    about.language().into_iter().chain([ScorePart::LastAssigned { at }, ScorePart::Load { load: about.load() }]).collect()
}
