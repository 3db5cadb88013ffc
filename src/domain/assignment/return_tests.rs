//! Accepting in time, giving back, going away, and the end of a shift.

use chrono::TimeDelta;

use super::*;
use crate::domain::command::{Command, MessageTarget, PostMessage};
use crate::domain::conversation::{Author, Visibility};
use crate::domain::id::{PersonId, TicketNumber};
use crate::domain::notice::NoticeKind;
use crate::domain::person::Presence;
use crate::domain::queue::EndOfShift;
use crate::domain::roster::{RosterChange, RosterChangeKind};
use crate::domain::testing::*;
use crate::domain::ticket::{Priority, Status};

/// Ana and Ben, three minutes to accept.
fn desk() -> Desk {
    let mut desk = Desk::new();
    desk.directory.queues.get_mut(&id(PUMPS)).unwrap().accept_within_secs = 180;
    desk
}

fn given(desk: &mut Desk) -> TicketNumber {
    let number = desk.create();
    assign(desk, number);
    number
}

fn assign(desk: &mut Desk, number: TicketNumber) -> Option<PersonId> {
    desk.run(&JOB, &Command::AutoAssign { number }).unwrap();
    desk.ticket(number.0).assignee
}

/// Whether the desk took it.
fn take(desk: &mut Desk, number: TicketNumber, reason: EndReason) -> bool {
    !desk.run(&JOB, &Command::ReturnTicket { number, reason }).unwrap().unchanged
}

fn ended(desk: &Desk, number: TicketNumber) -> Vec<Option<EndReason>> {
    let mut rows: Vec<_> = desk.assignments.values().filter(|row| row.ticket == number).collect();
    rows.sort_by_key(|row| (row.started_at, row.id));
    rows.into_iter().map(|row| row.end_reason).collect()
}

#[test]
fn a_ticket_not_accepted_in_time_goes_to_the_next_and_not_a_second_before() {
    let mut desk = desk();
    let number = given(&mut desk);
    assert_eq!(desk.ticket(1).accept_by, Some(desk.now + TimeDelta::seconds(180)));
    desk.pass(179);
    assert!(!take(&mut desk, number, EndReason::NotAccepted), "there is still time");
    desk.pass(1);
    assert!(take(&mut desk, number, EndReason::NotAccepted));
    assert_eq!((desk.ticket(1).assignee, desk.ticket(1).declined.clone()), (None, vec![id(ANA)]));
    assert_eq!(ended(&desk, number), [Some(EndReason::NotAccepted)]);
    assert_eq!((desk.state(ANA).missed, desk.state(ANA).returned[&EndReason::NotAccepted]), (1, 1));
    assert!(desk.told(ANA).contains(&NoticeKind::Returned { reason: EndReason::NotAccepted }));
    assert_eq!(assign(&mut desk, number), Some(id(BEN)));
    assert!(!take(&mut desk, number, EndReason::NotAccepted), "Ben has his own three minutes");
}

#[test]
fn two_missed_in_a_row_set_somebody_away_until_their_own_word() {
    let mut desk = desk();
    desk.states.get_mut(&id(BEN)).unwrap().presence = Presence::Busy;
    let first = given(&mut desk);
    let second = given(&mut desk);
    desk.pass(180);
    assert!(take(&mut desk, first, EndReason::NotAccepted));
    assert_eq!(desk.state(ANA).presence, Presence::Available, "once can happen");
    assert!(take(&mut desk, second, EndReason::NotAccepted));
    let ana = desk.state(ANA).clone();
    assert_eq!((ana.presence, ana.timed_out, ana.missed, ana.since), (Presence::Away, true, 2, desk.now));
    assert!(!crate::domain::person::presence::returns_with_console(&ana), "only her own word");
    assert_eq!(desk.told(ANA).iter().filter(|kind| **kind == NoticeKind::SetAway).count(), 1);
    let actor = desk.who(ANA);
    desk.run(&actor, &Command::SetPresence { presence: Presence::Available }).unwrap();
    assert_eq!((desk.state(ANA).missed, desk.state(ANA).timed_out), (0, false));
}

#[test]
fn opening_or_any_act_accepts() {
    let post = |desk: &Desk, number, visibility| {
        let (message, text) = (desk.fresh_id().into(), "looking".to_owned());
        Command::PostMessage(Box::new(PostMessage::new(MessageTarget::Ticket { number }, message, visibility, text)))
    };
    for act in 0..6 {
        let mut desk = desk();
        desk.states.get_mut(&id(ANA)).unwrap().missed = 1;
        let number = given(&mut desk);
        desk.tickets.get_mut(&number).unwrap().declined = vec![id(BEN)];
        let command = match act {
            0 => Command::AcceptTicket { number },
            1 => post(&desk, number, Visibility::Public),
            2 => post(&desk, number, Visibility::Internal),
            3 => Command::SetStatus { number, status: Status::Pending },
            4 => Command::SetPriority { number, priority: Priority::High },
            _ => Command::AddTag { number, tag: "valve".into() },
        };
        // What others do accepts nothing.
        let lea = desk.who(LEA);
        desk.run(&lea, &Command::AddTag { number, tag: "by-lea".into() }).unwrap();
        assert_eq!((desk.ticket(1).accepted_at, desk.state(ANA).missed), (None, 1));
        desk.pass(10);
        let ana = desk.who(ANA);
        desk.run(&ana, &command).unwrap();
        let ticket = desk.ticket(1).clone();
        assert_eq!((ticket.accepted_at, ticket.accept_by, ticket.declined), (Some(desk.now), None, vec![]), "{command:?}");
        assert_eq!(desk.state(ANA).missed, 0);
        desk.pass(1_000);
        assert!(!take(&mut desk, number, EndReason::NotAccepted));
    }
}

#[test]
fn nobody_is_asked_to_accept_what_they_took_or_were_given_by_hand() {
    let mut desk = desk();
    let (first, second) = (desk.create(), desk.create());
    let (ben, lea) = (desk.who(BEN), desk.who(LEA));
    desk.run(&ben, &Command::ClaimTicket { number: first }).unwrap();
    desk.run(&lea, &Command::AssignTicket { number: second, person: id(ANA) }).unwrap();
    desk.pass(10_000);
    for number in [first, second] {
        assert_eq!(desk.ticket(number.0).accept_by, None);
        assert!(!take(&mut desk, number, EndReason::NotAccepted));
    }
}

#[test]
fn what_somebody_gives_back_goes_to_another_first() {
    let mut desk = desk();
    let number = given(&mut desk);
    let ana = desk.who(ANA);
    desk.run(&ana, &Command::ReleaseTicket { number, reason: None }).unwrap();
    assert_eq!((desk.ticket(1).declined.clone(), desk.ticket(1).accept_by), (vec![id(ANA)], None));
    assert_eq!(desk.state(ANA).returned[&EndReason::Released], 1);
    assert_eq!(assign(&mut desk, number), Some(id(BEN)));
    let lea = desk.who(LEA);
    desk.run(&lea, &Command::ReleaseTicket { number, reason: None }).unwrap();
    assert_eq!(desk.ticket(1).declined, [id(ANA)], "Ben gave nothing back");
}

#[test]
fn away_returns_what_waits_for_a_first_reply_and_keeps_the_rest() {
    let mut desk = desk();
    desk.states.get_mut(&id(BEN)).unwrap().presence = Presence::Offline;
    let (unanswered, answered) = (given(&mut desk), given(&mut desk));
    let ana = desk.who(ANA);
    let message = PostMessage {
        target: MessageTarget::Ticket { number: answered },
        message: desk.fresh_id().into(),
        visibility: Visibility::Public,
        reply_to: None,
        files: Vec::new(),
        seen: None,
        text: "On it".into(),
        status: None,
    };
    desk.run(&ana, &Command::PostMessage(Box::new(message))).unwrap();
    desk.run(&ana, &Command::AcceptTicket { number: unanswered }).unwrap();
    assert!(!take(&mut desk, unanswered, EndReason::Away), "she is there");
    desk.run(&JOB, &Command::TimeOutPresence { person: id(ANA) }).unwrap();
    assert!(crate::domain::person::presence::returns_with_console(desk.state(ANA)));
    assert!(take(&mut desk, unanswered, EndReason::Away));
    assert!(!take(&mut desk, answered, EndReason::Away));
    assert_eq!(ended(&desk, unanswered), [Some(EndReason::Away)]);
    assert_eq!(desk.ticket(answered.0).assignee, Some(id(ANA)));
}

#[test]
fn away_by_their_own_word_keeps_everything() {
    let mut desk = desk();
    let number = given(&mut desk);
    let ana = desk.who(ANA);
    desk.run(&ana, &Command::SetPresence { presence: Presence::Away }).unwrap();
    assert!(!take(&mut desk, number, EndReason::Away));
    desk.run(&JOB, &Command::TimeOutPresence { person: id(ANA) }).unwrap();
    assert!(!desk.state(ANA).timed_out, "who is away already is not timed out");
}

/// Ana by day (08:00 to 16:00), Ben by night from 16:00; it is 10:00.
fn by_shifts(end: EndOfShift) -> Desk {
    let mut desk = desk();
    desk.directory.queues.get_mut(&id(PUMPS)).unwrap().end_of_shift = end;
    let rota = desk.directory.rotas.get_mut(&main_rota()).unwrap();
    rota.shift_types = vec![shift_type("D", (8, 0), (16, 0)), shift_type("N", (16, 0), (0, 0))];
    rota.pattern = vec![Some("D".into()), Some("N".into())];
    // The second day's code is reached a day ahead: Ana by day on this one, Ben by night.
    rota.starts_on = desk.now.date_naive();
    rota.members[1].offset_days = 1;
    desk
}

fn until(desk: &mut Desk, time: &str) {
    desk.now = at(&format!("2026-03-02T{time}Z"));
}

#[test]
fn the_end_of_a_shift_keeps_returns_or_hands_over_after_the_grace() {
    for (end, assignee) in [(EndOfShift::Keep, Some(id(ANA))), (EndOfShift::Return, None), (EndOfShift::Relief, Some(id(BEN)))] {
        let mut desk = by_shifts(end);
        let number = given(&mut desk);
        assert_eq!(desk.ticket(1).assignee, Some(id(ANA)));
        let ana = desk.who(ANA);
        desk.run(&ana, &Command::AcceptTicket { number }).unwrap();
        until(&mut desk, "15:59:59");
        assert!(!take(&mut desk, number, EndReason::EndOfShift), "on duty");
        until(&mut desk, "16:14:59");
        assert!(!take(&mut desk, number, EndReason::EndOfShift), "within the grace");
        until(&mut desk, "16:15:00");
        assert_eq!(take(&mut desk, number, EndReason::EndOfShift), end != EndOfShift::Keep);
        assert_eq!(desk.ticket(1).assignee, assignee, "{end:?}");
        if end == EndOfShift::Keep {
            continue;
        }
        assert_eq!(ended(&desk, number)[0], Some(EndReason::EndOfShift));
        let last = desk.messages.last().unwrap();
        assert_eq!((&last.author, last.visibility), (&Author::System, Visibility::Internal));
        assert!(last.text.starts_with("handed over from @ana to "), "{}", last.text);
        if end == EndOfShift::Relief {
            let row = desk.assignments.values().find(|row| row.ended_at.is_none()).unwrap();
            assert_eq!((row.person, row.reason, row.decision.is_some()), (id(BEN), AssignmentReason::Relief, true));
            assert!(desk.ticket(1).accept_by.is_some(), "the relief accepts like anybody");
            assert_eq!(desk.state(BEN).last_assigned_at, Some(desk.now));
        }
    }
}

#[test]
fn relief_without_anybody_is_the_pool() {
    let mut desk = by_shifts(EndOfShift::Relief);
    let number = given(&mut desk);
    desk.states.get_mut(&id(BEN)).unwrap().presence = Presence::Away;
    until(&mut desk, "17:00:00");
    assert!(take(&mut desk, number, EndReason::EndOfShift));
    assert_eq!((desk.ticket(1).assignee, desk.ticket(1).waits), (None, None), "looked at anew");
}

#[test]
fn leave_for_all_of_a_day_ends_the_shift_it_is_entered_in() {
    let mut desk = by_shifts(EndOfShift::Return);
    let number = given(&mut desk);
    desk.pass(3_600);
    let leave = RosterChange {
        id: id(900),
        ..crate::domain::roster::tests::change(
            900,
            RosterChangeKind::Leave,
            ANA,
            None,
            at("2026-03-02T00:00:00Z"),
            at("2026-03-03T00:00:00Z"),
        )
    };
    let ana = desk.who(ANA);
    desk.run(&ana, &Command::PutRosterChange(leave)).unwrap();
    desk.pass(899);
    assert!(!take(&mut desk, number, EndReason::EndOfShift), "within the grace");
    desk.pass(1);
    assert!(take(&mut desk, number, EndReason::EndOfShift), "no shift is left that could end");
    let lea = desk.who(LEA);
    desk.run(&lea, &Command::AssignTicket { number, person: id(ANA) }).unwrap();
    assert!(!take(&mut desk, number, EndReason::EndOfShift), "given after it was entered");
}

#[test]
fn what_was_given_after_the_shift_stays() {
    let mut desk = by_shifts(EndOfShift::Return);
    let number = desk.create();
    until(&mut desk, "17:00:00");
    let lea = desk.who(LEA);
    desk.run(&lea, &Command::AssignTicket { number, person: id(ANA) }).unwrap();
    until(&mut desk, "23:00:00");
    assert!(!take(&mut desk, number, EndReason::EndOfShift), "somebody knew why");
}

#[test]
fn pending_tickets_stay_and_wake_in_the_pool() {
    let mut desk = by_shifts(EndOfShift::Return);
    let number = given(&mut desk);
    let ana = desk.who(ANA);
    desk.run(&ana, &Command::SetStatus { number, status: Status::Pending }).unwrap();
    until(&mut desk, "20:00:00");
    assert!(!take(&mut desk, number, EndReason::EndOfShift));
    assert_eq!(desk.ticket(1).assignee, Some(id(ANA)));
}

#[test]
fn who_left_the_desk_keeps_nothing() {
    let mut desk = by_shifts(EndOfShift::Keep);
    let number = given(&mut desk);
    desk.directory.people.get_mut(&id(ANA)).unwrap().active = false;
    assert!(take(&mut desk, number, EndReason::EndOfShift));
    assert!(desk.messages.last().unwrap().text.contains("no longer works here"));
    assert!(desk.told(ANA).iter().all(|kind| !matches!(kind, NoticeKind::Returned { .. })), "nobody tells who left");
}

#[test]
fn what_is_given_by_hand_to_somebody_away_stays() {
    let mut desk = desk();
    let number = given(&mut desk);
    desk.pass(60);
    desk.run(&JOB, &Command::TimeOutPresence { person: id(ANA) }).unwrap();
    desk.pass(5);
    assert!(take(&mut desk, number, EndReason::Away));
    let lea = desk.who(LEA);
    desk.run(&lea, &Command::AssignTicket { number, person: id(ANA) }).unwrap();
    assert!(!take(&mut desk, number, EndReason::Away), "whoever gave it knows why");
}
