//! People to choose from when a ticket is assigned or escalated: who is on duty first, everybody else after them with why not.

use std::collections::HashSet;

use super::effect::Choice;
use super::pane::Context;
use super::words;
use crate::base::text;
use crate::domain::access;
use crate::domain::person::{Person, Presence};
use crate::domain::roster::pattern;
use crate::domain::ticket::Ticket;

/// Where somebody stands in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    /// On duty for the ticket's queue, here, and not full.
    Free,
    Full,
    NotPresent,
    /// On duty, but for other queues.
    Elsewhere,
    OffDuty,
}

/// Everybody who may work and whom `which` lets through; the assignee is shown but cannot be chosen.
pub fn people(ticket: &Ticket, context: &Context<'_>, which: impl Fn(&Person) -> bool) -> Vec<Choice> {
    let shifts = pattern::on_duty(context.directory, context.now);
    let on_duty: HashSet<_> = shifts.iter().map(|shift| shift.person).collect();
    let serves = |rota| context.directory.rotas.get(rota).is_some_and(|rota| rota.queues.contains(&ticket.queue));
    let serving: HashSet<_> = shifts.iter().filter(|shift| serves(&shift.rota)).map(|shift| shift.person).collect();
    let open = |person: &Person| context.agent_states.get(&person.id).map_or(0, |state| state.open_tickets);
    let presence = |person: &Person| context.agent_states.get(&person.id).map_or(Presence::Offline, |state| state.presence);
    let standing = |person: &Person| match (on_duty.contains(&person.id), serving.contains(&person.id)) {
        (false, _) => Standing::OffDuty,
        (true, false) => Standing::Elsewhere,
        (true, true) if presence(person) != Presence::Available => Standing::NotPresent,
        (true, true) if open(person) >= person.capacity => Standing::Full,
        (true, true) => Standing::Free,
    };
    let mut people: Vec<_> = context.directory.people.values().filter(|person| access::may_work(person) && which(person)).collect();
    people.sort_by_key(|person| (standing(person), open(person), person.handle.clone()));
    let choice = |person: &Person| {
        let load = [("open", open(person).to_string()), ("capacity", person.capacity.to_string())];
        let load: Vec<_> = load.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let why = |key: &str| format!("{} {}/{}", context.locale.text(key), open(person), person.capacity);
        let hint = match standing(person) {
            Standing::Free => context.locale.with("picker-on-duty", &load),
            Standing::Full => context.locale.with("assignment-excluded-at-capacity", &load),
            Standing::NotPresent => why(words::presence(presence(person))),
            Standing::Elsewhere => why("picker-other-queue"),
            Standing::OffDuty => why("assignment-excluded-off-duty"),
        };
        Choice {
            value: person.id.to_string(),
            label: format!("{} ({}) T{}", text::clean(&person.name), text::clean(&person.handle), person.tier),
            hint,
            disabled: (ticket.assignee == Some(person.id)).then(|| context.locale.text("picker-has-it").into_owned()),
        }
    };
    people.into_iter().map(choice).collect()
}
