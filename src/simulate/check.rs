//! Reads a scenario file and says what is wrong in it: where, and what to do.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;

use super::scenario::{ArrivalSpec, GroupSpec, HandlingSpec, QueueSpec, RotaSpec, Scenario, Spread, VariantSpec};
use crate::domain::suggest;

/// Days a scenario may play.
const DAYS_MAX: u32 = 400;
/// People and requests a day: what a memory holds.
const PEOPLE_MAX: u32 = 20_000;
const PER_DAY_MAX: f64 = 1_000_000.0;

/// Why a scenario or a history cannot be played.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: {message}")]
pub struct ScenarioError {
    pub file: String,
    /// From 1.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: String,
}

struct Check<'a> {
    file: &'a str,
    text: &'a str,
}

impl Check<'_> {
    fn at(&self, span: &Range<usize>, message: String) -> ScenarioError {
        let before = self.text.get(..span.start).unwrap_or_default();
        ScenarioError { file: self.file.to_owned(), line: before.matches('\n').count() + 1, message }
    }

    fn known<'k, T>(
        &self,
        at: &Spanned<T>,
        what: &str,
        key: &str,
        known: impl Iterator<Item = &'k str> + Clone,
    ) -> Result<(), ScenarioError> {
        if known.clone().any(|one| one == key) {
            return Ok(());
        }
        let near = suggest::near(key, known);
        Err(self.at(&at.span(), format!("there is no {what} {key:?}: define [[{what}]] with that key, or name another.{near}")))
    }

    fn share<T>(&self, at: &Spanned<T>, name: &str, value: f64) -> Result<(), ScenarioError> {
        if (0.0..=1.0).contains(&value) {
            return Ok(());
        }
        Err(self.at(&at.span(), format!("{name} is {value}: write a share from 0 to 1.")))
    }

    fn positive<T>(&self, at: &Spanned<T>, name: &str, value: f64, max: f64) -> Result<(), ScenarioError> {
        if value > 0.0 && value <= max {
            return Ok(());
        }
        Err(self.at(&at.span(), format!("{name} is {value}: write a number above 0, at most {max}.")))
    }

    fn unique<'k, T: 'k>(&self, entries: &'k [Spanned<T>], what: &str, key: impl Fn(&'k T) -> &'k str) -> Result<(), ScenarioError> {
        let mut seen = BTreeSet::new();
        for entry in entries {
            if !seen.insert(key(entry.get_ref())) {
                let message = format!("a second {what} is called {:?}: give it a name of its own.", key(entry.get_ref()));
                return Err(self.at(&entry.span(), message));
            }
        }
        Ok(())
    }

    fn zone(&self, span: &Range<usize>, zone: &str) -> Result<(), ScenarioError> {
        let wrong = |_| self.at(span, format!("there is no time zone {zone:?}: write an IANA name such as Asia/Shanghai."));
        zone.parse::<chrono_tz::Tz>().map(drop).map_err(wrong)
    }
}

/// Reads and checks a scenario; `file` is what errors call it.
///
/// # Errors
/// Names the line, what is wrong there and what to do.
pub fn parse(file: &str, text: &str) -> Result<Scenario, ScenarioError> {
    let check = Check { file, text };
    let scenario: Scenario = toml::from_str(text).map_err(|error| {
        let message = error.message().trim_end_matches('.').to_owned();
        check.at(&error.span().unwrap_or(0..0), format!("{message}: correct it (see `dutydesk simulate --list` for examples)."))
    })?;
    head(&check, &scenario)?;
    for queue in &scenario.queue {
        queue_spec(&check, &scenario, queue)?;
    }
    for rota in &scenario.rota {
        rota_spec(&check, &scenario, rota)?;
    }
    for group in &scenario.people {
        group_spec(&check, &scenario, group)?;
    }
    for arrival in &scenario.arrivals {
        arrival_spec(&check, &scenario, arrival)?;
    }
    for handling in &scenario.handling {
        handling_spec(&check, &scenario, handling)?;
    }
    for variant in &scenario.variant {
        variant_spec(&check, variant)?;
    }
    Ok(scenario)
}

fn head(check: &Check<'_>, scenario: &Scenario) -> Result<(), ScenarioError> {
    let place = check.text.find("[scenario]").unwrap_or(0);
    let here = place..place;
    let head = &scenario.scenario;
    check.zone(&here, &head.time_zone)?;
    if head.days == 0 || head.days + head.run_out_days > DAYS_MAX {
        let message = format!("days and run_out_days are {} and {}: write 1 to {DAYS_MAX} together.", head.days, head.run_out_days);
        return Err(check.at(&here, message));
    }
    if head.requesters == 0 {
        return Err(check.at(&here, "requesters is 0: write how many there are.".to_owned()));
    }
    for (name, share) in [("misses", scenario.desk.misses), ("absence", scenario.desk.absence)] {
        if !(0.0..=1.0).contains(&share) {
            let place = check.text.find("[desk]").unwrap_or(0);
            return Err(check.at(&(place..place), format!("{name} is {share}: write a share from 0 to 1.")));
        }
    }
    if scenario.handling.is_empty() {
        return Err(check.at(&here, "there is no [[handling]]: write at least one without queue and kind.".to_owned()));
    }
    check.unique(&scenario.queue, "queue", |queue: &QueueSpec| &queue.key)?;
    check.unique(&scenario.rota, "rota", |rota: &RotaSpec| &rota.key)?;
    check.unique(&scenario.people, "group of people", |group: &GroupSpec| &group.name)?;
    check.unique(&scenario.variant, "variant", |variant: &VariantSpec| &variant.name)
}

fn queue_spec(check: &Check<'_>, scenario: &Scenario, at: &Spanned<QueueSpec>) -> Result<(), ScenarioError> {
    let queue = at.get_ref();
    tier(check, at, queue.tier)?;
    for next in queue.escalates_to.iter().chain(&queue.moves_to) {
        check.known(at, "queue", next, scenario.queue.iter().map(|queue| queue.get_ref().key.as_str()))?;
    }
    let served = scenario.rota.iter().any(|rota| rota.get_ref().tier == queue.tier && rota.get_ref().queues.contains(&queue.key));
    if served {
        return Ok(());
    }
    let message = format!("no rota of tier {} serves queue {:?}: name it in the queues of a [[rota]] of its tier.", queue.tier, queue.key);
    Err(check.at(&at.span(), message))
}

fn tier<T>(check: &Check<'_>, at: &Spanned<T>, tier: u8) -> Result<(), ScenarioError> {
    if (1..=3).contains(&tier) { Ok(()) } else { Err(check.at(&at.span(), format!("there is no tier {tier}: write 1, 2 or 3."))) }
}

fn rota_spec(check: &Check<'_>, scenario: &Scenario, at: &Spanned<RotaSpec>) -> Result<(), ScenarioError> {
    let rota = at.get_ref();
    tier(check, at, rota.tier)?;
    for queue in &rota.queues {
        check.known(at, "queue", queue, scenario.queue.iter().map(|queue| queue.get_ref().key.as_str()))?;
    }
    if let Some(zone) = &rota.time_zone {
        check.zone(&at.span(), zone)?;
    }
    if rota.pattern.is_empty() || rota.shifts.is_empty() {
        let message = format!("rota {:?} has no pattern or no shifts: write both, such as pattern = [\"D\", \"-\"].", rota.key);
        return Err(check.at(&at.span(), message));
    }
    let code = |code: &&String| code.as_str() != "-" && !rota.shifts.iter().any(|shift| shift.code == **code);
    if let Some(code) = rota.pattern.iter().find(code) {
        let message = format!("the pattern names shift {code:?}, which is not among the shifts: define it, or write - for a day off.");
        return Err(check.at(&at.span(), message));
    }
    if scenario.people.iter().any(|group| group.get_ref().rota == rota.key) {
        return Ok(());
    }
    Err(check.at(&at.span(), format!("nobody is in rota {:?}: add [[people]] with rota = {:?}.", rota.key, rota.key)))
}

fn group_spec(check: &Check<'_>, scenario: &Scenario, at: &Spanned<GroupSpec>) -> Result<(), ScenarioError> {
    let group = at.get_ref();
    check.known(at, "rota", &group.rota, scenario.rota.iter().map(|rota| rota.get_ref().key.as_str()))?;
    check.positive(at, "speed", group.speed, 100.0)?;
    if group.count == 0 || group.count > PEOPLE_MAX {
        return Err(check.at(&at.span(), format!("count is {}: write 1 to {PEOPLE_MAX} people.", group.count)));
    }
    if group.capacity == 0 {
        return Err(check.at(&at.span(), "capacity is 0, so the desk would give them nothing: write 1 or more.".to_owned()));
    }
    Ok(())
}

fn arrival_spec(check: &Check<'_>, scenario: &Scenario, at: &Spanned<ArrivalSpec>) -> Result<(), ScenarioError> {
    let arrival = at.get_ref();
    check.known(at, "queue", &arrival.queue, scenario.queue.iter().map(|queue| queue.get_ref().key.as_str()))?;
    check.positive(at, "per_day", arrival.per_day, PER_DAY_MAX)?;
    if let Some(name) = arrival.curve.as_deref().filter(|name| super::arrivals::curve(name).is_none()) {
        let names: Vec<&str> = super::arrivals::CURVES.iter().map(|(name, _)| *name).collect();
        let message = format!("there is no curve {name:?}: use one of {}, or write hourly = [24 weights].", names.join(", "));
        return Err(check.at(&at.span(), message));
    }
    let weights = arrival.hourly.iter().flatten().chain(arrival.kinds.values()).chain(arrival.priorities.values());
    let wrong = weights.clone().any(|weight| !weight.is_finite() || *weight < 0.0);
    let hours = arrival.hourly.as_ref().is_some_and(|hours| hours.len() != 24 || hours.iter().sum::<f64>() <= 0.0);
    let empty = |weights: f64, count: usize| count > 0 && weights <= 0.0;
    let empty =
        empty(arrival.kinds.values().sum(), arrival.kinds.len()) || empty(arrival.priorities.values().sum(), arrival.priorities.len());
    if wrong || hours || empty || !(0.0..=100.0).contains(&arrival.weekend) {
        let message = "the weights are not right: hourly has 24 numbers, none is negative, and each list has one above 0.".to_owned();
        return Err(check.at(&at.span(), message));
    }
    Ok(())
}

fn handling_spec(check: &Check<'_>, scenario: &Scenario, at: &Spanned<HandlingSpec>) -> Result<(), ScenarioError> {
    let handling = at.get_ref();
    if let Some(queue) = &handling.queue {
        check.known(at, "queue", queue, scenario.queue.iter().map(|queue| queue.get_ref().key.as_str()))?;
    }
    let shares = [
        ("escalates", handling.escalates),
        ("moves", handling.moves),
        ("waits", handling.waits),
        ("continues", handling.continues),
        ("reopens", handling.reopens),
        ("solves_first", handling.solves_first.unwrap_or_default()),
    ];
    for (name, share) in shares {
        check.share(at, name, share)?;
    }
    let sum = handling.escalates + handling.moves + handling.waits + handling.continues;
    if sum >= 1.0 {
        let message = format!("escalates, moves, waits and continues are {sum} together: leave something below 1 for solving it.");
        return Err(check.at(&at.span(), message));
    }
    for spread in [Some(&handling.first_reply), Some(&handling.work), handling.wait.as_ref()].into_iter().flatten() {
        spread_spec(check, at, spread)?;
    }
    if handling.waits + handling.reopens > 0.0 && handling.wait.is_none() {
        let message = "it waits for the requester or reopens, but wait is not given: write wait = { median = \"2h\", sigma = 1.0 }.";
        return Err(check.at(&at.span(), message.to_owned()));
    }
    Ok(())
}

fn spread_spec<T>(check: &Check<'_>, at: &Spanned<T>, spread: &Spread) -> Result<(), ScenarioError> {
    if (0.0..=3.0).contains(&spread.sigma) {
        return Ok(());
    }
    Err(check.at(&at.span(), format!("sigma is {}: write 0 (always the median) to 3.", spread.sigma)))
}

fn variant_spec(check: &Check<'_>, at: &Spanned<VariantSpec>) -> Result<(), ScenarioError> {
    let variant = at.get_ref();
    for (name, factor) in [("volume", variant.volume), ("staff", variant.staff)] {
        if let Some(factor) = factor {
            check.positive(at, name, factor, 100.0)?;
        }
    }
    check.share(at, "absence", variant.absence.unwrap_or_default())?;
    if variant.volume_hours.is_some_and(|hours| hours.iter().any(|hour| *hour > 24)) {
        return Err(check.at(&at.span(), "volume_hours has an hour past 24: write [22, 8] for ten in the evening to eight.".to_owned()));
    }
    Ok(())
}
