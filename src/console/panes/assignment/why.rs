//! Why the desk chose as it did, in lines: the newest decision with each candidate, and who gave it when a person did.

use std::sync::Arc;

use ratatui::text::Line;

use super::settings::strategy_word;
use super::table;
use super::view::wait_words;
use crate::base::text::{clean, wrap};
use crate::client::view::TicketHistory;
use crate::console::pane::Context;
use crate::console::panes::times;
use crate::console::theme::Role;
use crate::domain::assignment::{Assignment, AssignmentReason, Decision};

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

/// Lines for who would get a ticket now, absent while that is being asked.
#[must_use]
pub fn who_now<'a>(answer: Option<&Result<Arc<Decision>, String>>, cells: usize, context: &Context<'_>) -> Vec<Line<'a>> {
    let plain = |text: &str, role| text_lines(text, role, cells, context);
    match answer {
        None => plain(&context.locale.text("duty-loading"), Role::Dim),
        Some(Err(why)) => plain(&context.locale.with("assignment-who-now-failed", &[("why", &clean(why))]), Role::Warning),
        Some(Ok(decision)) => {
            let mut lines = plain(&context.locale.text("assignment-who-now-dry"), Role::Dim);
            lines.extend(decision_lines(decision, cells, context));
            lines
        }
    }
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
        (AssignmentReason::Escalated, _) => "assignment-given-escalated",
    };
    let by = assignment.by.map_or_else(String::new, name);
    context.locale.with(key, &[("name", &name(assignment.person)), ("by", &by), ("time", &at)])
}

fn decision_lines<'a>(decision: &Decision, cells: usize, context: &Context<'_>) -> Vec<Line<'a>> {
    let locale = context.locale;
    let strategy = strategy_word(decision.strategy);
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
    if !decision.candidates.is_empty() {
        lines.extend(table::lines(decision, cells, context));
    }
    lines
}
