//! Does the suite notice? Each safeguard is switched off in turn, in processes of their own, and what is run there must turn red by
//! the right rule. With all safeguards the same runs are green.

use std::process::{Command, Stdio};
use std::time::Duration;

use dutydesk::base::safeguard::{Safeguard, VARIABLE};

use super::dice::seed;
use super::killer::Roughness;
use super::run::{Goals, Plan, run};
use super::{rogue, wrong_order};
use crate::check::Findings;

/// Says to the entry that it is meant.
const ENTRY_VARIABLE: &str = "DUTYDESK_KILL_MUTATION";
const ENTRY: &str = "kill::mutations::a_run_without_a_safeguard";
/// What the entry prints before the rules that were broken.
const TOLD: &str = "BROKEN RULES:";

/// The run that is to notice, and the rules of which one must be broken.
fn noticed_by(safeguard: Safeguard) -> &'static [&'static str] {
    match safeguard {
        Safeguard::Idempotency => &["keys"],
        Safeguard::OneAssignee => &["assignments"],
        Safeguard::BaseVersion => &["compare"],
        Safeguard::RowVersion | Safeguard::Chaining => &["replicas", "seen"],
        Safeguard::CommitFirst => &["acknowledged"],
        other => unreachable!("{} is the simulation's", other.name()),
    }
}

/// Some seconds of the kill loop, as rough as it goes.
async fn small_kill_run() -> Findings {
    let ran = run(Plan {
        seed: seed(),
        writers: 3,
        consoles: 0,
        batch: 6,
        roughness: Some(Roughness { every: (300, 900), stop: (200, 400), long_stop: None }),
        at_least: Goals { span: Duration::from_secs(4), acknowledged: 100 },
        at_most: Duration::from_secs(20),
    })
    .await;
    println!("{ran}");
    ran.findings
}

async fn run_for(safeguard: Option<Safeguard>) -> Findings {
    match safeguard {
        Some(Safeguard::OneAssignee) => rogue::two_assignments().await.1,
        Some(Safeguard::RowVersion | Safeguard::Chaining) => wrong_order::told_in_the_wrong_order(1).await,
        _ => small_kill_run().await,
    }
}

/// Not a test: the entry of a process that does without a safeguard.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the entry of processes without a safeguard, which another test starts"]
async fn a_run_without_a_safeguard() {
    let Ok(name) = std::env::var(ENTRY_VARIABLE) else { return };
    let safeguard = Safeguard::COMMON.into_iter().chain(Safeguard::SERVER).find(|safeguard| safeguard.name() == name);
    let findings = run_for(safeguard).await;
    for sentence in findings.violations.iter().take(8) {
        println!("{sentence}");
    }
    println!("{TOLD} {} ({} violations)", findings.broken_rules().join(" "), findings.violations.len());
}

/// What a process of its own finds, without the safeguard or with all.
fn found(name: &str, without: bool) -> String {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args([ENTRY, "--exact", "--ignored", "--nocapture"]).env(ENTRY_VARIABLE, name).stdin(Stdio::null());
    if without {
        command.env(VARIABLE, name);
    }
    let out = command.output().expect("it runs");
    String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr)
}

fn broken(output: &str) -> Option<&str> {
    output.lines().find_map(|line| line.split_once(TOLD).map(|(_, rules)| rules.trim()))
}

#[test]
fn without_any_one_safeguard_the_suite_turns_red_for_the_right_reason() {
    if !cfg!(debug_assertions) {
        println!("SKIPPED mutation checks: in a release build every safeguard holds");
        return;
    }
    // With all of them, what is run here is green: red below means the safeguard.
    for run in [Safeguard::RowVersion, Safeguard::CommitFirst] {
        let output = found(run.name(), false);
        assert!(broken(&output).is_some_and(|rules| rules.starts_with("(0 ")), "red with every safeguard:\n{output}");
    }
    for safeguard in Safeguard::COMMON.into_iter().chain(Safeguard::SERVER) {
        let output = found(safeguard.name(), true);
        // The run itself may fail before the checker looks: that would not be its doing.
        let rules = broken(&output).unwrap_or_else(|| panic!("without {} the run did not end:\n{output}", safeguard.name()));
        println!("without {}: {rules}", safeguard.name());
        let wanted = noticed_by(safeguard);
        let noticed = wanted.iter().any(|rule| rules.split([' ', '(']).any(|word| word == *rule));
        assert!(noticed, "without {} one of {wanted:?} must be broken, but: {rules}\n{output}", safeguard.name());
    }
}
