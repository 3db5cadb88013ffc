//! Lives of tickets told, and who is told what.

use super::*;
use crate::domain::command::{Command, MessageTarget, PostMessage, SplitTicket};
use crate::domain::testing::*;

type Kept = (Vec<AuditEntry>, Vec<Message>, Vec<Assignment>, Vec<Escalation>, Vec<ClockEvent>);

fn records(desk: &Desk, number: TicketNumber) -> Kept {
    (
        desk.audit.iter().filter(|entry| entry.ticket == Some(number)).cloned().collect(),
        desk.messages.iter().filter(|message| message.ticket == Some(number)).cloned().collect(),
        desk.assignments.values().filter(|row| row.ticket == number).cloned().collect(),
        desk.escalations.values().filter(|row| row.ticket == number).cloned().collect(),
        desk.clock_events.iter().filter(|event| event.ticket == number).cloned().collect(),
    )
}

fn read(desk: &Desk, number: TicketNumber, reader: u128) -> Vec<TimelineEntry> {
    let own = records(desk, number);
    let merged: Vec<_> = desk.ticket(number.0).merged.iter().map(|one| (one.number, records(desk, one.number))).collect();
    fn of<'a>(ticket: TicketNumber, all: &'a Kept) -> Records<'a> {
        let (audit, messages, assignments, escalations, clocks) = all;
        Records { ticket, audit, messages, assignments, escalations, clocks }
    }
    let merged: Vec<_> = merged.iter().map(|(number, all)| of(*number, all)).collect();
    timeline(of(number, &own), &merged, &desk.directory, &desk.directory.people[&id(reader)])
}

fn say(desk: &mut Desk, who: u128, number: TicketNumber, visibility: Visibility, text: &str) {
    let actor = desk.who(who);
    let post = PostMessage::new(MessageTarget::Ticket { number }, desk.fresh_id().into(), visibility, text.into());
    desk.run(&actor, &Command::PostMessage(Box::new(post))).unwrap();
    desk.pass(10);
}

fn words(entries: &[TimelineEntry]) -> Vec<String> {
    entries
        .iter()
        .map(|entry| {
            let value = serde_json::to_value(&entry.what).unwrap();
            let who = match &entry.who {
                Who::Person { name, .. } | Who::Requester { name } => name.clone(),
                Who::Intake { channel } => channel.clone(),
                Who::Desk { .. } => "desk".into(),
            };
            let from = entry.from.map(|number| format!(" from {number}")).unwrap_or_default();
            format!("{who} {}{from}", value["type"].as_str().unwrap())
        })
        .collect()
}

#[test]
fn a_life_is_told_in_order_by_names() {
    let mut desk = Desk::new();
    let number = desk.create();
    desk.pass(60);
    let ana = desk.who(ANA);
    desk.run(&ana, &Command::ClaimTicket { number }).unwrap();
    desk.pass(10);
    say(&mut desk, ANA, number, Visibility::Public, "We look");
    say(&mut desk, ANA, number, Visibility::Internal, "Looks broken");
    desk.run(&ana, &Command::AddTag { number, tag: "pump".into() }).unwrap();
    desk.pass(10);
    desk.run(&ana, &Command::SetStatus { number, status: Status::Solved }).unwrap();
    let told = words(&read(&desk, number, ANA));
    let expected =
        ["ANA opened", "Shop 1 message", "ANA status", "ANA assigned", "ANA message", "ANA message", "ANA changed", "ANA status"];
    assert_eq!(told, expected);
}

#[test]
fn parts_hold_what_they_say() {
    let mut desk = Desk::new();
    let number = desk.create();
    say(&mut desk, ANA, number, Visibility::Public, "We look");
    say(&mut desk, ANA, number, Visibility::Internal, "secret word");
    desk.pass(20_000);
    desk.run(&JOB, &Command::FireSlaSteps { number }).unwrap();
    let all = read(&desk, number, ANA);
    let part = |show: Show| all.iter().filter(|entry| show.holds(entry)).cloned().collect::<Vec<_>>();
    assert_eq!(part(Show::All).len(), all.len());
    assert_eq!(part(Show::People).len() + part(Show::Desk).len(), all.len(), "each is done by people or by the desk");
    assert!(part(Show::Desk).iter().any(|entry| matches!(&entry.what, What::Clock { step, .. } if step == "breach")));
    let public = serde_json::to_string(&part(Show::Public)).unwrap();
    assert!(public.contains("We look") && !public.contains("secret word"));
}

#[test]
fn texts_for_a_tier_are_not_told_below_it() {
    let mut desk = Desk::new();
    let number = desk.create();
    say(&mut desk, LEA, number, Visibility::Tier2, "root password is on the wall");
    for (reader, reads) in [(ANA, false), (EVE, true), (LEA, true)] {
        let told = serde_json::to_string(&read(&desk, number, reader)).unwrap();
        assert_eq!(told.contains("on the wall"), reads);
    }
}

#[test]
fn merges_and_splits_are_told_on_both_sides() {
    let mut desk = Desk::new();
    let (first, second) = (desk.create(), desk.create());
    let ana = desk.who(ANA);
    desk.pass(10);
    say(&mut desk, ANA, first, Visibility::Public, "in the first");
    desk.run(&ana, &Command::MergeTicket { number: first, into: second }).unwrap();
    desk.pass(10);
    let target = read(&desk, second, ANA);
    let told = words(&target);
    assert!(told.contains(&"ANA took_in".to_owned()) && told.contains(&format!("ANA message from {first}")), "{told:?}");
    assert!(words(&read(&desk, first, ANA)).contains(&"ANA merged".to_owned()));
    assert!(target.is_sorted_by_key(|entry| entry.at));
    desk.run(&ana, &Command::UndoMerge { number: first }).unwrap();
    desk.pass(10);
    assert!(words(&read(&desk, second, ANA)).contains(&"ANA gave_back".to_owned()));
    assert!(words(&read(&desk, first, ANA)).contains(&"ANA merge_undone".to_owned()));
    let message = desk.messages.iter().find(|message| message.ticket == Some(first)).unwrap().id;
    let split =
        SplitTicket { number: first, message, following: false, queue: id(WEB), subject: String::new(), kind: None, priority: None };
    let new = desk.run(&ana, &Command::SplitTicket(Box::new(split))).unwrap().ticket.unwrap();
    assert!(words(&read(&desk, first, ANA)).contains(&"ANA split".to_owned()));
    assert_eq!(words(&read(&desk, new, ANA))[0], "ANA opened");
}
