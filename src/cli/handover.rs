//! `dutydesk handover`: what one shift tells the next.

use clap::Subcommand;
use reqwest::Method;

use super::Global;
use super::error::CliError;
use super::names;
use super::words::{local, maybe_local, word_of};
use crate::client::api::Api;
use crate::domain::command::CommandResult;
use crate::domain::directory::Directory;
use crate::domain::handover::{Handover, Side, Watch};
use crate::domain::id::{HandoverId, PersonId, TicketNumber};
use crate::wire::handover::{HandoverEdit, NewHandover};
use crate::wire::list::Items;

/// What one shift tells the next: drafted by the desk, written by those who go, signed by both.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Draft the handover of a rota's next change of shift and keep it.
    Draft {
        /// A rota's key.
        rota: String,
        /// Show it without keeping it.
        #[arg(long)]
        preview: bool,
    },
    /// List handovers, newest shift first, at most 100.
    List {
        /// A rota's key.
        #[arg(long, value_name = "KEY")]
        rota: Option<String>,
        /// Only of shifts that ended before this day or instant.
        #[arg(long, value_name = "TIME", value_parser = super::words::instant)]
        before: Option<chrono::DateTime<chrono::Utc>>,
    },
    /// Show a handover.
    Show {
        #[arg(value_parser = handover_id)]
        id: HandoverId,
    },
    /// Write notes and the watch list; what is not given stays.
    Edit {
        #[arg(value_parser = handover_id)]
        id: HandoverId,
        #[arg(long, value_name = "TEXT")]
        notes: Option<String>,
        /// Keep an eye on a ticket: NUMBER or NUMBER=NOTE; several times for several.
        #[arg(long, value_name = "NUMBER=NOTE", value_parser = watch)]
        watch: Vec<Watch>,
        /// Take a ticket off the watch list.
        #[arg(long, value_name = "NUMBER")]
        unwatch: Vec<TicketNumber>,
    },
    /// Sign: that it is complete when your shift ends, that you read it when yours begins.
    Sign {
        #[arg(value_parser = handover_id)]
        id: HandoverId,
    },
}

fn handover_id(text: &str) -> Result<HandoverId, String> {
    text.parse().map_err(|_| "give an id as `dutydesk handover list` shows it".to_owned())
}

fn watch(text: &str) -> Result<Watch, String> {
    let (number, note) = text.split_once('=').unwrap_or((text, ""));
    let ticket = number.parse().map_err(|_| "write NUMBER or NUMBER=NOTE".to_owned())?;
    Ok(Watch { ticket, note: note.trim().to_owned() })
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    match args.act {
        Act::Draft { rota, preview } => {
            let key = names::rota(&api, &rota).await?.key;
            let handover: Handover = if preview {
                api.get(&format!("/api/v1/handovers/draft?rota={key}")).await?
            } else {
                api.call(Method::POST, "/api/v1/handovers", &NewHandover { rota: key }).await?
            };
            show(&api, &handover, global).await
        }
        Act::List { rota, before } => {
            let mut query = Vec::new();
            if let Some(rota) = rota {
                query.push(format!("rota={}", names::rota(&api, &rota).await?.key));
            }
            query.extend(before.map(|before| format!("before={}", before.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))));
            let handovers = api.get::<Items<Handover>>(&format!("/api/v1/handovers?{}", query.join("&"))).await?.items;
            let directory = names::directory(&api).await?;
            global.out.list(&handovers, &["ID", "ROTA", "SHIFT", "STATE", "OPEN", "OUT", "IN"], |row| {
                let rota = directory.rotas.get(&row.rota).map_or_else(|| row.rota.to_string(), |rota| rota.key.clone());
                let people = |people: &[PersonId]| handles(people, &directory);
                let shift = format!("{} - {}", local(row.from), local(row.to));
                let work = row.work.len().to_string();
                vec![row.id.to_string(), rota, shift, word_of(&row.state), work, people(&row.outgoing), people(&row.incoming)]
            })
        }
        Act::Show { id } => {
            let handover: Handover = api.get(&format!("/api/v1/handovers/{id}")).await?;
            show(&api, &handover, global).await
        }
        Act::Edit { id, notes, watch, unwatch } => {
            let mut list = api.get::<Handover>(&format!("/api/v1/handovers/{id}")).await?.watch;
            let changed = !watch.is_empty() || !unwatch.is_empty();
            list.retain(|one| !unwatch.contains(&one.ticket) && !watch.iter().any(|new| new.ticket == one.ticket));
            list.extend(watch);
            if notes.is_none() && !changed {
                return Err(CliError::usage("Nothing would change: name --notes, --watch or --unwatch.".to_owned()));
            }
            let edit = HandoverEdit { notes, watch: changed.then_some(list) };
            let result: CommandResult = api.call(Method::PATCH, &format!("/api/v1/handovers/{id}"), &edit).await?;
            global.out.done(&result, "The handover is changed.")
        }
        Act::Sign { id } => {
            let result: CommandResult = api.call(Method::POST, &format!("/api/v1/handovers/{id}/sign"), &()).await?;
            global.out.done(&result, "You signed the handover.")
        }
    }
}

fn handles(people: &[PersonId], directory: &Directory) -> String {
    let handle = |id: &PersonId| directory.people.get(id).map_or_else(|| id.to_string(), |person| person.handle.clone());
    if people.is_empty() { "-".to_owned() } else { people.iter().map(handle).collect::<Vec<_>>().join(" ") }
}

/// The handover as text: one line for each thing.
async fn show(api: &Api, row: &Handover, global: &Global) -> Result<(), CliError> {
    let directory = names::directory(api).await?;
    let rota = directory.rotas.get(&row.rota).map_or_else(|| row.rota.to_string(), |rota| rota.name.clone());
    let mut lines = vec![
        format!("Handover of {rota}, {} - {} ({})", local(row.from), local(row.to), word_of(&row.state)),
        format!("Id: {}", row.id),
        format!("Out: {}   In: {}", handles(&row.outgoing, &directory), handles(&row.incoming, &directory)),
    ];
    for signature in &row.signatures {
        let side = if signature.side == Side::Out { "out" } else { "in" };
        lines.push(format!("Signed {side}: {} at {}", handles(&[signature.person], &directory), local(signature.at)));
    }
    lines.extend([String::new(), format!("Open work ({}):", row.work.len() + row.more_work as usize)]);
    for item in &row.work {
        let mark = if item.breaching { "!" } else { " " };
        let due = maybe_local(item.due_at);
        let who = item.assignee.map_or_else(|| "nobody".to_owned(), |id| handles(&[id], &directory));
        let (priority, status) = (word_of(&item.priority), word_of(&item.status));
        lines.push(format!("{mark} #{} {priority} {status} {who}, due {due}: {}", item.ticket, item.subject));
    }
    if row.more_work > 0 {
        lines.push(format!("  … and {} more", row.more_work));
    }
    lines.extend([String::new(), format!("Promises ({}):", row.promises.len())]);
    for one in &row.promises {
        let found = one.found.map_or_else(String::new, |sure| format!(" (found, {})", word_of(&sure)));
        lines.push(format!("  {} #{}{found}: {}", local(one.at), one.ticket, one.text));
    }
    lines.extend([String::new(), format!("Escalations ({}):", row.escalations.len())]);
    for one in &row.escalations {
        lines.push(format!("  #{} tier {} {} {}", one.ticket, one.tier, handles(&[one.expert], &directory), word_of(&one.state)));
    }
    lines.extend([String::new(), format!("Watch ({}):", row.watch.len())]);
    lines.extend(row.watch.iter().map(|one| format!("  #{} {}", one.ticket, one.note)));
    if !row.notes.is_empty() {
        lines.extend([String::new(), "Notes:".to_owned()]);
        lines.extend(row.notes.lines().map(|line| format!("  {line}")));
    }
    global.out.lines(row, &lines)
}
