//! `dutydesk rota`.

use clap::Subcommand;

use super::Global;
use super::error::CliError;
use super::names;

/// The rotas that say who is on duty.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// List the rotas.
    List,
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let Act::List = args.act;
    let api = global.api()?;
    let rotas = names::rotas(&api).await?;
    let queues = if global.json { Vec::new() } else { names::queues(&api).await? };
    global.out.list(&rotas, &["KEY", "NAME", "TIER", "ZONE", "QUEUES", "MEMBERS", "ACTIVE"], |rota| {
        vec![
            rota.key.clone(),
            rota.name.clone(),
            rota.tier.to_string(),
            rota.time_zone.clone(),
            rota.queues.iter().map(|id| names::key_of(&queues, *id)).collect::<Vec<_>>().join(","),
            rota.members.len().to_string(),
            if rota.active { "yes" } else { "no" }.to_owned(),
        ]
    })
}
