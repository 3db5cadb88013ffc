//! Calling an expert into a ticket's conversation.

use super::Escalate;
use super::find::{self, Search};
use super::invite::{Call, invite};
use crate::domain::command::{Given, Outcome, draft, given};
use crate::domain::id::PersonId;
use crate::domain::person::Person;
use crate::domain::ticket::Ticket;
use crate::domain::{Refusal, limits, suggest};

/// # Errors
/// `nobody_on_duty` when no expert can be found; when the actor may not, the ticket is finished, or what is asked makes no sense.
pub fn escalate(given: Given<'_>, asked: &Escalate) -> Result<Outcome, Refusal> {
    let (person, mut draft) = given.edit()?;
    if given.facts.escalations.iter().any(|call| call.id == asked.escalation) {
        return Ok(draft::unchanged_ticket(&draft.ticket));
    }
    given::refuse_finished(&draft.ticket)?;
    if !matches!(asked.tier, 2 | 3) {
        return Err(Refusal::invalid("tier_invalid", "tier", format!("There is no tier {} to call: use 2 or 3.", asked.tier)));
    }
    limits::length(&asked.note, "note", limits::FIELD_VALUE_MAX)?;
    if !asked.tried.trim().is_empty() {
        limits::length(&asked.tried, "tried", limits::FIELD_VALUE_MAX)?;
    }
    let skill = asked.skill.as_deref().map(str::trim).filter(|skill| !skill.is_empty());
    let skill = skill.map(|skill| known_skill(given, skill)).transpose()?;
    let expert = match asked.person {
        Some(to) => named(given, person, &draft.ticket, to)?,
        None => {
            let search = Search { tier: asked.tier, skill, except: &[person.id] };
            find::best(given, &draft.ticket, &search).ok_or_else(|| nobody(given, &draft.ticket, asked.tier, skill))?
        }
    };
    invite(given, &mut draft, expert, Call::asked(person.id, asked, skill.map(str::to_owned)));
    draft.reason = Some(asked.note.trim().to_owned());
    draft.done()
}

/// The skill as the desk writes it.
fn known_skill<'a>(given: Given<'a>, skill: &str) -> Result<&'a str, Refusal> {
    let people = given.directory().people.values().filter(|person| person.active);
    let mut names: Vec<&str> = people.flat_map(|person| &person.skills).map(|has| has.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names.iter().find(|name| name.eq_ignore_ascii_case(skill)).copied().ok_or_else(|| {
        let near = suggest::near(skill, names.iter().copied());
        let message = format!("Nobody at this desk has the skill {skill:?}.{near} Leave it out, or name another.");
        Refusal::invalid("unknown_skill", "skill", message)
    })
}

fn named<'a>(given: Given<'a>, actor: &Person, ticket: &Ticket, to: PersonId) -> Result<&'a Person, Refusal> {
    let expert = given.colleague(to, "person")?;
    if to == actor.id {
        return Err(Refusal::invalid("expert_is_self", "person", "You cannot call yourself: name somebody else."));
    }
    if ticket.assignee == Some(to) {
        let message = format!("{} has ticket #{} already: write to them there.", expert.name, ticket.number);
        return Err(Refusal::conflict("already_assigned", message));
    }
    if find::called(given, to) {
        let message = format!("{} is called into ticket #{} already: write to them there.", expert.name, ticket.number);
        return Err(Refusal::conflict("already_called", message));
    }
    Ok(expert)
}

fn nobody(given: Given<'_>, ticket: &Ticket, tier: u8, skill: Option<&str>) -> Refusal {
    let directory = given.directory();
    let mut rotas: Vec<_> = directory.rotas.values().filter(|rota| rota.active && rota.tier >= tier).collect();
    rotas.sort_by_key(|rota| (!rota.queues.contains(&ticket.queue), &rota.key));
    let queue_lead = directory.queues.get(&ticket.queue).and_then(|queue| queue.lead);
    let next = match rotas.iter().find_map(|rota| rota.lead).or(queue_lead) {
        Some(lead) => format!("ask {}, who leads, or name a person", directory.person_name(lead)),
        None => "name a person".to_owned(),
    };
    let (who, next) = match skill {
        Some(skill) => (format!(" who knows {skill}"), format!("leave the skill out, {next}")),
        None => (String::new(), next),
    };
    Refusal::conflict("nobody_on_duty", format!("Nobody of tier {tier}{who} is on duty who could be called: {next}."))
}
