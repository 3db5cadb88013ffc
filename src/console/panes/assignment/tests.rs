//! What keys and events do in the assignment pane, and how it looks.

use std::sync::Arc;

use super::AssignmentPane;
use crate::client::view::{Changed, TicketHistory};
use crate::console::action::Action;
use crate::console::effect::{Answer, Effect, Load, Loaded, QuestionKind};
use crate::console::locale::Language;
use crate::console::pane::{Pane, PaneEvent};
use crate::console::panes::sample::{SIZES, Sample, now, person_id, ticket, window};
use crate::domain::assignment::{Candidate, Decision, Exclusion};
use crate::domain::command::Command;
use crate::domain::id::{DecisionId, TicketNumber};
use crate::domain::queue::Strategy;
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

fn history() -> TicketHistory {
    let candidate = |n, load, open, excluded| Candidate {
        score: Vec::new(),
        person: person_id(n),
        load,
        open,
        capacity: 8,
        last_assigned_at: None,
        excluded,
    };
    let decision = Decision {
        id: DecisionId::default(),
        ticket: TicketNumber(1001),
        at: now(),
        strategy: Strategy::LeastLoaded,
        candidates: vec![
            candidate(1, Some(0.375), 3, None),
            candidate(2, None, 7, Some(Exclusion::LacksSkill { skill: "pumps".into() })),
            candidate(3, None, 0, Some(Exclusion::OffDuty)),
        ],
        chosen: Some(person_id(1)),
        waits: None,
    };
    TicketHistory { decisions: vec![decision], ..TicketHistory::default() }
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
        insta::assert_snapshot!(format!("assignment-why-{}", language.tag()), sample.screen(&pane, (80, 24)));
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
    assert_eq!(pane.update(PaneEvent::Changed(Arc::new(tickets)), &sample.context()), [load]);
    let notices = Changed { notices: true, ..Changed::default() };
    assert_eq!(pane.update(PaneEvent::Changed(Arc::new(notices)), &sample.context()), []);
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
    }
}
