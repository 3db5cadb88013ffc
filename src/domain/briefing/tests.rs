//! Similarity, what a page shows, and what it keeps from lower tiers.

use std::collections::HashMap;

use proptest::prelude::*;

use super::similar::rank;
use super::{Briefing, Likeness, Material, Part, TIMELINE_MAX, TimelineWhat, TriedIn, brief, excerpt};
use crate::domain::command::{Command, MessageTarget, PostMessage};
use crate::domain::conversation::Visibility;
use crate::domain::escalation::{Escalate, Verdict};
use crate::domain::id::TicketNumber;
use crate::domain::roster::duty::DutyIndex;
use crate::domain::testing::{ANA, BEN, Desk, EVE, OUT, id};
use crate::domain::ticket::{Kind, Status, Ticket};
use crate::domain::words::words;

fn desk() -> Desk {
    let mut desk = Desk::new();
    desk.create();
    let ana = desk.who(ANA);
    desk.run(&ana, &Command::ClaimTicket { number: TicketNumber(1) }).unwrap();
    desk
}

fn like(number: i64, subject: &str) -> Ticket {
    let mut ticket = desk().ticket(1).clone();
    ticket.number = TicketNumber(number);
    ticket.subject = subject.into();
    ticket.status = Status::Closed;
    ticket.requester.id = id(u128::try_from(number).unwrap() + 9_000);
    ticket
}

fn listed(asked: &str, others: &[Ticket]) -> Vec<(i64, u32)> {
    let mut ticket = like(1, asked);
    ticket.status = Status::Open;
    rank(&ticket, "", others, 10).into_iter().map(|one| (one.ticket.number.0, one.score)).collect()
}

#[test]
fn words_of_both_kinds_of_script() {
    let list = |text: &str| words(text).into_iter().collect::<Vec<_>>();
    assert_eq!(list("The Pump-4 is SILENT, pump X"), ["pump", "silent"]);
    assert_eq!(list("网络"), ["网络"]);
    assert_eq!(list("收银机 POS"), ["pos", "收银", "银机"]);
    assert_eq!(list("请问打印机"), ["印机", "打印", "问打"]);
    assert!(words("").is_empty() && words("!?… 4").is_empty());
    assert!(words(&"x y1 ".repeat(100_000)).len() <= 2, "a long text ends");
}

#[test]
fn a_two_character_word_is_enough_to_be_found() {
    let others = [like(2, "打印机卡纸"), like(3, "网络断开"), like(4, "空调不制冷")];
    assert_eq!(listed("网络很慢", &others).into_iter().map(|(number, _)| number).collect::<Vec<_>>(), [3]);
}

#[test]
fn rare_words_count_more_than_common_ones() {
    let mut others: Vec<Ticket> = (10..40).map(|number| like(number, "pump broken")).collect();
    others.push(like(2, "flange broken"));
    let found = listed("pump flange", &others);
    assert_eq!(found[0].0, 2, "{found:?}");
}

#[test]
fn the_reasons_are_told_and_nothing_in_common_is_nothing() {
    let mut ticket = like(1, "router offline");
    ticket.tags = vec!["wan".into(), "night".into()];
    let mut other = like(2, "router rebooted");
    other.tags = vec!["wan".into()];
    other.kind = Kind::Question;
    let found = rank(&ticket, "", std::slice::from_ref(&other), 5);
    let words = |found: &[super::Similar]| found[0].why.clone();
    assert_eq!(
        words(&found),
        [Likeness::Words { words: vec!["router".into()] }, Likeness::Tags { tags: vec!["wan".into()] }, Likeness::SameQueue]
    );
    assert!(rank(&ticket, "", &[like(3, "coffee machine")], 5).is_empty(), "the same queue and kind are not likeness enough");
    other.merged_into = Some(TicketNumber(9));
    assert!(rank(&ticket, "", &[other.clone()], 5).is_empty(), "a merged ticket was not solved as itself");
    other.merged_into = None;
    other.status = Status::Open;
    assert!(rank(&ticket, "", &[other], 5).is_empty());
    // The text helps where the subject says nothing.
    assert_eq!(rank(&like(1, "help"), "the router blinks red", &[like(2, "router blinks")], 5).len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Scores are within bounds, whatever the order of the candidates; a ticket is most like its own copy.
    #[test]
    fn ranking_is_bounded_and_does_not_depend_on_order(
        subjects in prop::collection::vec("[a-d 网络打印]{0,12}", 1..12), asked in "[a-d]{2} [网络打印]{2}", seed in any::<usize>(),
    ) {
        let mut others: Vec<Ticket> = subjects.iter().zip(2..).map(|(subject, number)| like(number, subject)).collect();
        others.push(like(100, &asked));
        let found = listed(&asked, &others);
        prop_assert!(found.iter().all(|(_, score)| (20..=100).contains(score)));
        prop_assert!(found.is_sorted_by(|a, b| a.1 >= b.1));
        let best = found.first().map_or(0, |one| one.1);
        prop_assert!(found.iter().any(|(number, score)| *number == 100 && *score == best), "{:?}", found);
        let turn = seed % others.len();
        others.rotate_left(turn);
        prop_assert_eq!(listed(&asked, &others), found);
    }

    #[test]
    fn words_and_excerpts_take_any_text(text in any::<String>(), max in 1_usize..50) {
        let _ = words(&text);
        prop_assert!(excerpt(&text, max).chars().count() <= max);
    }
}

fn page(desk: &Desk, reader: u128, solved: &[Ticket]) -> Briefing {
    let ticket = desk.ticket(1);
    let calls: Vec<_> = desk.escalations.values().cloned().collect();
    let states: HashMap<_, _> = desk.states.clone();
    brief(&Material {
        reader: &desk.directory.people[&id(reader)],
        ticket,
        requester: desk.requesters.values().next(),
        directory: &desk.directory,
        duty: &DutyIndex::at(&desk.directory, desk.now),
        states: &states,
        messages: &desk.messages,
        audit: &desk.audit,
        calls: &calls,
        requester_tickets: solved,
        site_tickets: &[],
        solved,
        now: desk.now,
    })
}

fn say(desk: &mut Desk, who: u128, text: &str, visibility: Visibility) {
    let actor = desk.who(who);
    let target = MessageTarget::Ticket { number: TicketNumber(1) };
    let post = PostMessage::new(target, desk.fresh_id().into(), visibility, text.into());
    desk.run(&actor, &Command::PostMessage(Box::new(post))).unwrap();
}

#[test]
fn one_page_tells_what_is_known() {
    let mut desk = desk();
    say(&mut desk, ANA, "Please switch it off", Visibility::Public);
    say(&mut desk, ANA, "checked the valve", Visibility::Internal);
    let escalate = Escalate { tried: "a new hose".into(), ..Escalate::tier(TicketNumber(1), id(500), 2, "pressure".into()) };
    let ana = desk.who(ANA);
    desk.run(&ana, &Command::Escalate(Box::new(escalate))).unwrap();
    let (eve, number, escalation) = (desk.who(EVE), TicketNumber(1), id(500));
    desk.run(&eve, &Command::AnswerEscalation { number, escalation, accept: true, reason: None }).unwrap();
    let page = page(&desk, EVE, &[like(2, "Pump 4 does not start"), like(1, "itself")]);
    assert_eq!((page.subject.as_str(), page.opening.as_str()), ("Pump 4 does not start", "Pump 4 does not start It blinks."));
    assert_eq!(page.requester_tickets.iter().map(|other| other.number.0).collect::<Vec<_>>(), [2]);
    assert_eq!(page.similar[0].ticket.number, TicketNumber(2));
    let tried: Vec<_> = page.tried.iter().map(|one| (one.within, one.text.as_str())).collect();
    assert_eq!(tried.len(), 2);
    assert!(tried.contains(&(TriedIn::Call, "a new hose")) && tried.iter().any(|(_, text)| *text == "checked the valve"));
    let people: Vec<_> = page.people.iter().map(|one| (one.handle.as_str(), one.part, one.on_duty)).collect();
    assert_eq!(people, [("ana", Part::Assignee, true), ("eve", Part::Expert, true)]);
    let whats: Vec<_> = page.timeline.iter().map(|line| line.what).collect();
    assert!(whats.contains(&TimelineWhat::Replied) && whats.contains(&TimelineWhat::Escalation), "{whats:?}");
    assert!(page.timeline.is_sorted_by_key(|line| line.at) && !page.clocks.is_empty());
    desk.run(&eve, &Command::LeaveEscalation { number, escalation, result: Verdict::Solved, note: "it was the valve".into() }).unwrap();
    let after = self::page(&desk, EVE, &[]);
    assert!(after.tried.iter().any(|one| one.within == TriedIn::Verdict { result: Some(Verdict::Solved) }));
}

#[test]
fn what_is_for_higher_tiers_stays_there() {
    let mut desk = desk();
    desk.directory.people.get_mut(&id(BEN)).unwrap().tier = 3;
    say(&mut desk, BEN, "the master key is under the mat", Visibility::Tier3);
    let secret = |reader| serde_json::to_string(&page(&desk, reader, &[])).unwrap().contains("master key");
    assert!(secret(BEN) && !secret(ANA) && !secret(EVE) && !secret(OUT));
}

#[test]
fn a_long_story_is_kept_short() {
    let mut desk = desk();
    for n in 0..60 {
        say(&mut desk, ANA, &format!("answer {n}"), Visibility::Public);
    }
    let page = page(&desk, ANA, &[]);
    assert_eq!(page.timeline.len(), TIMELINE_MAX);
    assert!(page.timeline_left_out > 30);
    assert!(page.timeline.iter().any(|line| line.text == "answer 59"), "the last answer is among the most telling");
}
