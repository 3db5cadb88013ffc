//! People beside the assignee: who takes part sees the ticket, whatever their queues.

use crate::domain::Refusal;
use crate::domain::command::{Given, Outcome};
use crate::domain::id::PersonId;

/// # Errors
/// When the person does not exist or left, or the actor may not.
pub fn add_participant(given: Given<'_>, person: PersonId) -> Result<Outcome, Refusal> {
    let (_, mut draft) = given.edit()?;
    let Some(known) = given.directory().people.get(&person) else {
        let message = format!("There is no person {person}: choose somebody from the directory.");
        return Err(Refusal::invalid("unknown_person", "person", message));
    };
    if !known.active {
        let message = format!("{} no longer works here: choose somebody else.", known.name);
        return Err(Refusal::invalid("person_unavailable", "person", message));
    }
    draft.add_participant(person);
    draft.done()
}

/// # Errors
/// When the actor may not.
pub fn remove_participant(given: Given<'_>, person: PersonId) -> Result<Outcome, Refusal> {
    let (_, mut draft) = given.edit()?;
    draft.ticket.participants.retain(|one| *one != person);
    draft.done()
}
