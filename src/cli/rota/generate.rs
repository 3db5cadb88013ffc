//! Proposals: asked of the server, shown person by day with what they do not meet, and stored when one says so.

use chrono::NaiveDate;

use super::date;
use super::plan::{grid, put};
use super::report::{breach_sentence, hours};
use crate::cli::Global;
use crate::cli::error::CliError;
use crate::cli::names;
use crate::cli::words::{local, word_of};
use crate::client::api::Api;
use crate::domain::person::Person;
use crate::domain::roster::PlanState;
use crate::domain::roster::generate::{Proposal, Unmet, UnmetWhy, WEEKS_MAX};
use crate::wire::duty::GenerateRoster;

#[derive(Debug, clap::Args)]
pub(super) struct Generate {
    /// A rota's key.
    key: String,
    /// The first day, such as 2026-11-23.
    #[arg(long, value_parser = date, value_name = "DATE")]
    from: NaiveDate,
    /// 1 to 12.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=i64::from(WEEKS_MAX)))]
    weeks: u8,
    /// Another seed gives another proposal, the same seed the same one.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Moves that the search tries; more take longer.
    #[arg(long)]
    rounds: Option<u32>,
    /// Store it as a proposal, to be published later.
    #[arg(long, conflicts_with = "publish")]
    apply: bool,
    /// Store it and put it in the pattern's place.
    #[arg(long)]
    publish: bool,
}

pub(super) async fn run(api: &Api, args: Generate, global: &Global) -> Result<(), CliError> {
    let rota = names::rota(api, &args.key).await?;
    let wanted = GenerateRoster { from: args.from, weeks: args.weeks, seed: args.seed, rounds: args.rounds };
    let mut proposal: Proposal = api.generate(&rota.key, &wanted).await?;
    let state = match (args.apply, args.publish) {
        (_, true) => Some(PlanState::Published),
        (true, false) => Some(PlanState::Proposed),
        (false, false) => None,
    };
    if let Some(state) = state {
        proposal.plan = put(api, &proposal.plan, state).await?;
    }
    if global.json {
        return global.out.json(&proposal);
    }
    show(&proposal, &names::people(api).await?, global)?;
    global.out.line(&match state {
        None => "This is not stored: add --apply to store it, or --publish to let it count.".to_owned(),
        Some(PlanState::Published) => format!("Published as {}.", proposal.plan.id),
        Some(_) => format!("Stored as {0}: `dutydesk rota publish {0}` lets it count.", proposal.plan.id),
    })
}

fn show(proposal: &Proposal, people: &[Person], global: &Global) -> Result<(), CliError> {
    let out = global.out;
    out.raw(&grid(&proposal.plan, people))?;
    out.line("")?;
    for unmet in &proposal.unmet {
        out.line(&format!("Not met: {}", unmet_sentence(unmet)))?;
    }
    for breach in &proposal.breaches {
        out.line(&format!("Limit: {}", breach_sentence(breach, people)))?;
    }
    if proposal.unmet.is_empty() && proposal.breaches.is_empty() {
        out.line("Everything required is met, and no limit is broken.")?;
    }
    out.line("")?;
    let before = |person| proposal.fairness_before.rows.iter().find(|row| row.person == person).map_or(0, |row| row.minutes);
    let away = |person| proposal.away.iter().find(|one| one.person == person).map_or(0, |one| one.days);
    out.list(&proposal.fairness.rows, &["PERSON", "HOURS", "NIGHTS", "WEEKENDS", "BEFORE", "DAYS AWAY"], |row| {
        vec![
            names::handle_of(people, row.person),
            hours(row.minutes),
            row.night_shifts.to_string(),
            row.weekend_shifts.to_string(),
            hours(before(row.person)),
            away(row.person).to_string(),
        ]
    })?;
    out.line("")
}

/// `2026-11-24 23:00 to 2026-11-25 07:00, 1 of 2: who is free would break a limit (min_rest).`
fn unmet_sentence(unmet: &Unmet) -> String {
    let why = match unmet.why {
        UnmetWhy::NoShiftType => "no shift type reaches the span".to_owned(),
        UnmetWhy::MissingSkill => format!("nobody has {}", unmet.skills.join(", ")),
        UnmetWhy::MoreRounds => "somebody could take it: try more --rounds, or edit the plan".to_owned(),
        UnmetWhy::Limits => {
            let rules: Vec<String> = unmet.rules.iter().map(word_of).collect();
            format!("who is free would break a limit ({})", rules.join(", "))
        }
        UnmetWhy::NotEnoughPeople => "everybody left works another shift then or that day".to_owned(),
        UnmetWhy::OtherDuty => "everybody left is on duty elsewhere".to_owned(),
        UnmetWhy::AllOnLeave => "everybody left is on leave".to_owned(),
    };
    format!("{} to {}, {} of {}: {why}.", local(unmet.from), local(unmet.to), unmet.on_duty, unmet.required)
}
