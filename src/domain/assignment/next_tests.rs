//! What comes next, and what comes back.

use chrono::TimeDelta;

use super::next::{Asking, Next, NextReason, next};
use crate::domain::id::TicketNumber;
use crate::domain::person::{AgentState, Presence};
use crate::domain::roster::duty::DutyIndex;
use crate::domain::testing::*;
use crate::domain::ticket::{Priority, Status, Ticket};

/// A desk with so many new tickets, one a minute, held by nobody.
fn desk(count: usize) -> Desk {
    let mut desk = Desk::new();
    for _ in 0..count {
        desk.create();
    }
    let due = desk.now + TimeDelta::hours(2);
    for (place, ticket) in (0i64..).zip(desk.tickets.values_mut()) {
        (ticket.assignee, ticket.waits, ticket.status) = (None, None, Status::Open);
        (ticket.awaits_reply, ticket.due_at) = (false, Some(due + TimeDelta::minutes(place)));
    }
    for state in desk.states.values_mut() {
        (state.open_tickets, state.load) = (0, 0);
        state.queues.clear();
    }
    desk
}

fn numbers(desk: &Desk) -> Vec<TicketNumber> {
    desk.tickets.values().map(|ticket| ticket.number).collect()
}

fn change(desk: &mut Desk, number: TicketNumber, change: impl FnOnce(&mut Ticket)) {
    change(desk.tickets.values_mut().find(|ticket| ticket.number == number).unwrap());
}

fn ask(desk: &Desk, person: u128, skipped: &[TicketNumber]) -> Option<Next> {
    let duty = DutyIndex::at(&desk.directory, desk.now);
    let me = &desk.directory.people[&id(person)];
    let state = desk.states.get(&id(person)).cloned().unwrap_or_else(|| AgentState::unseen(id(person), desk.now));
    let asking = Asking { me, state: &state, directory: &desk.directory, duty: &duty, now: desk.now };
    next(desk.tickets.values(), &asking, skipped)
}

fn chosen(desk: &Desk, skipped: &[TicketNumber]) -> Option<(TicketNumber, NextReason)> {
    ask(desk, ANA, skipped).map(|next| (next.number, next.why))
}

#[test]
fn mine_late_then_waiting_then_mine_then_what_nobody_has() {
    let mut desk = desk(5);
    let [free, mine, waits, late, other] = numbers(&desk)[..] else { panic!("five") };
    assert_eq!(chosen(&desk, &[]), Some((free, NextReason::Free)), "the soonest due of all");
    change(&mut desk, mine, |ticket| ticket.assignee = Some(id(ANA)));
    assert_eq!(chosen(&desk, &[]), Some((mine, NextReason::Mine)));
    change(&mut desk, waits, |ticket| (ticket.assignee, ticket.awaits_reply) = (Some(id(ANA)), true));
    assert_eq!(chosen(&desk, &[]), Some((waits, NextReason::AwaitsReply)));
    let before = desk.now - TimeDelta::minutes(1);
    change(&mut desk, late, |ticket| (ticket.assignee, ticket.due_at) = (Some(id(ANA)), Some(before)));
    assert_eq!(chosen(&desk, &[]), Some((late, NextReason::Late)));
    change(&mut desk, other, |ticket| (ticket.assignee, ticket.due_at) = (Some(id(BEN)), Some(before)));
    assert_eq!(chosen(&desk, &[]), Some((late, NextReason::Late)), "what a colleague has is theirs");
    change(&mut desk, late, |ticket| ticket.status = Status::Pending);
    assert_eq!(chosen(&desk, &[]), Some((waits, NextReason::AwaitsReply)), "what waits for others is not work now");
}

#[test]
fn among_equals_the_soonest_due_then_the_most_pressing() {
    let mut desk = desk(3);
    let [first, second, third] = numbers(&desk)[..] else { panic!("three") };
    let due = desk.now + TimeDelta::hours(1);
    change(&mut desk, third, |ticket| ticket.due_at = Some(due));
    change(&mut desk, second, |ticket| (ticket.due_at, ticket.priority) = (Some(due), Priority::Urgent));
    assert_eq!(chosen(&desk, &[]), Some((second, NextReason::Free)));
    change(&mut desk, first, |ticket| ticket.due_at = None);
    assert_eq!(chosen(&desk, &[second, third]), Some((first, NextReason::Free)));
}

#[test]
fn what_was_skipped_comes_back_when_nothing_else_is_left() {
    let desk = desk(2);
    let [first, second] = numbers(&desk)[..] else { panic!("two") };
    assert_eq!(chosen(&desk, &[first]).map(|found| found.0), Some(second));
    let again = ask(&desk, ANA, &[second, first]).unwrap();
    assert_eq!((again.number, again.again), (second, true), "the one skipped longest ago");
    assert_eq!(ask(&desk, ANA, &[second, first, second]).unwrap().number, first, "skipped twice counts from the last time");
}

#[test]
fn who_may_not_take_it_is_not_offered_it() {
    let mut desk = desk(1);
    let number = numbers(&desk)[0];
    assert!(ask(&desk, ANA, &[]).is_some());
    assert_eq!(ask(&desk, VIC, &[]), None, "a viewer works nothing");
    change(&mut desk, number, |ticket| ticket.tier = 2);
    assert_eq!(ask(&desk, ANA, &[]), None, "another tier's");
    change(&mut desk, number, |ticket| ticket.tier = 1);
    change(&mut desk, number, |ticket| ticket.declined = vec![id(ANA)]);
    assert_eq!(ask(&desk, ANA, &[]), None, "given back before");
    change(&mut desk, number, |ticket| ticket.declined.clear());
    desk.states.get_mut(&id(ANA)).unwrap().open_tickets = 99;
    assert_eq!(ask(&desk, ANA, &[]), None, "no capacity left");
    desk.states.get_mut(&id(ANA)).unwrap().open_tickets = 0;
    desk.states.get_mut(&id(ANA)).unwrap().presence = Presence::Away;
    assert_eq!(ask(&desk, ANA, &[]), None, "away");
    change(&mut desk, number, |ticket| ticket.assignee = Some(id(ANA)));
    assert!(ask(&desk, ANA, &[]).is_some(), "one's own stays one's own");
}
