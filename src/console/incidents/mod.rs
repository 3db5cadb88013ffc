//! What can be done with a major incident from any of its tickets: declare, tie, answer a proposal, answer all requesters, solve all.

pub mod page;
mod preview;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use super::effect::{Answer, Choice, Effect, Load, Loaded, Question, QuestionKind, Review};
use super::pane::Context;
use super::words;
use crate::base::text::clean;
use crate::domain::command::{Command, SendBroadcast};
use crate::domain::id::TicketNumber;
use crate::domain::incident::preview::{BroadcastPreview, BroadcastText};
use crate::domain::incident::view::IncidentLine;
use crate::domain::ticket::{Status, Ticket};

/// From so many requesters on, the number is typed to confirm.
const TYPED_FROM: usize = 11;
const STATUSES: [Status; 4] = [Status::Open, Status::Pending, Status::OnHold, Status::Solved];
/// The picker's entry that leaves each ticket's status as it is.
const AS_IT_IS: &str = "as-it-is";
/// Suggested between two updates.
const MINUTES: &str = "30";

/// Acts on major incidents.
#[derive(Default)]
pub struct IncidentActions {
    ticket: Option<Arc<Ticket>>,
    /// What is being written to all requesters.
    body: BroadcastText,
    /// How many would get it.
    expected: usize,
    /// Texts not sent, by incident.
    drafts: HashMap<TicketNumber, String>,
}

fn ask(id: &'static str, title: &'static str, kind: QuestionKind) -> Vec<Effect> {
    vec![Effect::Ask(Box::new(Question { id, title, kind }))]
}

fn submit(command: Command) -> Vec<Effect> {
    vec![Effect::Submit { command: Box::new(command), base_version: None }]
}

fn choice(value: &str, label: impl Into<String>, hint: impl Into<String>) -> Choice {
    Choice { value: value.to_owned(), label: label.into(), hint: hint.into(), disabled: None }
}

impl IncidentActions {
    /// What the open question is about.
    #[must_use]
    pub fn about(&self) -> String {
        self.ticket.as_ref().map(|ticket| format!("#{} {}", ticket.number, ticket.subject)).unwrap_or_default()
    }

    /// Asks what to do about `ticket`.
    pub fn start(&mut self, ticket: Arc<Ticket>, context: &Context<'_>) -> Vec<Effect> {
        let locale = context.locale;
        let entry = |value: &str, key: &str| choice(value, locale.text(key), "");
        let numbered =
            |value: &str, key: &str, number: TicketNumber| choice(value, locale.with(key, &[("number", &number.to_string())]), "");
        let mut choices = Vec::new();
        if let Some(number) = ticket.looks_like {
            choices.push(numbered("accept", "incident-accept", number));
            choices.push(numbered("reject", "incident-reject", number));
        }
        if let Some(number) = ticket.incident {
            choices.push(numbered("open", "incident-open", number));
            choices.push(numbered("untie", "incident-untie", number));
        }
        if ticket.major.is_some() {
            choices.push(entry("broadcast", "incident-broadcast"));
            choices.push(entry("solve", "incident-solve"));
            choices.push(entry("schedule", "incident-schedule"));
            choices.push(entry("channel", "incident-channel"));
            choices.push(entry("stand-down", "incident-stand-down"));
        } else if ticket.incident.is_none() {
            choices.push(entry("declare", "incident-declare"));
            choices.push(entry("tie", "incident-tie"));
        }
        self.ticket = Some(ticket);
        ask("major-menu", "ask-incident", QuestionKind::Pick { choices })
    }

    /// Takes answers to what was asked and read.
    pub fn loaded(&mut self, loaded: Loaded, context: &Context<'_>) -> Vec<Effect> {
        let Some(ticket) = self.ticket.clone() else { return Vec::new() };
        match loaded {
            Loaded::Incidents(incidents) => choose_incident(incidents),
            Loaded::Broadcast { number, body, preview } if number == ticket.number && body == self.body => self.review(preview, context),
            Loaded::Answer { id, answer } => match answer {
                Answer::Picked(value) => self.picked(id, &value, &ticket, context),
                Answer::Text(text) => self.text(id, text, &ticket, context),
                Answer::Confirmed => self.confirmed(id, &ticket, context),
                Answer::Dismissed(draft) => {
                    if let ("major-text", Some(draft)) = (id, draft) {
                        self.drafts.insert(ticket.number, draft);
                    }
                    Vec::new()
                }
                Answer::Escalation { .. } | Answer::Verdict { .. } => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    fn picked(&mut self, id: &'static str, value: &str, ticket: &Ticket, context: &Context<'_>) -> Vec<Effect> {
        let number = ticket.number;
        match (id, value) {
            ("major-menu", "accept") => submit(Command::AnswerLikeness { number, accept: true }),
            ("major-menu", "reject") => submit(Command::AnswerLikeness { number, accept: false }),
            ("major-menu", "open") => ticket.incident.map(Effect::OpenTicket).into_iter().collect(),
            ("major-menu", "untie") => submit(Command::UntieTicket { number }),
            ("major-menu", "declare" | "schedule") => {
                let every =
                    ticket.major.as_ref().map(|major| major.update_every_secs.map_or(String::new(), |secs| (secs / 60).to_string()));
                ask("major-minutes", "ask-incident-minutes", QuestionKind::Prompt { text: every.unwrap_or_else(|| MINUTES.to_owned()) })
            }
            ("major-menu", "tie") => vec![Effect::Load(Load::Incidents)],
            ("major-menu", "channel") => match ticket.major.as_ref().and_then(|major| major.channel) {
                Some(channel) => vec![Effect::OpenConversation(channel)],
                None => vec![Effect::Toast { key: "toast-no-channel", args: Vec::new() }],
            },
            ("major-menu", "stand-down") => {
                let sentence = context.locale.with("incident-stand-down-confirm", &[("number", &number.to_string())]);
                ask("incident-stand-down", "ask-incident", QuestionKind::Confirm { sentence })
            }
            ("major-menu", "broadcast" | "solve") => {
                self.body = BroadcastText { solves: value == "solve", ..BroadcastText::default() };
                let title = if self.body.solves { "ask-incident-closing" } else { "ask-incident-text" };
                ask("major-text", title, QuestionKind::Compose { text: self.drafts.get(&number).cloned().unwrap_or_default() })
            }
            ("major-which", value) => value.parse().map_or_else(|_| Vec::new(), |incident| submit(Command::TieTicket { number, incident })),
            ("major-status", value) => {
                self.body.status = value.parse::<usize>().ok().and_then(|index| STATUSES.get(index)).copied();
                self.preview(number)
            }
            _ => Vec::new(),
        }
    }

    fn preview(&self, number: TicketNumber) -> Vec<Effect> {
        vec![Effect::Load(Load::Broadcast { number, body: self.body.clone() })]
    }

    fn text(&mut self, id: &'static str, text: String, ticket: &Ticket, context: &Context<'_>) -> Vec<Effect> {
        let number = ticket.number;
        match id {
            "major-minutes" => {
                let trimmed = text.trim();
                let update_every_secs = match trimmed.parse::<u32>() {
                    Ok(minutes) => Some(minutes.saturating_mul(60)),
                    Err(_) if trimmed.is_empty() => None,
                    Err(_) => return vec![Effect::Toast { key: "toast-not-a-number", args: vec![("text", trimmed.to_owned())] }],
                };
                submit(Command::DeclareMajor { number, update_every_secs, channel: (context.new_id)().into() })
            }
            "major-text" => {
                self.drafts.insert(number, text.clone());
                self.body.text = text;
                if self.body.solves {
                    return self.preview(number);
                }
                let status =
                    |(index, status): (usize, &Status)| choice(&index.to_string(), context.locale.text(words::status(*status)), "");
                let mut choices = vec![choice(AS_IT_IS, context.locale.text("incident-status-as-it-is"), "")];
                choices.extend(STATUSES.iter().enumerate().map(status));
                ask("major-status", "ask-incident-status", QuestionKind::Pick { choices })
            }
            _ => Vec::new(),
        }
    }

    /// What goes to whom, before it does.
    fn review(&mut self, preview: Result<BroadcastPreview, String>, context: &Context<'_>) -> Vec<Effect> {
        let preview = match preview {
            Ok(preview) => preview,
            Err(why) => return vec![Effect::Toast { key: "toast-failed", args: vec![("why", why)] }],
        };
        self.expected = preview.count;
        let key = if self.body.solves { "incident-solve-confirm" } else { "incident-send-confirm" };
        let confirm = (preview.count > 0).then(|| Review {
            sentence: context.locale.count(key, preview.count),
            typed: (preview.count >= TYPED_FROM).then_some(preview.count),
        });
        let lines = preview::lines(&self.body, &preview, context);
        ask("major-send", "ask-incident-review", QuestionKind::Review { lines, confirm })
    }

    fn confirmed(&mut self, id: &'static str, ticket: &Ticket, context: &Context<'_>) -> Vec<Effect> {
        let number = ticket.number;
        match id {
            "incident-stand-down" => submit(Command::StandDown { number }),
            "major-send" => {
                self.drafts.remove(&number);
                let body = std::mem::take(&mut self.body);
                let broadcast = (context.new_id)().into();
                submit(Command::SendBroadcast(Box::new(SendBroadcast { number, broadcast, body, expected: Some(self.expected) })))
            }
            _ => Vec::new(),
        }
    }
}

/// To which incident: those that run.
fn choose_incident(incidents: Result<Vec<IncidentLine>, String>) -> Vec<Effect> {
    match incidents {
        Ok(incidents) => {
            let label = |line: &IncidentLine| {
                let number = line.incident.number.to_string();
                choice(&number, format!("#{number} {}", clean(&line.incident.subject)), line.tied.to_string())
            };
            ask("major-which", "ask-incident-which", QuestionKind::Pick { choices: incidents.iter().map(label).collect() })
        }
        Err(why) => vec![Effect::Toast { key: "toast-failed", args: vec![("why", why)] }],
    }
}
