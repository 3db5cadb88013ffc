//! `dutydesk import`: tickets, people, requesters, sites and rotas from a file. Good rows go in whatever the others are;
//! the same file again changes nothing.

mod directory;
mod map;
mod read;
mod row;
mod send;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::io::IsTerminal;
use std::path::PathBuf;

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};

use self::directory::Known;
use self::map::{Columns, Target};
use self::read::{BadRow, Record};
use self::row::Source;
use self::send::{Ready, Report};
use super::Global;
use super::error::{CliError, Kind as ErrorKind};
use crate::base::clock::{Clock, new_id};
use crate::domain::Timestamp;
use crate::domain::command::Command;

/// Fewer rows are in before a bar would be read.
const BAR_FROM: usize = 500;
/// As many sites as the server lists at most.
const SITES_LISTED: usize = 500;

/// How many rows of a file's bytes can be read, and how many cannot; `None` when it is no such file. For whoever feeds it noise.
#[must_use]
pub fn readable(path: &std::path::Path, bytes: &[u8]) -> Option<(usize, usize)> {
    let rows = read::read(path, bytes).ok()?;
    let good = rows.iter().filter(|row| row.is_ok()).count();
    Some((good, rows.len() - good))
}

/// Bring in tickets, people, requesters, sites or rotas from a CSV or JSON Lines file.
#[derive(Debug, clap::Args)]
#[command(after_help = "Columns are found by their names in English or Chinese; other columns of tickets become custom fields.")]
pub struct Args {
    /// CSV or JSON Lines, in UTF-8.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What the rows are.
    #[arg(long, value_enum, default_value_t)]
    kind: Kind,
    /// The queue of tickets that name none.
    #[arg(long, value_name = "KEY")]
    queue: Option<String>,
    /// What a column of tickets holds: a field such as text or tag, or field.NAME.
    #[arg(long, value_name = "COLUMN=FIELD", value_parser = map::parse)]
    map: Vec<(String, Target)>,
    /// Read and check only.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Kind {
    #[default]
    Tickets,
    People,
    Requesters,
    Sites,
    Rotas,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Tickets => "tickets",
            Self::People => "people",
            Self::Requesters => "requesters",
            Self::Sites => "sites",
            Self::Rotas => "rotas",
        }
    }
}

/// # Errors
/// When the file cannot be read, the server does not answer, or a row was refused.
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let bytes = std::fs::read(&args.file);
    let bytes = bytes.map_err(|error| CliError::usage(format!("{} cannot be read: {error}.", args.file.display())))?;
    let rows = read::read(&args.file, &bytes)?;
    drop(bytes);
    let total = rows.len();
    let mut report = Report::default();
    let records: Vec<Record> = rows.into_iter().filter_map(|row| row.map_err(|bad| report.bad.push(bad)).ok()).collect();
    let columns = Columns::new(&args.map);
    check_columns(&args, &columns, &records)?;
    let api = if args.dry_run && args.kind == Kind::Tickets { None } else { Some(global.api()?) };
    let known = match &api {
        Some(api) => Known::load(api).await?,
        None => Known::default(),
    };
    if let Some(queue) = args.queue.as_ref().filter(|queue| api.is_some() && !known.queues.contains_key(*queue)) {
        return Err(CliError::not_found(format!("There is no queue {queue:?}: see `dutydesk queue list`.")));
    }
    let ready = prepare(&args, &columns, records, &known, Clock::System.now(), &mut report);
    match &api {
        Some(api) if !args.dry_run => {
            let bar = bar(total);
            bar.inc(u64::try_from(total - ready.len()).unwrap_or_default());
            send::send(api, ready, &mut report, |count| bar.inc(u64::try_from(count).unwrap_or_default())).await?;
            bar.finish_and_clear();
        }
        _ => report.created = u64::try_from(ready.len()).unwrap_or(u64::MAX),
    }
    tell(&args, report, global)
}

/// A mistyped `--map` is the person's error, not every row's.
fn check_columns(args: &Args, columns: &Columns, records: &[Record]) -> Result<(), CliError> {
    let mut names: Vec<&str> = records.iter().flat_map(|record| record.cells.keys()).map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    if let Some(missing) = columns.missing(&names).first().filter(|_| !records.is_empty()) {
        let why = format!("{} has no column {missing:?}: it has {}.", args.file.display(), names.join(", "));
        return Err(CliError::usage(why));
    }
    let names_queue = || {
        columns
            .resolve(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>().iter())
            .iter()
            .any(|(_, target)| *target == Target::Queue)
    };
    if args.kind == Kind::Tickets && args.queue.is_none() && !records.is_empty() && !names_queue() {
        return Err(CliError::usage(format!("{} names no queue for its tickets: add --queue KEY.", args.file.display())));
    }
    Ok(())
}

/// Records as commands; bad ones, and those the server has already, go to the report.
fn prepare(args: &Args, columns: &Columns, records: Vec<Record>, known: &Known, now: Timestamp, report: &mut Report) -> Vec<Ready> {
    let file = args.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let source = Source { file: &file, queue: args.queue.as_deref(), columns, now };
    let mut seen: HashMap<String, (u64, Record)> = HashMap::new();
    let mut ready = Vec::with_capacity(records.len());
    for record in records {
        let made = match args.kind {
            // A fresh key: rows without a date differ each time, and the server knows the ticket by its external id.
            Kind::Tickets => ticket(record.clone(), &source, &mut seen).map(|command| command.map(|command| (new_id(), command))),
            kind => directory_row(kind, &record, known, now).map(|command| command.map(|command| (key(kind, &record, known), command))),
        };
        match made {
            Ok(Some((key, command))) => ready.push(Ready { line: record.line, key: key.into(), command }),
            Ok(None) => report.unchanged += 1,
            Err(bad) => report.bad.push(bad),
        }
    }
    ready
}

/// The same row twice is one ticket; two rows with one id are a mistake.
fn ticket(record: Record, source: &Source<'_>, seen: &mut HashMap<String, (u64, Record)>) -> Result<Option<Command>, BadRow> {
    let ticket = row::ticket(&record, source)?;
    match seen.get(&ticket.external) {
        Some((_, first)) if first.cells == record.cells => Ok(None),
        Some((line, _)) => Err(BadRow::new(record.line, format!("Line {line} has the id {:?} already.", ticket.external))),
        None => {
            seen.insert(ticket.external.clone(), (record.line, record));
            Ok(Some(Command::ImportTicket(Box::new(ticket))))
        }
    }
}

fn directory_row(kind: Kind, record: &Record, known: &Known, now: Timestamp) -> Result<Option<Command>, BadRow> {
    match kind {
        Kind::Requesters => directory::requester(record, known, now),
        Kind::Sites => directory::site(record, known),
        Kind::Rotas => directory::rota(record, known),
        Kind::People | Kind::Tickets => directory::person(record, known),
    }
}

/// What cannot be compared beforehand has a key made of the row, so that the server knows it again: requesters, and sites
/// beyond those that the server lists.
fn key(kind: Kind, record: &Record, known: &Known) -> uuid::Uuid {
    match kind {
        Kind::Requesters => directory::key_of(kind.word(), record),
        Kind::Sites if known.sites.len() >= SITES_LISTED => directory::key_of(kind.word(), record),
        _ => new_id(),
    }
}

fn bar(rows: usize) -> ProgressBar {
    if rows <= BAR_FROM || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {human_pos} / {human_len} rows, {eta} left");
    ProgressBar::new(u64::try_from(rows).unwrap_or(u64::MAX)).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn tell(args: &Args, mut report: Report, global: &Global) -> Result<(), CliError> {
    report.bad.sort_by_key(|bad| bad.line);
    report.refused = u64::try_from(report.bad.len()).unwrap_or(u64::MAX);
    let file = args.file.display();
    for bad in &report.bad {
        global.out.note(&format!("{file}:{}: {}", bad.line, bad.reason));
    }
    let Report { created, unchanged, refused, .. } = report;
    let verb = if args.dry_run { "would be sent" } else { "brought in" };
    global.out.done(&report, &format!("{created} {} {verb}, {unchanged} unchanged, {refused} refused.", args.kind.word()))?;
    if refused == 0 {
        return Ok(());
    }
    let why = format!("{refused} of the rows of {file} were refused; correct them and import the file again.");
    Err(CliError::new(ErrorKind::Refused, "rows_refused", why))
}
