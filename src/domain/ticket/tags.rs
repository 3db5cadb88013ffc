//! Tags: added and removed one by one, so that two people at once lose nothing.

use crate::domain::Refusal;
use crate::domain::command::{Given, Outcome};
use crate::domain::limits;

/// # Errors
/// When the tag is not acceptable or one too many, or the actor may not.
pub fn add_tag(given: Given<'_>, tag: &str) -> Result<Outcome, Refusal> {
    let (_, mut draft) = given.edit()?;
    limits::tag(tag)?;
    if !draft.ticket.tags.iter().any(|one| one == tag) {
        draft.ticket.tags.push(tag.to_owned());
        limits::tag_count(draft.ticket.tags.len())?;
    }
    draft.done()
}

/// # Errors
/// When the actor may not.
pub fn remove_tag(given: Given<'_>, tag: &str) -> Result<Outcome, Refusal> {
    let (_, mut draft) = given.edit()?;
    draft.ticket.tags.retain(|one| one != tag);
    draft.done()
}
