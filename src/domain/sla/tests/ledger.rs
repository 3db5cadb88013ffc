//! The ledger alone is enough to reckon every due time, as somebody with pencil and paper would.

use super::*;
use crate::domain::Timestamp;
use crate::domain::calendar::business::add_ms;
use crate::domain::directory::Directory;
use crate::domain::queue::Queue;
use crate::domain::sla::clock::BREACH;
use crate::domain::sla::intervals::{ClockState, intervals};
use crate::domain::sla::ledger::{ClockCause, ClockEvent, ClockEventKind};
use crate::domain::sla::promise::Promise;
use crate::domain::ticket::Ticket;

/// When a clock is due by its entries alone: by the last that planned it, and what it was due before, which the one before says.
fn reckon<'a>(events: impl Iterator<Item = &'a ClockEvent>, directory: &Directory) -> Option<Timestamp> {
    let (mut due, mut reckoned): (Option<Timestamp>, Option<Timestamp>) = (None, None);
    let (mut rest, mut breached): (Option<Timestamp>, bool) = (None, false);
    for event in events {
        let (from, before) = match &event.event {
            ClockEventKind::Fired { step, .. } => {
                breached |= step == BREACH;
                continue;
            }
            ClockEventKind::Paused | ClockEventKind::Stopped => {
                rest.get_or_insert(event.at);
                continue;
            }
            ClockEventKind::Dropped => {
                (due, reckoned, rest, breached) = (None, None, None, false);
                continue;
            }
            ClockEventKind::Started => {
                (due, rest, breached) = (None, None, false);
                (event.at, event.at)
            }
            ClockEventKind::Resumed | ClockEventKind::Reopened => (event.at, rest.take().unwrap()),
            ClockEventKind::Replanned => match rest {
                Some(rest) => (rest, rest),
                None => (event.at, event.at + chrono::TimeDelta::milliseconds(1)),
            },
        };
        let left = event.target_secs * 1_000 - event.spent_ms;
        let calendar = event.calendar.as_deref().map(|key| directory.calendar_by_key(key).unwrap());
        let passed = due.filter(|due| *due <= from && (breached || *due < before)).unwrap_or(from);
        let now_due = if left > 0 { add_ms(calendar, from, left) } else { passed };
        breached &= event.due_at <= from;
        // Earlier entries were planned by the hours of then.
        (due, reckoned) = (Some(event.due_at), Some(now_due));
    }
    reckoned
}

/// Every clock that runs is due when its entries say; held by every test that runs a command.
pub fn check_ledger(desk: &Desk, ticket: &Ticket) {
    let queue: &Queue = &desk.directory.queues[&ticket.queue];
    if ticket.external.is_some() || Promise::of(queue, &desk.directory).is_stale(ticket) {
        // Of an import the desk knows the outcome, and until the job has planned again the old hours hold.
        return;
    }
    for clock in ticket.clocks.iter().filter(|clock| clock.is_running()) {
        let events = || desk.clock_events.iter().filter(|event| event.ticket == ticket.number && event.clock == clock.kind);
        assert_eq!(reckon(events(), &desk.directory), Some(clock.due_at), "{:?}\n{:#?}", clock, events().collect::<Vec<_>>());
        assert_eq!(events().next_back().unwrap().due_at, clock.due_at, "the last entry says when it is due");
    }
    let of_ticket: Vec<ClockEvent> = desk.clock_events.iter().filter(|event| event.ticket == ticket.number).cloned().collect();
    for pair in intervals(&of_ticket, &desk.directory, desk.now).windows(2) {
        if pair[0].clock == pair[1].clock {
            assert_eq!(pair[0].to, Some(pair[1].from), "intervals leave no hole");
            assert!(pair[0].state == ClockState::Running || pair[0].spent_ms == pair[0].spent_before_ms, "only running clocks count");
        }
    }
}

fn told(desk: &Desk, kind: ClockKind) -> Vec<(ClockEventKind, ClockCause)> {
    desk.clock_events.iter().filter(|event| event.clock == kind).map(|event| (event.event.clone(), event.cause.clone())).collect()
}

#[test]
fn every_change_of_a_clock_has_an_entry_with_its_cause() {
    use ClockEventKind::{Paused, Reopened, Replanned, Resumed, Started, Stopped};
    let mut desk = desk_with(policy(targets(HOUR, HOUR, 8 * HOUR)));
    ask(&mut desk, None);
    desk.pass(600);
    reply(&mut desk);
    set(&mut desk, Status::Pending);
    desk.pass(600);
    ask(&mut desk, None);
    edit_policy(&mut desk, PUMPS, |policy| policy.calendar = Some(id(OFFICE)));
    set(&mut desk, Status::Solved);
    desk.pass(600);
    set(&mut desk, Status::Open);
    let status = |status| ClockCause::Status { status };
    assert_eq!(told(&desk, ClockKind::FirstResponse), [(Started, ClockCause::Arrived), (Stopped, ClockCause::Answered)]);
    assert_eq!(
        told(&desk, ClockKind::NextResponse),
        [(Started, ClockCause::Asked), (Replanned, ClockCause::Policy), (Stopped, status(Status::Solved))]
    );
    assert_eq!(
        told(&desk, ClockKind::Resolution),
        [
            (Started, ClockCause::Arrived),
            (Paused, status(Status::Pending)),
            (Resumed, ClockCause::Asked),
            (Replanned, ClockCause::Policy),
            (Stopped, status(Status::Solved)),
            (Reopened, status(Status::Open)),
        ]
    );
    let spans = intervals(&desk.clock_events, &desk.directory, desk.now);
    let shown: Vec<_> =
        spans.iter().filter(|one| one.clock == ClockKind::Resolution).map(|one| (one.state, one.spent_ms / 1_000)).collect();
    assert_eq!(shown, [(ClockState::Running, 600), (ClockState::Paused, 600), (ClockState::Stopped, 600), (ClockState::Running, 600)]);
}

#[test]
fn moving_raising_and_dropping_are_told_with_what_changed() {
    use ClockEventKind::{Dropped, Replanned, Started};
    let mut desk = desk_with(policy(targets(0, 0, 8 * HOUR)));
    desk.create();
    desk.pass(60);
    prioritise(&mut desk, Priority::Low);
    desk.pass(60);
    prioritise(&mut desk, Priority::Normal);
    person_does(&mut desk, LEA, Command::MoveTicket { number: ONE, queue: id(WEB) });
    let priority = |priority| ClockCause::Priority { priority };
    assert_eq!(
        told(&desk, ClockKind::Resolution),
        [
            (Started, ClockCause::Arrived),
            (Dropped, priority(Priority::Low)),
            (Started, priority(Priority::Normal)),
            (Replanned, ClockCause::Moved { queue: id(WEB) }),
        ]
    );
    // Added again, it counts from the ticket's creation.
    assert_eq!(desk.clock_events.iter().rfind(|event| event.event == Started).unwrap().spent_ms, 120_000);
}
