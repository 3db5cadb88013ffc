//! Who is chosen, who is passed over and why, for each strategy.

use super::choose::{Asked, choose, preview};
use super::*;
use crate::domain::command::Command;
use crate::domain::person::{Presence, Skill};
use crate::domain::queue::Strategy;
use crate::domain::roster::duty::DutyIndex;
use crate::domain::testing::*;
use crate::domain::ticket::Priority;

fn run(desk: &Desk, rule: impl Fn(Asked<'_>) -> Decision) -> Decision {
    let ticket = desk.tickets.values().last().unwrap();
    let duty = DutyIndex::at(&desk.directory, desk.now);
    rule(Asked {
        queue: &desk.directory.queues[&id(PUMPS)],
        ticket,
        directory: &desk.directory,
        duty: &duty,
        states: &desk.states,
        last_served: None,
        now: desk.now,
    })
}

fn decision(desk: &Desk) -> Decision {
    run(desk, |asked| choose(id(1), asked))
}

fn with_ticket() -> Desk {
    let mut desk = Desk::new();
    desk.create();
    desk
}

fn queue(desk: &mut Desk) -> &mut crate::domain::queue::Queue {
    desk.directory.queues.get_mut(&id(PUMPS)).unwrap()
}

/// Gives somebody work on paper only.
fn burden(desk: &mut Desk, n: u128, open: u32, load: i64) {
    let state = desk.states.get_mut(&id(n)).unwrap();
    (state.open_tickets, state.load) = (open, load);
}

#[test]
fn least_loaded_then_longest_waiting_then_handle() {
    let mut desk = with_ticket();
    assert_eq!(decision(&desk).chosen, Some(id(ANA)), "by handle");
    desk.states.get_mut(&id(ANA)).unwrap().last_assigned_at = Some(desk.now);
    assert_eq!(decision(&desk).chosen, Some(id(BEN)), "never assigned waits longest");
    burden(&mut desk, BEN, 1, 100);
    assert_eq!(decision(&desk).chosen, Some(id(ANA)), "less loaded");
    desk.directory.people.get_mut(&id(ANA)).unwrap().capacity = 20;
    burden(&mut desk, ANA, 3, 300);
    assert_eq!(decision(&desk).chosen, Some(id(ANA)), "3 of 20 is less than 1 of 5");
    let best = &decision(&desk).candidates[0];
    let last = ScorePart::LastAssigned { at: Some(desk.now) };
    assert_eq!((best.load, best.score.clone()), (Some(0.15), vec![ScorePart::Load { load: 0.15 }, last]));
}

#[test]
fn urgent_work_weighs_more_than_many_small_things() {
    let mut desk = with_ticket();
    burden(&mut desk, ANA, 1, 300);
    burden(&mut desk, BEN, 2, 150);
    assert_eq!(decision(&desk).chosen, Some(id(BEN)));
}

#[test]
fn the_language_is_preferred_and_required_only_where_the_queue_says_so() {
    let mut desk = with_ticket();
    desk.tickets.values_mut().next().unwrap().language = Some("zh-CN".into());
    desk.directory.people.get_mut(&id(ANA)).unwrap().languages = vec!["en".into()];
    assert_eq!(decision(&desk).chosen, Some(id(BEN)), "speaks any");
    desk.directory.people.get_mut(&id(BEN)).unwrap().languages = vec!["de".into()];
    assert_eq!(decision(&desk).chosen, Some(id(ANA)));
    assert_eq!(decision(&desk).candidates[0].score[0], ScorePart::Language { speaks: false });
    queue(&mut desk).language_required = true;
    let nobody = decision(&desk);
    assert_eq!((nobody.chosen, nobody.waits), (None, Some(WaitReason::NobodySkilled)));
    assert_eq!(nobody.candidates[0].excluded, Some(Exclusion::LacksLanguage { language: "zh-CN".into() }));
    desk.directory.people.get_mut(&id(BEN)).unwrap().languages = vec!["zh".into()];
    assert_eq!(decision(&desk).chosen, Some(id(BEN)));
}

#[test]
fn in_turn_whatever_the_load_and_fairly_within_one_instant() {
    let mut desk = with_ticket();
    queue(&mut desk).strategy = Strategy::RoundRobin;
    let before = desk.now - chrono::TimeDelta::minutes(1);
    let turn = |desk: &mut Desk, n, at| {
        let state = desk.states.get_mut(&id(n)).unwrap();
        state.queues.entry(id(PUMPS)).or_default().last_assigned_at = Some(at);
        // The desk over all is not asked.
        state.last_assigned_at = Some(desk.now);
    };
    let now = desk.now;
    turn(&mut desk, ANA, now);
    burden(&mut desk, BEN, 4, 400);
    assert_eq!(decision(&desk).chosen, Some(id(BEN)), "never had one");
    turn(&mut desk, BEN, before);
    assert_eq!(decision(&desk).chosen, Some(id(BEN)), "longest ago");
    turn(&mut desk, BEN, now);
    assert_eq!(decision(&desk).chosen, Some(id(ANA)), "of those at one instant, who has less");
}

#[test]
fn the_best_skilled_first_then_the_least_loaded() {
    let mut desk = with_ticket();
    queue(&mut desk).strategy = Strategy::SkillFirst;
    queue(&mut desk).skills = vec!["valves".into(), "pipes".into()];
    let mut skilled = |n, valves, pipes| {
        let skill = |name: &str, level| Skill { name: name.into(), level };
        desk.directory.people.get_mut(&id(n)).unwrap().skills = vec![skill("valves", valves), skill("pipes", pipes)];
    };
    skilled(ANA, 2, 2);
    skilled(BEN, 4, 1);
    burden(&mut desk, BEN, 4, 400);
    let best = decision(&desk);
    assert_eq!(best.chosen, Some(id(BEN)), "5 levels against 4");
    assert_eq!(best.candidates[0].score[0], ScorePart::Skill { levels: 5 });
    desk.directory.people.get_mut(&id(ANA)).unwrap().skills[0].level = 3;
    assert_eq!(decision(&desk).chosen, Some(id(ANA)), "equal levels: less to do");
}

#[test]
fn who_served_last_serves_again_while_they_can() {
    let mut desk = with_ticket();
    queue(&mut desk).strategy = Strategy::Sticky;
    burden(&mut desk, BEN, 4, 400);
    let sticky = |desk: &Desk| run(desk, |asked| choose(id(1), Asked { last_served: Some(id(BEN)), ..asked }));
    assert_eq!(sticky(&desk).chosen, Some(id(BEN)), "though busier");
    assert_eq!(sticky(&desk).candidates[0].score[0], ScorePart::Sticky { served: true });
    desk.states.get_mut(&id(BEN)).unwrap().presence = Presence::Away;
    assert_eq!(sticky(&desk).chosen, Some(id(ANA)), "away: as least loaded");
    assert_eq!(decision(&desk).chosen, Some(id(ANA)), "nobody served them yet");
}

#[test]
fn the_store_says_who_served_last() {
    let mut desk = Desk::new();
    queue(&mut desk).strategy = Strategy::Sticky;
    let first = desk.create();
    let ben = desk.who(BEN);
    desk.run(&ben, &Command::ClaimTicket { number: first }).unwrap();
    let second = desk.create();
    desk.run(&JOB, &Command::AutoAssign { number: second }).unwrap();
    assert_eq!(desk.ticket(second.0).assignee, Some(id(BEN)), "though Ana has nothing to do");
}

#[test]
fn nobody_off_duty_absent_unskilled_or_full_is_chosen() {
    let mut desk = with_ticket();
    desk.states.get_mut(&id(BEN)).unwrap().presence = Presence::Busy;
    desk.directory.people.get_mut(&id(ANA)).unwrap().capacity = 0;
    let full = decision(&desk);
    assert_eq!((full.chosen, full.waits), (None, Some(WaitReason::AllAtCapacity)));
    assert_eq!(full.candidates[0].excluded, Some(Exclusion::AtCapacity { open: 0, capacity: 0 }));
    assert_eq!(full.candidates[1].excluded, Some(Exclusion::NotPresent));
    queue(&mut desk).skills = vec!["valves".into()];
    assert_eq!(decision(&desk).waits, Some(WaitReason::NobodySkilled));
    let ana = desk.directory.people.get_mut(&id(ANA)).unwrap();
    (ana.capacity, ana.skills) = (1, vec![Skill { name: "valves".into(), level: 1 }]);
    assert_eq!(decision(&desk).chosen, Some(id(ANA)));
    desk.states.remove(&id(ANA));
    assert_eq!(decision(&desk).waits, Some(WaitReason::NobodyPresent));
    desk.directory.rotas.get_mut(&main_rota()).unwrap().pattern = vec![None];
    let off = decision(&desk);
    assert_eq!(off.waits, Some(WaitReason::NobodyOnDuty));
    assert!(off.candidates.iter().all(|candidate| candidate.excluded == Some(Exclusion::OffDuty)));
}

#[test]
fn the_queues_cap_holds_below_capacity() {
    let mut desk = with_ticket();
    queue(&mut desk).cap = Some(1);
    for n in [ANA, BEN] {
        desk.states.get_mut(&id(n)).unwrap().queues.entry(id(PUMPS)).or_default().open = 1;
    }
    let capped = decision(&desk);
    assert_eq!((capped.chosen, capped.waits), (None, Some(WaitReason::AllAtCapacity)));
    assert_eq!(capped.candidates[0].excluded, Some(Exclusion::AtQueueCap { open: 1, cap: 1 }));
}

#[test]
fn who_declined_comes_after_all_others_and_before_nobody() {
    let mut desk = with_ticket();
    desk.tickets.values_mut().next().unwrap().declined = vec![id(ANA)];
    let next = decision(&desk);
    assert_eq!(next.chosen, Some(id(BEN)));
    assert_eq!(next.candidates[1].excluded, Some(Exclusion::DeclinedBefore));
    desk.states.get_mut(&id(BEN)).unwrap().presence = Presence::Busy;
    assert_eq!(decision(&desk).chosen, Some(id(ANA)), "never stuck");
    desk.states.get_mut(&id(BEN)).unwrap().presence = Presence::Available;
    desk.tickets.values_mut().next().unwrap().declined = vec![id(ANA), id(BEN)];
    assert_eq!(decision(&desk).chosen, Some(id(ANA)), "the round starts again");
    desk.run(&JOB, &Command::AutoAssign { number: desk.ticket(1).number }).unwrap();
    assert_eq!(desk.ticket(1).declined, [], "and forgets who declined");
}

#[test]
fn a_ticket_is_takeable_when_somebody_there_can_have_it() {
    let mut desk = with_ticket();
    queue(&mut desk).language_required = true;
    for person in desk.directory.people.values_mut() {
        person.languages = vec!["en".into()];
    }
    let takeable = |desk: &Desk| {
        run(desk, |asked| {
            let takes = eligible::takeable(asked.queue, asked.ticket, asked.directory, asked.duty, asked.states);
            Decision { waits: (!takes).then_some(WaitReason::NobodySkilled), ..choose(id(1), asked) }
        })
        .waits
        .is_none()
    };
    assert!(takeable(&desk));
    desk.tickets.values_mut().next().unwrap().language = Some("zh-CN".into());
    assert!(!takeable(&desk), "nobody speaks it");
    desk.directory.people.get_mut(&id(BEN)).unwrap().languages = vec!["zh".into()];
    assert!(takeable(&desk));
    desk.tickets.values_mut().next().unwrap().declined = vec![id(BEN)];
    assert!(takeable(&desk), "asked again");
    burden(&mut desk, BEN, 5, 500);
    assert!(!takeable(&desk), "full");
}

#[test]
fn a_manual_queue_chooses_nobody_and_shows_who_would_be_least_loaded() {
    let mut desk = with_ticket();
    queue(&mut desk).strategy = Strategy::Manual;
    let manual = decision(&desk);
    assert_eq!((manual.chosen, manual.waits, manual.candidates.len()), (None, Some(WaitReason::Manual), 0));
    let shown = run(&desk, preview);
    assert_eq!((shown.chosen, shown.waits), (None, Some(WaitReason::Manual)));
    assert_eq!(shown.candidates[0].person, id(ANA));
}

#[test]
fn work_is_weighed_by_priority_and_a_fifth_while_it_waits_for_others() {
    let mut desk = Desk::new();
    let number = desk.create();
    let (ana, lea) = (desk.who(ANA), desk.who(LEA));
    desk.run(&ana, &Command::ClaimTicket { number }).unwrap();
    assert_eq!((desk.state(ANA).load, desk.state(ANA).open_tickets), (100, 1));
    for (priority, weight) in [(Priority::Urgent, 300), (Priority::High, 200), (Priority::Low, 50)] {
        desk.run(&lea, &Command::SetPriority { number, priority }).unwrap();
        assert_eq!(desk.state(ANA).load, weight);
    }
    desk.run(&ana, &Command::SetStatus { number, status: crate::domain::ticket::Status::Pending }).unwrap();
    assert_eq!((desk.state(ANA).load, desk.state(ANA).open_tickets), (10, 0));
    desk.run(&ana, &Command::SetStatus { number, status: crate::domain::ticket::Status::Solved }).unwrap();
    assert_eq!((desk.state(ANA).load, desk.state(ANA).queues.len()), (0, 0));
}
