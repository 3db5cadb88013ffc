//! Who speaks the language, then who has least to do, then who waited longest.

use super::About;
use crate::domain::assignment::ScorePart;

pub(super) fn score(about: About<'_>) -> Vec<ScorePart> {
    about.language().into_iter().chain(about.least_loaded()).collect()
}
