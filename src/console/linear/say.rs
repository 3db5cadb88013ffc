//! Tickets, messages and shifts as sentences. No signs that a screen reader would spell out.

use super::super::conversation::look;
use super::super::locale::Locale;
use super::super::pane::Context;
use super::super::panes::duty;
use super::super::words;
use crate::base::text::clean;
use crate::client::view::TicketDetail;
use crate::domain::Timestamp;
use crate::domain::conversation::Message;
use crate::domain::roster::Shift;
use crate::domain::ticket::Ticket;

/// A span as it is spoken: "7 minutes".
#[must_use]
pub fn span(locale: &Locale, seconds: i64) -> String {
    let seconds = seconds.abs();
    let (key, n) = match seconds {
        0..=5_399 => ("linear-minutes", (seconds + 30) / 60),
        5_400..=172_799 => ("linear-hours", (seconds + 1_800) / 3_600),
        _ => ("linear-days", seconds / 86_400),
    };
    locale.count(key, usize::try_from(n).unwrap_or(0))
}

fn due(locale: &Locale, due: Timestamp, now: Timestamp) -> String {
    let seconds = (due - now).num_seconds();
    let key = if seconds < 0 { "linear-overdue" } else { "linear-due" };
    locale.with(key, &[("span", &span(locale, seconds))])
}

/// "1042 Pump 4 does not start, urgent, open, due in 7 minutes, yours".
#[must_use]
pub fn ticket(ticket: &Ticket, context: &Context<'_>) -> String {
    let locale = context.locale;
    let holder = match ticket.assignee {
        Some(person) if person == context.me.id => locale.text("linear-yours").into_owned(),
        Some(person) => locale.with("linear-of", &[("name", &words::person(context.directory, person))]),
        None => locale.text("linear-nobodys").into_owned(),
    };
    let mut parts = vec![
        format!("{} {}", ticket.number, clean(&ticket.subject)),
        locale.text(words::priority(ticket.priority)).into_owned(),
        locale.text(words::status(ticket.status)).into_owned(),
    ];
    parts.extend(ticket.due_at.map(|at| due(locale, at, context.now)));
    parts.push(holder);
    parts.join(&*locale.text("linear-comma"))
}

/// The head of an open ticket, a line for each thing.
#[must_use]
pub fn head(detail: &TicketDetail, context: &Context<'_>) -> Vec<String> {
    let (one, locale) = (&detail.ticket, context.locale);
    let mut lines = vec![ticket(one, context)];
    let site = one.requester.site.as_ref().map(|site| clean(&site.name)).unwrap_or_default();
    let who = clean(&one.requester.name);
    lines.push(locale.with("linear-requester", &[("who", &who), ("site", &site), ("queue", &words::queue(context.directory, one.queue))]));
    if !one.tags.is_empty() {
        lines.push(locale.with("linear-tags", &[("tags", &clean(&one.tags.join(", ")))]));
    }
    lines.extend(one.waits.map(|waits| locale.text(words::waits(waits)).into_owned()));
    lines.extend(one.fields.iter().map(|(name, value)| format!("{}: {}", clean(name), clean(&value.to_string()))));
    lines
}

/// A message: who, who reads it, when; then its lines.
#[must_use]
pub fn message(message: &Message, context: &Context<'_>) -> Vec<String> {
    let locale = context.locale;
    let (_, visibility, _) = look::written(message.visibility);
    let at = context.instant(message.created_at);
    let visible = locale.text(visibility);
    let head = locale.with("linear-message", &[("who", &look::author(message, context)), ("visibility", &visible), ("at", &at)]);
    let said = if message.withheld { locale.text("linear-withheld").into_owned() } else { message.text.clone() };
    let mut lines: Vec<String> = crate::base::text::clean_lines(&said).lines().map(str::to_owned).collect();
    let first = if lines.is_empty() { String::new() } else { lines.remove(0) };
    let mut told = vec![format!("{head} {first}").trim_end().to_owned()];
    told.extend(lines);
    told.extend(message.attachments.iter().map(|file| locale.with("linear-file", &[("name", &clean(&file.name))])));
    told
}

fn shift(shift: &Shift, context: &Context<'_>) -> String {
    let rota = context.directory.rotas.get(&shift.rota).map(|rota| clean(&rota.name)).unwrap_or_default();
    let at = |at| context.instant(at);
    context.locale.with(
        "linear-shift",
        &[
            ("rota", &rota),
            ("who", &words::person(context.directory, shift.person)),
            ("from", &at(shift.from)),
            ("to", &at(shift.to)),
            ("code", &clean(&shift.code)),
        ],
    )
}

/// Who is on duty now.
#[must_use]
pub fn on_duty(context: &Context<'_>) -> Vec<String> {
    let mut lines: Vec<_> = duty::on_duty(context.directory, context.now).iter().map(|one| shift(one, context)).collect();
    if lines.is_empty() {
        lines.push(context.locale.text("linear-nobody-on-duty").into_owned());
    }
    lines
}

/// My shifts of the next two weeks, then gaps of the next week.
#[must_use]
pub fn shifts(context: &Context<'_>) -> Vec<String> {
    let (from, to) = (context.now, context.now + chrono::TimeDelta::days(14));
    let mut mine: Vec<_> = duty::rotas(context.directory)
        .into_iter()
        .flat_map(|rota| duty::shifts(context.directory, rota, from, to))
        .filter(|one| one.person == context.me.id)
        .collect();
    mine.sort_by_key(|one| one.from);
    let mut lines: Vec<_> = mine.iter().map(|one| shift(one, context)).collect();
    if lines.is_empty() {
        lines.push(context.locale.text("linear-no-shifts").into_owned());
    }
    let gaps = duty::all_gaps(context.directory, from, from + chrono::TimeDelta::days(7));
    lines.extend(gaps.iter().map(|gap| {
        let rota = context.directory.rotas.get(&gap.rota).map(|rota| clean(&rota.name)).unwrap_or_default();
        let at = |at| context.instant(at);
        context.locale.with("linear-gap", &[("rota", &rota), ("from", &at(gap.from)), ("to", &at(gap.to))])
    }));
    lines
}
