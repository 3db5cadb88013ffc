//! What can be done with a ticket, wherever one is selected: which question is asked, and which command the answer makes.

use std::sync::Arc;

use serde_json::Value;

use super::action::Action;
use super::calls::CallActs;
use super::conversation::composer::{Place, Writing, quote};
use super::effect::{Answer, Choice, Effect, Load, Loaded, Question, QuestionKind};
use super::pane::Context;
use super::people_choices::people;
use super::reply_check::{Decided, ReplyCheck};
use super::ticket_craft::TicketCraft;
use super::tray::Tray;
use super::words;
use crate::client::drafts::Draft;
use crate::client::view::{OutboxEntry, OutboxState, TicketDetail};
use crate::domain::access;
use crate::domain::command::{Command, MessageTarget, PostMessage};
use crate::domain::conversation::{Message, Visibility};
use crate::domain::id::{CommandKey, TicketNumber};
use crate::domain::ticket::{LinkKind, Priority, Status, Ticket};

/// The ticket being acted on, and what was answered so far.
#[derive(Default)]
pub struct TicketActions {
    ticket: Option<Arc<Ticket>>,
    /// The first answer of an action that asks twice.
    first: String,
    calls: CallActs,
    replies: ReplyCheck,
    /// A reply that goes back into the composer, or is kept as a draft, once its ticket is read, and what is done then.
    back: Option<Back>,
    craft: TicketCraft,
    tray: Tray,
    /// The message that a reply answers.
    pub answering: Option<Arc<Message>>,
}

/// A reply that was not sent.
struct Back {
    number: TicketNumber,
    post: PostMessage,
    how: Written,
    effects: Vec<Effect>,
}

/// How a reply that was not sent goes on.
enum Written {
    /// As a draft.
    Kept,
    /// As a draft, with the composer over it.
    Open,
    /// With other words, in the refused one's place.
    Refused(CommandKey),
}

/// Why an action is not possible on `ticket` for me, as a message key.
#[must_use]
pub fn disabled(action: Action, ticket: &Ticket, context: &Context<'_>) -> Option<&'static str> {
    if matches!(action, Action::Why | Action::CopyNumber | Action::StatusLink | Action::Timeline | Action::Files) {
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
        Action::UndoMerge if ticket.merged_into.is_none() && ticket.merged.is_empty() => Some("disabled-not-merged"),
        _ => None,
    }
}

/// The draft that this action goes on with.
#[must_use]
pub fn begun(action: Action, ticket: &Ticket, context: &Context<'_>) -> Option<Draft> {
    let visibility = match action {
        Action::Reply => Visibility::Public,
        Action::Note => Visibility::Internal,
        _ => return None,
    };
    context.drafts.get(ticket.conversation, visibility).cloned()
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
        let asked = self.calls.asked_about().or(self.replies.asked_about()).or(self.tray.asked_about());
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
            action => self.craft.start(action, &ticket),
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

    /// Asks what becomes of a refused command in the outbox.
    pub fn ask_refused(&mut self, entry: &OutboxEntry, context: &Context<'_>) -> Vec<Effect> {
        self.ticket = None;
        self.tray.ask(entry, context)
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

    /// A public reply on its way out of a composer is compared with what others said meanwhile first.
    pub fn check(&mut self, effects: Vec<Effect>) -> Vec<Effect> {
        let compared = |post: &PostMessage| post.visibility == Visibility::Public && post.seen.is_some() && post.target.ticket().is_some();
        let mut checked = Vec::new();
        let mut effects = effects.into_iter().peekable();
        while let Some(effect) = effects.next() {
            match effect {
                Effect::Submit { command, base_version } => match *command {
                    Command::PostMessage(post) if compared(&post) => {
                        let forgets = effects.next_if(|next| matches!(next, Effect::Draft(draft) if draft.text.is_empty()));
                        let forgets = forgets.and_then(|next| if let Effect::Draft(draft) = next { Some(draft) } else { None });
                        checked.extend(self.replies.send(*post, forgets));
                    }
                    command => checked.push(Effect::Submit { command: Box::new(command), base_version }),
                },
                effect => checked.push(effect),
            }
        }
        checked
    }

    /// What becomes of a reply that met another.
    fn decided(&mut self, decided: Decided) -> Vec<Effect> {
        let (number, post, effects, how) = match decided {
            Decided::Effects(effects) => return effects,
            Decided::Keep { number, post, effects } => (number, post, effects, Written::Kept),
            Decided::Draft { number, post, effects } => (number, post, effects, Written::Open),
            Decided::Edit { number, post, refused } => (number, post, Vec::new(), Written::Refused(refused)),
        };
        // It may be another ticket than the one acted on last.
        self.back = Some(Back { number, post, how, effects });
        vec![Effect::Load(Load::Ticket(number))]
    }

    /// Puts a reply that was not sent among the drafts of its ticket, and opens the composer over it when that was wanted.
    fn put_back(&mut self, detail: &TicketDetail, back: Back, context: &Context<'_>) -> Vec<Effect> {
        let (visibility, ticket) = (Visibility::Public, &detail.ticket);
        let Back { post, how, effects: then, .. } = back;
        // What was said since is known now; what is said from here on is asked about again.
        let own = detail.messages.iter().filter(|message| message.conversation == ticket.conversation);
        let seen = own.map(|message| message.seq).max().max(Some(ticket.message_count));
        if let Written::Refused(refused) = how {
            self.ticket = Some(Arc::clone(ticket));
            return self.tray.edit(refused, Command::PostMessage(Box::new(PostMessage { seen, ..post })));
        }
        // What was begun here since is not overwritten; what is still here is not said twice.
        let begun = context.drafts.get(ticket.conversation, visibility).map_or("", |begun| begun.text.as_str());
        let text = match begun {
            "" => post.text,
            begun if begun.starts_with(&post.text) => begun.to_owned(),
            begun => format!("{}\n\n{begun}", post.text),
        };
        let reply_to = post.reply_to;
        let draft =
            Draft { conversation: ticket.conversation, visibility, text, written_as: visibility, reply_to, changed_at: context.now };
        let mut effects = vec![Effect::Draft(Box::new(draft.clone()))];
        if matches!(how, Written::Open) {
            self.ticket = Some(Arc::clone(ticket));
            let (target, conversation) = (MessageTarget::Ticket { number: ticket.number }, ticket.conversation);
            let place = Place { target, conversation, ticket: Some(Arc::clone(ticket)) };
            let answered = detail.messages.iter().find(|message| Some(message.id) == reply_to);
            let answering = answered.map(|message| quote(message, context));
            let writing = Writing { place, visibility, answering, editing: None, draft: Some(draft), seen };
            effects.extend(ask("ticket-reply", "ask-reply", QuestionKind::Write(Box::new(writing))));
        }
        effects.extend(then);
        effects
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
        if let Some(effects) = self.calls.loaded(&loaded, context) {
            return effects;
        }
        self.restore_refused(&loaded, context);
        if let Some(decided) = self.replies.loaded(&loaded, context) {
            return self.decided(decided);
        }
        match loaded {
            Loaded::Ticket { number, detail: Some(detail) } if self.back.as_ref().is_some_and(|back| back.number == number) => {
                self.back.take().map_or_else(Vec::new, |back| self.put_back(&detail, back, context))
            }
            Loaded::Answer { id, answer } if Tray::asked(id) => self.tray.answered(answer),
            Loaded::Answer { id, answer } if TicketCraft::asked(id) => {
                let Some(ticket) = self.ticket.clone() else { return Vec::new() };
                self.craft.answered(id, answer, &ticket, context)
            }
            Loaded::Answer { id, answer } => {
                let Some(ticket) = self.ticket.clone() else { return Vec::new() };
                match answer {
                    Answer::Picked(value) => self.picked(id, &value, &ticket),
                    Answer::Text(text) => self.text(id, text, &ticket),
                    Answer::Escalation { .. } | Answer::Verdict { .. } | Answer::Confirmed | Answer::Dismissed(_) => Vec::new(),
                }
            }
            loaded => match self.ticket.clone() {
                Some(ticket) => self.craft.loaded(loaded, &ticket, context),
                None => Vec::new(),
            },
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

    fn text(&mut self, id: &'static str, text: String, ticket: &Ticket) -> Vec<Effect> {
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
                Ok(other) if id == "ticket-merge" => self.craft.merge(other),
                Ok(other) => match self.first.parse::<usize>().ok().and_then(|index| LINKS.get(index)) {
                    Some(kind) => self.craft.link(*kind, other),
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
}

/// The difference between the ticket's tags and the typed ones.
fn change_tags(ticket: &Ticket, typed: &str) -> Vec<Effect> {
    let wanted: Vec<_> = typed.split([',', '，', '、']).map(str::trim).filter(|tag| !tag.is_empty()).collect();
    let number = ticket.number;
    let removed = ticket.tags.iter().filter(|tag| !wanted.contains(&tag.as_str()));
    let added = wanted.iter().filter(|tag| !ticket.tags.iter().any(|old| old == *tag));
    let removals = removed.map(|tag| Command::RemoveTag { number, tag: tag.clone() });
    let added = added.map(|tag| Command::AddTag { number, tag: (*tag).to_owned() });
    let commands: Vec<_> = removals.chain(added).map(|command| (command, None)).collect();
    // One edit is one act, so that it is undone as one.
    if commands.is_empty() { Vec::new() } else { vec![Effect::SubmitAll(commands)] }
}

/// A field's value as people read it.
#[must_use]
pub fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
