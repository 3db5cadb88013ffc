//! What people do with calls for an expert: call (one form), answer, leave with a verdict, take back. Which question is asked, and
//! which command its answer makes.

use std::collections::{BTreeSet, HashMap};

use super::call_words;
use super::effect::{Answer, Choice, Effect, EscalateAsk, Loaded, Question, QuestionKind, Target};
use super::experts::Experts;
use super::pane::Context;
use super::words;
use crate::base::text;
use crate::domain::access;
use crate::domain::command::Command;
use crate::domain::escalation::{Escalate, Escalation, EscalationReason, EscalationState};
use crate::domain::id::{EscalationId, TicketNumber};
use crate::domain::person::Person;
use crate::domain::ticket::Ticket;

const FORM: &str = "ticket-escalate";
const CALL: &str = "ticket-call";
const DECLINE: &str = "ticket-call-decline";
const VERDICT: &str = "ticket-call-verdict";
const WITHDRAW: &str = "ticket-call-withdraw";

/// What was begun, and forms that were closed unsent.
#[derive(Default)]
pub struct CallActs {
    drafts: HashMap<TicketNumber, Escalate>,
    /// The call that a question is about.
    asked: Option<(TicketNumber, EscalationId)>,
}

fn ask(id: &'static str, title: &'static str, kind: QuestionKind) -> Vec<Effect> {
    vec![Effect::Ask(Box::new(Question { id, title, kind }))]
}

fn submit(command: Command) -> Effect {
    Effect::Submit { command: Box::new(command), base_version: None }
}

impl CallActs {
    /// The form that calls an expert into `ticket`; as it was left, when it was left unsent.
    pub fn form(&self, ticket: &Ticket, context: &Context<'_>) -> Vec<Effect> {
        let tier = (ticket.tier + 1).clamp(2, 3);
        let fresh = || {
            let reason = if is_late(ticket, context) { EscalationReason::Sla } else { EscalationReason::Skill };
            Escalate { reason, ..Escalate::tier(ticket.number, (context.new_id)().into(), tier, String::new()) }
        };
        let first = self.drafts.get(&ticket.number).cloned().unwrap_or_else(fresh);
        let experts = Experts::of(ticket, context);
        let keeper =
            ticket.assignee.map_or_else(|| context.locale.text("call-owner-pool").into_owned(), |id| words::person(context.directory, id));
        let queue_lead = context.directory.queues.get(&ticket.queue).and_then(|queue| queue.lead);
        let lead = queue_lead.map(|lead| words::person(context.directory, lead));
        let targets = targets(ticket, tier, &experts, context);
        let kind = QuestionKind::Escalate(Box::new(EscalateAsk { first, targets, experts, owner: keeper, lead }));
        ask(FORM, "call-form-title", kind)
    }

    /// Asks what to do about my calls: those of `ticket` first, else those anywhere that wait for me.
    pub fn answer(&self, ticket: Option<&Ticket>, context: &Context<'_>) -> Vec<Effect> {
        let here = |call: &&Escalation| ticket.is_some_and(|ticket| ticket.number == call.ticket);
        let mut choices: Vec<_> = context.calls.iter().filter(here).flat_map(|call| acts(call, ticket, context)).collect();
        if choices.is_empty() {
            choices = call_words::waiting_for_me(context).flat_map(|call| acts(call, None, context)).collect();
        }
        if choices.is_empty() && ticket.is_none() {
            choices = context.calls.iter().flat_map(|call| acts(call, None, context)).collect();
        }
        if choices.is_empty() {
            return vec![Effect::Toast { key: "toast-no-escalation", args: Vec::new() }];
        }
        ask(CALL, "call-answer-title", QuestionKind::Pick { choices })
    }

    /// The ticket of the call that a question is about.
    #[must_use]
    pub fn asked_about(&self) -> Option<TicketNumber> {
        self.asked.map(|(number, _)| number)
    }

    /// Takes answers to what was asked here; `None` when it was asked elsewhere.
    pub fn loaded(&mut self, loaded: &Loaded, context: &Context<'_>) -> Option<Vec<Effect>> {
        let Loaded::Answer { id, answer } = loaded else { return None };
        match (*id, answer) {
            (FORM, Answer::Escalation { asked, send: true }) => Some(self.call(asked, context)),
            (FORM, Answer::Escalation { asked, send: false }) => {
                self.drafts.insert(asked.number, (**asked).clone());
                Some(Vec::new())
            }
            (CALL, Answer::Picked(value)) => Some(self.picked(value, context)),
            (DECLINE | WITHDRAW, Answer::Text(reason)) => {
                let (number, escalation) = self.asked.take()?;
                let reason = Some(reason.trim().to_owned()).filter(|reason| !reason.is_empty());
                Some(vec![submit(if *id == DECLINE {
                    Command::AnswerEscalation { number, escalation, accept: false, reason }
                } else {
                    Command::WithdrawEscalation { number, escalation, reason }
                })])
            }
            (VERDICT, Answer::Verdict { result, note }) => {
                let (number, escalation) = self.asked.take()?;
                let note = if note.is_empty() { context.locale.text(call_words::verdict(*result)).into_owned() } else { note.clone() };
                Some(vec![submit(Command::LeaveEscalation { number, escalation, result: *result, note })])
            }
            (FORM | CALL | DECLINE | WITHDRAW | VERDICT, _) => {
                self.asked = None;
                Some(Vec::new())
            }
            _ => None,
        }
    }

    fn call(&mut self, asked: &Escalate, context: &Context<'_>) -> Vec<Effect> {
        self.drafts.remove(&asked.number);
        let mut asked = asked.clone();
        if asked.note.is_empty() {
            context.locale.text(call_words::reason(asked.reason)).into_owned().clone_into(&mut asked.note);
        }
        let number = asked.number.to_string();
        vec![submit(Command::Escalate(Box::new(asked))), Effect::Toast { key: "call-sent", args: vec![("number", number)] }]
    }

    /// A call that was refused: its form comes back filled in, under a fresh id.
    pub fn refused(&mut self, asked: &Escalate, context: &Context<'_>) {
        let again = Escalate { escalation: (context.new_id)().into(), ..asked.clone() };
        self.drafts.entry(asked.number).or_insert(again);
    }

    fn picked(&mut self, value: &str, context: &Context<'_>) -> Vec<Effect> {
        let Some((what, id)) = value.split_once(':') else { return Vec::new() };
        let Some(call) = id.parse::<EscalationId>().ok().and_then(|id| context.calls.iter().find(|call| call.id == id)) else {
            return vec![Effect::Toast { key: "call-over", args: Vec::new() }];
        };
        let (number, escalation) = (call.ticket, call.id);
        self.asked = (what != "accept").then_some((number, escalation));
        let empty = || QuestionKind::Prompt { text: String::new() };
        match what {
            // Opening the ticket is joining: the Ticket pane says so once the call counts as accepted.
            "accept" => vec![
                submit(Command::AnswerEscalation { number, escalation, accept: true, reason: None }),
                Effect::OpenTicket(number),
                Effect::Toast { key: "call-accepted-toast", args: vec![("number", number.to_string())] },
            ],
            "decline" => ask(DECLINE, "call-decline-title", empty()),
            "withdraw" => ask(WITHDRAW, "call-withdraw-title", empty()),
            _ => ask(VERDICT, "call-verdict-title", QuestionKind::Verdict),
        }
    }
}

/// What I may do about a call.
fn acts(call: &Escalation, ticket: Option<&Ticket>, context: &Context<'_>) -> Vec<Choice> {
    let locale = context.locale;
    let about = format!("#{} · {}", call.ticket, call_words::why(call, locale));
    let choice = |what: &str, key: &str, name: &str| Choice {
        value: format!("{what}:{}", call.id),
        label: format!("{} #{}", locale.with(key, &[("name", name)]), call.ticket),
        hint: about.clone(),
        disabled: None,
    };
    let mut choices = Vec::new();
    if call.expert == context.me.id {
        if call.state == EscalationState::Asked {
            choices.extend([choice("accept", "call-accept", ""), choice("decline", "call-decline", "")]);
        } else {
            choices.push(choice("leave", "call-leave", ""));
        }
    } else if call.asked_by == context.me.id
        || access::may_lead(context.me)
        || ticket.is_some_and(|ticket| ticket.assignee == Some(context.me.id))
    {
        choices.push(choice("withdraw", "call-withdraw", &words::person(context.directory, call.expert)));
    }
    choices
}

/// A running clock of the ticket is past its due time, or about to be.
fn is_late(ticket: &Ticket, context: &Context<'_>) -> bool {
    ticket.clocks.iter().any(|clock| clock.stopped_at.is_none() && clock.paused_at.is_none() && clock.warn_at <= context.now)
}

/// Whom one may call: tiers, skills that experts have, and the experts by name, those on duty first.
fn targets(ticket: &Ticket, tier: u8, experts: &Experts, context: &Context<'_>) -> Vec<Target> {
    let locale = context.locale;
    let called = |person: &Person| context.calls.iter().any(|call| call.ticket == ticket.number && call.expert == person.id);
    let mut people: Vec<&Person> = context
        .directory
        .people
        .values()
        .filter(|person| access::may_work(person) && person.tier >= 2 && person.id != context.me.id && !called(person))
        .collect();
    let mut targets: Vec<_> =
        (tier..=3).map(|tier| Target::new(locale.with("call-target-tier", &[("tier", &tier.to_string())]), tier)).collect();
    let skills: BTreeSet<String> =
        people.iter().flat_map(|person| &person.skills).map(|skill| text::clean(&skill.name).to_lowercase()).collect();
    let wanted = context.directory.queues.get(&ticket.queue).map(|queue| queue.skills.clone()).unwrap_or_default();
    let mut skills: Vec<_> = skills.into_iter().collect();
    // What the queue asks of its people is what is missed most likely.
    skills.sort_by_key(|skill| !wanted.iter().any(|one| one.eq_ignore_ascii_case(skill)));
    targets.extend(skills.into_iter().map(|skill| {
        let label = locale.with("call-target-skill", &[("skill", &skill), ("tier", &tier.to_string())]);
        Target { skill: Some(skill), ..Target::new(label, tier) }
    }));
    people.sort_by_key(|person| (!experts.is_on_duty(person.id), person.handle.clone()));
    targets.extend(people.into_iter().map(|person| {
        let label = format!("{} ({})", text::clean(&person.name), text::clean(&person.handle));
        Target { person: Some(person.id), ..Target::new(label, person.tier.clamp(2, 3)) }
    }));
    targets
}
