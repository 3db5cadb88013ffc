//! The kill loop, short in every test run, long by `DUTYDESK_FAULTS=long`.

use std::time::Duration;

use super::dice::seed;
use super::killer::Roughness;
use super::run::{Goals, Plan, run};
use crate::check::RULES;

/// Whether the long form is asked for.
pub fn is_long() -> bool {
    std::env::var("DUTYDESK_FAULTS").is_ok_and(|form| form == "long")
}

fn short() -> Plan {
    Plan {
        seed: seed(),
        writers: 3,
        consoles: 2,
        batch: 20,
        roughness: Some(Roughness { every: (200, 2_000), stop: (500, 1_500), long_stop: None }),
        at_least: Goals { span: Duration::from_secs(20), acknowledged: 300 },
        at_most: Duration::from_secs(60),
    }
}

fn long() -> Plan {
    Plan {
        writers: 10,
        consoles: 3,
        roughness: Some(Roughness { every: (200, 2_000), stop: (1_000, 3_000), long_stop: Some((5_000, 60_000)) }),
        at_least: Goals { span: Duration::from_secs(600), acknowledged: 100_000 },
        at_most: Duration::from_secs(2_400),
        ..short()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_whatever_is_killed() {
    let long_form = is_long();
    let ran = run(if long_form { long() } else { short() }).await;
    println!("kill loop: {ran}");
    ran.findings.assert_clean(&RULES);
    let kills = ran.toll.server_kills + ran.toll.client_kills;
    let (least_kills, least_acknowledged) = if long_form { (300, 100_000) } else { (12, 300) };
    assert!(kills >= least_kills && ran.toll.server_kills >= least_kills / 3, "too few kills: {ran}");
    assert!(ran.findings.acknowledged >= least_acknowledged, "too little was done: {ran}");
    assert!(ran.failures > 0 && ran.replays > 0 && ran.toll.stops > 0 || !long_form, "nothing was disturbed: {ran}");
}
