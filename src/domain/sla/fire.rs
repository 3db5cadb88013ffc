//! The rule behind `fire_sla_steps`: warning, breach and the policy's steps, once each, and what each of them does.
//!
//! Once: a step that fired is marked on its clock in the same transaction, and an index finds only those not marked. Nothing is
//! kept in memory, so that a restart, however long, only makes them late.

use std::collections::BTreeMap;

use serde_json::json;

use super::clock::{self, BREACH, Due, WARNING};
use super::policy::{SlaPolicy, StepAct};
use super::promise::Promise;
use crate::domain::command::{Change, Draft, Given, Outcome};
use crate::domain::conversation::{Conversation, ConversationKind, DeskLine, Message};
use crate::domain::escalation::find::{self, Search};
use crate::domain::escalation::invite::{self, Call};
use crate::domain::id::{ConversationId, PersonId, WebhookId};
use crate::domain::notice::NoticeKind;
use crate::domain::person::Role;
use crate::domain::row::Row;
use crate::domain::ticket::{Priority, Ticket};
use crate::domain::webhook::Delivery;
use crate::domain::{Refusal, Timestamp, access};

const TIER_MAX: u8 = 3;

/// What the steps due now need to have loaded, beyond the ticket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wants {
    /// Channels to post to.
    pub channels: Vec<ConversationId>,
    /// An expert is to be called: escalations and everybody's state.
    pub experts: bool,
}

/// What firing the ticket's due steps at `now` needs, by its queue's policy.
#[must_use]
pub fn wants(policy: &SlaPolicy, ticket: &Ticket, now: Timestamp) -> Wants {
    let mut wants = Wants::default();
    for due in clock::fire(&mut ticket.clocks.clone(), now) {
        for act in acts(policy, &due.step) {
            match act {
                StepAct::PostChannel { channel } if !wants.channels.contains(channel) => wants.channels.push(*channel),
                StepAct::EscalateTier => wants.experts = true,
                _ => {}
            }
        }
    }
    wants
}

fn acts<'a>(policy: &'a SlaPolicy, step: &str) -> &'a [StepAct] {
    policy.steps.iter().find(|one| one.key == step).map_or(&[], |step| &step.acts)
}

/// # Errors
/// When a person asks for it, or the ticket does not exist.
pub fn fire_sla_steps(given: Given<'_>) -> Result<Outcome, Refusal> {
    given.desk()?;
    let ticket = given.ticket()?;
    let queue = given.queue(ticket.queue)?;
    let mut draft = Draft::of(given, ticket);
    let fired = clock::fire(&mut draft.ticket.clocks, given.now());
    for due in &fired {
        draft.fired(due);
    }
    let mut firing = Firing {
        given,
        lead: queue.lead,
        channels: given.facts.channels.clone().into_iter().collect(),
        posts: Vec::new(),
        raise: 0,
        called: false,
    };
    for due in &fired {
        match due.step.as_str() {
            WARNING => firing.tell(&mut draft, ticket.assignee.or(queue.lead), NoticeKind::SlaWarning),
            BREACH => firing.breach(&mut draft, ticket),
            key => {
                for act in acts(&queue.sla, key) {
                    firing.act(&mut draft, due, *act);
                }
            }
        }
    }
    firing.finish(&mut draft, Promise::of(queue, given.directory()));
    draft.done()
}

/// The steps of one ticket being fired.
struct Firing<'a> {
    given: Given<'a>,
    lead: Option<PersonId>,
    channels: BTreeMap<ConversationId, Conversation>,
    posts: Vec<Message>,
    raise: u8,
    called: bool,
}

impl Firing<'_> {
    fn tell(&self, draft: &mut Draft<'_>, person: Option<PersonId>, kind: NoticeKind) {
        if let Some(person) = person {
            draft.notify(person, kind);
        }
    }

    /// Assignee and lead are told; where there is neither, every admin: a breach is nobody's business never.
    fn breach(&self, draft: &mut Draft<'_>, ticket: &Ticket) {
        let people = &self.given.directory().people;
        let mut told: Vec<PersonId> = ticket.assignee.into_iter().chain(self.lead).collect();
        told.retain(|id| people.get(id).is_some_and(|person| person.active));
        if told.is_empty() {
            told = people.values().filter(|person| person.active && person.role == Role::Admin).map(|person| person.id).collect();
            told.sort_unstable();
        }
        for person in told {
            draft.notify(person, NoticeKind::SlaBreached);
        }
    }

    fn act(&mut self, draft: &mut Draft<'_>, due: &Due, act: StepAct) {
        let notice = || NoticeKind::SlaStep { step: due.step.clone(), clock: due.clock };
        match act {
            StepAct::NotifyAssignee => self.tell(draft, draft.ticket.assignee.or(self.lead), notice()),
            StepAct::NotifyLead => self.tell(draft, self.lead, notice()),
            StepAct::NotifyPerson { person } => self.tell(draft, Some(person), notice()),
            StepAct::PostChannel { channel } => self.post(draft, due, channel),
            StepAct::CallWebhook { webhook } => self.call_webhook(draft, due, webhook),
            StepAct::RaisePriority => self.raise = self.raise.saturating_add(1),
            StepAct::EscalateTier => {
                // One call is enough for steps that fire together.
                self.called = self.called || self.call_expert(draft, due);
                if !self.called {
                    self.tell(draft, self.lead, notice());
                }
            }
        }
    }

    /// A message by the desk; a channel that is gone is passed over, because the other acts must still be done.
    fn post(&mut self, draft: &Draft<'_>, due: &Due, channel: ConversationId) {
        let (id, now) = (self.given.fresh(), self.given.now());
        let Some(row) = self.channels.get_mut(&channel).filter(|row| row.kind == ConversationKind::Channel) else { return };
        row.last_seq += 1;
        row.last_message_at = Some(now);
        self.posts.push(Message::by_desk(id, channel, row.last_seq, said(&draft.ticket, due), now));
    }

    fn call_webhook(&self, draft: &mut Draft<'_>, due: &Due, webhook: WebhookId) {
        let directory = self.given.directory();
        if !directory.webhooks.get(&webhook).is_some_and(|webhook| webhook.active) {
            return;
        }
        let (ticket, now) = (&draft.ticket, self.given.now());
        let handle = |id: PersonId| directory.people.get(&id).map(|person| person.handle.clone());
        let body = json!({
            "event": "sla_step",
            "at": now,
            "step": due.step,
            "clock": due.clock,
            "due_at": due.at,
            "late_ms": (now - due.at).num_milliseconds(),
            "ticket": {
                "number": ticket.number,
                "subject": ticket.subject,
                "queue": directory.queues.get(&ticket.queue).map(|queue| queue.key.clone()),
                "priority": ticket.priority,
                "status": ticket.status,
                "assignee": ticket.assignee.and_then(handle),
            },
        });
        let delivery = Delivery {
            id: self.given.fresh(),
            webhook,
            event: "sla_step".to_owned(),
            ticket: Some(ticket.number),
            body: body.to_string(),
            created_at: now,
        };
        draft.put(Change::PutDelivery(delivery));
    }

    /// Whether an expert of the next tier was found and called.
    fn call_expert(&self, draft: &mut Draft<'_>, due: &Due) -> bool {
        let called = self.given.facts.escalations.iter().filter(|row| row.state.is_open()).map(|row| row.tier);
        let tier = called.chain([draft.ticket.tier]).max().unwrap_or(1) + 1;
        if tier > TIER_MAX {
            return false;
        }
        let search = Search { tier, skill: None, except: &[] };
        let Some(expert) = find::best(self.given, &draft.ticket, &search) else { return false };
        // Somebody must have asked: who owns the ticket, else who leads.
        let by = draft.ticket.assignee.or(self.lead).unwrap_or(expert.id);
        let reason = said(&draft.ticket, due);
        invite::invite(self.given, draft, expert, Call::by_policy(self.given.fresh(), by, tier, reason.to_string()));
        true
    }

    /// What is done once for all steps: a higher priority, and channels with all their new messages.
    fn finish(self, draft: &mut Draft<'_>, promise: Promise<'_>) {
        let raised = (0..self.raise).fold(draft.ticket.priority, |priority, _| higher(priority));
        if raised != draft.ticket.priority {
            draft.ticket.priority = raised;
            clock::replan(&mut draft.ticket, promise, self.given.now());
        }
        for row in self.channels.into_values() {
            let posts: Vec<&Message> = self.posts.iter().filter(|post| post.conversation == row.id).collect();
            if posts.is_empty() {
                continue;
            }
            let audience = access::conversation_audience(&row);
            draft.put(Change::Put(Row::Conversation(Conversation { version: row.version + 1, ..row })));
            for post in posts {
                draft.put(Change::PutMessage { message: Box::new(post.clone()), audience: audience.clone(), external: None });
            }
        }
    }
}

fn higher(priority: Priority) -> Priority {
    match priority {
        Priority::Low => Priority::Normal,
        Priority::Normal => Priority::High,
        Priority::High | Priority::Urgent => Priority::Urgent,
    }
}

/// One line for channels and experts.
fn said(ticket: &Ticket, due: &Due) -> DeskLine {
    DeskLine::StepDue { number: ticket.number, subject: ticket.subject.clone(), step: due.step.clone(), clock: due.clock, at: due.at }
}
