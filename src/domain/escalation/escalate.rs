//! Calling an expert into a ticket's conversation.

use chrono::TimeDelta;

use super::{Escalate, Escalation, EscalationReason, EscalationState};
use crate::domain::command::{Change, Draft, Given, Outcome, draft, given};
use crate::domain::conversation::{Conversation, ConversationKind};
use crate::domain::id::{EscalationId, PersonId};
use crate::domain::notice::NoticeKind;
use crate::domain::person::{Person, Presence};
use crate::domain::roster::pattern;
use crate::domain::row::Row;
use crate::domain::ticket::Ticket;
use crate::domain::{Refusal, Timestamp, access, limits};

/// # Errors
/// `nobody_on_duty` when no expert can be found; when the actor may not, the ticket is finished, or what is asked makes no sense.
pub fn escalate(given: Given<'_>, asked: &Escalate) -> Result<Outcome, Refusal> {
    let (id, tier, to, reason) = (asked.escalation, asked.tier, asked.person, asked.note.as_str());
    let (person, mut draft) = given.edit()?;
    if given.facts.escalations.iter().any(|escalation| escalation.id == id) {
        return Ok(draft::unchanged_ticket(&draft.ticket));
    }
    given::refuse_finished(&draft.ticket)?;
    if !matches!(tier, 2 | 3) {
        return Err(Refusal::invalid("tier_invalid", "tier", format!("There is no tier {tier} to call: use 2 or 3.")));
    }
    limits::length(reason, "note", limits::FIELD_VALUE_MAX)?;
    let expert = match to {
        Some(to) => named(given, person, &draft.ticket, to)?,
        None => least_loaded(given, Some(person.id), &draft.ticket, tier)?,
    };
    call(given, &mut draft, expert, &Call { id, by: person.id, tier, reason: reason.trim(), asked: Some(asked), follows: None });
    draft.reason = Some(reason.trim().to_owned());
    draft.done()
}

/// What is asked of an expert.
pub struct Call<'a> {
    pub id: EscalationId,
    pub by: PersonId,
    pub tier: u8,
    pub reason: &'a str,
    /// What a person asked for in full; absent when a policy's step calls.
    pub asked: Option<&'a Escalate>,
    /// The invitation that came to nothing.
    pub follows: Option<EscalationId>,
}

/// Asks `expert` into the ticket: also by the desk itself, when a step of a policy says so.
pub fn call(given: Given<'_>, draft: &mut Draft<'_>, expert: &Person, call: &Call<'_>) {
    let row = Escalation {
        id: call.id,
        version: 1,
        ticket: draft.ticket.number,
        asked_by: call.by,
        expert: expert.id,
        tier: call.tier,
        skill: call.asked.and_then(|asked| asked.skill.clone()),
        code: call.asked.map_or(EscalationReason::Sla, |asked| asked.reason),
        reason: call.reason.to_owned(),
        tried: call.asked.map(|asked| asked.tried.trim().to_owned()).unwrap_or_default(),
        takes_over: call.asked.is_some_and(|asked| asked.takes_over),
        state: EscalationState::Asked,
        result: None,
        verdict: None,
        asked_at: given.now(),
        accept_by: accept_by(given, &draft.ticket),
        follows: call.follows,
        answered_at: None,
        joined_at: None,
        ended_at: None,
    };
    draft.put(Change::Put(Row::Escalation(row)));
    draft.tell("expert", expert.id.to_string());
    draft.add_participant(expert.id);
    gather(given, draft, [call.by, expert.id]);
    draft.append_system(format!("@{} called into the ticket: {}", expert.handle, call.reason));
    draft.notify(expert.id, NoticeKind::EscalationAsked);
}

/// Until when an expert has to answer, by the ticket's queue.
fn accept_by(given: Given<'_>, ticket: &Ticket) -> Option<Timestamp> {
    let queue = given.directory().queues.get(&ticket.queue)?;
    let secs = i64::from(queue.expert_accept_within_secs);
    (secs > 0).then(|| given.now() + TimeDelta::seconds(secs))
}

/// Gives the ticket's conversation a row in Chats, or brings people into the one it has.
fn gather(given: Given<'_>, draft: &mut Draft<'_>, people: [PersonId; 2]) {
    let wanted: Vec<PersonId> = draft.ticket.assignee.into_iter().chain(people).collect();
    if draft.conversation_mut().is_none() {
        let ticket = &draft.ticket;
        let conversation = Conversation {
            id: ticket.conversation,
            // The draft raises it to 1.
            version: 0,
            kind: ConversationKind::Escalation,
            title: ticket.subject.clone(),
            topic: None,
            ticket: Some(ticket.number),
            queue: None,
            incident: None,
            region: None,
            members: Vec::new(),
            last_seq: ticket.message_count,
            last_message_at: None,
            created_at: given.now(),
        };
        draft.found_conversation(conversation);
    }
    if let Some(conversation) = draft.conversation_mut() {
        for person in wanted {
            if !conversation.members.contains(&person) {
                conversation.members.push(person);
            }
        }
    }
}

fn called(given: Given<'_>, person: PersonId) -> bool {
    given.facts.escalations.iter().any(|escalation| escalation.expert == person && escalation.state.is_open())
}

fn named<'a>(given: Given<'a>, actor: &Person, ticket: &Ticket, to: PersonId) -> Result<&'a Person, Refusal> {
    let expert = given.colleague(to, "person")?;
    if to == actor.id {
        return Err(Refusal::invalid("expert_is_self", "person", "You cannot call yourself: name somebody else."));
    }
    if called(given, to) {
        let message = format!("{} is called into ticket #{} already: write to them there.", expert.name, ticket.number);
        return Err(Refusal::conflict("already_called", message));
    }
    Ok(expert)
}

/// Those on duty in rotas of the tier or above: rotas of the ticket's queue first, then who is there, then the least loaded.
///
/// # Errors
/// `nobody_on_duty`.
pub fn least_loaded<'a>(given: Given<'a>, actor: Option<PersonId>, ticket: &Ticket, tier: u8) -> Result<&'a Person, Refusal> {
    let directory = given.directory();
    let fits = |person: &&Person| {
        let busy_here = Some(person.id) == actor || ticket.assignee == Some(person.id) || called(given, person.id);
        access::may_work(person) && person.tier >= tier && !busy_here
    };
    let mut found: Vec<((bool, bool, f64), &Person)> = Vec::new();
    for rota in directory.rotas.values().filter(|rota| rota.active && rota.tier >= tier) {
        let elsewhere = !rota.queues.contains(&ticket.queue);
        for shift in pattern::on_duty_in(directory, rota, given.now()) {
            let Some(person) = directory.people.get(&shift.person).filter(fits) else { continue };
            let state = given.facts.agent_states.get(&person.id);
            let absent = state.is_none_or(|state| state.presence != Presence::Available);
            let load = f64::from(state.map_or(0, |state| state.open_tickets)) / f64::from(person.capacity.max(1));
            found.push(((elsewhere, absent, load), person));
        }
    }
    let order = |a: &((bool, bool, f64), &Person), b: &((bool, bool, f64), &Person)| {
        (a.0.0, a.0.1).cmp(&(b.0.0, b.0.1)).then(a.0.2.total_cmp(&b.0.2)).then_with(|| a.1.handle.cmp(&b.1.handle))
    };
    found.into_iter().min_by(order).map(|(_, person)| person).ok_or_else(|| nobody(given, ticket, tier))
}

fn nobody(given: Given<'_>, ticket: &Ticket, tier: u8) -> Refusal {
    let directory = given.directory();
    let mut rotas: Vec<_> = directory.rotas.values().filter(|rota| rota.active && rota.tier >= tier).collect();
    rotas.sort_by_key(|rota| (!rota.queues.contains(&ticket.queue), &rota.key));
    let queue_lead = directory.queues.get(&ticket.queue).and_then(|queue| queue.lead);
    let next = match rotas.iter().find_map(|rota| rota.lead).or(queue_lead) {
        Some(lead) => format!("ask {}, who leads, or name a person", directory.person_name(lead)),
        None => "name a person".to_owned(),
    };
    Refusal::conflict("nobody_on_duty", format!("Nobody of tier {tier} is on duty who could be called: {next}."))
}
