//! Compare-and-set: what was decided on a version of a ticket happened to that version, and at most one of those who decided
//! on the same version succeeded.

use std::collections::HashMap;

use dutydesk::domain::command::Command;

use super::Findings;
use super::effects::Effect;

const RULE: &str = "compare";

fn compares(command: &Command) -> bool {
    matches!(command, Command::AssignTicket { .. } | Command::ReleaseTicket { .. } | Command::SetStatus { .. })
}

pub fn check(effects: &[Effect<'_>], findings: &mut Findings) {
    let mut won: HashMap<(i64, i64), &Effect<'_>> = HashMap::new();
    for effect in effects.iter().filter(|effect| compares(effect.command())) {
        let (Some(base), Some((number, version))) = (effect.submission().base_version, effect.made()) else { continue };
        findings.holds(RULE, version == base + 1, || {
            format!("{} was decided on version {base} and made version {version}: others had changed it meanwhile", effect.words())
        });
        let other = won.insert((number, base), effect);
        findings.fact(RULE, other.map(|other| format!("{} and {} both succeeded on version {base}", other.words(), effect.words())));
    }
}
