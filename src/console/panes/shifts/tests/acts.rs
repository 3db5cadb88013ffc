//! Each act: what is asked, what is told before, and the command that is sent.

use super::*;
use crate::console::panes::shifts::state::View;
use crate::domain::Timestamp;

fn local(at: Timestamp) -> String {
    at.with_timezone(&chrono_tz::Tz::Asia__Shanghai).format("%m-%d %H:%M").to_string()
}

fn put(command: Command) -> RosterChange {
    let Command::PutRosterChange(change) = command else { panic!("{command:?}") };
    change
}

fn as_lead() -> Sample {
    let mut sample = desk(Language::English);
    sample.me = person_id(5);
    sample
}

/// The week, with the cursor on a person and a day.
fn at(sample: &Sample, pane: &mut ShiftsPane, person: u128, day: &str) {
    sample.act(pane, Action::WeekScale);
    pane.day = Some(date(day));
    pane.derive(&sample.context());
    select(pane, 1, person);
}

#[test]
fn leave_is_for_oneself_with_a_reason() {
    let sample = desk(Language::English);
    let mut pane = shown(&sample);
    at(&sample, &mut pane, 1, "2026-11-22");
    let effects = sample.act(&mut pane, Action::TakeLeave);
    assert!(matches!(asked(&effects), QuestionKind::Prompt { text } if text == "2026-11-22 07:00-15:00 "), "{effects:?}");
    let wrong = text(&sample, &mut pane, "2026-11-22 07:00-99:00 x");
    assert_eq!(toast(&wrong), "shifts-not-a-time");
    let effects = text(&sample, &mut pane, "2026-11-22..2026-11-24 wedding");
    let (sentence, command) = confirm(&sample, &mut pane, &effects);
    assert!(sentence.contains("张伟 is on leave tomorrow - Tue 24 Nov") && sentence.contains("wedding"), "{sentence}");
    let change = put(command);
    assert_eq!((change.kind, change.person, change.reason.as_str()), (RosterChangeKind::Leave, person_id(1), "wedding"));
    assert_eq!((local(change.from), local(change.to)), ("11-22 00:00".into(), "11-25 00:00".into()));
}

#[test]
fn a_gap_that_leave_makes_is_told() {
    let sample = as_lead();
    let mut pane = shown(&sample);
    select(&mut pane, 2, 4);
    sample.act(&mut pane, Action::TakeLeave);
    let effects = text(&sample, &mut pane, "2026-11-22 sick");
    let (sentence, command) = confirm(&sample, &mut pane, &effects);
    assert!(sentence.contains("! gap: 二线专家") && sentence.contains("0 of 1 on duty"), "{sentence}");
    assert_eq!(put(command).person, person_id(4));
}

#[test]
fn a_part_of_a_shift_is_covered_by_whom_the_list_puts_first() {
    let sample = as_lead();
    let mut pane = shown(&sample);
    at(&sample, &mut pane, 1, "2026-11-22");
    sample.act(&mut pane, Action::CoverShift);
    let effects = text(&sample, &mut pane, "2026-11-22 07:00-11:00 dentist");
    let people = choices(&effects);
    assert!(people.iter().all(|choice| choice.value != person_id(1).to_string()));
    assert!(people[0].hint.contains("in 7 days"), "{people:?}");
    let effects = pick(&sample, &mut pane, &person_id(3).to_string());
    let (sentence, command) = confirm(&sample, &mut pane, &effects);
    assert!(sentence.contains("李娜 covers 张伟 tomorrow 07:00 - 11:00, Front desk (dentist)."), "{sentence}");
    let change = put(command);
    assert_eq!((change.kind, change.person, change.other), (RosterChangeKind::Cover, person_id(1), Some(person_id(3))));
    assert_eq!((local(change.from), local(change.to)), ("11-22 07:00".into(), "11-22 11:00".into()));
}

#[test]
fn limits_that_a_cover_breaks_are_told_in_words() {
    let sample = as_lead();
    let mut pane = shown(&sample);
    // 李娜 has the late shift of Sunday; 张伟 and Maria have the early ones of Sunday and the late ones of Monday.
    at(&sample, &mut pane, 3, "2026-11-22");
    sample.act(&mut pane, Action::CoverShift);
    let effects = text(&sample, &mut pane, "2026-11-22 18:00-22:00");
    let hints: Vec<_> = choices(&effects).iter().map(|choice| choice.hint.clone()).collect();
    assert!(hints.iter().any(|hint| hint.contains("rests 3h")), "{hints:?}");
    let effects = pick(&sample, &mut pane, &person_id(1).to_string());
    let (sentence, _) = confirm(&sample, &mut pane, &effects);
    assert!(sentence.contains("! 张伟 rests 3h before tomorrow 18:00 (at least 11h)."), "{sentence}");
}

#[test]
fn a_gap_is_filled_by_an_extra_shift() {
    let sample = as_lead();
    let mut pane = shown(&sample);
    sample.act(&mut pane, Action::GapsAhead);
    let Some(super::super::items::Item::Gap(gap)) = pane.item().cloned() else { panic!("no gap") };
    let effects = sample.act(&mut pane, Action::CoverShift);
    let first = choices(&effects)[0].value.clone();
    let effects = pick(&sample, &mut pane, &first);
    let (sentence, command) = confirm(&sample, &mut pane, &effects);
    assert!(sentence.contains("It closes a gap."), "{sentence}");
    let change = put(command);
    assert_eq!((change.kind, change.from, change.to), (RosterChangeKind::Extra, gap.from, gap.to));
    assert_eq!(change.person.to_string(), first);
}

#[test]
fn an_extra_shift_takes_a_day_and_times() {
    let sample = desk(Language::English);
    let mut pane = shown(&sample);
    select(&mut pane, 1, 2);
    let effects = sample.act(&mut pane, Action::ExtraShift);
    assert!(matches!(asked(&effects), QuestionKind::Prompt { .. }));
    let effects = text(&sample, &mut pane, "后天 09:00-12:00 发布");
    let (sentence, command) = confirm(&sample, &mut pane, &effects);
    let change = put(command);
    assert_eq!(change.person, person_id(1), "an agent enters their own, whoever is selected: {sentence}");
    assert_eq!((change.kind, local(change.from)), (RosterChangeKind::Extra, "11-23 09:00".into()));
}

#[test]
fn leads_cancel_shifts_and_others_are_told_why_not() {
    let sample = as_lead();
    let mut pane = shown(&sample);
    at(&sample, &mut pane, 2, "2026-11-22");
    sample.act(&mut pane, Action::CancelShift);
    let effects = text(&sample, &mut pane, "2026-11-22 07:00-15:00 quiet day");
    let change = put(confirm(&sample, &mut pane, &effects).1);
    assert_eq!((change.kind, change.person), (RosterChangeKind::Cancel, person_id(2)));
    let sample = desk(Language::English);
    assert_eq!(shown(&sample).disabled(Action::CancelShift, &sample.context()), Some("shifts-disabled-lead"));
}

#[test]
fn somebody_elses_duty_is_refused_before_anything_is_sent() {
    let sample = desk(Language::English);
    let mut pane = shown(&sample);
    at(&sample, &mut pane, 2, "2026-11-22");
    sample.act(&mut pane, Action::CoverShift);
    text(&sample, &mut pane, "2026-11-22 07:00-15:00");
    let effects = pick(&sample, &mut pane, &person_id(3).to_string());
    let [Effect::Toast { key: "shifts-refused", args }] = &effects[..] else { panic!("{effects:?}") };
    assert!(args[0].1.contains("ask a lead"), "{args:?}");
}

#[test]
fn a_swap_names_my_shift_then_theirs() {
    let sample = desk(Language::English);
    let mut pane = shown(&sample);
    // In my night of the 25th 李娜 is on leave, and Maria works the same: nothing the desk would refuse can be chosen.
    at(&sample, &mut pane, 1, "2026-11-25");
    let effects = sample.act(&mut pane, Action::AskSwap);
    let leave = |choice: &Choice| choice.disabled.as_deref().is_some_and(|why| why.contains("leave"));
    assert!(choices(&effects).iter().any(leave) && choices(&effects).iter().all(|choice| choice.disabled.is_some()), "{effects:?}");
    at(&sample, &mut pane, 1, "2026-11-28");
    let effects = sample.act(&mut pane, Action::AskSwap);
    let theirs = choices(&effects);
    let open: Vec<_> = theirs.iter().filter(|choice| choice.disabled.is_none()).collect();
    assert!(!open.is_empty() && theirs.iter().any(|choice| choice.disabled.is_some()), "{theirs:?}");
    let value = open[0].value.clone();
    let effects = pick(&sample, &mut pane, &value);
    assert!(matches!(asked(&effects), QuestionKind::Prompt { .. }));
    let effects = text(&sample, &mut pane, "concert");
    let (sentence, command) = confirm(&sample, &mut pane, &effects);
    assert!(sentence.contains("is asked first, then a lead."), "{sentence}");
    let change = put(command);
    assert_eq!((change.kind, change.person, change.reason.as_str()), (RosterChangeKind::Swap, person_id(1), "concert"));
    assert!(change.other.is_some() && change.other_from.is_some() && change.other_to.is_some());
}

#[test]
fn a_swap_from_elsewhere_asks_which_of_mine() {
    let sample = desk(Language::English);
    let mut pane = shown(&sample);
    select(&mut pane, 1, 2);
    let effects = sample.act(&mut pane, Action::AskSwap);
    assert!(choices(&effects).iter().all(|choice| choice.label.starts_with("张伟")));
    let effects = pick(&sample, &mut pane, "0");
    assert!(!choices(&effects).is_empty());
}

#[test]
fn a_swap_asked_of_me_is_accepted_or_declined_with_a_reason() {
    let sample = desk(Language::English);
    let mut pane = shown(&sample);
    let effects = sample.act(&mut pane, Action::AnswerChange);
    assert_eq!(choices(&effects).iter().map(|choice| choice.label.as_str()).collect::<Vec<_>>(), ["Accept", "Decline"]);
    assert_eq!(choices(&effects)[0].hint, "you work tomorrow 15:00 - 23:00");
    pick(&sample, &mut pane, "decline");
    let effects = text(&sample, &mut pane, "I am away");
    let (sentence, command) = confirm(&sample, &mut pane, &effects);
    assert!(sentence.starts_with("You decline: 李娜 gives 张伟"), "{sentence}");
    assert_eq!(command, Command::AnswerRosterChange { id: change_id(2), accept: false, reason: Some("I am away".into()) });
    act_all(&sample, &mut pane, &[Action::RosterAnswers]);
    sample.act(&mut pane, Action::Open);
    pick(&sample, &mut pane, "accept");
    let effects = text(&sample, &mut pane, "");
    let (_, command) = confirm(&sample, &mut pane, &effects);
    assert_eq!(command, Command::AnswerRosterChange { id: change_id(2), accept: true, reason: None });
}

#[test]
fn leads_approve_what_both_want() {
    let sample = as_lead();
    let mut pane = shown(&sample);
    let effects = sample.act(&mut pane, Action::AnswerChange);
    assert_eq!(choices(&effects)[0].label, "Approve");
    pick(&sample, &mut pane, "accept");
    let effects = text(&sample, &mut pane, "");
    let (_, command) = confirm(&sample, &mut pane, &effects);
    assert_eq!(command, Command::AnswerRosterChange { id: change_id(4), accept: true, reason: None });
}

#[test]
fn one_withdraws_what_one_asked_for() {
    let sample = desk(Language::English);
    let mut pane = shown(&sample);
    let effects = sample.act(&mut pane, Action::WithdrawChange);
    assert_eq!(choices(&effects).len(), 1, "the extra shift is mine; the rest is not");
    let effects = pick(&sample, &mut pane, &change_id(3).to_string());
    let (sentence, command) = confirm(&sample, &mut pane, &effects);
    assert!(sentence.starts_with("Withdraws: 张伟 works extra"), "{sentence}");
    assert_eq!(command, Command::CancelRosterChange { id: change_id(3) });
    at(&sample, &mut pane, 1, "2026-11-27");
    let effects = sample.act(&mut pane, Action::WithdrawChange);
    assert!(matches!(asked(&effects), QuestionKind::Pick { .. } | QuestionKind::Confirm { .. }));
}

#[test]
fn proposals_are_looked_at_then_published_or_withdrawn() {
    let sample = as_lead();
    let mut pane = shown(&sample);
    act_all(&sample, &mut pane, &[Action::RosterPlans, Action::Open]);
    assert_eq!((pane.view, pane.table.groups.len()), (View::Roster, 1));
    assert!(sample.screen(&pane, (120, 24)).contains("proposed"));
    let effects = sample.act(&mut pane, Action::PublishPlan);
    let (sentence, command) = confirm(&sample, &mut pane, &effects);
    assert!(sentence.contains("Publishes the roster of Front desk") && sentence.contains("then."), "{sentence}");
    assert!(matches!(command, Command::PutRosterPlan(plan) if plan.state == PlanState::Published));
    sample.act(&mut pane, Action::RosterPlans);
    let effects = sample.act(&mut pane, Action::WithdrawChange);
    assert!(matches!(confirm(&sample, &mut pane, &effects).1, Command::PutRosterPlan(plan) if plan.state == PlanState::Withdrawn));
}

#[test]
fn a_dialog_that_is_left_sends_nothing() {
    let sample = as_lead();
    let mut pane = shown(&sample);
    for action in [Action::TakeLeave, Action::ExtraShift, Action::AnswerChange, Action::WithdrawChange, Action::GoToDate] {
        sample.act(&mut pane, action);
        assert_eq!(answer(&sample, &mut pane, Answer::Dismissed(None)), [], "{action:?}");
        assert_eq!(answer(&sample, &mut pane, Answer::Confirmed), [], "an answer nobody waits for");
    }
}

#[test]
fn a_generated_roster_is_asked_for_and_kept_as_a_proposal() {
    use crate::console::effect::{Load, Loaded};
    let sample = as_lead();
    let mut pane = shown(&sample);
    act_all(&sample, &mut pane, &[Action::Rotas]);
    let effects = sample.act(&mut pane, Action::GenerateRoster);
    assert!(matches!(asked(&effects), QuestionKind::Prompt { text } if text == "2026-11-23 4"));
    assert_eq!(toast(&text(&sample, &mut pane, "2026-12-01 13")), "shifts-not-a-time");
    let effects = text(&sample, &mut pane, "2026-12-01 2");
    let wanted = Load::Roster { rota: "front".into(), from: date("2026-12-01"), weeks: 2 };
    assert_eq!(effects[0], Effect::Load(wanted));
    assert!(sample.screen(&pane, (80, 24)).contains("The server searches"), "for as long as it takes");
    assert_eq!(toast(&sample.load(&mut pane, Loaded::Roster(Err("offline".into())))), "shifts-refused");
    assert!(!sample.screen(&pane, (80, 24)).contains("The server searches"));
}
