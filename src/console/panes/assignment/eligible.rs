//! Who could take a ticket, for the picker: eligible people first, each with why not.
//!
//! A hint for the eye, from what the cache holds; the rule that assigns runs on the server.

use crate::base::text::clean;
use crate::console::effect::Choice;
use crate::console::pane::Context;
use crate::console::panes::duty;
use crate::domain::access;
use crate::domain::assignment::Exclusion;
use crate::domain::person::{Person, Presence};
use crate::domain::ticket::Ticket;

/// Choices for giving `ticket`, the least loaded eligible person first; who has it already cannot be chosen.
#[must_use]
pub fn choices(ticket: &Ticket, context: &Context<'_>) -> Vec<Choice> {
    let on_duty = duty::on_duty(context.directory, context.now);
    let serving = |person: &Person| {
        on_duty.iter().filter(|shift| shift.person == person.id).any(|shift| {
            let rota = context.directory.rotas.get(&shift.rota);
            rota.is_some_and(|rota| rota.tier == ticket.tier && rota.queues.contains(&ticket.queue))
        })
    };
    let mut people: Vec<_> = context
        .directory
        .people
        .values()
        .filter(|person| access::may_work(person))
        .map(|person| (exclusion(person, ticket, serving(person), context), person))
        .collect();
    people.sort_by(|(why_a, a), (why_b, b)| {
        let order = |why: &Option<Exclusion>| match why {
            None => 0,
            Some(Exclusion::OffDuty) => 2,
            Some(_) => 1,
        };
        let load = |person: &Person| open(person, context) as f32 / person.capacity.max(1) as f32;
        (order(why_a).cmp(&order(why_b))).then(load(a).total_cmp(&load(b))).then_with(|| (&a.name, a.id).cmp(&(&b.name, b.id)))
    });
    people.into_iter().map(|(why, person)| choice(person, why.as_ref(), ticket, context)).collect()
}

fn choice(person: &Person, why: Option<&Exclusion>, ticket: &Ticket, context: &Context<'_>) -> Choice {
    let locale = context.locale;
    let state = why.map_or_else(|| locale.text("assignment-eligible").into_owned(), |why| exclusion_words(why, context));
    Choice {
        value: person.id.to_string(),
        label: format!("{} @{}", clean(&person.name), clean(&person.handle)),
        hint: format!("{state} {}/{}", open(person, context), person.capacity),
        disabled: (ticket.assignee == Some(person.id)).then(|| locale.text("assignment-has-it").into_owned()),
    }
}

fn exclusion(person: &Person, ticket: &Ticket, serving: bool, context: &Context<'_>) -> Option<Exclusion> {
    let presence = context.agent_states.get(&person.id).map_or(Presence::Offline, |state| state.presence);
    let open = open(person, context);
    if !serving {
        return Some(Exclusion::OffDuty);
    }
    if presence != Presence::Available {
        return Some(Exclusion::NotPresent);
    }
    if open >= person.capacity {
        return Some(Exclusion::AtCapacity { open, capacity: person.capacity });
    }
    let needed = context.directory.queues.get(&ticket.queue).map_or(&[][..], |queue| &queue.skills);
    let lacking = needed.iter().find(|needed| !person.skills.iter().any(|skill| skill.name == **needed));
    lacking.map(|skill| Exclusion::LacksSkill { skill: skill.clone() })
}

/// Tickets a person holds that count against capacity.
#[must_use]
pub fn open(person: &Person, context: &Context<'_>) -> u32 {
    context.agent_states.get(&person.id).map_or(0, |state| state.open_tickets)
}

/// Why somebody was passed over, in words.
#[must_use]
pub fn exclusion_words(why: &Exclusion, context: &Context<'_>) -> String {
    let locale = context.locale;
    match why {
        Exclusion::OffDuty => locale.text("assignment-excluded-off-duty").into_owned(),
        Exclusion::NotPresent => locale.text("assignment-excluded-not-present").into_owned(),
        Exclusion::AtCapacity { .. } => locale.text("assignment-excluded-at-capacity").into_owned(),
        Exclusion::LacksSkill { skill } => locale.with("assignment-excluded-lacks-skill", &[("skill", &clean(skill))]),
        Exclusion::LacksLanguage { language } => locale.with("assignment-excluded-lacks-skill", &[("skill", &clean(language))]),
        Exclusion::AtQueueCap { .. } => locale.text("assignment-excluded-queue-cap").into_owned(),
        Exclusion::DeclinedBefore => locale.text("assignment-excluded-declined").into_owned(),
    }
}
