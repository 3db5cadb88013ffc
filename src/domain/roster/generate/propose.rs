//! From the directory to a proposal, and the words for what cannot be proposed.

use chrono::{Datelike, Days, NaiveTime};
use chrono_tz::Tz;

use super::cost::State;
use super::problem::{OFF, Problem, with_plan};
use super::{Away, BEFORE_DAYS, Generate, PEOPLE_MAX, Proposal, ROUNDS_MAX, WEEKS_MAX, explain, greedy, search};
use crate::domain::directory::Directory;
use crate::domain::id::RosterPlanId;
use crate::domain::roster::pattern::instant;
use crate::domain::roster::{PlanRow, PlanState, RosterPlan, Rota, fairness, limits};
use crate::domain::{Refusal, Timestamp};

/// More shift types than a spreadsheet has colours for.
const TYPES_MAX: usize = 60;

fn check<'a>(directory: &'a Directory, wanted: &Generate) -> Result<(&'a Rota, Tz), Refusal> {
    let Some(rota) = directory.rotas.get(&wanted.rota).filter(|rota| rota.active) else { return Err(Refusal::not_found("The rota")) };
    if !(1..=WEEKS_MAX).contains(&wanted.weeks) {
        let message = format!("A roster for {} weeks cannot be proposed: ask for 1 to {WEEKS_MAX}.", wanted.weeks);
        return Err(Refusal::invalid("weeks_out_of_range", "weeks", message));
    }
    if wanted.rounds > ROUNDS_MAX {
        let message = format!("{} moves take too long: ask for at most {ROUNDS_MAX}.", wanted.rounds);
        return Err(Refusal::invalid("too_many_rounds", "rounds", message));
    }
    if !(1970..2200).contains(&wanted.from.year()) {
        return Err(Refusal::invalid("span_out_of_range", "from", "Give a first day between the years 1970 and 2200."));
    }
    let Ok(zone) = rota.time_zone.parse::<Tz>() else {
        let message = format!("The rota {} has an unknown time zone, {:?}: correct it first.", rota.key, rota.time_zone);
        return Err(Refusal::invalid("time_zone_unknown", "rota", message));
    };
    if rota.shift_types.is_empty() || rota.shift_types.len() > TYPES_MAX {
        let message = format!("The rota {} has {} shift types: give it 1 to {TYPES_MAX}.", rota.key, rota.shift_types.len());
        return Err(Refusal::invalid("shift_types_missing", "rota", message));
    }
    if rota.required.is_empty() {
        let message = format!("The rota {} does not say how many must be on duty: add requirements to it first.", rota.key);
        return Err(Refusal::invalid("requirements_missing", "rota", message));
    }
    if rota.members.len() > PEOPLE_MAX {
        let message = format!("The rota {} has {} members, more than {PEOPLE_MAX}: split it.", rota.key, rota.members.len());
        return Err(Refusal::invalid("too_many_members", "rota", message));
    }
    Ok((rota, zone))
}

/// The rows of a roster. Members without any shift keep their row, so that a person can give them one.
fn rows(state: &State) -> Vec<PlanRow> {
    let code = |code: &u8| (*code != OFF).then(|| state.problem.rota.shift_types[usize::from(*code) - 1].code.clone());
    let people = state.problem.people.iter().enumerate();
    people.map(|(at, person)| PlanRow { person: *person, codes: state.row(at).iter().map(code).collect() }).collect()
}

/// Proposes a roster, which is not stored: `id` is what its plan would be put as, `now` when it was made.
///
/// # Errors
/// When there is no such rota in force, it lacks shift types, requirements or members, or more is asked than can be done.
pub fn propose(directory: &Directory, wanted: &Generate, id: RosterPlanId, now: Timestamp) -> Result<Proposal, Refusal> {
    let (rota, zone) = check(directory, wanted)?;
    let plan = RosterPlan {
        id,
        version: 0,
        rota: rota.id,
        from: wanted.from,
        to: wanted.from.checked_add_days(Days::new(u64::from(wanted.weeks) * 7)).unwrap_or(wanted.from),
        rows: Vec::new(),
        state: PlanState::Proposed,
        reason: format!("generated: seed {}, {} moves", wanted.seed, wanted.rounds),
        made_by: None,
        created_at: now,
    };
    let since = wanted.from.checked_sub_days(Days::new(BEFORE_DAYS)).unwrap_or(wanted.from);
    let midnight = |date: chrono::NaiveDate| instant(zone, date.and_time(NaiveTime::MIN));
    let before = fairness::report(directory, &[rota], midnight(since), midnight(wanted.from));
    let problem = Problem::build(directory, rota, zone, &plan, &before);
    if problem.people.is_empty() {
        let message = format!("The rota {} has no members who take work: add people to it first.", rota.key);
        return Err(Refusal::invalid("members_missing", "rota", message));
    }
    let mut state = State::new(&problem);
    greedy::fill(&mut state);
    state.carry();
    let start_cost = state.parts();
    let tried = search::better(&mut state, wanted.seed, wanted.rounds);
    let broken = |held: &Directory| limits::breaches(held, rota, &problem.people, problem.start, problem.end);
    // What other rotas break alone is not this proposal's.
    let without = broken(&with_plan(directory, &plan));
    let plan = RosterPlan { rows: rows(&state), ..plan };
    let held = with_plan(directory, &plan);
    let away = problem.people.iter().zip(&problem.members).filter(|(_, member)| member.days_away > 0);
    Ok(Proposal {
        unmet: explain::unmet(&state),
        breaches: limits::added(&without, broken(&held), zone),
        fairness: fairness::report(&held, &[rota], problem.start, problem.end),
        fairness_before: before,
        away: away.map(|(person, member)| Away { person: *person, days: member.days_away }).collect(),
        cost: state.parts(),
        start_cost,
        moves_tried: tried.moves,
        moves_kept: tried.kept,
        people_needed: explain::people_needed(&state),
        plan,
    })
}
