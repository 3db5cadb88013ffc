//! The tabs that the server answers: what was done to a ticket, and why the desk chose whom.

use std::sync::Arc;

use ratatui::text::{Line, Span};

use crate::base::text;
use crate::client::view::TicketHistory;
use crate::console::pane::Context;
use crate::console::panes::assignment;
use crate::console::theme::Role;
use crate::console::{audit_words, words};
use crate::domain::assignment::Decision;
use crate::domain::ticket::Ticket;

type Answer = Result<Arc<TicketHistory>, String>;

/// The history, or the line that says why there is none.
fn answered<'a>(history: Option<&'a Answer>, context: &Context<'_>) -> Result<&'a TicketHistory, Line<'static>> {
    match history {
        Some(Ok(history)) => Ok(history),
        Some(Err(why)) => {
            Err(Line::styled(context.locale.with("history-failed", &[("why", &text::clean(why))]), context.theme.style(Role::Danger)))
        }
        None => Err(Line::styled(context.locale.text("ticket-loading").into_owned(), context.theme.style(Role::Dim))),
    }
}

pub fn audit(history: Option<&Answer>, width: usize, context: &Context<'_>) -> Vec<Line<'static>> {
    let history = match answered(history, context) {
        Ok(history) => history,
        Err(line) => return vec![line],
    };
    let mut lines = Vec::new();
    for entry in history.audit.iter().rev() {
        let actor = audit_words::actor(context, &entry.actor);
        let (act, source) = (audit_words::command(context, &entry.action), audit_words::source(context, &entry.source));
        lines.push(Line::from(vec![
            Span::styled(format!("{} ", context.instant(entry.at)), context.theme.style(Role::Dim)),
            Span::styled(format!("{actor}: "), context.theme.style(Role::Accent)),
            Span::raw(act),
            Span::styled(format!(" ({source})"), context.theme.style(Role::Dim)),
        ]));
        let changes = entry.changes.iter().filter_map(|change| audit_words::change(context, change));
        for change in changes.chain(entry.reason.clone()) {
            let wrapped = text::wrap(&text::clean(&change), width.saturating_sub(4));
            lines.extend(wrapped.into_iter().map(|line| Line::raw(format!("    {line}"))));
        }
    }
    lines
}

pub fn why(history: Option<&Answer>, ticket: &Ticket, width: usize, context: &Context<'_>) -> Vec<Line<'static>> {
    let history = match answered(history, context) {
        Ok(history) => history,
        Err(line) => return vec![line],
    };
    if history.decisions.is_empty() {
        let key = if ticket.assignee.is_some() { "why-by-hand" } else { "why-none" };
        return vec![Line::styled(context.locale.text(key).into_owned(), context.theme.style(Role::Dim))];
    }
    history.decisions.iter().flat_map(|decision| decided(decision, width, context)).collect()
}

fn decided(decision: &Decision, width: usize, context: &Context<'_>) -> Vec<Line<'static>> {
    let locale = context.locale;
    let at = context.instant(decision.at);
    let outcome = match (decision.chosen, decision.waits) {
        (Some(person), _) => locale.with("why-chosen", &[("person", &words::person(context.directory, person))]),
        (None, Some(waits)) => locale.text(words::waits(waits)).into_owned(),
        (None, None) => locale.text("why-nobody").into_owned(),
    };
    let mut lines = vec![Line::styled(format!("{at} {outcome}"), context.theme.style(Role::Title))];
    lines.extend(assignment::candidates(decision, width, context));
    lines
}
