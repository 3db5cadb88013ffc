//! What a roster does not meet, and what holds the people back who could.

use std::collections::BTreeSet;

use chrono::DateTime;

use super::cost::{Edit, State};
use super::problem::OFF;
use super::row::broken;
use super::search::options;
use super::{Others, Unmet, UnmetWhy};
use crate::domain::Timestamp;
use crate::domain::roster::LimitRule;

/// What keeps somebody from a span; the least of all shifts that cover it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Held {
    Free,
    Limits,
    OwnShift,
    OtherDuty,
    Leave,
}

fn instant(seconds: i64) -> Timestamp {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

/// The limits that a shift would newly break.
fn would_break(state: &State, Edit { person, day, code }: Edit) -> BTreeSet<LimitRule> {
    let mut row = state.row(person).to_vec();
    let mut before = [0_i32; 4];
    broken(state.problem, person, &row, |one| before[one.rule as usize] += 1);
    row[day] = code;
    let mut rules = BTreeSet::new();
    broken(state.problem, person, &row, |one| {
        before[one.rule as usize] -= 1;
        if before[one.rule as usize] < 0 {
            rules.insert(one.rule);
        }
    });
    rules
}

fn held(state: &State, person: usize, options: &[(usize, u8)], rules: &mut BTreeSet<LimitRule>) -> Option<Held> {
    let mut least: Option<Held> = None;
    let mut limits = BTreeSet::new();
    for (day, code) in options {
        let edit = Edit { person, day: *day, code: *code };
        let Some(span) = state.problem.span(*day, *code) else { continue };
        let held = match state.problem.away(person, span) {
            (true, _) => Held::Leave,
            (_, true) => Held::OtherDuty,
            _ if state.cell(person, *day) != OFF || !state.legal(edit) => Held::OwnShift,
            _ => {
                let broken = would_break(state, edit);
                let held = if broken.is_empty() { Held::Free } else { Held::Limits };
                limits.extend(broken);
                held
            }
        };
        least = Some(least.map_or(held, |least| least.min(held)));
    }
    if least == Some(Held::Limits) {
        rules.extend(limits);
    }
    least
}

/// Whether somebody is on duty in a slice.
fn there(state: &State, person: usize, at: usize, options: &[(usize, u8)]) -> bool {
    let slice = state.problem.list[at];
    let fixed = &state.problem.members[person].fixed;
    options.iter().any(|(day, code)| state.cell(person, *day) == *code)
        || fixed.iter().any(|fixed| fixed.ours && fixed.span.0 <= slice.from && slice.to <= fixed.span.1)
}

/// Why a slice lacks people, or those of a group of skills.
fn explain(state: &State, at: usize, options: &[(usize, u8)], group: Option<usize>) -> (UnmetWhy, Others, Vec<LimitRule>) {
    let mut others = Others::default();
    let mut rules = BTreeSet::new();
    for person in 0..state.problem.people.len() {
        let suits = group.is_none_or(|group| state.problem.members[person].groups.contains(&group));
        if !suits || there(state, person, at, options) {
            continue;
        }
        match held(state, person, options, &mut rules) {
            Some(Held::Free) => others.free += 1,
            Some(Held::Limits) => others.limits += 1,
            Some(Held::OwnShift) => others.own_shift += 1,
            Some(Held::OtherDuty) => others.other_duty += 1,
            Some(Held::Leave) => others.leave += 1,
            None => {}
        }
    }
    let why = match others {
        _ if options.is_empty() => UnmetWhy::NoShiftType,
        _ if group.is_some() => UnmetWhy::MissingSkill,
        Others { free: 1.., .. } => UnmetWhy::MoreRounds,
        Others { limits: 1.., .. } => UnmetWhy::Limits,
        Others { own_shift: 1.., .. } => UnmetWhy::NotEnoughPeople,
        Others { other_duty: 1.., .. } => UnmetWhy::OtherDuty,
        Others { leave: 1.., .. } => UnmetWhy::AllOnLeave,
        _ => UnmetWhy::NotEnoughPeople,
    };
    (why, others, if why == UnmetWhy::Limits || group.is_some() { rules.into_iter().collect() } else { Vec::new() })
}

fn push(found: &mut Vec<Unmet>, new: Unmet) {
    let last = found.iter_mut().rev().find(|last| last.skills == new.skills);
    match last {
        Some(last)
            if last.to == new.from && Unmet { from: last.from, to: new.to, ..new.clone() } == Unmet { to: new.to, ..last.clone() } =>
        {
            last.to = new.to;
        }
        _ => found.push(new),
    }
}

/// The spans that lack people or a skill, in order of time; neighbours of the same kind as one.
pub(super) fn unmet(state: &State) -> Vec<Unmet> {
    let options = options(state);
    let mut found = Vec::new();
    for (at, slice) in state.problem.list.iter().enumerate().filter(|(_, slice)| slice.required > 0) {
        let count = state.count(at);
        let number = |value: i32| u32::try_from(value).unwrap_or(0);
        let mut tell = |group: Option<usize>| {
            let (why, others, rules) = explain(state, at, &options[at], group);
            let skills = group.map_or_else(Vec::new, |group| state.problem.groups[group].clone());
            let (from, to) = (instant(slice.from), instant(slice.to));
            push(&mut found, Unmet { from, to, required: number(slice.required), on_duty: number(count), why, skills, rules, others });
        };
        if count < slice.required {
            tell(None);
        }
        for group in 0..state.problem.groups.len() {
            // Nobody at all is told once, not once more for each skill.
            if count > 0 && !state.has_group(at, group) {
                tell(Some(group));
            }
        }
    }
    found
}

/// How many people the requirements need at least, within the weekly hours and the days in a row, one shift a day.
pub(super) fn people_needed(state: &State) -> u32 {
    let problem = state.problem;
    let most = problem.list.iter().map(|slice| i64::from(slice.required)).max().unwrap_or(0);
    let seconds = |from: i64, to: i64| -> i64 {
        problem.list.iter().map(|slice| i64::from(slice.required) * (slice.to.min(to) - slice.from.max(from)).max(0)).sum()
    };
    let weekly = problem.limits.max_week_hours.map_or(0, |hours| {
        let each = i64::from(hours.max(1)) * 3_600;
        problem.weeks.windows(2).map(|pair| ceil(seconds(pair[0], pair[1]), each)).max().unwrap_or(0)
    });
    let days = i64::try_from(problem.days).unwrap_or(0);
    let off = problem.limits.max_days_in_row.map_or(0, |limit| days / (i64::from(limit) + 1));
    let longest = problem.spans.iter().flatten().map(|(from, to)| to - from).max().unwrap_or(0);
    // What began before the period, and the hours of the last night after it, are no work of its own.
    let all = seconds(problem.start.timestamp(), problem.end.timestamp()) - longest * most;
    let daily = ceil(all, (days - off) * longest);
    u32::try_from(most.max(weekly).max(daily)).unwrap_or(u32::MAX)
}

fn ceil(value: i64, by: i64) -> i64 {
    if by <= 0 { 0 } else { (value.max(0) + by - 1) / by }
}
