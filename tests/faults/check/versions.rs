//! Versions are dense: each change of a row makes one, and the feed tells each once and in order, as far as it is kept.

use std::collections::BTreeMap;

use super::Findings;
use super::audit::Steps;
use super::desk::Desk;

const RULE: &str = "versions";
/// Kinds of which each change is told exactly once: others are told again when their audience changes.
const ONCE: [&str; 4] = ["ticket", "message", "conversation", "agent_state"];

pub fn check(desk: &Desk, steps: &Steps, findings: &mut Findings) {
    let mut told: BTreeMap<(&str, &str), Vec<i64>> = BTreeMap::new();
    for entry in &desk.feed {
        told.entry((&entry.kind, &entry.id)).or_default().push(entry.version);
    }
    for ((kind, id), versions) in &told {
        let once = ONCE.contains(kind);
        let dense = versions.windows(2).all(|pair| pair[1] == pair[0] + 1 || (!once && pair[1] == pair[0]));
        findings.holds(RULE, dense, || format!("the feed tells {kind} {id} in versions {versions:?}: not one after the other"));
        let standing = match *kind {
            "ticket" => id.parse().ok().and_then(|number: i64| desk.tickets.get(&number)).map(|row| row.version),
            "message" => desk.message_rows.get(*id).map(|row| row.version),
            _ => desk.rows.get(&((*kind).to_owned(), (*id).to_owned())).map(|row| row.version),
        };
        let last = versions.last().copied();
        findings.holds(RULE, standing == last, || format!("{kind} {id} stands in version {standing:?}, but the feed ended with {last:?}"));
    }
    // While nothing was trimmed, the feed begins with the first version of all.
    let whole = desk.head == i64::try_from(desk.feed.len()).unwrap_or(0);
    for (number, row) in &desk.tickets {
        let text = number.to_string();
        let first = told.get(&("ticket", text.as_str())).and_then(|versions| versions.first().copied());
        findings.holds(RULE, !whole || first == Some(1), || format!("the feed tells ticket #{number} from version {first:?} on"));
        let changes = steps.get(number).map_or(0, Vec::len);
        findings.holds(RULE, i64::try_from(changes).ok() == Some(row.version), || {
            format!("ticket #{number} stands in version {} after {changes} changes", row.version)
        });
    }
}
