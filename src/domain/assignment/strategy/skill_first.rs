//! The best levels in the skills the queue needs, then who speaks the language, then as least loaded.

use super::About;
use crate::domain::assignment::ScorePart;

pub(super) fn score(about: About<'_>) -> Vec<ScorePart> {
    let level = |name: &String| about.person.skills.iter().find(|skill| skill.name == *name).map_or(0, |skill| u32::from(skill.level));
    let levels = about.queue.skills.iter().map(level).sum();
    [ScorePart::Skill { levels }].into_iter().chain(about.language()).chain(about.least_loaded()).collect()
}
