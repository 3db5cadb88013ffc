//! Draws the two halves: beside each other where there is room, else one above the other.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::eligible;
use super::roll::{Group, Grouping, Row};
use super::state::{AssignmentPane, Focus, Layer};
use super::tickets::TicketList;
use super::why;
use crate::base::text::{clean, cut, fit, width};
use crate::console::pane::Context;
use crate::console::panes::{presence, times};
use crate::console::theme::Role;
use crate::console::widgets::load_bar::{Level, level, load_bar};
use crate::console::widgets::{list, paint};
use crate::console::words;
use crate::domain::Timestamp;
use crate::domain::id::PersonId;
use crate::domain::person::Presence;
use crate::domain::ticket::{Priority, Ticket, WaitReason};

/// Cells of `until Sun 09:00`.
const UNTIL: usize = 15;
/// From here on the halves stand beside each other.
const WIDE: u16 = 100;

/// Where people and tickets are: beside each other where there is room, else one above the other.
#[must_use]
pub fn halves(pane: &AssignmentPane, area: Rect) -> (Rect, Rect) {
    if area.width >= WIDE {
        let (left, right) = paint::split_left(area, area.width / 2 - 4);
        // The line between them, and a blank.
        let used = right.width.min(2);
        (left, Rect { x: right.x + used, width: right.width - used, ..right })
    } else if area.height < 8 {
        let none = Rect { height: 0, ..area };
        if pane.focus == Focus::People { (area, none) } else { (none, area) }
    } else if pane.focus == Focus::Tickets && pane.layers.iter().any(|layer| !matches!(layer, Layer::Holding(_))) {
        // Tables want the room; the people are a tab away.
        (Rect { height: 0, ..area }, area)
    } else {
        paint::take_top(area, area.height / 2)
    }
}

/// Rows of the roll on screen, in so many lines.
#[must_use]
pub fn roll_shown(pane: &AssignmentPane, height: u16) -> std::ops::Range<usize> {
    list::page(pane.roll.len(), roll_selected(pane).unwrap_or(0), usize::from(height))
}

fn roll_selected(pane: &AssignmentPane) -> Option<usize> {
    pane.roll.iter().position(|row| matches!(row, Row::Person { group, person, .. } if pane.person == Some((*group, *person))))
}

pub fn draw(pane: &AssignmentPane, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
    pane.seen.set(true);
    let (people, tickets) = halves(pane, area);
    if area.width >= WIDE {
        let line = Rect { x: people.right(), width: area.right() - people.right(), ..area };
        let _ = paint::divider(frame, line, context.theme.style(Role::Border));
    }
    pane.page.set(usize::from(tickets.height.max(people.height).saturating_sub(1)));
    draw_people(pane, frame, people, context);
    draw_tickets(pane, frame, tickets, context);
}

fn heading<'a>(text: String, focused: bool, context: &Context<'_>) -> Line<'a> {
    let role = if focused { Role::Title } else { Role::Dim };
    let mark = if focused { "▸ " } else { "  " };
    Line::styled(format!("{mark}{text}"), context.theme.style(role))
}

fn draw_people(pane: &AssignmentPane, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
    let (locale, theme) = (context.locale, context.theme);
    let (top, body) = paint::take_top(area, 1);
    let grouping = if pane.grouping == Grouping::Queue { "assignment-by-queue" } else { "assignment-by-tier" };
    let title = format!("{} · {}", locale.text("assignment-on-duty"), locale.text(grouping));
    paint::lines(frame, top, [heading(title, pane.focus == Focus::People, context)]);
    if pane.roll.is_empty() {
        let key = if pane.known { "assignment-no-queues" } else { "duty-loading" };
        paint::lines(frame, body, [Line::styled(format!("  {}", locale.text(key)), theme.style(Role::Dim))]);
        return;
    }
    let selected = roll_selected(pane);
    let shown = roll_shown(pane, body.height);
    let cells = usize::from(body.width);
    let lines = shown.filter_map(|index| pane.roll.get(index).map(|row| (Some(index) == selected, row))).map(|(selected, row)| match row {
        Row::Heading(group, people) => group_line(*group, *people, context),
        Row::Nobody(queue, tier) => {
            let lead =
                context.directory.queues.get(queue).and_then(|queue| queue.lead).map(|lead| clean(&context.directory.person_name(lead)));
            let tier = tier.to_string();
            let text = lead.map_or_else(
                || locale.with("assignment-nobody", &[("tier", &tier)]),
                |lead| locale.with("assignment-nobody-lead", &[("tier", &tier), ("lead", &lead)]),
            );
            Line::styled(cut(&format!("  ! {text}"), cells), theme.style(Role::Danger))
        }
        Row::Person { person, until, .. } => person_line(*person, *until, selected, cells, context),
    });
    paint::lines(frame, body, lines);
}

fn group_line<'a>(group: Group, people: usize, context: &Context<'_>) -> Line<'a> {
    let name = match group {
        Group::Queue(queue) => context.directory.queues.get(&queue).map_or_else(|| queue.to_string(), |queue| clean(&queue.name)),
        Group::Tier(tier) => context.locale.with("assignment-tier", &[("tier", &tier.to_string())]),
    };
    Line::from(vec![
        Span::styled(format!(" {name}"), context.theme.style(Role::Accent)),
        Span::styled(format!(" ({people})"), context.theme.style(Role::Dim)),
    ])
}

fn person_line<'a>(id: PersonId, until: Timestamp, selected: bool, cells: usize, context: &Context<'_>) -> Line<'a> {
    let (locale, theme) = (context.locale, context.theme);
    let person = context.directory.people.get(&id);
    let name = clean(&context.directory.person_name(id));
    let state = context.agent_states.get(&id).map_or(Presence::Offline, |state| state.presence);
    let (open, capacity) = person.map_or((0, 0), |person| (eligible::open(person, context), person.capacity));
    let bar_role = match level(open, capacity) {
        Level::Free => Role::Good,
        Level::High => Role::Warning,
        Level::Full => Role::Danger,
    };
    let base = theme.style(if selected { Role::Selected } else { Role::Text });
    let marker = if selected { " >" } else { "  " };
    let tier = person.map_or_else(|| "T?".to_owned(), |person| format!("T{}", person.tier));
    let mut spans = vec![
        Span::styled(format!("{marker} {} ", fit(&name, if cells < 60 { 12 } else { 14 })), base),
        Span::styled(format!("{tier} "), base),
        Span::styled(
            format!("{} {} ", presence::mark(state), fit(&locale.text(presence::word(state)), 9)),
            theme.style(presence::role(state)),
        ),
        Span::styled(load_bar(open, capacity, 6), theme.style(bar_role)),
        Span::styled(fit(&format!(" {open}/{capacity}"), 7), base),
    ];
    let used: usize = spans.iter().map(|span| width(&span.content)).sum();
    let until = until_words(until, cells.saturating_sub(used), context);
    // Skills below each other, where there are any to be read.
    let column = if cells >= used + UNTIL + 12 { UNTIL } else { 0 };
    spans.push(Span::styled(format!("{} ", fit(&until, column.max(width(&until)))), theme.style(Role::Dim)));
    let used: usize = spans.iter().map(|span| width(&span.content)).sum();
    let skills = person.map_or_else(String::new, |person| {
        let skills: Vec<_> = person.skills.iter().map(|skill| format!("{} {}", clean(&skill.name), skill.level)).collect();
        skills.join(", ")
    });
    if cells > used {
        spans.push(Span::styled(cut(&skills, cells - used), theme.style(Role::Dim)));
    }
    Line::from(spans)
}

/// When a shift ends, in the longest words that fit: an end that is cut would be taken for another.
fn until_words(until: Timestamp, room: usize, context: &Context<'_>) -> String {
    let locale = context.locale;
    let weekday = times::weekday(locale, times::date_of(until, context.zone));
    let short = format!("{weekday} {}", times::clock(until, context.zone));
    let with = |time: &str| locale.with("assignment-until", &[("time", time)]);
    let today = times::date_of(until, context.zone) == times::date_of(context.now, context.zone);
    let words = if today { vec![with(&times::clock(until, context.zone))] } else { vec![with(&short), format!("→{short}")] };
    words.into_iter().find(|words| width(words) <= room).unwrap_or_default()
}

fn draw_tickets(pane: &AssignmentPane, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
    let locale = context.locale;
    let (top, body) = paint::take_top(area, 1);
    let focused = pane.focus == Focus::Tickets;
    match pane.layers.last() {
        None => {
            let total = pane.pool.window.as_ref().map_or(0, |window| window.total);
            paint::lines(frame, top, [heading(locale.count("assignment-pool", total), focused, context)]);
            ticket_list(&pane.pool, "assignment-pool-empty", true, frame, body, context);
        }
        Some(Layer::Holding(person)) => {
            let name = clean(&context.directory.person_name(*person));
            paint::lines(frame, top, [heading(locale.with("assignment-holding", &[("name", &name)]), focused, context)]);
            ticket_list(&pane.held, "assignment-holding-empty", false, frame, body, context);
        }
        Some(Layer::WhoNow(number)) => {
            let title = locale.with("assignment-who-now", &[("number", &number.to_string())]);
            paint::lines(frame, top, [heading(title, focused, context)]);
            let answer = pane.who_now.as_ref().filter(|(of, _)| of == number).map(|(_, answer)| answer);
            scrolled(pane, why::who_now(answer, usize::from(body.width), context), frame, body);
        }
        Some(Layer::Rebalance(queue)) => {
            let title = locale.with("assignment-rebalance-title", &[("queue", &words::queue(context.directory, *queue))]);
            paint::lines(frame, top, [heading(title, focused, context)]);
            paint::lines(frame, body, pane.moves.lines(usize::from(body.height), usize::from(body.width), context));
        }
        Some(Layer::Settings(queue)) => {
            let title = locale.with("assignment-settings-title", &[("queue", &words::queue(context.directory, *queue))]);
            paint::lines(frame, top, [heading(title, focused, context)]);
            let lines = pane.settings.as_ref().map(|form| form.lines(usize::from(body.width), context)).unwrap_or_default();
            paint::lines(frame, body, lines);
        }
        Some(Layer::Why(number)) => {
            let title = locale.with("assignment-why", &[("number", &number.to_string())]);
            paint::lines(frame, top, [heading(title, focused, context)]);
            let history = pane.history.as_ref().filter(|(of, _)| of == number).map(|(_, history)| history);
            scrolled(pane, why::lines(history, usize::from(body.width), context), frame, body);
        }
    }
}

fn scrolled(pane: &AssignmentPane, lines: Vec<Line<'_>>, frame: &mut Frame<'_>, body: Rect) {
    let rest = lines.len().saturating_sub(usize::from(body.height));
    pane.why_rest.set(rest);
    paint::lines(frame, body, lines.into_iter().skip(pane.why_top.min(rest)));
}

fn ticket_list(tickets: &TicketList, empty: &str, pool: bool, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
    if tickets.rows().is_empty() {
        // Tickets that were only counted are not read yet.
        let key = if tickets.window.as_ref().is_some_and(|window| window.total == 0) { empty } else { "duty-loading" };
        let text = format!("  {}", context.locale.text(key));
        paint::lines(frame, area, [Line::styled(cut(&text, usize::from(area.width)), context.theme.style(Role::Dim))]);
        return;
    }
    let selected = tickets.index();
    let shown = list::page(tickets.rows().len(), selected.unwrap_or(0), usize::from(area.height));
    let rows = shown.filter_map(|index| tickets.rows().get(index).map(|ticket| (Some(index) == selected, ticket)));
    let cells = usize::from(area.width);
    paint::lines(frame, area, rows.map(|(selected, ticket)| ticket_line(ticket, selected, pool, cells, context)));
}

fn ticket_line<'a>(ticket: &Ticket, selected: bool, pool: bool, cells: usize, context: &Context<'_>) -> Line<'a> {
    let (locale, theme) = (context.locale, context.theme);
    let base = theme.style(if selected { Role::Selected } else { Role::Text });
    let (word, role) = priority(ticket.priority);
    let due = ticket.due_at.map(|due| (due - context.now).num_seconds());
    let due_role = match due {
        Some(left) if left < 0 => Role::Danger,
        Some(left) if left < crate::client::view::BREACHING_SECS => Role::Warning,
        _ => Role::Text,
    };
    let since = if pool { ticket.created_at } else { ticket.assigned_at.unwrap_or(ticket.created_at) };
    let waited = locale.span((context.now - since).num_seconds());
    let mut spans = vec![
        Span::styled(fit(&format!("{}#{}", if selected { ">" } else { " " }, ticket.number), 8), base),
        Span::styled(fit(&locale.text(word), 5), theme.style(role)),
        Span::styled(fit(&due.map_or_else(|| "-".to_owned(), |left| locale.span(left)), 7), theme.style(due_role)),
        Span::styled(fit(&waited, 6), theme.style(Role::Dim)),
    ];
    if cells >= 78 {
        let queue = context.directory.queues.get(&ticket.queue).map_or_else(String::new, |queue| clean(&queue.name));
        spans.push(Span::styled(fit(&queue, 12) + " ", theme.style(Role::Dim)));
    }
    let used: usize = spans.iter().map(|span| width(&span.content)).sum();
    let accept = ticket.accept_by.filter(|_| !pool).map(|by| {
        let left = (by - context.now).num_seconds().max(0);
        locale.with("assignment-accept-within", &[("span", &locale.span(left))])
    });
    let waits = accept.is_some();
    let reason = accept.unwrap_or_else(|| if pool { locale.text(wait_words(ticket.waits)).into_owned() } else { String::new() });
    let reason_cells = if (pool || waits) && cells >= used + 30 { 17 } else { 0 };
    let subject = fit(&clean(&ticket.subject), cells.saturating_sub(used + reason_cells + usize::from(reason_cells > 0)));
    spans.push(Span::styled(subject, base));
    if reason_cells > 0 {
        let role =
            if matches!(ticket.waits, Some(WaitReason::NobodyOnDuty | WaitReason::NobodyPresent)) { Role::Danger } else { Role::Warning };
        spans.push(Span::styled(format!(" {}", cut(&reason, reason_cells)), theme.style(role)));
    }
    Line::from(spans)
}

fn priority(priority: Priority) -> (&'static str, Role) {
    match priority {
        Priority::Urgent => ("duty-priority-urgent", Role::PriorityUrgent),
        Priority::High => ("duty-priority-high", Role::PriorityHigh),
        Priority::Normal => ("duty-priority-normal", Role::Text),
        Priority::Low => ("duty-priority-low", Role::Dim),
    }
}

/// Message key of why a ticket waits.
#[must_use]
pub fn wait_words(waits: Option<WaitReason>) -> &'static str {
    match waits {
        None => "assignment-waits-untried",
        Some(WaitReason::Manual) => "assignment-waits-manual",
        Some(WaitReason::NobodyOnDuty) => "assignment-waits-nobody-on-duty",
        Some(WaitReason::NobodyPresent) => "assignment-waits-nobody-present",
        Some(WaitReason::AllAtCapacity) => "assignment-waits-all-at-capacity",
        Some(WaitReason::NobodySkilled) => "assignment-waits-nobody-skilled",
    }
}
