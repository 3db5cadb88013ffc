//! Who last served this requester, then as least loaded.

use super::About;
use crate::domain::assignment::ScorePart;

pub(super) fn score(about: About<'_>) -> Vec<ScorePart> {
    let served = about.last_served == Some(about.person.id);
    [ScorePart::Sticky { served }].into_iter().chain(about.language()).chain(about.least_loaded()).collect()
}
