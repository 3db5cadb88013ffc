//! A reaction to a message: one's own, added or taken back.

use super::standing;
use crate::domain::command::{Given, Outcome};
use crate::domain::{Refusal, limits};

const REACTION_MAX: usize = 16;
/// Different reactions to one message.
const REACTIONS_MAX: usize = 30;

/// # Errors
/// When the message is not the actor's to read, or the reaction is not acceptable.
pub fn react(given: Given<'_>, reaction: &str, on: bool) -> Result<Outcome, Refusal> {
    let place = standing::standing(given)?;
    limits::length(reaction, "reaction", REACTION_MAX)?;
    let reaction = reaction.trim();
    if reaction.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(Refusal::invalid("reaction_invalid", "reaction", "A reaction is one emoji or one word: leave out spaces."));
    }
    let me = place.person.id;
    let has = place.message.reactions.get(reaction).is_some_and(|people| people.contains(&me));
    if has == on {
        return Ok(place.unchanged());
    }
    let mut after = place.message.clone();
    let people = after.reactions.entry(reaction.to_owned()).or_default();
    if on {
        people.push(me);
    } else {
        people.retain(|person| *person != me);
    }
    after.reactions.retain(|_, people| !people.is_empty());
    if after.reactions.len() > REACTIONS_MAX {
        let message = format!("A message has at most {REACTIONS_MAX} different reactions: choose one that is there.");
        return Err(Refusal::invalid("too_many_reactions", "reaction", message));
    }
    let mut outcome = place.done(given, vec![place.put(after)]);
    // A reaction is no act on the ticket.
    outcome.audit.clear();
    Ok(outcome)
}
