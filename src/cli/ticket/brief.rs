//! `dutydesk ticket brief`: one page for whoever joins a ticket.

use crate::cli::Global;
use crate::cli::error::CliError;
use crate::cli::names;
use crate::cli::words::{local, maybe_local, word_of};
use crate::domain::briefing::{Briefing, Likeness, Part, Present, Similar, TicketLine, TimelineLine, Tried, TriedIn};
use crate::domain::escalation::{Escalation, Verdict};
use crate::domain::id::TicketNumber;
use crate::domain::person::Person;
use crate::domain::queue::Queue;
use crate::domain::sla::Clock;

#[derive(Debug, clap::Args)]
pub struct Args {
    number: TicketNumber,
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    let page: Briefing = api.get(&format!("/api/v1/tickets/{}/briefing", args.number)).await?;
    if global.json {
        return global.out.json(&page);
    }
    let (queues, people) = (names::queues(&api).await?, names::people(&api).await?);
    global.out.line(&format!("#{} {}", page.ticket, page.subject))?;
    global.out.fields(&fields(&page, &queues))?;
    for (title, lines) in sections(&page, &people) {
        if lines.is_empty() {
            continue;
        }
        global.out.line("")?;
        global.out.line(title)?;
        for line in lines {
            global.out.line(&format!("  {line}"))?;
        }
    }
    Ok(())
}

fn fields(page: &Briefing, queues: &[Queue]) -> Vec<(&'static str, String)> {
    let own = page.fields.iter().map(|(name, value)| format!("{name}={}", value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
    let requester = page.requester.as_ref();
    let contact =
        requester.map(|one| [one.email.clone(), one.phone.clone(), one.language.clone()].into_iter().flatten().collect::<Vec<_>>());
    vec![
        ("status", word_of(&page.status)),
        ("priority", word_of(&page.priority)),
        ("kind", word_of(&page.kind)),
        ("queue", names::key_of(queues, page.queue)),
        ("tier", page.tier.to_string()),
        ("due", page.due_at.map(local).unwrap_or_default()),
        ("created", local(page.created_at)),
        ("requester", page.requester_name.clone()),
        ("contact", contact.unwrap_or_default().join(", ")),
        ("site", page.site.as_ref().map(|site| format!("{} {}, {}", site.code, site.name, site.region)).unwrap_or_default()),
        ("language", page.language.clone().unwrap_or_default()),
        ("tags", page.tags.join(", ")),
        ("fields", own.collect::<Vec<_>>().join(", ")),
        ("opening", page.opening.clone()),
    ]
}

fn sections(page: &Briefing, people: &[Person]) -> Vec<(&'static str, Vec<String>)> {
    let mut timeline: Vec<String> = page.timeline.iter().map(happened).collect();
    if page.timeline_left_out > 0 {
        timeline.push(format!("… and {} more: `dutydesk ticket audit {}`", page.timeline_left_out, page.ticket));
    }
    vec![
        ("In the conversation", page.people.iter().map(present).collect()),
        ("Calls", page.calls.iter().map(|call| called(call, people)).collect()),
        ("What was tried", page.tried.iter().map(tried).collect()),
        ("Clocks", page.clocks.iter().filter(|clock| clock.stopped_at.is_none()).map(clock).collect()),
        ("What happened", timeline),
        (
            "Attachments",
            page.attachments
                .iter()
                .map(|one| {
                    format!("{} ({}, {} bytes), message {}", one.attachment.name, one.attachment.media_type, one.attachment.size, one.seq)
                })
                .collect(),
        ),
        ("Similar solved tickets", page.similar.iter().flat_map(similar).collect()),
        ("Requester's other tickets", page.requester_tickets.iter().map(other).collect()),
        ("Others of the site", page.site_tickets.iter().map(other).collect()),
    ]
}

fn happened(line: &TimelineLine) -> String {
    format!("{}  {}  {}: {}", local(line.at), word_of(&line.what), line.who, line.text)
}

fn present(one: &Present) -> String {
    let part = match one.part {
        Part::Expert => one.call.map_or_else(|| word_of(&one.part), |call| format!("expert, {}", word_of(&call))),
        part => word_of(&part),
    };
    let duty = if one.on_duty { "on duty" } else { "off duty" };
    format!("@{} {} ({part}, tier {}, {}, {duty})", one.handle, one.name, one.tier, word_of(&one.presence))
}

fn called(call: &Escalation, people: &[Person]) -> String {
    let words = call.verdict.as_deref().unwrap_or(&call.reason);
    let result = call.result.map(|result| format!(" {}", result.words())).unwrap_or_default();
    let handle = names::handle_of(people, call.expert);
    format!(
        "{}  @{handle} {}{result} ({}, by @{}): {words}",
        local(call.asked_at),
        word_of(&call.state),
        word_of(&call.code),
        names::handle_of(people, call.asked_by)
    )
}

fn tried(one: &Tried) -> String {
    let within = match one.within {
        TriedIn::Call => "before calling".to_owned(),
        TriedIn::Verdict { result } => result.map_or("verdict", Verdict::words).to_owned(),
        TriedIn::Declined => "declined".to_owned(),
        TriedIn::Note { seq } => format!("note {seq}"),
    };
    format!("{}  {} ({within}): {}", local(one.at), one.name, one.text)
}

fn clock(clock: &Clock) -> String {
    let paused = if clock.paused_at.is_some() { ", paused" } else { "" };
    let breached = if clock.breached_at.is_some() { ", breached" } else { "" };
    format!("{} due {}{paused}{breached}", word_of(&clock.kind), local(clock.due_at))
}

fn similar(one: &Similar) -> Vec<String> {
    let why = one.why.iter().map(|likeness| match likeness {
        Likeness::Words { words } => format!("words {}", words.join(" ")),
        Likeness::Tags { tags } => format!("tags {}", tags.join(" ")),
        other => word_of(other).replace('_', " "),
    });
    let mut lines = vec![format!("{}  [{}] {}", other(&one.ticket), one.score, why.collect::<Vec<_>>().join(", "))];
    lines.extend(one.solution.iter().map(|solution| format!("    {solution}")));
    lines
}

fn other(ticket: &TicketLine) -> String {
    format!("#{} {} {}  {}", ticket.number, maybe_local(Some(ticket.created_at)), word_of(&ticket.status), ticket.subject)
}
