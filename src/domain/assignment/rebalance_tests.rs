//! Proposals that even out a queue.

use super::rebalance::{Move, MoveReason, Standing, propose};
use crate::domain::command::Command;
use crate::domain::person::Presence;
use crate::domain::roster::duty::DutyIndex;
use crate::domain::testing::*;
use crate::domain::ticket::Ticket;

fn moves(desk: &Desk) -> Vec<Move> {
    let tickets: Vec<Ticket> =
        desk.tickets.values().filter(|ticket| ticket.assignee.is_some() && ticket.status.is_active()).cloned().collect();
    let duty = DutyIndex::at(&desk.directory, desk.now);
    let queue = &desk.directory.queues[&id(PUMPS)];
    propose(Standing { queue, directory: &desk.directory, duty: &duty, states: &desk.states, tickets: &tickets })
}

fn give(desk: &mut Desk, n: u128, count: usize) {
    let lea = desk.who(LEA);
    for _ in 0..count {
        let number = desk.create();
        desk.run(&lea, &Command::AssignTicket { number, person: id(n) }).unwrap();
        desk.pass(60);
    }
}

#[test]
fn evens_out_and_ends_there() {
    let mut desk = Desk::new();
    give(&mut desk, ANA, 4);
    let proposed = moves(&desk);
    assert_eq!(proposed.len(), 2);
    assert!(proposed.iter().all(|one| one.from == id(ANA) && one.to == id(BEN) && one.why == MoveReason::EvensLoad));
    assert_eq!(proposed[0].ticket.0, 4, "the last given first");
    assert_eq!((proposed[1].from_load_after, proposed[1].to_load_after), (0.4, 0.4));
    let lea = desk.who(LEA);
    for one in proposed {
        desk.base_version = Some(one.version);
        desk.run(&lea, &Command::AssignTicket { number: one.ticket, person: one.to }).unwrap();
    }
    assert_eq!(moves(&desk), [], "even");
}

#[test]
fn what_nobody_accepted_moves_before_what_somebody_looks_at_and_answers_stay() {
    let mut desk = Desk::new();
    give(&mut desk, ANA, 4);
    let ana = desk.who(ANA);
    for number in [3, 4] {
        desk.run(&ana, &Command::AcceptTicket { number: desk.ticket(number).number }).unwrap();
    }
    assert_eq!(moves(&desk).iter().map(|one| one.ticket.0).collect::<Vec<_>>(), [2, 1]);
    for ticket in desk.tickets.values_mut() {
        for clock in ticket.clocks.iter_mut().filter(|clock| clock.kind != crate::domain::sla::ClockKind::Resolution) {
            clock.stopped_at = Some(desk.now);
        }
        ticket.status = crate::domain::ticket::Status::Open;
    }
    assert_eq!(moves(&desk), []);
}

#[test]
fn never_above_capacity_or_cap_and_never_to_who_is_not_there() {
    let mut desk = Desk::new();
    give(&mut desk, ANA, 5);
    desk.directory.queues.get_mut(&id(PUMPS)).unwrap().cap = Some(1);
    assert_eq!(moves(&desk).len(), 1, "Ben may have one of the queue");
    desk.directory.queues.get_mut(&id(PUMPS)).unwrap().cap = None;
    desk.directory.people.get_mut(&id(BEN)).unwrap().capacity = 0;
    assert_eq!(moves(&desk), []);
    desk.directory.people.get_mut(&id(BEN)).unwrap().capacity = 5;
    desk.states.get_mut(&id(BEN)).unwrap().presence = Presence::Busy;
    assert_eq!(moves(&desk), []);
}

#[test]
fn what_somebody_holds_who_is_gone_moves_first() {
    let mut desk = Desk::new();
    give(&mut desk, ANA, 2);
    desk.states.get_mut(&id(ANA)).unwrap().presence = Presence::Offline;
    let proposed = moves(&desk);
    assert_eq!(proposed.len(), 2);
    assert!(proposed.iter().all(|one| one.to == id(BEN) && one.why == MoveReason::HolderGone));
}
