//! How a ticket looks: header, tabs, and the tab's lines. What the requester sees and what stays inside differ by mark, word and
//! colour.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Tab, TicketPane, briefing, clocks, history, strip};
use crate::base::text;
use crate::client::view::{OutboxState, TicketDetail};
use crate::console::conversation::stream::Look;
use crate::console::incidents::page;
use crate::console::pane::Context;
use crate::console::theme::Role;
use crate::console::{audit_words, call_words, refusal_words, words};
use crate::domain::command::Command;
use crate::domain::ticket::Ticket;

pub fn draw(pane: &TicketPane, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
    if area.height < 4 || area.width < 12 {
        return;
    }
    let Some(detail) = &pane.detail else {
        let key = match (pane.number, pane.answered) {
            (None, _) => "ticket-none",
            (Some(_), false) => "ticket-loading",
            (Some(_), true) => "ticket-gone",
        };
        frame.render_widget(Line::styled(context.locale.text(key), context.theme.style(Role::Dim)), Rect { height: 1, ..area });
        return;
    };
    let width = usize::from(area.width);
    let head = head(pane, detail, width, context);
    let used = u16::try_from(head.len()).unwrap_or(u16::MAX).min(area.height);
    for (line, y) in head.into_iter().zip(area.y..area.bottom()) {
        frame.render_widget(line, Rect { y, height: 1, ..area });
    }
    if pane.tab == Tab::Conversation {
        let body = Rect { y: area.y + used, height: area.height - used, ..area };
        let tail = unsent(detail, width, context);
        pane.stream.draw(frame, body, &Look { focused: true, tail: &tail }, context);
        return;
    }
    let lines = match pane.tab {
        Tab::Conversation => Vec::new(),
        Tab::Details => details(pane, detail, width, context),
        Tab::Audit => history::audit(pane.history.as_ref(), width, context),
        Tab::Why => history::why(pane.history.as_ref(), &detail.ticket, width, context),
        Tab::Incident => page::lines(pane.incident.as_ref(), width, context),
        Tab::Briefing => briefing::lines(detail, pane.briefing.as_ref(), width, context),
        Tab::Clocks => clocks::lines(&detail.ticket, pane.ledger.as_ref(), width, context),
        Tab::Timeline => pane.life.lines(width, context),
    };
    let rows = usize::from(area.height - used);
    pane.extent.set((lines.len(), rows));
    let most = lines.len().saturating_sub(rows);
    let first = pane.scroll.min(most);
    for (line, y) in lines.into_iter().skip(first).zip(area.y + used..area.bottom()) {
        frame.render_widget(line, Rect { y, height: 1, ..area });
    }
}

/// Header, calls, who is here, and last the tabs.
fn head(pane: &TicketPane, detail: &TicketDetail, width: usize, context: &Context<'_>) -> Vec<Line<'static>> {
    let mut head = header(&detail.ticket, width, context);
    head.extend(strip::lines(detail, width, context));
    head.extend(page::banner(&detail.ticket, width, context));
    head.push(Line::from_iter(tabs(pane, width, context).into_iter().map(|(_, span)| span)));
    head
}

/// The tab whose name is at this cell of the pane.
pub fn tab_at(pane: &TicketPane, (column, row): (usize, usize), width: usize, context: &Context<'_>) -> Option<Tab> {
    let detail = pane.detail.as_ref()?;
    if row + 1 != head(pane, detail, width, context).len() {
        return None;
    }
    let mut end = 0;
    tabs(pane, width, context).into_iter().find_map(|(tab, name)| {
        end += text::width(&name.content);
        (column < end).then_some(tab)
    })
}

fn header(ticket: &Ticket, width: usize, context: &Context<'_>) -> Vec<Line<'static>> {
    let style = |role| context.theme.style(role);
    let locale = context.locale;
    let subject = format!("#{} {}", ticket.number, text::clean(&ticket.subject));
    let mut state = vec![
        Span::raw(format!("{}  ", locale.text(words::status(ticket.status)))),
        Span::styled(format!("{}  ", locale.text(words::priority(ticket.priority))), style(words::priority_role(ticket.priority))),
        Span::raw(format!("{}  ", words::queue(context.directory, ticket.queue))),
    ];
    match (ticket.assignee, ticket.waits) {
        (Some(person), _) => state.push(Span::raw(format!("-> {}", words::person(context.directory, person)))),
        (None, Some(waits)) => state.push(Span::styled(locale.text(words::waits(waits)).into_owned(), style(Role::Warning))),
        (None, None) => state.push(Span::styled(locale.text("ticket-unassigned").into_owned(), style(Role::Dim))),
    }
    if let (Some(_), Some(by)) = (ticket.assignee, ticket.accept_by) {
        let left = locale.span((by - context.now).num_seconds().max(0));
        state.push(Span::styled(format!("  {}", locale.with("assignment-accept-within", &[("span", &left)])), style(Role::Warning)));
    }
    let mut clocks = Vec::new();
    for clock in ticket.clocks.iter().filter(|clock| clock.stopped_at.is_none()) {
        let (words_, role) = words::clock_state(locale, clock, context.now);
        clocks.push(Span::raw(format!("{} ", locale.text(words::clock(clock.kind)))));
        clocks.push(Span::styled(format!("{words_}  "), style(role)));
    }
    if let Some(into) = ticket.merged_into {
        clocks.push(Span::styled(format!("{} #{into}", locale.text("detail-merged")), style(Role::Accent)));
    }
    let site = ticket.requester.site.as_ref();
    let site = site.map(|site| format!("  {} {} {}", text::clean(&site.code), text::clean(&site.name), text::clean(&site.region)));
    let from = format!("< {}{}", text::clean(&ticket.requester.name), site.unwrap_or_default());
    vec![
        Line::styled(text::cut(&subject, width), style(Role::Title)),
        Line::from(state),
        Line::from(clocks),
        Line::styled(text::cut(&from, width), style(Role::Requester)),
    ]
}

/// The tabs' names: closer together where there is little room, and from the one in front on where there is none.
fn tabs(pane: &TicketPane, width: usize, context: &Context<'_>) -> Vec<(Tab, Span<'static>)> {
    let (shown, all) = (pane.tab, pane.tabs());
    let names: Vec<_> = all
        .iter()
        .map(|tab| {
            let name = context.locale.text(match tab {
                Tab::Conversation => "tab-conversation",
                Tab::Details => "tab-details",
                Tab::Audit => "tab-audit",
                Tab::Why => "tab-why",
                Tab::Clocks => "tab-clocks",
                Tab::Timeline => "tab-timeline",
                Tab::Incident => "tab-incident",
                Tab::Briefing => "tab-briefing",
            });
            (*tab, name)
        })
        .collect();
    let cells = |gap: usize| names.iter().map(|(_, name)| text::width(name) + gap).sum::<usize>();
    let close = cells(3) > width;
    let first = if cells(2) > width { all.iter().position(|tab| *tab == shown).unwrap_or(0) } else { 0 };
    let span = |tab: Tab, name: &str| match (tab == shown, close) {
        (true, true) => Span::styled(format!("[{name}]"), context.theme.style(Role::Accent)),
        (true, false) => Span::styled(format!("[{name}] "), context.theme.style(Role::Accent)),
        (false, true) => Span::styled(format!(" {name} "), context.theme.style(Role::Dim)),
        (false, false) => Span::styled(format!(" {name}  "), context.theme.style(Role::Dim)),
    };
    names.iter().skip(first).map(|(tab, name)| (*tab, span(*tab, name))).collect()
}

/// What of mine has not arrived, with its text.
fn unsent(detail: &TicketDetail, width: usize, context: &Context<'_>) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for entry in &detail.pending {
        let (state, role) = match &entry.state {
            OutboxState::Waiting => (context.locale.text("outbox-waiting").into_owned(), Role::Warning),
            OutboxState::Taken => (context.locale.text("outbox-taken").into_owned(), Role::Dim),
            OutboxState::Refused(refusal) => {
                (context.locale.with("outbox-refused", &[("why", &refusal_words::sentence(refusal, context))]), Role::Danger)
            }
        };
        let line = format!("! {}: {state}", audit_words::command(context, entry.command.name()));
        lines.extend(text::wrap(&line, width).into_iter().map(|line| Line::styled(line, context.theme.style(role))));
        if let (Command::PostMessage(post), OutboxState::Refused(_)) = (&entry.command, &entry.state) {
            let kept = text::wrap(&text::clean_lines(&post.text), width.saturating_sub(2));
            lines.extend(kept.into_iter().map(|line| Line::styled(format!("  {line}"), context.theme.style(Role::Dim))));
        }
    }
    lines
}

fn details(pane: &TicketPane, detail: &TicketDetail, width: usize, context: &Context<'_>) -> Vec<Line<'static>> {
    let (ticket, locale) = (&detail.ticket, context.locale);
    let when = |at| context.instant(at);
    let people = ticket.participants.iter().map(|id| words::person(context.directory, *id)).collect::<Vec<_>>().join(", ");
    let mut rows = vec![
        ("detail-kind", locale.text(words::kind(ticket.kind)).into_owned()),
        ("detail-tier", ticket.tier.to_string()),
        ("detail-participants", people),
        ("detail-tags", ticket.tags.join(", ")),
        ("detail-created", when(ticket.created_at)),
        ("detail-updated", when(ticket.updated_at)),
    ];
    if let Some(into) = ticket.merged_into {
        rows.push(("detail-merged", format!("#{into}")));
    }
    let merged: Vec<_> = ticket.merged.iter().map(|one| format!("#{}", one.number)).collect();
    rows.push(("detail-merged-tickets", merged.join(", ")));
    if let Some(rating) = &ticket.rating {
        let score = locale.with("rating-score", &[("score", &rating.score.to_string())]);
        rows.push(("detail-rating", format!("{score}  {}", rating.words)));
    }
    for link in &ticket.links {
        rows.push((words::link(link.kind), format!("#{}", link.number)));
    }
    for clock in &ticket.clocks {
        let state = words::clock_state(locale, clock, context.now).0;
        rows.push((words::clock(clock.kind), format!("{state}  {}", when(clock.due_at))));
    }
    for promise in ticket.follow_ups.iter().filter(|promise| !promise.done) {
        rows.push(("detail-promise", format!("{}  {}", when(promise.at), promise.text)));
    }
    for escalation in &detail.escalations {
        let (mark, why) = (call_words::glyph(escalation.state), call_words::why(escalation, locale));
        rows.push((words::escalation(escalation.state), format!("{mark} {} · {why}", call_words::standing(escalation, context))));
    }
    let mut rows: Vec<_> = rows.into_iter().map(|(key, value)| (locale.text(key).into_owned(), value)).collect();
    rows.extend(ticket.fields.iter().map(|(name, value)| (name.clone(), audit_words::value(context, "", value))));
    let requester = pane.history.as_ref().and_then(|history| history.as_ref().ok()?.requester.as_ref());
    if let Some(requester) = requester {
        let reach = [&requester.email, &requester.phone].into_iter().flatten().cloned().collect::<Vec<_>>().join("  ");
        let class = audit_words::requester_class(context, &requester.class);
        rows.push((locale.text("detail-requester").into_owned(), format!("{}  {class}  {reach}", requester.name)));
    }
    rows.into_iter()
        .filter(|(_, value)| !value.is_empty())
        .flat_map(|(name, value)| {
            let lines = text::wrap(&text::clean(&value), width.saturating_sub(19));
            let style = context.theme.style(Role::Dim);
            lines.into_iter().enumerate().map(move |(index, line)| {
                let name = if index == 0 { text::clean(&name) } else { String::new() };
                Line::from(vec![Span::styled(format!("{} ", text::fit(&name, 18)), style), Span::raw(line)])
            })
        })
        .collect()
}
