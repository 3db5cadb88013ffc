//! What keys and events do in the assignment pane, and how it looks.

use std::sync::Arc;

use chrono::TimeDelta;

use super::AssignmentPane;
use crate::client::view::{Changed, TicketHistory, TicketWindow};
use crate::console::action::Action;
use crate::console::effect::{Answer, Effect, Load, Loaded, ProposedMove, QuestionKind};
use crate::console::locale::Language;
use crate::console::pane::{Pane, PaneEvent};
use crate::console::panes::sample::{SIZES, Sample, now, person_id, queue_id, ticket, window};
use crate::domain::assignment::{Candidate, Decision, Exclusion, ScorePart};
use crate::domain::command::Command;
use crate::domain::id::{DecisionId, TicketNumber};
use crate::domain::queue::{EndOfShift, Strategy};
use crate::domain::ticket::{Priority, WaitReason};

fn pool() -> Loaded {
    let rows = vec![
        ticket(1001, 1, "3号加油机无法启动，显示屏一直闪烁", Priority::Urgent, Some(WaitReason::AllAtCapacity)),
        ticket(1002, 3, "VIP card \u{1b}[31mrefused", Priority::High, Some(WaitReason::NobodyOnDuty)),
        ticket(1045, 2, "Invoice twice", Priority::Normal, None),
    ];
    Loaded::Pool { queue: None, window: window(rows) }
}

fn shown(sample: &Sample) -> AssignmentPane {
    let mut pane = AssignmentPane::default();
    pane.update(PaneEvent::Shown, &sample.context());
    sample.load(&mut pane, pool());
    pane
}

fn decision() -> Decision {
    let score = |served, levels, load, minutes: Option<i64>| {
        vec![
            ScorePart::Sticky { served },
            ScorePart::Skill { levels },
            ScorePart::Language { speaks: true },
            ScorePart::Load { load },
            ScorePart::LastAssigned { at: minutes.map(|minutes| now() - TimeDelta::minutes(minutes)) },
        ]
    };
    let candidate = |n, score: Vec<ScorePart>, open, excluded| Candidate {
        load: (!score.is_empty()).then_some(0.375),
        score,
        person: person_id(n),
        open,
        capacity: 8,
        last_assigned_at: None,
        excluded,
    };
    Decision {
        id: DecisionId::default(),
        ticket: TicketNumber(1001),
        at: now(),
        strategy: Strategy::Sticky,
        candidates: vec![
            candidate(1, score(true, 5, 0.375, Some(12)), 3, None),
            candidate(5, score(false, 3, 0.25, None), 2, None),
            candidate(2, Vec::new(), 7, Some(Exclusion::LacksSkill { skill: "pumps".into() })),
            candidate(4, Vec::new(), 8, Some(Exclusion::AtQueueCap { open: 4, cap: 4 })),
            candidate(3, Vec::new(), 0, Some(Exclusion::OffDuty)),
        ],
        chosen: Some(person_id(1)),
        waits: None,
    }
}

fn history() -> TicketHistory {
    TicketHistory { decisions: vec![decision()], ..TicketHistory::default() }
}

#[test]
fn screens() {
    for language in Language::ALL {
        let sample = Sample::new(language);
        let pane = shown(&sample);
        for size in SIZES {
            insta::assert_snapshot!(format!("assignment-{}-{}x{}", language.tag(), size.0, size.1), sample.screen(&pane, size));
        }
    }
}

#[test]
fn why_is_told_in_words() {
    for language in Language::ALL {
        let sample = Sample::new(language);
        let mut pane = shown(&sample);
        assert_eq!(sample.act(&mut pane, Action::Why), [Effect::Load(Load::History(TicketNumber(1001)))]);
        sample.load(&mut pane, Loaded::History { number: TicketNumber(1001), history: Ok(Arc::new(history())) });
        for size in SIZES {
            insta::assert_snapshot!(format!("assignment-why-{}-{}x{}", language.tag(), size.0, size.1), sample.screen(&pane, size));
        }
    }
}

#[test]
fn space_gives_to_the_selected_person() {
    let sample = Sample::new(Language::English);
    let mut pane = shown(&sample);
    let person = pane.person.unwrap().1;
    let effects = sample.act(&mut pane, Action::GiveTo);
    let command = Box::new(Command::AssignTicket { number: TicketNumber(1001), person });
    assert_eq!(effects[0], Effect::Submit { command, base_version: Some(7) });
    assert!(matches!(effects[1], Effect::Toast { key: "assignment-given", .. }));
    assert_eq!(effects.len(), 2);
}

#[test]
fn a_asks_with_the_eligible_first_and_gives_what_was_seen() {
    let sample = Sample::new(Language::English);
    let mut pane = shown(&sample);
    let effects = sample.act(&mut pane, Action::Assign);
    let [Effect::Ask(question)] = &effects[..] else { panic!("{effects:?}") };
    let QuestionKind::Pick { choices } = &question.kind else { panic!("not a picker") };
    assert_eq!(choices[0].value, person_id(1).to_string());
    assert_eq!(choices[0].hint, "eligible 3/8");
    assert!(choices.iter().any(|choice| choice.hint == "lacks pumps 7/8"), "{choices:?}");
    let answer = Answer::Picked(person_id(3).to_string());
    let effects = sample.load(&mut pane, Loaded::Answer { id: question.id, answer });
    let command = Box::new(Command::AssignTicket { number: TicketNumber(1001), person: person_id(3) });
    assert_eq!(effects[0], Effect::Submit { command, base_version: Some(7) });
    assert_eq!(sample.load(&mut pane, Loaded::Answer { id: "assignment-give", answer: Answer::Dismissed(None) }), []);
}

#[test]
fn keys_make_exactly_these_effects() {
    let sample = Sample::new(Language::English);
    let mut pane = shown(&sample);
    assert_eq!(sample.act(&mut pane, Action::Down), []);
    assert_eq!(sample.act(&mut pane, Action::Open), [Effect::OpenTicket(TicketNumber(1002))]);
    let claim = Box::new(Command::ClaimTicket { number: TicketNumber(1002) });
    assert_eq!(sample.act(&mut pane, Action::Claim), [Effect::Submit { command: claim, base_version: Some(7) }]);
    assert_eq!(sample.act(&mut pane, Action::CopyNumber), [Effect::Copy("1002".into())]);
    sample.act(&mut pane, Action::NextFocus);
    let person = pane.person.unwrap().1;
    assert_eq!(sample.act(&mut pane, Action::Why), [Effect::Load(Load::Holding(person))]);
    sample.load(&mut pane, Loaded::Holding { person, window: window(vec![ticket(1020, 1, "held", Priority::Low, None)]) });
    assert_eq!(sample.act(&mut pane, Action::Open), [Effect::OpenTicket(TicketNumber(1020))]);
    assert_eq!(sample.act(&mut pane, Action::Why), [Effect::Load(Load::History(TicketNumber(1020)))]);
    sample.act(&mut pane, Action::Back);
    sample.act(&mut pane, Action::Back);
    assert_eq!(sample.act(&mut pane, Action::Open), [Effect::OpenTicket(TicketNumber(1002))]);
}

#[test]
fn selection_stays_on_its_ticket_and_its_person() {
    let sample = Sample::new(Language::English);
    let mut pane = shown(&sample);
    sample.act(&mut pane, Action::Down);
    let rows = vec![ticket(1000, 1, "new at top", Priority::Urgent, None), ticket(1002, 3, "same", Priority::High, None)];
    sample.load(&mut pane, Loaded::Pool { queue: None, window: window(rows) });
    assert_eq!(pane.ticket().unwrap().number, TicketNumber(1002));
    sample.load(&mut pane, Loaded::Pool { queue: None, window: window(vec![ticket(1000, 1, "left", Priority::Urgent, None)]) });
    assert_eq!(pane.ticket().unwrap().number, TicketNumber(1000));
    let person = pane.person.unwrap().1;
    sample.act(&mut pane, Action::NextTab);
    assert_eq!(pane.person.unwrap().1, person);
}

#[test]
fn changes_load_again_what_is_shown() {
    let sample = Sample::new(Language::English);
    let mut pane = shown(&sample);
    let load = Effect::Load(Load::Pool { queue: None, rows: super::update::POOL_ROWS });
    let tickets = Changed { tickets: vec![TicketNumber(9)], ..Changed::default() };
    let tickets = PaneEvent::Changed(Arc::new(tickets));
    pane.seen.set(true);
    assert_eq!(pane.update(tickets.clone(), &sample.context()), std::slice::from_ref(&load));
    let notices = Changed { notices: true, ..Changed::default() };
    assert_eq!(pane.update(PaneEvent::Changed(Arc::new(notices)), &sample.context()), []);
    // Not drawn since: only the badge is kept right, and what was read stays where it was.
    let count = Effect::Load(Load::Pool { queue: None, rows: 0 });
    assert_eq!(pane.update(tickets, &sample.context()), [count]);
    let (selected, rows) = (pane.ticket().cloned(), pane.pool.rows().len());
    sample.load(&mut pane, Loaded::Pool { queue: None, window: TicketWindow { total: 77, ..TicketWindow::default() } });
    assert_eq!((pane.badge(&sample.context()), pane.ticket().cloned(), pane.pool.rows().len()), (Some(77), selected, rows));
    assert_eq!(pane.update(PaneEvent::Tick, &sample.context()), []);
    assert_ne!(pane.next_tick(&sample.context()), Some(sample.context().now), "a pane that is not drawn wakes nobody for nothing");
    // Somebody looks.
    pane.seen.set(true);
    assert_eq!(pane.next_tick(&sample.context()), Some(sample.context().now));
    assert_eq!(pane.update(PaneEvent::Tick, &sample.context()), [load]);
    assert_eq!(pane.update(PaneEvent::Tick, &sample.context()), []);
}

#[test]
fn what_cannot_be_done_says_why() {
    let sample = Sample::new(Language::English);
    let pane = AssignmentPane::default();
    assert_eq!(pane.disabled(Action::GiveTo, &sample.context()), Some("assignment-disabled-no-ticket"));
    assert_eq!(pane.badge(&sample.context()), None);
    let pane = shown(&sample);
    assert_eq!(pane.disabled(Action::GiveTo, &sample.context()), None);
    assert_eq!(pane.badge(&sample.context()), Some(3));
}

#[test]
fn no_size_breaks_it() {
    for language in Language::ALL {
        let sample = Sample::new(language);
        sample.draw_everywhere(&AssignmentPane::default());
        let mut pane = shown(&sample);
        sample.draw_everywhere(&pane);
        sample.act(&mut pane, Action::NextFocus);
        sample.draw_everywhere(&pane);
        sample.act(&mut pane, Action::NextFocus);
        sample.act(&mut pane, Action::Why);
        sample.load(&mut pane, Loaded::History { number: TicketNumber(1001), history: Ok(Arc::new(history())) });
        sample.draw_everywhere(&pane);
        assert!(!sample.screen(&pane, (80, 24)).contains('\u{1b}'));
        let mut pane = rebalancing(&sample);
        sample.draw_everywhere(&pane);
        assert!(!sample.screen(&pane, (120, 40)).contains('\u{1b}'));
        sample.act(&mut pane, Action::Back);
        sample.act(&mut pane, Action::QueueSettings);
        sample.draw_everywhere(&pane);
    }
}

#[test]
fn a_decision_of_before_shows_what_it_has() {
    let sample = Sample::new(Language::English);
    let mut pane = shown(&sample);
    sample.act(&mut pane, Action::Why);
    let mut old = decision();
    for candidate in &mut old.candidates {
        candidate.score.clear();
    }
    let history = TicketHistory { decisions: vec![old], ..TicketHistory::default() };
    sample.load(&mut pane, Loaded::History { number: TicketNumber(1001), history: Ok(Arc::new(history)) });
    let screen = sample.screen(&pane, (80, 24));
    assert!(screen.contains("0.38") && screen.contains("never"), "{screen}");
}

#[test]
fn who_now_asks_and_gives_nothing() {
    for language in Language::ALL {
        let sample = Sample::new(language);
        let mut pane = shown(&sample);
        assert_eq!(sample.act(&mut pane, Action::WhoNow), [Effect::Load(Load::WhoNow(TicketNumber(1001)))]);
        sample.load(&mut pane, Loaded::WhoNow { number: TicketNumber(1001), decision: Ok(Arc::new(decision())) });
        for size in SIZES {
            insta::assert_snapshot!(format!("assignment-who-now-{}-{}x{}", language.tag(), size.0, size.1), sample.screen(&pane, size));
        }
        sample.load(&mut pane, Loaded::WhoNow { number: TicketNumber(1001), decision: Err("no link".into()) });
        assert!(sample.screen(&pane, (80, 24)).contains("no link"));
        assert_eq!(sample.act(&mut pane, Action::Open), [Effect::OpenTicket(TicketNumber(1001))]);
        sample.act(&mut pane, Action::Back);
        assert_eq!(pane.ticket().unwrap().number, TicketNumber(1001));
    }
}

fn moves() -> Vec<ProposedMove> {
    let row = |ticket, subject: &str, from, to, holder_gone| ProposedMove {
        ticket: TicketNumber(ticket),
        version: ticket,
        subject: subject.into(),
        from: person_id(from),
        to: person_id(to),
        from_load: 0.875,
        to_load: 0.375,
        holder_gone,
    };
    vec![
        row(1020, "3号加油机无法启动，显示屏一直闪烁", 2, 1, false),
        row(1021, "Invoice \u{1b}[31mtwice", 4, 1, true),
        row(1022, "Card refused", 2, 5, false),
    ]
}

fn rebalancing(sample: &Sample) -> AssignmentPane {
    let mut pane = shown(sample);
    let queue = queue_id(1);
    assert_eq!(sample.act(&mut pane, Action::Rebalance), [Effect::Load(Load::Rebalance(queue))]);
    sample.load(&mut pane, Loaded::Rebalance { queue, moves: Ok(moves()) });
    pane
}

#[test]
fn proposals_are_marked_and_only_the_marked_are_done() {
    for language in Language::ALL {
        let sample = Sample::new(language);
        let mut pane = rebalancing(&sample);
        assert_eq!(pane.disabled(Action::GiveTo, &sample.context()), None);
        assert_eq!(sample.act(&mut pane, Action::GiveTo), []);
        for size in SIZES {
            insta::assert_snapshot!(format!("assignment-moves-{}-{}x{}", language.tag(), size.0, size.1), sample.screen(&pane, size));
        }
        let effects = sample.act(&mut pane, Action::Open);
        let assign = |ticket, to| Effect::Submit {
            command: Box::new(Command::AssignTicket { number: TicketNumber(ticket), person: person_id(to) }),
            base_version: Some(ticket),
        };
        assert_eq!(effects[..2], [assign(1021, 1), assign(1022, 5)]);
        assert!(matches!(&effects[2], Effect::Toast { key: "assignment-moves-done", args } if args[0].1 == "2"), "{effects:?}");
        assert_eq!(effects.len(), 3);
        assert_eq!(sample.act(&mut pane, Action::Open), [Effect::OpenTicket(TicketNumber(1001))], "they are not done twice");
    }
}

#[test]
fn nothing_marked_moves_nothing_and_the_list_stays() {
    let sample = Sample::new(Language::English);
    let mut pane = rebalancing(&sample);
    for _ in 0..3 {
        sample.act(&mut pane, Action::GiveTo);
    }
    // The last one stays selected after its mark went: space marks it again and again takes it away.
    let effects = sample.act(&mut pane, Action::Open);
    assert!(matches!(&effects[..], [Effect::Toast { key: "assignment-moves-none-marked", .. }]), "{effects:?}");
    assert!(sample.screen(&pane, (80, 24)).contains("[ ] #1020"));
    sample.load(&mut pane, Loaded::Rebalance { queue: queue_id(1), moves: Ok(Vec::new()) });
    assert!(sample.screen(&pane, (80, 24)).contains("nothing to move"));
    sample.load(&mut pane, Loaded::Rebalance { queue: queue_id(1), moves: Err("no link".into()) });
    assert!(sample.screen(&pane, (80, 24)).contains("no link"));
}

#[test]
fn settings_gather_until_they_are_saved() {
    for language in Language::ALL {
        let mut sample = Sample::new(language);
        sample.me = person_id(5);
        let mut pane = shown(&sample);
        assert_eq!(sample.act(&mut pane, Action::QueueSettings), []);
        let answer = |pane: &mut AssignmentPane, text: Answer| {
            sample.act(pane, Action::Open);
            sample.load(pane, Loaded::Answer { id: "assignment-setting", answer: text })
        };
        answer(&mut pane, Answer::Picked("3".into()));
        sample.act(&mut pane, Action::Down);
        answer(&mut pane, Answer::Text("pumps， valves".into()));
        for (down, text) in [(2, "4"), (1, "90s"), (2, "2h")] {
            (0..down).for_each(|_| drop(sample.act(&mut pane, Action::Down)));
            assert_eq!(answer(&mut pane, Answer::Text(text.into())), []);
        }
        let effects = answer(&mut pane, Answer::Text("soon".into()));
        assert!(matches!(&effects[..], [Effect::Toast { key: "assignment-settings-unclear", .. }]));
        for size in SIZES {
            insta::assert_snapshot!(format!("assignment-settings-{}-{}x{}", language.tag(), size.0, size.1), sample.screen(&pane, size));
        }
        sample.act(&mut pane, Action::Last);
        let effects = sample.act(&mut pane, Action::Open);
        let Effect::Submit { command, base_version: Some(1) } = &effects[0] else { panic!("{effects:?}") };
        let Command::PutQueue(queue) = &**command else { panic!("{command:?}") };
        assert_eq!((queue.strategy, queue.cap, queue.accept_within_secs, queue.grace_secs), (Strategy::Sticky, Some(4), 90, 7200));
        assert_eq!((queue.skills.len(), queue.end_of_shift), (2, EndOfShift::Keep));
        sample.act(&mut pane, Action::Last);
        let effects = sample.act(&mut pane, Action::Open);
        assert!(matches!(&effects[..], [Effect::Toast { key: "assignment-settings-same", .. }]), "once is enough: {effects:?}");
    }
}

#[test]
fn agents_see_the_settings_and_change_none() {
    let sample = Sample::new(Language::English);
    let mut pane = shown(&sample);
    sample.act(&mut pane, Action::QueueSettings);
    assert!(sample.screen(&pane, (80, 24)).contains("least loaded"));
    let effects = sample.act(&mut pane, Action::Open);
    assert!(matches!(&effects[..], [Effect::Toast { key: "assignment-settings-leads", .. }]));
}

#[test]
fn without_a_selection_the_queue_is_asked_for() {
    let sample = Sample::new(Language::English);
    let mut pane = AssignmentPane::default();
    let effects = sample.act(&mut pane, Action::Rebalance);
    let [Effect::Ask(question)] = &effects[..] else { panic!("{effects:?}") };
    let QuestionKind::Pick { choices } = &question.kind else { panic!("not a picker") };
    assert_eq!(choices.len(), 3);
    let answer = Answer::Picked(queue_id(2).to_string());
    assert_eq!(sample.load(&mut pane, Loaded::Answer { id: question.id, answer }), [Effect::Load(Load::Rebalance(queue_id(2)))]);
}

#[test]
fn who_has_yet_to_accept_has_a_countdown() {
    for language in Language::ALL {
        let sample = Sample::new(language);
        let mut pane = shown(&sample);
        sample.act(&mut pane, Action::NextFocus);
        let person = pane.person.unwrap().1;
        sample.act(&mut pane, Action::Why);
        let mut waits = (*ticket(1020, 1, "加油机", Priority::High, None)).clone();
        (waits.assignee, waits.assigned_at) = (Some(person), Some(now() - TimeDelta::seconds(140)));
        waits.accept_by = Some(now() + TimeDelta::seconds(40));
        let held = vec![Arc::new(waits), ticket(1021, 1, "accepted", Priority::Low, None)];
        sample.load(&mut pane, Loaded::Holding { person, window: window(held) });
        assert_eq!(pane.next_tick(&sample.context()), Some(now() + TimeDelta::seconds(1)));
        insta::assert_snapshot!(format!("assignment-accept-{}", language.tag()), sample.screen(&pane, (80, 24)));
    }
}
