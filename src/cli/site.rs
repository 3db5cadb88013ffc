//! `dutydesk site`.

use clap::Subcommand;

use super::Global;
use super::error::CliError;
use super::names::with_query;
use crate::domain::requester::Site;
use crate::wire::list::Items;

/// Stations, shops and warehouses.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// List sites by code, at most 500.
    List {
        /// Part of the code, name or region.
        search: Option<String>,
    },
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let Act::List { search } = args.act;
    let sites = global.api()?.get::<Items<Site>>(&with_query("/api/v1/sites", &[("q", search)])).await?.items;
    global.out.list(&sites, &["CODE", "NAME", "REGION"], |site| vec![site.code.clone(), site.name.clone(), site.region.clone()])
}
