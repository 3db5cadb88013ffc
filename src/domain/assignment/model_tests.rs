//! Random histories of assignment against a plain model, which knows only what the words say: who is on duty and there,
//! what they hold, who said no. Every automatic assignment is held to it; [`Desk::run`] recounts every load besides.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::AssignmentReason;
use super::EndReason;
use crate::domain::command::Command;
use crate::domain::id::{PersonId, TicketNumber};
use crate::domain::person::Presence;
use crate::domain::queue::{EndOfShift, Strategy};
use crate::domain::testing::*;
use crate::domain::ticket::{Priority, Status, Ticket};

const WORKERS: [u128; 4] = [ANA, BEN, 8, 9];

/// Four agents in two shifts (08:00 to 16:00, and to midnight), small capacities, a queue with a cap.
fn desk(strategy: Strategy, end_of_shift: EndOfShift) -> Desk {
    let mut desk = Desk::new();
    let queue = desk.directory.queues.get_mut(&id(PUMPS)).unwrap();
    queue.strategy = strategy;
    queue.end_of_shift = end_of_shift;
    queue.accept_within_secs = 180;
    queue.cap = Some(2);
    for (n, handle) in [(8, "cho"), (9, "dee")] {
        let person = person(n, handle, crate::domain::person::Role::Agent, 1, &[id(PUMPS)]);
        desk.directory.people.insert(person.id, person);
        let state = crate::domain::person::AgentState { person: id(n), ..desk.states[&id(ANA)].clone() };
        desk.states.insert(state.person, state);
    }
    for (n, capacity) in WORKERS.into_iter().zip([1, 2, 3, 4]) {
        desk.directory.people.get_mut(&id(n)).unwrap().capacity = capacity;
    }
    let rota = desk.directory.rotas.get_mut(&main_rota()).unwrap();
    rota.shift_types = vec![shift_type("D", (8, 0), (16, 0)), shift_type("L", (16, 0), (0, 0))];
    rota.pattern = vec![Some("D".into()), Some("L".into())];
    rota.members = WORKERS
        .into_iter()
        .zip([0, 1, 0, 1])
        .map(|(n, offset_days)| crate::domain::roster::RotaMember { person: id(n), offset_days })
        .collect();
    desk
}

/// By the words alone: the pattern's shifts, without asking the roster's code.
fn on_duty(desk: &Desk) -> BTreeSet<PersonId> {
    let rota = &desk.directory.rotas[&main_rota()];
    let day = (desk.now.date_naive() - rota.starts_on).num_days();
    let hour = chrono::Timelike::hour(&desk.now);
    let here = |offset: i32| match (day + i64::from(offset)).rem_euclid(2) {
        0 => (8..16).contains(&hour),
        _ => hour >= 16,
    };
    rota.members.iter().filter(|member| here(member.offset_days)).map(|member| member.person).collect()
}

fn held(desk: &Desk, person: PersonId) -> Vec<&Ticket> {
    desk.tickets.values().filter(|ticket| ticket.assignee == Some(person) && ticket.status.is_active()).collect()
}

/// Whom the desk may give one more ticket of the queue, who said no included.
fn free(desk: &Desk) -> BTreeSet<PersonId> {
    let there = |person: &PersonId| desk.states[person].presence == Presence::Available;
    let room = |person: &PersonId| {
        let held = held(desk, *person);
        let of_queue = held.iter().filter(|ticket| ticket.queue == id(PUMPS)).count();
        held.len() < desk.directory.people[person].capacity as usize && of_queue < 2
    };
    on_duty(desk).into_iter().filter(|person| there(person) && room(person)).collect()
}

fn pool(desk: &Desk) -> Vec<TicketNumber> {
    let waiting = desk.tickets.values().filter(|ticket| ticket.assignee.is_none() && ticket.status.is_active());
    let mut waiting: Vec<_> = waiting.map(|ticket| (ticket.priority, ticket.created_at, ticket.number)).collect();
    waiting.sort_unstable();
    waiting.into_iter().map(|(_, _, number)| number).collect()
}

/// Gives out the pool in its order, each choice held to the model.
fn drain(desk: &mut Desk) -> Result<(), TestCaseError> {
    for number in pool(desk) {
        // Nobody's rota serves the other queue.
        let free = if desk.tickets[&number].queue == id(PUMPS) { free(desk) } else { BTreeSet::new() };
        let declined: BTreeSet<PersonId> = desk.tickets[&number].declined.iter().copied().collect();
        let first: BTreeSet<PersonId> = free.difference(&declined).copied().collect();
        desk.run(&JOB, &Command::AutoAssign { number }).unwrap();
        let chosen = desk.tickets[&number].assignee;
        prop_assert_eq!(chosen.is_some(), !free.is_empty(), "given out exactly while somebody can take it");
        if let Some(chosen) = chosen {
            prop_assert!(free.contains(&chosen), "only to who is on duty, there, and below capacity and cap");
            prop_assert!(first.is_empty() || first.contains(&chosen), "who said no comes after who did not");
            prop_assert!(desk.tickets[&number].accept_by.is_some());
        } else {
            prop_assert!(desk.tickets[&number].waits.is_some(), "it says why it waits");
        }
    }
    Ok(())
}

/// What the jobs would find: due acceptances, shifts that are over, people timed out.
fn sweep(desk: &mut Desk) {
    for number in desk.tickets.keys().copied().collect::<Vec<_>>() {
        for reason in [EndReason::NotAccepted, EndReason::EndOfShift, EndReason::Away] {
            let before = desk.tickets[&number].clone();
            let unchanged = desk.run(&JOB, &Command::ReturnTicket { number, reason }).unwrap().unchanged;
            if unchanged {
                continue;
            }
            let holder = before.assignee.unwrap();
            match reason {
                EndReason::NotAccepted => assert!(before.accepted_at.is_none() && before.accept_by.unwrap() <= desk.now),
                EndReason::EndOfShift => assert!(!on_duty(desk).contains(&holder)),
                _ => assert!(desk.states[&holder].timed_out),
            }
            if let Some(relief) = desk.tickets[&number].assignee {
                assert!(on_duty(desk).contains(&relief) && held(desk, relief).len() <= 2);
                let row = desk.assignments.values().find(|row| row.ticket == number && row.ended_at.is_none()).unwrap();
                assert_eq!(row.reason, AssignmentReason::Relief);
            }
        }
    }
}

/// Something that people do, drawn from two numbers; refusals are as good.
fn act(desk: &mut Desk, op: u8, x: u8) {
    let who = WORKERS[usize::from(x) % 4];
    let numbers: Vec<TicketNumber> = desk.tickets.keys().copied().collect();
    let number = numbers[usize::from(x / 4) % numbers.len()];
    let assignee = desk.tickets[&number].assignee;
    let owner = assignee.and_then(|person| WORKERS.into_iter().find(|n| id::<PersonId>(*n) == person)).unwrap_or(who);
    let (who, command) = match op % 12 {
        0 | 1 => {
            let priority = [Priority::Urgent, Priority::High, Priority::Normal, Priority::Low][usize::from(x) % 4];
            let create = crate::domain::command::CreateTicket { priority, ..desk.creation() };
            (ANA, Command::CreateTicket(Box::new(create)))
        }
        2 => (who, Command::ClaimTicket { number }),
        3 => (owner, Command::ReleaseTicket { number, reason: None }),
        4 | 5 => (owner, Command::AcceptTicket { number }),
        6 => (owner, Command::SetStatus { number, status: Status::Solved }),
        7 => (owner, Command::SetStatus { number, status: Status::Pending }),
        8 => (LEA, Command::SetStatus { number, status: Status::Open }),
        9 => (who, Command::SetPresence { presence: if x > 100 { Presence::Available } else { Presence::Busy } }),
        10 => {
            let _ = desk.run(&JOB, &Command::TimeOutPresence { person: id(who) });
            return;
        }
        _ => (LEA, Command::MoveTicket { number, queue: id(if x > 128 { PUMPS } else { WEB }) }),
    };
    let actor = desk.who(who);
    let _ = desk.run(&actor, &command);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_history_agrees_with_the_model(
        strategy in 0..4_usize,
        end in 0..3_usize,
        steps in prop::collection::vec((any::<u8>(), any::<u8>(), 0..2_400_i64), 1..40),
    ) {
        let strategy = [Strategy::LeastLoaded, Strategy::RoundRobin, Strategy::SkillFirst, Strategy::Sticky][strategy];
        let mut desk = desk(strategy, [EndOfShift::Keep, EndOfShift::Return, EndOfShift::Relief][end]);
        desk.create();
        let mut missed: BTreeMap<PersonId, u32> = BTreeMap::new();
        for (op, x, seconds) in steps {
            desk.pass(seconds);
            act(&mut desk, op, x);
            sweep(&mut desk);
            drain(&mut desk)?;
            for n in WORKERS {
                let state = desk.state(n);
                let before = missed.insert(id(n), state.missed).unwrap_or(0);
                let passed = state.missed >= crate::domain::person::presence::MISSED_MAX && before < state.missed;
                prop_assert!(!passed || state.presence != Presence::Available, "two in a row, and away");
            }
        }
        for assignment in desk.assignments.values().filter(|row| row.reason == AssignmentReason::Automatic) {
            prop_assert!(assignment.decision.is_none_or(|id| desk.decisions.iter().any(|decision| decision.id == id)), "explained");
        }
    }
}
