//! Changes of the roster: made, answered, withdrawn, listed.

use chrono::{DateTime, Utc};
use clap::ValueEnum;

use crate::base::clock::{Clock, new_id};
use crate::cli::Global;
use crate::cli::error::CliError;
use crate::cli::names::{self, with_query};
use crate::cli::rota::breach_sentence;
use crate::cli::submit::submit;
use crate::cli::words::{instant, local, rfc3339, word_of};
use crate::client::api::Api;
use crate::domain::command::{Command, CommandResult};
use crate::domain::id::RosterChangeId;
use crate::domain::person::Person;
use crate::domain::roster::{ChangeState, RosterChange, RosterChangeKind, Rota};
use crate::wire::list::Items;

#[derive(Debug, clap::Args)]
pub(super) struct Deviation {
    /// Such as 2026-11-21, "2026-11-21 08:00".
    #[arg(long, value_parser = instant, value_name = "WHEN")]
    pub(super) from: DateTime<Utc>,
    #[arg(long, value_parser = instant, value_name = "WHEN")]
    to: DateTime<Utc>,
    /// Whose duty; your own when absent. That of others is for leads.
    #[arg(long, value_name = "HANDLE")]
    person: Option<String>,
    /// A rota's key; may be absent when the person is in one only.
    #[arg(long, value_name = "KEY")]
    rota: Option<String>,
    #[arg(long, default_value = "")]
    reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Answer {
    Accept,
    Decline,
}

/// The rota with this key, or the only one that `person` is in.
pub(super) async fn rota_of(api: &Api, key: Option<&str>, person: &Person) -> Result<Rota, CliError> {
    if let Some(key) = key {
        return names::rota(api, key).await;
    }
    let mut rotas = names::rotas(api).await?;
    rotas.retain(|rota| rota.active && rota.members.iter().any(|member| member.person == person.id));
    let found = rotas.len();
    let why = || CliError::usage(format!("{} is in {found} rotas: name one with --rota KEY.", person.handle));
    rotas.pop().filter(|_| found == 1).ok_or_else(why)
}

/// A change that is new: what the server writes itself is left plain.
pub(super) fn fresh(
    id: RosterChangeId,
    rota: &Rota,
    kind: RosterChangeKind,
    person: &Person,
    span: (DateTime<Utc>, DateTime<Utc>),
) -> RosterChange {
    RosterChange {
        id,
        version: 0,
        rota: rota.id,
        kind,
        person: person.id,
        other: None,
        from: span.0,
        to: span.1,
        other_from: None,
        other_to: None,
        state: ChangeState::InForce,
        reason: String::new(),
        asked_by: person.id,
        answered_by: None,
        answer: String::new(),
        cancelled: false,
        created_at: Clock::System.now(),
    }
}

pub(super) async fn put(
    api: &Api,
    deviation: Deviation,
    kind: RosterChangeKind,
    other: Option<String>,
    other_span: Option<(DateTime<Utc>, DateTime<Utc>)>,
    global: &Global,
) -> Result<(), CliError> {
    let person = names::person(api, deviation.person.as_deref().unwrap_or("me")).await?;
    let other = match other {
        Some(handle) => Some(names::person(api, &handle).await?),
        None => None,
    };
    let rota = rota_of(api, deviation.rota.as_deref(), &person).await?;
    let plain = fresh(new_id().into(), &rota, kind, &person, (deviation.from, deviation.to));
    let change = RosterChange {
        other: other.as_ref().map(|other| other.id),
        other_from: other_span.map(|span| span.0),
        other_to: other_span.map(|span| span.1),
        state: if kind == RosterChangeKind::Swap { ChangeState::Asked } else { ChangeState::InForce },
        reason: deviation.reason,
        ..plain
    };
    let result = submit(api, None, Command::PutRosterChange(change.clone())).await?;
    warn(api, &result, global).await?;
    let (handle, other) = (&person.handle, other.map_or_else(|| "-".to_owned(), |other| other.handle));
    let what = match kind {
        RosterChangeKind::Leave => format!("{handle} is on leave"),
        RosterChangeKind::Extra => format!("{handle} is on duty"),
        RosterChangeKind::Cover => format!("{other} takes over from {handle}"),
        RosterChangeKind::Swap => format!("{other} is asked to take {handle}'s duty"),
        RosterChangeKind::Cancel => format!("{handle} is not needed"),
    };
    global.out.done(&change, &format!("{what} from {} to {} ({}).", local(change.from), local(change.to), change.id))
}

/// Tells limits that are broken though the change was made.
async fn warn(api: &Api, result: &CommandResult, global: &Global) -> Result<(), CliError> {
    if result.warnings.is_empty() || global.json {
        return Ok(());
    }
    let people = names::people(api).await?;
    for breach in &result.warnings {
        global.out.note(&format!("This breaks a limit: {}", breach_sentence(breach, &people)));
    }
    Ok(())
}

async fn say(api: &Api, id: RosterChangeId, accept: bool, reason: Option<String>, global: &Global) -> Result<CommandResult, CliError> {
    let result = submit(api, None, Command::AnswerRosterChange { id, accept, reason }).await?;
    warn(api, &result, global).await?;
    Ok(result)
}

pub(super) async fn answer(api: &Api, id: RosterChangeId, accept: bool, reason: Option<String>, global: &Global) -> Result<(), CliError> {
    let result = say(api, id, accept, reason, global).await?;
    global.out.done(&result, if accept { "You accepted the swap." } else { "You declined the swap." })
}

pub(super) async fn approve(api: &Api, id: RosterChangeId, accept: bool, reason: Option<String>, global: &Global) -> Result<(), CliError> {
    let all = api.get::<Items<RosterChange>>("/api/v1/roster-changes?from=1970-01-01T00:00:00Z&cancelled=true").await?.items;
    let change = all.into_iter().find(|change| change.id == id);
    // A lead who is asked for a swap of their own must not answer it by approving.
    if change.is_some_and(|change| change.state == ChangeState::Asked) {
        return Err(CliError::usage("The other has not answered yet: a swap is approved once both want it.".to_owned()));
    }
    let result = say(api, id, accept, reason, global).await?;
    global.out.done(&result, if accept { "The swap is approved." } else { "The swap is declined." })
}

pub(super) async fn cancel(api: &Api, id: RosterChangeId, global: &Global) -> Result<(), CliError> {
    let result = submit(api, None, Command::CancelRosterChange { id }).await?;
    global.out.done(&result, &format!("{id} is withdrawn."))
}

/// Which changes to list.
pub(super) struct Filter {
    pub(super) rota: Option<String>,
    pub(super) person: Option<String>,
    pub(super) state: Option<ChangeState>,
    pub(super) from: Option<DateTime<Utc>>,
    pub(super) all: bool,
}

pub(super) async fn list(api: &Api, filter: Filter, global: &Global) -> Result<(), CliError> {
    if let Some(key) = &filter.rota {
        names::rota(api, key).await?;
    }
    let person = match &filter.person {
        Some(handle) => Some(names::person(api, handle).await?.handle),
        None => None,
    };
    let query = [
        ("rota", filter.rota),
        ("person", person),
        ("state", filter.state.map(|state| word_of(&state))),
        ("from", filter.from.map(rfc3339)),
        ("cancelled", filter.all.then(|| "true".to_owned())),
    ];
    let changes = api.get::<Items<RosterChange>>(&with_query("/api/v1/roster-changes", &query)).await?.items;
    let (people, rotas) = if global.json { (Vec::new(), Vec::new()) } else { (names::people(api).await?, names::rotas(api).await?) };
    global.out.list(&changes, &["ID", "KIND", "STATE", "PERSON", "OTHER", "FROM", "TO", "ROTA", "REASON"], |change| {
        vec![
            change.id.to_string(),
            word_of(&change.kind),
            if change.cancelled { "withdrawn".to_owned() } else { word_of(&change.state) },
            names::handle_of(&people, change.person),
            change.other.map_or_else(|| "-".to_owned(), |other| names::handle_of(&people, other)),
            local(change.from),
            local(change.to),
            names::rota_of(&rotas, change.rota),
            change.reason.clone(),
        ]
    })
}
