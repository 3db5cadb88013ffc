//! What can be done with a ticket, wherever one is selected: which question is asked, and which command the answer makes.

use std::collections::VecDeque;
use std::sync::Arc;

use serde_json::Value;

use super::action::Action;
use super::conversation::composer::{Place, Writing, quote};
use super::effect::{Answer, Choice, Effect, Load, Loaded, Question, QuestionKind};
use super::pane::Context;
use super::people_choices::people;
use super::words;
use crate::client::view::TicketDetail;
use crate::domain::access;
use crate::domain::command::{Command, MessageTarget};
use crate::domain::conversation::{Message, Visibility};
use crate::domain::escalation::{Escalate, Escalation, EscalationState, Verdict};
use crate::domain::id::{EscalationId, PersonId, TicketNumber};
use crate::domain::ticket::{Link, LinkKind, Priority, Status, Ticket};

/// The ticket being acted on, and what was answered so far.
#[derive(Default)]
pub struct TicketActions {
    ticket: Option<Arc<Ticket>>,
    /// The first answer of an action that asks twice.
    first: String,
    /// The message that a reply answers.
    pub answering: Option<Arc<Message>>,
    /// Actions that wait for the ticket's details.
    waiting: VecDeque<TicketNumber>,
}

/// Why an action is not possible on `ticket` for me, as a message key.
#[must_use]
pub fn disabled(action: Action, ticket: &Ticket, context: &Context<'_>) -> Option<&'static str> {
    if matches!(action, Action::Why | Action::CopyNumber) {
        return None;
    }
    if !access::may_work(context.me) {
        return Some("disabled-viewer");
    }
    if ticket.status == Status::Closed {
        return Some("disabled-closed");
    }
    match action {
        Action::Claim if ticket.assignee == Some(context.me.id) => Some("disabled-already-yours"),
        Action::Release if ticket.assignee.is_none() => Some("disabled-nobody-has-it"),
        _ => None,
    }
}

fn ask(id: &'static str, title: &'static str, kind: QuestionKind) -> Vec<Effect> {
    vec![Effect::Ask(Box::new(Question { id, title, kind }))]
}

fn choice(value: impl Into<String>, label: impl Into<String>, hint: impl Into<String>) -> Choice {
    Choice { value: value.into(), label: label.into(), hint: hint.into(), disabled: None }
}

fn submit(command: Command) -> Vec<Effect> {
    vec![Effect::Submit { command: Box::new(command), base_version: None }]
}

const STATUSES: [Status; 5] = [Status::New, Status::Open, Status::Pending, Status::OnHold, Status::Solved];
const PRIORITIES: [Priority; 4] = [Priority::Urgent, Priority::High, Priority::Normal, Priority::Low];
const LINKS: [LinkKind; 4] = [LinkKind::RelatesTo, LinkKind::DuplicateOf, LinkKind::Blocks, LinkKind::BlockedBy];
const SUBJECT: &str = "subject";
const NEW_FIELD: &str = "+";

impl TicketActions {
    /// What the open question is about: `#1042 Pump 4 does not start`.
    #[must_use]
    pub fn about(&self) -> String {
        self.ticket.as_ref().map(|ticket| format!("#{} {}", ticket.number, ticket.subject)).unwrap_or_default()
    }

    /// Starts an action on the ticket under the cursor.
    pub fn start(&mut self, action: Action, ticket: Arc<Ticket>, context: &Context<'_>) -> Vec<Effect> {
        let (number, version) = (ticket.number, Some(ticket.version));
        self.ticket = Some(Arc::clone(&ticket));
        let locale = context.locale;
        match action {
            Action::Claim => vec![Effect::Submit { command: Box::new(Command::ClaimTicket { number }), base_version: version }],
            Action::Assign => ask("ticket-assign", "ask-assign", QuestionKind::Pick { choices: people(&ticket, context, |_| true) }),
            Action::Release => ask("ticket-release", "ask-release", QuestionKind::Prompt { text: String::new() }),
            Action::Reply => self.write("ticket-reply", Visibility::Public, context),
            Action::Note => self.write("ticket-note", Visibility::Internal, context),
            Action::SetStatus => {
                let all = STATUSES.into_iter().enumerate().filter(|(_, status)| *status != ticket.status);
                let choices = all.map(|(index, status)| choice(index.to_string(), locale.text(words::status(status)), "")).collect();
                ask("ticket-status", "ask-status", QuestionKind::Pick { choices })
            }
            Action::SetPriority => {
                let all = PRIORITIES.into_iter().enumerate().filter(|(_, priority)| *priority != ticket.priority);
                let label = |priority| locale.text(words::priority(priority));
                let choices =
                    all.map(|(index, priority)| choice(index.to_string(), label(priority), words::priority_mark(priority))).collect();
                ask("ticket-priority", "ask-priority", QuestionKind::Pick { choices })
            }
            Action::Tags => ask("ticket-tags", "ask-tags", QuestionKind::Prompt { text: ticket.tags.join(", ") }),
            Action::Merge => ask("ticket-merge", "ask-merge", QuestionKind::Prompt { text: String::new() }),
            Action::LinkTicket => {
                let all = LINKS.into_iter().enumerate();
                let choices = all.map(|(index, link)| choice(index.to_string(), locale.text(words::link(link)), "")).collect();
                ask("ticket-link", "ask-link", QuestionKind::Pick { choices })
            }
            Action::MoveQueue => {
                let queues = context.directory.queues_in_order().into_iter().filter(|queue| queue.id != ticket.queue);
                let choices = queues.map(|queue| choice(queue.id.to_string(), &queue.name, &queue.key)).collect();
                ask("ticket-move", "ask-move", QuestionKind::Pick { choices })
            }
            Action::Escalate => {
                let tiers = (ticket.tier + 1).clamp(2, 3)..=3;
                let mut choices: Vec<_> = tiers
                    .map(|tier| choice(format!("tier:{tier}"), locale.with("escalate-tier", &[("tier", &tier.to_string())]), ""))
                    .collect();
                choices.extend(people(&ticket, context, |person| person.tier >= 2 && person.id != context.me.id));
                ask("ticket-escalate", "ask-escalate", QuestionKind::Pick { choices })
            }
            Action::AnswerEscalation => {
                self.waiting.push_back(number);
                vec![Effect::Load(Load::Ticket(number))]
            }
            Action::EditField => {
                let mut choices = vec![choice(SUBJECT, locale.text("field-subject"), &ticket.subject)];
                choices.extend(ticket.fields.iter().map(|(name, value)| choice(name, name, plain(value))));
                choices.push(choice(NEW_FIELD, locale.text("field-new"), ""));
                ask("ticket-field", "ask-field", QuestionKind::Pick { choices })
            }
            Action::CopyNumber => {
                vec![Effect::Copy(format!("#{number}")), Effect::Toast { key: "toast-copied", args: vec![("text", format!("#{number}"))] }]
            }
            _ => Vec::new(),
        }
    }

    fn write(&mut self, id: &'static str, visibility: Visibility, context: &Context<'_>) -> Vec<Effect> {
        let Some(ticket) = self.ticket.clone() else { return Vec::new() };
        let (target, conversation) = (MessageTarget::Ticket { number: ticket.number }, ticket.conversation);
        let draft = context.drafts.get(conversation, visibility).cloned();
        let answering = self.answering.take().map(|message| quote(&message, context));
        let seen = Some(ticket.message_count);
        let place = Place { target, conversation, ticket: Some(ticket) };
        ask(id, "ask-reply", QuestionKind::Write(Box::new(Writing { place, visibility, answering, editing: None, draft, seen })))
    }

    /// Takes answers to what [`TicketActions::start`] asked.
    pub fn loaded(&mut self, loaded: Loaded, context: &Context<'_>) -> Vec<Effect> {
        match loaded {
            Loaded::Ticket { number, detail: Some(detail) } if self.waiting.contains(&number) => {
                self.waiting.retain(|waiting| *waiting != number);
                self.ask_escalation(&detail, context)
            }
            Loaded::Answer { id, answer } => {
                let Some(ticket) = self.ticket.clone() else { return Vec::new() };
                match answer {
                    Answer::Picked(value) => self.picked(id, &value, &ticket),
                    Answer::Text(text) => self.text(id, text, &ticket, context),
                    Answer::Confirmed => self.confirmed(id, &ticket),
                    Answer::Dismissed(_) => Vec::new(),
                }
            }
            _ => Vec::new(),
        }
    }

    fn picked(&mut self, id: &str, value: &str, ticket: &Ticket) -> Vec<Effect> {
        let number = ticket.number;
        let guarded = |command| vec![Effect::Submit { command: Box::new(command), base_version: Some(ticket.version) }];
        let index = || value.parse::<usize>().ok();
        match id {
            "ticket-assign" => value.parse().map_or_else(|_| Vec::new(), |person| guarded(Command::AssignTicket { number, person })),
            "ticket-status" => match index().and_then(|index| STATUSES.get(index)) {
                Some(status) => guarded(Command::SetStatus { number, status: *status }),
                None => Vec::new(),
            },
            "ticket-priority" => match index().and_then(|index| PRIORITIES.get(index)) {
                Some(priority) => submit(Command::SetPriority { number, priority: *priority }),
                None => Vec::new(),
            },
            "ticket-move" => value.parse().map_or_else(|_| Vec::new(), |queue| submit(Command::MoveTicket { number, queue })),
            "ticket-link" => self.ask_second(value, "ticket-link-number", "ask-link-number", ""),
            "ticket-escalate" => self.ask_second(value, "ticket-escalate-reason", "ask-escalate-reason", ""),
            "ticket-field" if value == NEW_FIELD => {
                ask("ticket-field-name", "ask-field-name", QuestionKind::Prompt { text: String::new() })
            }
            "ticket-field" => {
                let now = if value == SUBJECT { ticket.subject.clone() } else { ticket.fields.get(value).map(plain).unwrap_or_default() };
                self.ask_second(value, "ticket-field-value", "ask-field-value", &now)
            }
            "ticket-escalation" => match value.split_once(':') {
                Some(("accept", id)) => id.parse().map_or_else(
                    |_| Vec::new(),
                    |escalation| submit(Command::AnswerEscalation { number, escalation, accept: true, reason: None }),
                ),
                Some(("decline", _)) => self.ask_second(value, "ticket-escalation-reason", "ask-decline-reason", ""),
                _ => self.ask_second(value, "ticket-escalation-reason", "ask-verdict", ""),
            },
            _ => Vec::new(),
        }
    }

    fn ask_second(&mut self, first: &str, id: &'static str, title: &'static str, text: &str) -> Vec<Effect> {
        first.clone_into(&mut self.first);
        ask(id, title, QuestionKind::Prompt { text: text.to_owned() })
    }

    fn text(&mut self, id: &'static str, text: String, ticket: &Ticket, context: &Context<'_>) -> Vec<Effect> {
        let number = ticket.number;
        let trimmed = text.trim().to_owned();
        let reason = || (!trimmed.is_empty()).then(|| trimmed.clone());
        match id {
            "ticket-release" => {
                let command = Command::ReleaseTicket { number, reason: reason() };
                vec![Effect::Submit { command: Box::new(command), base_version: Some(ticket.version) }]
            }
            "ticket-tags" => change_tags(ticket, &text),
            "ticket-merge" | "ticket-link-number" => match trimmed.parse::<TicketNumber>() {
                Ok(other) if id == "ticket-merge" => {
                    self.first = other.to_string();
                    let (number, other) = (number.to_string(), other.to_string());
                    let sentence = context.locale.with("merge-confirm", &[("number", &number), ("into", &other)]);
                    ask("ticket-merge-confirm", "ask-merge", QuestionKind::Confirm { sentence })
                }
                Ok(other) => match self.first.parse::<usize>().ok().and_then(|index| LINKS.get(index)) {
                    Some(kind) => submit(Command::LinkTicket { number, link: Link { kind: *kind, number: other } }),
                    None => Vec::new(),
                },
                Err(_) => vec![Effect::Toast { key: "toast-not-a-number", args: vec![("text", trimmed)] }],
            },
            "ticket-escalate-reason" => self.escalate(trimmed, ticket, context),
            "ticket-field-name" if trimmed.is_empty() => Vec::new(),
            "ticket-field-name" => self.ask_second(&trimmed, "ticket-field-value", "ask-field-value", ""),
            "ticket-field-value" if self.first == SUBJECT => submit(Command::SetSubject { number, subject: trimmed }),
            "ticket-field-value" => {
                // An empty value takes the field away.
                let value = reason().map_or(Value::Null, Value::String);
                submit(Command::SetField { number, name: self.first.clone(), value })
            }
            "ticket-escalation-reason" => {
                let (what, id) = self.first.split_once(':').unwrap_or_default();
                let Ok(escalation) = id.parse::<EscalationId>() else { return Vec::new() };
                submit(if what == "decline" {
                    Command::AnswerEscalation { number, escalation, accept: false, reason: reason() }
                } else {
                    Command::LeaveEscalation { number, escalation, result: Verdict::Advice, note: trimmed }
                })
            }
            _ => Vec::new(),
        }
    }

    fn confirmed(&self, id: &str, ticket: &Ticket) -> Vec<Effect> {
        match (id, self.first.parse()) {
            ("ticket-merge-confirm", Ok(into)) => submit(Command::MergeTicket { number: ticket.number, into }),
            _ => Vec::new(),
        }
    }

    fn escalate(&self, reason: String, ticket: &Ticket, context: &Context<'_>) -> Vec<Effect> {
        if reason.is_empty() {
            return vec![Effect::Toast { key: "toast-reason-needed", args: Vec::new() }];
        }
        let (tier, person) = match self.first.strip_prefix("tier:") {
            Some(tier) => (tier.parse().unwrap_or(2), None),
            None => {
                let person: Option<PersonId> = self.first.parse().ok();
                let tier = person.and_then(|id| context.directory.people.get(&id)).map_or(2, |person| person.tier);
                (tier, person)
            }
        };
        submit(Command::Escalate(Box::new(Escalate { person, ..Escalate::tier(ticket.number, (context.new_id)().into(), tier, reason) })))
    }

    fn ask_escalation(&mut self, detail: &TicketDetail, context: &Context<'_>) -> Vec<Effect> {
        let mine = |escalation: &&Escalation| escalation.expert == context.me.id;
        let open = |escalation: &&Escalation| escalation.state.is_open();
        let Some(escalation) = detail.escalations.iter().filter(mine).find(open) else {
            return vec![Effect::Toast { key: "toast-no-escalation", args: Vec::new() }];
        };
        let id = escalation.id;
        let option = |what: &str, key: &str| choice(format!("{what}:{id}"), context.locale.text(key), &escalation.reason);
        let choices = match escalation.state {
            EscalationState::Asked => vec![option("accept", "escalation-accept"), option("decline", "escalation-decline")],
            _ => vec![option("leave", "escalation-leave")],
        };
        ask("ticket-escalation", "ask-escalation", QuestionKind::Pick { choices })
    }
}

/// The difference between the ticket's tags and the typed ones.
fn change_tags(ticket: &Ticket, typed: &str) -> Vec<Effect> {
    let wanted: Vec<_> = typed.split([',', '，', '、']).map(str::trim).filter(|tag| !tag.is_empty()).collect();
    let number = ticket.number;
    let removed = ticket.tags.iter().filter(|tag| !wanted.contains(&tag.as_str()));
    let added = wanted.iter().filter(|tag| !ticket.tags.iter().any(|old| old == *tag));
    let removals = removed.flat_map(|tag| submit(Command::RemoveTag { number, tag: tag.clone() }));
    removals.chain(added.flat_map(|tag| submit(Command::AddTag { number, tag: (*tag).to_owned() }))).collect()
}

/// A field's value as people read it.
#[must_use]
pub fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
