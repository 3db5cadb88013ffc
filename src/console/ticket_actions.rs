//! What can be done with a ticket, wherever one is selected: which question is asked, and which command the answer makes.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use super::action::Action;
use super::calls::CallActs;
use super::effect::{Answer, Choice, Effect, Load, Loaded, Question, QuestionKind};
use super::pane::Context;
use super::people_choices::people;
use super::reply_check::{self, Decided, ReplyCheck};
use super::words;
use crate::client::view::OutboxState;
use crate::domain::access;
use crate::domain::command::{Command, MessageTarget, PostMessage};
use crate::domain::conversation::Visibility;
use crate::domain::id::{CommandKey, TicketNumber};
use crate::domain::ticket::{Link, LinkKind, Priority, Status, Ticket};

/// The ticket being acted on, and what was answered so far.
#[derive(Default)]
pub struct TicketActions {
    ticket: Option<Arc<Ticket>>,
    /// The first answer of an action that asks twice.
    first: String,
    /// Texts not sent, by ticket and whether the requester would see them.
    drafts: HashMap<(TicketNumber, Visibility), String>,
    calls: CallActs,
    replies: ReplyCheck,
    /// A reply that goes back into the composer once its ticket is read, and what is done then.
    reopening: Option<(TicketNumber, Vec<Effect>)>,
    /// How far the conversation went when the reply being written was begun.
    seen: i64,
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
        let asked = self.calls.asked_about().or(self.replies.asked_about());
        match (&self.ticket, asked) {
            (Some(ticket), Some(number)) if ticket.number != number => format!("#{number}"),
            (Some(ticket), _) => format!("#{} {}", ticket.number, ticket.subject),
            (None, number) => number.map(|number| format!("#{number}")).unwrap_or_default(),
        }
    }

    /// Starts an action on the ticket under the cursor.
    pub fn start(&mut self, action: Action, ticket: Arc<Ticket>, context: &Context<'_>) -> Vec<Effect> {
        let (number, version) = (ticket.number, Some(ticket.version));
        self.ticket = Some(Arc::clone(&ticket));
        self.seen = ticket.message_count;
        let locale = context.locale;
        match action {
            Action::Claim => vec![Effect::Submit { command: Box::new(Command::ClaimTicket { number }), base_version: version }],
            Action::Assign => ask("ticket-assign", "ask-assign", QuestionKind::Pick { choices: people(&ticket, context, |_| true) }),
            Action::Release => ask("ticket-release", "ask-release", QuestionKind::Prompt { text: String::new() }),
            Action::Reply => self.compose("ticket-reply", "ask-reply", Visibility::Public),
            Action::Note => self.compose("ticket-note", "ask-note", Visibility::Internal),
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
            Action::Escalate => self.calls.form(&ticket, context),
            Action::AnswerEscalation => self.calls.answer(Some(&ticket), context),
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

    /// The ticket being acted on.
    #[must_use]
    pub fn number(&self) -> Option<TicketNumber> {
        self.ticket.as_ref().map(|ticket| ticket.number)
    }

    /// What can be done about my calls, wherever they are.
    pub fn answer_call(&mut self, context: &Context<'_>) -> Vec<Effect> {
        self.ticket = None;
        self.calls.answer(None, context)
    }

    /// Asks about a refused reply in the outbox.
    pub fn ask_about(&mut self, key: CommandKey) -> Vec<Effect> {
        self.ticket = None;
        self.replies.ask_about(key)
    }

    /// A refused call comes back as a form that is filled in.
    fn restore_refused(&mut self, loaded: &Loaded, context: &Context<'_>) {
        let Loaded::Outbox(entries) = loaded else { return };
        for entry in entries.iter().filter(|entry| matches!(entry.state, OutboxState::Refused(_))) {
            if let Command::Escalate(asked) = &entry.command {
                self.calls.refused(asked, context);
            }
        }
    }

    /// Opens the composer on the reply that waits for its ticket. A refused reply leaves the outbox only then.
    fn reopen(&mut self, loaded: &Loaded) -> Option<Vec<Effect>> {
        let Loaded::Ticket { number, detail } = loaded else { return None };
        let (_, mut effects) = self.reopening.take_if(|(wanted, _)| *wanted == *number)?;
        let Some(detail) = detail else { return Some(Vec::new()) };
        self.ticket = Some(Arc::clone(&detail.ticket));
        // What was said since is known now.
        self.seen = i64::MAX;
        effects.extend(self.compose("ticket-reply", "ask-reply", Visibility::Public));
        Some(effects)
    }

    /// What becomes of a reply that met another.
    fn decided(&mut self, decided: Decided) -> Vec<Effect> {
        match decided {
            Decided::Effects(effects) => effects,
            Decided::Keep { number, text, effects } => {
                self.drafts.insert((number, Visibility::Public), text);
                effects
            }
            Decided::Draft { number, text, effects } => {
                self.drafts.insert((number, Visibility::Public), text);
                // It may be another ticket than the one acted on last.
                self.reopening = Some((number, effects));
                vec![Effect::Load(Load::Ticket(number))]
            }
        }
    }

    fn compose(&self, id: &'static str, title: &'static str, visibility: Visibility) -> Vec<Effect> {
        let draft = self.ticket.as_ref().and_then(|ticket| self.drafts.get(&(ticket.number, visibility)));
        ask(id, title, QuestionKind::Compose { text: draft.cloned().unwrap_or_default() })
    }

    /// Takes answers to what [`TicketActions::start`] asked.
    pub fn loaded(&mut self, loaded: Loaded, context: &Context<'_>) -> Vec<Effect> {
        if let Some(effects) = self.calls.loaded(&loaded, context) {
            return effects;
        }
        self.restore_refused(&loaded, context);
        if let Some(effects) = self.reopen(&loaded) {
            return effects;
        }
        if let Some(decided) = self.replies.loaded(&loaded, context) {
            return self.decided(decided);
        }
        match loaded {
            Loaded::Answer { id, answer } => {
                let Some(ticket) = self.ticket.clone() else { return Vec::new() };
                match answer {
                    Answer::Picked(value) => self.picked(id, &value, &ticket),
                    Answer::Text(text) => self.text(id, text, &ticket, context),
                    Answer::Escalation { .. } | Answer::Verdict { .. } => Vec::new(),
                    Answer::Confirmed => self.confirmed(id, &ticket),
                    Answer::Dismissed(draft) => {
                        self.keep_draft(id, draft, ticket.number);
                        Vec::new()
                    }
                }
            }
            _ => Vec::new(),
        }
    }

    /// Escape keeps what was written for the next time.
    fn keep_draft(&mut self, id: &str, draft: Option<String>, number: TicketNumber) {
        let visibility = match id {
            "ticket-reply" => Visibility::Public,
            "ticket-note" => Visibility::Internal,
            _ => return,
        };
        match draft.filter(|draft| !draft.trim().is_empty()) {
            Some(draft) => self.drafts.insert((number, visibility), draft),
            None => self.drafts.remove(&(number, visibility)),
        };
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
            "ticket-field" if value == NEW_FIELD => {
                ask("ticket-field-name", "ask-field-name", QuestionKind::Prompt { text: String::new() })
            }
            "ticket-field" => {
                let now = if value == SUBJECT { ticket.subject.clone() } else { ticket.fields.get(value).map(plain).unwrap_or_default() };
                self.ask_second(value, "ticket-field-value", "ask-field-value", &now)
            }
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
            "ticket-reply" => self.post(text, Visibility::Public, number, context),
            "ticket-note" => self.post(text, Visibility::Internal, number, context),
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
            "ticket-field-name" if trimmed.is_empty() => Vec::new(),
            "ticket-field-name" => self.ask_second(&trimmed, "ticket-field-value", "ask-field-value", ""),
            "ticket-field-value" if self.first == SUBJECT => submit(Command::SetSubject { number, subject: trimmed }),
            "ticket-field-value" => {
                // An empty value takes the field away.
                let value = reason().map_or(Value::Null, Value::String);
                submit(Command::SetField { number, name: self.first.clone(), value })
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

    fn post(&mut self, text: String, visibility: Visibility, number: TicketNumber, context: &Context<'_>) -> Vec<Effect> {
        self.drafts.remove(&(number, visibility));
        if visibility == Visibility::Public {
            return self.replies.send(reply_check::reply(number, self.seen, text, context));
        }
        let target = MessageTarget::Ticket { number };
        let post = PostMessage::new(target, (context.new_id)().into(), visibility, text);
        submit(Command::PostMessage(Box::new(post)))
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
