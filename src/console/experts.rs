//! Whom the roster would call into a ticket now: those on duty in rotas of a tier, as the cached directory knows them. A preview
//! for the eye: the server finds the expert when the call is made.

use super::pane::Context;
use crate::domain::access;
use crate::domain::id::PersonId;
use crate::domain::person::{Person, Presence};
use crate::domain::roster::pattern;
use crate::domain::ticket::Ticket;

/// Somebody on duty in a rota of tier 2 or 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct OnDuty {
    person: PersonId,
    /// Their rota does not serve the ticket's queue.
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
            access::may_work(person)
                && person.tier >= 2
                && person.id != context.me.id
                && ticket.assignee != Some(person.id)
                && !called(person.id)
        };
        let mut on_duty: Vec<OnDuty> = Vec::new();
        for rota in context.directory.rotas.values().filter(|rota| rota.active && rota.tier >= 2) {
            let elsewhere = !rota.queues.contains(&ticket.queue);
            for shift in pattern::on_duty_in(context.directory, rota, context.now) {
                if !context.directory.people.get(&shift.person).is_some_and(fits) {
                    continue;
                }
                match on_duty.iter_mut().find(|known| known.person == shift.person) {
                    Some(known) => known.elsewhere &= elsewhere,
                    None => on_duty.push(OnDuty { person: shift.person, elsewhere }),
                }
            }
        }
        Self { on_duty }
    }

    /// Who would be called at `tier` or above, with `skill` where one is asked for; the best first: rotas of the ticket's queue,
    /// then who is there, then the least loaded.
    #[must_use]
    pub fn found(&self, tier: u8, skill: Option<&str>, context: &Context<'_>) -> Vec<PersonId> {
        let known = self.on_duty.iter().filter_map(|one| Some((one, context.directory.people.get(&one.person)?)));
        let mut found: Vec<_> = known
            .filter(|(_, person)| person.tier >= tier && skill.is_none_or(|skill| has_skill(person, skill)))
            .map(|(one, person)| {
                let (presence, open) = standing(person.id, context);
                let load = f64::from(open) / f64::from(person.capacity.max(1));
                ((one.elsewhere, presence != Presence::Available), load, person)
            })
            .collect();
        found.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then_with(|| a.2.handle.cmp(&b.2.handle)));
        found.into_iter().map(|(_, _, person)| person.id).collect()
    }

    #[must_use]
    pub fn is_on_duty(&self, person: PersonId) -> bool {
        self.on_duty.iter().any(|one| one.person == person)
    }
}

/// Whether `person` has a skill of that name, whatever its case.
#[must_use]
pub fn has_skill(person: &Person, skill: &str) -> bool {
    person.skills.iter().any(|known| known.name.eq_ignore_ascii_case(skill))
}

/// Presence and open tickets as last heard.
#[must_use]
pub fn standing(person: PersonId, context: &Context<'_>) -> (Presence, u32) {
    context.agent_states.get(&person).map_or((Presence::Offline, 0), |state| (state.presence, state.open_tickets))
}
