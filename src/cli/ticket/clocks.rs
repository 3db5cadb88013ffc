//! `dutydesk ticket clocks`: each clock with its target, its intervals and the running sum, so that a due time can be checked
//! with pencil and paper.

use crate::cli::Global;
use crate::cli::error::CliError;
use crate::cli::words::{local, word_of};
use crate::domain::id::TicketNumber;
use crate::domain::sla::intervals::{ClockRecord, ClockState, Interval};
use crate::domain::sla::ledger::{ClockCause, ClockEvent, ClockEventKind};
use crate::domain::sla::{Clock, ClockKind};

/// # Errors
/// See [`CliError`].
pub async fn run(number: TicketNumber, global: &Global) -> Result<(), CliError> {
    let record: ClockRecord = global.api()?.get(&format!("/api/v1/tickets/{number}/clocks")).await?;
    if global.json {
        return global.out.json(&record);
    }
    let mut kinds: Vec<ClockKind> = record.intervals.iter().map(|interval| interval.clock).collect();
    kinds.extend(record.clocks.iter().map(|clock| clock.kind));
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.is_empty() {
        return global.out.line(&format!("No target was ever set for #{number}: its queue's policy has none for it."));
    }
    for kind in kinds {
        let intervals: Vec<&Interval> = record.intervals.iter().filter(|interval| interval.clock == kind).collect();
        let clock = record.clocks.iter().find(|clock| clock.kind == kind);
        global.out.line(&head(kind, clock, intervals.last().copied()))?;
        global.out.list(&intervals, &["FROM", "TO", "STATE", "WHY", "CALENDAR", "TARGET", "RAN", "SUM", "DUE"], |one| row(one))?;
        let fired: Vec<&ClockEvent> =
            record.events.iter().filter(|event| event.clock == kind && matches!(event.event, ClockEventKind::Fired { .. })).collect();
        if !fired.is_empty() {
            global.out.list(&fired, &["STEP", "DUE", "FIRED", "LATE"], |event| step(event))?;
        }
    }
    Ok(())
}

fn head(kind: ClockKind, clock: Option<&Clock>, last: Option<&Interval>) -> String {
    let kind = word_of(&kind);
    let Some(clock) = clock else { return format!("{kind}: the policy has no such target any more") };
    let calendar = last.and_then(|last| last.calendar.as_deref()).unwrap_or("around the clock");
    let state = match (clock.stopped_at, clock.paused_at) {
        (Some(at), _) => format!("stopped {}", local(at)),
        (None, Some(at)) => format!("paused since {}", local(at)),
        (None, None) => format!("due {}", local(clock.due_at)),
    };
    let breached = clock.breached_at.map(|at| format!(", breached {}", local(at))).unwrap_or_default();
    format!("{kind}: target {} ({calendar}), {state}{breached}", span(clock.target_secs * 1_000))
}

fn row(one: &Interval) -> Vec<String> {
    let running = one.state == ClockState::Running;
    vec![
        local(one.from),
        one.to.map_or_else(|| "now".to_owned(), local),
        word_of(&one.state),
        why(&one.why),
        one.calendar.clone().unwrap_or_else(|| "24/7".to_owned()),
        span(one.target_secs * 1_000),
        if running { span(one.spent_ms - one.spent_before_ms) } else { "-".to_owned() },
        span(one.spent_ms),
        if running { local(one.due_at) } else { "-".to_owned() },
    ]
}

fn step(event: &ClockEvent) -> Vec<String> {
    let ClockEventKind::Fired { step, due_at, late_ms } = &event.event else { return Vec::new() };
    vec![step.clone(), local(*due_at), local(event.at), span(*late_ms)]
}

fn why(cause: &ClockCause) -> String {
    match cause {
        ClockCause::Status { status } => format!("status {}", word_of(status)),
        ClockCause::Priority { priority } => format!("priority {}", word_of(priority)),
        ClockCause::Moved { .. } => "moved to another queue".to_owned(),
        ClockCause::Policy => "policy or calendar edited".to_owned(),
        cause => word_of(cause),
    }
}

/// `1d 2h 3m 4s` without the parts that are nothing; days have 24 hours of the calendar.
fn span(ms: i64) -> String {
    let (sign, secs) = (if ms < 0 { "-" } else { "" }, ms.unsigned_abs() / 1_000);
    let parts = [(secs / 86_400, "d"), (secs / 3_600 % 24, "h"), (secs / 60 % 60, "m"), (secs % 60, "s")];
    let shown: Vec<String> = parts.iter().filter(|(count, _)| *count > 0).map(|(count, unit)| format!("{count}{unit}")).collect();
    if shown.is_empty() { "0s".to_owned() } else { format!("{sign}{}", shown.join(" ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ticket::Status;

    #[test]
    fn spans_leave_out_what_is_nothing() {
        assert_eq!(span(0), "0s");
        assert_eq!(span(999), "0s");
        assert_eq!(span(90_061_000), "1d 1h 1m 1s");
        assert_eq!(span(28_800_000), "8h");
        assert_eq!(span(-60_000), "-1m");
    }

    #[test]
    fn causes_name_what_changed() {
        assert_eq!(why(&ClockCause::Status { status: Status::OnHold }), "status on_hold");
        assert_eq!(why(&ClockCause::Asked), "asked");
    }
}
