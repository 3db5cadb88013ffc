//! A major incident's page: how many are tied where, what was sent and how far, what looks alike, and all that is tied.

use ratatui::text::{Line, Span};

use super::preview::why;
use crate::base::text::{clean, cut};
use crate::console::pane::Context;
use crate::console::theme::Role;
use crate::console::words;
use crate::domain::incident::alike::{Likeness, Same};
use crate::domain::incident::view::{BroadcastView, IncidentView, TiedTicket};
use crate::domain::ticket::Ticket;

/// What is shown of an incident; fails offline, with why.
pub type Answer = Result<std::sync::Arc<IncidentView>, String>;

/// The line below a ticket's header: what it has to do with a major incident.
#[must_use]
pub fn banner(ticket: &Ticket, width: usize, context: &Context<'_>) -> Option<Line<'static>> {
    let locale = context.locale;
    let with = |key: &str, number: crate::domain::id::TicketNumber| locale.with(key, &[("number", &number.to_string())]);
    let (text, role) = match (&ticket.major, ticket.incident, ticket.looks_like) {
        (Some(major), _, _) => {
            let due = major.next_update_at.filter(|_| ticket.status.is_unsolved()).map(|at| update_due(at, context));
            (format!("{}{}  {}", locale.text("incident-major"), due.unwrap_or_default(), locale.text("incident-major-keys")), Role::Danger)
        }
        (None, Some(number), _) => (with("incident-tied", number), Role::Accent),
        (None, None, Some(number)) => (with("incident-looks-like", number), Role::Warning),
        (None, None, None) => return None,
    };
    Some(Line::styled(cut(&text, width), context.theme.style(role)))
}

fn update_due(at: crate::domain::Timestamp, context: &Context<'_>) -> String {
    let left = (at - context.now).num_seconds();
    let key = if left < 0 { "incident-update-late" } else { "incident-update-in" };
    format!("  {}", context.locale.with(key, &[("span", &context.locale.span(left.abs()))]))
}

/// The page's lines.
#[must_use]
pub fn lines(answer: Option<&Answer>, width: usize, context: &Context<'_>) -> Vec<Line<'static>> {
    let style = |role| context.theme.style(role);
    let view = match answer {
        None => return vec![Line::styled(context.locale.text("ticket-loading").into_owned(), style(Role::Dim))],
        Some(Err(error)) => {
            return vec![Line::styled(context.locale.with("history-failed", &[("why", &clean(error))]), style(Role::Danger))];
        }
        Some(Ok(view)) => view,
    };
    let mut lines = declared(view, width, context);
    lines.push(Line::styled(context.locale.count("incident-broadcasts", view.broadcasts.len()), style(Role::Title)));
    lines.extend(view.broadcasts.iter().flat_map(|broadcast| sent(broadcast, width, context)));
    lines.push(Line::styled(context.locale.count("incident-proposals", view.proposals.len()), style(Role::Title)));
    lines.extend(view.proposals.iter().map(|ticket| tied(ticket, width, context)));
    lines.push(Line::styled(context.locale.count("incident-tied-count", view.tied.len()), style(Role::Title)));
    lines.extend(view.tied.iter().map(|ticket| tied(ticket, width, context)));
    lines
}

fn declared(view: &IncidentView, width: usize, context: &Context<'_>) -> Vec<Line<'static>> {
    let (locale, mut lines) = (context.locale, Vec::new());
    if let Some(major) = &view.incident.major {
        let at = context.instant(major.declared_at);
        let by = words::person(context.directory, major.declared_by);
        let mut said = locale.with("incident-declared", &[("time", &at), ("person", &by)]);
        if let Some(secs) = major.update_every_secs {
            said.push_str(&format!("  {}", locale.with("incident-every", &[("span", &locale.span(i64::from(secs)))])));
        }
        said.push_str(&major.next_update_at.map(|at| update_due(at, context)).unwrap_or_default());
        lines.push(Line::raw(cut(&said, width)));
    }
    let statuses = view.by_status.iter().map(|one| format!("{} {}", locale.text(words::status(one.status)), one.count));
    let statuses = statuses.collect::<Vec<_>>().join("  ");
    let regions = view.by_region.iter().map(|one| {
        let name = if one.region.is_empty() { locale.text("value-none").into_owned() } else { clean(&one.region) };
        format!("{name} {}", one.count)
    });
    let regions = regions.collect::<Vec<_>>().join("  ");
    for (key, value) in [("incident-by-status", statuses), ("incident-by-region", regions)] {
        if !value.is_empty() {
            let name = format!("{} ", locale.text(key));
            let room = width.saturating_sub(crate::base::text::width(&name));
            lines.push(Line::from(vec![Span::styled(name, context.theme.style(Role::Dim)), Span::raw(cut(&value, room))]));
        }
    }
    lines
}

/// How far a broadcast is, its text, and who was refused and why.
fn sent(view: &BroadcastView, width: usize, context: &Context<'_>) -> Vec<Line<'static>> {
    let at = context.instant(view.broadcast.created_at);
    let by = words::person(context.directory, view.broadcast.by);
    let numbers = [("sent", view.sent), ("left", view.left), ("refused", view.refused)].map(|(name, n)| (name, n.to_string()));
    let numbers: Vec<_> = numbers.iter().map(|(name, n)| (*name, n.as_str())).collect();
    let progress = context.locale.with("broadcast-progress", &numbers);
    let role = if view.left > 0 { Role::Warning } else { Role::Good };
    let said = match (view.broadcast.text.is_empty(), view.broadcast.solves) {
        (false, _) => clean(&view.broadcast.text),
        (true, _) => context.locale.text("broadcast-silent").into_owned(),
    };
    let head = format!("{at} {by} ");
    let used = crate::base::text::width(&head) + crate::base::text::width(&progress) + 2;
    let mut lines = vec![Line::from(vec![
        Span::styled(head, context.theme.style(Role::Dim)),
        Span::styled(format!("{progress}  "), context.theme.style(role)),
        Span::raw(cut(&said, width.saturating_sub(used))),
    ])];
    for target in view.targets.iter().filter_map(|target| Some((target.ticket, target.why?))) {
        let line = format!("  ! #{}: {}", target.0, context.locale.text(why(target.1)));
        lines.push(Line::styled(cut(&line, width), context.theme.style(Role::Danger)));
    }
    lines
}

fn tied(ticket: &TiedTicket, width: usize, context: &Context<'_>) -> Line<'static> {
    let locale = context.locale;
    let who = ticket.assignee.map_or_else(|| "-".to_owned(), |person| words::person(context.directory, person));
    let place = ticket.site.as_ref().map_or_else(|| clean(&ticket.requester), |site| clean(site));
    let head =
        format!("#{} {} {}  {place}  ", ticket.number, words::priority_mark(ticket.priority), locale.text(words::status(ticket.status)));
    let because = ticket.likeness.as_ref().map(|likeness| because(likeness, context)).unwrap_or_else(|| format!("-> {who}  "));
    let used = crate::base::text::width(&head) + crate::base::text::width(&because);
    Line::from(vec![
        Span::raw(head),
        Span::styled(because, context.theme.style(Role::Dim)),
        Span::raw(cut(&clean(&ticket.subject), width.saturating_sub(used))),
    ])
}

/// Why it is proposed: how much, which words, what else is the same.
fn because(likeness: &Likeness, context: &Context<'_>) -> String {
    let same = likeness.same.iter().map(|same| {
        context.locale.text(match same {
            Same::Queue => "same-queue",
            Same::Kind => "same-kind",
            Same::Site => "same-site",
            Same::Region => "same-region",
            Same::Tag => "same-tag",
        })
    });
    let words = likeness.shared.iter().map(|word| clean(word)).chain(same.map(std::borrow::Cow::into_owned));
    format!("{}% ({})  ", likeness.score, words.collect::<Vec<_>>().join(", "))
}
