//! Why the desk chose as it did, in lines: the newest decision with each candidate, and who gave it when a person did.

use std::sync::Arc;

use ratatui::text::{Line, Span};

use super::eligible::exclusion_words;
use super::view::wait_words;
use crate::base::text::{clean, fit, wrap};
use crate::client::view::TicketHistory;
use crate::console::pane::Context;
use crate::console::panes::times;
use crate::console::theme::Role;
use crate::console::widgets::load_bar::load_bar;
use crate::domain::assignment::{Assignment, AssignmentReason, Candidate, Decision};
use crate::domain::queue::Strategy;

/// Lines for a history that is absent while it is being read.
#[must_use]
pub fn lines<'a>(history: Option<&Result<Arc<TicketHistory>, String>>, cells: usize, context: &Context<'_>) -> Vec<Line<'a>> {
    let plain = |text: &str, role| text_lines(text, role, cells, context);
    let history = match history {
        None => return plain(&context.locale.text("duty-loading"), Role::Dim),
        Some(Err(why)) => return plain(&context.locale.with("assignment-why-failed", &[("why", &clean(why))]), Role::Warning),
        Some(Ok(history)) => history,
    };
    let mut lines = Vec::new();
    if let Some(assignment) = history.assignments.iter().max_by_key(|assignment| assignment.started_at) {
        lines.extend(plain(&owner_words(assignment, context), Role::Text));
    }
    match history.decisions.first() {
        None => lines.extend(plain(&context.locale.text("assignment-no-decision"), Role::Dim)),
        Some(decision) => lines.extend(decision_lines(decision, cells, context)),
    }
    if history.decisions.len() > 1 {
        lines.extend(plain(&context.locale.count("assignment-earlier-decisions", history.decisions.len() - 1), Role::Dim));
    }
    lines
}

fn text_lines<'a>(text: &str, role: Role, cells: usize, context: &Context<'_>) -> Vec<Line<'a>> {
    let style = context.theme.style(role);
    wrap(text, cells.saturating_sub(2)).into_iter().map(|line| Line::styled(format!("  {line}"), style)).collect()
}

fn owner_words(assignment: &Assignment, context: &Context<'_>) -> String {
    let name = |id| clean(&context.directory.person_name(id));
    let at = times::moment(context.locale, assignment.started_at, context.now, context.zone);
    let key = match (assignment.reason, assignment.by) {
        (AssignmentReason::Automatic, _) => "assignment-given-automatic",
        (AssignmentReason::ByHand, Some(_)) => "assignment-given-by",
        (AssignmentReason::ByHand, None) => "assignment-given-by-hand",
        (AssignmentReason::Claimed, _) => "assignment-given-claimed",
        (AssignmentReason::Imported, _) => "assignment-given-imported",
        (AssignmentReason::Relief, _) => "assignment-given-relief",
        (AssignmentReason::Rebalanced, _) => "assignment-given-rebalanced",
    };
    let by = assignment.by.map_or_else(String::new, name);
    context.locale.with(key, &[("name", &name(assignment.person)), ("by", &by), ("time", &at)])
}

fn decision_lines<'a>(decision: &Decision, cells: usize, context: &Context<'_>) -> Vec<Line<'a>> {
    let locale = context.locale;
    let strategy = match decision.strategy {
        Strategy::LeastLoaded => "assignment-strategy-least-loaded",
        Strategy::RoundRobin => "assignment-strategy-round-robin",
        Strategy::SkillFirst => "assignment-strategy-skill-first",
        Strategy::Sticky => "assignment-strategy-sticky",
        Strategy::Manual => "assignment-strategy-manual",
    };
    let at = times::moment(locale, decision.at, context.now, context.zone);
    let mut lines =
        text_lines(&locale.with("assignment-decided", &[("time", &at), ("strategy", &locale.text(strategy))]), Role::Dim, cells, context);
    let (outcome, role) = decision.chosen.map_or_else(
        || (locale.with("assignment-chose-nobody", &[("reason", &locale.text(wait_words(decision.waits)))]), Role::Warning),
        |chosen| (locale.with("assignment-chose", &[("name", &clean(&context.directory.person_name(chosen)))]), Role::Good),
    );
    lines.extend(text_lines(&outcome, role, cells, context));
    if decision.candidates.is_empty() {
        lines.extend(text_lines(&locale.text("assignment-no-candidates"), Role::Dim, cells, context));
    }
    lines.extend(decision.candidates.iter().map(|candidate| candidate_line(candidate, decision, context)));
    lines
}

fn candidate_line<'a>(candidate: &Candidate, decision: &Decision, context: &Context<'_>) -> Line<'a> {
    let (locale, theme) = (context.locale, context.theme);
    let chosen = decision.chosen == Some(candidate.person);
    let role = match () {
        () if chosen => Role::Good,
        () if candidate.excluded.is_some() => Role::Dim,
        () => Role::Text,
    };
    let style = theme.style(role);
    let name = clean(&context.directory.person_name(candidate.person));
    let words = candidate.excluded.as_ref().map_or_else(
        || {
            let load = candidate.load.map_or_else(|| "-".to_owned(), |load| format!("{load:.2}"));
            let last = candidate.last_assigned_at.map_or_else(
                || locale.text("assignment-never-assigned").into_owned(),
                |at| locale.with("assignment-last-assigned", &[("span", &locale.span((decision.at - at).num_seconds()))]),
            );
            format!("{} · {last}", locale.with("assignment-load", &[("load", &load)]))
        },
        |why| exclusion_words(why, context),
    );
    Line::from(vec![
        Span::styled(format!("  {} {} ", if chosen { "→" } else { " " }, fit(&name, 14)), style),
        Span::styled(load_bar(candidate.open, candidate.capacity, 6), style),
        Span::styled(fit(&format!(" {}/{}", candidate.open, candidate.capacity), 7), style),
        Span::styled(words, style),
    ])
}
