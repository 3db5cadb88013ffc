//! How many people reach a target: a search over whole simulations, one set of rotas that share queues after the other.

use std::collections::BTreeSet;

use serde::Serialize;

use super::arrivals::Arrival;
use super::engine;
use super::report::Percentiles;
use super::scenario::{Scenario, VariantSpec, scale};
use super::span::Span;

/// A search gives up when this many times the people do not help.
const FACTOR_MAX: f64 = 16.0;

/// One simulation of the search.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    pub people: u32,
    pub p90_s: i64,
    pub reached: bool,
}

/// People of a rota on each of its shifts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PerShift {
    pub rota: String,
    pub people: u32,
    /// Shift code and people a day, on average over the pattern.
    pub shifts: Vec<(String, f64)>,
}

/// What a search over some rotas found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Search {
    pub rotas: Vec<String>,
    /// Whose first responses count.
    pub queues: Vec<String>,
    pub steps: Vec<Step>,
    /// The fewest people that reach the target; none when many more do not help.
    pub people: Option<u32>,
    pub per_shift: Vec<PerShift>,
}

/// Rotas that share queues in which requests arrive, with those queues: staff of one stands in for staff of another there.
fn sets(scenario: &Scenario, arrivals: &[Arrival], only: Option<&str>) -> Vec<(BTreeSet<usize>, BTreeSet<usize>)> {
    let arriving: BTreeSet<usize> = arrivals.iter().map(|arrival| arrival.queue).collect();
    let key = |place: usize| scenario.queue[place].get_ref().key.as_str();
    let mut sets: Vec<(BTreeSet<usize>, BTreeSet<usize>)> = Vec::new();
    for (place, rota) in scenario.rota.iter().map(toml::Spanned::get_ref).enumerate() {
        let serves = |queue: &usize| scenario.queue[*queue].get_ref().tier == rota.tier && rota.queues.iter().any(|one| one == key(*queue));
        let queues: BTreeSet<usize> = arriving.iter().copied().filter(serves).collect();
        if queues.is_empty() {
            continue;
        }
        let mut set = (BTreeSet::from([place]), queues);
        let (joined, apart): (Vec<_>, Vec<_>) = sets.into_iter().partition(|(_, queues)| !queues.is_disjoint(&set.1));
        for (rotas, queues) in joined {
            set.0.extend(rotas);
            set.1.extend(queues);
        }
        sets = apart;
        sets.push(set);
    }
    sets.retain(|(_, queues)| only.is_none_or(|only| queues.iter().any(|queue| key(*queue) == only)));
    for (_, queues) in &mut sets {
        queues.retain(|queue| only.is_none_or(|only| key(*queue) == only));
    }
    sets
}

/// The scenario with this many people in some rotas; each group keeps its share.
fn staffed(scenario: &Scenario, rotas: &BTreeSet<usize>, people: u32) -> Scenario {
    let mut scenario = scenario.clone();
    let keys: Vec<String> = rotas.iter().map(|place| scenario.rota[*place].get_ref().key.clone()).collect();
    let now = count(&scenario, rotas);
    let factor = f64::from(people) / f64::from(now.max(1));
    let mut left = people;
    let mut groups: Vec<_> = scenario.people.iter_mut().map(toml::Spanned::get_mut).filter(|group| keys.contains(&group.rota)).collect();
    let last = groups.len().saturating_sub(1);
    for (place, group) in groups.iter_mut().enumerate() {
        // The last group takes what rounding leaves, so that the people add up.
        group.count = if place == last { left.max(1) } else { scale(group.count, factor) };
        left = left.saturating_sub(group.count);
    }
    scenario
}

fn count(scenario: &Scenario, rotas: &BTreeSet<usize>) -> u32 {
    let keys: Vec<&str> = rotas.iter().map(|place| scenario.rota[*place].get_ref().key.as_str()).collect();
    scenario.people.iter().map(toml::Spanned::get_ref).filter(|group| keys.contains(&group.rota.as_str())).map(|group| group.count).sum()
}

fn per_shift(scenario: &Scenario, rotas: &BTreeSet<usize>) -> Vec<PerShift> {
    let of = |place: &usize| {
        let rota = scenario.rota[*place].get_ref();
        let people = count(scenario, &BTreeSet::from([*place]));
        let share = |code: &str| {
            let days = rota.pattern.iter().filter(|one| *one == code).count();
            #[expect(clippy::cast_precision_loss, reason = "days of a pattern")]
            let share = days as f64 / rota.pattern.len() as f64;
            (f64::from(people) * share * 10.0).round() / 10.0
        };
        let shifts = rota.shifts.iter().map(|shift| (shift.code.clone(), share(&shift.code))).collect();
        PerShift { rota: rota.key.clone(), people, shifts }
    };
    rotas.iter().map(of).collect()
}

/// Searches the fewest people whose first response stays within `target` for nine requests in ten. `told` hears of each step.
#[must_use]
pub fn search(
    scenario: &Scenario,
    variant: &VariantSpec,
    arrivals: &[Arrival],
    target: Span,
    only: Option<&str>,
    told: &mut dyn FnMut(&[String], &Step),
) -> Vec<Search> {
    let names = |rotas: &BTreeSet<usize>| rotas.iter().map(|place| scenario.rota[*place].get_ref().key.clone()).collect::<Vec<_>>();
    let one = |(rotas, queues): (BTreeSet<usize>, BTreeSet<usize>)| {
        let (now, names) = (count(scenario, &rotas), names(&rotas));
        let mut steps = Vec::new();
        let mut reaches = |people: u32| {
            let report = engine::run(&staffed(scenario, &rotas, people), variant, arrivals);
            let times = queues.iter().flat_map(|queue| report.first_response_by_queue[*queue].iter().copied()).collect();
            let p90_s = Percentiles::of(times).p90;
            let step = Step { people, p90_s, reached: p90_s <= target.secs() };
            told(&names, &step);
            let reached = step.reached;
            steps.push(step);
            reached
        };
        let least = u32::try_from(rotas.len()).unwrap_or(1);
        let most = scale(now, FACTOR_MAX);
        let people = bisect(now.max(least), least, most, &mut reaches);
        let keys = queues.iter().map(|queue| scenario.queue[*queue].get_ref().key.clone()).collect();
        let per_shift = people.map(|people| per_shift(&staffed(scenario, &rotas, people), &rotas)).unwrap_or_default();
        Search { rotas: names, queues: keys, steps, people, per_shift }
    };
    sets(scenario, arrivals, only).into_iter().map(one).collect()
}

/// The least number from `least` to `most` that `reaches`, found by doubling or halving from `start` and then by halves.
fn bisect(start: u32, least: u32, most: u32, reaches: &mut dyn FnMut(u32) -> bool) -> Option<u32> {
    let (mut low, mut high) = (least.saturating_sub(1), start);
    if reaches(start) {
        while high > least {
            let half = (high / 2).max(least);
            if !reaches(half) {
                low = half;
                break;
            }
            high = half;
        }
    } else {
        loop {
            low = high;
            if high >= most {
                return None;
            }
            high = high.saturating_mul(2).min(most);
            if reaches(high) {
                break;
            }
        }
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if reaches(middle) { high = middle } else { low = middle }
    }
    Some(high)
}

#[cfg(test)]
mod tests {
    use super::bisect;

    #[test]
    fn the_least_number_is_found_wherever_it_lies() {
        for wanted in [1, 2, 7, 40, 41, 99, 640] {
            let mut steps = 0;
            let found = bisect(40, 1, 640, &mut |people| {
                steps += 1;
                people >= wanted
            });
            assert_eq!(found, Some(wanted));
            assert!(steps < 20, "{steps}");
        }
        assert_eq!(bisect(40, 1, 640, &mut |_| false), None);
    }
}
