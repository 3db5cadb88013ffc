//! Rosters as files that other programs open: spreadsheets (CSV) and calendars (.ics), and back from spreadsheets.

use std::path::PathBuf;

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use clap::ValueEnum;

use super::date;
use super::plan::put;
use super::sheet;
use crate::base::clock::{Clock, new_id};
use crate::cli::Global;
use crate::cli::error::CliError;
use crate::cli::names;
use crate::cli::spec::refuse;
use crate::client::api::Api;
use crate::console::locale::Language;
use crate::domain::directory::Directory;
use crate::domain::roster::grid::{Grid, GridLanguage, from_grid, to_grid};
use crate::domain::roster::pattern::instant;
use crate::domain::roster::{PlanState, RosterPlan, Rota};
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

#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// A rota's key.
    key: String,
    /// CSV in UTF-8: dates across, people down by handle or name, shift codes in cells.
    file: PathBuf,
    /// Read and check only.
    #[arg(long)]
    dry_run: bool,
    /// Let it count at once, in the pattern's place.
    #[arg(long)]
    publish: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A spreadsheet: people down, dates across, shift codes in cells.
    #[default]
    Csv,
    /// A calendar.
    Ics,
}

/// What the server has, with the rota in question.
async fn with_rota(api: &Api, key: &str) -> Result<(Directory, Rota), CliError> {
    let rota = names::rota(api, key).await?;
    Ok((names::directory(api).await?, rota))
}

fn zone(rota: &Rota) -> Tz {
    rota.time_zone.parse().unwrap_or(chrono_tz::UTC)
}

fn today(rota: &Rota, now: DateTime<Utc>) -> NaiveDate {
    now.with_timezone(&zone(rota)).date_naive()
}

pub(super) async fn export(api: &Api, args: Export, global: &Global) -> Result<(), CliError> {
    let (directory, rota) = with_rota(api, &args.key).await?;
    let now = Clock::System.now();
    let from = args.from.unwrap_or_else(|| today(&rota, now));
    let days = u32::from(args.weeks) * 7;
    let text = match args.format {
        Format::Csv => {
            let language = if global.options.language == Some(Language::Chinese) { GridLanguage::Zh } else { GridLanguage::En };
            sheet::write(&to_grid(&directory, &rota, from, days, language))?
        }
        Format::Ics => {
            let midnight = |day: NaiveDate| instant(zone(&rota), day.and_time(chrono::NaiveTime::MIN));
            let to = from.checked_add_days(Days::new(days.into())).unwrap_or(from);
            of_rota(&directory, &rota, Window { from: midnight(from), to: midnight(to), stamp: now })
        }
    };
    let Some(path) = args.out else { return global.out.raw(&text) };
    std::fs::write(&path, &text).map_err(|error| CliError::failed(format!("{} cannot be written: {error}.", path.display())))?;
    let report = serde_json::json!({ "file": path, "rota": rota.key, "from": from, "weeks": args.weeks });
    global.out.done(&report, &format!("{} holds {} for {days} days from {from}.", path.display(), rota.key))
}

pub(super) async fn import(api: &Api, args: Import, global: &Global) -> Result<(), CliError> {
    let path = args.file.as_path();
    let bytes = std::fs::read(path).map_err(|error| CliError::usage(format!("{} cannot be read: {error}.", path.display())))?;
    let rows = sheet::read(&bytes).map_err(|why| CliError::usage(format!("{}: {why}", path.display())))?;
    let (directory, rota) = with_rota(api, &args.key).await?;
    let now = Clock::System.now();
    let grid = match from_grid(&directory, &rota, &rows, today(&rota, now)) {
        Ok(grid) => grid,
        Err(errors) => {
            let told: Vec<String> = errors.iter().map(|error| format!("{}, {error}", sheet::place(error.row, error.column))).collect();
            return refuse(path, &told, global);
        }
    };
    let state = if args.publish { PlanState::Published } else { PlanState::Proposed };
    let last = grid.to.checked_sub_days(Days::new(1)).unwrap_or(grid.to);
    let what = format!("the roster of {} from {} to {last} for {} people", rota.key, grid.from, grid.rows.len());
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let plan = plan(&rota, grid, &file, now);
    if let Some(same) = stands(&directory, &plan, state) {
        return global.out.done(same, &format!("{what} is stored already: nothing was changed."));
    }
    if args.dry_run {
        return global.out.done(&plan, &format!("{what} can be stored."));
    }
    let plan = put(api, &plan, state).await?;
    global.out.done(
        &plan,
        &match state {
            PlanState::Published => format!("{what} is published as {}.", plan.id),
            _ => format!("{what} is stored as {0}: `dutydesk rota publish {0}` lets it count.", plan.id),
        },
    )
}

fn plan(rota: &Rota, grid: Grid, file: &str, now: DateTime<Utc>) -> RosterPlan {
    RosterPlan {
        id: new_id().into(),
        version: 0,
        rota: rota.id,
        from: grid.from,
        to: grid.to,
        rows: grid.rows,
        state: PlanState::Proposed,
        reason: format!("imported from {file}"),
        made_by: None,
        created_at: now,
    }
}

/// A plan that says the same and comes to the same: of published ones, that no later one overlaps.
fn stands<'a>(directory: &'a Directory, plan: &RosterPlan, state: PlanState) -> Option<&'a RosterPlan> {
    let ours = || directory.roster_plans.values().filter(|other| other.rota == plan.rota && other.state == state);
    let same = |other: &&RosterPlan| (other.from, other.to) == (plan.from, plan.to) && alike(other, plan);
    let found = ours().filter(same).max_by_key(|other| (other.created_at, other.id))?;
    let later =
        |other: &RosterPlan| (other.created_at, other.id) > (found.created_at, found.id) && other.from < found.to && found.from < other.to;
    let overlaid = state == PlanState::Published && ours().any(later);
    (!overlaid).then_some(found)
}

/// The same shifts; the order of people and rows without any do not count.
fn alike(one: &RosterPlan, other: &RosterPlan) -> bool {
    let rows = |plan: &RosterPlan| {
        let mut rows: Vec<_> = plan.rows.iter().filter(|row| row.codes.iter().any(Option::is_some)).cloned().collect();
        rows.sort_by_key(|row| row.person);
        rows
    };
    rows(one) == rows(other)
}
