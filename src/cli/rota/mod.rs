//! `dutydesk rota`: the rotas, the rosters written out for them, and what can be told of them.

mod file;
mod generate;
mod list;
mod paper;
mod plan;
mod report;
mod sheet;

pub use report::breach_sentence;

use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, Utc};
use clap::Subcommand;

use super::Global;
use super::error::CliError;
use super::words::instant;
use crate::domain::id::RosterPlanId;

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
    /// Show a rota as a file that `rota apply` takes.
    Show {
        /// A rota's key.
        key: String,
    },
    /// Create or change a rota from a TOML or JSON file, as `rota show` prints it; leads.
    #[command(visible_alias = "put")]
    Apply {
        /// TOML or JSON, in UTF-8.
        file: PathBuf,
        /// Read and check only.
        #[arg(long)]
        dry_run: bool,
    },
    /// Propose a roster for the next weeks, and show what it cannot meet; leads.
    Generate(generate::Generate),
    /// List written-out rosters with their ids.
    Plans {
        /// A rota's key; all when absent.
        key: Option<String>,
    },
    /// Put a written-out roster in the pattern's place; leads.
    Publish {
        /// As in `rota plans`.
        plan: RosterPlanId,
    },
    /// Take a written-out roster back: the pattern counts again; leads.
    Withdraw {
        /// As in `rota plans`.
        plan: RosterPlanId,
    },
    /// Show hours, nights, weekends and holidays per person against the mean.
    Fairness(report::Span),
    /// Show limits of the rota that people's shifts break.
    Limits(report::Span),
    /// List spans ahead with fewer people than required.
    Gaps {
        /// A rota's key.
        key: String,
        /// 1 to 62.
        #[arg(long, default_value_t = 14, value_parser = clap::value_parser!(u8).range(1..=62))]
        days: u8,
    },
    /// List who could be on duty in a span, best first.
    Cover {
        /// A rota's key.
        key: String,
        /// Such as 2026-11-21, "2026-11-21 08:00".
        #[arg(long, value_parser = instant, value_name = "WHEN")]
        from: DateTime<Utc>,
        #[arg(long, value_parser = instant, value_name = "WHEN")]
        to: DateTime<Utc>,
        /// Whose duty is to be taken; nobody's when absent.
        #[arg(long, value_name = "HANDLE")]
        person: Option<String>,
    },
    /// Write a roster as a spreadsheet (people down, dates across) or a calendar.
    Export(paper::Export),
    /// Store a roster from a spreadsheet, as `rota export` writes it; leads.
    Import(paper::Import),
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    match args.act {
        Act::List => list::list(&api, global).await,
        Act::Show { key } => list::show(&api, &key, global).await,
        Act::Apply { file, dry_run } => list::apply(&api, &file, dry_run, global).await,
        Act::Generate(args) => generate::run(&api, args, global).await,
        Act::Plans { key } => plan::list(&api, key, global).await,
        Act::Publish { plan } => plan::publish(&api, plan, global).await,
        Act::Withdraw { plan } => plan::withdraw(&api, plan, global).await,
        Act::Fairness(span) => report::fairness(&api, span, global).await,
        Act::Limits(span) => report::limits(&api, span, global).await,
        Act::Gaps { key, days } => report::gaps(&api, &key, days, global).await,
        Act::Cover { key, from, to, person } => report::cover(&api, &key, (from, to), person, global).await,
        Act::Export(args) => paper::export(&api, args, global).await,
        Act::Import(args) => paper::import(&api, args, global).await,
    }
}

/// A date, for clap.
fn date(text: &str) -> Result<NaiveDate, String> {
    text.trim().parse().map_err(|_| "write a day as 2026-11-23".to_owned())
}
