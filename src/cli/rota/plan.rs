//! Rosters written out person by day: listed, published, withdrawn, and shown as a grid.

use chrono::{Datelike, Days};

use crate::base::text::{clean, fit, width};
use crate::cli::Global;
use crate::cli::error::CliError;
use crate::cli::names::{self, with_query};
use crate::cli::submit::submit;
use crate::cli::words::word_of;
use crate::client::api::Api;
use crate::domain::command::Command;
use crate::domain::id::RosterPlanId;
use crate::domain::person::Person;
use crate::domain::roster::{PlanState, RosterPlan};
use crate::wire::list::Items;

/// Days side by side in a grid: two weeks fit a terminal of 80 columns.
const BLOCK_DAYS: usize = 14;
/// As a day off is shown.
const OFF: &str = "·";

pub(super) async fn list(api: &Api, key: Option<String>, global: &Global) -> Result<(), CliError> {
    if let Some(key) = &key {
        names::rota(api, key).await?;
    }
    let plans = api.get::<Items<RosterPlan>>(&with_query("/api/v1/roster-plans", &[("rota", key)])).await?.items;
    let (people, rotas) = if global.json { (Vec::new(), Vec::new()) } else { (names::people(api).await?, names::rotas(api).await?) };
    global.out.list(&plans, &["ID", "ROTA", "FROM", "TO", "STATE", "PEOPLE", "BY", "REASON"], |plan| {
        let last = plan.to.checked_sub_days(Days::new(1)).unwrap_or(plan.to);
        vec![
            plan.id.to_string(),
            names::rota_of(&rotas, plan.rota),
            plan.from.to_string(),
            last.to_string(),
            word_of(&plan.state),
            plan.rows.len().to_string(),
            plan.made_by.map_or_else(|| "-".to_owned(), |id| names::handle_of(&people, id)),
            plan.reason.clone(),
        ]
    })
}

/// Stores a plan; tells what it is now.
pub(super) async fn put(api: &Api, plan: &RosterPlan, state: PlanState) -> Result<RosterPlan, CliError> {
    let plan = RosterPlan { state, ..plan.clone() };
    submit(api, None, Command::PutRosterPlan(Box::new(plan.clone()))).await?;
    Ok(plan)
}

async fn get(api: &Api, id: RosterPlanId) -> Result<RosterPlan, CliError> {
    Ok(api.get(&format!("/api/v1/roster-plans/{id}")).await?)
}

pub(super) async fn publish(api: &Api, id: RosterPlanId, global: &Global) -> Result<(), CliError> {
    let plan = put(api, &get(api, id).await?, PlanState::Published).await?;
    let last = plan.to.checked_sub_days(Days::new(1)).unwrap_or(plan.to);
    global.out.done(&plan, &format!("The roster from {} to {last} is published: it counts instead of the pattern.", plan.from))
}

pub(super) async fn withdraw(api: &Api, id: RosterPlanId, global: &Global) -> Result<(), CliError> {
    let plan = put(api, &get(api, id).await?, PlanState::Withdrawn).await?;
    global.out.done(&plan, "The roster is withdrawn: the pattern counts again.")
}

/// People down, days across, two weeks at a time.
#[must_use]
pub(super) fn grid(plan: &RosterPlan, people: &[Person]) -> String {
    let days: Vec<_> = plan.from.iter_days().take_while(|day| *day < plan.to).collect();
    let handles: Vec<String> = plan.rows.iter().map(|row| clean(&names::handle_of(people, row.person))).collect();
    let first = handles.iter().map(|handle| width(handle)).max().unwrap_or(0).max(7);
    let codes = plan.rows.iter().flat_map(|row| row.codes.iter().flatten());
    let cell = codes.map(|code| width(code)).max().unwrap_or(1).max(2);
    let mut out = String::new();
    for (block, days) in days.chunks(BLOCK_DAYS).enumerate() {
        let heading = days.first().map(|day| day.format("%Y-%m").to_string()).unwrap_or_default();
        let line = |name: &str, cells: Vec<String>| {
            let cells: Vec<String> = cells.iter().map(|text| fit(text, cell)).collect();
            format!("{}\n", format!("{}  {}", fit(name, first), cells.join(" ")).trim_end())
        };
        if block > 0 {
            out.push('\n');
        }
        out.push_str(&line("", days.iter().map(|day| day.weekday().to_string()[..2].to_owned()).collect()));
        out.push_str(&line(&heading, days.iter().map(|day| format!("{:02}", day.day())).collect()));
        for (row, handle) in plan.rows.iter().zip(&handles) {
            let codes = row.codes.iter().skip(block * BLOCK_DAYS).take(days.len());
            out.push_str(&line(handle, codes.map(|code| clean(code.as_deref().unwrap_or(OFF))).collect()));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::person::Role;
    use crate::domain::roster::PlanRow;
    use crate::domain::testing::{ANA, at, id, main_rota, person};

    #[test]
    fn a_grid_has_a_block_for_each_two_weeks() {
        let plan = RosterPlan {
            id: id(1),
            version: 1,
            rota: main_rota(),
            from: "2026-11-23".parse().unwrap(),
            to: "2026-12-08".parse().unwrap(),
            rows: vec![PlanRow { person: id(ANA), codes: (0..15).map(|day| (day % 2 == 0).then(|| "早".to_owned())).collect() }],
            state: PlanState::Proposed,
            reason: String::new(),
            made_by: None,
            created_at: at("2026-11-21T00:00:00Z"),
        };
        let text = grid(&plan, &[person(ANA, "ana", Role::Agent, 1, &[])]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "         Mo Tu We Th Fr Sa Su Mo Tu We Th Fr Sa Su");
        assert_eq!(lines[1], "2026-11  23 24 25 26 27 28 29 30 01 02 03 04 05 06");
        assert_eq!(lines[2], "ana      早 ·  早 ·  早 ·  早 ·  早 ·  早 ·  早 ·");
        assert_eq!(lines[4..], ["         Mo", "2026-12  07", "ana      早"]);
    }
}
