//! Merging with a look at the other ticket, taking a merge back, linking, splitting, the status link: what is asked, and which
//! command the answer makes.

use std::sync::Arc;

use super::action::Action;
use super::effect::{Answer, Choice, Effect, Load, Loaded, Question, QuestionKind};
use super::pane::Context;
use super::words;
use crate::base::text;
use crate::client::view::TicketDetail;
use crate::domain::command::{Command, SplitTicket};
use crate::domain::conversation::{Author, Message};
use crate::domain::id::{MessageId, QueueId, TicketNumber};
use crate::domain::ticket::{Link, LinkKind, Ticket};

/// The key that takes a merge back, as the table of actions has it.
fn undo_key() -> String {
    Action::UndoMerge.spec().keys.first().copied().unwrap_or_default().to_owned()
}

/// What is under way.
#[derive(Default)]
enum Want {
    #[default]
    Nothing,
    Merge(TicketNumber),
    Link(LinkKind, TicketNumber),
    /// A message is to become a ticket.
    Split {
        detail: Option<Arc<TicketDetail>>,
        message: Option<MessageId>,
        following: bool,
        queue: Option<QueueId>,
    },
}

/// One piece of craft at a time, on the ticket under the cursor.
#[derive(Default)]
pub struct TicketCraft {
    want: Want,
}

fn ask(id: &'static str, title: &'static str, kind: QuestionKind) -> Vec<Effect> {
    vec![Effect::Ask(Box::new(Question { id, title, kind }))]
}

fn choice(value: impl Into<String>, label: impl Into<String>, hint: impl Into<String>) -> Choice {
    Choice { value: value.into(), label: label.into(), hint: hint.into(), disabled: None }
}

fn submit(command: Command) -> Effect {
    Effect::Submit { command: Box::new(command), base_version: None }
}

fn toast(key: &'static str, args: Vec<(&'static str, String)>) -> Effect {
    Effect::Toast { key, args }
}

impl TicketCraft {
    /// Whether a question is this file's.
    #[must_use]
    pub fn asked(id: &str) -> bool {
        id.starts_with("craft-")
    }

    /// Starts an action; nothing for those of others.
    pub fn start(&mut self, action: Action, ticket: &Ticket) -> Vec<Effect> {
        match action {
            Action::UndoMerge => {
                // On the ticket that took others in, the last merge is meant.
                let last = ticket.merged.last().map(|one| one.number);
                let Some(number) = ticket.merged_into.map(|_| ticket.number).or(last) else { return Vec::new() };
                vec![submit(Command::UndoMerge { number }), toast("toast-merge-undone", vec![("number", number.to_string())])]
            }
            Action::Split => {
                self.want = Want::Split { detail: None, message: None, following: false, queue: None };
                vec![Effect::Load(Load::Ticket(ticket.number))]
            }
            Action::StatusLink => vec![Effect::Load(Load::StatusLink(ticket.number))],
            _ => Vec::new(),
        }
    }

    /// Looks at the other ticket first.
    pub fn merge(&mut self, other: TicketNumber) -> Vec<Effect> {
        self.want = Want::Merge(other);
        vec![Effect::Load(Load::Ticket(other))]
    }

    /// Looks at the other ticket first.
    pub fn link(&mut self, kind: LinkKind, other: TicketNumber) -> Vec<Effect> {
        self.want = Want::Link(kind, other);
        vec![Effect::Load(Load::Ticket(other))]
    }

    /// Takes what was read.
    pub fn loaded(&mut self, loaded: Loaded, ticket: &Ticket, context: &Context<'_>) -> Vec<Effect> {
        match loaded {
            Loaded::StatusLink { url: Ok(url), .. } => vec![Effect::Copy(url.clone()), toast("toast-status-link", vec![("text", url)])],
            Loaded::StatusLink { url: Err(why), .. } => vec![toast("toast-status-link-failed", vec![("why", text::clean(&why))])],
            Loaded::Ticket { number, detail } => self.looked(number, detail, ticket, context),
            _ => Vec::new(),
        }
    }

    fn looked(&mut self, number: TicketNumber, found: Option<Arc<TicketDetail>>, ticket: &Ticket, context: &Context<'_>) -> Vec<Effect> {
        let locale = context.locale;
        let own = ticket.number.to_string();
        match (&mut self.want, found) {
            (Want::Split { detail, .. }, Some(found)) if number == ticket.number => {
                let choices = messages(&found, context);
                if choices.is_empty() {
                    self.want = Want::Nothing;
                    return vec![toast("toast-nothing-to-split", Vec::new())];
                }
                *detail = Some(found);
                ask("craft-split", "ask-split", QuestionKind::Pick { choices })
            }
            (Want::Merge(other), Some(found)) if *other == number => {
                let (into, subject) = (number.to_string(), text::clean(&found.ticket.subject));
                let args = [("number", own.as_str()), ("into", &into), ("subject", &subject), ("key", &undo_key())];
                ask("craft-merge", "ask-merge", QuestionKind::Confirm { sentence: locale.with("merge-confirm", &args) })
            }
            (Want::Link(kind, other), Some(found)) if *other == number => {
                let (other, how) = (number.to_string(), locale.text(words::link(*kind)));
                let (mine, theirs) = (text::clean(&ticket.subject), text::clean(&found.ticket.subject));
                let args = [("number", own.as_str()), ("own", &mine), ("how", &how), ("other", &other), ("subject", &theirs)];
                ask("craft-link", "ask-link", QuestionKind::Confirm { sentence: locale.with("link-confirm", &args) })
            }
            (Want::Merge(other) | Want::Link(_, other), None) if *other == number => {
                self.want = Want::Nothing;
                vec![toast("toast-no-such-ticket", vec![("number", number.to_string())])]
            }
            _ => Vec::new(),
        }
    }

    /// Takes an answer to one of this file's questions.
    pub fn answered(&mut self, id: &str, answer: Answer, ticket: &Ticket, context: &Context<'_>) -> Vec<Effect> {
        let number = ticket.number;
        match (std::mem::take(&mut self.want), answer) {
            (Want::Merge(into), Answer::Confirmed) => {
                let told = vec![("number", number.to_string()), ("into", into.to_string()), ("key", undo_key())];
                vec![submit(Command::MergeTicket { number, into }), toast("toast-merged", told)]
            }
            (Want::Link(kind, other), Answer::Confirmed) => {
                vec![submit(Command::LinkTicket { number, link: Link { kind, number: other } })]
            }
            (want @ Want::Split { .. }, Answer::Picked(value)) => {
                self.want = want;
                self.split_picked(id, &value, ticket, context)
            }
            (Want::Split { message: Some(message), following, queue: Some(queue), .. }, Answer::Text(subject)) => {
                let subject = subject.trim().to_owned();
                let body = SplitTicket { number, message, following, queue, subject, kind: None, priority: None };
                vec![submit(Command::SplitTicket(Box::new(body)))]
            }
            _ => Vec::new(),
        }
    }

    fn split_picked(&mut self, id: &str, value: &str, ticket: &Ticket, context: &Context<'_>) -> Vec<Effect> {
        let Want::Split { detail: Some(detail), message, following, queue } = &mut self.want else { return Vec::new() };
        match id {
            "craft-split" => {
                *message = value.parse().ok();
                let more = later(detail, *message);
                if more == 0 {
                    return ask("craft-split-queue", "ask-split-queue", queues(ticket, context));
                }
                let choices = vec![
                    choice("one", context.locale.text("split-one"), ""),
                    choice("following", context.locale.count("split-following", more), ""),
                ];
                ask("craft-split-following", "ask-split-following", QuestionKind::Pick { choices })
            }
            "craft-split-following" => {
                *following = value == "following";
                ask("craft-split-queue", "ask-split-queue", queues(ticket, context))
            }
            _ => {
                *queue = value.parse().ok();
                let first = detail.messages.iter().find(|one| Some(one.id) == *message);
                let line = first.and_then(|one| one.text.lines().find(|line| !line.trim().is_empty()).map(text::clean));
                let text: String = line.unwrap_or_default().chars().take(120).collect();
                ask("craft-split-subject", "ask-split-subject", QuestionKind::Prompt { text })
            }
        }
    }
}

/// Whether a message of the ticket itself could become a ticket.
fn splits(message: &Message, ticket: TicketNumber) -> bool {
    let own = message.ticket.is_none_or(|number| number == ticket);
    own && message.author != Author::System && message.split_into.is_none() && !message.withheld && message.version > 0
}

/// The messages to choose from, the newest first.
fn messages(detail: &TicketDetail, context: &Context<'_>) -> Vec<Choice> {
    let own = detail.messages.iter().rev().filter(|message| splits(message, detail.ticket.number));
    own.map(|message| {
        let author = match &message.author {
            Author::Person { id } => words::person(context.directory, *id),
            Author::Requester { name, .. } => text::clean(name),
            Author::System => String::new(),
        };
        let said = text::clean(message.text.lines().next().unwrap_or_default());
        let label = context.locale.with("split-message", &[("seq", &message.seq.to_string()), ("author", &author), ("text", &said)]);
        choice(message.id.to_string(), label, context.instant(message.created_at))
    })
    .collect()
}

/// How many later messages of the same author could come along.
fn later(detail: &TicketDetail, message: Option<MessageId>) -> usize {
    let Some(first) = detail.messages.iter().find(|one| Some(one.id) == message) else { return 0 };
    let after = detail.messages.iter().filter(|one| one.seq > first.seq && one.author == first.author);
    after.filter(|one| splits(one, detail.ticket.number)).count()
}

/// The ticket's own queue first.
fn queues(ticket: &Ticket, context: &Context<'_>) -> QuestionKind {
    let mut queues = context.directory.queues_in_order();
    queues.sort_by_key(|queue| queue.id != ticket.queue);
    QuestionKind::Pick {
        choices: queues.into_iter().map(|queue| choice(queue.id.to_string(), text::clean(&queue.name), queue.key.clone())).collect(),
    }
}

#[cfg(test)]
mod tests;
