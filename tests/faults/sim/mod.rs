//! Whole desks in one process, each a function of its seed: real server core, real client, real files, and a network of
//! messages that are lost, doubled, held back, reordered and replayed, while either side dies and starts again.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "worlds and reports of tests; whatever fails here fails the test")]

mod act;
mod checks;
mod client;
mod deliver;
mod driver;
mod events;
mod happen;
mod heal;
mod net;
mod server;
mod snapshot;
mod template;
mod trace;
mod world;

use std::process::Command;
use std::time::Duration;

use dutydesk::base::safeguard::{Safeguard, VARIABLE};

/// Worlds of the short form.
const SEEDS: u64 = 2_000;
/// A short form that takes longer than this lives through fewer worlds, and says so.
const SHORT: Duration = Duration::from_secs(45);
const LONG_SEEDS: u64 = 100_000;
const LONG: Duration = Duration::from_secs(20 * 60);
/// Worlds in which a missing safeguard has to show.
const MUTATION_SEEDS: u64 = 400;

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// `DUTYDESK_SEEDS=from..to`, or the default.
fn seeds(many: u64) -> std::ops::Range<u64> {
    let given = variable("DUTYDESK_SEEDS").and_then(|text| {
        let (from, to) = text.split_once("..")?;
        Some(from.parse().ok()?..to.parse().ok()?)
    });
    given.unwrap_or(1..many + 1)
}

#[test]
fn every_world_keeps_its_promises() {
    let long = variable("DUTYDESK_FAULTS").as_deref() == Some("long");
    let named = variable("DUTYDESK_SEEDS").is_some();
    let (many, most) = (if long { LONG_SEEDS } else { SEEDS }, if long || named { LONG } else { SHORT });
    let report = driver::run(seeds(many), most, 4, false);
    report.print("all");
    report.assert_none();
}

/// One world, told step by step: `DUTYDESK_SEED=… cargo test --test faults sim::replay -- --nocapture`.
#[test]
fn replay() {
    let Some(seed) = variable("DUTYDESK_SEED").and_then(|seed| seed.parse().ok()) else { return };
    let report = driver::run(seed..seed + 1, LONG, 1, true);
    report.print("replay");
    report.assert_none();
}

#[test]
fn a_seed_is_a_world() {
    let first = driver::run(1..17, SHORT, 1, false);
    let again = driver::run(1..17, SHORT, 1, false);
    assert_eq!(first.hashes, again.hashes, "the same seed ran otherwise");
    assert!(first.hashes.values().collect::<std::collections::HashSet<_>>().len() > 12, "worlds differ");
}

/// Run by [`a_missing_safeguard_shows`] in a process that does without one.
#[test]
fn without() {
    if variable(VARIABLE).is_none() {
        return;
    }
    let report = driver::run(seeds(MUTATION_SEEDS), LONG, 1, false);
    for failure in &report.failures {
        println!("after {} seeds, seed {} broke: {}", report.seeds, failure.seed, failure.why);
    }
}

#[test]
fn a_missing_safeguard_shows() {
    for safeguard in Safeguard::COMMON.into_iter().chain(Safeguard::CLIENT) {
        let promises: &[&str] = match safeguard {
            Safeguard::Idempotency => &["acknowledged and lost", "effect is there", "two answers", "refused, and done"],
            Safeguard::OneAssignee => &["two assignees"],
            Safeguard::BaseVersion => &["done from an older version"],
            Safeguard::RowVersion => &["version went backwards", "replica differs"],
            Safeguard::Chaining => &["batch does not chain"],
            Safeguard::OutboxUntilSeen => &["overlay went before its effect came"],
            Safeguard::Restored => &["replica", "overlay stays for ever"],
            Safeguard::HandedBefore => &["taken back, and"],
            Safeguard::CommitFirst => unreachable!("a step of a world is whole"),
        };
        let run = Command::new(std::env::current_exe().unwrap())
            .args(["sim::without", "--exact", "--nocapture"])
            .env(VARIABLE, safeguard.name())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stdout);
        let line = said
            .lines()
            .find(|line| line.contains(" broke: "))
            .unwrap_or_else(|| panic!("without {} nothing showed: {said}", safeguard.name()));
        println!("simulation | without {} | {line}", safeguard.name());
        assert!(promises.iter().any(|promise| line.contains(promise)), "without {} another promise broke: {line}", safeguard.name());
    }
}
