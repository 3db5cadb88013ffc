//! Creating and changing people.

use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::person::{Person, Role};
use crate::domain::row::Row;
use crate::domain::{Refusal, limits};

const SKILLS_MAX: usize = 100;

fn check(given: Given<'_>, person: &Person) -> Result<(), Refusal> {
    limits::key(&person.handle, "handle", ".-_")?;
    limits::length(&person.name, "name", limits::NAME_MAX)?;
    limits::tier(person.tier)?;
    limits::time_zone(&person.time_zone)?;
    if person.skills.len() > SKILLS_MAX {
        let message = format!("A person has at most {SKILLS_MAX} skills: leave some out.");
        return Err(Refusal::invalid("too_many_skills", "skills", message));
    }
    for skill in &person.skills {
        limits::length(&skill.name, "skill", limits::TAG_MAX)?;
        if !(1..=5).contains(&skill.level) {
            let message = format!("Skill {:?} has level {}: use 1 (knows of it) to 5 (teaches it).", skill.name, skill.level);
            return Err(Refusal::invalid("level_invalid", "skills", message));
        }
    }
    if let Some(queue) = person.queues.iter().find(|queue| !given.directory().queues.contains_key(queue)) {
        let message = format!("There is no queue {queue}: choose from the list of queues.");
        return Err(Refusal::invalid("unknown_queue", "queues", message));
    }
    Ok(())
}

/// A desk without an admin could never get one again.
fn keep_an_admin(given: Given<'_>, person: &Person) -> Result<(), Refusal> {
    let admins = |one: &&Person| one.active && one.role == Role::Admin;
    let people = &given.directory().people;
    let was = people.get(&person.id).filter(admins).is_some();
    let another = people.values().filter(admins).any(|one| one.id != person.id);
    if was && !another && !(person.active && person.role == Role::Admin) {
        let message = format!("{} is the only admin: make somebody else an admin first.", person.name);
        return Err(Refusal::conflict("last_admin", message));
    }
    Ok(())
}

/// # Errors
/// When the actor may not, or something about the person is not acceptable.
pub fn put_person(given: Given<'_>, person: &Person) -> Result<Outcome, Refusal> {
    given.admin()?;
    check(given, person)?;
    keep_an_admin(given, person)?;
    let new = Person { version: given.facts.replaced_version + 1, ..person.clone() };
    let old = given.directory().people.get(&person.id);
    Ok(draft::put_row(given, old, &new, Change::Put(Row::Person(new.clone()))))
}
