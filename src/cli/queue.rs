//! `dutydesk queue`.

use clap::Subcommand;

use super::Global;
use super::error::CliError;
use super::names;
use super::submit;
use super::words::word_of;
use crate::client::api::Api;
use crate::domain::assignment::rebalance::Move;
use crate::domain::command::Command;
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
    /// Propose moves that even out the load of a queue's people; leads.
    Rebalance {
        /// The queue's key.
        key: String,
        /// Make the moves, each only while its ticket is as it was proposed.
        #[arg(long)]
        apply: bool,
    },
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    match args.act {
        Act::List => list(&api, global).await,
        Act::Rebalance { key, apply } => rebalance(&api, &key, apply, global).await,
    }
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
