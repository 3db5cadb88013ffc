//! Each rule of the clocks with an example in numbers. Every test desk begins on Monday, 2026-03-02, at 10:00 UTC.

use chrono::TimeDelta;

use super::*;
use crate::domain::sla::clock::next_step_at;

fn due(desk: &Desk, kind: ClockKind) -> String {
    clock(desk, kind).due_at.format("%a %H:%M").to_string()
}

fn in_office(first: i64, next: i64, resolution: i64) -> Desk {
    desk_with(SlaPolicy { calendar: Some(id(OFFICE)), revision: 1, ..policy(targets(first, next, resolution)) })
}

#[test]
fn a_target_counts_business_hours() {
    let mut desk = in_office(HOUR, 0, 10 * HOUR);
    desk.create();
    assert_eq!(due(&desk, ClockKind::FirstResponse), "Mon 11:00");
    // Seven hours on Monday, three on Tuesday.
    assert_eq!(due(&desk, ClockKind::Resolution), "Tue 12:00");
    assert_eq!(clock(&desk, ClockKind::Resolution).warn_at, at("2026-03-02T15:00:00Z"));
}

#[test]
fn pending_stops_resolution_and_not_the_first_answer() {
    let mut desk = in_office(HOUR, 0, 10 * HOUR);
    desk.create();
    desk.pass(2 * HOUR);
    set(&mut desk, Status::Pending);
    // Two hours are spent; a night and a day pass, of which the office was open thirteen hours.
    desk.pass(27 * HOUR);
    assert_eq!(clock(&desk, ClockKind::Resolution).spent_ms, 2 * HOUR * 1_000);
    set(&mut desk, Status::Open);
    // Tuesday 15:00: two hours of Tuesday, six of Wednesday.
    assert_eq!(due(&desk, ClockKind::Resolution), "Wed 15:00");
    assert_eq!(due(&desk, ClockKind::FirstResponse), "Mon 11:00");
    set(&mut desk, Status::OnHold);
    assert!(clock(&desk, ClockKind::Resolution).paused_at.is_some());
}

#[test]
fn the_time_a_ticket_was_solved_does_not_count() {
    let mut desk = desk_with(policy(targets(0, 0, 10 * HOUR)));
    desk.create();
    desk.pass(HOUR);
    set(&mut desk, Status::Solved);
    desk.pass(100 * HOUR);
    set(&mut desk, Status::Open);
    assert_eq!(clock(&desk, ClockKind::Resolution).due_at, desk.now + TimeDelta::hours(9));
}

#[test]
fn a_higher_priority_applies_from_the_start_and_is_due_now_when_used_up() {
    let mut desk = desk_with(policy(targets(0, 0, 10 * HOUR)));
    desk.directory.queues.get_mut(&id(PUMPS)).unwrap().sla.targets.insert(Priority::High, targets(0, 0, 4 * HOUR));
    desk.directory.queues.get_mut(&id(PUMPS)).unwrap().sla.targets.insert(Priority::Urgent, targets(0, 0, HOUR));
    desk.create();
    desk.pass(2 * HOUR);
    prioritise(&mut desk, Priority::High);
    assert_eq!(clock(&desk, ClockKind::Resolution).due_at, desk.now + TimeDelta::hours(2));
    desk.pass(HOUR);
    prioritise(&mut desk, Priority::Urgent);
    // Three hours are spent of one: it is due now, not two hours ago.
    assert_eq!(clock(&desk, ClockKind::Resolution).due_at, desk.now);
    fire(&mut desk);
    assert_eq!(clock(&desk, ClockKind::Resolution).breached_at, Some(desk.now));
    // Back again it lies ahead, and will breach again should it come to that.
    prioritise(&mut desk, Priority::Normal);
    assert_eq!(clock(&desk, ClockKind::Resolution).breached_at, None);
    assert_eq!(clock(&desk, ClockKind::Resolution).due_at, desk.now + TimeDelta::hours(7));
}

#[test]
fn what_was_overdue_stays_overdue_since_then() {
    let mut desk = desk_with(policy(targets(0, 0, 10 * HOUR)));
    desk.directory.queues.get_mut(&id(PUMPS)).unwrap().sla.targets.insert(Priority::Urgent, targets(0, 0, HOUR));
    desk.create();
    let due = desk.now + TimeDelta::hours(10);
    desk.pass(12 * HOUR);
    fire(&mut desk);
    prioritise(&mut desk, Priority::Urgent);
    assert_eq!(clock(&desk, ClockKind::Resolution).due_at, due);
    assert!(clock(&desk, ClockKind::Resolution).breached_at.is_some());
    set(&mut desk, Status::Pending);
    desk.pass(HOUR);
    set(&mut desk, Status::Open);
    assert_eq!(clock(&desk, ClockKind::Resolution).due_at, due);
}

#[test]
fn a_move_counts_what_was_spent_by_the_old_hours() {
    let mut desk = in_office(0, 0, 10 * HOUR);
    desk.directory.queues.get_mut(&id(WEB)).unwrap().sla = policy(targets(0, 0, 20 * HOUR));
    desk.create();
    // Tuesday 11:00: nine office hours of twenty-five.
    desk.pass(25 * HOUR);
    person_does(&mut desk, LEA, Command::MoveTicket { number: ONE, queue: id(WEB) });
    let clock = clock(&desk, ClockKind::Resolution);
    assert_eq!((clock.spent_ms, clock.due_at), (9 * HOUR * 1_000, desk.now + TimeDelta::hours(11)));
    assert_eq!(desk.ticket(1).sla_mark, "");
}

#[test]
fn an_edited_policy_plans_again_with_the_calendar_that_counted() {
    let mut desk = in_office(0, 0, 10 * HOUR);
    desk.create();
    desk.pass(25 * HOUR);
    edit_policy(&mut desk, PUMPS, |policy| policy.calendar = None);
    assert_eq!(desk.directory.queues[&id(PUMPS)].sla.revision, 2);
    assert_eq!(clock(&desk, ClockKind::Resolution).due_at, desk.now + TimeDelta::hours(1));
    assert_eq!(desk.ticket(1).sla_mark, "2");
    let version = desk.ticket(1).version;
    replan(&mut desk);
    assert_eq!(desk.ticket(1).version, version, "nothing to plan again");
}

#[test]
fn an_edited_calendar_counts_from_the_edit_on() {
    let mut desk = in_office(0, 0, 10 * HOUR);
    desk.create();
    desk.pass(25 * HOUR);
    put(&mut desk, Command::PutCalendar(Box::new(office("14:00:00", "20:00:00"))));
    assert_eq!(desk.directory.calendars[&id(OFFICE)].editions.len(), 1);
    // The job comes two hours late, as after a restart: nine hours by the old hours are spent, and by the new none since.
    desk.pass(2 * HOUR);
    replan(&mut desk);
    let clock = clock(&desk, ClockKind::Resolution);
    assert_eq!(clock.spent_ms, 9 * HOUR * 1_000);
    assert_eq!(clock.due_at, at("2026-03-03T15:00:00Z"));
}

#[test]
fn a_claimed_ticket_still_owes_its_first_answer() {
    let mut desk = desk_with(policy(targets(HOUR, HOUR, 0)));
    desk.create();
    person_does(&mut desk, ANA, Command::ClaimTicket { number: ONE });
    prioritise(&mut desk, Priority::Low);
    assert_eq!(kinds(&desk), []);
    desk.pass(600);
    prioritise(&mut desk, Priority::Normal);
    assert_eq!(kinds(&desk), [ClockKind::FirstResponse]);
    assert_eq!(clock(&desk, ClockKind::FirstResponse).due_at, desk.now + TimeDelta::seconds(3_000));
    reply(&mut desk);
    prioritise(&mut desk, Priority::Low);
    prioritise(&mut desk, Priority::Normal);
    assert!(clock(&desk, ClockKind::FirstResponse).stopped_at.is_some());
}

#[test]
fn rows_of_the_first_schema_go_on_around_the_clock() {
    let mut desk = desk_with(policy(targets(0, 0, 10 * HOUR)));
    desk.create();
    desk.clock_events.clear();
    // As an older dutydesk left it: it stood still for an hour, and nothing says so but the due time.
    let start = desk.now;
    let row = desk.tickets.get_mut(&ONE).unwrap();
    row.clocks[0] = Clock { counted_to: None, due_at: start + TimeDelta::hours(11), ..row.clocks[0].clone() };
    desk.now += TimeDelta::hours(3);
    let mut ticket = desk.ticket(1).clone();
    let promise = crate::domain::sla::promise::Promise::of(&desk.directory.queues[&id(PUMPS)], &desk.directory);
    crate::domain::sla::clock::pause(&mut ticket, promise, desk.now);
    assert_eq!(ticket.clocks[0].spent_ms, 2 * HOUR * 1_000);
    crate::domain::sla::clock::resume(&mut ticket, promise, desk.now + TimeDelta::hours(1));
    assert_eq!(ticket.clocks[0].due_at, start + TimeDelta::hours(12));
    assert_eq!(next_step_at(&ticket.clocks), Some(start + TimeDelta::hours(7)));
}

#[test]
fn imports_count_their_history_in_business_time() {
    use crate::domain::command::{ImportMessage, ImportTicket};
    let mut desk = in_office(HOUR, HOUR, 10 * HOUR);
    let message = |person: Option<&str>, hours: i64| ImportMessage {
        person: person.map(str::to_owned),
        text: "x".into(),
        internal: false,
        at: desk.now - TimeDelta::hours(hours),
    };
    // Friday 14:00, answered at 14:30 of the same day in the file's words: at 15:00.
    let import = ImportTicket {
        external: "old:1".into(),
        queue: "pumps".into(),
        subject: "old".into(),
        requester: RequesterInput { external: "shop:1".into(), ..RequesterInput::default() },
        kind: crate::domain::ticket::Kind::Question,
        priority: Priority::Normal,
        status: Status::Open,
        assignee: None,
        tags: Vec::new(),
        fields: BTreeMap::new(),
        messages: vec![message(None, 68), message(Some("ana"), 67)],
        created_at: desk.now - TimeDelta::hours(68),
        solved_at: None,
    };
    job(&mut desk, Command::ImportTicket(Box::new(import)));
    // Three hours of Friday, seven of Monday.
    assert_eq!(due(&desk, ClockKind::Resolution), "Mon 16:00");
    assert_eq!(clock(&desk, ClockKind::FirstResponse).spent_ms, HOUR * 1_000);
    assert!(desk.clock_events.iter().all(|event| event.event != super::super::ledger::ClockEventKind::Resumed));
}
