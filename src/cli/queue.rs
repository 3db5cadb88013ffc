//! `dutydesk queue`.

use clap::Subcommand;

use super::Global;
use super::error::CliError;
use super::names;
use super::words::word_of;

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
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let Act::List = args.act;
    let api = global.api()?;
    let queues = names::queues(&api).await?;
    let people = if global.json { Vec::new() } else { names::people(&api).await? };
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
