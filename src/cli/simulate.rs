//! `dutydesk simulate`: scenarios under a virtual clock. Files come in and tables go out here; the playing is `crate::simulate`'s.

use std::path::Path;
use std::time::Instant;

use serde_json::json;

use super::Global;
use super::error::CliError;
use crate::console::locale::Language;
use crate::simulate::arrivals::{self, Arrival};
use crate::simulate::history::{self, Past};
use crate::simulate::scenario::VariantSpec;
use crate::simulate::span::{Span, words as span_words};
use crate::simulate::staffing::{self, Search, Step};
use crate::simulate::words::{CHINESE, ENGLISH, Words};
use crate::simulate::{Report, Scenario, ScenarioError, check, draw, embedded, forecast, run as play};

const CELLS_FALLBACK: usize = 100;

/// Play scenarios with the desk's real rules under a virtual clock, and compare them.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files, or names as listed by --list; several are shown side by side.
    #[arg(value_name = "SCENARIO", required_unless_present = "list")]
    scenarios: Vec<String>,
    /// List the scenarios that come with the program.
    #[arg(long)]
    list: bool,
    /// Play these variants only.
    #[arg(long, value_name = "NAME")]
    variant: Vec<String>,
    /// Another seed than the scenario's.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Requests and people times this factor.
    #[arg(long, value_name = "FACTOR", value_parser = factor)]
    scale: Option<f64>,
    /// Replay the requests of a history (JSON Lines or CSV with `created_at`, `queue`, `kind`, `priority`) instead of drawing them.
    #[arg(long, value_name = "FILE")]
    replay: Option<String>,
    /// Search how many people answer nine requests in ten within this time (30m, 1h30m).
    #[arg(long, value_name = "TIME", value_parser = Span::parse, conflicts_with = "forecast")]
    target_first_response: Option<Span>,
    /// Search for this queue alone.
    #[arg(long, value_name = "KEY", requires = "target_first_response")]
    queue: Option<String>,
    /// Compare a history's load by weekday and hour with what the scenario's roster can handle.
    #[arg(long, value_name = "FILE", conflicts_with = "replay")]
    forecast: Option<String>,
}

fn factor(text: &str) -> Result<f64, String> {
    let factor: f64 = text.parse().map_err(|_| "write a number such as 0.5".to_owned())?;
    if factor > 0.0 && factor <= 100.0 { Ok(factor) } else { Err("write a number above 0, at most 100".to_owned()) }
}

impl From<ScenarioError> for CliError {
    fn from(error: ScenarioError) -> Self {
        Self::new(super::error::Kind::Refused, "scenario_wrong", error.to_string())
    }
}

fn read(path: &str) -> Result<String, CliError> {
    std::fs::read_to_string(path)
        .map_err(|error| CliError::failed(format!("{path} cannot be read: {error}. Name a file that you may read.")))
}

fn load(name: &str, args: &Args) -> Result<Scenario, CliError> {
    let mut scenario = if let Some(text) = embedded::find(name) {
        check::parse(name, text)?
    } else if Path::new(name).exists() {
        check::parse(name, &read(name)?)?
    } else {
        let near = crate::domain::suggest::near(name, embedded::ALL.iter().map(|(key, _)| *key));
        let why = format!("There is no scenario {name:?}: name a file, or one listed by `dutydesk simulate --list`.{near}");
        return Err(CliError::not_found(why));
    };
    scenario.scenario.seed = args.seed.unwrap_or(scenario.scenario.seed);
    Ok(match args.scale {
        Some(factor) => scenario.scaled(factor),
        None => scenario,
    })
}

fn variants(scenario: &Scenario, wanted: &[String]) -> Result<Vec<VariantSpec>, CliError> {
    let all = scenario.variants();
    if let Some(unknown) = wanted.iter().find(|name| all.iter().all(|variant| variant.name != **name)) {
        let names: Vec<String> = all.iter().map(|variant| format!("{:?}", variant.name)).collect();
        let why = format!("Scenario {} has no variant {unknown:?}: choose among {}.", scenario.scenario.name, names.join(", "));
        return Err(CliError::not_found(why));
    }
    Ok(all.into_iter().filter(|variant| wanted.is_empty() || wanted.contains(&variant.name)).collect())
}

fn past(path: Option<&String>) -> Result<Option<Vec<Past>>, CliError> {
    path.map(|path| Ok(history::parse(path, &read(path)?)?)).transpose()
}

/// The variant's requests: the history's when one is replayed.
fn requests(scenario: &mut Scenario, variant: &VariantSpec, past: Option<&[Past]>) -> Vec<Arrival> {
    match past {
        Some(past) => arrivals::replayed(scenario, past),
        None => arrivals::drawn(scenario, variant),
    }
}

/// # Errors
/// When a scenario or history cannot be read or is wrong.
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let words = if global.options.language == Some(Language::Chinese) { &CHINESE } else { &ENGLISH };
    if args.list {
        return list(global, words);
    }
    if let Some(path) = &args.forecast {
        return against_roster(&args, path, global, words);
    }
    if let Some(target) = args.target_first_response {
        return search(&args, target, global, words);
    }
    let past = past(args.replay.as_ref())?;
    let mut reports: Vec<Report> = Vec::new();
    let mut named = Vec::new();
    for name in &args.scenarios {
        let mut scenario = load(name, &args)?;
        for variant in variants(&scenario, &args.variant)? {
            let arrivals = requests(&mut scenario, &variant, past.as_deref());
            let started = Instant::now();
            let mut report = play(&scenario, &variant, &arrivals);
            report.wall_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
            if args.scenarios.len() > 1 {
                report.name = format!("{}: {}", scenario.scenario.name, report.name);
                report.name_zh = report.name_zh.map(|zh| format!("{}：{zh}", scenario.scenario.name));
            }
            reports.push(report);
        }
        named.push(scenario);
    }
    if global.json {
        let names: Vec<&str> = named.iter().map(|scenario| scenario.scenario.name.as_str()).collect();
        return global.out.json(&json!({ "scenario": names.join(", "), "variants": reports }));
    }
    for scenario in &named {
        let (title, story) = telling(scenario, words);
        let name = &scenario.scenario.name;
        global.out.line(&if title.is_empty() { name.clone() } else { format!("{name}: {title}") })?;
        if !story.is_empty() {
            global.out.paragraph(story)?;
        }
    }
    global.out.line("")?;
    show(global, &draw::table(&reports, words))?;
    show(global, &draw::curves(&reports, words, width()))
}

/// Cells of the terminal, or what most have.
fn width() -> usize {
    crossterm::terminal::size().map_or(CELLS_FALLBACK, |(columns, _)| columns.into())
}

fn show(global: &Global, lines: &[String]) -> Result<(), CliError> {
    lines.iter().try_for_each(|line| global.out.line(line))
}

/// Title and story in the language.
fn telling<'a>(scenario: &'a Scenario, words: &Words) -> (&'a str, &'a str) {
    let head = &scenario.scenario;
    let pick = |english: &'a str, chinese: &'a str| if words.chinese && !chinese.is_empty() { chinese } else { english };
    (pick(&head.title, &head.title_zh), pick(&head.story, &head.story_zh))
}

fn list(global: &Global, words: &Words) -> Result<(), CliError> {
    let mut rows = Vec::new();
    for (name, text) in embedded::ALL {
        let scenario = check::parse(name, text)?;
        let (title, story) = telling(&scenario, words);
        let names: Vec<String> = scenario.variants().into_iter().map(|variant| variant.name).collect();
        rows.push(json!({ "name": name, "title": title, "story": story, "variants": names }));
    }
    let word = |row: &serde_json::Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    global.out.list(&rows, &["NAME", "TITLE"], |row| vec![word(row, "name"), word(row, "title")])
}

/// The one scenario of an act that compares nothing.
fn single(args: &Args) -> Result<Scenario, CliError> {
    match args.scenarios.as_slice() {
        [name] => load(name, args),
        _ => Err(CliError::usage("This takes one scenario: name the one to look at.")),
    }
}

fn search(args: &Args, target: Span, global: &Global, words: &Words) -> Result<(), CliError> {
    let mut scenario = single(args)?;
    if let Some(key) = &args.queue {
        let mut keys = scenario.queue.iter().map(|queue| queue.get_ref().key.as_str());
        if !keys.clone().any(|one| one == key) {
            let near = crate::domain::suggest::near(key, keys.clone());
            let all: Vec<&str> = keys.by_ref().collect();
            let why = format!("The scenario has no queue {key:?}: choose among {}.{near}", all.join(", "));
            return Err(CliError::not_found(why));
        }
    }
    let past = past(args.replay.as_ref())?;
    let chosen = variants(&scenario, &args.variant)?;
    // What-if asks about assignment by the roster: a variant dispatched by hand answers only when it is asked for.
    let by_roster = |variant: &&VariantSpec| variant.dispatch != Some(crate::simulate::scenario::DispatchBy::Hand);
    let variant = chosen.iter().find(by_roster).or(chosen.first()).cloned().unwrap_or_default();
    let arrivals = requests(&mut scenario, &variant, past.as_deref());
    let mut told = |rotas: &[String], step: &Step| {
        if !global.json {
            let word = if step.reached { words.met } else { words.missed };
            let line = format!("{}: {} {} · p90 {} · {word}", rotas.join(", "), step.people, words.people, span_words(step.p90_s));
            // A reader that went away does not stop the search; the result will say so.
            let _ = global.out.line(&line);
        }
    };
    let found = staffing::search(&scenario, &variant, &arrivals, target, args.queue.as_deref(), &mut told);
    if found.is_empty() {
        return Err(CliError::not_found("No request arrives in that queue: choose one of the queues in [[arrivals]]."));
    }
    if global.json {
        let name = &scenario.scenario.name;
        return global.out.json(&json!({ "scenario": name, "variant": variant.name, "target_s": target.secs(), "searches": found }));
    }
    found.iter().try_for_each(|found| outcome(global, words, target, found))
}

fn outcome(global: &Global, words: &Words, target: Span, found: &Search) -> Result<(), CliError> {
    let goal = format!("{} p90 ≤ {}", words.first_response, span_words(target.secs()));
    let Some(people) = found.people else {
        return global.out.line(&format!("{}: {goal}: {}", found.rotas.join(", "), words.missed));
    };
    global.out.line(&format!("{}: {goal}: {people} {}", found.rotas.join(", "), words.people))?;
    for rota in &found.per_shift {
        let shifts: Vec<String> = rota.shifts.iter().map(|(code, people)| format!("{code} {people}")).collect();
        global.out.line(&format!("  {} {}: {} ({})", words.rota, rota.rota, shifts.join(", "), words.per_shift))?;
    }
    Ok(())
}

fn against_roster(args: &Args, path: &str, global: &Global, words: &Words) -> Result<(), CliError> {
    let scenario = single(args)?;
    let past = history::parse(path, &read(path)?)?;
    let forecast = forecast::forecast(&scenario, &past);
    if global.json {
        return global.out.json(&forecast);
    }
    show(global, &forecast::draw(&forecast, words, width()))
}
