//! The clocks of a ticket: what each promises, how it stands, and the ledger by which its due time can be reckoned.

use std::sync::Arc;

use ratatui::text::{Line, Span};

use crate::base::text;
use crate::console::pane::Context;
use crate::console::panes::times;
use crate::console::theme::Role;
use crate::console::words;
use crate::domain::Timestamp;
use crate::domain::sla::intervals::ClockRecord;
use crate::domain::sla::ledger::{ClockCause, ClockEvent, ClockEventKind};
use crate::domain::sla::{Clock, ClockKind};
use crate::domain::ticket::Ticket;

/// The ledger as the server answered, or why it did not.
pub type Answer = Result<Arc<ClockRecord>, String>;

/// From here on what happened and why stand in one line.
const WIDE: usize = 72;

/// The tab's lines.
pub fn lines(ticket: &Ticket, ledger: Option<&Answer>, width: usize, context: &Context<'_>) -> Vec<Line<'static>> {
    let (locale, theme) = (context.locale, context.theme);
    let dim = |text: String| Line::styled(text::cut(&text, width), theme.style(Role::Dim));
    if ticket.clocks.is_empty() {
        return vec![dim(locale.text("clocks-none").into_owned())];
    }
    let mut lines = Vec::new();
    for clock in &ticket.clocks {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.extend(head(clock, ticket, ledger, width, context));
        if let Some(Ok(record)) = ledger {
            lines.extend(spans(record, clock.kind).iter().flat_map(|span| span_lines(span, width, context)));
        }
    }
    match ledger {
        None => lines.push(dim(locale.text("clocks-ledger-loading").into_owned())),
        Some(Err(why)) => lines.push(Line::styled(
            text::cut(&locale.with("clocks-ledger-failed", &[("why", &text::clean(why))]), width),
            theme.style(Role::Warning),
        )),
        Some(Ok(record)) if record.events.is_empty() => lines.push(dim(locale.text("clocks-ledger-empty").into_owned())),
        Some(Ok(_)) => {}
    }
    lines.push(dim(locale.with("clocks-zone", &[("zone", &times::zone(context.now, context.zone))])));
    lines
}

fn head(clock: &Clock, ticket: &Ticket, ledger: Option<&Answer>, width: usize, context: &Context<'_>) -> Vec<Line<'static>> {
    let (locale, theme) = (context.locale, context.theme);
    let instant = |at| context.instant(at);
    let (state, role) = state(clock, context);
    let mut title = vec![
        Span::styled(text::fit(&locale.text(words::clock(clock.kind)), 16), theme.style(Role::Title)),
        Span::styled(state, theme.style(role)),
    ];
    let due = match clock.stopped_at {
        Some(at) => locale.with("clocks-stopped", &[("at", &instant(at)), ("due", &instant(clock.due_at))]),
        None => locale.with("clocks-due", &[("due", &instant(clock.due_at))]),
    };
    let calendar = calendar(clock.kind, ticket, ledger, context);
    let target = words_of_secs(context, clock.target_secs);
    let promise = locale.with("clocks-target", &[("target", &target), ("calendar", &calendar)]);
    let mut fired: Vec<String> = Vec::new();
    if let Some(at) = clock.warned_at {
        fired.push(locale.with("clocks-warned", &[("at", &instant(at))]));
    }
    if let Some(at) = clock.breached_at {
        fired.push(locale.with("clocks-breached", &[("at", &instant(at))]));
    }
    fired.extend(clock.steps.iter().map(|step| {
        let (key, at) = step.fired_at.map_or(("clocks-step-ahead", step.at), |at| ("clocks-step-fired", at));
        locale.with(key, &[("step", &text::clean(&step.key)), ("at", &instant(at))])
    }));
    if clock.warned_at.is_none() && clock.is_running() {
        fired.insert(0, locale.with("clocks-warns", &[("at", &instant(clock.warn_at))]));
    }
    let used: usize = title.iter().map(|span| text::width(&span.content)).sum();
    let mut lines = Vec::new();
    if used + 2 + text::width(&due) <= width {
        title.push(Span::raw(format!("  {due}")));
        lines.push(Line::from(title));
    } else {
        lines.push(Line::from(title));
        lines.push(Line::raw(text::cut(&format!("  {due}"), width)));
    }
    let items: Vec<String> = std::iter::once(promise).chain(fired).collect();
    lines.extend(flow(&items, width.saturating_sub(2)).into_iter().map(|line| Line::styled(format!("  {line}"), theme.style(Role::Dim))));
    lines
}

/// Items side by side, as many as a line takes; one is broken only where it is wider than a line by itself.
fn flow(items: &[String], cells: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for item in items {
        match lines.last_mut().filter(|line| text::width(line) + 3 + text::width(item) <= cells) {
            Some(line) => line.push_str(&format!(" · {item}")),
            None => lines.extend(text::wrap(item, cells)),
        }
    }
    lines
}

/// How it stands in words: what is left or overdue, paused, met or missed.
fn state(clock: &Clock, context: &Context<'_>) -> (String, Role) {
    let locale = context.locale;
    if clock.is_running() {
        let left = (clock.due_at - context.now).num_seconds();
        let role = words::countdown(locale, clock.due_at, context.now).1;
        let span = if left.abs() < 60 { locale.text("span-soon").into_owned() } else { locale.span(left.abs()) };
        let key = if left < 0 { "clocks-overdue" } else { "clocks-remaining" };
        return (locale.with(key, &[("span", &span)]), role);
    }
    words::clock_state(locale, clock, context.now)
}

/// The calendar in which the target counts: as the ledger last said, else the queue's.
fn calendar(kind: ClockKind, ticket: &Ticket, ledger: Option<&Answer>, context: &Context<'_>) -> String {
    let directory = context.directory;
    let last = ledger.and_then(|ledger| ledger.as_ref().ok()?.events.iter().rfind(|event| event.clock == kind));
    let found = match last {
        Some(event) => {
            let named = |key: &String| directory.calendars.values().find(|calendar| calendar.key == *key).map(|calendar| &calendar.name);
            event.calendar.as_ref().map(|key| named(key).unwrap_or(key))
        }
        None => {
            let id = directory.queues.get(&ticket.queue).and_then(|queue| queue.sla.calendar);
            id.and_then(|id| directory.calendars.get(&id)).map(|calendar| &calendar.name)
        }
    };
    found.map_or_else(|| context.locale.text("clocks-around").into_owned(), |name| text::clean(name))
}

/// `45m`, `8h00`, `2d`; exact, unlike a countdown.
fn words_of_secs(context: &Context<'_>, secs: i64) -> String {
    if secs >= 86_400 && secs % 86_400 != 0 {
        context.locale.with("clocks-hours", &[("hours", &(secs / 3600).to_string()), ("minutes", &format!("{:02}", secs % 3600 / 60))])
    } else {
        context.locale.span(secs)
    }
}

/// How a clock stood between two entries of its ledger, or something that happened in an instant.
#[derive(Clone, Copy, Debug)]
struct Stretch<'a> {
    from: Timestamp,
    /// Absent while it goes on; the same instant for what takes no time.
    to: Option<Timestamp>,
    event: &'a ClockEvent,
    /// What the clock does since then.
    doing: Doing,
    /// Calendar time that had run at the end of it, or by now.
    spent_ms: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    Running,
    Paused,
    Stopped,
    /// Nothing new: a step fired.
    Instant,
}

/// The ledger of one clock as spans. A new plan ends a span and begins another in the same state.
fn spans(record: &ClockRecord, kind: ClockKind) -> Vec<Stretch<'_>> {
    let mut spans: Vec<Stretch<'_>> = Vec::new();
    let mut doing = Doing::Running;
    for event in record.events.iter().filter(|event| event.clock == kind) {
        let now = match event.event {
            ClockEventKind::Started | ClockEventKind::Resumed | ClockEventKind::Reopened => Doing::Running,
            ClockEventKind::Paused => Doing::Paused,
            ClockEventKind::Stopped | ClockEventKind::Dropped => Doing::Stopped,
            ClockEventKind::Replanned => doing,
            ClockEventKind::Fired { .. } => {
                spans.push(Stretch { from: event.at, to: Some(event.at), event, doing: Doing::Instant, spent_ms: event.spent_ms });
                continue;
            }
        };
        if let Some(open) = spans.iter_mut().rfind(|span| span.to.is_none()) {
            (open.to, open.spent_ms) = (Some(event.at), event.spent_ms);
        }
        let to = (now == Doing::Stopped).then_some(event.at);
        spans.push(Stretch { from: event.at, to, event, doing: now, spent_ms: event.spent_ms });
        doing = now;
    }
    // The ledger has nothing yet on what goes on: the server reckons it by the calendar.
    let lasting = record.intervals.iter().rfind(|interval| interval.clock == kind && interval.to.is_none());
    if let (Some(open), Some(lasting)) = (spans.iter_mut().rfind(|span| span.to.is_none()), lasting) {
        open.spent_ms = lasting.spent_ms;
    }
    spans
}

fn span_lines(span: &Stretch<'_>, width: usize, context: &Context<'_>) -> Vec<Line<'static>> {
    let (locale, theme) = (context.locale, context.theme);
    let instant = |at| context.instant(at);
    let when = match span.to {
        Some(to) if to == span.from => instant(span.from),
        Some(to) => format!("{} - {}", instant(span.from), instant(to)),
        None => locale.with("clocks-since", &[("from", &instant(span.from))]),
    };
    let (word, role) = match (span.doing, &span.event.event) {
        (Doing::Instant, _) => ("clocks-fired", Role::Warning),
        (_, ClockEventKind::Dropped) => ("clocks-dropped", Role::Dim),
        (Doing::Stopped, _) => ("clocks-stopped-word", Role::Good),
        (Doing::Running, _) => ("clocks-running", Role::Text),
        (Doing::Paused, _) => ("clock-paused", Role::Dim),
    };
    let spent = locale.with("clocks-spent", &[("span", &locale.span(span.spent_ms / 1000))]);
    let why = why(span.event, context);
    let lead = vec![
        Span::raw(format!("  {} ", text::fit(&when, 25))),
        Span::styled(text::fit(&locale.text(word), 9), theme.style(role)),
        Span::styled(text::fit(&spent, 14), theme.style(Role::Dim)),
    ];
    let used: usize = lead.iter().map(|span| text::width(&span.content)).sum();
    let mut lead = lead;
    if width >= WIDE && used + text::width(&why) <= width {
        lead.push(Span::raw(why));
        return vec![Line::from(lead)];
    }
    let more = text::wrap(&why, width.saturating_sub(4)).into_iter().filter(|line| !line.is_empty());
    let more = more.map(|line| Line::styled(format!("    {line}"), theme.style(Role::Dim)));
    std::iter::once(Line::from(lead)).chain(more).collect()
}

/// Why, and what it changed.
fn why(event: &ClockEvent, context: &Context<'_>) -> String {
    let locale = context.locale;
    let cause = match &event.cause {
        ClockCause::Arrived => locale.text("clock-cause-arrived").into_owned(),
        ClockCause::Imported => locale.text("clock-cause-imported").into_owned(),
        ClockCause::Asked => locale.text("clock-cause-asked").into_owned(),
        ClockCause::Answered => locale.text("clock-cause-answered").into_owned(),
        ClockCause::Status { status } => locale.with("clock-cause-status", &[("status", &locale.text(words::status(*status)))]),
        ClockCause::Priority { priority } => locale.with("clock-cause-priority", &[("priority", &locale.text(words::priority(*priority)))]),
        ClockCause::Moved { queue } => locale.with("clock-cause-moved", &[("queue", &words::queue(context.directory, *queue))]),
        ClockCause::Merged => locale.text("clock-cause-merged").into_owned(),
        ClockCause::Policy => locale.text("clock-cause-policy").into_owned(),
        ClockCause::Time => String::new(),
    };
    match &event.event {
        ClockEventKind::Fired { step, late_ms, .. } => {
            let step = match step.as_str() {
                "warning" => locale.text("clocks-step-warning").into_owned(),
                "breach" => locale.text("clocks-step-breach").into_owned(),
                other => text::clean(other),
            };
            let late = late_ms / 1000;
            if late > 0 { locale.with("clocks-fired-late", &[("step", &step), ("span", &locale.span(late))]) } else { step }
        }
        ClockEventKind::Replanned => {
            let due = context.instant(event.due_at);
            locale.with("clocks-replanned", &[("why", &cause), ("target", &words_of_secs(context, event.target_secs)), ("due", &due)])
        }
        _ => cause,
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::console::locale::Language;
    use crate::console::panes::sample::{Sample, clock, now, ticket};
    use crate::domain::directory::Directory;
    use crate::domain::id::TicketNumber;
    use crate::domain::sla::ClockStep;
    use crate::domain::sla::intervals::intervals;
    use crate::domain::ticket::{Priority, Status};

    fn event(minutes: i64, event: ClockEventKind, cause: ClockCause, spent: i64) -> ClockEvent {
        ClockEvent {
            ticket: TicketNumber(1001),
            clock: ClockKind::Resolution,
            at: now() + TimeDelta::minutes(minutes),
            event,
            cause,
            target_secs: 4 * 3600,
            spent_ms: spent * 60_000,
            due_at: now() + TimeDelta::minutes(90),
            calendar: None,
        }
    }

    fn ledger() -> ClockRecord {
        let fired = ClockEventKind::Fired { step: "warning".into(), due_at: now(), late_ms: 4_200 };
        let events = vec![
            event(-1500, ClockEventKind::Started, ClockCause::Arrived, 0),
            event(-1440, ClockEventKind::Paused, ClockCause::Status { status: Status::Pending }, 60),
            event(-120, ClockEventKind::Resumed, ClockCause::Asked, 60),
            event(-60, ClockEventKind::Replanned, ClockCause::Priority { priority: Priority::Urgent }, 120),
            event(-10, fired, ClockCause::Time, 170),
        ];
        let intervals = intervals(&events, &Directory::default(), now());
        ClockRecord { clocks: Vec::new(), events, intervals }
    }

    fn shown(language: Language, width: usize, ledger: Option<&Answer>) -> String {
        let sample = Sample::new(language);
        let mut one = (*ticket(1001, 1, "Pump", Priority::High, None)).clone();
        let mut first = clock(ClockKind::FirstResponse, 1800, now() - TimeDelta::minutes(1500));
        first.stopped_at = Some(now() - TimeDelta::minutes(1490));
        let mut next = clock(ClockKind::NextResponse, 3600, now() - TimeDelta::minutes(75));
        (next.warned_at, next.breached_at) = (Some(now() - TimeDelta::minutes(27)), Some(now() - TimeDelta::minutes(15)));
        let mut last = clock(ClockKind::Resolution, 4 * 3600, now() - TimeDelta::minutes(150));
        last.steps = vec![
            ClockStep { key: "call the\u{1b}[2J lead".into(), at: now() + TimeDelta::minutes(30), fired_at: None },
            ClockStep { key: "half".into(), at: now() - TimeDelta::minutes(30), fired_at: Some(now() - TimeDelta::minutes(30)) },
        ];
        one.clocks = vec![first, next, last];
        let lines = lines(&one, ledger, width, &sample.context());
        assert!(lines.iter().all(|line| !line.to_string().contains('\u{1b}')));
        lines.iter().map(|line| format!("{}\n", line.to_string().trim_end())).collect()
    }

    #[test]
    fn clocks_and_their_ledger_are_told() {
        for language in Language::ALL {
            for width in [54, 80, 120] {
                insta::assert_snapshot!(
                    format!("clocks-{}-{width}", language.tag()),
                    shown(language, width, Some(&Ok(Arc::new(ledger()))))
                );
            }
        }
    }

    #[test]
    fn without_a_ledger_the_clocks_stand_alone() {
        let without = shown(Language::English, 80, Some(&Err("no link\u{1b}".into())));
        assert!(without.contains("First response") && without.contains("no link"), "{without}");
        assert!(shown(Language::English, 80, None).contains("being read"));
        for width in 0..40 {
            shown(Language::Chinese, width, Some(&Ok(Arc::new(ledger()))));
        }
    }

    #[test]
    fn a_span_ends_where_the_next_begins() {
        let record = ledger();
        let spans = spans(&record, ClockKind::Resolution);
        let doing: Vec<_> = spans.iter().map(|span| (span.doing, span.spent_ms / 60_000)).collect();
        let expected = [(Doing::Running, 60), (Doing::Paused, 60), (Doing::Running, 120), (Doing::Running, 180), (Doing::Instant, 170)];
        assert_eq!(doing, expected);
        assert_eq!(spans.iter().filter(|span| span.to.is_none()).count(), 1, "one goes on");
        assert!(super::spans(&record, ClockKind::FirstResponse).is_empty());
    }
}
