//! Who reads a message about to be written, asked of everybody it means: nobody is told of what they may not read.

use super::Visibility;
use super::mention::Mentioned;
use crate::domain::Refusal;
use crate::domain::access::{self, Audience};
use crate::domain::command::Given;
use crate::domain::id::PersonId;
use crate::domain::person::Person;

/// Where a message stands, and for whom.
pub struct ReadBy {
    /// Of the place, its tier not considered.
    pub audience: Audience,
    pub visibility: Visibility,
}

impl ReadBy {
    /// Those who are told: of the roles named, who may read it; of the people named, all.
    ///
    /// # Errors
    /// `mention_cannot_read` when a person is named whose tier may not read the message: its author takes them to be told.
    pub fn admitted(&self, given: Given<'_>, mentioned: Mentioned) -> Result<Mentioned, Refusal> {
        let directory = given.directory();
        let tier = self.visibility.tier();
        for id in &mentioned.named {
            let Some(person) = directory.people.get(id) else { continue };
            if !reads(person, tier) {
                let message =
                    format!("@{} may not read messages for tier {tier}: take the mention out, or write an internal note.", person.handle);
                return Err(Refusal::invalid("mention_cannot_read", "text", message));
            }
        }
        Ok(mentioned.on_duty_who(|person| reads(person, tier) && access::admits(&self.audience, person), directory))
    }

    /// Whether somebody reads the place.
    #[must_use]
    pub fn takes_part(&self, given: Given<'_>, id: PersonId) -> bool {
        given.directory().people.get(&id).is_some_and(|person| access::admits(&self.audience, person))
    }

    /// Whether somebody who was meant before may be meant still.
    #[must_use]
    pub fn knows(&self, given: Given<'_>, id: PersonId) -> bool {
        let tier = self.visibility.tier();
        given.directory().people.get(&id).is_some_and(|person| reads(person, tier))
    }
}

fn reads(person: &Person, tier: u8) -> bool {
    tier == 1 || access::reads_tier(person, tier)
}

/// Refuses to write for a tier that one does not read.
///
/// # Errors
/// `tier_not_yours`.
pub fn may_write(person: &Person, visibility: Visibility) -> Result<(), Refusal> {
    let tier = visibility.tier();
    if reads(person, tier) {
        return Ok(());
    }
    let message = format!("Only people of tier {tier} and above and leads write for tier {tier}: write an internal note.");
    Err(Refusal { code: "tier_not_yours".to_owned(), ..Refusal::forbidden(message) })
}
