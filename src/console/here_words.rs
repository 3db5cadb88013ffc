//! Who else is at a ticket, in words and as a mark.

use super::pane::Context;
use super::theme::Role;
use super::words;
use crate::domain::here::Doing;
use crate::domain::id::TicketNumber;

/// Names said before the rest is counted.
const NAMED_MAX: usize = 3;

/// "Bo is reading, Li is writing a reply"; who writes is said first. `None` when nobody else is here.
#[must_use]
pub fn sentence(number: TicketNumber, context: &Context<'_>) -> Option<(String, Role)> {
    let people = context.here.get(&number).filter(|people| !people.is_empty())?;
    let mut people: Vec<_> = people.iter().map(|one| (one.doing == Doing::Viewing, words::person(context.directory, one.person))).collect();
    people.sort();
    let typing = people.iter().any(|(reads, _)| !reads);
    let said = people.iter().take(NAMED_MAX).map(|(reads, name)| {
        let key = if *reads { "here-viewing" } else { "here-typing" };
        context.locale.with(key, &[("name", name)])
    });
    let mut said: Vec<_> = said.collect();
    if people.len() > NAMED_MAX {
        said.push(context.locale.count("here-more", people.len() - NAMED_MAX));
    }
    let words = said.join(&context.locale.text("here-comma"));
    Some((format!("{} {words}", if typing { "~" } else { "o" }), if typing { Role::Warning } else { Role::Accent }))
}

/// The mark of a ticket in a list: `o` somebody reads it, `~` somebody writes; with their number from two on.
#[must_use]
pub fn mark(number: TicketNumber, context: &Context<'_>) -> Option<(String, Role)> {
    let people = context.here.get(&number).filter(|people| !people.is_empty())?;
    let typing = people.iter().any(|one| one.doing == Doing::Typing);
    let (mark, role) = if typing { ("~", Role::Warning) } else { ("o", Role::Accent) };
    Some((if people.len() > 1 { format!("{mark}{}", people.len()) } else { mark.to_owned() }, role))
}
