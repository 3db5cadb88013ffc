//! The briefing: one page for whoever joins. The desk makes it; without the link, what this console knows of the ticket stands in.

use std::sync::Arc;

use ratatui::text::{Line, Span};

use crate::base::text;
use crate::client::view::TicketDetail;
use crate::console::pane::Context;
use crate::console::panes::presence;
use crate::console::theme::Role;
use crate::console::{audit_words, call_words, words};
use crate::domain::Timestamp;
use crate::domain::briefing::{Briefing, Likeness, Present, Similar, TicketLine, TimelineLine, TimelineWhat, Tried, TriedIn};
use crate::domain::conversation::{Author, Visibility};
use crate::domain::escalation::Escalation;
use crate::domain::sla::Clock;

/// The page, or why it did not come.
pub type Answer = Result<Arc<Briefing>, String>;

/// Lines being gathered, at most so wide.
struct Page<'a> {
    lines: Vec<Line<'static>>,
    width: usize,
    context: &'a Context<'a>,
}

impl Page<'_> {
    fn heading(&mut self, key: &str) {
        if !self.lines.is_empty() {
            self.lines.push(Line::default());
        }
        self.lines.push(Line::styled(self.context.locale.text(key).into_owned(), self.context.theme.style(Role::Title)));
    }

    /// A part of the page, left out where there is nothing to say.
    fn part(&mut self, key: &str, rows: Vec<(Role, String)>) {
        if rows.iter().all(|(_, row)| row.trim().is_empty()) {
            return;
        }
        self.heading(key);
        for (role, row) in rows {
            self.say(role, &row);
        }
    }

    /// Clean lines under a heading; what goes on stands deeper.
    fn say(&mut self, role: Role, said: &str) {
        let style = self.context.theme.style(role);
        let wrapped = text::wrap(&text::clean_lines(said), self.width.saturating_sub(4).max(1));
        for (index, line) in wrapped.into_iter().enumerate() {
            let indent = if index == 0 { "  " } else { "    " };
            self.lines.push(Line::from(vec![Span::raw(indent), Span::styled(line, style)]));
        }
    }

    fn when(&self, at: Timestamp) -> String {
        self.context.instant(at)
    }
}

/// The page's lines.
pub fn lines(detail: &TicketDetail, answer: Option<&Answer>, width: usize, context: &Context<'_>) -> Vec<Line<'static>> {
    let mut page = Page { lines: Vec::new(), width, context };
    match answer {
        Some(Ok(briefing)) => made(&mut page, briefing),
        Some(Err(why)) => {
            let said = context.locale.with("brief-offline", &[("why", &text::clean(why))]);
            page.say(Role::Warning, &said);
            known(&mut page, detail);
        }
        None => page.lines.push(Line::styled(context.locale.text("brief-loading").into_owned(), context.theme.style(Role::Dim))),
    }
    page.lines
}

/// Made by the desk.
fn made(page: &mut Page<'_>, briefing: &Briefing) {
    let context = page.context;
    page.part("brief-opening", vec![(Role::Text, briefing.opening.clone())]);
    let calls = briefing.calls.iter().map(|call| call_row(call, context)).collect();
    page.part("brief-calls", calls);
    let tried = briefing.tried.iter().map(|one| tried_row(page, one)).collect();
    page.part("brief-tried", tried);
    page.part("brief-clocks", clock_rows(&briefing.clocks, context));
    page.part("brief-people", briefing.people.iter().map(|one| person_row(one, context)).collect());
    page.part("brief-requester", requester_rows(briefing, context));
    let history = briefing.requester_tickets.iter().map(|one| (Role::Text, ticket_line(page, one))).collect();
    page.part("brief-requester-tickets", history);
    let site = briefing.site.as_ref().map(|site| {
        let (code, name, region) = (text::clean(&site.code), text::clean(&site.name), text::clean(&site.region));
        vec![(Role::Text, format!("{code}  {name}  {region}"))]
    });
    page.part("brief-site", site.unwrap_or_default());
    let history = briefing.site_tickets.iter().map(|one| (Role::Text, ticket_line(page, one))).collect();
    page.part("brief-site-tickets", history);
    let mut timeline: Vec<_> = briefing.timeline.iter().map(|one| timeline_row(page, one)).collect();
    if briefing.timeline_left_out > 0 {
        timeline.push((Role::Dim, context.locale.count("brief-left-out", briefing.timeline_left_out)));
    }
    page.part("brief-timeline", timeline);
    let fields = briefing.fields.iter().map(|(name, value)| (Role::Text, format!("{name}: {}", audit_words::value(context, "", value))));
    let tags = (!briefing.tags.is_empty()).then(|| (Role::Dim, briefing.tags.join(", ")));
    page.part("brief-fields", fields.chain(tags).collect());
    let files = briefing.attachments.iter().map(|one| {
        let at = page.when(one.at);
        (Role::Accent, format!("{at}  {}  {}  {} B", one.attachment.name, one.attachment.media_type, one.attachment.size))
    });
    let files = files.collect();
    page.part("brief-attachments", files);
    let similar = briefing.similar.iter().flat_map(|one| similar_rows(page, one)).collect();
    page.part("brief-similar", similar);
    let made_at = page.when(briefing.at);
    let said = context.locale.with("brief-made", &[("at", &made_at)]);
    page.lines.push(Line::default());
    page.say(Role::Dim, &said);
}

/// From the cache alone.
fn known(page: &mut Page<'_>, detail: &TicketDetail) {
    let context = page.context;
    let ticket = &detail.ticket;
    let asked = detail.messages.iter().find(|message| matches!(message.author, Author::Requester { .. }));
    page.part("brief-opening", asked.map(|message| (Role::Text, message.text.clone())).into_iter().collect());
    page.part("brief-calls", detail.escalations.iter().map(|call| call_row(call, context)).collect());
    let tried = detail.escalations.iter().filter(|call| !call.tried.is_empty()).map(|call| (Role::Text, call.tried.clone()));
    let notes = detail
        .messages
        .iter()
        .filter(|message| matches!(message.author, Author::Person { .. }) && message.visibility != Visibility::Public);
    let notes: Vec<_> = notes.map(|message| (Role::Internal, message.text.clone())).collect();
    let last = notes.len().saturating_sub(6);
    let tried = tried.chain(notes.into_iter().skip(last)).collect();
    page.part("brief-tried", tried);
    page.part("brief-clocks", clock_rows(&ticket.clocks, context));
    let people = ticket.assignee.into_iter().chain(ticket.participants.iter().copied());
    page.part("brief-people", people.map(|id| (Role::Text, words::person(context.directory, id))).collect());
    let site = ticket.requester.site.as_ref().map(|site| format!("  {} {} {}", site.code, site.name, site.region)).unwrap_or_default();
    page.part("brief-requester", vec![(Role::Requester, format!("{}{site}", ticket.requester.name))]);
    let fields = ticket.fields.iter().map(|(name, value)| (Role::Text, format!("{name}: {}", audit_words::value(context, "", value))));
    page.part("brief-fields", fields.collect());
}

fn call_row(call: &Escalation, context: &Context<'_>) -> (Role, String) {
    let why = call_words::why(call, context.locale);
    (call_words::role(call.state), format!("{} {} · {why}", call_words::glyph(call.state), call_words::line(call, context)))
}

fn tried_row(page: &Page<'_>, one: &Tried) -> (Role, String) {
    let locale = page.context.locale;
    let within = match one.within {
        TriedIn::Call => locale.text("brief-tried-call").into_owned(),
        TriedIn::Verdict { result: Some(result) } => locale.text(call_words::verdict(result)).into_owned(),
        TriedIn::Verdict { result: None } => locale.text("call-field-verdict").into_owned(),
        TriedIn::Declined => locale.text("escalation-declined").into_owned(),
        TriedIn::Note { .. } => locale.text("message-internal").into_owned(),
    };
    (Role::Text, format!("{} {} ({within}): {}", page.when(one.at), text::clean(&one.name), one.text))
}

fn clock_rows(clocks: &[Clock], context: &Context<'_>) -> Vec<(Role, String)> {
    let row = |clock: &Clock| {
        let (state, role) = words::clock_state(context.locale, clock, context.now);
        (role, format!("{}  {state}", context.locale.text(words::clock(clock.kind))))
    };
    clocks.iter().map(row).collect()
}

fn person_row(one: &Present, context: &Context<'_>) -> (Role, String) {
    let state = context.locale.text(words::presence(one.presence));
    let call =
        one.call.map(|call| format!("  {} {}", call_words::glyph(call), context.locale.text(words::escalation(call)))).unwrap_or_default();
    let duty = if one.on_duty { String::new() } else { format!("  {}", context.locale.text("call-off-duty")) };
    let (name, handle) = (text::clean(&one.name), text::clean(&one.handle));
    (presence::role(one.presence), format!("{} {name} ({handle}) T{}  {state}{duty}{call}", presence::mark(one.presence), one.tier))
}

fn requester_rows(briefing: &Briefing, context: &Context<'_>) -> Vec<(Role, String)> {
    let mut rows = vec![(Role::Requester, briefing.requester_name.clone())];
    if let Some(requester) = &briefing.requester {
        let reach = [&requester.email, &requester.phone].into_iter().flatten().cloned().collect::<Vec<_>>().join("  ");
        rows.push((Role::Dim, format!("{}  {reach}", audit_words::requester_class(context, &requester.class))));
    }
    rows
}

fn ticket_line(page: &Page<'_>, one: &TicketLine) -> String {
    let status = page.context.locale.text(words::status(one.status));
    format!("#{} {} {status}  {}", one.number, page.when(one.created_at), text::clean(&one.subject))
}

fn timeline_row(page: &Page<'_>, one: &TimelineLine) -> (Role, String) {
    let (mark, role) = match one.what {
        TimelineWhat::Asked => ("<", Role::Requester),
        TimelineWhat::Replied => (">", Role::Public),
        TimelineWhat::Noted => ("#", Role::Internal),
        TimelineWhat::Escalation => ("^", Role::Accent),
        TimelineWhat::Sla => ("!", Role::Warning),
        TimelineWhat::Assigned | TimelineWhat::Status | TimelineWhat::Priority | TimelineWhat::Queue | TimelineWhat::Merged => {
            ("-", Role::System)
        }
    };
    (role, format!("{mark} {} {}: {}", page.when(one.at), text::clean(&one.who), one.text))
}

fn similar_rows(page: &Page<'_>, one: &Similar) -> Vec<(Role, String)> {
    let why = one.why.iter().map(|why| match why {
        Likeness::Words { words } => words.join(" "),
        Likeness::Tags { tags } => tags.join(" "),
        Likeness::SameSite => page.context.locale.text("brief-site").into_owned(),
        Likeness::SameKind => page.context.locale.text("detail-kind").into_owned(),
        Likeness::SameQueue => page.context.locale.text("brief-queue").into_owned(),
        Likeness::SameRequester => page.context.locale.text("brief-requester").into_owned(),
    });
    let why = why.collect::<Vec<_>>().join(", ");
    let mut rows = vec![(Role::Text, format!("{}%  {}  ({why})", one.score, ticket_line(page, &one.ticket)))];
    rows.extend(one.solution.as_ref().map(|solution| (Role::Good, format!("= {solution}"))));
    rows
}
