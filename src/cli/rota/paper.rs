//! Rosters on paper: as a calendar file.

use std::path::PathBuf;

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use clap::ValueEnum;

use super::date;
use crate::base::clock::Clock;
use crate::cli::Global;
use crate::cli::error::CliError;
use crate::cli::names;
use crate::client::api::Api;
use crate::domain::directory::Directory;
use crate::domain::roster::Rota;
use crate::domain::roster::pattern::instant;
use crate::wire::ical::write::{Window, of_rota};

#[derive(Debug, clap::Args)]
pub(super) struct Export {
    /// A rota's key.
    key: String,
    /// The first day, such as 2026-11-23; today when absent.
    #[arg(long, value_parser = date, value_name = "DATE")]
    from: Option<NaiveDate>,
    /// 1 to 52.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=52))]
    weeks: u8,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write to this file instead of stdout.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A spreadsheet: people down, dates across, shift codes in cells.
    #[default]
    Csv,
    /// A calendar.
    Ics,
}

pub(super) async fn export(api: &Api, args: Export, global: &Global) -> Result<(), CliError> {
    let key = names::rota(api, &args.key).await?.key;
    let directory = names::directory(api).await?;
    let rota = directory.rota_by_key(&key).ok_or_else(|| CliError::not_found(format!("There is no rota {key:?}.")))?;
    let from = args.from.unwrap_or_else(|| Clock::System.now().with_timezone(&zone(rota)).date_naive());
    let to = from.checked_add_days(Days::new(u64::from(args.weeks) * 7)).unwrap_or(from);
    let text = match args.format {
        Format::Csv => String::new(),
        Format::Ics => calendar(&directory, rota, from, to),
    };
    let Some(path) = args.out else { return global.out.raw(&text) };
    std::fs::write(&path, &text).map_err(|error| CliError::failed(format!("{} cannot be written: {error}.", path.display())))?;
    global.out.line(&format!("{} holds {} from {from} for {} weeks.", path.display(), rota.key, args.weeks))
}

fn zone(rota: &Rota) -> Tz {
    rota.time_zone.parse().unwrap_or(chrono_tz::UTC)
}

fn calendar(directory: &Directory, rota: &Rota, from: NaiveDate, to: NaiveDate) -> String {
    let midnight = |day: NaiveDate| instant(zone(rota), day.and_time(chrono::NaiveTime::MIN));
    of_rota(directory, rota, Window { from: midnight(from), to: midnight(to), stamp: Clock::System.now() })
}
