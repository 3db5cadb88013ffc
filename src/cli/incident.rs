//! `dutydesk incident`: major incidents, and what is told to the requesters of all their tickets.

use clap::Subcommand;
use reqwest::Method;

use super::Global;
use super::error::{CliError, Kind};
use super::names;
use super::submit::{submit, text_or_stdin};
use super::words::{local, maybe_local, pair, word, word_of};
use crate::base::clock::new_id;
use crate::client::api::Api;
use crate::domain::command::{Command, SendBroadcast};
use crate::domain::id::{BroadcastId, TicketNumber};
use crate::domain::incident::preview::{BroadcastPreview, BroadcastText};
use crate::domain::incident::view::{BroadcastView, IncidentLine, IncidentView, TiedTicket};
use crate::domain::ticket::Status;
use crate::wire::list::Items;

/// Major incidents: many tickets tied to one, their requesters answered all at once.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// List the open major incidents.
    List,
    /// Show an incident: what is tied, proposed and sent.
    Show { number: TicketNumber },
    /// Declare a major incident, or change its schedule of updates.
    Declare {
        number: TicketNumber,
        /// Minutes between updates to all requesters.
        #[arg(long, value_name = "MINUTES")]
        update_every: Option<u32>,
    },
    /// It is an ordinary ticket again.
    StandDown { number: TicketNumber },
    /// Tie tickets to an incident.
    Tie {
        incident: TicketNumber,
        #[arg(required = true)]
        numbers: Vec<TicketNumber>,
    },
    /// Untie tickets from their incident.
    Untie {
        #[arg(required = true)]
        numbers: Vec<TicketNumber>,
    },
    /// Tie a ticket to the incident it looks like.
    Accept { number: TicketNumber },
    /// Say that a ticket does not belong to the incident it looks like.
    Reject { number: TicketNumber },
    /// Answer the requesters of all its tickets; each gets one message.
    Broadcast {
        number: TicketNumber,
        /// From stdin when absent or `-`; `{{requester.name}}` and other variables are filled in.
        text: Option<String>,
        /// The text for a language, `zh-CN=...`; repeatable.
        #[arg(long = "text-for", value_parser = pair, value_name = "TAG=TEXT")]
        texts: Vec<(String, String)>,
        /// Set the status of the tied tickets with it.
        #[arg(long, value_parser = word::<Status>)]
        status: Option<Status>,
        /// Tickets that get nothing.
        #[arg(long, value_name = "NUMBER", value_delimiter = ',')]
        leave_out: Vec<TicketNumber>,
        /// Show who would get what, and send nothing.
        #[arg(long)]
        preview: bool,
    },
    /// Solve the incident and all tied to it.
    Solve {
        number: TicketNumber,
        /// A closing text for all requesters.
        #[arg(long)]
        text: Option<String>,
        /// Show what would be solved, and solve nothing.
        #[arg(long)]
        preview: bool,
    },
    /// How far a broadcast is, ticket by ticket.
    Progress { broadcast: BroadcastId },
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    match args.act {
        Act::List => list(&api, global).await,
        Act::Show { number } => show(&api, number, global).await,
        Act::Declare { number, update_every } => {
            let update_every_secs = update_every.map(|minutes| minutes.saturating_mul(60));
            let command = Command::DeclareMajor { number, update_every_secs, channel: new_id().into() };
            global.out.done(&submit(&api, None, command).await?, &format!("#{number} is a major incident."))
        }
        Act::StandDown { number } => {
            global.out.done(&submit(&api, None, Command::StandDown { number }).await?, &format!("#{number} is stood down."))
        }
        Act::Tie { incident, numbers } => {
            each(&api, global, &numbers, |number| Command::TieTicket { number, incident }, &format!("tied to #{incident}")).await
        }
        Act::Untie { numbers } => each(&api, global, &numbers, |number| Command::UntieTicket { number }, "untied").await,
        Act::Accept { number } => {
            let command = Command::AnswerLikeness { number, accept: true };
            global.out.done(&submit(&api, None, command).await?, &format!("#{number} is tied."))
        }
        Act::Reject { number } => {
            let command = Command::AnswerLikeness { number, accept: false };
            global.out.done(&submit(&api, None, command).await?, &format!("#{number} is something else."))
        }
        Act::Broadcast { number, text, texts, status, leave_out, preview } => {
            let text = if text.is_none() && status.is_some() { String::new() } else { text_or_stdin(text)? };
            let body = BroadcastText { text, texts: texts.into_iter().collect(), status, solves: false, leave_out };
            send(&api, global, number, body, preview).await
        }
        Act::Solve { number, text, preview } => {
            let body = BroadcastText { text: text.unwrap_or_default(), solves: true, ..BroadcastText::default() };
            send(&api, global, number, body, preview).await
        }
        Act::Progress { broadcast } => progress(&api, global, broadcast).await,
    }
}

async fn each(
    api: &Api,
    global: &Global,
    numbers: &[TicketNumber],
    command: impl Fn(TicketNumber) -> Command,
    done: &str,
) -> Result<(), CliError> {
    let mut results = Vec::new();
    for number in numbers {
        results.push(submit(api, None, command(*number)).await?);
    }
    let all = numbers.iter().map(|number| format!("#{number}")).collect::<Vec<_>>().join(", ");
    global.out.done(&Items::from(results), &format!("{all}: {done}."))
}

async fn list(api: &Api, global: &Global) -> Result<(), CliError> {
    let lines = api.get::<Items<IncidentLine>>("/api/v1/incidents").await?.items;
    global.out.list(&lines, &["NO", "STATUS", "TIED", "UNSOLVED", "ALIKE", "UPDATE DUE", "SUBJECT"], |line| {
        vec![
            line.incident.number.to_string(),
            word_of(&line.incident.status),
            line.tied.to_string(),
            line.unsolved.to_string(),
            line.proposals.to_string(),
            maybe_local(line.incident.major.as_ref().and_then(|major| major.next_update_at)),
            line.incident.subject.clone(),
        ]
    })
}

async fn show(api: &Api, number: TicketNumber, global: &Global) -> Result<(), CliError> {
    let view: IncidentView = api.get(&format!("/api/v1/tickets/{number}/incident")).await?;
    if global.json {
        return global.out.json(&view);
    }
    let counts = view.by_status.iter().map(|one| format!("{} {}", one.count, word_of(&one.status))).collect::<Vec<_>>().join(", ");
    let regions = view.by_region.iter().map(|one| format!("{} {}", one.count, one.region)).collect::<Vec<_>>().join(", ");
    let major = view.incident.major.as_ref();
    global.out.fields(&[
        ("Incident", format!("#{} {}", view.incident.number, view.incident.subject)),
        ("Declared", maybe_local(major.map(|major| major.declared_at))),
        ("Update due", maybe_local(major.and_then(|major| major.next_update_at))),
        ("Tied", counts),
        ("Regions", regions),
    ])?;
    for sent in &view.broadcasts {
        let BroadcastView { broadcast, sent, left, refused, .. } = sent;
        let at = local(broadcast.created_at);
        global.out.line(&format!("{at}  {} sent, {left} left, {refused} refused  {}  {}", sent, broadcast.id, broadcast.text))?;
    }
    let people = names::people(api).await?;
    let why = |ticket: &TiedTicket| {
        let likeness = ticket.likeness.as_ref();
        likeness.map_or_else(|| "tied".to_owned(), |alike| format!("alike {}%: {}", alike.score, alike.shared.join(" ")))
    };
    let rows: Vec<&TiedTicket> = view.proposals.iter().chain(&view.tied).collect();
    global.out.list(&rows, &["NO", "STATUS", "ASSIGNEE", "WHY", "REQUESTER", "SUBJECT"], |ticket| {
        vec![
            ticket.number.to_string(),
            word_of(&ticket.status),
            ticket.assignee.map_or_else(|| "-".to_owned(), |id| names::handle_of(&people, id)),
            why(ticket),
            ticket.requester.clone(),
            ticket.subject.clone(),
        ]
    })
}

/// Previews, and sends what was previewed.
async fn send(api: &Api, global: &Global, number: TicketNumber, body: BroadcastText, only_preview: bool) -> Result<(), CliError> {
    let preview: BroadcastPreview = api.call(Method::POST, &format!("/api/v1/tickets/{number}/incident/preview"), &body).await?;
    if only_preview {
        if global.json {
            return global.out.json(&preview);
        }
        global.out.list(&preview.targets, &["NO", "REQUESTER", "LANGUAGE", "STATUS", "EXCLUDED", "TEXT"], |target| {
            let status = target
                .status_after
                .map_or_else(|| word_of(&target.status), |to| format!("{} -> {}", word_of(&target.status), word_of(&to)));
            vec![
                target.ticket.to_string(),
                target.requester.clone(),
                target.language.clone().unwrap_or_else(|| "-".to_owned()),
                status,
                target.excluded.as_ref().map_or_else(|| "-".to_owned(), word_of),
                target.text.clone(),
            ]
        })?;
        global.out.note(&format!("{} would get it, {} would not. Nothing was sent.", preview.count, preview.excluded));
        return Ok(());
    }
    let broadcast: BroadcastId = new_id().into();
    let expected = Some(preview.count);
    let result = submit(api, None, Command::SendBroadcast(Box::new(SendBroadcast { number, broadcast, body, expected }))).await?;
    let done = serde_json::json!({ "broadcast": broadcast, "incident": number, "count": preview.count, "version": result.version });
    let sentence =
        format!("{} tickets are answered one by one: `dutydesk incident progress {broadcast}` tells how far it is.", preview.count);
    global.out.done(&done, &sentence)
}

async fn progress(api: &Api, global: &Global, id: BroadcastId) -> Result<(), CliError> {
    let view: BroadcastView = api.get(&format!("/api/v1/broadcasts/{id}")).await?;
    if global.json {
        global.out.json(&view)?;
    } else {
        global.out.list(&view.targets, &["NO", "STATE", "WHY", "AT"], |target| {
            let why = target.why.as_ref().map_or_else(|| "-".to_owned(), word_of);
            vec![target.ticket.to_string(), word_of(&target.state), why, maybe_local(target.at)]
        })?;
        global.out.note(&format!("{} sent, {} left, {} refused.", view.sent, view.left, view.refused));
    }
    if view.left == 0 && view.refused > 0 && view.sent == 0 {
        return Err(CliError::new(Kind::Refused, "all_refused", "No ticket was answered: see why in the list."));
    }
    Ok(())
}
