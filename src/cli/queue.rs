//! `dutydesk queue`.

use clap::Subcommand;

use super::Global;
use super::error::CliError;
use super::names;
use super::policy;
use super::submit;
use super::words::{word, word_of};
use crate::client::api::Api;
use crate::domain::assignment::rebalance::Move;
use crate::domain::command::Command;
use crate::domain::queue::{EndOfShift, Strategy};
use crate::wire::list::Items;

/// The queues of the desk.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// List the queues.
    List,
    /// Propose moves that even out the load of a queue's people.
    Rebalance {
        /// The queue's key.
        key: String,
        /// Make the moves, each only while its ticket is as it was proposed.
        #[arg(long)]
        apply: bool,
    },
    /// Change how a queue's tickets are given; leads. What is not named stays.
    Set(Set),
    /// Print a queue's SLA policy as TOML, or take it from a file; leads
    Policy(policy::Policy),
}

#[derive(Debug, clap::Args)]
struct Set {
    /// The queue's key.
    key: String,
    /// Who is chosen: least_loaded, round_robin, skill_first, sticky or manual.
    #[arg(long, value_parser = word::<Strategy>)]
    strategy: Option<Strategy>,
    /// Skills that tickets need, separated by commas; empty for none.
    #[arg(long)]
    skills: Option<String>,
    /// Whether who does not speak the ticket's language is passed over.
    #[arg(long)]
    language_required: Option<bool>,
    /// Open tickets of this queue that one person holds at most; 0 for no limit.
    #[arg(long)]
    cap: Option<u32>,
    /// Seconds in which a given ticket must be accepted; 0 for no limit.
    #[arg(long, value_name = "SECONDS")]
    accept_within: Option<u32>,
    /// Seconds in which an expert who is called in must answer; 0 for no limit.
    #[arg(long, value_name = "SECONDS")]
    expert_accept_within: Option<u32>,
    /// What becomes of open tickets at the end of a shift: keep, return or relief.
    #[arg(long, value_parser = word::<EndOfShift>)]
    end_of_shift: Option<EndOfShift>,
    /// Seconds after the end of a shift before that is done.
    #[arg(long, value_name = "SECONDS")]
    grace: Option<u32>,
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    match args.act {
        Act::List => list(&api, global).await,
        Act::Rebalance { key, apply } => rebalance(&api, &key, apply, global).await,
        Act::Set(set) => change(&api, set, global).await,
        Act::Policy(args) => policy::run(&api, args, global).await,
    }
}

async fn change(api: &Api, set: Set, global: &Global) -> Result<(), CliError> {
    let old = names::queue(api, &set.key).await?;
    let mut queue = old.clone();
    queue.strategy = set.strategy.unwrap_or(queue.strategy);
    if let Some(skills) = set.skills {
        queue.skills = skills.split(',').map(str::trim).filter(|skill| !skill.is_empty()).map(str::to_owned).collect();
    }
    queue.language_required = set.language_required.unwrap_or(queue.language_required);
    queue.cap = set.cap.map_or(queue.cap, |cap| Some(cap).filter(|cap| *cap > 0));
    queue.accept_within_secs = set.accept_within.unwrap_or(queue.accept_within_secs);
    queue.expert_accept_within_secs = set.expert_accept_within.unwrap_or(queue.expert_accept_within_secs);
    queue.end_of_shift = set.end_of_shift.unwrap_or(queue.end_of_shift);
    queue.grace_secs = set.grace.unwrap_or(queue.grace_secs);
    if queue == old {
        return Err(CliError::usage("Nothing would change: name what is to be different, such as --strategy sticky or --cap 4."));
    }
    let (version, key) = (queue.version, queue.key.clone());
    let result = submit::submit(api, Some(version), Command::PutQueue(Box::new(queue))).await?;
    global.out.done(&result, &format!("Queue {key} is saved."))
}

async fn list(api: &Api, global: &Global) -> Result<(), CliError> {
    let queues = names::queues(api).await?;
    let people = if global.json { Vec::new() } else { names::people(api).await? };
    global.out.list(&queues, &["KEY", "NAME", "DEPARTMENT", "TIER", "STRATEGY", "LEAD", "ACTIVE"], |queue| {
        vec![
            queue.key.clone(),
            queue.name.clone(),
            queue.department.clone().unwrap_or_else(|| "-".to_owned()),
            queue.tier.to_string(),
            word_of(&queue.strategy),
            queue.lead.map_or_else(|| "-".to_owned(), |id| names::handle_of(&people, id)),
            if queue.active { "yes" } else { "no" }.to_owned(),
        ]
    })
}

async fn rebalance(api: &Api, key: &str, apply: bool, global: &Global) -> Result<(), CliError> {
    let moves = api.get::<Items<Move>>(&format!("/api/v1/queues/{key}/rebalance")).await?.items;
    if apply {
        for one in &moves {
            submit::submit(api, Some(one.version), Command::AssignTicket { number: one.ticket, person: one.to }).await?;
        }
        let count = moves.len();
        return global.out.done(&Items { items: moves }, &format!("{count} tickets moved."));
    }
    if moves.is_empty() && !global.json {
        return global.out.line("The load is even: nothing is to be moved.");
    }
    let people = if global.json { Vec::new() } else { names::people(api).await? };
    global.out.list(&moves, &["TICKET", "FROM", "LOAD", "TO", "LOAD", "WHY", "SUBJECT"], |one| {
        let load = |before: f64, after: f64| format!("{before:.2} -> {after:.2}");
        vec![
            format!("#{}", one.ticket),
            names::handle_of(&people, one.from),
            load(one.from_load, one.from_load_after),
            names::handle_of(&people, one.to),
            load(one.to_load, one.to_load_after),
            word_of(&one.why),
            one.subject.clone(),
        ]
    })
}
