//! Moving through time, people, lists and filters.

use std::sync::Arc;

use super::*;
use crate::client::view::Changed;
use crate::console::panes::shifts::filter::Filter;
use crate::console::panes::shifts::state::{Note, Scale, View};
use crate::domain::directory::Directory;

/// A screen without its blanks: wide characters leave one behind them.
fn squeezed(text: &str) -> String {
    text.chars().filter(|char| !matches!(char, ' ' | '"')).collect()
}

#[test]
fn my_next_shift_is_told_in_words() {
    for (language, words) in [
        (Language::English, "your next shift: tomorrow 07:00-15:00 Early, Front desk"),
        (Language::Chinese, "你的下一班：明天 07:00-15:00 Early，Front desk"),
    ] {
        let sample = Sample::new(language);
        let mut pane = shown(&sample);
        assert_eq!(sample.act(&mut pane, Action::MyNextShift), []);
        assert_eq!(pane.cursor.unwrap().1, person_id(1));
        let screen = sample.screen(&pane, (120, 24));
        assert!(squeezed(&screen).contains(&squeezed(words)), "{screen}");
    }
}

#[test]
fn n_goes_from_gap_to_gap_and_the_list_jumps_there() {
    let sample = Sample::new(Language::English);
    let mut pane = shown(&sample);
    let mut seen = Vec::new();
    for _ in 0..3 {
        assert_eq!(sample.act(&mut pane, Action::NextGap), []);
        let Some(Note::Gap(gap)) = pane.note.clone() else { panic!("no gap") };
        let key = pane.planned.clone().unwrap();
        assert!((key.from..key.to).contains(&gap.from), "the gap is on screen");
        seen.push((gap.from, gap.rota));
    }
    assert!(seen.windows(2).all(|pair| pair[0] < pair[1]), "{seen:?}");
    act_all(&sample, &mut pane, &[Action::GapsAhead, Action::Down, Action::Open]);
    assert_eq!(pane.view, View::Roster);
    assert!(matches!(&pane.note, Some(Note::Gap(gap)) if (gap.from, gap.rota) == seen[1]));
}

#[test]
fn without_gaps_or_shifts_a_line_says_so() {
    let mut sample = Sample::new(Language::English);
    for rota in sample.directory.rotas.values_mut() {
        rota.required.clear();
        rota.members.retain(|member| member.person != person_id(1));
    }
    let mut pane = shown(&sample);
    assert_eq!(toast(&sample.act(&mut pane, Action::NextGap)), "shifts-no-gap");
    assert_eq!(toast(&sample.act(&mut pane, Action::MyNextShift)), "shifts-none-mine");
    assert_eq!(pane.disabled(Action::MyNextShift, &sample.context()), Some("shifts-disabled-not-rostered"));
    assert_eq!(pane.badge(&sample.context()), None);
}

#[test]
fn time_moves_by_hours_days_weeks_and_months() {
    let sample = Sample::new(Language::English);
    let mut pane = shown(&sample);
    let start = pane.start.unwrap();
    sample.act(&mut pane, Action::Right);
    assert_eq!(pane.start.unwrap() - start, TimeDelta::hours(2));
    act_all(&sample, &mut pane, &[Action::Left, Action::NextTab]);
    assert_eq!(pane.start.unwrap() - start, TimeDelta::hours(24));
    sample.act(&mut pane, Action::Now);
    assert_eq!(pane.start.unwrap(), start);
    sample.act(&mut pane, Action::WeekScale);
    assert_eq!(pane.days(&sample.context()), (date("2026-11-16"), date("2026-11-23")));
    act_all(&sample, &mut pane, &[Action::Right, Action::Right]);
    assert_eq!(pane.days(&sample.context()).0, date("2026-11-23"), "past Sunday comes the next week");
    act_all(&sample, &mut pane, &[Action::MonthScale, Action::NextTab]);
    assert_eq!(pane.days(&sample.context()), (date("2026-12-01"), date("2027-01-01")));
    act_all(&sample, &mut pane, &[Action::PreviousTab, Action::Now]);
    assert_eq!((pane.day, pane.scale), (Some(date("2026-11-21")), Scale::Month));
    act_all(&sample, &mut pane, &[Action::Open, Action::Open]);
    assert_eq!(pane.scale, Scale::Day, "Enter goes nearer: month, week, day");
    let context = sample.context();
    for scale in [Action::DayScale, Action::WeekScale, Action::MonthScale] {
        sample.act(&mut pane, scale);
        for action in [Action::Right, Action::Left, Action::NextTab, Action::PreviousTab] {
            pane.update(PaneEvent::Action(action, usize::MAX), &context);
            pane.update(PaneEvent::Action(action, 9_999), &context);
        }
        sample.screen(&pane, (80, 24));
    }
}

#[test]
fn a_date_is_typed_and_what_is_no_date_is_asked_again() {
    let sample = Sample::new(Language::English);
    let mut pane = shown(&sample);
    sample.act(&mut pane, Action::MonthScale);
    sample.act(&mut pane, Action::GoToDate);
    let effects = text(&sample, &mut pane, "2027-03-40");
    assert!(matches!(asked(&effects), QuestionKind::Prompt { text } if text == "2027-03-40"));
    assert_eq!(toast(&effects), "shifts-not-a-time");
    assert_eq!(text(&sample, &mut pane, "2027-03-04"), []);
    assert_eq!(pane.days(&sample.context()).0, date("2027-03-01"));
}

#[test]
fn filters_narrow_rotas_and_people() {
    let mut sample = Sample::new(Language::English);
    sample.directory.queues.get_mut(&crate::console::panes::sample::queue_id(2)).unwrap().department = Some("Money".into());
    let mut pane = shown(&sample);
    for (label, rotas, people) in [
        ("Front desk", 1, 3),
        ("queue Payments", 1, 3),
        ("queue 加油设备", 2, 4),
        ("tier 2", 1, 1),
        ("department Money", 1, 3),
        ("my shifts", 1, 1),
        ("queue VIP", 0, 0),
        ("everybody", 2, 4),
    ] {
        let effects = sample.act(&mut pane, Action::RosterFilter);
        let value = choices(&effects).iter().find(|choice| choice.label == label).unwrap_or_else(|| panic!("no {label}")).value.clone();
        pick(&sample, &mut pane, &value);
        assert_eq!((pane.table.groups.len(), pane.table.people().count()), (rotas, people), "{label}");
    }
    sample.act(&mut pane, Action::RosterFilter);
    pick(&sample, &mut pane, "tier 2");
    sample.act(&mut pane, Action::Back);
    assert_eq!(pane.filter, Filter::All);
}

#[test]
fn who_is_on_duty_is_asked_for_any_instant() {
    let sample = Sample::new(Language::English);
    let mut pane = shown(&sample);
    sample.act(&mut pane, Action::DutyAt);
    assert_eq!(text(&sample, &mut pane, "tomorrow 08:00"), []);
    assert_eq!(pane.view, View::Who);
    let screen = sample.screen(&pane, (120, 24));
    for words in ["zhang.wei", "maria", "Maria Silva", "available", "Payments", "on duty tomorrow 08:00"] {
        assert!(screen.contains(words), "{words}:\n{screen}");
    }
    sample.act(&mut pane, Action::Open);
    assert_eq!((pane.view, pane.scale), (View::Roster, Scale::Day));
}

#[test]
fn rows_are_derived_again_only_when_they_must_be() {
    let mut sample = Sample::new(Language::English);
    let mut pane = shown(&sample);
    let table = pane.table.clone();
    sample.directory = Directory { people: sample.directory.people, ..Directory::default() };
    let changed = |changed| PaneEvent::Changed(Arc::new(changed));
    pane.update(PaneEvent::Tick, &sample.context());
    pane.update(changed(Changed { agent_states: true, ..Changed::default() }), &sample.context());
    assert_eq!(pane.table, table);
    pane.update(changed(Changed { directory: true, ..Changed::default() }), &sample.context());
    assert!(pane.table.rows.is_empty());
    assert!(sample.screen(&pane, (80, 24)).contains("No rota yet"));
}

#[test]
fn the_badge_counts_what_asks_something_of_me() {
    let mut sample = desk(Language::English);
    assert_eq!(shown(&sample).badge(&sample.context()), Some(1), "Maria's swap");
    sample.me = person_id(3);
    assert_eq!(shown(&sample).badge(&sample.context()), None);
    sample.me = person_id(5);
    assert!(shown(&sample).badge(&sample.context()).is_some_and(|count| count > 1), "an approval, and gaps");
}

#[test]
fn each_view_offers_its_own_keys() {
    let sample = desk(Language::English);
    let mut pane = shown(&sample);
    assert_eq!(pane.offers(), None);
    for (view, key) in [
        (Action::GapsAhead, Action::CoverShift),
        (Action::RosterAnswers, Action::AnswerChange),
        (Action::Rotas, Action::NewRota),
        (Action::RosterPlans, Action::PublishPlan),
    ] {
        sample.act(&mut pane, view);
        assert_eq!(pane.offers().map(|keys| keys.contains(&key) && keys.contains(&Action::Back)), Some(true), "{view:?}");
    }
    sample.act(&mut pane, Action::Open);
    assert!(pane.offers().is_some_and(|keys| keys.contains(&Action::PublishPlan)), "a proposal on screen");
    act_all(&sample, &mut pane, &[Action::Rotas, Action::EditRota]);
    assert_eq!(pane.offers(), Some(&[][..]), "keys are text in a form");
}

#[test]
fn days_of_a_narrow_month_never_run_together() {
    let mut sample = desk(Language::English);
    for rota in sample.directory.rotas.values_mut() {
        for kind in &mut rota.shift_types {
            if kind.code == "夜" {
                kind.code = "N".into();
            }
        }
        for code in rota.pattern.iter_mut().flatten().filter(|code| *code == "夜") {
            *code = "N".into();
        }
    }
    let mut pane = shown(&sample);
    sample.act(&mut pane, Action::MonthScale);
    let screen = sample.screen(&pane, (80, 24));
    let numbers = screen.lines().find(|line| line.contains(" 1 2 3 ")).unwrap();
    assert!(numbers.split_whitespace().all(|number| number.trim_matches('"').len() <= 2), "{numbers}");
    assert!(numbers.contains(" 21 ") && !numbers.contains("20") && !numbers.contains("22"), "the chosen day stands alone: {numbers}");
}

#[test]
fn a_gap_that_is_filled_is_told_no_more() {
    let mut sample = desk(Language::English);
    let mut pane = shown(&sample);
    sample.act(&mut pane, Action::NextGap);
    let Some(Note::Gap(gap)) = pane.note.clone() else { panic!("no gap") };
    let refresh = |pane: &mut ShiftsPane, sample: &Sample| {
        let changed = Changed { directory: true, ..Changed::default() };
        pane.update(PaneEvent::Changed(Arc::new(changed)), &sample.context());
    };
    refresh(&mut pane, &sample);
    assert_eq!(pane.note, Some(Note::Gap(gap.clone())), "it is there yet");
    let filled = RosterChange { rota: gap.rota, from: gap.from, to: gap.to, ..change(9, RosterChangeKind::Extra, 5, 0, 0) };
    sample.directory.roster_changes.insert(filled.id, filled);
    refresh(&mut pane, &sample);
    assert_eq!(pane.note, None);
}
