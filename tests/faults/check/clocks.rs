//! Each armed step of a clock fired once, never early, and only while its clock ran; what was due long ago did fire, and what
//! breached was told.

use std::collections::{HashMap, HashSet};

use dutydesk::domain::notice::NoticeKind;
use dutydesk::domain::sla::clock::{BREACH, WARNING};
use dutydesk::domain::sla::ledger::{ClockEvent, ClockEventKind};
use dutydesk::domain::sla::{Clock, ClockKind};

use super::Findings;
use super::desk::{Desk, TicketRow};

const RULE: &str = "clocks";
/// A step that was due this long before the desk's last act, in milliseconds, must have fired: killed servers come back and wait a little.
const LATE_MS: i64 = 10_000;

pub fn check(desk: &Desk, findings: &mut Findings) {
    for (number, row) in &desk.tickets {
        let events = desk.clock_events.get(number).map_or(&[][..], Vec::as_slice);
        ledger(*number, events, findings);
        for clock in &row.ticket.clocks {
            marks(*number, clock, events, findings);
            overdue(desk, *number, clock, findings);
        }
        told(desk, row, events, findings);
    }
}

/// What the ledger says of one clock so far.
#[derive(Default)]
struct Running {
    runs: bool,
    due_at: Option<chrono::DateTime<chrono::Utc>>,
}

/// Walks the ledger: steps fire once for each time they are due, not before, and only while the clock runs.
fn ledger(number: i64, events: &[ClockEvent], findings: &mut Findings) {
    let mut clocks: HashMap<ClockKind, Running> = HashMap::new();
    let mut fired = HashSet::new();
    for event in events {
        let clock = clocks.entry(event.clock).or_default();
        match &event.event {
            ClockEventKind::Fired { step, due_at, .. } => {
                let words = || format!("ticket #{number}: step {step} of {:?}, due {due_at}, fired {}", event.clock, event.at);
                findings.holds(RULE, event.at >= *due_at, || format!("{}: early", words()));
                findings.holds(RULE, clock.runs, || format!("{}: its clock did not run", words()));
                findings.holds(RULE, fired.insert((event.clock, step.clone(), *due_at)), || format!("{}: once more", words()));
                if step == BREACH {
                    findings.holds(RULE, clock.due_at == Some(*due_at), || format!("{}: the target was due {:?}", words(), clock.due_at));
                }
            }
            ClockEventKind::Started | ClockEventKind::Resumed | ClockEventKind::Reopened => clock.runs = true,
            ClockEventKind::Paused | ClockEventKind::Stopped | ClockEventKind::Dropped => clock.runs = false,
            ClockEventKind::Replanned => {}
        }
        clock.due_at = Some(event.due_at);
    }
}

/// A step that its clock says has fired is in the ledger, and was not before it was due.
fn marks(number: i64, clock: &Clock, events: &[ClockEvent], findings: &mut Findings) {
    let is_fired = |name: &str| {
        events.iter().any(|event| event.clock == clock.kind && matches!(&event.event, ClockEventKind::Fired { step, .. } if step == name))
    };
    // A warning that comes too late to help is marked, and not told.
    let warned = clock.warned_at.filter(|at| *at < clock.due_at);
    let own = [(WARNING, clock.warn_at, warned), (BREACH, clock.due_at, clock.breached_at)];
    let steps = clock.steps.iter().map(|step| (step.key.as_str(), step.at, step.fired_at));
    for (name, due, at) in own.into_iter().chain(steps) {
        let Some(at) = at else { continue };
        findings.holds(RULE, at >= due, || format!("ticket #{number}: step {name} of {:?} is due {due} and fired {at}", clock.kind));
        findings.holds(RULE, is_fired(name), || {
            format!("ticket #{number}: step {name} of {:?} is marked as fired {at}, but the ledger does not know", clock.kind)
        });
    }
}

/// No step of a clock that runs is long overdue.
fn overdue(desk: &Desk, number: i64, clock: &Clock, findings: &mut Findings) {
    if !clock.is_running() {
        return;
    }
    let own = [(WARNING, clock.warn_at, clock.warned_at), (BREACH, clock.due_at, clock.breached_at)];
    let steps = clock.steps.iter().map(|step| (step.key.as_str(), step.at, step.fired_at));
    for (name, due, fired) in own.into_iter().chain(steps) {
        let late = desk.last_at - due.timestamp_millis();
        findings.holds(RULE, fired.is_some() || late < LATE_MS, || {
            format!(
                "ticket #{number}: step {name} of {:?} was due {due}, {late} ms before the desk's last act, and never fired",
                clock.kind
            )
        });
    }
}

/// Who has the ticket, or leads its queue, was told of a breach in the transaction in which it fired, once.
fn told(desk: &Desk, row: &TicketRow, events: &[ClockEvent], findings: &mut Findings) {
    let breaches: HashSet<_> = events
        .iter()
        .filter(|event| matches!(&event.event, ClockEventKind::Fired { step, .. } if step == BREACH))
        .map(|event| event.at)
        .collect();
    let number = row.ticket.number;
    let mut people: HashMap<_, HashSet<_>> = HashMap::new();
    for notice in desk.notices_of(number).filter(|notice| notice.kind == NoticeKind::SlaBreached) {
        findings.holds(RULE, people.entry(notice.at).or_default().insert(notice.person), || {
            format!("ticket #{number}: {} was told twice of the breach at {}", notice.person, notice.at)
        });
        findings
            .holds(RULE, breaches.contains(&notice.at), || format!("ticket #{number}: a breach was told at {}, and none fired", notice.at));
    }
    for at in breaches {
        findings.holds(RULE, people.contains_key(&at), || format!("ticket #{number}: nobody was told of the breach at {at}"));
    }
}
