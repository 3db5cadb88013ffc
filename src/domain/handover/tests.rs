//! What a handover gathers, who signs it, and when.

use chrono::TimeDelta;

use super::draft::{Change, Known, changes, draft};
use super::*;
use crate::domain::command::Command;
use crate::domain::id::TicketNumber;
use crate::domain::notice::NoticeKind;
use crate::domain::testing::{ANA, BEN, Desk, EVE, JOB, LEA, at, id, main_rota, shift_type};
use crate::domain::ticket::FollowUp;

/// Ana by day until 16:00, Ben in the evening; it is 10:00.
fn desk() -> Desk {
    let mut desk = Desk::new();
    let rota = desk.directory.rotas.get_mut(&main_rota()).unwrap();
    rota.shift_types = vec![shift_type("D", (8, 0), (16, 0)), shift_type("L", (16, 0), (22, 0))];
    rota.pattern = vec![Some("D".into()), Some("L".into())];
    rota.starts_on = desk.now.date_naive();
    rota.members[1].offset_days = 1;
    desk
}

fn the_change(desk: &Desk) -> Change {
    let rota = &desk.directory.rotas[&main_rota()];
    let [change] = changes(&desk.directory, rota, desk.now, desk.now + TimeDelta::hours(6)).try_into().unwrap();
    change
}

fn drafted(desk: &Desk) -> Handover {
    let known = |ticket: &crate::domain::ticket::Ticket| Known {
        ticket: ticket.clone(),
        messages: desk.messages.iter().filter(|message| message.conversation == ticket.conversation).cloned().collect(),
        escalations: desk.escalations.values().filter(|row| row.ticket == ticket.number).cloned().collect(),
    };
    let known: Vec<_> = desk.tickets.values().map(known).collect();
    draft(id(800), &desk.directory.rotas[&main_rota()], &the_change(desk), &known, desk.now)
}

fn put(handover: Handover) -> Command {
    Command::PutHandover(Box::new(handover))
}

#[test]
fn who_goes_and_who_comes_follow_the_roster() {
    let desk = desk();
    let change = the_change(&desk);
    assert_eq!((change.from, change.to), (at("2026-03-02T08:00:00Z"), at("2026-03-02T16:00:00Z")));
    assert_eq!((Vec::from_iter(change.outgoing), Vec::from_iter(change.incoming)), (vec![id(ANA)], vec![id(BEN)]));
    let rota = &desk.directory.rotas[&main_rota()];
    let next = changes(&desk.directory, rota, desk.now + TimeDelta::hours(6), desk.now + TimeDelta::hours(12));
    assert_eq!(next.len(), 1, "an end is told once: not at its own instant");
    assert!(next[0].incoming.is_empty(), "nobody follows at night");
}

#[test]
fn who_has_the_next_shift_too_hands_nothing_over() {
    let mut desk = desk();
    let now = desk.now;
    let rota = desk.directory.rotas.get_mut(&main_rota()).unwrap();
    rota.shift_types = vec![shift_type("A", (0, 0), (0, 0))];
    rota.pattern = vec![Some("A".into())];
    let rota = &desk.directory.rotas[&main_rota()];
    assert_eq!(changes(&desk.directory, rota, now, now + TimeDelta::days(3)), [], "the same people around the clock");
}

#[test]
fn the_draft_tells_what_is_left_behind() {
    let mut desk = desk();
    for _ in 0..4 {
        desk.create();
    }
    let ana = desk.who(ANA);
    desk.run(&ana, &Command::ClaimTicket { number: TicketNumber(1) }).unwrap();
    desk.run(&desk.who(BEN), &Command::ClaimTicket { number: TicketNumber(2) }).unwrap();
    desk.run(&ana, &Command::SetPriority { number: TicketNumber(3), priority: Priority::Urgent }).unwrap();
    desk.run(&ana, &Command::SetStatus { number: TicketNumber(4), status: Status::Solved }).unwrap();
    let target = crate::domain::command::MessageTarget::Ticket { number: TicketNumber(1) };
    let text = "We will send the part by tomorrow 15:00.".to_owned();
    let post = crate::domain::command::PostMessage::new(target, id(900), crate::domain::conversation::Visibility::Public, text);
    desk.run(&ana, &Command::PostMessage(Box::new(post))).unwrap();
    let follow_up = FollowUp {
        id: id(901),
        at: desk.now + TimeDelta::hours(3),
        text: "ring".into(),
        by: id(ANA),
        message: None,
        done: false,
        told: false,
    };
    desk.run(&ana, &Command::PutFollowUp { number: TicketNumber(3), follow_up }).unwrap();
    let made = drafted(&desk);
    let work: Vec<_> = made.work.iter().map(|item| item.ticket.0).collect();
    assert_eq!(work, [3, 1], "what others have and what is solved is not left behind; urgent first");
    let promises: Vec<_> = made.promises.iter().map(|one| (one.ticket.0, one.text.as_str(), one.found)).collect();
    assert_eq!(promises, [(3, "ring", None), (1, "We will send the part by tomorrow 15:00.", Some(Confidence::High))]);
    assert!(made.readers.contains(&id(ANA)) && made.readers.contains(&id(BEN)));
}

#[test]
fn both_sides_sign_and_then_it_stays_as_it_is() {
    let mut desk = desk();
    desk.create();
    let made = drafted(&desk);
    desk.run(&JOB, &put(made.clone())).unwrap();
    assert!(desk.run(&JOB, &put(made.clone())).unwrap().unchanged, "the desk drafts once");
    assert_eq!(desk.told(ANA), [NoticeKind::HandoverDrafted { rota: main_rota(), handover: id(800) }]);
    let (ana, ben, eve) = (desk.who(ANA), desk.who(BEN), desk.who(EVE));
    let sign = Command::SignHandover { id: id(800) };
    let watch = vec![Watch { ticket: TicketNumber(1), note: "calls again at six".into() }];
    let edit = Command::EditHandover { id: id(800), notes: Some("Quiet day.".into()), watch: Some(watch.clone()) };
    assert_eq!(desk.run(&ben, &edit).unwrap_err().code, "forbidden");
    desk.run(&ana, &edit).unwrap();
    desk.run(&ana, &put(made.clone())).unwrap();
    assert_eq!(
        (&desk.handovers[&id(800)].watch, desk.handovers[&id(800)].notes.as_str()),
        (&watch, "Quiet day."),
        "a new draft keeps them"
    );
    assert_eq!(desk.run(&ben, &sign).unwrap_err().code, "handover_not_signed_out");
    assert!(desk.run(&eve, &sign).is_err());
    desk.run(&ana, &sign).unwrap();
    assert_eq!(desk.handovers[&id(800)].state, HandoverState::SignedOut);
    assert_eq!(desk.told(BEN), [NoticeKind::HandoverSigned { rota: main_rota(), handover: id(800) }]);
    assert!(desk.run(&ana, &sign).unwrap().unchanged);
    assert_eq!(desk.run(&ana, &edit).unwrap_err().code, "handover_signed");
    assert_eq!(desk.run(&ana, &put(made)).unwrap_err().code, "handover_signed");
    desk.run(&ben, &sign).unwrap();
    let kept = &desk.handovers[&id(800)];
    assert_eq!(kept.state, HandoverState::Accepted);
    assert_eq!(kept.signed(Side::Out).unwrap().person, id(ANA));
    assert_eq!(kept.signed(Side::In).unwrap().person, id(BEN));
    assert!(desk.audit.iter().filter(|entry| entry.action == "sign_handover").count() == 2, "who and when is on record");
}

#[test]
fn a_lead_signs_for_the_side_that_is_missing() {
    let mut desk = desk();
    desk.run(&JOB, &put(drafted(&desk))).unwrap();
    let lead = desk.who(LEA);
    for state in [HandoverState::SignedOut, HandoverState::Accepted] {
        desk.run(&lead, &Command::SignHandover { id: id(800) }).unwrap();
        assert_eq!(desk.handovers[&id(800)].state, state);
    }
}

#[test]
fn nobody_takes_over_the_handover_of_others_by_a_draft_of_their_own() {
    let mut desk = desk();
    let made = drafted(&desk);
    desk.run(&JOB, &put(made.clone())).unwrap();
    let forged = Handover { outgoing: vec![id(EVE)], readers: vec![id(EVE)], work: Vec::new(), ..made };
    assert_eq!(desk.run(&desk.who(EVE), &put(forged)).unwrap_err().code, "forbidden");
    assert_eq!(desk.handovers[&id(800)].outgoing, [id(ANA)]);
}
