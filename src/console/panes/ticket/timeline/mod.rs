//! The ticket's whole life as one list, newest first, in parts: everything, people alone, the desk alone, what the requester sees.

use std::sync::Arc;

use ratatui::text::{Line, Span};

use crate::base::text;
use crate::console::action::Action;
use crate::console::pane::Context;
use crate::console::theme::Role;
use crate::console::{audit_words, words};
use crate::domain::Timestamp;
use crate::domain::assignment::{AssignmentReason, EndReason};
use crate::domain::conversation::Visibility;
use crate::domain::escalation::{EscalationReason, EscalationState, Verdict};
use crate::domain::id::{PersonId, TicketNumber};
use crate::domain::timeline::{Show, TimelineEntry, What, Who};

type Answer = Result<Arc<Vec<TimelineEntry>>, String>;

/// Lines of one message: the conversation has them all.
const TEXT_LINES_MAX: usize = 6;

/// What was read, and which part of it is shown.
#[derive(Default)]
pub struct Life {
    answer: Option<Answer>,
    show: Show,
}

impl Life {
    /// Whether the server has to be asked.
    pub fn asks(&self) -> bool {
        !matches!(self.answer, Some(Ok(_)))
    }

    pub fn put(&mut self, answer: Answer) {
        self.answer = Some(answer);
    }

    pub fn forget(&mut self) {
        self.answer = None;
    }

    pub fn next_part(&mut self) {
        let place = Show::ALL.iter().position(|show| *show == self.show).unwrap_or(0);
        self.show = Show::ALL[(place + 1) % Show::ALL.len()];
    }

    /// The tab's lines.
    pub fn lines(&self, width: usize, context: &Context<'_>) -> Vec<Line<'static>> {
        let (locale, theme) = (context.locale, context.theme);
        let entries = match &self.answer {
            None => return vec![Line::styled(locale.text("ticket-loading").into_owned(), theme.style(Role::Dim))],
            Some(Err(why)) => {
                return vec![Line::styled(locale.with("history-failed", &[("why", &text::clean(why))]), theme.style(Role::Danger))];
            }
            Some(Ok(entries)) => entries,
        };
        let shown: Vec<_> = entries.iter().rev().filter(|entry| self.show.holds(entry)).collect();
        let mut lines = vec![Line::styled(text::cut(&head(self.show, shown.len(), context), width), theme.style(Role::Dim))];
        if shown.is_empty() {
            lines.push(Line::styled(locale.text("timeline-empty").into_owned(), theme.style(Role::Dim)));
        }
        for entry in shown {
            lines.extend(entry_lines(entry, width, context));
        }
        lines
    }
}

fn head(show: Show, count: usize, context: &Context<'_>) -> String {
    let part = context.locale.text(match show {
        Show::All => "timeline-show-all",
        Show::People => "timeline-show-people",
        Show::Desk => "timeline-show-desk",
        Show::Public => "timeline-show-public",
    });
    let key = Action::Timeline.spec().keys.first().copied().unwrap_or_default();
    context.locale.count_with("timeline-head", count, &[("show", &part), ("key", key)])
}

fn ago(at: Timestamp, context: &Context<'_>) -> String {
    let secs = (context.now - at).num_seconds();
    // Under a minute the seconds would repaint for nothing.
    if secs < 60 {
        context.locale.text("timeline-now").into_owned()
    } else {
        context.locale.with("timeline-ago", &[("span", &context.locale.span(secs))])
    }
}

fn entry_lines(entry: &TimelineEntry, width: usize, context: &Context<'_>) -> Vec<Line<'static>> {
    let theme = context.theme;
    let (role, sentence) = said(&entry.what, &entry.who, context);
    let from = entry.from.map(|number| format!(" ({})", context.locale.with("message-from", &[("number", &number.to_string())])));
    let when = format!("{} · {} ", context.instant(entry.at), ago(entry.at, context));
    let who = format!("{} ", who(&entry.who, context));
    let room = width.saturating_sub(text::width(&when) + text::width(&who));
    let sentence = format!("{sentence}{}", from.unwrap_or_default());
    let head = vec![Span::styled(when, theme.style(Role::Dim)), Span::styled(who, theme.style(Role::Accent))];
    let indented = |line: String, role| Line::styled(format!("    {line}"), theme.style(role));
    let mut lines = Vec::new();
    if text::width(&sentence) <= room {
        lines.push(Line::from_iter(head.into_iter().chain([Span::styled(sentence, theme.style(role))])));
    } else {
        lines.push(Line::from(head));
        lines.extend(text::wrap(&sentence, width.saturating_sub(4)).into_iter().map(|line| indented(line, role)));
    }
    for detail in details(&entry.what, context) {
        let wrapped = text::wrap(&detail, width.saturating_sub(4));
        let over = wrapped.len().saturating_sub(TEXT_LINES_MAX);
        lines.extend(wrapped.into_iter().take(TEXT_LINES_MAX).map(|line| indented(line, Role::Text)));
        if over > 0 {
            lines.push(indented(context.locale.with("timeline-more", &[("n", &over.to_string())]), Role::Dim));
        }
    }
    lines
}

fn who(who: &Who, context: &Context<'_>) -> String {
    match who {
        Who::Person { name, .. } | Who::Requester { name } => text::clean(name),
        Who::Intake { channel } => text::clean(channel),
        Who::Desk { job } => audit_words::job(context, job),
    }
}

/// What happened in a sentence without its subject, with the role of its colour.
fn said(what: &What, by: &Who, context: &Context<'_>) -> (Role, String) {
    let locale = context.locale;
    let plain = |key: &str| locale.text(key).into_owned();
    let person = |id: &PersonId| words::person(context.directory, *id);
    let numbered = |key: &str, number: &TicketNumber| locale.with(key, &[("number", &number.to_string())]);
    match what {
        What::Opened { queue: Some(queue) } => {
            (Role::Good, locale.with("timeline-opened", &[("queue", &words::queue(context.directory, *queue))]))
        }
        What::Opened { queue: None } => (Role::Good, plain("timeline-opened-plain")),
        What::Message { visibility, edited_at, .. } => {
            let (role, words) = spoke(*visibility, by, context);
            let edited = edited_at.map(|_| format!(" {}", locale.text("timeline-edited"))).unwrap_or_default();
            (role, format!("{words}{edited}"))
        }
        What::Status { from, to } => {
            let [from, to] = [from, to].map(|status| plain(words::status(*status)));
            (Role::Text, locale.with("timeline-status", &[("from", &from), ("to", &to)]))
        }
        What::Assigned { person: id, reason } => (Role::Text, locale.with(assigned(*reason), &[("person", &person(id))])),
        What::Unassigned { person: id, reason } => (Role::Warning, locale.with(unassigned(*reason), &[("person", &person(id))])),
        What::Clock { clock, step, due_at } => {
            let (role, key) = match step.as_str() {
                "warning" => (Role::Warning, "timeline-clock-warning"),
                "breach" => (Role::Danger, "timeline-clock-breach"),
                _ => (Role::Warning, "timeline-clock-step"),
            };
            let due = context.instant(*due_at);
            let clock = plain(words::clock(*clock));
            (role, locale.with(key, &[("clock", &clock), ("step", &text::clean(step)), ("due", &due)]))
        }
        What::Called { expert, tier, code: reason, .. } => {
            let args = [("expert", &*person(expert)), ("tier", &tier.to_string()), ("code", &plain(code(*reason)))];
            (Role::Accent, locale.with("timeline-called", &args))
        }
        What::Answered { expert, state, .. } => (Role::Accent, locale.with(answered(*state), &[("expert", &person(expert))])),
        What::Left { result: Some(result), .. } => (Role::Accent, locale.with("timeline-left", &[("verdict", &plain(verdict(*result)))])),
        What::Left { result: None, .. } => (Role::Accent, plain("timeline-left-plain")),
        What::Merged { into } => (Role::Accent, numbered("timeline-merged", into)),
        What::MergeUndone { from } => (Role::Accent, numbered("timeline-merge-undone", from)),
        What::TookIn { number } => (Role::Accent, numbered("timeline-took-in", number)),
        What::GaveBack { number } => (Role::Accent, numbered("timeline-gave-back", number)),
        What::Split { into } => (Role::Accent, numbered("timeline-split", into)),
        What::Rated { score, .. } => {
            let role = if *score <= 2 { Role::Danger } else { Role::Good };
            (role, locale.with("timeline-rated", &[("score", &score.to_string())]))
        }
        What::RatingAsked => (Role::Text, plain("timeline-rating-asked")),
        What::Changed { action, .. } => (Role::Text, audit_words::command(context, action)),
    }
}

fn spoke(visibility: Visibility, by: &Who, context: &Context<'_>) -> (Role, String) {
    let locale = context.locale;
    let plain = |key: &str| locale.text(key).into_owned();
    match (by, visibility) {
        (Who::Requester { .. }, _) => (Role::Requester, plain("timeline-said-requester")),
        (_, Visibility::Public) => (Role::Public, plain("timeline-said-public")),
        (_, Visibility::Internal) => (Role::Internal, plain("timeline-said-internal")),
        (_, tier) => (Role::Internal, locale.with("timeline-said-tier", &[("tier", &tier.tier().to_string())])),
    }
}

/// Texts below the sentence: what was written, what was changed, why.
fn details(what: &What, context: &Context<'_>) -> Vec<String> {
    let lines = |text: &String| text::clean_lines(text);
    match what {
        What::Message { text, attachments, split_into, copy_of, .. } => {
            let mut all = vec![lines(text)];
            all.extend(attachments.iter().map(|name| format!("+ {}", text::clean(name))));
            all.extend(split_into.map(|number| context.locale.with("message-split", &[("number", &number.to_string())])));
            all.extend(
                copy_of.as_ref().map(|from| {
                    context.locale.with("message-copy", &[("number", &from.ticket.to_string()), ("seq", &from.seq.to_string())])
                }),
            );
            all
        }
        What::Called { reason, tried, .. } => {
            let tried = (!tried.is_empty()).then(|| context.locale.with("timeline-tried", &[("text", &lines(tried))]));
            std::iter::once(lines(reason)).chain(tried).collect()
        }
        What::Answered { reason, .. } => reason.iter().map(lines).collect(),
        What::Left { note, .. } => note.iter().map(lines).collect(),
        What::Rated { words, .. } if !words.is_empty() => vec![lines(words)],
        What::Changed { changes, reason, .. } => {
            let told = changes.iter().filter_map(|change| audit_words::change(context, change));
            told.chain(reason.iter().map(lines)).collect()
        }
        _ => Vec::new(),
    }
}

fn assigned(reason: AssignmentReason) -> &'static str {
    match reason {
        AssignmentReason::Automatic => "timeline-assigned-automatic",
        AssignmentReason::ByHand => "timeline-assigned-by-hand",
        AssignmentReason::Claimed => "timeline-assigned-claimed",
        AssignmentReason::Imported => "timeline-assigned-imported",
        AssignmentReason::Relief => "timeline-assigned-relief",
        AssignmentReason::Escalated => "timeline-assigned-escalated",
        AssignmentReason::Rebalanced => "timeline-assigned-rebalanced",
    }
}

fn unassigned(reason: EndReason) -> &'static str {
    match reason {
        EndReason::Released => "timeline-unassigned-released",
        EndReason::NotAccepted => "timeline-unassigned-not-accepted",
        EndReason::Away => "timeline-unassigned-away",
        EndReason::EndOfShift => "timeline-unassigned-end-of-shift",
        EndReason::OwnerOffDuty => "timeline-unassigned-owner-off-duty",
        EndReason::MovedQueue => "timeline-unassigned-moved-queue",
        EndReason::Reassigned | EndReason::Solved | EndReason::Closed | EndReason::Merged => "timeline-unassigned-other",
    }
}

fn answered(state: EscalationState) -> &'static str {
    match state {
        EscalationState::Declined => "timeline-answer-declined",
        EscalationState::Joined => "timeline-answer-joined",
        EscalationState::Unanswered => "timeline-answer-unanswered",
        EscalationState::Withdrawn => "timeline-answer-withdrawn",
        EscalationState::Asked | EscalationState::Accepted | EscalationState::Left => "timeline-answer-accepted",
    }
}

fn code(reason: EscalationReason) -> &'static str {
    match reason {
        EscalationReason::Skill => "timeline-code-skill",
        EscalationReason::Authority => "timeline-code-authority",
        EscalationReason::Sla => "timeline-code-sla",
        EscalationReason::Requester => "timeline-code-requester",
        EscalationReason::Outage => "timeline-code-outage",
        EscalationReason::Safety => "timeline-code-safety",
        EscalationReason::Other => "timeline-code-other",
    }
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Solved => "timeline-verdict-solved",
        Verdict::Advice => "timeline-verdict-advice",
        Verdict::NotOurs => "timeline-verdict-not-ours",
        Verdict::NeedsVendor => "timeline-verdict-needs-vendor",
    }
}

#[cfg(test)]
mod tests;
