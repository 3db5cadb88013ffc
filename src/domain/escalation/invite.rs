//! Inviting one expert, and the next one when that came to nothing; after the last, whoever leads is told.

use chrono::TimeDelta;

use super::find::{self, Search};
use super::{Escalate, Escalation, EscalationReason, EscalationState};
use crate::domain::Timestamp;
use crate::domain::assignment::owners;
use crate::domain::command::{Change, Draft, Given};
use crate::domain::conversation::DeskLine;
use crate::domain::conversation::{Conversation, ConversationKind};
use crate::domain::id::{EscalationId, PersonId};
use crate::domain::notice::NoticeKind;
use crate::domain::person::Person;
use crate::domain::row::Row;
use crate::domain::ticket::Ticket;

/// What is asked of an expert, whoever it is.
#[derive(Clone, Debug)]
pub struct Call {
    pub id: EscalationId,
    pub by: PersonId,
    pub tier: u8,
    pub skill: Option<String>,
    pub code: EscalationReason,
    /// The reason in words.
    pub reason: String,
    pub tried: String,
    pub takes_over: bool,
    /// The invitation that came to nothing.
    pub follows: Option<EscalationId>,
}

impl Call {
    /// As a person asks for it.
    #[must_use]
    pub fn asked(by: PersonId, asked: &Escalate, skill: Option<String>) -> Self {
        Self {
            id: asked.escalation,
            by,
            tier: asked.tier,
            skill,
            code: asked.reason,
            reason: asked.note.trim().to_owned(),
            tried: asked.tried.trim().to_owned(),
            takes_over: asked.takes_over,
            follows: None,
        }
    }

    /// As a step of an SLA policy asks for it.
    #[must_use]
    pub fn by_policy(id: EscalationId, by: PersonId, tier: u8, reason: String) -> Self {
        let (code, tried) = (EscalationReason::Sla, String::new());
        Self { id, by, tier, skill: None, code, reason, tried, takes_over: false, follows: None }
    }

    /// The same again, of somebody else.
    fn following(id: EscalationId, old: &Escalation) -> Self {
        Self {
            id,
            by: old.asked_by,
            tier: old.tier,
            skill: old.skill.clone(),
            code: old.code,
            reason: old.reason.clone(),
            tried: old.tried.clone(),
            takes_over: old.takes_over,
            follows: Some(old.id),
        }
    }
}

/// Asks `expert` into the ticket: also by the desk itself, when a step of a policy says so.
pub fn invite(given: Given<'_>, draft: &mut Draft<'_>, expert: &Person, call: Call) {
    let said = DeskLine::ExpertCalled { expert: expert.handle.clone(), reason: call.reason.clone() };
    let by = call.by;
    let row = Escalation {
        id: call.id,
        version: 1,
        ticket: draft.ticket.number,
        asked_by: by,
        expert: expert.id,
        tier: call.tier,
        skill: call.skill,
        code: call.code,
        reason: call.reason,
        tried: call.tried,
        takes_over: call.takes_over,
        state: EscalationState::Asked,
        result: None,
        verdict: None,
        asked_at: given.now(),
        accept_by: accept_by(given, &draft.ticket),
        follows: call.follows,
        answered_at: None,
        joined_at: None,
        off_duty_at: None,
        ended_at: None,
    };
    draft.put(Change::Put(Row::Escalation(row)));
    draft.tell("expert", expert.id.to_string());
    draft.add_participant(expert.id);
    gather(given, draft, [by, expert.id]);
    draft.append_system(said);
    draft.notify(expert.id, NoticeKind::EscalationAsked);
}

/// Asks the next one of the chain that `old` came from, who was not asked in it before. Returns whom.
pub fn next<'a>(given: Given<'a>, draft: &mut Draft<'_>, old: &Escalation) -> Option<&'a Person> {
    let mut except: Vec<PersonId> = find::chain(&given.facts.escalations, old.id).into_iter().map(|call| call.expert).collect();
    except.push(old.asked_by);
    let search = Search { tier: old.tier, skill: old.skill.as_deref(), except: &except };
    let expert = find::best(given, &draft.ticket, &search)?;
    invite(given, draft, expert, Call::following(given.fresh(), old));
    Some(expert)
}

/// As [`next`]; when nobody is left to ask, whoever leads is told, and who asked: a call never ends in silence.
pub fn next_or_lead(given: Given<'_>, draft: &mut Draft<'_>, old: &Escalation) {
    if next(given, draft, old).is_some() {
        return;
    }
    let told: Vec<PersonId> = leads(given, &draft.ticket, old.tier);
    for person in told.iter().copied().chain([old.asked_by]) {
        draft.notify(person, NoticeKind::EscalationUnanswered);
    }
    draft.tell("escalation_ended", "nobody_left");
    let directory = given.directory();
    let told: Vec<String> = told.iter().filter_map(|id| directory.people.get(id)).map(|person| person.handle.clone()).collect();
    draft.append_system(DeskLine::NobodyLeft { tier: old.tier, skill: old.skill.clone(), told });
}

/// Who is told of calls that come to nothing: of the tier's rotas, else of the queue, else the admins.
pub fn leads(given: Given<'_>, ticket: &Ticket, tier: u8) -> Vec<PersonId> {
    let queue = given.directory().queues.get(&ticket.queue);
    queue.map(|queue| owners::of_queue(given.directory(), queue, tier).into_iter().collect()).unwrap_or_default()
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
