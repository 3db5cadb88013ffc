//! Calls for an expert as people read them: a glyph, a word and a colour for each state, who calls whom, how long is left.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::locale::{Language, Locale};
use super::pane::Context;
use super::theme::Role;
use super::words;
use crate::base::text;
use crate::domain::Timestamp;
use crate::domain::escalation::{Escalation, EscalationReason, EscalationState, Verdict};
use crate::domain::id::TicketNumber;

/// One cell; ASCII, so that it is as wide everywhere.
#[must_use]
pub fn glyph(state: EscalationState) -> &'static str {
    match state {
        EscalationState::Asked => "?",
        EscalationState::Accepted => ">",
        EscalationState::Joined => "+",
        EscalationState::Declined => "x",
        EscalationState::Unanswered => "-",
        EscalationState::Withdrawn => "<",
        EscalationState::Left => "=",
    }
}

#[must_use]
pub fn role(state: EscalationState) -> Role {
    match state {
        EscalationState::Asked => Role::Warning,
        EscalationState::Accepted => Role::Accent,
        EscalationState::Joined => Role::Good,
        EscalationState::Declined | EscalationState::Unanswered => Role::Danger,
        EscalationState::Withdrawn | EscalationState::Left => Role::Dim,
    }
}

/// Message key of a coded reason.
#[must_use]
pub fn reason(reason: EscalationReason) -> &'static str {
    match reason {
        EscalationReason::Skill => "call-reason-skill",
        EscalationReason::Authority => "call-reason-authority",
        EscalationReason::Sla => "call-reason-sla",
        EscalationReason::Requester => "call-reason-requester",
        EscalationReason::Outage => "call-reason-outage",
        EscalationReason::Safety => "call-reason-safety",
        EscalationReason::Other => "call-reason-other",
    }
}

/// The coded reasons in every language: what a console wrote where its person wrote nothing. Each reader gets their own.
static CODED: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let words = |language: Language| EscalationReason::ALL.map(|code| Locale::new(language).text(reason(code)).into_owned());
    Language::ALL.into_iter().flat_map(words).collect()
});

/// Message key of a verdict.
#[must_use]
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Solved => "call-verdict-solved",
        Verdict::Advice => "call-verdict-advice",
        Verdict::NotOurs => "call-verdict-not-ours",
        Verdict::NeedsVendor => "call-verdict-needs-vendor",
    }
}

/// Minutes and seconds until `by`: `1:32`; `0:00` when it is past.
#[must_use]
pub fn left(by: Timestamp, now: Timestamp) -> String {
    let secs = (by - now).num_seconds().max(0);
    format!("{}:{:02}", secs / 60, secs % 60)
}

/// How much longer the expert may take: `1:32`; absent when the call has no clock or is answered.
#[must_use]
pub fn time_left(call: &Escalation, context: &Context<'_>) -> Option<String> {
    call.accept_by.filter(|_| call.state == EscalationState::Asked).map(|by| left(by, context.now))
}

/// What an expert reads when called, what matters most first: "! answer within 1:32 (E) · Mara calls you into #12: reason".
#[must_use]
pub fn invitation(call: &Escalation, key: &str, context: &Context<'_>) -> String {
    let locale = context.locale;
    let name = words::person(context.directory, call.asked_by);
    let (number, why) = (call.ticket.to_string(), why(call, locale));
    let said = locale.with("call-invites-you", &[("name", &name), ("number", &number), ("why", &why)]);
    let how = match time_left(call, context) {
        Some(left) => locale.with("call-answer-within", &[("left", &left), ("key", key)]),
        None => locale.with("call-answer-with", &[("key", key)]),
    };
    format!("! {how} · {said}")
}

/// The coded reason with its words, clean; the words alone where they are the code's own.
#[must_use]
pub fn why(call: &Escalation, locale: &Locale) -> String {
    let (code, said) = (locale.text(reason(call.code)), text::clean(&call.reason));
    match call.code {
        _ if CODED.contains(&said) => code.into_owned(),
        EscalationReason::Other => said,
        _ => format!("{code}: {said}"),
    }
}

/// A call from the outside: "Expert asked: Eve, has 1:32 to answer, called by Li".
#[must_use]
pub fn line(call: &Escalation, context: &Context<'_>) -> String {
    let (state, rest) = (context.locale.text(words::escalation(call.state)), standing(call, context));
    context.locale.with("call-line", &[("state", &state), ("rest", &rest)])
}

/// The same without the state's word, what matters most first: "Eve · has 1:32 to answer · called by Li".
#[must_use]
pub fn standing(call: &Escalation, context: &Context<'_>) -> String {
    let locale = context.locale;
    let result = call.result.map(|result| locale.text(verdict(result)).into_owned());
    let said = call.verdict.as_deref().map(text::clean).filter(|said| Some(said) != result.as_ref());
    let takes = (call.takes_over && call.state.is_open()).then(|| locale.text("call-takes-over").into_owned());
    let asker = words::person(context.directory, call.asked_by);
    let parts = [
        Some(words::person(context.directory, call.expert)),
        time_left(call, context).map(|left| locale.with("call-answers-within", &[("left", &left)])),
        result,
        said,
        takes,
        Some(locale.with("call-made-by", &[("name", &asker)])),
        call.ended_at.map(|at| context.instant(at)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The mark of a ticket in a list, two cells: that it is escalated, and how it stands; `^!` where I have to answer.
#[must_use]
pub fn mark(number: TicketNumber, context: &Context<'_>) -> Option<(&'static str, Role)> {
    let mine = |call: &&Escalation| call.expert == context.me.id;
    let calls = || context.calls.iter().filter(|call| call.ticket == number);
    if calls().filter(mine).any(|call| call.state == EscalationState::Asked) {
        return Some(("^!", Role::Danger));
    }
    let of = |state| calls().any(|call| call.state == state);
    [EscalationState::Joined, EscalationState::Accepted, EscalationState::Asked].into_iter().find(|state| of(*state)).map(|state| {
        let mark = match state {
            EscalationState::Joined => "^+",
            EscalationState::Accepted => "^>",
            _ => "^?",
        };
        (mark, role(state))
    })
}

/// Calls that wait for my answer, the oldest first.
pub fn waiting_for_me<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a Escalation> {
    let me = context.me.id;
    context.calls.iter().filter(move |call| call.expert == me && call.state == EscalationState::Asked)
}
