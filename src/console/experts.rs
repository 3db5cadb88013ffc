//! Whom the roster would call into a ticket now: those on duty in rotas of a tier, as the cached directory knows them. A preview
//! for the eye: the server finds the expert when the call is made.

use super::pane::Context;
use crate::domain::access;
use crate::domain::escalation::find::{Rank, level};
use crate::domain::id::PersonId;
use crate::domain::person::{Person, Presence};
use crate::domain::roster::pattern;
use crate::domain::ticket::Ticket;

/// Somebody on duty who could be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct OnDuty {
    person: PersonId,
    /// The highest tier of a rota they are on duty in.
    tier: u8,
    /// None of their rotas serves the ticket's queue.
    elsewhere: bool,
}

/// Who is on duty and could be called; worked out once, when somebody begins to ask.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Experts {
    on_duty: Vec<OnDuty>,
}

impl Experts {
    /// Those on duty now, without the person who asks, the assignee, and whoever is called into the ticket already.
    #[must_use]
    pub fn of(ticket: &Ticket, context: &Context<'_>) -> Self {
        let called = |person| context.calls.iter().any(|call| call.ticket == ticket.number && call.expert == person);
        let fits = |person: &Person| {
            access::may_work(person) && person.id != context.me.id && ticket.assignee != Some(person.id) && !called(person.id)
        };
        let mut on_duty: Vec<OnDuty> = Vec::new();
        for rota in context.directory.rotas.values().filter(|rota| rota.active) {
            let elsewhere = !rota.queues.contains(&ticket.queue);
            for shift in pattern::on_duty_in(context.directory, rota, context.now) {
                if !context.directory.people.get(&shift.person).is_some_and(fits) {
                    continue;
                }
                match on_duty.iter_mut().find(|known| known.person == shift.person) {
                    Some(known) => {
                        known.elsewhere &= elsewhere;
                        known.tier = known.tier.max(rota.tier);
                    }
                    None => on_duty.push(OnDuty { person: shift.person, tier: rota.tier, elsewhere }),
                }
            }
        }
        Self { on_duty }
    }

    /// Who would be called at `tier` or above, with `skill` where one is asked for (then from rotas of any tier). The best first,
    /// by the same [`Rank`] as the server's.
    #[must_use]
    pub fn found(&self, tier: u8, skill: Option<&str>, context: &Context<'_>) -> Vec<PersonId> {
        let known = self.on_duty.iter().filter_map(|one| Some((one, context.directory.people.get(&one.person)?)));
        let fits = |one: &OnDuty, person: &Person| person.tier >= tier && (skill.is_some() || one.tier >= tier);
        let mut found: Vec<_> = known
            .filter(|(one, person)| fits(one, person))
            .filter_map(|(one, person)| {
                let level = skill.map_or(Some(0), |skill| level(person, skill))?;
                let (presence, open) = standing(person.id, context);
                Some((Rank::new(person, tier, level, one.elsewhere, presence, open), person.id))
            })
            .collect();
        found.sort_by(|a, b| a.0.order(&b.0));
        found.into_iter().map(|(_, person)| person).collect()
    }

    #[must_use]
    pub fn is_on_duty(&self, person: PersonId) -> bool {
        self.on_duty.iter().any(|one| one.person == person)
    }
}

/// Presence and open tickets as last heard.
#[must_use]
pub fn standing(person: PersonId, context: &Context<'_>) -> (Presence, u32) {
    context.agent_states.get(&person).map_or((Presence::Offline, 0), |state| (state.presence, state.open_tickets))
}
