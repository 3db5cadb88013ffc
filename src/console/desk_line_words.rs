//! What the desk itself says in a conversation, in the reader's language. Lines that older desks wrote have no data: they are
//! shown as they were written.

use std::borrow::Cow;

use super::pane::Context;
use super::words;
use crate::domain::conversation::{DeskLine, Message};

/// The text of a message as it is shown; not yet clean.
#[must_use]
pub fn text<'a>(message: &'a Message, context: &Context<'_>) -> Cow<'a, str> {
    message.line.as_ref().map_or(Cow::Borrowed(&message.text), |line| Cow::Owned(sentence(line, context)))
}

fn sentence(line: &DeskLine, context: &Context<'_>) -> String {
    let locale = context.locale;
    let say = |key: &str, args: &[(&str, &str)]| locale.with(key, args);
    let at = |handle: &str| format!("@{handle}");
    let expert = |key: &str, handle: &str| locale.with(key, &[("expert", &format!("@{handle}"))]);
    let number = |key: &str, name: &str, number: &dyn std::fmt::Display| locale.with(key, &[(name, &number.to_string())]);
    let reasoned = |line: String, reason: Option<&str>| match reason.filter(|reason| !reason.is_empty()) {
        Some(reason) => locale.with("line-with-reason", &[("line", &line), ("reason", reason)]),
        None => line,
    };
    match line {
        DeskLine::IncidentDeclared { number, subject } => {
            say("line-incident-declared", &[("number", &number.to_string()), ("subject", subject)])
        }
        DeskLine::IncidentStoodDown { number: of } => number("line-incident-stood-down", "number", of),
        DeskLine::MajorDeclared => say("line-major-declared", &[]),
        DeskLine::MajorStoodDown => say("line-major-stood-down", &[]),
        DeskLine::Tied { incident } => number("line-tied", "incident", incident),
        DeskLine::Untied { incident } => number("line-untied", "incident", incident),
        DeskLine::TicketTied { person, number, subject } => {
            say("line-ticket-tied", &[("person", &at(person)), ("number", &number.to_string()), ("subject", subject)])
        }
        DeskLine::TicketUntied { person, number } => say("line-ticket-untied", &[("person", &at(person)), ("number", &number.to_string())]),
        DeskLine::Broadcast { person, solves, tickets, text } => {
            let key = if *solves { "line-broadcast-solves" } else { "line-broadcast-answers" };
            say(key, &[("person", &at(person)), ("tickets", &tickets.to_string()), ("text", text)])
        }
        DeskLine::HandedOver { from, to, gone } => {
            let key = if *gone { "line-handed-over-gone" } else { "line-handed-over-shift" };
            let to = to.as_deref().map_or_else(|| locale.text("line-pool").into_owned(), at);
            say(key, &[("from", &at(from)), ("to", &to)])
        }
        DeskLine::Merged { number: of } => number("line-merged", "number", of),
        DeskLine::MergeUndone { number: of } => number("line-merge-undone", "number", of),
        DeskLine::ExpertCalled { expert, reason } => say("line-expert-called", &[("expert", &at(expert)), ("reason", reason)]),
        DeskLine::ExpertAccepted { expert: who, note } => reasoned(expert("line-expert-accepted", who), note.as_deref()),
        DeskLine::ExpertDeclined { expert: who, note } => reasoned(expert("line-expert-declined", who), note.as_deref()),
        DeskLine::ExpertJoined { expert: who } => expert("line-expert-joined", who),
        DeskLine::ExpertTookOver { expert: who } => expert("line-expert-took-over", who),
        DeskLine::ExpertLeft { expert, verdict, note } => {
            let verdict = locale.text(words::verdict(*verdict));
            reasoned(say("line-expert-left", &[("expert", &at(expert)), ("verdict", &verdict)]), Some(note))
        }
        DeskLine::ExpertSolved { expert: who } => expert("line-expert-solved", who),
        DeskLine::CallEnded { expert: who } => expert("line-call-ended", who),
        DeskLine::CallWithdrawn { expert: who, reason } => reasoned(expert("line-call-withdrawn", who), reason.as_deref()),
        DeskLine::NoAnswer { expert: who } => expert("line-no-answer", who),
        DeskLine::WentOffDuty { expert: who } => expert("line-went-off-duty", who),
        DeskLine::ExpertGone { expert: who } => expert("line-expert-gone", who),
        DeskLine::ShiftOver { expert: who } => expert("line-shift-over", who),
        DeskLine::NobodyLeft { tier, skill, told } => {
            let people: Vec<_> = told.iter().map(|handle| at(handle)).collect();
            let told = match people.is_empty() {
                true => locale.text("line-told-nobody").into_owned(),
                false => say("line-told", &[("people", &people.join(", "))]),
            };
            let tier = tier.to_string();
            match skill {
                Some(skill) => say("line-nobody-left-skill", &[("tier", &tier), ("skill", skill), ("told", &told)]),
                None => say("line-nobody-left", &[("tier", &tier), ("told", &told)]),
            }
        }
        DeskLine::StepDue { number, subject, step, clock, at } => {
            let at = context.instant(*at);
            let clock = locale.text(words::clock(*clock));
            let args = [("number", &*number.to_string()), ("subject", subject), ("step", step), ("clock", &clock), ("at", &at)];
            say("line-step-due", &args)
        }
    }
}
