//! `dutydesk shift`: who is on duty when, and what deviates from the pattern.

mod change;
mod import;
mod link;

use chrono::{DateTime, Duration, Utc};
use clap::Subcommand;

use self::change::{Answer, Deviation};
use super::Global;
use super::error::CliError;
use super::names::{self, with_query};
use super::words::{instant, local, rfc3339, word};
use crate::base::clock::Clock;
use crate::client::api::Api;
use crate::domain::id::RosterChangeId;
use crate::domain::roster::{ChangeState, RosterChangeKind, Shift};
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
    /// Say that somebody is not needed in a span: no leave of theirs.
    Drop(Deviation),
    /// Ask somebody to swap: they take the first span, and give the second for it.
    Swap {
        #[command(flatten)]
        deviation: Deviation,
        /// Who is asked.
        #[arg(long, value_name = "HANDLE")]
        with: String,
        /// The span of their duty that is taken for it.
        #[arg(long, value_parser = instant, value_name = "WHEN")]
        other_from: DateTime<Utc>,
        #[arg(long, value_parser = instant, value_name = "WHEN")]
        other_to: DateTime<Utc>,
    },
    /// Answer a swap that you were asked for.
    Answer {
        /// As in `shift changes`.
        change: RosterChangeId,
        /// accept or decline.
        #[arg(value_enum)]
        answer: Answer,
        /// Why.
        #[arg(long)]
        reason: Option<String>,
    },
    /// Approve a swap that both want; leads.
    Approve {
        /// As in `shift changes`.
        change: RosterChangeId,
        /// Refuse it instead.
        #[arg(long)]
        decline: bool,
        /// Why.
        #[arg(long)]
        reason: Option<String>,
    },
    /// Withdraw a change: leave, a cover, a swap, an extra shift.
    Cancel {
        /// As in `shift changes`, or as printed when it was made.
        change: RosterChangeId,
    },
    /// List changes that are not over, with their ids.
    Changes {
        /// A rota's key.
        #[arg(long, value_name = "KEY")]
        rota: Option<String>,
        /// Those that name this person.
        #[arg(long, value_name = "HANDLE")]
        person: Option<String>,
        /// in_force, asked, accepted or declined.
        #[arg(long, value_parser = word::<ChangeState>)]
        state: Option<ChangeState>,
        /// Also those that ended after this instant.
        #[arg(long, value_parser = instant, value_name = "WHEN")]
        from: Option<DateTime<Utc>>,
        /// Also withdrawn ones.
        #[arg(long)]
        all: bool,
    },
    /// List your own shifts ahead.
    Mine {
        /// 1 to 62.
        #[arg(long, default_value_t = 28, value_parser = clap::value_parser!(u8).range(1..=62))]
        days: u8,
    },
    /// Make an address under which calendar programs read your shifts, or withdraw it.
    Calendar {
        /// All shifts of a rota instead, by its key; leads.
        #[arg(long, value_name = "KEY")]
        rota: Option<String>,
        /// Withdraw all addresses given out.
        #[arg(long)]
        revoke: bool,
    },
    /// Bring in leave, extra shifts or covers from an iCalendar file. The same file again changes nothing.
    Import(import::Import),
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
        Act::Leave(deviation) => change::put(&api, deviation, RosterChangeKind::Leave, None, None, global).await,
        Act::Cover { deviation, by } => change::put(&api, deviation, RosterChangeKind::Cover, Some(by), None, global).await,
        Act::Extra(deviation) => change::put(&api, deviation, RosterChangeKind::Extra, None, None, global).await,
        Act::Drop(deviation) => change::put(&api, deviation, RosterChangeKind::Cancel, None, None, global).await,
        Act::Swap { deviation, with, other_from, other_to } => {
            change::put(&api, deviation, RosterChangeKind::Swap, Some(with), Some((other_from, other_to)), global).await
        }
        Act::Answer { change, answer, reason } => change::answer(&api, change, answer == Answer::Accept, reason, global).await,
        Act::Approve { change, decline, reason } => change::approve(&api, change, !decline, reason, global).await,
        Act::Cancel { change } => change::cancel(&api, change, global).await,
        Act::Changes { rota, person, state, from, all } => {
            let filter = change::Filter { rota, person, state, from, all };
            change::list(&api, filter, global).await
        }
        Act::Mine { days } => mine(&api, days, global).await,
        Act::Calendar { rota, revoke: false } => link::make(&api, rota, global).await,
        Act::Calendar { rota, revoke: true } => link::revoke(&api, rota, global).await,
        Act::Import(args) => import::run(&api, args, global).await,
    }
}

async fn mine(api: &Api, days: u8, global: &Global) -> Result<(), CliError> {
    let (me, from) = (names::me(api).await?.id, Clock::System.now());
    let to = from + Duration::days(days.into());
    let path = with_query("/api/v1/roster", &[("from", Some(rfc3339(from))), ("to", Some(rfc3339(to)))]);
    let mut own = api.get::<Roster>(&path).await?.shifts;
    own.retain(|shift| shift.person == me);
    if own.is_empty() && !global.json {
        return global.out.line(&format!("You have no shift in the next {days} days."));
    }
    shifts(api, &own, global).await
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
