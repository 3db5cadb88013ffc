//! `dutydesk shift`: who is on duty when, and what deviates from the pattern.

use chrono::{DateTime, Utc};
use clap::Subcommand;

use super::Global;
use super::error::CliError;
use super::names::{self, with_query};
use super::submit::submit;
use super::words::{instant, local, rfc3339};
use crate::base::clock::{Clock, new_id};
use crate::client::api::Api;
use crate::domain::command::Command;
use crate::domain::id::RosterChangeId;
use crate::domain::roster::{RosterChange, RosterChangeKind, Shift};
use crate::wire::duty::Roster;
use crate::wire::list::Items;

/// Who is on duty when.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// List the shifts of a span; a day from now when none is given.
    List(Span),
    /// List who is on duty at an instant.
    OnDuty {
        /// Now when absent.
        #[arg(long, value_parser = instant, value_name = "WHEN")]
        at: Option<DateTime<Utc>>,
        /// A queue's key.
        #[arg(long, value_name = "KEY")]
        queue: Option<String>,
    },
    /// List spans with fewer people than the rota requires.
    Gaps(Span),
    /// Say that somebody is not on duty in a span.
    Leave(Deviation),
    /// Let somebody take over in a span.
    Cover {
        #[command(flatten)]
        deviation: Deviation,
        /// Who takes over.
        #[arg(long, value_name = "HANDLE")]
        by: String,
    },
    /// Put somebody on duty in a span, beside the pattern.
    Extra(Deviation),
    /// Withdraw leave, a cover or an extra shift.
    Cancel {
        /// As in `change` of `shift list --json`, or as printed when it was made.
        change: RosterChangeId,
    },
}

#[derive(Debug, clap::Args)]
struct Span {
    /// Such as 2026-11-21, "2026-11-21 08:00"; now when absent.
    #[arg(long, value_parser = instant, value_name = "WHEN")]
    from: Option<DateTime<Utc>>,
    /// A day after the start when absent; at most 62 days after it.
    #[arg(long, value_parser = instant, value_name = "WHEN")]
    to: Option<DateTime<Utc>>,
    /// A rota's key.
    #[arg(long, value_name = "KEY")]
    rota: Option<String>,
}

#[derive(Debug, clap::Args)]
struct Deviation {
    /// Such as 2026-11-21, "2026-11-21 08:00".
    #[arg(long, value_parser = instant, value_name = "WHEN")]
    from: DateTime<Utc>,
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

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    match args.act {
        Act::List(span) => {
            let roster = roster(&api, span).await?;
            shifts(&api, &roster.shifts, global).await
        }
        Act::OnDuty { at, queue } => {
            if let Some(key) = &queue {
                names::queue(&api, key).await?;
            }
            let path = with_query("/api/v1/on-duty", &[("at", at.map(rfc3339)), ("queue", queue)]);
            let on_duty = api.get::<Items<Shift>>(&path).await?.items;
            shifts(&api, &on_duty, global).await
        }
        Act::Gaps(span) => {
            let roster = roster(&api, span).await?;
            let rotas = if global.json { Vec::new() } else { names::rotas(&api).await? };
            global.out.list(&roster.gaps, &["FROM", "TO", "ROTA", "ON DUTY", "REQUIRED"], |gap| {
                let rota = names::rota_of(&rotas, gap.rota);
                vec![local(gap.from), local(gap.to), rota, gap.on_duty.to_string(), gap.required.to_string()]
            })
        }
        Act::Leave(deviation) => change(&api, deviation, RosterChangeKind::Leave, None, global).await,
        Act::Cover { deviation, by } => change(&api, deviation, RosterChangeKind::Cover, Some(by), global).await,
        Act::Extra(deviation) => change(&api, deviation, RosterChangeKind::Extra, None, global).await,
        Act::Cancel { change } => {
            let result = submit(&api, None, Command::CancelRosterChange { id: change }).await?;
            global.out.done(&result, &format!("{change} is withdrawn."))
        }
    }
}

async fn roster(api: &Api, span: Span) -> Result<Roster, CliError> {
    if let Some(key) = &span.rota {
        // The server answers an empty roster for a rota that is not there.
        names::rota(api, key).await?;
    }
    let path = with_query("/api/v1/roster", &[("from", span.from.map(rfc3339)), ("to", span.to.map(rfc3339)), ("rota", span.rota)]);
    Ok(api.get(&path).await?)
}

async fn shifts(api: &Api, shifts: &[Shift], global: &Global) -> Result<(), CliError> {
    let (people, rotas) = if global.json { (Vec::new(), Vec::new()) } else { (names::people(api).await?, names::rotas(api).await?) };
    global.out.list(shifts, &["FROM", "TO", "ROTA", "SHIFT", "PERSON"], |shift| {
        let (rota, person) = (names::rota_of(&rotas, shift.rota), names::handle_of(&people, shift.person));
        vec![local(shift.from), local(shift.to), rota, shift.code.clone(), person]
    })
}

async fn change(api: &Api, deviation: Deviation, kind: RosterChangeKind, by: Option<String>, global: &Global) -> Result<(), CliError> {
    let person = names::person(api, deviation.person.as_deref().unwrap_or("me")).await?;
    let other = match by {
        Some(handle) => Some(names::person(api, &handle).await?),
        None => None,
    };
    let rota = match deviation.rota {
        Some(key) => names::rota(api, &key).await?,
        None => {
            let mut rotas = names::rotas(api).await?;
            rotas.retain(|rota| rota.active && rota.members.iter().any(|member| member.person == person.id));
            let found = rotas.len();
            let why = || CliError::usage(format!("{} is in {found} rotas: name one with --rota KEY.", person.handle));
            rotas.pop().filter(|_| found == 1).ok_or_else(why)?
        }
    };
    let change = RosterChange {
        other_from: None,
        other_to: None,
        state: crate::domain::roster::ChangeState::InForce,
        answered_by: None,
        answer: String::new(),
        id: new_id().into(),
        version: 0,
        rota: rota.id,
        kind,
        person: person.id,
        other: other.as_ref().map(|other| other.id),
        from: deviation.from,
        to: deviation.to,
        reason: deviation.reason,
        // The server writes both as it knows them.
        asked_by: person.id,
        cancelled: false,
        created_at: Clock::System.now(),
    };
    submit(api, None, Command::PutRosterChange(change.clone())).await?;
    let what = match (kind, &other) {
        (RosterChangeKind::Leave, _) => format!("{} is on leave", person.handle),
        (RosterChangeKind::Extra, _) => format!("{} is on duty", person.handle),
        (RosterChangeKind::Cover, Some(other)) => format!("{} takes over from {}", other.handle, person.handle),
        (RosterChangeKind::Cover, None) => format!("{} is covered", person.handle),
        (RosterChangeKind::Swap, _) => format!("{} asks to swap", person.handle),
        (RosterChangeKind::Cancel, _) => format!("{} is not needed", person.handle),
    };
    global.out.done(&change, &format!("{what} from {} to {} ({}).", local(change.from), local(change.to), change.id))
}
