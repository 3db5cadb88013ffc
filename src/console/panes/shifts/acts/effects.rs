//! What will happen, in a sentence or two: the change itself, gaps it opens or closes, limits it breaks. Reckoned on a copy of
//! the directory with the change in force.

use chrono::TimeDelta;

use crate::base::text::clean;
use crate::console::pane::Context;
use crate::console::panes::duty;
use crate::console::panes::shifts::words;
use crate::console::panes::times;
use crate::domain::Timestamp;
use crate::domain::command::Command;
use crate::domain::directory::Directory;
use crate::domain::id::{PersonId, RotaId};
use crate::domain::roster::{
    ChangeState, Gap, LimitBreach, LimitRule, PlanState, RosterChange, RosterChangeKind, RosterPlan, Rota, limits,
};

/// Gaps and breaches told one by one; more are counted.
const TOLD: usize = 2;
/// Days ahead in which a changed rota's gaps are counted.
const ROTA_DAYS: i64 = 14;

/// What a command does, before it is sent.
#[must_use]
pub fn sentence(command: &Command, context: &Context<'_>) -> String {
    let directory = context.directory;
    let change_of = |id| directory.roster_changes.get(id);
    let mut parts = match command {
        Command::PutRosterChange(change) => with_change(change, context),
        Command::AnswerRosterChange { id, accept: true, .. } => change_of(id).map_or_else(Vec::new, |change| with_change(change, context)),
        Command::AnswerRosterChange { id, .. } => {
            let words = change_of(id).map_or_else(String::new, |change| words::change(change, context));
            vec![context.locale.with("shifts-will-decline", &[("change", &words)])]
        }
        Command::CancelRosterChange { id } => change_of(id).map_or_else(Vec::new, |change| without_change(change, context)),
        Command::PutRosterPlan(plan) => with_plan(plan, context),
        Command::PutRota(rota) => with_rota(rota, context),
        _ => Vec::new(),
    };
    parts.retain(|part| !part.is_empty());
    parts.join(" ")
}

fn people_of(change: &RosterChange) -> Vec<PersonId> {
    [Some(change.person), change.other].into_iter().flatten().collect()
}

fn with_change(change: &RosterChange, context: &Context<'_>) -> Vec<String> {
    let mut parts = vec![words::change(change, context)];
    if change.kind == RosterChangeKind::Swap && change.state == ChangeState::Asked && change.other != Some(context.me.id) {
        let approval = context.directory.rotas.get(&change.rota).is_some_and(|rota| rota.swap_approval);
        let key = if approval { "shifts-will-ask-and-approve" } else { "shifts-will-ask" };
        let name = change.other.map_or_else(String::new, |other| clean(&context.directory.person_name(other)));
        parts.push(context.locale.with(key, &[("name", &name)]));
    }
    let mut after = context.directory.clone();
    after.roster_changes.insert(change.id, RosterChange { state: ChangeState::InForce, cancelled: false, ..change.clone() });
    parts.extend(consequences(&after, change, context));
    parts
}

fn without_change(change: &RosterChange, context: &Context<'_>) -> Vec<String> {
    let mut parts = vec![context.locale.with("shifts-will-withdraw", &[("change", &words::change(change, context))])];
    if change.state == ChangeState::InForce {
        let mut after = context.directory.clone();
        after.roster_changes.remove(&change.id);
        parts.extend(consequences(&after, change, context));
    }
    parts
}

/// Gaps and breaches of the change's rota that are in `after` and not now, in words.
fn consequences(after: &Directory, change: &RosterChange, context: &Context<'_>) -> Vec<String> {
    let spans = [Some((change.from, change.to)), change.other_from.zip(change.other_to)];
    let from = spans.iter().flatten().map(|span| span.0).min().unwrap_or(change.from).max(context.now);
    let to = spans.iter().flatten().map(|span| span.1).max().unwrap_or(change.to);
    let (before_gaps, after_gaps) = (gaps(context.directory, change.rota, from, to), gaps(after, change.rota, from, to));
    let opened: Vec<&Gap> = after_gaps.iter().filter(|gap| !before_gaps.contains(gap)).collect();
    let closed = before_gaps.iter().filter(|gap| !after_gaps.contains(gap)).count();
    let mut parts: Vec<String> = opened.iter().take(TOLD).map(|gap| format!("! {}.", words::gap(gap, context))).collect();
    if opened.len() > TOLD {
        parts.push(context.locale.count("shifts-more-gaps", opened.len() - TOLD));
    }
    if opened.is_empty() {
        let key = if closed > 0 { "shifts-closes-gap" } else { "shifts-no-new-gap" };
        parts.push(context.locale.text(key).into_owned());
    }
    let broken = breaches(after, change.rota, &people_of(change), from, to, context);
    parts.extend(broken.iter().take(TOLD).map(|breach| format!("! {}", breach_words(breach, context))));
    if broken.len() > TOLD {
        parts.push(context.locale.count("shifts-more-breaches", broken.len() - TOLD));
    }
    parts
}

fn gaps(directory: &Directory, rota: RotaId, from: Timestamp, to: Timestamp) -> Vec<Gap> {
    directory.rotas.get(&rota).map_or_else(Vec::new, |rota| duty::gaps(directory, rota, from, to))
}

/// Limits that the shifts of `people` newly break.
fn breaches(
    after: &Directory,
    rota: RotaId,
    people: &[PersonId],
    from: Timestamp,
    to: Timestamp,
    context: &Context<'_>,
) -> Vec<LimitBreach> {
    let Some(rota) = after.rotas.get(&rota) else { return Vec::new() };
    let Ok(zone) = rota.time_zone.parse::<chrono_tz::Tz>() else { return Vec::new() };
    let (from, to) = (from - TimeDelta::days(8), to + TimeDelta::days(8));
    let before = limits::breaches(context.directory, rota, people, from, to);
    limits::added(&before, limits::breaches(after, rota, people, from, to), zone)
}

/// `李娜 rests 8h before Tue 24 Nov 07:00 (at least 11h).`
#[must_use]
pub fn breach_words(breach: &LimitBreach, context: &Context<'_>) -> String {
    let name = clean(&context.directory.person_name(breach.person));
    let (value, limit) = amounts(breach);
    let key = match breach.rule {
        LimitRule::MinRest => "shifts-breach-rest",
        LimitRule::MaxWeek => "shifts-breach-week",
        LimitRule::NightsInRow => "shifts-breach-nights",
        LimitRule::DaysInRow => "shifts-breach-days",
    };
    let at = times::moment(context.locale, breach.at, context.now, context.zone);
    context.locale.with(key, &[("name", &name), ("value", &value), ("limit", &limit), ("at", &at)])
}

/// `! rest 8h of 11h`: within a list whose line names the person.
#[must_use]
pub fn breach_short(breach: &LimitBreach, context: &Context<'_>) -> String {
    let (value, limit) = amounts(breach);
    let key = match breach.rule {
        LimitRule::MinRest => "shifts-short-rest",
        LimitRule::MaxWeek => "shifts-short-week",
        LimitRule::NightsInRow => "shifts-short-nights",
        LimitRule::DaysInRow => "shifts-short-days",
    };
    context.locale.with(key, &[("value", &value), ("limit", &limit)])
}

fn amounts(breach: &LimitBreach) -> (String, String) {
    let hours = |minutes: u32| words::hours(i64::from(minutes));
    match breach.rule {
        LimitRule::MinRest | LimitRule::MaxWeek => (hours(breach.value), hours(breach.limit)),
        LimitRule::NightsInRow | LimitRule::DaysInRow => (breach.value.to_string(), breach.limit.to_string()),
    }
}

fn with_plan(plan: &RosterPlan, context: &Context<'_>) -> Vec<String> {
    let name = words::rota_name(plan.rota, context);
    let days = words::plan_days(plan, context);
    let key = if plan.state == PlanState::Published { "shifts-will-publish" } else { "shifts-will-withdraw-plan" };
    let first = context.locale.with(key, &[("rota", &name), ("days", &days), ("people", &plan.rows.len().to_string())]);
    let mut after = context.directory.clone();
    after.roster_plans.insert(plan.id, RosterPlan { created_at: context.now, ..plan.clone() });
    let from = times::midnight(plan.from, context.zone).max(context.now);
    let to = times::midnight(plan.to, context.zone).max(from);
    vec![first, counted(gaps(context.directory, plan.rota, from, to).len(), gaps(&after, plan.rota, from, to).len(), context)]
}

fn with_rota(rota: &Rota, context: &Context<'_>) -> Vec<String> {
    let known = context.directory.rotas.contains_key(&rota.id);
    let key = if known { "shifts-will-change-rota" } else { "shifts-will-make-rota" };
    let (members, days) = (rota.members.len().to_string(), rota.pattern.len().to_string());
    let first = context.locale.with(key, &[("rota", &clean(&rota.name)), ("members", &members), ("days", &days)]);
    let mut after = context.directory.clone();
    after.rotas.insert(rota.id, rota.clone());
    let (from, to) = (context.now, context.now + TimeDelta::days(ROTA_DAYS));
    vec![first, counted(gaps(context.directory, rota.id, from, to).len(), gaps(&after, rota.id, from, to).len(), context)]
}

/// `Gaps there: 3 now, 1 then.`
fn counted(before: usize, after: usize, context: &Context<'_>) -> String {
    context.locale.with("shifts-gaps-then", &[("before", &before.to_string()), ("after", &after.to_string())])
}
