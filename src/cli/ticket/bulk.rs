//! `dutydesk ticket bulk`: one act on many tickets, previewed by the rules themselves, one transaction for each ticket.

use std::collections::HashSet;
use std::io::Read;

use serde::Serialize;

use super::list::Filter;
use crate::base::clock::{Clock, new_id};
use crate::cli::Global;
use crate::cli::error::{CliError, Kind};
use crate::cli::names;
use crate::cli::words::{word, word_of};
use crate::client::api::Api;
use crate::domain::audit::FieldChange;
use crate::domain::bulk::{BULK_MAX, BulkAct, Fate, Planned, World, plan};
use crate::domain::command::Submission;
use crate::domain::conversation::Visibility;
use crate::domain::directory::Directory;
use crate::domain::id::TicketNumber;
use crate::domain::ticket::{Link, LinkKind, Priority, Status, Ticket};
use crate::wire::command::{COMMANDS_MAX, Submissions};

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("act").required(true))]
pub struct Args {
    #[command(flatten)]
    filter: Filter,
    /// These tickets, with commas; `-` reads numbers from stdin.
    #[arg(long = "numbers", short = 'n', value_name = "NUMBERS", conflicts_with_all = ["filter", "queue", "status", "priority", "assignee", "tag", "search"])]
    numbers: Option<String>,
    /// Set the status: open, pending, on_hold, solved.
    #[arg(long, group = "act", value_parser = word::<Status>, value_name = "STATUS")]
    set_status: Option<Status>,
    /// Set the priority: urgent, high, normal, low.
    #[arg(long, group = "act", value_parser = word::<Priority>, value_name = "PRIORITY")]
    set_priority: Option<Priority>,
    /// Give them to a person: a handle, or `me`.
    #[arg(long, group = "act", value_name = "HANDLE")]
    assign: Option<String>,
    /// Move them to a queue, by key.
    #[arg(long, group = "act", value_name = "KEY")]
    move_to: Option<String>,
    #[arg(long, group = "act", value_name = "TAG")]
    add_tag: Option<String>,
    #[arg(long, group = "act", value_name = "TAG")]
    remove_tag: Option<String>,
    /// Tie them to a major incident.
    #[arg(long, group = "act", value_name = "NUMBER")]
    tie: Option<TicketNumber>,
    /// Link them to a ticket (relates_to).
    #[arg(long, group = "act", value_name = "NUMBER")]
    link: Option<TicketNumber>,
    /// Answer their requesters; `{{requester.name}}` and other variables are filled in.
    #[arg(long, group = "act", value_name = "TEXT")]
    reply: Option<String>,
    /// Write an internal note into each.
    #[arg(long, group = "act", value_name = "TEXT")]
    note: Option<String>,
    /// Show what would change, and change nothing.
    #[arg(long)]
    dry_run: bool,
}

/// What became of one ticket.
#[derive(Debug, Serialize)]
struct Line {
    number: TicketNumber,
    subject: String,
    /// `changes` and `same` before, `done` and `refused` afterwards.
    state: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changes: Vec<FieldChange>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// # Errors
/// See [`CliError`]; also when some tickets were refused.
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    let act = act(&args, &api).await?;
    let (tickets, missing) = tickets(&args, &api).await?;
    let (me, directory) = (names::me(&api).await?, names::directory(&api).await?);
    let other = match act.other() {
        Some(number) => Some(names::ticket(&api, number).await?),
        None => None,
    };
    let now = Clock::System.now();
    let world = World { actor: &me, directory: &directory, now, other: other.as_ref(), new_id: &new_id };
    let planned = plan(&act, &tickets, &world);
    let mut lines = if args.dry_run { planned.iter().map(previewed).collect() } else { done(&api, &act, &planned).await? };
    lines.extend(missing.into_iter().map(|number| Line {
        number,
        subject: String::new(),
        state: "refused",
        changes: Vec::new(),
        why: Some("The ticket does not exist, or you may not see it.".to_owned()),
    }));
    print(global, &lines, &directory, args.dry_run)?;
    let refused = lines.iter().filter(|line| line.state == "refused").count();
    if refused > 0 {
        let what = if args.dry_run { "would be refused" } else { "were refused" };
        return Err(CliError::new(Kind::Refused, "some_refused", format!("{refused} of {} tickets {what}: see the list.", lines.len())));
    }
    Ok(())
}

async fn act(args: &Args, api: &Api) -> Result<BulkAct, CliError> {
    let post = |text: &String, visibility| BulkAct::Post { text: text.clone(), visibility };
    Ok(if let Some(status) = args.set_status {
        BulkAct::Status { status }
    } else if let Some(priority) = args.set_priority {
        BulkAct::Priority { priority }
    } else if let Some(handle) = &args.assign {
        BulkAct::Assign { person: names::person(api, handle).await?.id }
    } else if let Some(key) = &args.move_to {
        BulkAct::Move { queue: names::queue(api, key).await?.id }
    } else if let Some(tag) = &args.add_tag {
        BulkAct::AddTag { tag: tag.clone() }
    } else if let Some(tag) = &args.remove_tag {
        BulkAct::RemoveTag { tag: tag.clone() }
    } else if let Some(incident) = args.tie {
        BulkAct::Tie { incident }
    } else if let Some(number) = args.link {
        BulkAct::Link { link: Link { kind: LinkKind::RelatesTo, number } }
    } else if let Some(text) = &args.reply {
        post(text, Visibility::Public)
    } else if let Some(text) = &args.note {
        post(text, Visibility::Internal)
    } else {
        return Err(CliError::usage("There is nothing to do: add an act such as --set-status solved."));
    })
}

/// The tickets that were named or found, and the numbers of those that are not there.
async fn tickets(args: &Args, api: &Api) -> Result<(Vec<Ticket>, Vec<TicketNumber>), CliError> {
    let Some(named) = &args.numbers else {
        if args.filter.is_empty() {
            return Err(CliError::usage(
                "Every ticket of the desk is meant: name some with -n, or narrow with --queue, --status or the like.",
            ));
        }
        let (tickets, _) = args.filter.fetch(api, BULK_MAX + 1, None).await?;
        refuse_many(tickets.len())?;
        return Ok((tickets, Vec::new()));
    };
    let numbers = if named == "-" { read_numbers()? } else { parse(named)? };
    refuse_many(numbers.len())?;
    let (mut tickets, mut missing) = (Vec::new(), Vec::new());
    for number in numbers {
        match names::ticket(api, number).await {
            Ok(ticket) => tickets.push(ticket),
            Err(error) if error.kind == Kind::NotFound => missing.push(number),
            Err(error) => return Err(error),
        }
    }
    Ok((tickets, missing))
}

fn refuse_many(count: usize) -> Result<(), CliError> {
    if count > BULK_MAX {
        return Err(CliError::usage(format!("More than {BULK_MAX} tickets at once are too many: narrow them.")));
    }
    Ok(())
}

fn read_numbers() -> Result<Vec<TicketNumber>, CliError> {
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|error| CliError::usage(format!("The numbers cannot be read from stdin: {error}.")))?;
    parse(&text)
}

/// Numbers between commas, spaces or line breaks, each once.
fn parse(text: &str) -> Result<Vec<TicketNumber>, CliError> {
    let mut seen = HashSet::new();
    let words = text.split([',', ' ', '\n', '\r', '\t']).filter(|word| !word.is_empty());
    let numbers = words.map(|word| {
        word.parse::<TicketNumber>().map_err(|_| CliError::usage(format!("{word:?} is no ticket's number: write numbers with commas.")))
    });
    let mut numbers = numbers.collect::<Result<Vec<_>, _>>()?;
    numbers.retain(|number| seen.insert(*number));
    if numbers.is_empty() {
        return Err(CliError::usage("No ticket is named: write numbers with commas, or - to read them from stdin."));
    }
    Ok(numbers)
}

fn previewed(planned: &Planned) -> Line {
    let (state, changes, why) = match &planned.fate {
        Fate::Changes { changes } => ("changes", changes.clone(), None),
        Fate::Nothing => ("same", Vec::new(), None),
        Fate::Refused { refusal } => ("refused", Vec::new(), Some(refusal.message.clone())),
    };
    Line { number: planned.number, subject: planned.subject.clone(), state, changes, why }
}

/// Sends what would change, each ticket's command with a key of its own.
async fn done(api: &Api, act: &BulkAct, planned: &[Planned]) -> Result<Vec<Line>, CliError> {
    let mut lines: Vec<Line> = planned.iter().map(previewed).collect();
    let compares = matches!(act, BulkAct::Assign { .. } | BulkAct::Status { .. });
    let changing: Vec<usize> = (0..planned.len()).filter(|index| planned[*index].changes()).collect();
    for chunk in changing.chunks(COMMANDS_MAX) {
        let commands = chunk.iter().map(|index| Submission {
            key: new_id().into(),
            base_version: compares.then_some(planned[*index].version),
            expires_at: None,
            command: planned[*index].command.clone(),
        });
        let submissions = Submissions { commands: commands.collect(), source: Some("cli".to_owned()) };
        for (index, answer) in chunk.iter().zip(api.submit(&submissions).await?.answers) {
            let line = &mut lines[*index];
            (line.state, line.why) = match answer.refusal {
                Some(refusal) => ("refused", Some(refusal.message)),
                None => ("done", None),
            };
        }
    }
    Ok(lines)
}

fn print(global: &Global, lines: &[Line], directory: &Directory, dry_run: bool) -> Result<(), CliError> {
    global.out.list(lines, &["NO", "STATE", "CHANGE", "SUBJECT"], |line| {
        let changes = line.changes.iter().map(|change| said(change, directory)).collect::<Vec<_>>().join("; ");
        vec![line.number.to_string(), line.state.to_owned(), line.why.clone().unwrap_or(changes), line.subject.clone()]
    })?;
    let count = |state: &str| lines.iter().filter(|line| line.state == state).count();
    global.out.note(&if dry_run {
        format!("{} would change, {} are so already, {} cannot. Nothing was changed.", count("changes"), count("same"), count("refused"))
    } else {
        format!("{} done, {} were so already, {} refused.", count("done"), count("same"), count("refused"))
    });
    Ok(())
}

/// `status: open -> pending`; names for ids.
fn said(change: &FieldChange, directory: &Directory) -> String {
    let value = |value: &serde_json::Value| match value {
        serde_json::Value::Null => "-".to_owned(),
        serde_json::Value::String(text) => {
            let person = text.parse().ok().and_then(|id| directory.people.get(&id)).map(|person| format!("@{}", person.handle));
            person
                .or_else(|| text.parse().ok().and_then(|id| directory.queues.get(&id)).map(|queue| queue.key.clone()))
                .unwrap_or_else(|| text.clone())
        }
        serde_json::Value::Array(all) => {
            all.iter().map(|one| one.as_str().map_or_else(|| word_of(one), str::to_owned)).collect::<Vec<_>>().join(",")
        }
        other => word_of(other),
    };
    format!("{}: {} -> {}", change.field, value(&change.from), value(&change.to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_in_any_shape_and_once() {
        let numbers = |text: &str| parse(text).map(|all| all.iter().map(|number| number.0).collect::<Vec<_>>());
        assert_eq!(numbers("3,1\n#2 3").unwrap(), [3, 1, 2]);
        assert_eq!(numbers("x").unwrap_err().exit_code(), 2);
        assert_eq!(numbers(" ").unwrap_err().exit_code(), 2);
    }
}
