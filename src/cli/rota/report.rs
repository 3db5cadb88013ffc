//! What can be told of a rota: fairness, limits broken, gaps ahead, and who could cover.

use chrono::{DateTime, Duration, Utc};

use crate::base::clock::Clock;
use crate::cli::Global;
use crate::cli::error::CliError;
use crate::cli::names::{self, with_query};
use crate::cli::words::{instant, local, rfc3339};
use crate::client::api::Api;
use crate::domain::person::Person;
use crate::domain::roster::cover::CoverCandidate;
use crate::domain::roster::fairness::Fairness;
use crate::domain::roster::{LimitBreach, LimitRule};
use crate::wire::duty::Roster;
use crate::wire::list::Items;

#[derive(Debug, clap::Args)]
pub(super) struct Span {
    /// A rota's key.
    key: String,
    /// Such as 2026-11-01; now when absent.
    #[arg(long, value_parser = instant, value_name = "WHEN")]
    from: Option<DateTime<Utc>>,
    /// 28 days after the start when absent; at most 366 days after it.
    #[arg(long, value_parser = instant, value_name = "WHEN")]
    to: Option<DateTime<Utc>>,
}

async fn report_path(api: &Api, span: &Span, what: &str) -> Result<String, CliError> {
    let key = names::rota(api, &span.key).await?.key;
    Ok(with_query(&format!("/api/v1/rotas/{key}/{what}"), &[("from", span.from.map(rfc3339)), ("to", span.to.map(rfc3339))]))
}

/// `12:30` of minutes.
pub(super) fn hours(minutes: i64) -> String {
    let sign = if minutes < 0 { "-" } else { "" };
    format!("{sign}{}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

pub(super) async fn fairness(api: &Api, span: Span, global: &Global) -> Result<(), CliError> {
    let report: Fairness = api.get(&report_path(api, &span, "fairness").await?).await?;
    if global.json {
        return global.out.json(&report);
    }
    let people = names::people(api).await?;
    global.out.list(&report.rows, &["PERSON", "HOURS", "OFF MEAN", "SHIFTS", "NIGHTS", "WEEKENDS", "HOLIDAYS"], |row| {
        let off = if row.minutes_off_mean > 0 { format!("+{}", hours(row.minutes_off_mean)) } else { hours(row.minutes_off_mean) };
        let counts = [row.shifts, row.night_shifts, row.weekend_shifts, row.holiday_shifts];
        let mut cells = vec![names::handle_of(&people, row.person), hours(row.minutes), off];
        cells.extend(counts.map(|count| count.to_string()));
        cells
    })?;
    let (nights, weekends, holidays) = (report.mean_night_shifts, report.mean_weekend_shifts, report.mean_holiday_shifts);
    global.out.line(&format!(
        "Mean: {} hours, {nights:.1} nights, {weekends:.1} weekends, {holidays:.1} holidays, from {} to {}.",
        hours(report.mean_minutes),
        local(report.from),
        local(report.to)
    ))
}

pub(super) async fn limits(api: &Api, span: Span, global: &Global) -> Result<(), CliError> {
    let breaches = api.get::<Items<LimitBreach>>(&report_path(api, &span, "limits").await?).await?.items;
    let people = if global.json { Vec::new() } else { names::people(api).await? };
    if breaches.is_empty() && !global.json {
        return global.out.line("No limit is broken.");
    }
    global.out.list(&breaches, &["SHIFT FROM", "PERSON", "WHAT"], |breach| {
        vec![local(breach.at), names::handle_of(&people, breach.person), rule_broken(breach)]
    })
}

/// `rest of 8:00 hours, the rota asks for 11:00`.
fn rule_broken(breach: &LimitBreach) -> String {
    let (value, limit) = (i64::from(breach.value), i64::from(breach.limit));
    match breach.rule {
        LimitRule::MinRest => format!("rest of {} hours, the rota asks for {}", hours(value), hours(limit)),
        LimitRule::MaxWeek => format!("{} hours in the week, the rota allows {}", hours(value), hours(limit)),
        LimitRule::NightsInRow => format!("{value} nights in a row, the rota allows {limit}"),
        LimitRule::DaysInRow => format!("{value} days in a row, the rota allows {limit}"),
    }
}

/// A breach as one sentence.
#[must_use]
pub fn breach_sentence(breach: &LimitBreach, people: &[Person]) -> String {
    format!("{}, shift from {}: {}.", names::handle_of(people, breach.person), local(breach.at), rule_broken(breach))
}

pub(super) async fn gaps(api: &Api, key: &str, days: u8, global: &Global) -> Result<(), CliError> {
    let rota = names::rota(api, key).await?;
    let from = Clock::System.now();
    let to = from + Duration::days(days.into());
    let path = with_query("/api/v1/roster", &[("from", Some(rfc3339(from))), ("to", Some(rfc3339(to))), ("rota", Some(rota.key))]);
    let gaps = api.get::<Roster>(&path).await?.gaps;
    if gaps.is_empty() && !global.json {
        return global.out.line(&format!("{key} has no gap in the next {days} days."));
    }
    global.out.list(&gaps, &["FROM", "TO", "ON DUTY", "REQUIRED"], |gap| {
        vec![local(gap.from), local(gap.to), gap.on_duty.to_string(), gap.required.to_string()]
    })
}

pub(super) async fn cover(
    api: &Api,
    key: &str,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    person: Option<String>,
    global: &Global,
) -> Result<(), CliError> {
    let rota = names::rota(api, key).await?;
    let person = match person {
        Some(handle) => Some(names::person(api, &handle).await?.handle),
        None => None,
    };
    let query = [("from", Some(rfc3339(from))), ("to", Some(rfc3339(to))), ("person", person)];
    let found = api.get::<Items<CoverCandidate>>(&with_query(&format!("/api/v1/rotas/{}/cover", rota.key), &query)).await?.items;
    let people = if global.json { Vec::new() } else { names::people(api).await? };
    global.out.list(&found, &["PERSON", "CAN", "RESTED", "HOURS", "MEMBER", "WHY NOT"], |one| {
        let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
        let handle = names::handle_of(&people, one.person);
        vec![handle, yes(one.eligible), yes(one.rested), hours(one.minutes_in_period), yes(one.member), against(one)]
    })
}

fn against(one: &CoverCandidate) -> String {
    let mut words: Vec<String> = Vec::new();
    if one.on_leave {
        words.push("on leave".to_owned());
    }
    if one.on_duty_elsewhere {
        words.push("on duty then".to_owned());
    }
    if !one.lacks_skills.is_empty() {
        words.push(format!("lacks {}", one.lacks_skills.join(", ")));
    }
    words.extend(one.breaches.iter().map(rule_broken));
    if words.is_empty() { "-".to_owned() } else { words.join("; ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_read_as_hours() {
        assert_eq!([hours(0), hours(95), hours(-95), hours(6_000)], ["0:00", "1:35", "-1:35", "100:00"]);
    }
}
