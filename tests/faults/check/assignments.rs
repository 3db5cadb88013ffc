//! A ticket has one assignee at any instant: its assignments never overlap, at most one is open, and it is the row's.

use std::collections::HashMap;

use dutydesk::domain::person::AgentState;

use super::Findings;
use super::desk::Desk;

const RULE: &str = "assignments";

pub fn check(desk: &Desk, findings: &mut Findings) {
    for (number, periods) in &desk.assignments {
        for pair in periods.windows(2) {
            let apart = pair[0].ended_at.is_some_and(|end| end <= pair[1].started_at);
            findings.holds(RULE, apart, || {
                let (a, b) = (&pair[0], &pair[1]);
                format!("ticket #{number} was {}'s until {:?} and {}'s from {} on", a.person, a.ended_at, b.person, b.started_at)
            });
        }
        for period in periods {
            let forward = period.ended_at.is_none_or(|end| end >= period.started_at);
            findings.holds(RULE, forward, || format!("ticket #{number}: an assignment ended before it began: {period:?}"));
        }
    }
    for (number, row) in &desk.tickets {
        let open: Vec<_> = desk.assignments.get(number).into_iter().flatten().filter(|period| period.ended_at.is_none()).collect();
        findings.holds(RULE, open.len() <= 1, || format!("ticket #{number} has {} open assignments", open.len()));
        let wanted = row.ticket.assignee.filter(|_| row.ticket.status.is_unsolved());
        let found = open.last().map(|period| period.person);
        findings.holds(RULE, open.len() != 1 && wanted.is_none() || found == wanted, || {
            format!("ticket #{number} is {wanted:?}'s by its row, and {found:?}'s by its assignments")
        });
    }
    loads(desk, findings);
}

/// What people hold is counted as it is.
fn loads(desk: &Desk, findings: &mut Findings) {
    let mut held: HashMap<String, u32> = HashMap::new();
    for row in desk.tickets.values().filter(|row| matches!(row.status.as_str(), "new" | "open")) {
        if let Some(person) = &row.assignee {
            *held.entry(person.clone()).or_default() += 1;
        }
    }
    for ((kind, id), kept) in &desk.rows {
        if kind == "agent_state" {
            let state: AgentState = serde_json::from_str(&kept.data).expect("a state");
            let is = held.get(id).copied().unwrap_or(0);
            findings.holds(RULE, state.open_tickets == is, || {
                format!("person {id} holds {is} open tickets, but is counted with {}", state.open_tickets)
            });
        }
    }
}
