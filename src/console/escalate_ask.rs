//! What the form that calls an expert is opened with.

use super::experts::Experts;
use crate::domain::escalation::Escalate;
use crate::domain::id::PersonId;

/// Whom one may call: a tier, a skill, or somebody by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Clean.
    pub label: String,
    /// 2 or 3.
    pub tier: u8,
    pub skill: Option<String>,
    pub person: Option<PersonId>,
}

impl Target {
    /// Anybody of `tier` or above.
    #[must_use]
    pub fn new(label: String, tier: u8) -> Self {
        Self { label, tier, skill: None, person: None }
    }

    #[must_use]
    pub fn is_of(&self, asked: &Escalate) -> bool {
        (self.tier, &self.skill, self.person) == (asked.tier, &asked.skill, asked.person)
    }

    pub fn put_into(&self, asked: &mut Escalate) {
        (asked.tier, asked.person) = (self.tier, self.person);
        asked.skill.clone_from(&self.skill);
    }
}

/// The form's choices and first values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EscalateAsk {
    pub first: Escalate,
    pub targets: Vec<Target>,
    pub experts: Experts,
    /// Who keeps the ticket, clean.
    pub owner: String,
    /// Who leads the queue, when somebody does; clean.
    pub lead: Option<String>,
}
