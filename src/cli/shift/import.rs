//! Leave, extra shifts and covers from an iCalendar file. An event's UID makes the id of its change: the same file again
//! changes nothing, a moved event moves its change, and what was withdrawn on the desk stays withdrawn.

use std::path::PathBuf;

use chrono_tz::Tz;
use clap::ValueEnum;
use serde::Serialize;

use super::change::{fresh, rota_of};
use crate::cli::Global;
use crate::cli::error::CliError;
use crate::cli::names;
use crate::cli::rota::breach_sentence;
use crate::cli::spec;
use crate::cli::submit::submit_all;
use crate::cli::words::local;
use crate::client::api::Api;
use crate::domain::command::Command;
use crate::domain::directory::Directory;
use crate::domain::id::{PersonId, RosterChangeId};
use crate::domain::person::Person;
use crate::domain::roster::{RosterChange, RosterChangeKind, Rota};
use crate::wire::ical::read::{BadEvent, Event, events};
use crate::wire::ical::write::uuid_of;
use crate::wire::list::Items;

/// Commands sent at once: the server takes 100.
const BATCH: usize = 100;
const SUMMARY_MAX: usize = 200;

#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// An .ics file.
    file: PathBuf,
    /// A rota's key; may be absent when the person is in one only.
    #[arg(long, value_name = "KEY")]
    rota: Option<String>,
    /// Whose duty; your own when absent. That of others is for leads.
    #[arg(long, value_name = "HANDLE")]
    person: Option<String>,
    /// What the events are.
    #[arg(long = "as", value_enum)]
    kind: Kind,
    /// Who takes over; for covers.
    #[arg(long, value_name = "HANDLE", required_if_eq("kind", "cover"))]
    by: Option<String>,
    /// Show what would be done.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    Leave,
    Extra,
    Cover,
}

impl Kind {
    fn change(self) -> RosterChangeKind {
        match self {
            Self::Leave => RosterChangeKind::Leave,
            Self::Extra => RosterChangeKind::Extra,
            Self::Cover => RosterChangeKind::Cover,
        }
    }
}

/// What becomes of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Fate {
    New,
    Moved,
    Unchanged,
    /// Withdrawn on the desk: stays so.
    Withdrawn,
}

#[derive(Debug, Serialize)]
struct Line {
    fate: Fate,
    summary: String,
    change: RosterChange,
}

#[derive(Serialize)]
struct Report<'a> {
    dry_run: bool,
    changed: usize,
    unchanged: usize,
    items: &'a [Line],
}

pub(super) async fn run(api: &Api, args: Import, global: &Global) -> Result<(), CliError> {
    let path = args.file.as_path();
    let text = std::fs::read_to_string(path).map_err(|error| CliError::usage(format!("{} cannot be read: {error}.", path.display())))?;
    let found = events(&text).map_err(|why| CliError::usage(format!("{}: {why}", path.display())))?;
    let person = names::person(api, args.person.as_deref().unwrap_or("me")).await?;
    let rota = rota_of(api, args.rota.as_deref(), &person).await?;
    let other = match &args.by {
        Some(handle) => Some(names::person(api, handle).await?.id),
        None => None,
    };
    let known = api.get::<Items<RosterChange>>("/api/v1/roster-changes?from=1970-01-01T00:00:00Z&cancelled=true").await?.items;
    let known = Directory { roster_changes: known.into_iter().map(|row| (row.id, row)).collect(), ..Directory::default() };
    let (lines, mistakes) = plan(found, &rota, args.kind.change(), &person, other, &known);
    spec::refuse(path, &mistakes, global)?;
    let due: Vec<&Line> = lines.iter().filter(|line| matches!(line.fate, Fate::New | Fate::Moved)).collect();
    if !args.dry_run {
        for batch in due.chunks(BATCH) {
            let commands = batch.iter().map(|line| (None, Command::PutRosterChange(line.change.clone()))).collect();
            for breach in submit_all(api, commands).await?.iter().flat_map(|result| &result.warnings) {
                let people = names::people(api).await?;
                global.out.note(&format!("This breaks a limit: {}", breach_sentence(breach, &people)));
            }
        }
    }
    let (changed, unchanged) = (due.len(), lines.len() - due.len());
    if global.json {
        return global.out.json(&Report { dry_run: args.dry_run, changed, unchanged, items: &lines });
    }
    if args.dry_run {
        global.out.list(&lines, &["WHAT", "FROM", "TO", "EVENT"], |line| {
            let fate = crate::cli::words::word_of(&line.fate);
            vec![fate, local(line.change.from), local(line.change.to), line.summary.clone()]
        })?;
    }
    let verb = if args.dry_run { "would be changed" } else { "changed" };
    global.out.line(&format!("{changed} {verb}, {unchanged} unchanged, for {} in {}.", person.handle, rota.key))
}

/// Events as changes, and what is wrong with those that cannot be.
fn plan(
    found: Vec<Result<Event, BadEvent>>,
    rota: &Rota,
    kind: RosterChangeKind,
    person: &Person,
    other: Option<PersonId>,
    known: &Directory,
) -> (Vec<Line>, Vec<String>) {
    let zone: Tz = person.time_zone.parse().unwrap_or(chrono_tz::UTC);
    let (mut lines, mut mistakes): (Vec<Line>, Vec<String>) = (Vec::new(), Vec::new());
    for event in found {
        let event = match event {
            Ok(event) => event,
            Err(bad) => {
                mistakes.push(format!("event {} ({}): {}", bad.place, bad.summary, bad.reason));
                continue;
            }
        };
        let (from, to) = (event.from.instant(zone), event.to.instant(zone));
        if from >= to {
            mistakes.push(format!("event {} ({}): It ends before it begins: correct its DTEND.", event.place, event.summary));
            continue;
        }
        let id: RosterChangeId = uuid_of(&format!("change {} {} {kind:?} {}", rota.id, person.id, event.uid)).into();
        if lines.iter().any(|line| line.change.id == id) {
            mistakes.push(format!("event {} ({}): Another event has its UID: give each its own.", event.place, event.summary));
            continue;
        }
        let reason = event.summary.chars().take(SUMMARY_MAX).collect();
        let change = RosterChange { other, reason, ..fresh(id, rota, kind, person, (from, to)) };
        let fate = match known.roster_changes.get(&id) {
            None => Fate::New,
            Some(old) if old.cancelled => Fate::Withdrawn,
            Some(old) if (old.from, old.to, old.other, &old.reason) == (change.from, change.to, change.other, &change.reason) => {
                Fate::Unchanged
            }
            Some(_) => Fate::Moved,
        };
        lines.push(Line { fate, summary: event.summary, change });
    }
    (lines, mistakes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::{ANA, Desk, at, id, main_rota};

    fn calendar(events: &[(&str, &str, &str)]) -> String {
        let one = |(uid, from, to): &(&str, &str, &str)| {
            format!("BEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:Sea\r\nDTSTART;VALUE=DATE:{from}\r\nDTEND;VALUE=DATE:{to}\r\nEND:VEVENT\r\n")
        };
        format!("BEGIN:VCALENDAR\r\n{}END:VCALENDAR\r\n", events.iter().map(one).collect::<String>())
    }

    fn fates(desk: &Desk, file: &[(&str, &str, &str)]) -> (Vec<Line>, Vec<String>) {
        let (rota, person) = (&desk.directory.rotas[&main_rota()], &desk.directory.people[&id(ANA)]);
        plan(events(&calendar(file)).unwrap(), rota, RosterChangeKind::Leave, person, None, &desk.directory)
    }

    #[test]
    fn a_second_import_changes_nothing_and_a_moved_event_moves_its_change() {
        let mut desk = Desk::new();
        desk.directory.people.get_mut(&id(ANA)).unwrap().time_zone = "Asia/Shanghai".into();
        let file = [("a", "20261224", "20261227"), ("b", "20270101", "20270102")];
        let (lines, mistakes) = fates(&desk, &file);
        assert!(mistakes.is_empty() && lines.iter().all(|line| line.fate == Fate::New));
        assert_eq!(lines[0].change.from, at("2026-12-23T16:00:00Z"));
        for line in lines {
            desk.directory.roster_changes.insert(line.change.id, line.change);
        }
        assert!(fates(&desk, &file).0.iter().all(|line| line.fate == Fate::Unchanged));
        let moved = fates(&desk, &[("a", "20261223", "20261227")]).0;
        assert_eq!(moved[0].fate, Fate::Moved);
        desk.directory.roster_changes.get_mut(&moved[0].change.id).unwrap().cancelled = true;
        assert_eq!(fates(&desk, &file).0[0].fate, Fate::Withdrawn);
    }

    #[test]
    fn what_is_wrong_is_told_for_every_event() {
        let desk = Desk::new();
        let (lines, mistakes) =
            fates(&desk, &[("a", "20261224", "20261224"), ("b", "20270101", "20270102"), ("b", "20270105", "20270106")]);
        assert_eq!((lines.len(), mistakes.len()), (1, 2), "{mistakes:?}");
        assert!(mistakes[0].starts_with("event 1 (Sea)") && mistakes[1].contains("Another event has its UID"));
    }
}
