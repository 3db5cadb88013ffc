//! `dutydesk ticket`: every act on a ticket. Reading is in [`list`], [`show`], [`brief`] and [`record`]; changing in [`create`],
//! [`act`] and [`escalation`].

pub mod act;
pub mod brief;
pub mod clocks;
pub mod create;
pub mod escalation;
pub mod list;
pub mod record;
pub mod show;

use clap::Subcommand;

use super::Global;
use super::error::CliError;

/// Read and work tickets.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List tickets, newest first.
    List(list::Args),
    /// Show a ticket with its conversation.
    Show(show::Args),
    /// One page for whoever joins it: what happened, what was tried, who is there, similar solved tickets.
    Brief(brief::Args),
    /// Open a ticket for a requester.
    Create(Box<create::Args>),
    #[command(flatten)]
    Act(act::Act),
    #[command(flatten)]
    Escalation(escalation::Act),
    #[command(flatten)]
    Record(record::Record),
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    match args.verb {
        Verb::List(args) => list::run(args, global).await,
        Verb::Show(args) => show::run(args, global).await,
        Verb::Brief(args) => brief::run(args, global).await,
        Verb::Create(args) => create::run(*args, global).await,
        Verb::Act(act) => act::run(act, global).await,
        Verb::Escalation(act) => escalation::run(act, global).await,
        Verb::Record(record) => record::run(record, global).await,
    }
}
