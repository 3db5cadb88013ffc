//! No client saw a row go back to an earlier version.

use std::collections::HashMap;

use super::Findings;
use crate::history::{Event, History};

const RULE: &str = "seen";

pub fn check(histories: &[History], findings: &mut Findings) {
    for history in histories {
        let mut newest: HashMap<(&str, &str), i64> = HashMap::new();
        for event in &history.seen {
            match event {
                Event::Saw { kind, id, version } => {
                    let before = newest.insert((kind, id), *version);
                    findings.holds(RULE, before.is_none_or(|before| before <= *version), || {
                        format!("{} saw {kind} {id} in version {before:?} and then in {version}", history.client)
                    });
                }
                Event::StartedOver => newest.clear(),
                _ => {}
            }
        }
    }
}
